/* The carrier assay: alpha-globin genotypes of one person and of a couple. */
#include "carrier_fixture.h"

/* --- alpha-globin --- */

static Sample with_results(Sample s, const char *deletion, const char *points, Arena *arena)
{
    s.evidence.results = arena_alloc(arena, 2 * sizeof(Result));
    if (deletion != NULL)
        s.evidence.results[s.evidence.n_results++] =
            (Result){.specimen = "", .code = "alpha.deletion", .value = deletion};
    if (points != NULL)
        s.evidence.results[s.evidence.n_results++] =
            (Result){.specimen = "", .code = "alpha.points", .value = points};
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
        Differs differs[] = {{rows[i].cs ? CS : NULL, rows[i].cs},
                             {rows[i].ws ? "HBA2:c.369C>G" : NULL, rows[i].ws}};
        Sample s = with_results(person(W, "S1", calls_of(&lab, G38, differs, 2)), "aa/aa",
                                rows[i].points, lab.arena);
        Findings f = judge_case(&lab, &s, 1);
        const Finding *alpha = NULL;
        for (size_t k = 0; k < f.n; k++)
            if (strcmp(f.items[k].code, "carrier.alpha") == 0) alpha = &f.items[k];
        EXPECT_FINDING(alpha, rows[i].answer, rows[i].detail, "row %zu", i);
    }
    lab_close(&lab);
}

Test(carrier_couple, two_tubes_of_one_person_are_read_together)
{
    Lab lab = lab_open(NULL, 0);
    Differs differs = {CS, HET};
    Sample s[] = {
        with_results(person(W, "S1", NULL), "aa/aa", NULL, lab.arena),
        person(W, "S2", calls_of(&lab, G38, &differs, 1)),
        with_results(person(P, "S3", calls_of(&lab, G38, NULL, 0)), "--SEA/aa", NULL, lab.arena)};
    s[0].person = s[1].person = "P1";
    Findings f = judge_case(&lab, s, 3);
    EXPECT_FINDING(finding_of(&f, "S2", "carrier.alpha", "HBA1/HBA2 aTa/aa"), POS,
                   "alpha_nondeletional", "%s", "with variants");
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.sample", ""), NOT, "no_variant_file", "%s",
                   "results only");
    EXPECT_FINDING(finding_of(&f, "", "carrier.couple", "HBA1/HBA2 aTa/aa x --/aa?"), POS,
                   "alpha_couple_nd_cis", "%s", "couple");
    s[2].evidence.results[0].value = "aa/aa";
    s[2].evidence.n_results = 1;
    Sample again = with_results(person(P, "S4", NULL), "-a3.7/aa", NULL, lab.arena);
    again.person = s[2].person;
    Sample contradicting[] = {s[2], again};
    f = judge_case(&lab, contradicting, 2);
    EXPECT_FINDING(finding_of(&f, "S3", "carrier.alpha", "HBA1/HBA2"), REF, "results_conflict",
                   "%s", "two results");
    lab_close(&lab);
}

Test(carrier_couple, alpha_genotypes_are_read_from_deletions_and_point_alleles)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(alphas); i++) {
        const Alpha *a = &alphas[i];
        Differs differs = {a->cs == NULL ? NULL : CS, a->cs};
        Sample s = with_results(person(W, "S1", calls_of(&lab, G38, &differs, 1)), a->deletion,
                                a->points, lab.arena);
        Findings f = judge_case(&lab, &s, 1);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.alpha", a->item), a->answer, a->detail,
                       "row %zu (%s)", i, a->deletion == NULL ? "-" : a->deletion);
    }
    lab_close(&lab);
}

/* "--SEA/aa is trait, never silent carrier", wherever it is printed. */
Test(carrier_couple, a_cis_deletion_is_never_a_silent_carrier)
{
    Lab lab = lab_open(NULL, 0);
    const Table *t = lab.model->genotypes;
    size_t cis = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strncmp(table_get(t, r, "chromosomes"), "--", 2) != 0) continue;
        cis++;
        cr_expect_str_neq(table_get(t, r, "detail"), "alpha_silent", "row %zu", r);
        cr_expect_str_neq(table_get(t, r, "answer"), "negative", "row %zu", r);
    }
    cr_expect_gt(cis, 10);
    lab_close(&lab);
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
        if (strcmp(f->items[i].code, "carrier.couple") == 0 &&
            strncmp(f->items[i].item, "HBA1/HBA2", 9) == 0)
            return &f->items[i];
    return NULL;
}

Test(carrier_couple, alpha_pairs_are_read_as_genotypes)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(alpha_pairs); i++) {
        const AlphaPair *a = &alpha_pairs[i];
        Differs w = {a->w_cs == NULL ? NULL : CS, a->w_cs},
                p = {a->p_cs == NULL ? NULL : CS, a->p_cs};
        Sample s[] = {
            with_results(person(W, "S1", calls_of(&lab, G38, &w, 1)), a->w, a->w_points, lab.arena),
            with_results(person(P, "S2", calls_of(&lab, G38, &p, 1)), a->p, a->p_points,
                         lab.arena)};
        Findings f = judge_case(&lab, s, 2);
        EXPECT_FINDING(alpha_couple(&f), a->answer, a->detail, "row %zu", i);
        expect_value(alpha_couple(&f), a->value, i, a->detail);
        cr_expect_null(finding_of(&f, "", "carrier.couple", "HBA2"), "row %zu: alpha alone speaks",
                       i);
    }
    lab_close(&lab);
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
        {"barts", {"--/--", NULL}},       {"hbh", {"--/-a", NULL}},
        {"hbh_nd", {"--/aTa", NULL}},     {"trait_cis", {"--/aa", NULL}},
        {"trait_trans", {"-a/-a", NULL}}, {"nondeletional", {"aTa/aa", NULL}},
        {"silent", {"-a/aa", NULL}},      {"refer", {"-a/aTa", "aTa/aTa"}},
        {"normal", {"aa/aa", NULL}},
    };
    Lab lab = lab_open(NULL, 0);
    const Table *t = lab.model->couples;
    cr_assert_eq(t->n_rows, 28);
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *a = table_get(t, r, "a"), *b = table_get(t, r, "b");
        double sum = 0, severe = 0;
        for (size_t o = 0; o < COUNT(outcomes); o++) {
            double want = share_of(a, b, outcomes[o].children[0]), is = -1;
            if (outcomes[o].children[1] != NULL) want += share_of(a, b, outcomes[o].children[1]);
            cr_expect(table_number(t, r, table_column(t, outcomes[o].column), &is));
            cr_expect(fabs(want - is) < 1e-12, "%s x %s: %s %g, want %g", a, b, outcomes[o].column,
                      is, want);
            sum += is;
            severe += o < 3 ? is : 0;
        }
        double stated = -1;
        cr_expect(table_number(t, r, table_column(t, "severe"), &stated));
        cr_expect(fabs(sum - 1) < 1e-12 && fabs(severe - stated) < 1e-12,
                  "%s x %s: sum %g, severe %g", a, b, sum, stated);
    }
    lab_close(&lab);
}

/* Two results of one person: one that names a deletion of a group (dosage cannot tell --SEA from --MED) says the same and more, whichever came first; a test
 * that failed contradicts nothing; anything else is a contradiction, and nobody chooses. */
Test(carrier_couple, two_deletion_results_of_one_person)
{
    static const struct {
        const char *one, *other, *item;
        Answer answer;
        const char *detail;
    } rows[] = {
        {"--SEA/aa", "--SEA/aa", "HBA1/HBA2 --/aa?", POS, "alpha_trait_cis"},
        {"--SEA/aa", "--SEA,--MED/aa", "HBA1/HBA2 --/aa?", POS, "alpha_trait_cis"},
        {"--SEA/-a3.7", "--SEA,--MED/-a3.7", "HBA1/HBA2 --/-a?", POS, "alpha_hbh"},
        {"--SEA/--SEA", "--SEA,--MED/--SEA,--MED", "HBA1/HBA2 --/--", POS, "alpha_barts"},
        {"--SEA/-a3.7", "--SEA,--MED/-a4.2", "HBA1/HBA2", REF, "results_conflict"},
        {"--SEA/-a3.7", "--SEA,--MED/aa", "HBA1/HBA2", REF, "results_conflict"},
        {"--SEA/aa", "--FIL,--THAI/aa", "HBA1/HBA2", REF, "results_conflict"},
        {"--SEA,--MED/aa", "--FIL,--THAI/aa", "HBA1/HBA2", REF, "results_conflict"},
        {"--SEA/aa", "aa/aa", "HBA1/HBA2", REF, "results_conflict"},
        {"-a3.7/aa", "-a4.2/aa", "HBA1/HBA2", REF, "results_conflict"},
        {"-a3.7/aa", "-a3.7/-a3.7", "HBA1/HBA2", REF, "results_conflict"},
        {"--SEA/aa", "invalid", "HBA1/HBA2 --/aa?", POS, "alpha_trait_cis"},
        {"--SEA/aa", "failed", "HBA1/HBA2 --/aa?", POS, "alpha_trait_cis"},
        {"aa/aa", "failed", "HBA1/HBA2 aa/aa?", NOT, "alpha_points_not_tested"},
        {"failed", "failed", "HBA1/HBA2", ANSWER_FAILED, "alpha_repeat"},
        {"invalid", "invalid", "HBA1/HBA2", ANSWER_INVALID, "alpha_repeat"},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        const bool turned = i >= COUNT(rows);
        const size_t row = i % COUNT(rows);
        const char *one = turned ? rows[row].other : rows[row].one,
                   *other = turned ? rows[row].one : rows[row].other;
        Sample s[] = {
            with_results(person(W, "S1", calls_of(&lab, G38, NULL, 0)), one, NULL, lab.arena),
            with_results(person(W, "S2", NULL), other, NULL, lab.arena)};
        s[0].person = s[1].person = "P1";
        Findings f = judge_case(&lab, s, 2);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.alpha", rows[row].item), rows[row].answer,
                       rows[row].detail, "row %zu%s", row, turned ? ", the other way round" : "");
        /* what another person's tube, or a file that could not be read, says is not hers */
        s[1].person = "P2";
        f = judge_case(&lab, s, 2);
        const Finding *alone = finding_of(&f, "S1", "carrier.alpha", "HBA1/HBA2");
        cr_expect(alone == NULL || strcmp(alone->detail, "results_conflict") != 0, "row %zu", row);
        s[1].person = "P1";
        s[1].evidence.status = BAD_INPUT;
        f = judge_case(&lab, s, 2);
        alone = finding_of(&f, "S1", "carrier.alpha", "HBA1/HBA2");
        cr_expect(alone == NULL || strcmp(alone->detail, "results_conflict") != 0, "row %zu", row);
    }
    lab_close(&lab);
}

/* A kit and the variant file of one person must tell the same number of alleles. */
Test(carrier_couple, a_point_kit_beside_called_alleles)
{
    static const struct {
        const char *points, *cs, *qs, *item;
        Answer answer;
        const char *detail;
    } rows[] = {
        {"CS_het", HET, NULL, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
        {"CS_hom", HOM, NULL, "HBA1/HBA2 aTa/aTa", POS, "alpha_refer"},
        {"two_alleles", HET, HET, "HBA1/HBA2 aTa/aTa?", POS, "alpha_refer"},
        {NULL, HET, HET, "HBA1/HBA2 aTa/aTa?", POS, "alpha_refer"},
        {"CS_het", HOM, NULL, "HBA1/HBA2", REF, "results_conflict"},
        {"CS_hom", HET, NULL, "HBA1/HBA2", REF, "results_conflict"},
        {"CS_het", HET, HET, "HBA1/HBA2", REF, "results_conflict"},
        {"none", HET, NULL, "HBA1/HBA2", REF, "results_conflict"},
        {"failed", HET, NULL, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
        {"invalid", HET, NULL, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
        {"CS_het", NULL, NULL, "HBA1/HBA2 aTa/aa", POS, "alpha_nondeletional"},
        {"CS_hom", NULL, NULL, "HBA1/HBA2 aTa/aTa", POS, "alpha_refer"},
        {"two_alleles", NULL, NULL, "HBA1/HBA2 aTa/aTa?", POS, "alpha_refer"},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Differs differs[] = {{rows[i].cs ? CS : NULL, rows[i].cs},
                             {rows[i].qs ? QS : NULL, rows[i].qs}};
        Sample s = with_results(person(W, "S1", calls_of(&lab, G38, differs, 2)), "aa/aa",
                                rows[i].points, lab.arena);
        Findings f = judge_case(&lab, &s, 1);
        const Finding *alpha = NULL;
        for (size_t k = 0; k < f.n; k++)
            if (strcmp(f.items[k].code, "carrier.alpha") == 0 &&
                strcmp(f.items[k].detail, "alpha_repeat") != 0)
                alpha = &f.items[k];
        EXPECT_FINDING(alpha, rows[i].answer, rows[i].detail, "row %zu", i);
        cr_expect(alpha != NULL && strcmp(alpha->item, rows[i].item) == 0, "row %zu: %s", i,
                  alpha ? alpha->item : "");
    }
    lab_close(&lab);
}

/* A couple is named by both genotypes, hers first, and rests on the row of the table that fits them in either order. */
Test(carrier_couple, alpha_pairs_are_named)
{
    static const struct {
        const char *w, *w_points, *p, *p_points, *item, *row;
    } rows[] = {
        {"--SEA/aa", "none", "-a3.7/aa", "none", "HBA1/HBA2 --/aa x -a/aa", "-a/aa x --/aa"},
        {"-a3.7/aa", "none", "--SEA/aa", "none", "HBA1/HBA2 -a/aa x --/aa", "-a/aa x --/aa"},
        {"--SEA/aa", NULL, "-a3.7/aa", NULL, "HBA1/HBA2 --/aa? x -a/aa?", "-a/aa x --/aa"},
        {"-a3.7/-a4.2", "none", "--SEA/-a3.7", NULL, "HBA1/HBA2 -a/-a x --/-a?", "-a/-a x --/-a"},
        {"aa/aa", "none", "aa/aa", "none", "HBA1/HBA2 aa/aa x aa/aa", "aa/aa x aa/aa"},
        {"aa/aa", "none", "aa/aa", NULL, "HBA1/HBA2 aa/aa x aa/aa?", "aa/aa x aa/aa"},
        {"aa/aa", "CS_het", "--SEA/--SEA", "none", "HBA1/HBA2 aTa/aa x --/--", ""},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s[] = {with_results(person(W, "S1", calls_of(&lab, G38, NULL, 0)), rows[i].w,
                                   rows[i].w_points, lab.arena),
                      with_results(person(P, "S2", calls_of(&lab, G38, NULL, 0)), rows[i].p,
                                   rows[i].p_points, lab.arena)};
        Findings f = judge_case(&lab, s, 2);
        const Finding *x = alpha_couple(&f);
        cr_assert_not_null(x, "row %zu", i);
        cr_expect_str_eq(x->item, rows[i].item, "row %zu: %s", i, x->item);
        cr_expect_str_eq(x->row ? x->row : "", rows[i].row, "row %zu: %s", i, x->row);
        cr_expect_eq(strcmp(x->table, "carrier/alpha_couples") == 0, rows[i].row[0] != '\0',
                     "row %zu: %s", i, x->table);
    }
    lab_close(&lab);
}

/* A row of the panel for a large deletion is there when the result names it as a whole word, and read but not told otherwise. */
Test(carrier_couple, rows_of_large_deletions_follow_the_result)
{
    static const struct {
        const char *deletion;
        bool sea, short37;
    } rows[] = {
        {"aa/aa", false, false},         {"--SEA/aa", true, false},
        {"--SEA,--MED/aa", true, false}, {"--FIL,--THAI/aa", false, false},
        {"-a3.7/aa", false, true},       {"-a4.2/aa", false, false},
        {"-a3.7/-a4.2", false, true},    {"-a4.2/-a4.2", false, false},
        {"--SEA/-a3.7", true, true},     {"--SEA/-a4.2", true, false},
        {"--SEA/--SEA", true, false},    {"--SEA,--MED/-a3.7", true, true},
        {"-a3.7/-a3.7", false, true},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s = with_results(person(W, "S1", calls_of(&lab, G38, NULL, 0)), rows[i].deletion,
                                NULL, lab.arena);
        Findings f = judge_case(&lab, &s, 1);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA1/HBA2 --SEA"),
                       rows[i].sea ? POS : NOT, "read_by_alpha", "%s", rows[i].deletion);
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA1/HBA2 -a3.7"),
                       rows[i].short37 ? POS : NOT, "read_by_alpha", "%s", rows[i].deletion);
    }
    Sample none = person(W, "S1", calls_of(&lab, G38, NULL, 0));
    Findings f = judge_case(&lab, &none, 1);
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA1/HBA2 --SEA"), NOT, "needs_gap_pcr",
                   "%s", "no result");
    none = with_results(none, "failed", NULL, lab.arena);
    f = judge_case(&lab, &none, 1);
    EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBA1/HBA2 --SEA"), NOT, "needs_gap_pcr",
                   "%s", "a test that failed");
    lab_close(&lab);
}
