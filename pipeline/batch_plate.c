/* Why: a sample of a capillary run is judged together with the controls of its run, today and when the case is judged again.
 * Method: each control file that plate.csv names is read once, before the cases, in two ways: sealed for samples of a fetus, and open. What
 * was read becomes part of every sample's own evidence, in the order of plate.csv. A control that cannot be read goes along too,
 * with the code of its fault: the assay decides what a run without it is worth.
 * Refuses: a sample in a well that plate.csv gives to a control, or about which it contradicts itself. */
#include "batch_room.h"

#include "decode.h"

#include <string.h>
#include <unistd.h>

enum { VARIANTS = 2 };

struct Plates {
    Trace *of[VARIANTS]; /* [fetal]: one a row of plate.csv */
};

static Status read_control(Evidence *out, const Run *run, const PlateRow *row, bool fetal,
                           Arena *arena, Note *why)
{
    int fd = -1;
    Status s = intake_open_result(&fd, &run->in, &row->file, false, why);
    if (s != OK) return s;
    const ReadJob job = {.fd = fd,
                         .file = "",
                         .fetal = fetal,
                         .specimen = "",
                         .reference = run->reference,
                         .arena = arena,
                         .kit = row->kit,
                         .material = row->material,
                         .run = row->run,
                         .well = row->well,
                         .role = row->role};
    s = decode_file(out, &job, (Place){0}, why);
    (void)close(fd);
    if (s == OK && out->n_traces != 1)
        return note_fail(why, REFUSED, "file.format", (Place){0}, NULL);
    return s;
}

/* Through the ledger's text: a control is the same numbers in every case, and nothing of its file stays in memory. */
static Status take_control(Trace *out, const Run *run, const PlateRow *row, bool fetal,
                           Arena *scratch, Note *why)
{
    Evidence read = {.status = OK}, kept;
    *out = (Trace){.role = row->role,
                   .kit = row->kit,
                   .material = row->material,
                   .run = row->run,
                   .well = row->well,
                   .fault = row->fault != NULL ? row->fault : ""};
    if (row->fault != NULL) return OK;
    Status s = read_control(&read, run, row, fetal, scratch, why);
    if (s == OK) s = evidence_parse(&kept, evidence_print(&read, scratch), run->arena, why);
    if (s == IO_FAILED) return s; /* the machine's fault, not the control's */
    if (s == OK)
        *out = kept.traces[0];
    else
        out->fault = arena_copy(run->arena, why->code);
    return OK;
}

/* A control is nobody's sample: its fault is told in full, once. */
static void tell_fault(const Trace *control, const PlateRow *row, const Note *why,
                       const PlateFault *to)
{
    if (control->fault[0] == '\0' || row->fault != NULL) return;
    Note note = *why;
    note.code = control->fault;
    (void)strncpy(note.file, "plate.csv", sizeof note.file - 1);
    note.row = row->file.row;
    to->tell(to->context, &note);
}

Status plates_read(Run *run, const PlateFault *to, Note *why)
{
    Status s = OK;
    const Intake *in = &run->in;
    Arena *scratch = arena_new(run->options->exhausted);
    run->plates = arena_alloc(run->arena, sizeof *run->plates);
    for (int fetal = 0; fetal < VARIANTS; fetal++) {
        run->plates->of[fetal] = arena_alloc(run->arena, (in->n_plate + 1) * sizeof(Trace));
        for (size_t i = 0; i < in->n_plate && s == OK; i++) {
            if (in->plate[i].role == TRACE_SAMPLE || in->plate[i].repeated) continue;
            Trace *control = &run->plates->of[fetal][i];
            s = take_control(control, run, &in->plate[i], fetal != 0, scratch, why);
            if (s != OK) why->code = arena_copy(run->arena, why->code);
            if (s == OK && fetal == 0) tell_fault(control, &in->plate[i], why, to);
            arena_reset(scratch);
        }
    }
    arena_free(scratch);
    return s;
}

Status plates_place(ReadJob *job, const Run *run, const ResultRow *row, Note *why)
{
    const PlateRow *plate = intake_plate_of(&run->in, row->run, row->well);
    Place at = {.file = "results.csv", .row = row->row, .field = "well"};
    job->run = row->run;
    job->well = row->well;
    job->role = TRACE_SAMPLE;
    if (plate == NULL) return OK; /* a reader that needs a kit will say so */
    if (plate->role != TRACE_SAMPLE) return note_fail(why, REFUSED, "plate.well", at, NULL);
    if (plate->fault != NULL) return note_fail(why, REFUSED, plate->fault, at, NULL);
    job->kit = plate->kit;
    return OK;
}

static bool belongs(const PlateRow *row, const Trace *own)
{
    return row->role != TRACE_SAMPLE && !row->repeated && strcmp(row->run, own->run) == 0 &&
           strcmp(row->kit, own->kit) == 0;
}

void plates_attach(Evidence *evidence, const Run *run, bool fetal, Arena *arena)
{
    const Intake *in = &run->in;
    if (evidence->n_traces != 1 || run->plates == NULL) return;
    const Trace own = evidence->traces[0];
    Trace *all = arena_alloc(arena, (in->n_plate + 1) * sizeof *all);
    size_t n = 0;
    all[n++] = own;
    for (size_t i = 0; i < in->n_plate; i++)
        if (belongs(&in->plate[i], &own)) all[n++] = run->plates->of[fetal ? 1 : 0][i];
    evidence->traces = all;
    evidence->n_traces = n;
}
