/* The carrier assay: fetuses, and samples that are not whose they are said to be. */
#include "carrier_fixture.h"

/* --- fetuses --- */

static bool same_findings(const Findings *a, const Findings *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++) {
        const Finding *x = &a->items[i], *y = &b->items[i];
        same = strcmp(x->sample, y->sample) == 0 && strcmp(x->code, y->code) == 0 &&
               strcmp(x->item, y->item) == 0 && x->answer == y->answer &&
               strcmp(x->detail, y->detail) == 0 && x->has_value == y->has_value &&
               (!x->has_value || x->value == y->value) && strcmp(x->row, y->row) == 0 &&
               x->unverified == y->unverified;
    }
    return same;
}

Test(carrier_fetus, x_linked_genes_are_one_constant_sentence)
{
    static const char *const on_x[] = {"A 0/1 30 99", "A 1 30 99",   "A 1/1 30 99",
                                       "R 0 30 99",   "A 0/0 30 99", "",
                                       "X 0 30 99",   "N ./. 0 0",   "A 0/1 3 3 f"};
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
        if (i == 0) first = f;
        cr_expect(same_findings(&first, &f), "input %zu changes what is told", i);
        for (size_t k = 0; k < f.n; k++) {
            cr_expect_str_neq(f.items[k].detail, "hemizygous");
            cr_expect(strncmp(f.items[k].item, "G6PD", 4) != 0 &&
                          strncmp(f.items[k].item, "DMD", 3) != 0,
                      "%s", f.items[k].item);
            cr_expect(f.items[k].fetal || f.items[k].sample[0] == '\0');
        }
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.xlinked", ""), NOT, "fetal_xlinked",
                       "input %zu", i);
        EXPECT_FINDING(finding_of(&f, "S2", "carrier.xlinked", ""), NOT, "fetal_xlinked",
                       "input %zu", i);
    }
    lab_close(&lab);
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
        EXPECT_FINDING(finding_of(&f, "S1", "carrier.site", "HBB c.52A>T"), POS, rows[i].detail,
                       "row %zu", i);
        cr_expect_null(finding_of(&f, "", "carrier.couple", "HBB"), "no couple risk from a fetus");
    }
    lab_close(&lab);
}

Test(carrier_fetus, the_couple_is_judged_from_the_parents_alone)
{
    Lab lab = lab_open(NULL, 0);
    Differs carrier[] = {{SNV, HET}}, affected[] = {{SNV, HOM}};
    Sample s[] = {person(W, "S1", calls_of(&lab, G38, carrier, 1)),
                  person(P, "S2", calls_of(&lab, G38, carrier, 1)),
                  fetus(SUBJECT_FETUS_A, "S3", calls_of(&lab, G38, affected, 1))};
    Findings f = judge_case(&lab, s, 3);
    expect_value(finding_of(&f, "", "carrier.couple", "HBB"), 0.25, 0, "parents");
    EXPECT_FINDING(finding_of(&f, "S3", "carrier.gene", "HBB"), POS, "hom", "%s", "fetus");
    lab_close(&lab);
}

/* --- swaps --- */

typedef enum Blood { MOTHER, FATHER, CHILD, STRANGER, MOTHER_AGAIN } Blood;

/* Genotypes of a family: every site gets one of nine crosses, the child's alleles are drawn from the parents'. */
static int8_t genotype(Blood who, size_t site)
{
    int m = (int)(site % 3), p = (int)(site / 3 % 3), stranger = (int)((site * 7 + site / 9) % 3);
    int from_m = m == 1 ? (int)(site / 9 % 2) : m / 2,
        from_p = p == 1 ? (int)(site / 18 % 2) : p / 2;
    switch (who) {
    case MOTHER:
    case MOTHER_AGAIN:
        return (int8_t)m;
    case FATHER:
        return (int8_t)p;
    case CHILD:
        return (int8_t)(from_m + from_p);
    default:
        return (int8_t)stranger;
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
    {"fetal sample full of maternal cells", W, SUBJECT_FETUS_B, MOTHER, MOTHER_AGAIN, 66, REF,
     "nearly_identical"},
    {"one person twice", W, W, MOTHER, MOTHER_AGAIN, 66, NEG, "as_declared"},
    {"one person, two bloods", W, W, MOTHER, STRANGER, 66, REF, "same_person_differs"},
    {"too few sites", W, P, MOTHER, MOTHER_AGAIN, 29, NOT, "too_few_sites"},
    {"no sites", W, SUBJECT_FETUS_A, MOTHER, STRANGER, 0, NOT, "too_few_sites"},
};

static const Finding *relationship(const Findings *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, "carrier.relationship") == 0) return &f->items[i];
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
            s[k] = unborn ? fetus(subject, k == 0 ? "S1" : "S2", calls)
                          : person(subject, k == 0 ? "S1" : "S2", calls);
            s[k].person = w->a == w->b ? "P1" : s[k].person;
            bleed(&s[k], k == 0 ? w->of_a : w->of_b, w->sites);
        }
        Findings f = judge_case(&lab, s, 2);
        EXPECT_FINDING(relationship(&f), w->answer, w->detail, "row %zu (%s)", i, w->what);
        for (int k = 0; k < 2; k++) {
            const Finding *refused = finding_of(&f, s[k].id, "carrier.sample", "");
            cr_expect_eq(refused != NULL && strcmp(refused->detail, "sample_mixup") == 0,
                         w->answer == REF, "row %zu (%s)", i, w->what);
            cr_expect_eq(finding_of(&f, s[k].id, "carrier.site", "HBB c.52A>T") == NULL,
                         w->answer == REF, "row %zu", i);
        }
    }
    lab_close(&lab);
}

Test(carrier_swap, opposite_homozygotes_count_in_both_directions)
{
    Lab lab = lab_open(NULL, 0);
    for (int way = 0; way < 2; way++) {
        Sample s[] = {person(W, "S1", calls_of(&lab, G38, NULL, 0)),
                      fetus(SUBJECT_FETUS_A, "S2", calls_of(&lab, G38, NULL, 0))};
        for (size_t i = 0; i < 66; i++) {
            s[way].evidence.calls->identity[i] = i % 4 ? 1 : 0;
            s[1 - way].evidence.calls->identity[i] = i % 4 ? 1 : 2;
        }
        Findings f = judge_case(&lab, s, 2);
        EXPECT_FINDING(relationship(&f), REF, "not_parent_and_child", "way %d", way);
    }
    lab_close(&lab);
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
    lab_close(&lab);
}

Test(carrier_swap, without_the_laboratorys_limits_nothing_is_said_to_fit)
{
    Lab lab = lab_open(NULL, 0);
    CarrierModel model = *lab.model;
    model.limits.given = false;
    lab.model = &model;
    Sample s[] = {person(W, "S1", calls_of(&lab, G38, NULL, 0)),
                  person(P, "S2", calls_of(&lab, G38, NULL, 0))};
    bleed(&s[0], MOTHER, 66);
    bleed(&s[1], MOTHER, 66);
    Findings f = judge_case(&lab, s, 2);
    EXPECT_FINDING(relationship(&f), NOT, "no_identity_table", "%s", "no limits");
    lab_close(&lab);
}

/* Two variants of one gene of a fetus are told apart from what an adult's mean; one, or two on one chromosome, or one that must be confirmed, are not. */
Test(carrier_fetus, two_variants_of_one_gene)
{
    static const struct {
        Differs differs[2];
        bool fetal, told;
    } rows[] = {
        {{{SNV, HOM}}, true, true},
        {{{SNV, HOM}}, false, false},
        {{{SNV, HET}}, true, false},
        {{{SNV, HET}, {"HBB:c.79G>A", HET}}, true, true},
        {{{SNV, "A 0|1 30 99 p7"}, {"HBB:c.79G>A", "A 1|0 30 99 p7"}}, true, true},
        {{{SNV, "A 0|1 30 99 p7"}, {"HBB:c.79G>A", "A 0|1 30 99 p7"}}, true, false},
        {{{SNV, "A 1/1 4 9"}}, true, false},
        {{{0}}, true, false},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s = fetus(SUBJECT_FETUS_A, "S1", calls_of(&lab, G38, rows[i].differs, 2));
        if (!rows[i].fetal) s = person(W, "S1", s.evidence.calls);
        Findings f = judge_case(&lab, &s, 1);
        const Finding *x = finding_of(&f, "S1", "carrier.fetal", "HBB");
        cr_expect_eq(x != NULL, rows[i].told, "row %zu", i);
        if (x != NULL) EXPECT_FINDING(x, POS, "fetal_two_variants", "row %zu", i);
    }
    lab_close(&lab);
}

/* What remains after a negative is told of an adult's recessive genes that were read whole, and of nothing else. */
Test(carrier_fetus, residual_risk_is_an_adults)
{
    Lab lab = lab_open(all_verified, 1);
    for (int fetal = 0; fetal < 2; fetal++) {
        CallSet *calls = calls_of(&lab, G38, NULL, 0);
        Sample s = fetal ? fetus(SUBJECT_FETUS_A, "S1", calls) : person(W, "S1", calls);
        Findings f = judge_case(&lab, &s, 1);
        size_t recessive = 0, others = 0;
        for (size_t g = 0; g < lab.model->n_genes; g++) {
            const CarrierGene *gene = &lab.model->genes[g];
            const Finding *told = finding_of(&f, "S1", "carrier.gene", gene->name),
                          *risk = finding_of(&f, "S1", "carrier.residual", gene->name);
            const bool negative = told != NULL && told->answer == NEG;
            cr_expect_eq(risk != NULL, negative && !fetal && gene->inheritance == INHERIT_AR, "%s",
                         gene->name);
            recessive += risk != NULL;
            others += negative && gene->inheritance != INHERIT_AR;
        }
        cr_expect(fetal || (recessive > 3 && others > 0), "%zu %zu", recessive, others);
    }
    lab_close(&lab);
}
