#include "lab/mlpa.h"

#include "findings_text.h"
#include "lab/assays/carrier.h"
#include "trace_fixture.h"

#include <stdio.h>

static const struct {
    const char *region;
    double length;
} probes[] = {{"HBZ", 136},  {"HBA2", 142}, {"UPSTREAM", 154}, {"HBA1", 160},    {"BETWEEN", 172},
              {"HBA2", 178}, {"HBZ", 190},  {"UPSTREAM", 202}, {"BETWEEN", 208}, {"HBA1", 220},
              {"HBA2", 232}, {NULL, 130},   {NULL, 148},       {NULL, 166},      {NULL, 184},
              {NULL, 196},   {NULL, 214},   {NULL, 226},       {NULL, 238}};

/* What one injection looks like; zero = as it should be. */
typedef struct Shot {
    const char *copies; /* "HBA2=1" */
    double level, slope, q, d88, d96, noise;
    double odd_length; /* the probe of that length ... */
    double odd_share;  /* ... at this share; -1 = gone */
    unsigned odd_marks;
    bool no_benchmark, few_references, fetal;
} Shot;

static double copies_of(const char *list, const char *region)
{
    const char *p = list == NULL || region == NULL ? NULL : strstr(list, region);
    return p == NULL ? 2 : p[strlen(region) + 1] - '0';
}

static Trace shoot(TraceRole role, const Shot *s, size_t number, Arena *arena)
{
    Trace t = empty_trace(role, "example-alpha", "", arena);
    const double level = s->level == 0 ? 1000 : s->level;
    for (int q = 64; q <= 82; q += 6)
        put_peak(&t, q, s->q == 0 ? 60 : s->q, 0);
    if (s->d88 >= 0) put_peak(&t, 88, (s->d88 == 0 ? 1.2 : s->d88) * level, 0);
    if (!s->no_benchmark) put_peak(&t, 92, 1.4 * level, 0);
    if (!s->fetal && s->d96 >= 0) put_peak(&t, 96, (s->d96 == 0 ? 1.2 : s->d96) * level, 0);
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        const double bp = probes[i].length;
        double height = level * (0.5 + fabs(sin(bp))) * copies_of(s->copies, probes[i].region) / 2 *
                        exp(s->slope * (bp - 180));
        height *= 1 + s->noise * sin(7 * bp + (double)number);
        bool odd = bp == s->odd_length;
        if (odd && s->odd_share < 0) continue;
        if (odd && s->odd_share > 0) height *= s->odd_share;
        if (s->few_references && probes[i].region == NULL && bp < 200) continue;
        if (height > 0) put_peak(&t, bp, height, odd ? s->odd_marks : 0);
    }
    return t;
}

typedef struct Bench {
    Sample sample;
    Trace traces[FIXTURE_TRACES];
} Bench;

/* A sample with three good reference samples behind it. */
static Bench *bench(const Shot *own, Arena *arena)
{
    static const Shot normal = {.noise = 0.02},
                      other = {.level = 1700, .slope = 0.003, .noise = 0.02};
    Bench *b = arena_alloc(arena, sizeof *b);
    b->sample = (Sample){.id = "S1",
                         .assay = "mlpa",
                         .person = "P1",
                         .subject = own->fetal ? SUBJECT_FETUS_A : SUBJECT_WOMAN,
                         .fetal = own->fetal,
                         .evidence = {.traces = b->traces, .n_traces = 4}};
    b->traces[0] = shoot(TRACE_SAMPLE, own, 0, arena);
    for (size_t i = 1; i < 4; i++)
        b->traces[i] = shoot(TRACE_REFERENCE, i == 2 ? &other : &normal, i, arena);
    return b;
}

static MlpaReading read_bench(const Bench *b, const Reference *r, Arena *arena)
{
    MlpaReading out;
    mlpa_read(&out, reference_model(r, "mlpa"), &b->sample, &b->traces[0], arena);
    return out;
}

static const char *text(const char *given)
{
    return given == NULL ? "-" : given;
}

Test(mlpa, patterns_are_read_at_any_height_and_slope)
{
    static const struct {
        Shot shot;
        const char *value;
    } rows[] = {
        {{.copies = ""}, "aa/aa"},
        {{.copies = "", .level = 300, .slope = -0.004}, "aa/aa"},
        {{.copies = "HBA2=1 BETWEEN=1"}, "-a3.7/aa"},
        {{.copies = "HBA2=1 BETWEEN=1", .level = 2500, .slope = 0.005, .noise = 0.04}, "-a3.7/aa"},
        {{.copies = "UPSTREAM=1 HBA2=1"}, "-a4.2/aa"},
        {{.copies = "HBA2=0 BETWEEN=0"}, "-a3.7/-a3.7"},
        {{.copies = "UPSTREAM=1 HBA2=0 BETWEEN=1"}, "-a3.7/-a4.2"},
        {{.copies = "UPSTREAM=0 HBA2=0"}, "-a4.2/-a4.2"},
        {{.copies = "UPSTREAM=1 HBA2=1 BETWEEN=1 HBA1=1"}, "--SEA,--MED/aa"},
        {{.copies = "HBZ=1 UPSTREAM=1 HBA2=1 BETWEEN=1 HBA1=1"}, "--FIL,--THAI/aa"},
        {{.copies = "UPSTREAM=1 HBA2=0 BETWEEN=0 HBA1=1"}, "--SEA,--MED/-a3.7"},
        {{.copies = "UPSTREAM=0 HBA2=0 BETWEEN=1 HBA1=1"}, "--SEA,--MED/-a4.2"},
        {{.copies = "UPSTREAM=0 HBA2=0 BETWEEN=0 HBA1=0"}, "--SEA,--MED/--SEA,--MED"},
        {{.copies = "UPSTREAM=0 HBA2=0 BETWEEN=0 HBA1=0", .fetal = true},
         "--SEA,--MED/--SEA,--MED"},
        {{.copies = "HBA2=3 BETWEEN=3"}, NULL},
        {{.copies = "HBA1=1"}, NULL},
        {{.copies = "HBZ=0 UPSTREAM=0 HBA2=0 BETWEEN=0 HBA1=0"}, NULL},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        MlpaReading m = read_bench(bench(&rows[i].shot, arena), r, arena);
        cr_expect_null(m.fault, "row %zu: %s", i, text(m.fault));
        cr_expect_str_eq(text(m.value), text(rows[i].value), "row %zu: %s", i, text(m.value));
    }
    arena_free(arena);
}

Test(mlpa, what_fails_a_check_has_no_copies)
{
    static const struct {
        Shot shot;
        const char *fault;
    } rows[] = {
        {{.q = 600}, "mlpa_q"},
        {{.no_benchmark = true}, "mlpa_q"},
        {{.d88 = 0.3}, "mlpa_d"},
        {{.d96 = 0.3}, "mlpa_d"},
        {{.d96 = -1}, "mlpa_d"}, /* of an adult it must be there */
        {{.d88 = 0.3, .fetal = true}, "mlpa_d"},
        {{.odd_length = 142, .odd_marks = PEAK_OFF_SCALE}, "mlpa_saturated"},
        {{.few_references = true}, "mlpa_reference_probes"},
        {{.noise = 0.4}, "mlpa_noise"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        MlpaReading m = read_bench(bench(&rows[i].shot, arena), r, arena);
        cr_expect_str_eq(text(m.fault), rows[i].fault, "row %zu: %s", i, text(m.fault));
        cr_expect(m.code == NULL && m.n_regions == 0, "row %zu", i);
    }
    arena_free(arena);
}

Test(mlpa, the_run_must_be_good)
{
    static const Shot normal = {.noise = 0.02}, deleted = {.copies = "HBA2=1", .noise = 0.02},
                      poor = {.q = 900}, silent = {.level = 1e-6, .q = 700};
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    Bench *b = bench(&normal, arena);
    b->traces[3] = shoot(TRACE_REFERENCE, &deleted, 3, arena);
    cr_expect_str_eq(text(read_bench(b, r, arena).fault), "mlpa_spread",
                     "a reference with a deletion");
    b->traces[3] = shoot(TRACE_REFERENCE, &poor, 3, arena);
    cr_expect_str_eq(text(read_bench(b, r, arena).fault), "mlpa_few_references");
    b->traces[3] = shoot(TRACE_REFERENCE, &normal, 3, arena);
    b->traces[3].run = "RUN-2";
    cr_expect_str_eq(text(read_bench(b, r, arena).fault), "mlpa_few_references", "another run's");
    b->traces[3].run = "RUN-1";
    b->traces[3].fault = "ladder.few";
    cr_expect_str_eq(text(read_bench(b, r, arena).fault), "mlpa_few_references",
                     "one that was not read");
    b->traces[3].fault = "";
    b->traces[4] = shoot(TRACE_BLANK, &silent, 4, arena);
    b->sample.evidence.n_traces = 5;
    cr_expect_null(read_bench(b, r, arena).fault);
    b->traces[4] = shoot(TRACE_BLANK, &normal, 4, arena);
    cr_expect_str_eq(text(read_bench(b, r, arena).fault), "mlpa_blank");
    b->traces[0].kit = "no-such-kit";
    cr_expect_str_eq(text(read_bench(b, r, arena).fault), "mlpa_kit_unknown");
    arena_free(arena);
}

static int region(const MlpaReading *m, const char *name)
{
    for (size_t i = 0; i < m->n_regions; i++)
        if (strcmp(m->regions[i].name, name) == 0) return m->regions[i].copies;
    return -9;
}

Test(mlpa, between_bands_and_disagreeing_probes_are_ambiguous)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    const Shot between = {.odd_length = 154, .odd_share = 0.72},
               one = {.odd_length = 154, .odd_share = 0.5},
               pulled = {.odd_length = 154, .odd_share = 0.5, .odd_marks = PEAK_PULL_UP};
    MlpaReading m = read_bench(bench(&between, arena), r, arena);
    cr_expect_eq(region(&m, "UPSTREAM"), MLPA_AMBIGUOUS);
    cr_expect_null(m.code);
    m = read_bench(bench(&one, arena), r, arena);
    cr_expect_eq(region(&m, "UPSTREAM"), MLPA_AMBIGUOUS, "two probes, two answers");
    m = read_bench(bench(&pulled, arena), r, arena);
    cr_expect_eq(region(&m, "UPSTREAM"), 2, "the other probe answers");
    cr_expect_str_eq(text(m.value), "aa/aa");
    arena_free(arena);
}

static Findings judge(const Bench *b, const Reference *r, Arena *arena)
{
    Findings out = {.arena = arena};
    const Case c = {.id = "C1", .samples = &b->sample, .n_samples = 1};
    Note why;
    cr_assert_eq(assay_find("mlpa")->interpret(&out, &c, r, arena, &why), OK);
    return out;
}

Test(mlpa, findings_never_turn_a_fault_into_a_negative)
{
    static const struct {
        Shot shot;
        Answer answer;
        const char *detail;
    } rows[] = {
        {{.copies = ""}, ANSWER_NEGATIVE, "mlpa_no_deletion"},
        {{.copies = "UPSTREAM=1 HBA2=1 BETWEEN=1 HBA1=1"}, ANSWER_POSITIVE, "alpha_trait_cis"},
        {{.copies = "HBA2=3 BETWEEN=3"}, ANSWER_POSSIBLE, "mlpa_no_pattern"},
        {{.odd_length = 154, .odd_share = 0.72}, ANSWER_INVALID, "mlpa_ambiguous"},
        {{.q = 600}, ANSWER_INVALID, "mlpa_q"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Findings all = judge(bench(&rows[i].shot, arena), r, arena);
        const Finding *f = find_finding(&all, "mlpa.result");
        cr_assert_not_null(f);
        cr_expect(f->answer == rows[i].answer && strcmp(f->detail, rows[i].detail) == 0,
                  "row %zu: %s %s", i, answer_code(f->answer), f->detail);
        cr_expect(f->example || f->answer == ANSWER_INVALID, "stamped");
    }
    static const Shot lost = {.copies = "HBA2=1 BETWEEN=1"};
    Findings regions = judge(bench(&lost, arena), r, arena);
    size_t told = 0;
    for (size_t i = 0; i < regions.n; i++) {
        const Finding *f = &regions.items[i];
        if (strcmp(f->code, "mlpa.region") != 0) continue;
        const bool one = strcmp(f->item, "HBA2") == 0 || strcmp(f->item, "BETWEEN") == 0;
        cr_expect(f->answer == ANSWER_MEASURED && f->has_value);
        cr_expect_str_eq(f->detail, one ? "mlpa_copies_1" : "mlpa_copies_2", "%s", f->item);
        cr_expect_float_eq(f->value, one ? 0.5 : 1, 0.07, "%s %g", f->item, f->value);
        cr_expect_float_eq(f->value * 100, round(f->value * 100), 1e-9, "two decimals");
        told++;
    }
    cr_expect_eq(told, 5U);
    Bench *b = bench(&rows[0].shot, arena);
    b->sample.evidence.n_traces = 0;
    Findings none = judge(b, r, arena);
    cr_expect_eq(find_finding(&none, "mlpa.result")->answer, ANSWER_MISSING);
    b->sample.evidence.status = REFUSED;
    none = judge(b, r, arena);
    cr_expect_eq(find_finding(&none, "mlpa.result")->answer, ANSWER_REFUSED);
    arena_free(arena);
}

/* The result with its pattern, each region with its rounded quotient, the largest spread of the references, the scope. */
Test(mlpa, findings_compared_whole)
{
    static const struct {
        Shot shot;
        const char *result;
    } rows[] = {
        {{.copies = "", .noise = 0.03}, "HBA1/HBA2 aa/aa|negative|mlpa_no_deletion||mlpa/patterns"},
        {{.copies = "HBA2=1 BETWEEN=1"}, "HBA1/HBA2 -a3.7/aa|positive|alpha_silent||mlpa/patterns"},
        {{.copies = "HBA2=3 BETWEEN=3"}, "HBA1/HBA2|possible|mlpa_no_pattern||mlpa/patterns"},
        {{.odd_length = 154, .odd_share = 0.72}, "HBA1/HBA2|invalid|mlpa_ambiguous||mlpa/patterns"},
        {{.q = 600}, "HBA1/HBA2|invalid|mlpa_q||"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench *b = bench(&rows[i].shot, arena);
        const MlpaReading m = read_bench(b, r, arena);
        const Findings f = judge(b, r, arena);
        size_t k = 0;
        cr_assert_eq(f.n, m.n_regions + 2 + !isnan(m.worst), "row %zu: %zu", i, f.n);
        const char *line = finding_text(&f.items[k++], arena),
                   *due = arena_print(arena, "S1|mlpa.result|%s", rows[i].result);
        cr_expect_eq(strncmp(line, due, strlen(due)), 0, "row %zu: %s", i, line);
        for (size_t g = 0; g < m.n_regions; g++) {
            const MlpaRegion *x = &m.regions[g];
            const char *told = x->copies == MLPA_AMBIGUOUS ? "possible|mlpa_ambiguous"
                               : x->copies < 0             ? "not_assessed|mlpa_unread"
                                               : arena_print(arena, "measured|mlpa_copies_%d",
                                                             x->copies < 4 ? x->copies : 4);
            const char *value = isnan(x->quotient)
                                    ? ""
                                    : arena_print(arena, "%.6g 1", round(x->quotient * 100) / 100);
            due = arena_print(arena, "S1|mlpa.region|%s|%s|%s|mlpa/bands!", x->name, told, value);
            line = finding_text(&f.items[k++], arena);
            cr_expect_eq(strncmp(line, due, strlen(due)), 0, "row %zu: %s", i, line);
        }
        if (!isnan(m.worst)) {
            due = arena_print(arena, "S1|mlpa.spread|HBA1/HBA2|measured||%.6g 1|mlpa/kits:%s!",
                              round(m.worst * 1000) / 1000, "example-alpha");
            line = finding_text(&f.items[k++], arena);
            cr_expect_eq(strncmp(line, due, strlen(due)), 0, "row %zu: %s", i, line);
        }
        cr_expect_str_eq(finding_text(&f.items[k], arena),
                         "S1|mlpa.scope||not_assessed|mlpa_scope||\n");
    }
    arena_free(arena);
}

/* Bands or patterns that nobody has verified make no negative, and a positive is to be confirmed. */
Test(mlpa, unverified_numbers_hold_back)
{
    static const Shot none = {.copies = ""}, cis = {.copies = "UPSTREAM=1 HBA2=1 BETWEEN=1 HBA1=1"};
    static const char *const tables[] = {"mlpa/bands", "mlpa/patterns", NULL};
    for (size_t i = 0; i < 3; i++) {
        Arena *arena = arena_new(NULL);
        const Reference *r = demo_release(arena);
        if (tables[i] != NULL) ((Table *)reference_table(r, tables[i]))->info.status = "unverified";
        const Findings a = judge(bench(&none, arena), r, arena),
                       b = judge(bench(&cis, arena), r, arena);
        const Finding *negative = find_finding(&a, "mlpa.result"),
                      *positive = find_finding(&b, "mlpa.result");
        cr_expect_eq(negative->answer, i < 2 ? ANSWER_NOT_ASSESSED : ANSWER_NEGATIVE, "%zu", i);
        cr_expect_eq(positive->answer, i < 2 ? ANSWER_POSSIBLE : ANSWER_POSITIVE, "%zu", i);
        cr_expect(negative->unverified == (i < 2) && positive->unverified == (i < 2), "%zu", i);
        cr_expect_eq(find_finding(&a, "mlpa.region")->unverified, i == 0, "%zu", i);
        arena_free(arena);
    }
}

/* One person, a carrier sample beside the MLPA sample; `told` is a gap-PCR result on the first. */
static const Finding *carrier_alpha_of(const Shot *shot, const char *told, Arena *arena)
{
    const Reference *r = demo_release(arena);
    Bench *b = bench(shot, arena);
    Result *results = arena_alloc(arena, 2 * sizeof *results);
    Sample *samples = arena_alloc(arena, 2 * sizeof *samples);
    Findings *out = arena_alloc(arena, sizeof *out);
    Note why;
    results[0] = (Result){
        .specimen = "", .code = "alpha.points", .value = "none", .unit = "", .run = "", .well = ""};
    results[1] = results[0];
    results[1].code = "alpha.deletion";
    results[1].value = told;
    samples[0] = b->sample;
    samples[0].assay = "carrier";
    samples[0].evidence = (Evidence){.results = results, .n_results = told == NULL ? 1 : 2};
    samples[1] = b->sample;
    samples[1].id = "S2";
    *out = (Findings){.arena = arena};
    const Case c = {.id = "C1", .samples = samples, .n_samples = 2};
    cr_assert_eq(assay_find("carrier")->interpret(out, &c, r, arena, &why), OK);
    return find_finding(out, "carrier.alpha");
}

Test(mlpa, the_carrier_assay_takes_the_answer)
{
    static const Shot sea = {.copies = "UPSTREAM=1 HBA2=1 BETWEEN=1 HBA1=1"},
                      normal = {.copies = ""}, failed = {.q = 900};
    static const struct {
        const Shot *shot;
        const char *told;
        Answer answer;
        const char *item;
    } rows[] = {
        {&sea, NULL, ANSWER_POSITIVE, "HBA1/HBA2 --/aa"},
        {&normal, NULL, ANSWER_NEGATIVE, "HBA1/HBA2 aa/aa"},
        {&failed, NULL, ANSWER_INVALID, "HBA1/HBA2"},
        {&sea, "--SEA/aa", ANSWER_POSITIVE, "HBA1/HBA2 --/aa"}, /* gap-PCR names one of the group */
        {&sea, "-a3.7/aa", ANSWER_REFUSED, "HBA1/HBA2"},
        {&normal, "--SEA/aa", ANSWER_REFUSED, "HBA1/HBA2"},
        {&failed, "--SEA/aa", ANSWER_POSITIVE, "HBA1/HBA2 --/aa"},
        {&sea, "failed", ANSWER_POSITIVE, "HBA1/HBA2 --/aa"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        const Finding *f = carrier_alpha_of(rows[i].shot, rows[i].told, arena);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect(f->answer == rows[i].answer && strcmp(f->item, rows[i].item) == 0,
                  "row %zu: %s %s %s", i, answer_code(f->answer), f->item, f->detail);
        arena_free(arena);
    }
}

/* Whose own numbers are not an example: then the kit's are the only ones that are. */
Test(mlpa, an_example_kit_marks_what_the_carrier_assay_says)
{
    static const Shot sea = {.copies = "UPSTREAM=1 HBA2=1 BETWEEN=1 HBA1=1"};
    for (int kit = 0; kit < 2; kit++) {
        Arena *arena = arena_new(NULL);
        Reference *r = demo_release(arena);
        MlpaModel *mlpa = (MlpaModel *)(uintptr_t)reference_model(r, "mlpa");
        ((CarrierModel *)(uintptr_t)reference_model(r, "carrier"))->floors.example = false;
        for (size_t i = 0; i < mlpa->n_kits; i++)
            mlpa->kits[i].example = kit == 1;
        Bench *b = bench(&sea, arena);
        Findings out = {.arena = arena};
        Note why;
        Sample samples[] = {b->sample, b->sample};
        samples[0].assay = "carrier";
        samples[0].evidence = (Evidence){.status = OK};
        samples[1].id = "S2";
        const Case c = {.id = "C1", .samples = samples, .n_samples = 2};
        cr_assert_eq(assay_find("carrier")->interpret(&out, &c, r, arena, &why), OK);
        const Finding *f = find_finding(&out, "carrier.alpha");
        cr_assert_not_null(f);
        cr_expect_eq(f->example, kit == 1, "kit %d", kit);
        arena_free(arena);
    }
}

/* ---- tables ---- */

static Status prepare(const char *kits, const char *rows, const char *bands, const char *patterns,
                      Note *why)
{
    Arena *arena = arena_new(NULL);
    Reference *r = reference_new(arena, "test", true);
    const void *model = NULL;
    add_table(r, "mlpa/kits", "example",
              arena_print(arena,
                          "kit\tlocus\titem\treferences\treference_probes\tspread\tq_most\td_"
                          "least\tblank_most\tsource\n%s",
                          kits),
              arena);
    add_table(r, "mlpa/probes", "example",
              arena_print(arena, "kit\tprobe\trole\tregion\tchromosome\tdye\tlow\thigh\tsource\n%s",
                          rows),
              arena);
    add_table(r, "mlpa/bands", "example",
              arena_print(arena, "copies\tlow\thigh\tsource\n%s", bands), arena);
    add_table(
        r, "mlpa/patterns", "sourced",
        arena_print(arena,
                    "row\tlocus\tregions\tcode\tvalue\tunit\tlabel\tanswer\tdetail\tsource\n%s",
                    patterns),
        arena);
    Status s = mlpa_prepare(&model, r, arena, why);
    cr_expect((model != NULL) == (s == OK));
    arena_free(arena);
    return s;
}

static const char good_kit[] = "k\talpha\tHBA\t3\t3\t0.1\t0.3\t0.4\t50\t\n";
static const char good_probes[] =
    "k\tQ\tq\t\t-\t1\t63\t65\t\nk\tD\td\t\t-\t1\t87\t89\t\nk\tB\tbenchmark\t\t2\t1\t91\t93\t\n"
    "k\tT\ttarget\tHBA2\t16\t1\t140\t144\t\nk\tR1\treference\t\t1\t1\t150\t152\t\n"
    "k\tR2\treference\t\t1\t1\t160\t162\t\nk\tR3\treference\t\t1\t1\t170\t172\t\n";
static const char good_bands[] = "0\t0\t0.1\t\n1\t0.4\t0.6\t\n2\t0.8\t1.2\t\n";
static const char good_patterns[] =
    "A\talpha\tHBA2=2\talpha.deletion\taa/aa\t\taa/aa\tnegative\tx\t\n";

Test(mlpa, tables_are_checked_before_the_first_sample)
{
    char extra[1024];
    static const struct {
        const char *row, *code;
    } probe_rows[] = {
        {"k\tX\ttarget\tDMD\tX\t1\t180\t182\t\n",
         "mlpa.probe"}, /* sealed fragments never stand here */
        {"k\tY\treference\t\tY\t1\t180\t182\t\n", "mlpa.probe"},
        {"k\tZ\ttarget\tHBZ\t23\t1\t180\t182\t\n", "mlpa.probe"},
        {"k\tZ\ttarget\tHBZ\t-\t1\t180\t182\t\n", "mlpa.probe"},
        {"k\tZ\ttarget\t\t16\t1\t180\t182\t\n", "mlpa.probe"},
        {"k\tZ\treference\tHBZ\t16\t1\t180\t182\t\n", "mlpa.probe"},
        {"k\tZ\ttarget\tHBZ\t16\t9\t180\t182\t\n", "mlpa.probe"},
        {"k\tZ\ttarget\tHBZ\t16\t1\t182\t180\t\n", "mlpa.probe"},
        {"k\tZ\ttarget\tHBZ\t16\t1\t143\t146\t\n", "mlpa.probe"}, /* overlaps */
        {"k\tZ\tother\tHBZ\t16\t1\t180\t182\t\n", "mlpa.probe"},
        {"k\tB2\tbenchmark\t\t2\t1\t99\t100\t\n", "mlpa.kit"},
    };
    Note why = {0};
    cr_expect_eq(prepare(good_kit, good_probes, good_bands, good_patterns, &why), OK, "%s",
                 why.code);
    for (size_t i = 0; i < sizeof probe_rows / sizeof *probe_rows; i++) {
        (void)snprintf(extra, sizeof extra, "%s%s", good_probes, probe_rows[i].row);
        cr_expect_eq(prepare(good_kit, extra, good_bands, good_patterns, &why), BAD_INPUT,
                     "row %zu", i);
        cr_expect_str_eq(why.code, probe_rows[i].code, "row %zu", i);
    }
    cr_expect_eq(prepare("k\talpha\tHBA\t2\t3\t0.1\t0.3\t0.4\t50\t\n", good_probes, good_bands,
                         good_patterns, &why),
                 BAD_INPUT, "two reference samples are too few");
    cr_expect_eq(prepare("k\talpha\tHBA\t3\t4\t0.1\t0.3\t0.4\t50\t\n", good_probes, good_bands,
                         good_patterns, &why),
                 BAD_INPUT, "more reference probes than there are");
    cr_expect_eq(
        prepare(good_kit, good_probes, "0\t0\t0.5\t\n1\t0.4\t0.6\t\n", good_patterns, &why),
        BAD_INPUT);
    cr_expect_str_eq(why.code, "mlpa.band");
    cr_expect_eq(prepare(good_kit, good_probes, good_bands,
                         "A\talpha\tHBA9=2\tc\tv\t\tl\tnegative\tx\t\n", &why),
                 BAD_INPUT);
    cr_expect_str_eq(why.code, "mlpa.pattern");
    cr_expect_eq(prepare(good_kit, good_probes, good_bands,
                         "A\talpha\tHBA2=22\tc\tv\t\tl\tnegative\tx\t\n", &why),
                 BAD_INPUT);
}

/* A picture of a failed run would be read as a result. */
Test(mlpa, pictures_of_runs_that_passed)
{
    static const Shot good = {.copies = "HBA2=1 BETWEEN=1"}, poor = {.q = 600};
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (int i = 0; i < 6; i++) {
        Bench *b = bench(i == 1 ? &poor : &good, arena);
        if (i == 2) b->sample.evidence.status = BAD_INPUT;
        if (i == 3) b->sample.assay = "fmr1";
        if (i == 4) b->traces[0].kit = "no-such-kit";
        if (i == 5) {
            b->traces[4] = b->traces[0];
            b->sample.evidence.n_traces = 5;
        }
        const Case c = {.id = "C1", .samples = &b->sample, .n_samples = 1};
        Figures figures = {.arena = arena};
        assay_find("mlpa")->draw(&figures, &c, r, arena);
        cr_expect_eq(figures.n, i == 0 ? 1U : i == 5 ? 2U : 0U, "row %d: %zu", i, figures.n);
        if (figures.n > 0) cr_expect_str_eq(figures.items[0].sample, "S1");
    }
    arena_free(arena);
}
