/* abif - reader of the DNA analyser's own files: fragments of .fsa and .hid, called bases of .ab1.
 *
 * Why: what a kit's peaks mean is the assay's business; what leaves the file is this door's. The laboratory says in plate.csv which kit ran in
 * the well; the file's header never decides alone (lab/kit.h). Sample names, comments, operators and dates of the file are not read at all.
 *
 * Method: tags (abif_directory), raw channels (abif_channels), then ladder, sealing, baseline, peaks and marks in the order of
 * lab/markers.h; or bases (abif_bases). For fetal material a kit must have a table of markers, because only that says which windows
 * to seal; and bases are taken only of a declared amplicon (sanger/slices) on an autosome, and only when they are its bases.
 *
 * Refuses: a well whose kit nobody declared, a file without a ladder, a fetal sample of a kit without markers. */
#include "../../lab/markers.h"
#include "../../lab/sanger_slices.h"
#include "abif_bases.h"
#include "abif_channels.h"
#include "reader.h"

#include "../file.h"

#include <string.h>

enum { ABIF_FILE_LIMIT = 64 * 1024 * 1024 };

typedef struct Abif {
    const ReadJob *job;
    Arena *scratch; /* dies with the reading: channels are a hundred times what is kept of them */
    AbifFile file;
    Markers markers; /* n = 0: the kit has none */
    Place place;
    Note *why;
} Abif;

/* The kit's table of markers; a fetus needs one. */
static Status find_markers(Abif *x)
{
    Note absent;
    const ReadJob *job = x->job;
    Status s = markers_find(&x->markers, job->reference, job->kit, x->scratch, &absent);
    if (s == NOT_FOUND && !job->fetal) {
        x->markers = (Markers){.kit = job->kit};
        return OK;
    }
    if (s != OK && x->why != NULL) *x->why = absent;
    return s == NOT_FOUND ? REFUSED : s;
}

static Status read_fragments(Trace *out, const Abif *x)
{
    const ReadJob *job = x->job;
    Channels channels;
    Kit kit;
    Sized run;
    Status s = abif_channels(&channels, &x->file, x->scratch, x->place, x->why);
    if (s == OK) s = kit_find(&kit, job->reference, job->kit, channels.header, x->scratch, x->why);
    if (s == OK)
        s = markers_size(&run, &x->markers, &kit, &channels, job->fetal, x->scratch, x->why);
    if (s == OK)
        markers_trace(out, &x->markers, &run, job->fetal, job->role == TRACE_SAMPLE, job->arena);
    return s;
}

static Status read_bases(Trace *out, const Abif *x)
{
    const ReadJob *job = x->job;
    *out = (Trace){.fault = ""};
    Status s = abif_bases(out, &x->file, job->arena, x->place, x->why);
    const BaseRead read = {out->bases, out->n_bases};
    if (s == OK && job->fetal && !sanger_admits(job->reference, job->kit, &read, job->arena))
        return note_fail(x->why, REFUSED, "abif.bases_fetal", x->place, NULL);
    return s;
}

static bool is_fragment_kit(const ReadJob *job)
{
    const Table *t = reference_table(job->reference, "fragment/kits");
    return t != NULL && table_find(t, job->kit) >= 0;
}

static Status read_trace(Trace *out, Abif *x)
{
    const bool bases = abif_has_bases(&x->file) && !is_fragment_kit(x->job);
    x->markers = (Markers){.kit = x->job->kit};
    if (x->job->kit[0] == '\0' && !bases)
        return note_fail(x->why, REFUSED, "plate.kit", x->place, NULL);
    if (bases) return read_bases(out, x);
    Status s = find_markers(x);
    return s == OK ? read_fragments(out, x) : s;
}

static const char *told(const char *text)
{
    return text != NULL ? text : "";
}

static Status read_bytes(Evidence *out, const ReadJob *job, Arena *scratch, Note *why)
{
    Content content;
    Abif x = {.job = job,
              .scratch = scratch,
              .place = {.file = job->fetal ? NULL : job->file},
              .why = why};
    Status s = file_read(&content, job->fd, ABIF_FILE_LIMIT, scratch, x.place, why);
    if (s == OK)
        s = abif_parse(&x.file, (const unsigned char *)content.bytes, content.size, scratch,
                       x.place, why);
    Trace *trace = arena_alloc(job->arena, sizeof *trace);
    if (s == OK) s = read_trace(trace, &x);
    if (s != OK) return s;
    trace->role = job->role;
    trace->kit = job->kit;
    trace->material = told(job->material);
    trace->run = told(job->run);
    trace->well = told(job->well);
    trace->fault = "";
    out->traces = trace;
    out->n_traces = 1;
    return OK;
}

static Status read_abif(Evidence *out, const ReadJob *given, Note *why)
{
    ReadJob job = *given;
    job.kit = told(job.kit);
    *out = (Evidence){.status = OK};
    const bool control = job.role != TRACE_SAMPLE; /* of a run, not of an assay */
    if (!control && (job.assay == NULL || !job.assay->takes_traces))
        return note_fail(why, REFUSED, "abif.assay", (Place){.file = job.fetal ? NULL : job.file},
                         NULL);
    Arena *scratch = arena_new(NULL);
    Status s = read_bytes(out, &job, scratch, why);
    arena_free(scratch);
    if (s != OK && job.fetal && why != NULL) why->field[0] = why->detail[0] = '\0';
    if (s != OK) *out = (Evidence){.status = s, .note = why != NULL ? *why : (Note){0}};
    return s;
}

static bool sniff_abif(const unsigned char *head, size_t size)
{
    return size >= 4 && memcmp(head, "ABIF", 4) == 0;
}

const Reader reader_abif = {.code = "abif",
                            .what = "ABIF files of capillary analysers (.fsa, .hid, .ab1)",
                            .many = false,
                            .sniff = sniff_abif,
                            .read = read_abif};
