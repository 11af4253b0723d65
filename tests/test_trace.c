/* Traces: their text in the ledger, and the reader of ABIF files from bytes to evidence. */
#include "capillary_simulation.h"
#include "lab/assays/assay.h"
#include "lab/markers.h"
#include "lab/pack.h"
#include "pipeline/readers/reader.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

extern const Reader reader_abif;
static const Assay assay = {.code = "test", .takes_traces = true};
static const char NAME[] = "Zhang-boy-XY";

static Reference *reference(Arena *a)
{
    Reference *r = NULL;
    Note why = {0};
    cr_assert_eq(release_open(&r, "reference", true, a, &why), OK, "%s %s", why.code, why.field);
    return r;
}

/* ---- the text ---- */

static TracePeak peaks[] = {{100.123, 500, 6000, 5.25, 0},
                            {99.9, 70000, 900000, 4, PEAK_OFF_SCALE}};
static int32_t curve[] = {0, 5, TRACE_GAP, 700, 0};
static TraceBase bases[] = {{'A', 40, 12, {900, 0, 3, 0}}, {'N', -1, -1, {0, 0, 0, 0}}};

static Trace example(void)
{
    Trace t = {
        .role = TRACE_CONTROL, .kit = "k-1", .material = "9947A", .run = "R1", .well = "A01"};
    t.fault = "";
    t.dye[1] = (TraceDye){.peaks = peaks, .n = 2, .drawn = curve};
    t.standard_dye = 5;
    t.n_rungs = 2;
    t.rung_scans[1] = 1200;
    t.rung_sizes[1] = 139.5;
    t.residual = 0.125;
    t.grid_from = 50.5;
    t.grid_step = 0.5;
    t.n_grid = 5;
    t.bases = bases;
    t.n_bases = 2;
    return t;
}

Test(trace, what_is_printed_is_read_back)
{
    Arena *a = arena_new(NULL);
    Trace t[2] = {example(),
                  {.role = TRACE_BLANK, .kit = "", .material = "", .run = "", .well = ""}};
    t[1].fault = "ladder.few";
    Evidence e = {.traces = t, .n_traces = 2}, back;
    const char *text = evidence_print(&e, a);
    cr_assert_eq(evidence_parse(&back, text, a, NULL), OK);
    cr_expect_str_eq(evidence_print(&back, a), text);
    cr_assert_eq(back.n_traces, 2);
    const Trace *x = &back.traces[0];
    cr_expect(x->role == TRACE_CONTROL && strcmp(x->material, "9947A") == 0);
    cr_expect(x->dye[1].n == 2 && x->dye[1].peaks[0].size == 100.123 &&
              x->dye[1].peaks[1].area == 900000 && x->dye[1].peaks[1].marks == PEAK_OFF_SCALE &&
              x->dye[1].peaks[0].width == 5.25);
    cr_expect(x->rung_sizes[1] == 139.5 && x->residual == 0.125 && x->standard_dye == 5);
    cr_expect(x->grid_from == 50.5 && x->n_grid == 5 && memcmp(x->dye[1].drawn, curve, 20) == 0);
    cr_expect(x->n_bases == 2 && x->bases[0].height[2] == 3 && x->bases[1].quality == -1);
    cr_expect_str_eq(back.traces[1].fault, "ladder.few");
    arena_free(a);
}

/* Each character changed in turn: what is still taken prints as itself, so no two texts are one trace. */
Test(trace, a_changed_text_is_refused_or_another_trace)
{
    Arena *a = arena_new(NULL), *scratch = arena_new(NULL);
    Trace t = example();
    Evidence e = {.traces = &t, .n_traces = 1}, back;
    char *text = arena_copy(a, evidence_print(&e, a));
    int refused = 0;
    for (size_t i = 11; text[i] != '\0'; i++)
        for (const char *c = "A9_\t\n"; *c != '\0'; c++) {
            const char was = text[i];
            text[i] = *c;
            if (evidence_parse(&back, text, scratch, NULL) == OK)
                cr_expect_str_eq(evidence_print(&back, scratch), text, "at %zu", i);
            else
                refused++;
            text[i] = was;
            arena_reset(scratch);
        }
    cr_expect_gt(refused, 200);
    arena_free(scratch);
    arena_free(a);
}

/* A curve is taken only in the form in which it is printed: a grid that nobody would print, a number written long, bytes behind the end. */
Test(trace, a_curve_has_one_form)
{
    static const struct {
        uint32_t from, there;
        const char *behind;
        bool good;
    } rows[] = {{505, 0, "", true},
                {4000000000, 0, "", true},
                {4000000001, 0, "", false},
                {505, 2, "", false},
                {505, 0, "AAAA", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *a = arena_new(NULL);
        Evidence back;
        Pack p = {.arena = a};
        const uint32_t numbers[] = {rows[i].from, 5, 1, rows[i].there, 0, 0, 0, 0, 0};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            pack_number(&p, numbers[k]);
        Trace plain = {.kit = "", .material = "", .run = "", .well = "", .fault = ""};
        const Evidence e = {.traces = &plain, .n_traces = 1};
        const char *text = evidence_print(&e, a);
        const size_t before = strlen(text) - 2; /* the cells of curves and bases are empty */
        const char *with =
            arena_print(a, "%.*s%s%s\t\n", (int)before, text, pack_text(&p), rows[i].behind);
        const Status s = evidence_parse(&back, with, a, NULL);
        cr_expect_eq(s == OK, rows[i].good, "row %zu", i);
        if (s == OK) cr_expect_str_eq(evidence_print(&back, a), with, "row %zu", i);
        arena_free(a);
    }
}

/* ---- the reader ---- */

static Status read_bytes(Evidence *e, const AbifWriter *w, size_t n, ReadJob *job, Note *why)
{
    FILE *f = tmpfile();
    cr_assert_not_null(f);
    cr_assert_eq(fwrite(w->bytes, 1, n, f), n);
    cr_assert_eq(fflush(f), 0);
    job->fd = fileno(f);
    cr_assert_eq(lseek(job->fd, 0, SEEK_SET), 0);
    Status s = reader_abif.read(e, job, why);
    (void)fclose(f);
    return s;
}

static ReadJob job_of(const Reference *r, Arena *a, const char *kit, bool fetal)
{
    return (ReadJob){.file = "x.fsa",
                     .fetal = fetal,
                     .specimen = "S",
                     .assay = &assay,
                     .reference = r,
                     .arena = a,
                     .kit = kit,
                     .run = "R1",
                     .well = "A01"};
}

/* Two alleles of every autosomal marker; a sex marker's differ between the twins. */
static AbifWriter qf_file(const Reference *r, Arena *a, uint64_t seed, bool male)
{
    Markers m;
    Kit kit;
    Tube t;
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, NULL), OK);
    cr_assert_eq(kit_find(&kit, r, "example-qfpcr", "", a, NULL), OK);
    tube_start(&t, 4200, 5, seed);
    tube_ladder(&t, kit.standard_dye, kit.standard.sizes, kit.standard.n, 900);
    for (size_t i = 0; i < m.n; i++) {
        const Marker *x = &m.items[i];
        if (x->sex) continue;
        tube_allele(&t, x->dye, x->low + 6, x->repeat, 3000);
        tube_allele(&t, x->dye, x->high - 6, x->repeat, 2900);
    }
    for (size_t i = 0; i < m.n; i++) { /* last: the same random numbers for both twins */
        const Marker *x = &m.items[i];
        const bool y = strcmp(x->chromosome, "Y") == 0;
        if (x->sex && (!y || male)) tube_fragment(&t, x->dye, x->low + 3, 30000);
        if (x->sex && !y && !male) tube_fragment(&t, x->dye, x->high - 2, 29000);
    }
    tube_finish(&t);
    AbifWriter w = tube_file(&t, "GS500(-250)LIZ", NAME);
    tube_free(&t);
    return w;
}

Test(abif_reader, a_fetus_of_either_sex_is_the_same_evidence)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    AbifWriter girl = qf_file(r, a, 5, false), boy = qf_file(r, a, 5, true);
    Evidence x, y;
    Note why = {0};
    ReadJob job = job_of(r, a, "example-qfpcr", true);
    cr_assert_eq(read_bytes(&x, &girl, girl.n, &job, &why), OK, "%s", why.code);
    cr_assert_eq(read_bytes(&y, &boy, boy.n, &job, &why), OK, "%s", why.code);
    const char *text = evidence_print(&x, a);
    cr_expect_str_eq(evidence_print(&y, a), text);
    cr_expect_null(strstr(text, NAME));
    const Trace *t = x.traces;
    cr_expect(t->role == TRACE_SAMPLE && t->n_grid > 800 && t->standard_dye == 5);
    cr_expect_str_eq(t->kit, "example-qfpcr");
    size_t n = 0, gaps = 0;
    for (int d = 0; d < 4; d++)
        n += t->dye[d].n;
    for (size_t i = 0; i < t->n_grid; i++)
        gaps += t->dye[0].drawn[i] == TRACE_GAP;
    cr_expect_geq(n, 25);
    cr_expect_geq(gaps, 80);
    job.fetal = false;
    cr_assert_eq(read_bytes(&x, &girl, girl.n, &job, &why), OK);
    cr_assert_eq(read_bytes(&y, &boy, boy.n, &job, &why), OK);
    cr_expect_str_neq(evidence_print(&y, a), evidence_print(&x, a), "without the door they differ");
    free(girl.bytes);
    free(boy.bytes);
    arena_free(a);
}

Test(abif_reader, peaks_have_the_size_that_was_drawn)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    AbifWriter w = qf_file(r, a, 11, false);
    Markers m;
    Evidence e;
    Note why = {0};
    ReadJob job = job_of(r, a, "example-qfpcr", true);
    cr_assert_eq(markers_find(&m, r, "example-qfpcr", a, NULL), OK);
    cr_assert_eq(read_bytes(&e, &w, w.n, &job, &why), OK, "%s", why.code);
    for (size_t i = 0; i < m.n; i++) {
        const Marker *x = &m.items[i];
        double nearest = 99;
        if (x->sex) continue;
        const TraceDye *dye = &e.traces->dye[x->dye - 1];
        for (size_t k = 0; k < dye->n; k++)
            nearest = fmin(nearest, fabs(dye->peaks[k].size - (x->low + 6)));
        cr_expect_lt(nearest, 0.35, "%s: %g bp off", x->name, nearest);
    }
    free(w.bytes);
    arena_free(a);
}

static const struct {
    const char *kit;
    bool fetal;
    const Assay *assay;
    const char *header, *code;
} refusals[] = {
    {NULL, false, &assay, "GS500(-250)LIZ", "plate.kit"},
    {"", true, &assay, "GS500(-250)LIZ", "plate.kit"},
    {"no-such", true, &assay, "GS500(-250)LIZ", "panel.kit"},
    {"no-such", false, &assay, "GS500(-250)LIZ", "kit.unknown"},
    {"gs500-liz", true, &assay, "GS500(-250)LIZ", "panel.kit"}, /* nobody says what to seal */
    {"gs500-liz", false, &assay, "GS500(-250)LIZ", NULL},
    {"gs500-liz", false, &assay, "GS600LIZ", "kit.header"},
    {"example-qfpcr", true, NULL, "GS500(-250)LIZ", "abif.assay"},
};

Test(abif_reader, refuses_for_its_reason)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        Arena *a = arena_new(NULL);
        const Reference *r = reference(a);
        Tube t;
        Kit kit;
        Evidence e;
        Note why = {0};
        cr_assert_eq(kit_find(&kit, r, "gs500-liz", "", a, NULL), OK);
        tube_start(&t, 4200, 5, 3);
        tube_ladder(&t, 5, kit.standard.sizes, kit.standard.n, 900);
        tube_fragment(&t, 1, 200, 3000);
        tube_finish(&t);
        AbifWriter w = tube_file(&t, refusals[i].header, NAME);
        ReadJob job = job_of(r, a, refusals[i].kit, refusals[i].fetal);
        job.assay = refusals[i].assay;
        Status s = read_bytes(&e, &w, w.n, &job, &why);
        cr_expect_eq(s == OK, refusals[i].code == NULL, "row %zu: %s", i, why.code);
        if (refusals[i].code != NULL) cr_expect_str_eq(why.code, refusals[i].code, "row %zu", i);
        if (refusals[i].fetal) cr_expect_eq(why.field[0] + why.detail[0], 0, "row %zu", i);
        tube_free(&t);
        free(w.bytes);
        arena_free(a);
    }
}

/* Cut anywhere, the file is refused and named by its tag, or, for a fetus, not named at all. */
Test(abif_reader, every_cut_is_refused)
{
    Arena *keep = arena_new(NULL), *a = arena_new(NULL);
    const Reference *r = reference(keep);
    Tube t;
    tube_start(&t, 600, 5, 3);
    tube_finish(&t);
    AbifWriter w = tube_file(&t, "GS500(-250)LIZ", NAME);
    for (size_t n = 0; n < w.n; n++) {
        Evidence e;
        Note why = {0};
        ReadJob job = job_of(r, a, n % 2 ? "gs500-liz" : "example-qfpcr", n % 2 == 0);
        cr_assert_neq(read_bytes(&e, &w, n, &job, &why), OK, "%zu bytes", n);
        cr_expect(strncmp(why.code, "abif.", 5) == 0, "%zu bytes: %s", n, why.code);
        if (job.fetal) cr_expect_eq(why.field[0], '\0', "%zu bytes", n);
        arena_reset(a);
    }
    tube_free(&t);
    free(w.bytes);
    arena_free(a);
    arena_free(keep);
}

/* Damage of one kind each; entries of tube_file: DATA 1, 2, 3, 4, 105, Dye# 1, DyeN 1 to 5, SCAN, StdF ... */
typedef struct Damage {
    size_t entry;     /* of the directory */
    size_t at, bytes; /* of its 28 */
    uint32_t value;
    const char *code, *field; /* code NULL = the file is still good */
} Damage;

static const Damage damages[] = {
    {0, 0, 4, 0x58585858, "abif.channel", "DATA 1"}, /* tag missing: XXXX 1 */
    {1, 4, 4, 99, NULL, NULL},                       /* a dye less is no fault of the file */
    {0, 4, 4, 2, "abif.twice", "DATA 2"},            /* DATA 2 twice */
    {0, 8, 2, 7, "abif.tag", "DATA 1"},              /* floats of two bytes */
    {0, 8, 2, 1024, "abif.channel", "DATA 1"},       /* user type: raw bytes are no channel */
    {2, 12, 4, 0, "abif.tag", "DATA 3"},             /* count and size disagree */
    {2, 12, 4, 0xFFFFFFFF, "abif.tag", "DATA 3"},    /* overflow */
    {2, 16, 4, 0xFFFFFFFF, "abif.tag", "DATA 3"},    /* size past the end */
    {2, 20, 4, 0xFFFFFFF0, "abif.tag", "DATA 3"},    /* place past the end */
    {4, 20, 4, 0xD1D1D1D1, "abif.tag", "DATA 105"},  /* nowhere */
    {12, 8, 2, 5, "abif.tag", "StdF 1"},             /* a name of another type */
    {12, 4, 4, 7, NULL, NULL},                       /* no name of the standard: the kit decides */
    {13, 8, 2, 12, NULL, NULL}, /* a sample name of a legacy type is not read */
};

Test(abif_reader, damaged_tags_are_named_but_not_for_a_fetus)
{
    Arena *keep = arena_new(NULL), *a = arena_new(NULL);
    const Reference *r = reference(keep);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++)
        for (int fetal = 0; fetal < 2; fetal++) {
            const Damage *d = &damages[i];
            AbifWriter w = qf_file(r, a, 21, false);
            writer_be(writer_entry(&w, d->entry) + d->at, d->value, d->bytes);
            Evidence e = {0};
            Note why = {.code = ""};
            ReadJob job = job_of(r, a, "example-qfpcr", fetal != 0);
            Status s = read_bytes(&e, &w, w.n, &job, &why);
            cr_expect_eq(s == OK, d->code == NULL, "row %zu: %s %s", i, why.code, why.field);
            if (d->code != NULL) {
                cr_expect_str_eq(why.code, d->code, "row %zu: %s %s", i, why.code, why.field);
                cr_expect_str_eq(why.field, fetal ? "" : d->field, "row %zu", i);
            }
            cr_expect_eq(e.status, s, "row %zu", i);
            free(w.bytes);
            arena_reset(a);
        }
    arena_free(a);
    arena_free(keep);
}

/* A channel without any signal, and one that is all noise, end in a ladder's Note, never in peaks. */
Test(abif_reader, empty_channels_have_no_ladder)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    for (int noise = 0; noise < 2; noise++) {
        Tube t;
        Evidence e;
        Note why = {0};
        tube_start(&t, 4200, 5, 3);
        t.noise = noise ? 400 : 0;
        tube_finish(&t);
        AbifWriter w = tube_file(&t, "GS500LIZ", NAME);
        ReadJob job = job_of(r, a, "example-qfpcr", true);
        cr_expect_eq(read_bytes(&e, &w, w.n, &job, &why), REFUSED, "noise %d", noise);
        cr_expect(strncmp(why.code, "ladder.", 7) == 0, "%s", why.code);
        tube_free(&t);
        free(w.bytes);
    }
    arena_free(a);
}

/* ---- bases ---- */

static AbifWriter ab1_file(const char *letters, bool with_channels)
{
    enum { SPACE = 12 };
    AbifWriter w = {0};
    const size_t n = strlen(letters), scans = n * SPACE + 20;
    int32_t *channel = calloc(scans, sizeof *channel), *place = calloc(n, sizeof *place);
    cr_assert(channel != NULL && place != NULL);
    writer_start(&w, 101);
    for (int c = 0; c < 4 && with_channels; c++) { /* order G A T C */
        memset(channel, 0, scans * sizeof *channel);
        for (size_t i = 0; i < n; i++)
            for (int s = -6; s <= 6; s++) {
                const bool both = letters[i] == 'R' && (c == 0 || c == 1);
                const double h = letters[i] == "GATC"[c] ? 1000 : both ? 480 : 0;
                channel[(long)(10 + i * SPACE) + s] += (int32_t)lrint(h * exp(-s * s / 8.0));
            }
        writer_shorts(&w, "DATA", 9 + c, channel, scans);
    }
    for (size_t i = 0; i < n; i++)
        place[i] = (int32_t)(10 + i * SPACE);
    writer_put(&w, "FWO_", 1, 2, 1, 4, (const unsigned char *)"GATC");
    writer_put(&w, "PBAS", 2, 2, 1, n, (const unsigned char *)letters);
    writer_shorts(&w, "PLOC", 2, place, n - 1); /* one short, as in real files */
    writer_finish(&w);
    free(channel);
    free(place);
    return w;
}

Test(abif_reader, bases_with_the_peaks_under_them)
{
    Arena *a = arena_new(NULL);
    const Reference *r = reference(a);
    Evidence e;
    Note why = {0};
    AbifWriter w = ab1_file("ACGRTTAN", true), bare = ab1_file("ACGT", false);
    ReadJob job = job_of(r, a, "", false);
    cr_assert_eq(read_bytes(&e, &w, w.n, &job, &why), OK, "%s %s", why.code, why.field);
    const TraceBase *b = e.traces->bases;
    cr_assert_eq(e.traces->n_bases, 8);
    cr_expect(b[0].call == 'A' && b[0].height[0] == 1000 && b[0].height[1] == 0);
    cr_expect(b[3].call == 'R' && b[3].height[0] == 480 && b[3].height[2] == 480 &&
              b[3].scan == 46);
    cr_expect(b[7].scan == -1 && b[7].quality == -1, "a place that the file does not give");
    cr_assert_eq(read_bytes(&e, &bare, bare.n, &job, &why), OK);
    cr_expect(e.traces->bases[1].call == 'C' && e.traces->bases[1].height[1] == 0);
    job.fetal = true;
    cr_expect_eq(read_bytes(&e, &w, w.n, &job, &why), REFUSED);
    cr_expect_str_eq(why.code, "abif.bases_fetal");
    free(w.bytes);
    free(bare.bytes);
    arena_free(a);
}
