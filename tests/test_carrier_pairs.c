/* Two people against the rule in its plainest form, every pair of states; residual risk on both sides of its limits; alpha-globin and SMN1 results finding by
 * finding. */
#include "carrier_fixture.h"

#define STATE_ALL (STATE_REFUSED + 1)

enum { GENES = 64 };

typedef struct Due {
    Answer answer;
    const char *detail; /* NULL = nothing is said */
    double value;
} Due;

/* A person of whom every gene is negative but one. */
typedef struct Person {
    Sample sample;
    SampleView view;
    GeneState genes[GENES], own_class[GENES];
} Person;

static const SampleView *view_of(Person *p, const Lab *lab, size_t gene, State state, State low)
{
    cr_assert(lab->model->n_genes <= GENES);
    for (size_t g = 0; g < lab->model->n_genes; g++)
        p->genes[g] = p->own_class[g] = (GeneState){.state = STATE_NEGATIVE, .answer = NEG};
    p->genes[gene].state = state;
    p->own_class[gene].state = low;
    p->sample = person(W, "S1", NULL);
    p->view = (SampleView){.sample = &p->sample,
                           .genes = p->genes,
                           .own_class = p->own_class,
                           .chromosomes = "unknown",
                           .alpha_row = -1};
    return &p->view;
}

static size_t gene_named(const Lab *lab, const char *name)
{
    for (size_t g = 0; g < lab->model->n_genes; g++)
        if (strcmp(lab->model->genes[g].name, name) == 0) return g;
    cr_assert_fail("%s", name);
    return 0;
}

static bool seen(State s)
{
    return s == STATE_CARRIER || s == STATE_AFFECTED || s == STATE_UNSETTLED || s == STATE_POSSIBLE;
}

static double share(State s)
{
    return s == STATE_CARRIER ? 0.5 : s == STATE_AFFECTED ? 1 : 0;
}

/* What stands in the way of a number, the worst first. `residual` below 0: no source gives it. */
static Due plain_pair(State w, State m, double residual)
{
    static const struct {
        State state;
        Answer answer;
        const char *detail;
    } order[] = {
        {STATE_REFUSED, REF, "couple_refused"},
        {STATE_POSSIBLE, MAY, "couple_confirm"},
        {STATE_NOT_ASSESSED, NOT, "partner_must_be_tested"},
        {STATE_PARTLY, NOT, "partner_partly_assessed"},
        {STATE_SILENT, NOT, "couple_silent_not_excluded"},
        {STATE_UNSETTLED, MAY, "couple_unsettled"},
    };
    if (!seen(w) && !seen(m) && w != STATE_REFUSED && m != STATE_REFUSED)
        return (Due){NOT, NULL, NONE};
    for (size_t i = 0; i < COUNT(order); i++)
        if (w == order[i].state || m == order[i].state)
            return (Due){order[i].answer, order[i].detail, NONE};
    if (w == STATE_NEGATIVE || m == STATE_NEGATIVE) {
        const State other = w == STATE_NEGATIVE ? m : w;
        return residual < 0 ? (Due){NOT, "couple_residual_not_computed", NONE}
                            : (Due){NEG, "couple_residual", share(other) * residual / 2};
    }
    const double both = share(w) * share(m);
    return (Due){POS,
                 both == 1     ? "couple_all"
                 : both == 0.5 ? "couple_half"
                               : "couple_quarter",
                 both};
}

static void expect_due(const Finding *f, const Due *due, const char *item, State w, State m)
{
    EXPECT_FINDING(f, due->answer, due->detail, "%s: %d x %d", item, (int)w, (int)m);
    expect_value(f, due->value, (size_t)w * 10 + (size_t)m, item);
    if (f == NULL) return;
    cr_expect_str_eq(f->item, item);
    cr_expect_str_eq(f->code, "carrier.couple");
    cr_expect_str_eq(f->sample, "");
    cr_expect(!f->has_value || strcmp(f->unit, "1") == 0);
}

#define R_HBB (0.03 * 0.05 / (1 - 0.03 * 0.95))

Test(carrier_pairs, every_pair_of_states_of_a_recessive_gene)
{
    static Person woman, partner;
    Lab lab = lab_open(NULL, 0);
    static const struct {
        const char *name;
        double residual;
    } genes[] = {{"HBB", R_HBB}, {"PAH", NONE}};
    for (size_t i = 0; i < COUNT(genes); i++)
        for (State w = 0; w < STATE_ALL; w++)
            for (State m = 0; m <= STATE_ALL; m++) { /* the last one: no partner's sample */
                const size_t g = gene_named(&lab, genes[i].name);
                const bool alone = m == STATE_ALL;
                const SampleView *her = view_of(&woman, &lab, g, w, STATE_NOT_ASSESSED),
                                 *his = view_of(&partner, &lab, g, m, STATE_NOT_ASSESSED);
                const Due due = plain_pair(w, alone ? STATE_NOT_ASSESSED : m, genes[i].residual);
                Findings out = {.arena = lab.arena};
                carrier_couple(lab.model, her, alone ? NULL : his, &out);
                if (alone) { /* every gene that is not seen stays unsaid */
                    cr_assert_eq(out.n, due.detail == NULL ? 0 : 1, "%d alone", (int)w);
                } else {
                    cr_assert_eq(out.n, 1, "%d x %d", (int)w, (int)m);
                }
                if (due.detail != NULL) {
                    expect_due(&out.items[0], &due, genes[i].name, w, m);
                    cr_expect_str_eq(out.items[0].row, strcmp(due.detail, "couple_residual") == 0
                                                           ? "HBB example"
                                                           : genes[i].name);
                    cr_expect(out.items[0].example);
                } else if (!alone) {
                    EXPECT_FINDING(&out.items[0], NOT, "couple_none_found", "%d x %d", (int)w,
                                   (int)m);
                }
            }
    lab_close(&lab);
}

/* Both classes of one person together: what is worst, or seen, holds. */
static State plain_both(State a, State b)
{
    static const State order[] = {STATE_NOT_ASSESSED, STATE_PARTLY, STATE_SILENT};
    if (a == STATE_REFUSED || b == STATE_REFUSED) return STATE_REFUSED;
    if (seen(a) && seen(b))
        return a == STATE_POSSIBLE || b == STATE_POSSIBLE ? STATE_POSSIBLE : STATE_UNSETTLED;
    if (seen(a) || seen(b)) return seen(a) ? a : b;
    for (size_t i = 0; i < COUNT(order); i++)
        if (a == order[i] || b == order[i]) return order[i];
    return STATE_NEGATIVE;
}

Test(carrier_pairs, alleles_of_low_penetrance_are_a_statement_of_their_own)
{
    static Person woman, partner;
    static const char item[] = "GJB2 c.109G>A";
    Lab lab = lab_open(NULL, 0);
    const size_t g = gene_named(&lab, "GJB2");
    for (unsigned i = 0; i < STATE_ALL * STATE_ALL * STATE_ALL * STATE_ALL; i++) {
        const State ws = i % STATE_ALL, wl = i / STATE_ALL % STATE_ALL,
                    ms = i / STATE_ALL / STATE_ALL % STATE_ALL,
                    ml = i / STATE_ALL / STATE_ALL / STATE_ALL;
        Findings out = {.arena = lab.arena};
        carrier_couple(lab.model, view_of(&woman, &lab, g, ws, wl),
                       view_of(&partner, &lab, g, ms, ml), &out);
        const Due gene = plain_pair(ws, ms, 0);
        const Finding *own = finding_of(&out, "", "carrier.couple", item);
        cr_assert_eq(finding_of(&out, "", "carrier.couple", "GJB2") != NULL, gene.detail != NULL);
        cr_assert_eq(own != NULL, seen(wl) || seen(ml), "%u", i);
        if (own == NULL) continue;
        const State w = plain_both(ws, wl), m = plain_both(ms, ml);
        Due due = plain_pair(w, m, NONE); /* no source gives figures for the allele's own class */
        if (due.value >= 0) due.detail = "couple_low_penetrance";
        expect_due(own, &due, item, w, m);
    }
    lab_close(&lab);
}

/* Of low penetrance and without the other's sample: he must be tested. */
Test(carrier_pairs, one_person_alone)
{
    static Person p;
    Lab lab = lab_open(NULL, 0);
    const size_t g = gene_named(&lab, "GJB2"), x = gene_named(&lab, "G6PD");
    for (int k = 0; k < 2; k++) {
        const SampleView *v = view_of(&p, &lab, g, STATE_CARRIER, STATE_CARRIER);
        Findings out = {.arena = lab.arena};
        carrier_couple(lab.model, k == 0 ? v : NULL, k == 0 ? NULL : v, &out);
        cr_assert_eq(out.n, 2);
        EXPECT_FINDING(finding_of(&out, "", "carrier.couple", "GJB2"), NOT,
                       "partner_must_be_tested", "%d", k);
        EXPECT_FINDING(finding_of(&out, "", "carrier.couple", "GJB2 c.109G>A"), NOT,
                       "partner_must_be_tested", "%d", k);
    }
    /* his X goes to no son: without her there is no statement */
    Findings out = {.arena = lab.arena};
    carrier_couple(lab.model, NULL, view_of(&p, &lab, x, STATE_AFFECTED, STATE_NOT_ASSESSED), &out);
    cr_expect_eq(out.n, 0);
    lab_close(&lab);
}

Test(carrier_pairs, x_linked_and_maternal_genes_are_hers)
{
    static Person woman, partner;
    static const Due of_x[STATE_ALL] = {[STATE_NOT_ASSESSED] = {NOT, NULL, NONE},
                                        [STATE_PARTLY] = {NOT, NULL, NONE},
                                        [STATE_NEGATIVE] = {NOT, NULL, NONE},
                                        [STATE_CARRIER] = {POS, "xlinked_quarter", 0.25},
                                        [STATE_AFFECTED] = {POS, "xlinked_half", 0.5},
                                        [STATE_UNSETTLED] = {MAY, "couple_unsettled", NONE},
                                        [STATE_POSSIBLE] = {MAY, "couple_confirm", NONE},
                                        [STATE_SILENT] = {NOT, NULL, NONE},
                                        [STATE_REFUSED] = {REF, "couple_refused", NONE}};
    Lab lab = lab_open(NULL, 0);
    const size_t x = gene_named(&lab, "G6PD"), mt = gene_named(&lab, "MT-RNR1"),
                 disputed = gene_named(&lab, "GJB3");
    for (State w = 0; w < STATE_ALL; w++)
        for (State m = 0; m < STATE_ALL; m++) {
            Findings out = {.arena = lab.arena};
            carrier_couple(lab.model, view_of(&woman, &lab, x, w, STATE_NOT_ASSESSED),
                           view_of(&partner, &lab, x, m, STATE_NOT_ASSESSED), &out);
            const Finding *f = finding_of(&out, "", "carrier.couple", "G6PD");
            cr_expect_eq(f != NULL, of_x[w].detail != NULL, "%d x %d", (int)w, (int)m);
            if (f != NULL) {
                expect_due(f, &of_x[w], "G6PD", w, m);
                cr_expect_str_eq(f->row, "G6PD");
            }
            out = (Findings){.arena = lab.arena};
            carrier_couple(lab.model, view_of(&woman, &lab, disputed, w, w),
                           view_of(&partner, &lab, disputed, m, m), &out);
            cr_expect_null(finding_of(&out, "", "carrier.couple", "GJB3"));
        }
    for (int i = 0; i < ANSWERS; i++) {
        const Answer a = (Answer)i;
        Findings out = {.arena = lab.arena};
        const SampleView *her = view_of(&woman, &lab, mt, STATE_UNSETTLED, STATE_NOT_ASSESSED);
        woman.genes[mt].answer = a;
        carrier_couple(lab.model, her, view_of(&partner, &lab, mt, STATE_AFFECTED, STATE_AFFECTED),
                       &out);
        const Finding *f = finding_of(&out, "", "carrier.couple", "MT-RNR1");
        cr_expect_eq(f != NULL, a == POS || a == MAY, "%d", (int)a);
        if (f == NULL) continue;
        EXPECT_FINDING(f, a, "maternal_line", "%d", (int)a);
        cr_expect_not(f->has_value);
        cr_expect_str_eq(f->row, "MT-RNR1");
    }
    lab_close(&lab);
}

/* p(1-d)/(1-pd) of Bayes, for figures that are shares; a row that is none is passed over. */
Test(carrier_pairs, residual_risk_is_asked_of_usable_figures)
{
    static const struct {
        const char *p, *d;
        bool usable;
    } rows[] = {
        {"0", "0.5", true},    {"-0.001", "0.5", false}, {"0.999", "0.5", true},
        {"1", "0.5", false},   {"0.5", "0", true},       {"0.5", "-0.1", false},
        {"0.5", "1", true},    {"0.5", "1.1", false},    {"", "0.5", false},
        {"0.5", "", false},    {"x", "0.5", false},      {"0.25", "0.5", true},
        {"0.5", "1.5", false}, {"1.5", "1", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char to[80];
        snprintf(to, sizeof to, "example population\t%s\t%s", rows[i].p, rows[i].d);
        const Edit edit = {"carrier/frequencies", "example population\t0.03\t0.95", to};
        Lab lab = lab_open(&edit, 1);
        double risk = -1;
        size_t row = SIZE_MAX;
        cr_expect_eq(carrier_residual(lab.model, "HBB", &risk, &row), rows[i].usable, "row %zu", i);
        const double p = atof(rows[i].p), d = atof(rows[i].d);
        if (rows[i].usable) {
            cr_expect(fabs(risk - p * (1 - d) / (1 - p * d)) < 1e-15, "row %zu: %g", i, risk);
            cr_expect_str_eq(table_cell(lab.model->frequencies, row, 0), "HBB example");
        } else {
            cr_expect(risk == -1 && row == SIZE_MAX, "row %zu: nothing is written", i);
        }
        lab_close(&lab);
    }
    Lab lab = lab_open(NULL, 0);
    CarrierModel without = *lab.model;
    double risk = -1;
    size_t row = 0;
    without.frequencies = NULL;
    cr_expect_not(carrier_residual(&without, "HBB", &risk, &row));
    cr_expect(carrier_residual(lab.model, "CFTR", &risk, &row), "the last row");
    cr_expect_eq(row, lab.model->frequencies->n_rows - 1);
    lab_close(&lab);
}

/* --- coded results --- */

static Sample with(Sample s, const Result *results, size_t n, Arena *arena)
{
    s.evidence.results = arena_alloc(arena, (n + 1) * sizeof(Result));
    for (size_t i = 0; i < n; i++)
        s.evidence.results[s.evidence.n_results++] = results[i];
    return s;
}

static Result coded(const char *code, const char *value)
{
    return (Result){.specimen = "", .code = code, .value = value};
}

/* All that is said of alpha, in order. */
Test(carrier_pairs, alpha_findings_as_a_whole_list)
{
    static const struct {
        const char *deletion, *points, *list;
    } rows[] = {
        {NULL, NULL, ""},
        {"aa/aa", "none", "negative alpha_normal;"},
        {"--SEA/aa", "none", "positive alpha_trait_cis;"},
        {"--SEA/aa", NULL, "positive alpha_trait_cis;not_assessed alpha_points_open;"},
        {"aa/aa", NULL, "not_assessed alpha_points_not_tested;"},
        {"invalid", NULL, "invalid alpha_repeat;"},
        {"failed", NULL, "failed alpha_repeat;"},
        {"invalid", "CS_het", "invalid alpha_repeat;"},
        {"failed", "invalid", "failed alpha_repeat;invalid alpha_repeat;"},
        {"invalid", "failed", "invalid alpha_repeat;failed alpha_repeat;"},
        {"aa/aa", "failed", "failed alpha_repeat;not_assessed alpha_points_not_tested;"},
        {"--SEA/aa", "invalid",
         "invalid alpha_repeat;positive alpha_trait_cis;not_assessed alpha_points_open;"},
        {NULL, "failed", "failed alpha_repeat;"},
        {NULL, "none", "not_assessed needs_gap_pcr;"},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Result results[] = {coded("alpha.deletion", rows[i].deletion),
                                  coded("alpha.points", rows[i].points)};
        const size_t from = rows[i].deletion == NULL, to = rows[i].points == NULL ? 1 : 2;
        const Sample s = with(person(W, "S1", calls_of(&lab, G38, NULL, 0)), results + from,
                              to > from ? to - from : 0, lab.arena);
        const Findings f = judge_case(&lab, &s, 1);
        const char *list = "";
        for (size_t k = 0; k < f.n; k++)
            if (strcmp(f.items[k].code, "carrier.alpha") == 0) {
                list = arena_print(lab.arena, "%s%s %s;", list, answer_code(f.items[k].answer),
                                   f.items[k].detail);
                cr_expect_str_eq(f.items[k].table, "carrier/alpha_genotypes");
                cr_expect_str_eq(f.items[k].version, "2026.1");
            }
        cr_expect_str_eq(list, rows[i].list, "row %zu: %s", i, list);
    }
    lab_close(&lab);
}

/* Copies of SMN1: the row that holds for so many and more, of both kinds of a sample's subjects; two numbers that differ are nobody's to choose from. */
Test(carrier_pairs, smn1_rows_hold_from_their_number_on)
{
    static const struct {
        double copies, again; /* below -1: no second tube */
        Answer answer;
        const char *detail;
    } rows[] = {
        {0, -9, POS, "smn1_zero"},         {0.5, -9, POS, "smn1_zero"},
        {1, -9, POS, "smn1_one"},          {1.9, -9, POS, "smn1_one"},
        {2, -9, NOT, "smn1_two"},          {3, -9, NOT, "smn1_three"},
        {7, -9, NOT, "smn1_three"},        {1, 1, POS, "smn1_one"},
        {-1, -9, NOT, "needs_smn_copies"}, {1, 2, NOT, "needs_smn_copies"},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Result one = {.code = "smn1.exon7_copies", .number = rows[i].copies},
                     two = {.code = "smn1.exon7_copies", .number = rows[i].again};
        Sample s[] = {with(person(W, "S1", calls_of(&lab, G38, NULL, 0)), &one, 1, lab.arena),
                      with(person(W, "S2", NULL), &two, 1, lab.arena)};
        s[0].person = s[1].person = "P1";
        const Findings f = judge_case(&lab, s, rows[i].again < -1 ? 1 : 2);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.gene", "SMN1"), rows[i].answer, rows[i].detail,
                       "row %zu", i);
    }
    lab_close(&lab);
}

/* A word is a whole word: "--SEAX" names no "--SEA"; what has no slash is no genotype, and contradicts one. */
Test(carrier_pairs, names_of_deletions_are_whole_words)
{
    static const struct {
        const char *key, *other;
        bool sea, conflict;
    } rows[] = {
        {"--SEAX/aa", NULL, false, false},
        {"X--SEA/aa", NULL, false, false},
        {"--SEAX,--SEA/aa", NULL, true, false},
        {"--SEAX/--SEA", NULL, true, false},
        {"--SEAX/X--SEA", NULL, false, false},
        {"--SEA,--MED/aa", "--MED/aa", true, false},
        {"--SEA,--MED/aa", "--ME/aa", true, true},
        {"--SEA,--MED/aa", "--SEA", true, true},
        {"--SEA,--MED/aa", "--SEA,--MED", true, true},
        {"--SEA,--MED/aa", "--SEA,--MED,--FIL/aa", true, false},
        {"--SEA,--MED/aa", "--MED,--SEA/aa", true, false},
        {"--SEA,--MED/aa", "--SEA,--FIL/aa", true, true},
        {"--SEA,--MED/aa", "--SEA/a", true, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Edit edit = {"carrier/alpha_deletions", "--SEA,--MED/aa", rows[i].key};
        Lab lab = lab_open(&edit, 1);
        const Result one = coded("alpha.deletion", rows[i].key),
                     two = coded("alpha.deletion", rows[i].other);
        Sample s[] = {with(person(W, "S1", calls_of(&lab, G38, NULL, 0)), &one, 1, lab.arena),
                      with(person(W, "S2", NULL), &two, 1, lab.arena)};
        s[0].person = s[1].person = "P1";
        const Findings f = judge_case(&lab, s, rows[i].other == NULL ? 1 : 2);
        const Finding *alpha = finding_of(&f, "S1", "carrier.alpha", "HBA1/HBA2");
        cr_expect_eq(alpha != NULL && strcmp(alpha->detail, "results_conflict") == 0,
                     rows[i].conflict, "row %zu", i);
        if (rows[i].other == NULL)
            EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA1/HBA2 --SEA"),
                           rows[i].sea ? POS : NOT, "read_by_alpha", "row %zu", i);
        lab_close(&lab);
    }
}

/* A deletion result reads the alpha locus; a gene of another locus that waits for the same assay still waits. */
Test(carrier_pairs, a_deletion_result_reads_no_other_locus)
{
    static const Edit edit = {"carrier/genes", "CYP21A2\tAR\tstructural\tneeds_dedicated",
                              "CYP21A2\tAR\tstructural\tneeds_gap_pcr"};
    Lab lab = lab_open(&edit, 1);
    const Result one = coded("alpha.deletion", "--SEA/aa");
    const Sample s = with(person(W, "S1", calls_of(&lab, G38, NULL, 0)), &one, 1, lab.arena);
    const Findings f = judge_case(&lab, &s, 1);
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "CYP21A2 c.518T>A"), NOT, "needs_gap_pcr",
                   "%s", "another locus");
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA2 c.427T>C"), NOT, "read_by_alpha",
                   "%s", "the locus");
    lab_close(&lab);
}

/* A person's results are those of her own tubes for this assay or for an MLPA, as far as they could be read; the last code of several counts as well. */
Test(carrier_pairs, whose_results_are_read)
{
    Lab lab = lab_open(NULL, 0);
    const Result results[] = {coded("alpha.points", "none"), coded("alpha.deletion", "--SEA/aa")};
    for (int i = 0; i < 7; i++) {
        Sample s[] = {with(person(W, "S2", NULL), results, 2, lab.arena),
                      person(W, "S1", calls_of(&lab, G38, NULL, 0))};
        s[0].person = s[1].person = "P1";
        if (i == 1) s[0].assay = "mlpa";
        if (i == 2) s[0].assay = "nipt";
        if (i == 3) s[0].person = "P2";
        if (i == 4) s[0].subject = P;
        if (i == 5) s[0].evidence.status = BAD_INPUT;
        if (i == 6) s[0].evidence.n_results = 1; /* the points alone */
        const Findings f = judge_case(&lab, s, 2);
        cr_expect_eq(finding_of(&f, "S1", "carrier.alpha", "HBA1/HBA2 --/aa") != NULL, i < 2,
                     "row %d", i);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA1/HBA2 --SEA"), i < 2 ? POS : NOT,
                       i < 2 ? "read_by_alpha" : "needs_gap_pcr", "row %d", i);
    }
    lab_close(&lab);
}
