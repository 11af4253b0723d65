#include "lab/fmr1.h"
#include "trace_fixture.h"

static double size_of(double repeats)
{
    return 225 + 2.9 * repeats;
}

/* Alleles ("30|31"), each with a stutter before it. */
static Trace product(TraceRole role, const char *material, const char *alleles, Arena *arena)
{
    Trace t = empty_trace(role, "example-fmr1", material, arena);
    for (const char *p = alleles; *p != '\0';) {
        double n = 0;
        for (; *p >= '0' && *p <= '9'; p++)
            n = n * 10 + (*p - '0');
        p += *p == '|';
        const double height = 2000 * exp(-n / 90);
        put_peak(&t, size_of(n - 1), 0.3 * height, 0);
        put_peak(&t, size_of(n), height, 0);
    }
    return t;
}

typedef struct Bench {
    Sample sample;
    Trace traces[FIXTURE_TRACES];
} Bench;

static Bench *bench(Subject subject, const char *alleles, Arena *arena)
{
    Bench *b = arena_alloc(arena, sizeof *b);
    b->sample = (Sample){.id = "S1",
                         .assay = "fmr1",
                         .person = "P1",
                         .subject = subject,
                         .fetal = subject == SUBJECT_FETUS_A,
                         .evidence = {.traces = b->traces, .n_traces = 5}};
    b->traces[0] = product(TRACE_SAMPLE, "", alleles, arena);
    b->traces[1] = product(TRACE_CONTROL, "FX-1", "20|31", arena);
    b->traces[2] = product(TRACE_CONTROL, "FX-2", "44|60", arena);
    b->traces[3] = product(TRACE_CONTROL, "FX-3", "30|118", arena);
    b->traces[4] = product(TRACE_BLANK, "", "", arena);
    return b;
}

static Findings judge(const Bench *b, const Reference *r, Arena *arena)
{
    Findings out = {.arena = arena};
    const Case c = {.id = "C1", .samples = &b->sample, .n_samples = 1};
    Note why;
    cr_assert_eq(assay_find("fmr1")->interpret(&out, &c, r, arena, &why), OK);
    return out;
}

static void expect(const Bench *b, const Reference *r, Arena *arena, Answer answer,
                   const char *detail, const char *what)
{
    Findings all = judge(b, r, arena);
    const Finding *f = find_finding(&all, "fmr1.result");
    cr_assert_not_null(f, "%s", what);
    cr_expect(f->answer == answer && strcmp(f->detail, detail) == 0, "%s: %s %s", what,
              answer_code(f->answer), f->detail);
}

Test(fmr1, categories_tolerance_and_the_single_peak)
{
    static const struct {
        Subject subject;
        const char *alleles;
        Answer answer;
        const char *detail;
    } rows[] = {
        {SUBJECT_WOMAN, "29|31", ANSWER_NEGATIVE, "fmr1_normal"},
        {SUBJECT_WOMAN, "29|30", ANSWER_NEGATIVE, "fmr1_normal"},
        {SUBJECT_WOMAN, "16|30", ANSWER_NEGATIVE, "fmr1_normal"},
        {SUBJECT_WOMAN, "30|42", ANSWER_NEGATIVE, "fmr1_normal"},
        {SUBJECT_WOMAN, "30|43", ANSWER_POSSIBLE, "fmr1_near"},
        {SUBJECT_WOMAN, "30|44", ANSWER_POSSIBLE, "fmr1_near"},
        {SUBJECT_WOMAN, "30|45", ANSWER_POSSIBLE, "fmr1_near"},
        {SUBJECT_WOMAN, "30|48", ANSWER_POSITIVE, "fmr1_intermediate"},
        {SUBJECT_WOMAN, "30|60", ANSWER_POSITIVE, "fmr1_premutation"},
        {SUBJECT_WOMAN, "30|118", ANSWER_POSITIVE, "fmr1_premutation"},
        {SUBJECT_WOMAN, "30|127", ANSWER_POSITIVE, "fmr1_beyond"},
        {SUBJECT_WOMAN, "30", ANSWER_NOT_ASSESSED, "fmr1_one_peak"},
        {SUBJECT_WOMAN, "80", ANSWER_POSITIVE, "fmr1_premutation"},
        {SUBJECT_WOMAN, "", ANSWER_NOT_ASSESSED, "fmr1_no_product"},
        {SUBJECT_WOMAN, "20|30|60", ANSWER_POSSIBLE, "fmr1_too_many"},
        {SUBJECT_PARTNER, "30", ANSWER_NEGATIVE, "fmr1_normal"},
        {SUBJECT_PARTNER, "29|40", ANSWER_POSSIBLE, "fmr1_too_many"},
        {SUBJECT_PARTNER, "", ANSWER_NOT_ASSESSED, "fmr1_no_product"},
        {SUBJECT_PARTNER, "70", ANSWER_POSITIVE, "fmr1_premutation"},
        {SUBJECT_NEWBORN, "30", ANSWER_NOT_ASSESSED, "fmr1_one_peak"},
        {SUBJECT_NEWBORN, "29|40", ANSWER_NEGATIVE, "fmr1_normal"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(bench(rows[i].subject, rows[i].alleles, arena), r, arena, rows[i].answer,
               rows[i].detail, rows[i].alleles);
    arena_free(arena);
}

/* A lower peak before a product is its stutter, within the kit's reach and below its share; at the limit itself it is an allele. */
Test(fmr1, stutter_ends_at_the_limits_of_the_kit)
{
    static const struct {
        double before, share; /* bp before the product of 35 repeats, share of its height */
        Answer answer;
        const char *detail;
    } rows[] = {
        {2.9, 0.3, ANSWER_NOT_ASSESSED, "fmr1_one_peak"},
        {2.9, 0.49, ANSWER_NOT_ASSESSED, "fmr1_one_peak"},
        {2.9, 0.5, ANSWER_NEGATIVE, "fmr1_normal"},
        {7, 0.3, ANSWER_NOT_ASSESSED, "fmr1_one_peak"},
        {7.25, 0.3, ANSWER_NEGATIVE, "fmr1_normal"},
        {29, 0.1, ANSWER_NEGATIVE, "fmr1_normal"},
        {29, 0.09, ANSWER_NOT_ASSESSED, "fmr1_one_peak"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench *b = bench(SUBJECT_WOMAN, "", arena);
        const double size = size_of(35);
        put_peak(&b->traces[0], size - rows[i].before, rows[i].share * 1024, 0);
        put_peak(&b->traces[0], size, 1024, 0);
        expect(b, r, arena, rows[i].answer, rows[i].detail, "a peak before the product");
    }
    arena_free(arena);
}

Test(fmr1, a_run_that_cannot_be_calibrated_sizes_nothing)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    Bench *b = bench(SUBJECT_WOMAN, "29|31", arena);
    b->traces[3].run = "RUN-2";
    expect(b, r, arena, ANSWER_INVALID, "fmr1_few_controls", "four alleles");
    b = bench(SUBJECT_WOMAN, "29|31", arena);
    b->traces[2] = product(TRACE_CONTROL, "FX-2", "44", arena);
    expect(b, r, arena, ANSWER_INVALID, "fmr1_control", "an allele of a control is missing");
    b->traces[2] = product(TRACE_CONTROL, "FX-2", "44|66", arena);
    expect(b, r, arena, ANSWER_INVALID, "fmr1_calibration", "not on the line");
    b->traces[2] = product(TRACE_CONTROL, "FX-9", "44|60", arena);
    expect(b, r, arena, ANSWER_INVALID, "fmr1_control", "a control of no table");
    b = bench(SUBJECT_WOMAN, "29|31", arena);
    b->traces[1].fault = "ladder.few";
    expect(b, r, arena, ANSWER_INVALID, "fmr1_control", "a control that could not be read");
    b = bench(SUBJECT_WOMAN, "29|31", arena);
    b->traces[4] = product(TRACE_BLANK, "", "30", arena);
    expect(b, r, arena, ANSWER_INVALID, "fmr1_blank", "a blank with a product");
    b->traces[4].run = "RUN-2";
    expect(b, r, arena, ANSWER_INVALID, "fmr1_blank", "no blank");
    b = bench(SUBJECT_WOMAN, "29|31", arena);
    b->traces[0].kit = "no-such-kit";
    expect(b, r, arena, ANSWER_REFUSED, "fmr1_kit_unknown", "kit");
    b = bench(SUBJECT_WOMAN, "29|31", arena);
    b->traces[0].dye[0].peaks[1].marks = PEAK_OFF_SCALE;
    expect(b, r, arena, ANSWER_INVALID, "fmr1_doubtful", "off scale");
    b->sample.evidence.status = REFUSED;
    expect(b, r, arena, ANSWER_REFUSED, "evidence_unusable", "file");
    arena_free(arena);
}

/* The slope of the run is fitted: another machine, other bp a repeat, the same answer. */
Test(fmr1, the_calibration_is_the_runs_own)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    Bench *b = bench(SUBJECT_WOMAN, "30|80", arena);
    Fmr1Reading read;
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < b->traces[i].dye[0].n; k++)
            b->traces[i].dye[0].peaks[k].size = 18 + 0.95 * b->traces[i].dye[0].peaks[k].size;
    fmr1_read(&read, reference_model(r, "fmr1"), &b->sample.evidence, &b->traces[0]);
    cr_assert_null(read.fault);
    cr_expect_eq(read.n_alleles, 2);
    cr_expect(read.alleles[0].repeats == 30 && read.alleles[1].repeats == 80);
    cr_expect(fabs(read.slope - 0.95 * 2.9) < 1e-6);
    arena_free(arena);
}

/* Of a fetus: one allele, two, none, a premutation, or a file that could not be read: the same findings. */
Test(fmr1, of_a_fetus_nothing_is_ever_told)
{
    static const char *const alleles[] = {"30", "29|31", "", "30|80", "20|30|60"};
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof alleles / sizeof *alleles; i++) {
        Bench *b = bench(SUBJECT_FETUS_A, alleles[i], arena);
        b->sample.evidence.status = i == 4 ? REFUSED : OK;
        Findings all = judge(b, r, arena);
        cr_assert_eq(all.n, 1);
        const Finding *f = &all.items[0];
        cr_expect(f->answer == ANSWER_NOT_ASSESSED && strcmp(f->detail, "fetal_xlinked") == 0 &&
                  strcmp(f->item, "FMR1") == 0 && !f->has_value && f->table[0] == '\0' &&
                  !f->example);
    }
    cr_expect(assay_find("fmr1")->never_fetal, "its files are not opened");
    arena_free(arena);
}

static Status prepare(const char *kit, const char *controls, const char *categories,
                      const char *limits, Note *why)
{
    Arena *arena = arena_new(NULL);
    Reference *r = reference_new(arena, "test", true);
    const void *model = NULL;
    add_table(r, "fmr1/kits", "example",
              arena_print(arena,
                          "kit\tdye\tlow\thigh\tleast_share\tstutter\tstutter_most\tcontrol_"
                          "alleles\tresidual\tblank\tsource\n%s",
                          kit),
              arena);
    add_table(r, "fmr1/controls", "example",
              arena_print(arena, "kit\tmaterial\trepeats\tsource\n%s", controls), arena);
    add_table(r, "fmr1/categories", "sourced",
              arena_print(arena, "category\tlow\thigh\tanswer\tdetail\tsource\n%s", categories),
              arena);
    add_table(r, "fmr1/limits", "sourced",
              arena_print(arena, "key\tvalue\tunit\tsource\n%s", limits), arena);
    Status s = fmr1_prepare(&model, r, arena, why);
    cr_expect((model != NULL) == (s == OK));
    arena_free(arena);
    return s;
}

Test(fmr1, tables_are_checked_before_the_first_sample)
{
    static const char kit[] = "k\t1\t240\t595\t0.1\t7\t0.5\t5\t1\tyes\t\n",
                      control[] = "k\tA\t20|31\t\n",
                      categories[] = "n\t0\t44\tnegative\ta\t\ni\t45\t\tpositive\tb\t\n",
                      limit[] = "tolerance\t0.05\t1\t\n";
    static const struct {
        const char *kit, *controls, *categories, *limits, *code;
    } rows[] = {
        {"k\t1\t595\t240\t0.1\t7\t0.5\t5\t1\tyes\t\n", control, categories, limit, "fmr1.kit"},
        {"k\t7\t240\t595\t0.1\t7\t0.5\t5\t1\tyes\t\n", control, categories, limit, "fmr1.kit"},
        {"k\t1\t240\t595\t0.1\t7\t0.5\t2\t1\tyes\t\n", control, categories, limit, "fmr1.kit"},
        {"k\t1\t240\t595\t0.1\t7\t0.5\t5\t1\tperhaps\t\n", control, categories, limit, "fmr1.kit"},
        {kit, "k\tA\t31|20\t\n", categories, limit, "fmr1.control"},
        {kit, "k\tA\t\t\n", categories, limit, "fmr1.control"},
        {kit, "k\tA\t20|x\t\n", categories, limit, "fmr1.control"},
        {kit, control, "n\t0\t44\tnegative\ta\t\ni\t46\t\tpositive\tb\t\n", limit, "fmr1.category"},
        {kit, control, "n\t0\t44\tnegative\ta\t\ni\t45\t200\tpositive\tb\t\n", limit,
         "fmr1.category"},
        {kit, control, "n\t5\t\tnegative\ta\t\n", limit, "fmr1.category"},
        {kit, control, categories, "other\t0.05\t1\t\n", "fmr1.limit"},
        {kit, control, categories, "tolerance\t5\t1\t\n", "fmr1.limit"},
    };
    Note why = {0};
    cr_expect_eq(prepare(kit, control, categories, limit, &why), OK, "%s", why.code);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(
            prepare(rows[i].kit, rows[i].controls, rows[i].categories, rows[i].limits, &why),
            BAD_INPUT, "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
    }
}

/* The curve is cut to the kit's window, 240 to 595 bp here; each allele has its wall and its name; a fetus and a failed run are not drawn. */
Test(fmr1, pictures_are_the_kits_window)
{
    enum { POINTS = 101 };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    int32_t curve[POINTS];
    for (int i = 0; i < POINTS; i++)
        curve[i] = i;
    for (int i = 0; i < 6; i++) {
        Bench *b = bench(i == 1 ? SUBJECT_FETUS_A : SUBJECT_WOMAN, "30|127", arena);
        Trace *t = &b->traces[0];
        t->dye[0].drawn = curve;
        t->grid_from = 205;
        t->grid_step = 5;
        t->n_grid = POINTS; /* to 705 */
        if (i == 2) b->sample.evidence.status = BAD_INPUT;
        if (i == 3) b->sample.assay = "mlpa";
        if (i == 4) b->sample.evidence.n_traces = 2; /* too few controls */
        if (i == 5) t->n_grid = 81;                  /* to 605 */
        const Case c = {.id = "C1", .samples = &b->sample, .n_samples = 1};
        Figures figures = {.arena = arena};
        assay_find("fmr1")->draw(&figures, &c, r, arena);
        cr_assert_eq(figures.n, i == 0 || i == 5 ? 1U : 0U, "row %d: %zu", i, figures.n);
        if (figures.n == 0) continue;
        const Figure *f = &figures.items[0];
        cr_expect(f->x_low == 240 && f->x_high == 595, "%g to %g", f->x_low, f->x_high);
        cr_assert_eq(f->n_curves, 1U);
        cr_expect(f->curves[0].x0 == 240 && f->curves[0].y[0] == 7 && f->curves[0].n == 72,
                  "row %d: from %g, %zu points", i, f->curves[0].x0, f->curves[0].n);
        cr_expect_eq(f->n_points, 0U);
        cr_assert_eq(f->n_walls, 2U);
        cr_assert_eq(f->n_names, 2U);
        cr_expect_float_eq(f->walls[0], size_of(30), 1e-9);
        cr_expect_float_eq(f->names[1].at, size_of(127), 1e-9);
        cr_expect_str_eq(f->names[0].label, "312.0 bp = 30", "%s", f->names[0].label);
        cr_expect_str_eq(f->names[1].label, "593.3 bp = > 118", "%s", f->names[1].label);
        for (size_t k = 0; k < f->n_x; k++)
            cr_expect(f->x_ticks[k].at >= 240 && f->x_ticks[k].at <= 595, "%g", f->x_ticks[k].at);
        cr_expect(f->x_ticks[0].at == 300 && f->n_x == 3, "%zu ticks from %g", f->n_x,
                  f->x_ticks[0].at);
    }
    arena_free(arena);
}

/* How far the controls lie from their line is told of every run that was read: 3 bp are a little over one repeat. */
Test(fmr1, the_calibration_is_told)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    Bench *b = bench(SUBJECT_WOMAN, "29|31", arena);
    Findings all = judge(b, r, arena);
    const Finding *f = find_finding(&all, "fmr1.calibration");
    cr_assert_not_null(f);
    cr_expect(f->answer == ANSWER_MEASURED && f->has_value && f->value == 0 &&
              strcmp(f->unit, "1") == 0 && f->example);
    b->traces[1].dye[0].peaks[1].size += 1.5;
    all = judge(b, r, arena);
    f = find_finding(&all, "fmr1.calibration");
    cr_assert_not_null(f);
    cr_expect(f->value > 0.1 && f->value < 0.6, "%g", f->value);
    cr_expect_float_eq(f->value * 100, round(f->value * 100), 1e-9, "two decimals");
    b->traces[0].fault = "ladder.few";
    b->traces[4].role = TRACE_LADDER; /* no blank: the run failed */
    all = judge(b, r, arena);
    cr_expect_null(find_finding(&all, "fmr1.calibration"));
    arena_free(arena);
}

/* Each allele of a good trace is told with its range; of one in doubt none is. */
Test(fmr1, alleles_are_told_unless_in_doubt)
{
    static const struct {
        const char *alleles;
        unsigned marks;
        size_t told;
        const char *item, *detail;
        bool valued;
    } rows[] = {
        {"40|60", 0, 2, "CGG 38-42", "fmr1_sized", true},
        {"60", 0, 1, "CGG 57-63", "fmr1_sized", true},
        {"127", 0, 1, "CGG > 118", "fmr1_beyond", false},
        {"30|60", PEAK_OFF_SCALE, 0, NULL, NULL, false},
        {"", 0, 0, NULL, NULL, false},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench *b = bench(SUBJECT_WOMAN, rows[i].alleles, arena);
        size_t told = 0;
        if (rows[i].marks != 0) b->traces[0].dye[0].peaks[1].marks = rows[i].marks;
        Findings all = judge(b, r, arena);
        for (size_t k = 0; k < all.n; k++)
            told += strcmp(all.items[k].code, "fmr1.allele") == 0;
        cr_expect_eq(told, rows[i].told, "row %zu: %zu", i, told);
        const Finding *f = find_finding(&all, "fmr1.allele");
        if (f == NULL || rows[i].item == NULL) continue;
        cr_expect_str_eq(f->item, rows[i].item, "row %zu: %s", i, f->item);
        cr_expect_str_eq(f->detail, rows[i].detail, "row %zu: %s", i, f->detail);
        cr_expect_eq(f->has_value, rows[i].valued, "row %zu", i);
        cr_expect(f->example && f->answer == ANSWER_MEASURED);
    }
    arena_free(arena);
}

/* --- the whole list --- */

/* All findings of a sample in their order: code, detail, answer, table, row. */
static const char *listed(const Findings *f, Arena *arena)
{
    const char *list = "";
    for (size_t i = 0; i < f->n; i++) {
        const Finding *x = &f->items[i];
        list = arena_print(arena, "%s%s %s %s %s %s; ", list, x->code + strlen("fmr1."), x->detail,
                           answer_code(x->answer), x->table, x->row ? x->row : "");
    }
    return list;
}

#define SIZED           "allele fmr1_sized measured fmr1/limits tolerance; "
#define RESULT(d, a, r) "result " d " " a " fmr1/categories " r "; "
#define OF_KIT(d, a)    "result " d " " a " fmr1/kits example-fmr1; "
#define NEAR            "boundary fmr1_near possible fmr1/categories ; "
#define END             "calibration  measured fmr1/controls ; scope fmr1_scope not_assessed  ; "

/* A category on the way of the tolerance is told beside a positive one; where it may be negative nothing is certain. */
Test(fmr1, findings_as_a_whole_list)
{
    static const struct {
        Subject subject;
        const char *alleles, *list;
    } rows[] = {
        {SUBJECT_WOMAN, "29|31", SIZED SIZED RESULT("fmr1_normal", "negative", "normal") END},
        {SUBJECT_WOMAN, "30|50",
         SIZED SIZED RESULT("fmr1_intermediate", "positive", "intermediate") END},
        {SUBJECT_WOMAN, "30|53",
         SIZED SIZED RESULT("fmr1_intermediate", "positive", "intermediate") NEAR END},
        {SUBJECT_WOMAN, "30|56",
         SIZED SIZED RESULT("fmr1_premutation", "positive", "premutation") NEAR END},
        {SUBJECT_WOMAN, "30|60",
         SIZED SIZED RESULT("fmr1_premutation", "positive", "premutation") END},
        {SUBJECT_WOMAN, "30|46", SIZED SIZED RESULT("fmr1_near", "possible", "intermediate") END},
        {SUBJECT_WOMAN, "30|44", SIZED SIZED RESULT("fmr1_near", "possible", "normal") END},
        {SUBJECT_WOMAN, "30", SIZED RESULT("fmr1_one_peak", "not_assessed", "normal") END},
        {SUBJECT_PARTNER, "30", SIZED RESULT("fmr1_normal", "negative", "normal") END},
        {SUBJECT_PARTNER, "56",
         SIZED RESULT("fmr1_premutation", "positive", "premutation") NEAR END},
        {SUBJECT_WOMAN, "30|127",
         SIZED "allele fmr1_beyond measured fmr1/limits tolerance; " RESULT(
             "fmr1_beyond", "positive", "premutation") END},
        {SUBJECT_WOMAN, "", OF_KIT("fmr1_no_product", "not_assessed") END},
        {SUBJECT_WOMAN, "20|30|60", SIZED SIZED SIZED OF_KIT("fmr1_too_many", "possible") END},
    };
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Findings f = judge(bench(rows[i].subject, rows[i].alleles, arena), r, arena);
        cr_expect_str_eq(listed(&f, arena), rows[i].list, "row %zu (%s): %s", i, rows[i].alleles,
                         listed(&f, arena));
        for (size_t k = 0; k < f.n; k++) {
            const bool scope = strcmp(f.items[k].code, "fmr1.scope") == 0;
            cr_expect(strcmp(f.items[k].sample, "S1") == 0 &&
                          f.items[k].subject == rows[i].subject && !f.items[k].fetal,
                      "row %zu: %s", i, f.items[k].code);
            cr_expect(!scope || !f.items[k].has_value);
        }
    }
    arena_free(arena);
}

/* Categories whose answers differ make a boundary open, on whichever side it lies: here the last one, without an upper end, is negative. */
Test(fmr1, an_open_end_is_a_boundary_as_any_other)
{
    static const struct {
        const char *alleles, *detail;
        Answer answer;
    } rows[] = {{"30|56", "fmr1_near", ANSWER_POSSIBLE},
                {"30|53", "fmr1_near", ANSWER_POSSIBLE},
                {"30|60", "fmr1_normal", ANSWER_NEGATIVE},
                {"30|50", "fmr1_intermediate", ANSWER_POSITIVE},
                {"30|46", "fmr1_near", ANSWER_POSSIBLE}};
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    Table *t = (Table *)reference_table(r, "fmr1/categories");
    const size_t n = t->n_columns;
    t->n_rows = 3; /* normal, intermediate, and from 55 on again normal */
    t->cells[2 * n + (size_t)table_column(t, "high")] = "";
    t->cells[2 * n + (size_t)table_column(t, "answer")] = "negative";
    t->cells[2 * n + (size_t)table_column(t, "detail")] = "fmr1_normal";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect(bench(SUBJECT_WOMAN, rows[i].alleles, arena), r, arena, rows[i].answer,
               rows[i].detail, rows[i].alleles);
    arena_free(arena);
}

/* Each own trace of a sample is judged; controls are nobody's product; samples of other assays are left alone. */
Test(fmr1, every_own_trace_is_judged_and_no_other)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    for (int own = 0; own < 3; own++) {
        Bench *b = bench(SUBJECT_PARTNER, "30", arena);
        size_t results = 0, scopes = 0;
        if (own == 0) b->traces[0].role = TRACE_BLANK;
        if (own == 2) {
            b->traces[5] = product(TRACE_SAMPLE, "", "70", arena);
            b->sample.evidence.n_traces = 6;
        }
        const Sample samples[] = {b->sample, {.id = "S2", .assay = "mlpa"}};
        const Case c = {.id = "C1", .samples = samples, .n_samples = 2};
        Findings f = {.arena = arena};
        Note why;
        cr_assert_eq(assay_find("fmr1")->interpret(&f, &c, r, arena, &why), OK);
        for (size_t i = 0; i < f.n; i++) {
            const bool result = strcmp(f.items[i].code, "fmr1.result") == 0;
            cr_expect_str_eq(f.items[i].sample, "S1");
            results += result;
            scopes += strcmp(f.items[i].code, "fmr1.scope") == 0;
            if (result)
                cr_expect_str_eq(f.items[i].detail, own == 0       ? "fmr1_no_trace"
                                                    : results == 1 ? "fmr1_normal"
                                                                   : "fmr1_premutation");
        }
        cr_expect_eq(results, own == 2 ? 2U : 1U, "%d", own);
        cr_expect_eq(scopes, 1U);
    }
    arena_free(arena);
}

/* A curve that lies beside the window has no point in it. */
Test(fmr1, a_curve_beside_the_window_is_not_drawn)
{
    static const struct {
        double from;
        size_t n, kept;
        double first;
    } rows[] = {{100, 10, 0, 0},    {600, 10, 0, 0}, {195, 10, 1, 240}, {595, 10, 1, 595},
                {300, 10, 10, 300}, {194, 10, 0, 0}, {596, 10, 0, 0}};
    Arena *arena = arena_new(NULL);
    const Reference *r = demo_release(arena);
    int32_t curve[16] = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Bench *b = bench(SUBJECT_WOMAN, "30|60", arena);
        Trace *t = &b->traces[0];
        t->dye[0].drawn = curve;
        t->grid_from = rows[i].from;
        t->grid_step = 5;
        t->n_grid = rows[i].n;
        const Case c = {.id = "C1", .samples = &b->sample, .n_samples = 1};
        Figures figures = {.arena = arena};
        assay_find("fmr1")->draw(&figures, &c, r, arena);
        cr_assert_eq(figures.n, 1U, "row %zu", i);
        const Figure *f = &figures.items[0];
        cr_expect_eq(f->curves[0].n, rows[i].kept, "row %zu: %zu", i, f->curves[0].n);
        if (rows[i].kept > 0) cr_expect_eq(f->curves[0].x0, rows[i].first, "row %zu", i);
        cr_expect(f->x_low >= 240 && f->x_high <= 595, "row %zu", i);
    }
    arena_free(arena);
}

/* Without its tables the assay says which, and draws nothing. */
Test(fmr1, without_tables_there_is_a_note_and_no_picture)
{
    Arena *arena = arena_new(NULL);
    Reference *r = reference_new(arena, "test", true);
    const Bench *b = bench(SUBJECT_WOMAN, "30|60", arena);
    const Case c = {.id = "C1", .samples = &b->sample, .n_samples = 1};
    Findings f = {.arena = arena};
    Figures figures = {.arena = arena};
    Note why = {.code = ""};
    cr_expect_eq(assay_find("fmr1")->interpret(&f, &c, r, arena, &why), NOT_FOUND);
    cr_expect_str_eq(why.code, "table.absent");
    cr_expect_str_eq(why.file, "fmr1/kits");
    assay_find("fmr1")->draw(&figures, &c, r, arena);
    cr_expect(f.n == 0 && figures.n == 0);
    cr_expect(assay_find("fmr1")->takes_traces && !assay_find("fmr1")->takes_results);
    arena_free(arena);
}
