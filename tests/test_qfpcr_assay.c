/* What QF-PCR tells of a sample, compared whole: every finding with its value and the table it rests on; what its controls, its blank and its mother must show; and
 * tables with one cell broken. */
#include "broken_table.h"
#include "findings_text.h"
#include "lab/assays/assay.h"
#include "qfpcr_paper.h"
#include "watched.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

TestSuite(qfpcr_assay, .init = paper_open, .fini = paper_close);

static Findings interpret(Sample *samples, size_t n)
{
    Findings out = {.arena = arena};
    Note why = {.code = ""};
    const Case c = {.id = "C1", .samples = samples_of(samples, n, arena), .n_samples = n};
    cr_assert_eq(assay_find("qfpcr")->interpret(&out, &c, reference, arena, &why), OK, "%s",
                 why.code);
    return out;
}

static Sample fetus(Trace *traces, size_t n)
{
    return (Sample){.id = "S1",
                    .assay = "qfpcr",
                    .subject = SUBJECT_FETUS_A,
                    .fetal = true,
                    .evidence = {.traces = traces, .n_traces = n}};
}

static TracePeak *first_peak(Trace *t, const char *marker)
{
    for (size_t i = 0; i < markers.n; i++) {
        const Marker *m = &markers.items[i];
        TraceDye *d = &t->dye[m->dye - 1];
        for (size_t k = 0; strcmp(m->name, marker) == 0 && k < d->n; k++)
            if (d->peaks[k].size >= m->low && d->peaks[k].size <= m->high) return &d->peaks[k];
    }
    cr_assert(false, "%s has no peak", marker);
    return NULL;
}

Test(qfpcr_assay, all_findings_of_a_sample)
{
    static const Genotype own[] = {{"D21S11", "6:1.234/18"},
                                   {"D18S535", "6/18:1.234"},
                                   {"D13S305", "6"},
                                   {"D21S1446", "6:2.345/18"}};
    static const struct {
        const char *marker, *told;
    } due[] = {{"D21S11", "measured|qfpcr_m_normal|1.23 1"},
               {"D18S535", "measured|qfpcr_m_normal|0.81 1"},
               {"D13S305", "not_assessed|qfpcr_m_homozygous|"},
               {"D21S1446", "measured|qfpcr_m_trisomic|2.35 1"},
               {"D13S252", "not_assessed|qfpcr_m_unusable|"}};
    Trace hers[] = {typed(NULL, 0), control(), empty(TRACE_BLANK)};
    Trace traces[] = {typed(own, COUNT(own)), control(), empty(TRACE_BLANK)};
    first_peak(&traces[0], "D13S252")->marks = PEAK_OFF_SCALE;
    Sample s[] = {fetus(traces, 3), {.id = "S0", .assay = "carrier"}, fetus(hers, 3)};
    s[2].id = "S2";
    s[2].fetal = false;
    s[2].subject = SUBJECT_WOMAN;
    const char *expected = "S1|qfpcr.chromosome|13|negative|qfpcr_normal||qfpcr/verdict:V1!\n"
                           "S1|qfpcr.chromosome|18|negative|qfpcr_normal||qfpcr/verdict:V1!\n"
                           "S1|qfpcr.chromosome|21|possible|qfpcr_single||qfpcr/verdict:V4!\n"
                           "S1|qfpcr.run||negative|qfpcr_passed||qfpcr/run:R1!\n"
                           "S1|qfpcr.control||measured||1 1|qfpcr/controls!\n"
                           "S1|qfpcr.mother||negative|qfpcr_consistent||qfpcr/sample!\n";
    for (size_t i = 0; i < markers.n; i++) {
        const char *told = "measured|qfpcr_m_normal|1 1";
        if (markers.items[i].sex) continue;
        for (size_t k = 0; k < COUNT(due); k++)
            if (strcmp(due[k].marker, markers.items[i].name) == 0) told = due[k].told;
        expected = arena_print(arena, "%sS1|qfpcr.marker|%s (%s)|%s|qfpcr/marker!\n", expected,
                               markers.items[i].name, markers.items[i].chromosome, told);
    }
    expected = arena_print(arena,
                           "%sS1|qfpcr.scope||not_assessed|qfpcr_scope||qfpcr/verdict!\n"
                           "S2|qfpcr.maternal||not_assessed|qfpcr_reference||qfpcr/verdict\n",
                           expected);
    const Findings f = interpret(s, 3);
    const char *told = findings_text(&f, arena);
    /* versions of a release may be unverified: that mark is not asked for here */
    char *plain = arena_copy(arena, told), *to = plain;
    for (const char *p = told; *p != '\0'; p++)
        if (*p != '?') *to++ = *p;
    *to = '\0';
    cr_expect_str_eq(plain, expected, "%s", plain);
    for (size_t i = 0; i < f.n; i++) {
        const Table *t = reference_table(reference, f.items[i].table);
        cr_expect_str_eq(f.items[i].version, t->info.version);
        cr_expect_eq(f.items[i].unverified, strcmp(t->info.status, "unverified") == 0);
    }
}

/* A run that failed tells nothing else: no ratio, no mother. What is no evidence at all is refused, or missing. */
Test(qfpcr_assay, what_cannot_be_judged)
{
    static const struct {
        const char *answer, *detail, *table;
        size_t lines; /* three chromosomes, and the scope; the run's line and its control's */
    } rows[] = {{"failed", "qfpcr_no_blank", "qfpcr/run:R6", 6},
                {"refused", "evidence_unusable", "qfpcr/settings", 4},
                {"missing", "qfpcr_no_trace", "qfpcr/settings", 4},
                {"missing", "qfpcr_no_trace", "qfpcr/settings", 4}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Trace traces[] = {typed(NULL, 0), control(), empty(TRACE_BLANK)};
        Sample s = fetus(traces, i == 0 ? 2 : 3);
        if (i == 1) s.evidence.status = BAD_INPUT;
        if (i == 2) traces[0].role = TRACE_LADDER;
        if (i == 3) traces[0].kit = "unknown";
        const Findings f = interpret(&s, 1);
        cr_expect_eq(f.n, rows[i].lines, "row %zu: %s", i, findings_text(&f, arena));
        for (size_t k = 0; k < 3; k++) {
            static const char *const chromosomes[] = {"13", "18", "21"};
            cr_expect_str_eq(f.items[k].code, "qfpcr.chromosome");
            cr_expect_str_eq(f.items[k].item, chromosomes[k]);
            cr_expect_str_eq(answer_code(f.items[k].answer), rows[i].answer);
            cr_expect_str_eq(f.items[k].detail, rows[i].detail);
            cr_expect_not_null(strstr(finding_text(&f.items[k], arena),
                                      arena_print(arena, "||%s", rows[i].table)));
        }
        cr_expect_str_eq(f.items[f.n - 1].code, "qfpcr.scope");
        if (i == 0) {
            cr_expect_str_eq(f.items[3].code, "qfpcr.run");
            cr_expect_eq(f.items[3].answer, ANSWER_FAILED);
            cr_expect_str_eq(f.items[3].detail, "qfpcr_no_blank");
        }
    }
}

/* The upper one of the middle of all two-allele markers' ratios, of the first control of that kit that can be read. */
Test(qfpcr_assay, the_controls_ratio)
{
    static const char *const two[] = {"D13S634", "D18S535", "D21S1435", "D21S11",
                                      "D13S305", "D18S386", "D13S800",  "D18S978",
                                      "D18S390", "D13S252", "D21S1409"};
    for (size_t n = 0; n < COUNT(two); n++) {
        Trace traces[] = {typed(NULL, 0), control(), control(), control(), empty(TRACE_BLANK)};
        Sample s = fetus(traces, 5);
        traces[1].fault = "ladder.few";
        traces[2].kit = "another";
        /* n of eleven ratios above 1, in no order of size: 1.02, 1.04 ... */
        for (size_t k = 0; k < n; k++) {
            TracePeak *p = first_peak(&traces[3], two[k * 7 % 11]);
            p->height *= 1 + 0.02 * (double)(k + 1);
            p->area *= 1 + 0.02 * (double)(k + 1);
        }
        QfpcrJudgement j;
        cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
        /* sorted: 11 - n ones, then 1.02 ... ; the sixth of them, corrected by nothing else */
        const double due = n < 6 ? 1 : 1 + 0.02 * (double)(n - 5);
        cr_expect(fabs(j.control_ratio - due) < 1e-6, "%zu: %g", n, j.control_ratio);
    }
    Trace traces[] = {typed(NULL, 0), empty(TRACE_CONTROL), empty(TRACE_BLANK)};
    Sample s = fetus(traces, 3);
    QfpcrJudgement j;
    cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
    cr_expect(isnan(j.control_ratio), "no marker of two alleles");
    traces[1].role = TRACE_LADDER;
    cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
    cr_expect(isnan(j.control_ratio), "no control");
}

/* A peak in the blank counts from 50 on, within the window of a marker that is no sex marker, its ends too, and when it is a peak. */
Test(qfpcr_assay, what_a_blank_may_hold)
{
    static const struct {
        int dye;
        double size, height;
        unsigned marks;
        bool silent;
    } rows[] = {
        {1, 385, 50, 0, false},
        {1, 385, 49.9, 0, true},
        {1, 430, 50, 0, false},
        {1, 430.1, 5000, 0, true},
        {1, 169.9, 5000, 0, true},
        {1, 170, 5000, 0, false},
        {1, 250, 5000, PEAK_PULL_UP, true},
        {1, 250, 5000, PEAK_SHAPE, true},
        {1, 250, 5000, PEAK_OFF_SCALE, false},
        {1, 110, 5000, 0, true}, /* AMEL */
        {2, 250, 5000, 0, true}, /* D21S11 is in another dye */
        {4, 210, 60, 0, false},
        {4, 340, 60, 0, false}, /* the last marker */
        {4, 158, 5000, 0, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t before = 0; before < 2; before++) {
            Trace traces[] = {typed(NULL, 0), control(), empty(TRACE_BLANK), empty(TRACE_BLANK)};
            Sample s = fetus(traces, 4);
            TraceDye *d = &traces[2 + before].dye[rows[i].dye - 1];
            if (before) d->peaks[d->n++] = (TracePeak){90, 9000, 9000, 6, 0};
            d->peaks[d->n++] =
                (TracePeak){rows[i].size, rows[i].height, rows[i].height, 6, rows[i].marks};
            QfpcrJudgement j;
            cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
            cr_expect_str_eq(
                decide_output(reference_rules(reference, "qfpcr/run"), j.run, "detail"),
                rows[i].silent ? "" : "qfpcr_blank_peaks", "row %zu %zu", i, before);
        }
}

/* Any control that is wrong fails the run, wherever it stands among good ones; so does a blank. Those of another kit are not asked. */
Test(qfpcr_assay, one_bad_control_is_enough)
{
    static const struct {
        const char *wrong; /* '-' missing allele, 'm' moved, '+' one too many, 'd' dosage */
        const char *detail;
    } rows[] = {{"ggg", ""},
                {"-gg", "qfpcr_control_wrong"},
                {"g-g", "qfpcr_control_wrong"},
                {"gg-", "qfpcr_control_wrong"},
                {"gmg", "qfpcr_control_wrong"},
                {"gg+", "qfpcr_control_wrong"},
                {"dgg", "qfpcr_control_wrong"},
                {"gug", "qfpcr_control_unread"},
                {"uum", "qfpcr_control_unread"}, /* the first that is not good is told */
                {"mug", "qfpcr_control_wrong"},
                {"gog", ""},
                {"ooo", "qfpcr_no_control"},
                {"glg", "qfpcr_control_unlisted"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Trace traces[] = {typed(NULL, 0), control(), control(), control(), empty(TRACE_BLANK)};
        Sample s = fetus(traces, 5);
        for (size_t k = 0; k < 3; k++) {
            Trace *t = &traces[k + 1];
            TracePeak *p = first_peak(t, "D18S535");
            switch (rows[i].wrong[k]) {
            case '-':
                p->size = 20;
                break;
            case 'm':
                p->size += 0.71;
                break;
            case '+':
                put(t, &markers.items[1], "30");
                break;
            case 'd':
                p->height *= 2;
                p->area *= 2;
                break;
            case 'u':
                t->fault = "ladder.few";
                break;
            case 'o':
                t->kit = "another";
                break;
            case 'l':
                t->material = "9947A";
                break;
            default:
                p->size += 0.69; /* within reach */
            }
        }
        QfpcrJudgement j;
        cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
        cr_expect_str_eq(decide_output(reference_rules(reference, "qfpcr/run"), j.run, "detail"),
                         rows[i].detail, "%s", rows[i].wrong);
    }
}

/* Markers in common with a mother of whom only some could be read: four are enough to know her, three are not. */
Test(qfpcr_assay, how_much_of_the_mother_must_be_read)
{
    static const struct {
        size_t read, strange;
        int heterozygous; /* her markers with two alleles; her others have one */
        const char *mother, *detail;
    } rows[] = {
        {0, 0, 0, "", "qfpcr_few_common"},
        {3, 0, 0, "", "qfpcr_few_common"},
        {4, 0, 0, "consistent", "qfpcr_consistent"},
        {4, 1, 0, "", "qfpcr_few_common"},
        {5, 1, 0, "consistent", "qfpcr_consistent"},
        {2, 2, 0, "mismatch", "qfpcr_not_mother"},
        {9, 2, 0, "mismatch", "qfpcr_not_mother"},
        {4, 0, 4, "identical", "qfpcr_all_maternal"},
        {9, 0, 4, "identical", "qfpcr_all_maternal"},
        {3, 0, 3, "", "qfpcr_few_common"},
        {9, 0, 3, "consistent", "qfpcr_consistent"},
        {9, 1, 5, "consistent", "qfpcr_consistent"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Trace own[] = {typed(NULL, 0), control(), empty(TRACE_BLANK)},
              hers[] = {empty(TRACE_SAMPLE), control(), empty(TRACE_BLANK)};
        for (size_t k = 0; k < rows[i].read; k++)
            put(&hers[0], &markers.items[k],
                k < rows[i].strange                                  ? "12"
                : k < rows[i].strange + (size_t)rows[i].heterozygous ? "6/18"
                                                                     : "18");
        Sample s[] = {fetus(own, 3), fetus(hers, 3)};
        s[1].fetal = false;
        s[1].subject = SUBJECT_WOMAN;
        QfpcrJudgement j;
        cr_assert(qfpcr_judge(&j, &s[0], &s[1], reference, arena));
        cr_expect_str_eq(j.mother, rows[i].mother, "row %zu: %s", i, j.mother);
        const Findings f = interpret(s, 2);
        const char *line = findings_with(&f, "qfpcr.mother", arena);
        cr_expect_not_null(strstr(line, rows[i].detail), "row %zu: %s", i, line);
        /* what her own run, or her evidence, does not allow was not typed */
        for (int bad = 0; bad < 3; bad++) {
            hers[2].role = bad == 0 ? TRACE_LADDER : TRACE_BLANK;
            hers[0].role = bad == 1 ? TRACE_LADDER : TRACE_SAMPLE;
            s[1].evidence.status = bad == 2 ? BAD_INPUT : OK;
            cr_assert(qfpcr_judge(&j, &s[0], &s[1], reference, arena));
            cr_expect(!j.mother_typed && j.mother[0] == '\0', "row %zu, %d", i, bad);
        }
    }
}

/* A sample run twice has two typings, and the worse run of both. */
Test(qfpcr_assay, two_injections)
{
    Trace traces[] = {typed(NULL, 0), control(), empty(TRACE_BLANK), typed(NULL, 0)};
    Sample s = fetus(traces, 4);
    QfpcrJudgement j;
    cr_assert(qfpcr_judge(&j, &s, NULL, reference, arena));
    cr_expect(j.n_typings == 2 && j.typings[0].trace == &traces[0] &&
              j.typings[1].trace == &traces[3]);
    cr_expect(j.of[13].markers == 10 && j.of[18].markers == 10 && j.of[21].markers == 10,
              "%d %d %d", j.of[13].markers, j.of[18].markers, j.of[21].markers);
    cr_expect(j.of[21].normal == 10 && j.of[21].pairs == 10 && j.of[21].trisomic == 0);
    static const struct {
        const char *alleles, *verdict;
    } ten[] = {{"6/18", "normal"},
               {"6:2/18", "trisomy"},
               {"6:1.6/18", "intermediate"},
               {"6/18/12:0.1", "foreign"}};
    for (size_t i = 0; i < COUNT(ten); i++) { /* ten of a kind count as nine or more */
        const Genotype g = {"21", ten[i].alleles};
        Trace twice[] = {typed(&g, 1), control(), empty(TRACE_BLANK), typed(&g, 1)};
        const Sample t = fetus(twice, 4);
        cr_assert(qfpcr_judge(&j, &t, NULL, reference, arena));
        cr_expect_str_eq(j.of[21].verdict, ten[i].verdict, "%s: %s", ten[i].alleles,
                         j.of[21].verdict);
    }
    const Findings f = interpret(&s, 1);
    size_t told = 0;
    for (size_t i = 0; i < f.n; i++)
        told += strcmp(f.items[i].code, "qfpcr.marker") == 0;
    cr_expect_eq(told, 30U);
}

/* 13, 18 and 21 are answered although a kit has no marker of one; what else it has is answered, too. */
Test(qfpcr_assay, chromosomes_that_are_told)
{
    const Reference *all = reference;
    const Table *panel = reference_table(reference, "fragment/panel");
    for (size_t r = 0; r < panel->n_rows; r++)
        if (strcmp(table_get(panel, r, "kit"), KIT) == 0 &&
            strcmp(table_get(panel, r, "chromosome"), "13") == 0)
            all = reference_but(all, "fragment/panel", r, "chromosome", "16", arena);
    Reference *other = (Reference *)all;
    Note why = {.code = ""};
    cr_assert_eq(reference_finish(other, &why), OK, "%s %s %s", why.code, why.file, why.field);
    Trace traces[] = {typed(NULL, 0), control(), empty(TRACE_BLANK)};
    const Sample s = fetus(traces, 3);
    QfpcrJudgement j;
    cr_assert(qfpcr_judge(&j, &s, NULL, other, arena));
    for (int c = 1; c < QFPCR_CHROMS; c++)
        cr_expect_eq(j.told[c], c == 13 || c == 16 || c == 18 || c == 21, "%d", c);
    cr_expect_str_eq(j.of[13].verdict, "too_few");
    cr_expect_str_eq(j.of[16].verdict, "normal");
    cr_expect_eq(j.of[13].markers, 0);
    cr_expect_eq(j.of[16].markers, 5);
}

/* Without their tables nothing is known of kits and limits. */
Test(qfpcr_assay, tables_that_are_absent)
{
    const Reference *empty_one = reference_new(arena, "test", false);
    QfpcrKit kit;
    QfpcrLimits l;
    Note why = {.code = ""};
    cr_expect_not(qfpcr_kit(&kit, empty_one, KIT));
    cr_expect_eq(qfpcr_limits(&l, empty_one, &why), BAD_INPUT);
    cr_expect_str_eq(why.file, "qfpcr/settings");
    cr_expect_str_eq(why.field, "ratio.normal_low");
    cr_expect_eq(qfpcr_kits_check(empty_one, arena, NULL), OK);
    cr_expect_eq(qfpcr_controls_check(empty_one, arena, NULL), OK);
}

/* Of more than 32 peaks in a window the highest 32 are looked at, in whatever order they come. */
Test(qfpcr_assay, the_highest_peaks_of_a_window)
{
    unsigned seed = 5;
    for (int round = 0; round < 60; round++) {
        enum { PEAKS = 40 };
        TracePeak all[PEAKS], best[32];
        const size_t n = (size_t)(round % 2 ? PEAKS : 33);
        for (size_t i = 0; i < n; i++) { /* distinct heights, at distinct places */
            seed = seed * 1103515245u + 12345u;
            const double height = 100 * (double)(1 + (i * 17 + seed / 65536 % 3 * 1000) % n);
            all[i] = (TracePeak){220.5 + 1.2 * (double)i, height, height, 6, 0};
        }
        for (size_t i = 0; i < 32; i++) { /* plainly: the highest that is left, 32 times */
            size_t top = n;
            for (size_t k = 0; k < n; k++) {
                bool taken = false;
                for (size_t b = 0; b < i; b++)
                    taken = taken || best[b].size == all[k].size;
                if (!taken && (top == n || all[k].height > all[top].height)) top = k;
            }
            best[i] = all[top];
        }
        const Marker m = {
            .name = "M", .chromosome = "21", .dye = 2, .low = 220, .high = 270, .repeat = 4};
        Trace t = {.kit = KIT}, few = {.kit = KIT};
        MarkerReading r, due;
        t.dye[1] = (TraceDye){.peaks = all, .n = n};
        few.dye[1] = (TraceDye){.peaks = best, .n = 32};
        qfpcr_read_marker(&r, &limits, &demo_kit, &m, &t, reference);
        qfpcr_read_marker(&due, &limits, &demo_kit, &m, &few, reference);
        cr_assert(r.n == due.n && r.n_foreign == due.n_foreign && r.n <= QFPCR_ALLELES, "%d: %d %d",
                  round, r.n, due.n);
        cr_expect_eq(r.n, QFPCR_ALLELES);
        for (int i = 0; i < r.n; i++)
            cr_expect(r.alleles[i].size == due.alleles[i].size &&
                          r.alleles[i].height == due.alleles[i].height &&
                          (i == 0 || r.alleles[i - 1].size < r.alleles[i].size),
                      "%d: allele %d", round, i);
    }
}

/* Heights and areas of alleles on paper: less the neighbour's mean stutter, the longer ones' loss made good; every field. */
Test(qfpcr_assay, alleles_cell_by_cell)
{
    static const Marker m = {
        .name = "M", .chromosome = "18", .dye = 1, .low = 200, .high = 260, .repeat = 4};
    const QfpcrKit kit = {
        .decay = 0.01, .stutter_mean = 0.1, .stutter_most = 0.15, .forward_most = 0.03};
    TracePeak peaks[] = {{210, 2500, 6000, 6, PEAK_SHAPE},
                         {214, 3000, 5000, 6, 0},
                         {230, 300, 700, 6, 0},
                         {240, 2500, 4000, 6, PEAK_OFF_SCALE}};
    Trace t = {.kit = KIT};
    MarkerReading r;
    t.dye[0] = (TraceDye){.peaks = peaks, .n = 4};
    qfpcr_read_marker(&r, &limits, &kit, &m, &t, reference);
    const struct {
        double size, height, area;
        unsigned marks;
    } due[] = {{210, (2500 - 300) * exp(0.1), (6000 - 500) * exp(0.1), PEAK_SHAPE},
               {214, 3000 * exp(0.14), 5000 * exp(0.14), 0},
               {240, 2500 * exp(0.4), 4000 * exp(0.4), PEAK_OFF_SCALE}};
    cr_assert_eq(r.n, 3);
    for (int i = 0; i < 3; i++)
        cr_expect(r.alleles[i].size == due[i].size &&
                      fabs(r.alleles[i].height / due[i].height - 1) < 1e-12 &&
                      fabs(r.alleles[i].area / due[i].area - 1) < 1e-12 &&
                      r.alleles[i].marks == due[i].marks,
                  "allele %d: %g %g", i, r.alleles[i].height, r.alleles[i].area);
    cr_assert_eq(r.n_foreign, 1);
    cr_expect(r.foreign[0].size == 230 && fabs(r.foreign[0].height - 300 * exp(0.3)) < 1e-9);
    cr_expect_str_eq(r.class, "unusable");
    /* the pair furthest from 1 is told: 210 to 214 is 1.06, 214 to 240 0.96, 210 to 240 1.02 */
    cr_expect(fabs(r.ratio - due[0].area / due[1].area) < 1e-12 ||
                  fabs(r.ratio - due[0].area / due[2].area) < 1e-12,
              "%g", r.ratio);
    double furthest = 0;
    for (int a = 0; a < 3; a++)
        for (int b = a + 1; b < 3; b++)
            furthest = fmax(furthest, fabs(log(due[a].area / due[b].area)));
    cr_expect(fabs(fabs(log(r.ratio)) - furthest) < 1e-12);
}

/* Each key must be there and above zero; a kit's figures and a control's genotype must be ones. */
Test(qfpcr_assay, tables_with_one_cell_broken)
{
    static const struct {
        const char *table;
        size_t row; /* 99 = the last */
        const char *column, *value, *code;
    } rows[] = {
        {"qfpcr/kits", 0, "decay_per_bp", "-0.001", "qfpcr.settings"},
        {"qfpcr/kits", 0, "decay_per_bp", "0", NULL},
        {"qfpcr/kits", 0, "decay_per_bp", "x", "qfpcr.settings"},
        {"qfpcr/kits", 0, "stutter_mean", "-0.001", "qfpcr.settings"},
        {"qfpcr/kits", 0, "stutter_mean", "0", NULL},
        {"qfpcr/kits", 0, "stutter_mean", "", "qfpcr.settings"},
        {"qfpcr/kits", 0, "stutter_most", "1", "qfpcr.settings"},
        {"qfpcr/kits", 0, "stutter_most", "0.99", NULL},
        {"qfpcr/kits", 0, "stutter_most", "", "qfpcr.settings"},
        {"qfpcr/kits", 0, "forward_most", "1", "qfpcr.settings"},
        {"qfpcr/kits", 0, "forward_most", "0.99", NULL},
        {"qfpcr/kits", 0, "forward_most", "", "qfpcr.settings"},
        {"qfpcr/kits", 0, "kit", "unlisted", NULL}, /* nobody can read it, and nobody is asked to */
        {"qfpcr/controls", 0, "marker", "D1S1", "qfpcr.controls"},
        {"qfpcr/controls", 99, "marker", "D1S1", "qfpcr.controls"},
        {"qfpcr/controls", 0, "marker", "AMEL", "qfpcr.controls"},
        {"qfpcr/controls", 0, "marker", "D21S1442", NULL},
        {"qfpcr/controls", 0, "kit", "unknown", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "", "qfpcr.controls"},
        {"qfpcr/controls", 99, "sizes", "x", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "0", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "0.5", NULL},
        {"qfpcr/controls", 0, "sizes", "-1", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "inf", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "221", NULL},
        {"qfpcr/controls", 0, "sizes", "221|", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "221|0", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "221|229|237", "qfpcr.controls"},
        {"qfpcr/controls", 0, "sizes", "221/229", "qfpcr.controls"},
    };
    const void *model;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Table *t = reference_table(reference, rows[i].table);
        const size_t row = rows[i].row == 99 ? t->n_rows - 1 : rows[i].row;
        const Reference *r =
            reference_but(reference, rows[i].table, row, rows[i].column, rows[i].value, arena);
        Note why = {.code = ""};
        const Status s = assay_find("qfpcr")->prepare(&model, r, arena, &why);
        cr_expect_eq(s, rows[i].code == NULL ? OK : BAD_INPUT, "row %zu: %s", i, why.code);
        if (rows[i].code == NULL || s == OK) continue;
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        cr_expect_eq(why.row, (long)row + 2, "row %zu: %ld", i, why.row);
        cr_expect_str_eq(why.field,
                         table_get(reference_table(r, rows[i].table), row,
                                   strcmp(rows[i].table, "qfpcr/kits") == 0 ? "kit" : "marker"));
    }
    const Table *settings = reference_table(reference, "qfpcr/settings");
    for (size_t i = 0; i < settings->n_rows; i++)
        for (int bad = 0; bad < 4; bad++) {
            static const char *const values[] = {"0", "-1", "", "0.001"};
            const Reference *r =
                reference_but(reference, "qfpcr/settings", i, "value", values[bad], arena);
            QfpcrLimits l;
            Note why = {.code = ""};
            cr_expect_eq(qfpcr_limits(&l, r, &why), bad < 3 ? BAD_INPUT : OK, "row %zu %d", i, bad);
            if (bad == 3) continue;
            cr_expect_str_eq(why.code, "qfpcr.settings");
            cr_expect_str_eq(why.field, table_cell(settings, i, 0));
        }
}
