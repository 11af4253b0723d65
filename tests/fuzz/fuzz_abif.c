/* ABIF: any bytes. What abif_parse takes must lie inside the file and be readable to its last item; then the channels go
 * through baseline, peaks, ladder and sizing; and the reader as a whole reads the file as a sample's, with the example kits, once of a woman and
 * once of a fetus, whose Notes may name nothing. */
#include "mutators.h"

#include "../../lab/assays/assay.h"
#include "../../lab/fragment.h"
#include "../../lab/sanger_slices.h"
#include "../../pipeline/readers/abif_directory.h"
#include "../../pipeline/release.h"
#include "../reading.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

extern const Reader reader_abif;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds) abort();
}

static void read_tag(const AbifTag *t, const uint8_t *data, size_t size, Arena *arena)
{
    const unsigned char *end = t->data + t->size;
    double sum = 0;
    demand(t->data >= data && end <= data + size);
    for (uint32_t i = 0; i < t->count; i += 1 + t->count / 1000)
        sum += abif_integer(t, i) + abif_number(t, i);
    demand(sum < 1e300 || sum >= 1e300 || isnan(sum));
    (void)abif_text(t, arena);
}

static void size_channel(const AbifTag *t, Arena *arena)
{
    static const SizeStandard standard = {"small", {50, 75, 100, 139, 150, 160, 200}, 7};
    static const LadderLimits limits = {2, 5};
    static const PeakOptions options = {.least_height = 50, .smooth_window = 7, .least_width = 2};
    size_t n = t->count < 3000 ? t->count : 3000;
    int32_t *raw = arena_alloc(arena, (n + 1) * sizeof *raw);
    for (size_t i = 0; i < n; i++)
        raw[i] = abif_integer(t, (uint32_t)i);
    PeakList peaks = fragment_peaks(fragment_flatten(raw, n, 51, arena), n, &options, arena);
    Ladder ladder;
    Note why;
    for (size_t i = 0; i < peaks.n; i++)
        demand(peaks.items[i].begin >= 0 && (size_t)peaks.items[i].end < n);
    if (peaks.n > 16) peaks.n = 16;
    if (ladder_match(&ladder, &standard, &peaks, &limits, arena, &why) != OK) return;
    ladder_size_all(&ladder, &peaks);
    demand(isnan(ladder_size(&ladder, -1)) && isnan(ladder_size(&ladder, NAN)));
}

/* Called bases are asked for a variant. */
static void ask_bases(const Evidence *e, const Reference *reference, Arena *arena)
{
    const SangerModel *model = reference_model(reference, "sanger");
    const SangerVariant *variant = model == NULL ? NULL : sanger_variant(model, "HBB:c.52A>T");
    if (variant == NULL || e->n_traces == 0 || e->traces[0].n_bases == 0) return;
    const BaseRead read = {e->traces[0].bases, e->traces[0].n_bases};
    SangerView v;
    sanger_view(&v, &read, &variant->question, &model->limits, arena);
    demand(v.answer == SANGER_NOT_COVERED || v.first < read.n);
    demand(v.answer < SANGER_UNCLEAR || (v.ratio >= 0 && v.ratio <= 1));
}

static void read_file(const uint8_t *data, size_t size, bool fetal, const char *kit)
{
    static const Assay assay = {.code = "fuzz", .takes_traces = true};
    static Reference *reference;
    static Arena *kept;
    Note why = {0};
    if (kept == NULL) {
        kept = arena_new(NULL);
        demand(release_open(&reference, "reference", true, kept, &why) == OK);
    }
    Arena *arena = arena_new(NULL);
    int fd = reading_file((const char *)data, size);
    const ReadJob job = {.fd = fd,
                         .file = "f",
                         .fetal = fetal,
                         .specimen = "S",
                         .assay = &assay,
                         .reference = reference,
                         .arena = arena,
                         .kit = kit,
                         .run = "R1",
                         .well = "A01"};
    Evidence e = {.status = OK}, again;
    Status s = reader_abif.read(&e, &job, &why);
    demand(s == OK || why.code != NULL);
    demand(s == OK || !fetal || (why.file[0] == '\0' && why.row == 0));
    if (s == OK) demand(evidence_parse(&again, evidence_print(&e, arena), arena, &why) == OK);
    if (s == OK) ask_bases(&e, reference, arena);
    (void)close(fd);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4 * 1024 * 1024) return 0;
    (void)reader_abif.sniff(data, size < 4096 ? size : 4096);
    read_file(data, size, true, "example-qfpcr");
    read_file(data, size, false, size % 2 ? "example-qfpcr" : NULL);
    read_file(data, size, false, ""); /* bases of a Sanger run */
    read_file(data, size, size % 2 == 0, "gs500-liz");
    Arena *arena = arena_new(NULL);
    AbifFile f;
    Note why;
    if (abif_parse(&f, data, size, arena, (Place){0}, &why) == OK) {
        for (size_t i = 0; i < f.n_tags; i++)
            read_tag(&f.tags[i], data, size, arena);
        const AbifTag *raw = abif_find(&f, "DATA", 1);
        if (raw != NULL) size_channel(raw, arena);
    }
    arena_free(arena);
    return 0;
}

#ifdef FUZZ_MUTATE
static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* One field of one directory entry becomes a value that hurts, or another entry's; or an entry's name another's. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    enum { HEADER = 128, ENTRY = 28 };
    uint32_t at = size > HEADER ? be32(data + 26) : 0, n = size > HEADER ? be32(data + 18) : 0;
    if (mutator_next(&seed) % 3 == 0 || n == 0 || n > 200 || at > size ||
        size - at < (size_t)n * ENTRY)
        return LLVMFuzzerMutate(data, size, capacity);
    uint8_t *entry = data + at + mutator_next(&seed) % n * ENTRY;
    const uint8_t *other = data + at + mutator_next(&seed) % n * ENTRY;
    const uint32_t hurting[] = {0,
                                1,
                                2,
                                4,
                                0x7fffffff,
                                0x80000000,
                                0xffffffff,
                                (uint32_t)size,
                                (uint32_t)size - 1,
                                be32(entry + 16) + 1,
                                be32(entry + 12) * 2};
    switch (mutator_next(&seed) % 4) {
    case 0:
        memcpy(entry, other, 4);
        break;
    case 1:
        memcpy(entry + 8, other + 8, 2 * (1 + mutator_next(&seed) % 9));
        break;
    case 2:
        put32(entry + 4 * (1 + mutator_next(&seed) % 5), hurting[mutator_next(&seed) % 11]);
        break;
    default:
        entry[9] = (uint8_t)(mutator_next(&seed) % 20);
        break;
    }
    return size;
}
#endif
