/* The carrier assay, several people: couples, alpha-globin, residual risk, fetuses, swaps. */
#include "carrier_fixture.h"

#include <math.h>

#define W SUBJECT_WOMAN
#define P SUBJECT_PARTNER
#define G38 BUILD_GRCH38
#define POS ANSWER_POSITIVE
#define NEG ANSWER_NEGATIVE
#define MAY ANSWER_POSSIBLE
#define NOT ANSWER_NOT_ASSESSED
#define REF ANSWER_REFUSED
#define NONE (-1.0)

#define SNV "HBB:c.52A>T"
#define SNV2 "HBB:c.79G>A"
#define V37I "GJB2:c.109G>A"
#define C235 "GJB2:c.235delC"
#define G6PD_ROW "G6PD:c.1466G>T"
#define HET "A 0/1 30 99"
#define HOM "A 1/1 30 99"

typedef struct Couple {
    const char *what;
    Differs w[2], p[2];
    bool verified; /* every row of the panel */
    const char *item;
    Answer answer;
    const char *detail;
    double value;
} Couple;

static const Couple couples[] = {
    {"carrier x carrier", {{SNV, HET}}, {{SNV, HET}}, false, "HBB", POS, "couple_quarter", 0.25},
    {"different alleles of one gene", {{SNV, HET}}, {{SNV2, HET}}, false, "HBB", POS, "couple_quarter", 0.25},
    {"affected x carrier", {{SNV, HOM}}, {{SNV2, HET}}, false, "HBB", POS, "couple_half", 0.5},
    {"carrier x affected", {{SNV, HET}}, {{SNV2, HOM}}, false, "HBB", POS, "couple_half", 0.5},
    {"affected x affected", {{SNV, HOM}}, {{SNV, HOM}}, false, "HBB", POS, "couple_all", 1},
    {"compound in trans x carrier", {{SNV, "A 0|1 30 99 p7"}, {SNV2, "A 1|0 30 99 p7"}}, {{SNV, HET}}, false, "HBB", POS, "couple_half", 0.5},
    {"compound in cis x carrier", {{SNV, "A 0|1 30 99 p7"}, {SNV2, "A 0|1 30 99 p7"}}, {{SNV, HET}}, false, "HBB", POS, "couple_quarter", 0.25},
    {"compound of unknown phase x carrier", {{SNV, HET}, {SNV2, HET}}, {{SNV, HET}}, false, "HBB", MAY, "couple_unsettled", NONE},
    {"carrier x not assessed", {{SNV, HET}}, {{"*", ""}}, false, "HBB", NOT, "partner_must_be_tested", NONE},
    {"carrier x partly assessed", {{SNV, HET}}, {{0}}, false, "HBB", NOT, "partner_must_be_tested", NONE},
    {"not assessed x carrier", {{"*", ""}}, {{SNV, HET}}, false, "HBB", NOT, "partner_must_be_tested", NONE},
    {"carrier x no call", {{SNV, HET}}, {{SNV, "N ./. 0 0"}}, true, "HBB", NOT, "partner_must_be_tested", NONE},
    {"carrier x possible", {{SNV, HET}}, {{SNV, "A 0/1 4 9"}}, false, "HBB", MAY, "couple_confirm", NONE},
    {"possible x not assessed", {{SNV, "A 0/1 4 9"}}, {{0}}, false, "HBB", MAY, "couple_confirm", NONE},
    {"carrier x row refused", {{SNV, HET}}, {{SNV2, "X 0/0 30 99"}}, false, "HBB", REF, "couple_refused", NONE},
    {"carrier x negative: a quarter of the residual risk", {{SNV, HET}}, {{0}}, true, "HBB", NEG, "couple_residual",
     0.25 * 0.03 * (1 - 0.95) / (1 - 0.03 * 0.95)},
    {"affected x negative", {{SNV, HOM}}, {{0}}, true, "HBB", NEG, "couple_residual", 0.5 * 0.03 * (1 - 0.95) / (1 - 0.03 * 0.95)},
    {"carrier x negative, no figures", {{"MMACHC:c.609G>A", HET}}, {{0}}, true, "MMACHC", NOT, "couple_residual_not_computed", NONE},
    {"second allele unknown", {{SNV, "A ./1 30 99"}}, {{SNV, HET}}, false, "HBB", MAY, "couple_unsettled", NONE},
    {"contradicting records", {{SNV, "A 0/1 30 99;A 1/1 30 99"}}, {{SNV, HET}}, false, "HBB", MAY, "couple_unsettled", NONE},
    {"unverified rows on both sides", {{"PAH:c.728G>A", HET}}, {{"PAH:c.728G>A", HET}}, false, "PAH", MAY, "couple_confirm", NONE},
    {"the same, verified", {{"PAH:c.728G>A", HET}}, {{"PAH:c.721C>T", HET}}, true, "PAH", POS, "couple_quarter", 0.25},
    {"X-linked, woman heterozygous", {{G6PD_ROW, HET}}, {{0}}, false, "G6PD", POS, "xlinked_quarter", 0.25},
    {"X-linked, a negative partner changes nothing", {{G6PD_ROW, HET}}, {{G6PD_ROW, "R 0 40 99"}}, false, "G6PD", POS, "xlinked_quarter", 0.25},
    {"X-linked, woman homozygous", {{G6PD_ROW, HOM}}, {{0}}, false, "G6PD", POS, "xlinked_half", 0.5},
    {"X-linked, partner alone", {{0}}, {{G6PD_ROW, "A 1 30 99"}}, false, "G6PD", NOT, NULL, NONE},
    {"own class x own class", {{V37I, HET}}, {{V37I, HET}}, false, "GJB2 c.109G>A", POS, "couple_low_penetrance", 0.25},
    {"own class x other allele", {{V37I, HET}}, {{C235, HET}}, false, "GJB2 c.109G>A", POS, "couple_low_penetrance", 0.25},
    {"own class homozygous x other allele", {{V37I, HOM}}, {{C235, HET}}, false, "GJB2 c.109G>A", POS, "couple_low_penetrance", 0.5},
    {"own class never counts for the gene", {{V37I, HET}}, {{V37I, HET}}, false, "GJB2", NOT, NULL, NONE},
    {"other alleles count for the gene", {{C235, HET}}, {{C235, HET}}, false, "GJB2", POS, "couple_quarter", 0.25},
    {"both classes in one person", {{V37I, HET}, {C235, HET}}, {{V37I, HET}}, false, "GJB2 c.109G>A", MAY, "couple_unsettled", NONE},
    {"own class x not assessed", {{V37I, HET}}, {{"*", ""}}, false, "GJB2 c.109G>A", NOT, "partner_must_be_tested", NONE},
    {"disputed gene: no statement", {{"GJB3:c.538C>T", HET}}, {{"GJB3:c.538C>T", HET}}, true, "GJB3", NOT, NULL, NONE},
    {"mitochondrial, woman", {{"MT-RNR1:m.1555A>G", "A 1 900 99"}}, {{0}}, false, "MT-RNR1", POS, "maternal_line", NONE},
    {"mitochondrial, partner: not passed on", {{0}}, {{"MT-RNR1:m.1555A>G", "A 1 900 99"}}, false, "MT-RNR1", NOT, NULL, NONE},
    {"nothing shared", {{0}}, {{0}}, false, "", NOT, "couple_none_found", NONE},
};

static void expect_value(const Finding *f, double value, size_t row, const char *what)
{
    if (f == NULL)
        return;
    cr_expect_eq(f->has_value, value >= 0, "row %zu (%s): has a value: %d", row, what, (int)f->has_value);
    if (value >= 0)
        cr_expect(fabs(f->value - value) < 1e-12, "row %zu (%s): %g, want %g", row, what, f->value, value);
}

Test(carrier_couple, risk_of_every_pair)
{
    Lab labs[2] = {lab_open(NULL, 0), lab_open(all_verified, 1)};
    for (size_t i = 0; i < COUNT(couples); i++) {
        const Couple *r = &couples[i];
        const Lab *lab = &labs[r->verified];
        Sample s[] = {person(W, "S1", calls_of(lab, G38, r->w, 2)), person(P, "S2", calls_of(lab, G38, r->p, 2))};
        Findings f = judge_case(lab, s, 2);
        const Finding *found = finding_of(&f, "", "carrier.couple", r->item);
        if (r->detail == NULL) {
            cr_expect_null(found, "row %zu (%s)", i, r->what);
            continue;
        }
        EXPECT_FINDING(found, r->answer, r->detail, "row %zu (%s)", i, r->what);
        expect_value(found, r->value, i, r->what);
    }
}

Test(carrier_couple, a_woman_alone_and_a_refused_partner)
{
    Lab lab = lab_open(NULL, 0);
    Differs carrier[] = {{SNV, HET}};
    Sample s[] = {person(W, "S1", calls_of(&lab, G38, carrier, 1)), person(P, "S2", calls_of(&lab, G38, carrier, 1))};
    Findings alone = judge_case(&lab, s, 1);
    EXPECT_FINDING(finding_of(&alone, "", "carrier.couple", "HBB"), NOT, "partner_must_be_tested", "%s", "alone");
    s[1].evidence.status = REFUSED;
    Findings refused = judge_case(&lab, s, 2);
    EXPECT_FINDING(finding_of(&refused, "", "carrier.couple", ""), REF, "couple_refused", "%s", "refused");
    cr_expect_null(finding_of(&refused, "", "carrier.couple", "HBB"));
}

/* --- alpha-globin --- */

static Sample with_results(Sample s, const char *deletion, const char *points, Arena *arena)
{
    s.evidence.results = arena_alloc(arena, 2 * sizeof(Result));
    if (deletion != NULL)
        s.evidence.results[s.evidence.n_results++] = (Result){.specimen = "", .code = "alpha.deletion", .value = deletion};
    if (points != NULL)
        s.evidence.results[s.evidence.n_results++] = (Result){.specimen = "", .code = "alpha.points", .value = points};
    return s;
}

typedef struct Alpha {
    const char *deletion, *points, *cs, *item;
    Answer answer;
    const char *detail;
} Alpha;

#define CS "HBA2:c.427T>C"
#define QS "HBA2:c.377T>C"

static const Alpha alphas[] = {
    {"aa/aa", "none", NULL, "HBA1/HBA2 aa/aa", NEG, "alpha_normal"},
    {"aa/aa", NULL, NULL, "HBA1/HBA2 aa/aa?", NOT, "alpha_points_not_tested"},
    {"-a3.7/aa", "none", NULL, "HBA1/HBA2 -a/aa", POS, "alpha_silent"},
    {"-a4.2/aa", NULL, NULL, "HBA1/HBA2 -a/aa?", POS, "alpha_silent"},
    {"aa/aa", NULL, HET, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
    {"aa/aa", "CS_het", HET, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
    {"aa/aa", "WS_het", NULL, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
    {"-a3.7/-a4.2", "none", NULL, "HBA1/HBA2 -a/-a", POS, "alpha_trait_trans"},
    {"--SEA/aa", "none", NULL, "HBA1/HBA2 --/aa", POS, "alpha_trait_cis"},
    {"--SEA/aa", NULL, NULL, "HBA1/HBA2 --/aa?", POS, "alpha_trait_cis"},
    {"--SEA,--MED/aa", "none", NULL, "HBA1/HBA2 --/aa", POS, "alpha_trait_cis"},
    {"--SEA/-a3.7", "none", NULL, "HBA1/HBA2 --/-a", POS, "alpha_hbh"},
    {"--SEA/aa", NULL, HOM, "HBA1/HBA2 --/aTa", POS, "alpha_hbh_nondeletional"},
    {"--SEA/aa", NULL, HET, "HBA1/HBA2 --/aTa", MAY, "alpha_hbh_nondeletional"},
    {"--SEA/--SEA", NULL, NULL, "HBA1/HBA2 --/--", POS, "alpha_barts"},
    {"--SEA/--SEA", NULL, HET, "HBA1/HBA2", REF, "alpha_contradiction"},
    {"aa/aa", NULL, HOM, "HBA1/HBA2 aTa/aTa", POS, "alpha_refer"},
    {"-a3.7/aa", NULL, HET, "HBA1/HBA2 aTa/-a", POS, "alpha_refer"},
    {NULL, NULL, HET, "HBA1/HBA2", NOT, "alpha_gene_count_unknown"},
    {NULL, "none", NULL, "HBA1/HBA2", NOT, "needs_gap_pcr"},
    {"invalid", NULL, NULL, "HBA1/HBA2", ANSWER_INVALID, "alpha_repeat"},
    {"failed", "none", NULL, "HBA1/HBA2", ANSWER_FAILED, "alpha_repeat"},
    {"aa/aa", "none", HET, "HBA1/HBA2", REF, "results_conflict"},
};

/* HbWS stands on an unverified row: seen by the VCF it is only possible, but no kit's "none" may outvote it. */
Test(carrier_couple, a_possible_point_allele_leaves_the_alpha_genotype_open)
{
    static const struct {
        const char *points, *cs, *ws;
        Answer answer;
        const char *detail;
    } rows[] = {
        {"none", NULL, HET, NOT, "alpha_points_not_tested"},
        {NULL, HET, HET, POS, "alpha_refer"},
        {NULL, NULL, HET, NOT, "alpha_points_not_tested"},
        {"none", NULL, NULL, NEG, "alpha_normal"},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Differs differs[] = {{rows[i].cs ? CS : NULL, rows[i].cs}, {rows[i].ws ? "HBA2:c.369C>G" : NULL, rows[i].ws}};
        Sample s = with_results(person(W, "S1", calls_of(&lab, G38, differs, 2)), "aa/aa", rows[i].points, lab.arena);
        Findings f = judge_case(&lab, &s, 1);
        const Finding *alpha = NULL;
        for (size_t k = 0; k < f.n; k++)
            if (strcmp(f.items[k].code, "carrier.alpha") == 0)
                alpha = &f.items[k];
        EXPECT_FINDING(alpha, rows[i].answer, rows[i].detail, "row %zu", i);
    }
}

Test(carrier_couple, two_tubes_of_one_person_are_read_together)
{
    Lab lab = lab_open(NULL, 0);
    Differs differs = {CS, HET};
    Sample s[] = {with_results(person(W, "S1", NULL), "aa/aa", NULL, lab.arena), person(W, "S2", calls_of(&lab, G38, &differs, 1)),
                  with_results(person(P, "S3", calls_of(&lab, G38, NULL, 0)), "--SEA/aa", NULL, lab.arena)};
    s[0].person = s[1].person = "P1";
    Findings f = judge_case(&lab, s, 3);
    EXPECT_FINDING(finding_of(&f, "S2", "carrier.alpha", "HBA1/HBA2 aTa/aa"), POS, "alpha_nondeletional", "%s", "with variants");
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.sample", ""), NOT, "no_variant_file", "%s", "results only");
    EXPECT_FINDING(finding_of(&f, "", "carrier.couple", "HBA1/HBA2 aTa/aa x --/aa?"), POS, "alpha_couple_nd_cis", "%s", "couple");
    s[2].evidence.results[0].value = "aa/aa";
    s[2].evidence.n_results = 1;
    Sample again = with_results(person(P, "S4", NULL), "-a3.7/aa", NULL, lab.arena);
    again.person = s[2].person;
    Sample contradicting[] = {s[2], again};
    f = judge_case(&lab, contradicting, 2);
    EXPECT_FINDING(finding_of(&f, "S3", "carrier.alpha", "HBA1/HBA2"), REF, "results_conflict", "%s", "two results");
}

Test(carrier_couple, alpha_genotypes_are_read_from_deletions_and_point_alleles)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(alphas); i++) {
        const Alpha *a = &alphas[i];
        Differs differs = {a->cs == NULL ? NULL : CS, a->cs};
        Sample s = with_results(person(W, "S1", calls_of(&lab, G38, &differs, 1)), a->deletion, a->points, lab.arena);
        Findings f = judge_case(&lab, &s, 1);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.alpha", a->item), a->answer, a->detail, "row %zu (%s)", i,
                       a->deletion == NULL ? "-" : a->deletion);
    }
}

/* "--SEA/aa is trait, never silent carrier", wherever it is printed. */
Test(carrier_couple, a_cis_deletion_is_never_a_silent_carrier)
{
    Lab lab = lab_open(NULL, 0);
    const Table *t = lab.model->genotypes;
    size_t cis = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strncmp(table_get(t, r, "chromosomes"), "--", 2) != 0)
            continue;
        cis++;
        cr_expect_str_neq(table_get(t, r, "detail"), "alpha_silent", "row %zu", r);
        cr_expect_str_neq(table_get(t, r, "answer"), "negative", "row %zu", r);
    }
    cr_expect_gt(cis, 10);
}

typedef struct AlphaPair {
    const char *w, *w_points, *w_cs, *p, *p_points, *p_cs;
    Answer answer;
    const char *detail;
    double value;
} AlphaPair;

static const AlphaPair alpha_pairs[] = {
    {"--SEA/aa", "none", NULL, "--SEA/aa", "none", NULL, POS, "alpha_couple_cis_cis", 0.25},
    {"--SEA/aa", NULL, NULL, "--SEA/aa", NULL, NULL, POS, "alpha_couple_cis_cis", 0.25},
    {"--SEA/aa", "none", NULL, "-a3.7/aa", "none", NULL, POS, "alpha_couple_silent_cis", 0.25},
    {"-a4.2/aa", "none", NULL, "--SEA/aa", "none", NULL, POS, "alpha_couple_silent_cis", 0.25},
    {"--SEA/aa", "none", NULL, "aa/aa", "CS_het", NULL, POS, "alpha_couple_nd_cis", 0.25},
    {"aa/aa", NULL, HET, "--SEA/aa", "none", NULL, POS, "alpha_couple_nd_cis", 0.25},
    {"--SEA/aa", "none", NULL, "-a3.7/-a3.7", "none", NULL, POS, "alpha_couple_trans_cis", 0.5},
    {"--SEA/-a3.7", "none", NULL, "--SEA/aa", "none", NULL, POS, "alpha_couple_cis_hbh", 0.5},
    {"--SEA/aa", "none", NULL, "aa/aa", "none", NULL, NEG, "alpha_couple_normal_cis", NONE},
    {"--SEA/aa", "none", NULL, "aa/aa", NULL, NULL, NOT, "alpha_partner_points", NONE},
    {"-a3.7/aa", "none", NULL, "-a3.7/aa", "none", NULL, NEG, "alpha_couple_silent_silent", NONE},
    {"-a3.7/aa", NULL, NULL, "-a3.7/aa", NULL, NULL, NOT, "alpha_partner_points", NONE},
    {"--SEA/aa", "none", NULL, NULL, NULL, NULL, NOT, "alpha_partner_not_tested", NONE},
    {NULL, NULL, NULL, "-a3.7/aa", "none", NULL, NOT, "alpha_partner_not_tested", NONE},
    {"--SEA/aa", "none", NULL, "invalid", NULL, NULL, NOT, "alpha_partner_not_tested", NONE},
    {NULL, NULL, HET, NULL, NULL, HET, NOT, "alpha_partner_not_tested", NONE},
    {"-a3.7/aa", "CS_het", NULL, "--SEA/aa", "none", NULL, MAY, "alpha_couple_refer", NONE},
    {"aa/aa", "CS_het", NULL, "aa/aa", "QS_het", NULL, MAY, "alpha_couple_nd_nd", NONE},
    {"--SEA/aa", "none", HET, "--SEA/aa", "none", NULL, REF, "couple_refused", NONE},
};

static const Finding *alpha_couple(const Findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, "carrier.couple") == 0 && strncmp(f->items[i].item, "HBA1/HBA2", 9) == 0)
            return &f->items[i];
    return NULL;
}

Test(carrier_couple, alpha_pairs_are_read_as_genotypes)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(alpha_pairs); i++) {
        const AlphaPair *a = &alpha_pairs[i];
        Differs w = {a->w_cs == NULL ? NULL : CS, a->w_cs}, p = {a->p_cs == NULL ? NULL : CS, a->p_cs};
        Sample s[] = {with_results(person(W, "S1", calls_of(&lab, G38, &w, 1)), a->w, a->w_points, lab.arena),
                      with_results(person(P, "S2", calls_of(&lab, G38, &p, 1)), a->p, a->p_points, lab.arena)};
        Findings f = judge_case(&lab, s, 2);
        EXPECT_FINDING(alpha_couple(&f), a->answer, a->detail, "row %zu", i);
        expect_value(alpha_couple(&f), a->value, i, a->detail);
    }
}

/* The table of couples is data; segregation of the chromosomes must give the same shares. */
static double share_of(const char *a, const char *b, const char *child)
{
    char chromosome[2][2][8] = {{"", ""}, {"", ""}};
    const char *parents[2] = {a, b};
    double share = 0;
    for (int k = 0; k < 2; k++) {
        const char *slash = strchr(parents[k], '/');
        snprintf(chromosome[k][0], 8, "%.*s", (int)(slash - parents[k]), parents[k]);
        snprintf(chromosome[k][1], 8, "%s", slash + 1);
    }
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            char one[20], other[20];
            snprintf(one, sizeof one, "%s/%s", chromosome[0][i], chromosome[1][j]);
            snprintf(other, sizeof other, "%s/%s", chromosome[1][j], chromosome[0][i]);
            share += strcmp(one, child) == 0 || strcmp(other, child) == 0 ? 0.25 : 0;
        }
    }
    return share;
}

Test(carrier_couple, the_table_of_alpha_couples_is_what_chromosomes_segregate_to)
{
    static const struct {
        const char *column, *children[2];
    } outcomes[] = {
        {"barts", {"--/--", NULL}},       {"hbh", {"--/-a", NULL}},         {"hbh_nd", {"--/aTa", NULL}},
        {"trait_cis", {"--/aa", NULL}},   {"trait_trans", {"-a/-a", NULL}}, {"nondeletional", {"aTa/aa", NULL}},
        {"silent", {"-a/aa", NULL}},      {"refer", {"-a/aTa", "aTa/aTa"}}, {"normal", {"aa/aa", NULL}},
    };
    Lab lab = lab_open(NULL, 0);
    const Table *t = lab.model->couples;
    cr_assert_eq(t->n_rows, 28);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *a = table_get(t, r, "a"), *b = table_get(t, r, "b");
        double sum = 0, severe = 0;
        for (size_t o = 0; o < COUNT(outcomes); o++) {
            double want = share_of(a, b, outcomes[o].children[0]), is = -1;
            if (outcomes[o].children[1] != NULL)
                want += share_of(a, b, outcomes[o].children[1]);
            cr_expect(table_number(t, r, table_column(t, outcomes[o].column), &is));
            cr_expect(fabs(want - is) < 1e-12, "%s x %s: %s %g, want %g", a, b, outcomes[o].column, is, want);
            sum += is;
            severe += o < 3 ? is : 0;
        }
        double stated = -1;
        cr_expect(table_number(t, r, table_column(t, "severe"), &stated));
        cr_expect(fabs(sum - 1) < 1e-12 && fabs(severe - stated) < 1e-12, "%s x %s: sum %g, severe %g", a, b, sum, stated);
    }
}

/* --- SMN1 --- */

static Sample with_copies(Sample s, double copies, Arena *arena)
{
    s.evidence.results = arena_alloc(arena, sizeof(Result));
    s.evidence.results[0] = (Result){.specimen = "", .code = "smn1.exon7_copies", .number = copies, .unit = "{copies}"};
    s.evidence.n_results = copies >= 0;
    return s;
}

Test(carrier_couple, smn1_copies_make_carriers_but_never_a_negative)
{
    static const struct {
        double w, p;
        Answer gene, couple;
        const char *gene_detail, *couple_detail;
        double value;
    } rows[] = {
        {1, 1, POS, POS, "smn1_one", "couple_quarter", 0.25},
        {0, 1, POS, POS, "smn1_zero", "couple_half", 0.5},
        {1, 2, POS, NOT, "smn1_one", "couple_silent_not_excluded", NONE},
        {1, 4, POS, NOT, "smn1_one", "couple_silent_not_excluded", NONE},
        {1, -1, POS, NOT, "smn1_one", "partner_must_be_tested", NONE},
        {2, 2, NOT, NOT, "smn1_two", NULL, NONE},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s[] = {with_copies(person(W, "S1", calls_of(&lab, G38, NULL, 0)), rows[i].w, lab.arena),
                      with_copies(person(P, "S2", calls_of(&lab, G38, NULL, 0)), rows[i].p, lab.arena)};
        Findings f = judge_case(&lab, s, 2);
        const Finding *gene = finding_of(&f, "S1", "carrier.gene", "SMN1");
        EXPECT_FINDING(gene, rows[i].gene, rows[i].gene_detail, "row %zu: gene", i);
        const Finding *couple = finding_of(&f, "", "carrier.couple", "SMN1");
        if (rows[i].couple_detail == NULL) {
            cr_expect_null(couple, "row %zu", i);
            continue;
        }
        EXPECT_FINDING(couple, rows[i].couple, rows[i].couple_detail, "row %zu", i);
        expect_value(couple, rows[i].value, i, rows[i].gene_detail);
    }
}

/* --- residual risk --- */

Test(carrier_couple, residual_risk_needs_both_figures)
{
    static const Edit sourced[] = {{"carrier/frequencies", "example population\t0.02\t0.8", "example population\t0.02\t"}};
    Lab lab = lab_open(NULL, 0), without = lab_open(sourced, 1);
    double risk = -1;
    size_t row = 0;
    cr_expect(carrier_residual(lab.model, "HBB", &risk, &row));
    cr_expect(fabs(risk - 0.03 * 0.05 / (1 - 0.03 * 0.95)) < 1e-15, "%g", risk);
    cr_expect(carrier_residual(lab.model, "GJB2", &risk, &row), "the gene's row, not that of one allele");
    cr_expect(fabs(risk - 0.02 * 0.2 / (1 - 0.016)) < 1e-15, "%g", risk);
    cr_expect_not(carrier_residual(lab.model, "PAH", &risk, &row));
    cr_expect_not(carrier_residual(without.model, "GJB2", &risk, &row));
}

/* --- fetuses --- */

static bool same_findings(const Findings *a, const Findings *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        const Finding *x = &a->items[i], *y = &b->items[i];
        same = strcmp(x->sample, y->sample) == 0 && strcmp(x->code, y->code) == 0 && strcmp(x->item, y->item) == 0 &&
               x->answer == y->answer && strcmp(x->detail, y->detail) == 0 && x->has_value == y->has_value &&
               (!x->has_value || x->value == y->value) && strcmp(x->row, y->row) == 0 && x->unverified == y->unverified;
    }
    return same;
}

Test(carrier_fetus, x_linked_genes_are_one_constant_sentence)
{
    static const char *const on_x[] = {"A 0/1 30 99", "A 1 30 99", "A 1/1 30 99", "R 0 30 99", "A 0/0 30 99", "", "X 0 30 99",
                                       "N ./. 0 0", "A 0/1 3 3 f"};
    Lab lab = lab_open(NULL, 0);
    Findings first = {0};
    for (size_t i = 0; i < COUNT(on_x); i++) {
        Differs differs[16];
        size_t n = 0;
        for (size_t r = 0; r < lab.model->n_rows; r++)
            if (carrier_is_x(lab.model, r) && lab.model->rows[r].site != SITE_NONE)
                differs[n++] = (Differs){lab.model->rows[r].key, on_x[i]};
        cr_assert(n > 10 && n <= COUNT(differs));
        Sample s[] = {fetus(SUBJECT_FETUS_A, "S1", calls_of(&lab, G38, differs, n)),
                      fetus(SUBJECT_FETUS_B, "S2", calls_of(&lab, G38, NULL, 0))};
        Findings f = judge_case(&lab, s, 2);
        if (i == 0)
            first = f;
        cr_expect(same_findings(&first, &f), "input %zu changes what is told", i);
        for (size_t k = 0; k < f.n; k++) {
            cr_expect_str_neq(f.items[k].detail, "hemizygous");
            cr_expect(strncmp(f.items[k].item, "G6PD", 4) != 0 && strncmp(f.items[k].item, "DMD", 3) != 0, "%s",
                      f.items[k].item);
            cr_expect(f.items[k].fetal || f.items[k].sample[0] == '\0');
        }
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.gene", "X"), NOT, "fetal_xlinked", "input %zu", i);
        EXPECT_FINDING(finding_of(&f, "S2", "carrier.gene", "X"), NOT, "fetal_xlinked", "input %zu", i);
    }
}

Test(carrier_fetus, autosomes_are_judged_without_the_word_hemizygous)
{
    static const struct {
        const char *calls, *detail;
    } rows[] = {{"A 0/1 30 99", "het"}, {"A 1/1 30 99", "hom"}, {"A 1 30 99", "second_unknown"}};
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Differs differs = {SNV, rows[i].calls};
        Sample s = fetus(SUBJECT_FETUS_A, "S1", calls_of(&lab, G38, &differs, 1));
        Findings f = judge_case(&lab, &s, 1);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBB c.52A>T"), POS, rows[i].detail, "row %zu", i);
        cr_expect_null(finding_of(&f, "", "carrier.couple", "HBB"), "no couple risk from a fetus");
    }
}

Test(carrier_fetus, the_couple_is_judged_from_the_parents_alone)
{
    Lab lab = lab_open(NULL, 0);
    Differs carrier[] = {{SNV, HET}}, affected[] = {{SNV, HOM}};
    Sample s[] = {person(W, "S1", calls_of(&lab, G38, carrier, 1)), person(P, "S2", calls_of(&lab, G38, carrier, 1)),
                  fetus(SUBJECT_FETUS_A, "S3", calls_of(&lab, G38, affected, 1))};
    Findings f = judge_case(&lab, s, 3);
    expect_value(finding_of(&f, "", "carrier.couple", "HBB"), 0.25, 0, "parents");
    EXPECT_FINDING(finding_of(&f, "S3", "carrier.gene", "HBB"), POS, "hom", "%s", "fetus");
}

/* --- swaps --- */

typedef enum Blood { MOTHER, FATHER, CHILD, STRANGER, MOTHER_AGAIN } Blood;

/* Genotypes of a family: every site gets one of nine crosses, the child's alleles are drawn from the parents'. */
static int8_t genotype(Blood who, size_t site)
{
    int m = (int)(site % 3), p = (int)(site / 3 % 3), stranger = (int)((site * 7 + site / 9) % 3);
    int from_m = m == 1 ? (int)(site / 9 % 2) : m / 2, from_p = p == 1 ? (int)(site / 18 % 2) : p / 2;
    switch (who) {
    case MOTHER:
    case MOTHER_AGAIN: return (int8_t)m;
    case FATHER: return (int8_t)p;
    case CHILD: return (int8_t)(from_m + from_p);
    default: return (int8_t)stranger;
    }
}

static void bleed(Sample *s, Blood who, size_t n)
{
    for (size_t i = 0; i < n && i < s->evidence.calls->n_identity; i++)
        s->evidence.calls->identity[i] = genotype(who, i);
}

typedef struct Swap {
    const char *what;
    Subject a, b;
    Blood of_a, of_b;
    size_t sites;
    Answer answer;
    const char *detail;
} Swap;

static const Swap swaps[] = {
    {"couple", W, P, MOTHER, FATHER, 66, NEG, "as_declared"},
    {"one person as a couple", W, P, MOTHER, MOTHER_AGAIN, 66, REF, "nearly_identical"},
    {"parent and child as a couple", W, P, MOTHER, CHILD, 66, REF, "couple_too_alike"},
    {"mother and fetus", W, SUBJECT_FETUS_A, MOTHER, CHILD, 66, NEG, "as_declared"},
    {"father and fetus", P, SUBJECT_FETUS_A, FATHER, CHILD, 66, NEG, "as_declared"},
    {"mother and newborn", W, SUBJECT_NEWBORN, MOTHER, CHILD, 66, NEG, "as_declared"},
    {"a stranger's fetus", W, SUBJECT_FETUS_A, MOTHER, STRANGER, 66, REF, "not_parent_and_child"},
    {"fetal sample full of maternal cells", W, SUBJECT_FETUS_B, MOTHER, MOTHER_AGAIN, 66, REF, "nearly_identical"},
    {"one person twice", W, W, MOTHER, MOTHER_AGAIN, 66, NEG, "as_declared"},
    {"one person, two bloods", W, W, MOTHER, STRANGER, 66, REF, "same_person_differs"},
    {"too few sites", W, P, MOTHER, MOTHER_AGAIN, 29, NOT, "too_few_sites"},
    {"no sites", W, SUBJECT_FETUS_A, MOTHER, STRANGER, 0, NOT, "too_few_sites"},
};

static const Finding *relationship(const Findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, "carrier.relationship") == 0)
            return &f->items[i];
    return NULL;
}

Test(carrier_swap, related_samples_are_compared_on_autosomes)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(swaps); i++) {
        const Swap *w = &swaps[i];
        Sample s[2];
        for (int k = 0; k < 2; k++) {
            Subject subject = k == 0 ? w->a : w->b;
            CallSet *calls = calls_of(&lab, G38, NULL, 0);
            bool unborn = subject == SUBJECT_FETUS_A || subject == SUBJECT_FETUS_B;
            s[k] = unborn ? fetus(subject, k == 0 ? "S1" : "S2", calls) : person(subject, k == 0 ? "S1" : "S2", calls);
            s[k].person = w->a == w->b ? "P1" : s[k].person;
            bleed(&s[k], k == 0 ? w->of_a : w->of_b, w->sites);
        }
        Findings f = judge_case(&lab, s, 2);
        EXPECT_FINDING(relationship(&f), w->answer, w->detail, "row %zu (%s)", i, w->what);
        for (int k = 0; k < 2; k++) {
            const Finding *refused = finding_of(&f, s[k].id, "carrier.sample", "");
            cr_expect_eq(refused != NULL && strcmp(refused->detail, "sample_mixup") == 0, w->answer == REF, "row %zu (%s)",
                         i, w->what);
            cr_expect_eq(finding_of(&f, s[k].id, "carrier.site", "HBB c.52A>T") == NULL, w->answer == REF, "row %zu", i);
        }
    }
}

Test(carrier_swap, twins_are_not_compared_with_each_other)
{
    Lab lab = lab_open(NULL, 0);
    Sample s[] = {fetus(SUBJECT_FETUS_A, "S1", calls_of(&lab, G38, NULL, 0)),
                  fetus(SUBJECT_FETUS_B, "S2", calls_of(&lab, G38, NULL, 0))};
    bleed(&s[0], CHILD, 66);
    bleed(&s[1], CHILD, 66);
    Findings f = judge_case(&lab, s, 2);
    cr_expect_null(relationship(&f));
}

Test(carrier_swap, without_the_laboratorys_limits_nothing_is_said_to_fit)
{
    Lab lab = lab_open(NULL, 0);
    CarrierModel model = *lab.model;
    model.limits.given = false;
    lab.model = &model;
    Sample s[] = {person(W, "S1", calls_of(&lab, G38, NULL, 0)), person(P, "S2", calls_of(&lab, G38, NULL, 0))};
    bleed(&s[0], MOTHER, 66);
    bleed(&s[1], MOTHER, 66);
    Findings f = judge_case(&lab, s, 2);
    EXPECT_FINDING(relationship(&f), NOT, "no_identity_table", "%s", "no limits");
}
