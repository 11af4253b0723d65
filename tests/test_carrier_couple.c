/* The carrier assay, two people: risk of the couple, SMN1 copies, residual risk. */
#include "carrier_fixture.h"

#define SNV      "HBB:c.52A>T"
#define SNV2     "HBB:c.79G>A"
#define V37I     "GJB2:c.109G>A"
#define C235     "GJB2:c.235delC"
#define G6PD_ROW "G6PD:c.1466G>T"

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
    {"different alleles of one gene",
     {{SNV, HET}},
     {{SNV2, HET}},
     false,
     "HBB",
     POS,
     "couple_quarter",
     0.25},
    {"affected x carrier", {{SNV, HOM}}, {{SNV2, HET}}, false, "HBB", POS, "couple_half", 0.5},
    {"carrier x affected", {{SNV, HET}}, {{SNV2, HOM}}, false, "HBB", POS, "couple_half", 0.5},
    {"affected x affected", {{SNV, HOM}}, {{SNV, HOM}}, false, "HBB", POS, "couple_all", 1},
    {"compound in trans x carrier",
     {{SNV, "A 0|1 30 99 p7"}, {SNV2, "A 1|0 30 99 p7"}},
     {{SNV, HET}},
     false,
     "HBB",
     POS,
     "couple_half",
     0.5},
    {"compound in cis x carrier",
     {{SNV, "A 0|1 30 99 p7"}, {SNV2, "A 0|1 30 99 p7"}},
     {{SNV, HET}},
     false,
     "HBB",
     POS,
     "couple_quarter",
     0.25},
    {"compound of unknown phase x carrier",
     {{SNV, HET}, {SNV2, HET}},
     {{SNV, HET}},
     false,
     "HBB",
     MAY,
     "couple_unsettled",
     NONE},
    {"carrier x not assessed",
     {{SNV, HET}},
     {{"*", ""}},
     false,
     "HBB",
     NOT,
     "partner_must_be_tested",
     NONE},
    {"carrier x partly assessed",
     {{SNV, HET}},
     {{0}},
     false,
     "HBB",
     NOT,
     "partner_partly_assessed",
     NONE},
    {"not assessed x carrier",
     {{"*", ""}},
     {{SNV, HET}},
     false,
     "HBB",
     NOT,
     "partner_must_be_tested",
     NONE},
    {"carrier x no call",
     {{SNV, HET}},
     {{SNV, "N ./. 0 0"}},
     true,
     "HBB",
     NOT,
     "partner_partly_assessed",
     NONE},
    {"carrier x possible",
     {{SNV, HET}},
     {{SNV, "A 0/1 4 9"}},
     false,
     "HBB",
     MAY,
     "couple_confirm",
     NONE},
    {"possible x not assessed",
     {{SNV, "A 0/1 4 9"}},
     {{0}},
     false,
     "HBB",
     MAY,
     "couple_confirm",
     NONE},
    {"carrier x row refused",
     {{SNV, HET}},
     {{SNV2, "X 0/0 30 99"}},
     false,
     "HBB",
     REF,
     "couple_refused",
     NONE},
    {"carrier with a refused row x not seen",
     {{SNV, HET}, {SNV2, "X 0/0 30 99"}},
     {{0}},
     false,
     "HBB",
     REF,
     "couple_refused",
     NONE},
    {"refused x refused",
     {{SNV2, "X 0/0 30 99"}},
     {{SNV2, "X 0/0 30 99"}},
     false,
     "HBB",
     REF,
     "couple_refused",
     NONE},
    {"X-linked, woman refused",
     {{G6PD_ROW, "X 0/0 30 99"}},
     {{0}},
     false,
     "G6PD",
     REF,
     "couple_refused",
     NONE},
    {"carrier x negative: a quarter of the residual risk",
     {{SNV, HET}},
     {{0}},
     true,
     "HBB",
     NEG,
     "couple_residual",
     0.25 * 0.03 * (1 - 0.95) / (1 - 0.03 * 0.95)},
    {"negative x carrier: the same of the partner",
     {{0}},
     {{SNV, HET}},
     true,
     "HBB",
     NEG,
     "couple_residual",
     0.25 * 0.03 * (1 - 0.95) / (1 - 0.03 * 0.95)},
    {"affected x negative",
     {{SNV, HOM}},
     {{0}},
     true,
     "HBB",
     NEG,
     "couple_residual",
     0.5 * 0.03 * (1 - 0.95) / (1 - 0.03 * 0.95)},
    {"carrier x negative, no figures",
     {{"MMACHC:c.609G>A", HET}},
     {{0}},
     true,
     "MMACHC",
     NOT,
     "couple_residual_not_computed",
     NONE},
    {"second allele unknown",
     {{SNV, "A ./1 30 99"}},
     {{SNV, HET}},
     false,
     "HBB",
     MAY,
     "couple_unsettled",
     NONE},
    {"contradicting records",
     {{SNV, "A 0/1 30 99;A 1/1 30 99"}},
     {{SNV, HET}},
     false,
     "HBB",
     MAY,
     "couple_unsettled",
     NONE},
    {"unverified rows on both sides",
     {{"PAH:c.728G>A", HET}},
     {{"PAH:c.728G>A", HET}},
     false,
     "PAH",
     MAY,
     "couple_confirm",
     NONE},
    {"the same, verified",
     {{"PAH:c.728G>A", HET}},
     {{"PAH:c.721C>T", HET}},
     true,
     "PAH",
     POS,
     "couple_quarter",
     0.25},
    {"X-linked, woman heterozygous",
     {{G6PD_ROW, HET}},
     {{0}},
     false,
     "G6PD",
     POS,
     "xlinked_quarter",
     0.25},
    {"X-linked, a negative partner changes nothing",
     {{G6PD_ROW, HET}},
     {{G6PD_ROW, "R 0 40 99"}},
     false,
     "G6PD",
     POS,
     "xlinked_quarter",
     0.25},
    {"X-linked, woman homozygous",
     {{G6PD_ROW, HOM}},
     {{0}},
     false,
     "G6PD",
     POS,
     "xlinked_half",
     0.5},
    {"X-linked, partner alone", {{0}}, {{G6PD_ROW, "A 1 30 99"}}, false, "G6PD", NOT, NULL, NONE},
    {"own class x own class",
     {{V37I, HET}},
     {{V37I, HET}},
     false,
     "GJB2 c.109G>A",
     POS,
     "couple_low_penetrance",
     0.25},
    {"own class x other allele",
     {{V37I, HET}},
     {{C235, HET}},
     false,
     "GJB2 c.109G>A",
     POS,
     "couple_low_penetrance",
     0.25},
    {"own class homozygous x other allele",
     {{V37I, HOM}},
     {{C235, HET}},
     false,
     "GJB2 c.109G>A",
     POS,
     "couple_low_penetrance",
     0.5},
    {"own class never counts for the gene",
     {{V37I, HET}},
     {{V37I, HET}},
     false,
     "GJB2",
     NOT,
     NULL,
     NONE},
    {"other alleles count for the gene",
     {{C235, HET}},
     {{C235, HET}},
     false,
     "GJB2",
     POS,
     "couple_quarter",
     0.25},
    {"both classes in one person",
     {{V37I, HET}, {C235, HET}},
     {{V37I, HET}},
     false,
     "GJB2 c.109G>A",
     MAY,
     "couple_unsettled",
     NONE},
    {"own class x not assessed",
     {{V37I, HET}},
     {{"*", ""}},
     false,
     "GJB2 c.109G>A",
     NOT,
     "partner_must_be_tested",
     NONE},
    {"disputed gene: no statement",
     {{"GJB3:c.538C>T", HET}},
     {{"GJB3:c.538C>T", HET}},
     true,
     "GJB3",
     NOT,
     NULL,
     NONE},
    {"mitochondrial, woman",
     {{"MT-RNR1:m.1555A>G", "A 1 900 99"}},
     {{0}},
     false,
     "MT-RNR1",
     POS,
     "maternal_line",
     NONE},
    {"mitochondrial, partner: not passed on",
     {{0}},
     {{"MT-RNR1:m.1555A>G", "A 1 900 99"}},
     false,
     "MT-RNR1",
     NOT,
     NULL,
     NONE},
    {"nothing shared", {{0}}, {{0}}, false, "", NOT, "couple_none_found", NONE},
};

Test(carrier_couple, risk_of_every_pair)
{
    Lab labs[2] = {lab_open(NULL, 0), lab_open(all_verified, 1)};
    for (size_t i = 0; i < COUNT(couples); i++) {
        const Couple *r = &couples[i];
        const Lab *lab = &labs[r->verified];
        Sample s[] = {person(W, "S1", calls_of(lab, G38, r->w, 2)),
                      person(P, "S2", calls_of(lab, G38, r->p, 2))};
        Findings f = judge_case(lab, s, 2);
        const Finding *found = finding_of(&f, "", "carrier.couple", r->item);
        if (r->detail == NULL) {
            cr_expect_null(found, "row %zu (%s)", i, r->what);
            continue;
        }
        EXPECT_FINDING(found, r->answer, r->detail, "row %zu (%s)", i, r->what);
        expect_value(found, r->value, i, r->what);
    }
    lab_close(&labs[0]);
    lab_close(&labs[1]);
}

Test(carrier_couple, a_woman_alone_and_a_refused_partner)
{
    Lab lab = lab_open(NULL, 0);
    Differs carrier[] = {{SNV, HET}};
    Sample s[] = {person(W, "S1", calls_of(&lab, G38, carrier, 1)),
                  person(P, "S2", calls_of(&lab, G38, carrier, 1))};
    Findings alone = judge_case(&lab, s, 1);
    EXPECT_FINDING(finding_of(&alone, "", "carrier.couple", "HBB"), NOT, "partner_must_be_tested",
                   "%s", "alone");
    s[1].evidence.status = REFUSED;
    Findings refused = judge_case(&lab, s, 2);
    EXPECT_FINDING(finding_of(&refused, "", "carrier.couple", ""), REF, "couple_refused", "%s",
                   "refused");
    cr_expect_null(finding_of(&refused, "", "carrier.couple", "HBB"));
    lab_close(&lab);
}

/* --- SMN1 --- */

static Sample with_copies(Sample s, double copies, Arena *arena)
{
    s.evidence.results = arena_alloc(arena, sizeof(Result));
    s.evidence.results[0] =
        (Result){.specimen = "", .code = "smn1.exon7_copies", .number = copies, .unit = "{copies}"};
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
        Sample s[] = {
            with_copies(person(W, "S1", calls_of(&lab, G38, NULL, 0)), rows[i].w, lab.arena),
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
    lab_close(&lab);
}

/* --- residual risk --- */

Test(carrier_couple, residual_risk_needs_both_figures)
{
    static const Edit sourced[] = {
        {"carrier/frequencies", "example population\t0.02\t0.8", "example population\t0.02\t"}};
    static const Edit of_allele[] = {
        {"carrier/frequencies", "Zigong newborns\t0.104\t", "Zigong newborns\t0.104\t0.9"}};
    Lab lab = lab_open(NULL, 0), without = lab_open(sourced, 1), allele = lab_open(of_allele, 1);
    double risk = -1;
    size_t row = 0;
    cr_expect(carrier_residual(lab.model, "HBB", &risk, &row));
    cr_expect(fabs(risk - 0.03 * 0.05 / (1 - 0.03 * 0.95)) < 1e-15, "%g", risk);
    cr_expect(carrier_residual(lab.model, "GJB2", &risk, &row),
              "the gene's row, not that of one allele");
    cr_expect(fabs(risk - 0.02 * 0.2 / (1 - 0.016)) < 1e-15, "%g", risk);
    cr_expect_not(carrier_residual(lab.model, "PAH", &risk, &row));
    cr_expect(carrier_residual(allele.model, "GJB2", &risk, &row));
    cr_expect(fabs(risk - 0.02 * 0.2 / (1 - 0.016)) < 1e-15,
              "an allele's figures are not the gene's: %g", risk);
    cr_expect_not(carrier_residual(without.model, "GJB2", &risk, &row));
    lab_close(&lab);
    lab_close(&without);
    lab_close(&allele);
}
