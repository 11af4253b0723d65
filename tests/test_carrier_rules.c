/* Rules of the carrier assay against the same rules in their plainest form: genes that roll up, pairs that are related or not, which tube of a person
 * speaks. Tables are not asked: models are made by hand. */
#include "carrier_fixture.h"
#include "chance.h"

/* --- a gene --- */

static Verdict cast(void)
{
    static const Answer answers[] = {NEG, NEG, POS, POS, MAY, NOT, REF};
    static const char *const details[] = {"one", "two", "three"};
    Verdict v = {.answer = answers[chance(COUNT(answers))],
                 .detail = details[chance(3)],
                 .unverified = chance(4) == 0,
                 .first = -1,
                 .phase_set = -1};
    const unsigned kind = chance(5);
    v.both = kind == 0;
    v.heterozygous = kind > 1;
    if (v.heterozygous && chance(3) > 0) {
        v.first = (int8_t)chance(2);
        v.phase_set = chance(4) > 0 ? 0 : 7;
        if (chance(9) == 0) v.first = -1;
    }
    return v;
}

static bool is_seen(const Verdict *v)
{
    return v->answer == POS || v->answer == MAY;
}

/* 1 on different chromosomes, 0 on one, -1 nobody knows. */
static int plain_trans(const Verdict *a, const Verdict *b)
{
    const bool known =
        a->phase_set >= 0 && a->phase_set == b->phase_set && a->first >= 0 && b->first >= 0;
    return known ? a->first != b->first : -1;
}

static GeneState plain_seen(const Verdict *const *seen, size_t n, const CarrierGene *gene)
{
    GeneState g = {.answer = MAY, .state = STATE_UNSETTLED};
    bool possible = false, both = false, settled = true, trans = false, unknown = false;
    for (size_t i = 0; i < n; i++) {
        if (seen[i]->answer == POS) g.answer = POS;
        possible = possible || seen[i]->answer == MAY;
        both = both || seen[i]->both;
        settled = settled && (seen[i]->both || seen[i]->heterozygous);
        g.unverified = g.unverified || seen[i]->unverified;
        for (size_t j = 0; j < i; j++) {
            trans = trans || plain_trans(seen[i], seen[j]) == 1;
            unknown = unknown || plain_trans(seen[i], seen[j]) == -1;
        }
    }
    const bool one = n == 1;
    if (!settled)
        g.detail = one ? seen[0]->detail : "compound_unknown";
    else if (both)
        g.state = STATE_AFFECTED, g.detail = one ? seen[0]->detail : "hom";
    else if (trans)
        g.state = STATE_AFFECTED, g.detail = "compound_trans";
    else if (unknown)
        g.detail = "compound_unknown";
    else
        g.state = STATE_CARRIER, g.detail = one ? seen[0]->detail : "compound_cis";
    if (gene->inheritance == INHERIT_MT) g.detail = "mt_present";
    if (possible) g.state = STATE_POSSIBLE;
    return g;
}

static GeneState plain_unseen(const CarrierGene *gene, size_t rows, size_t negative,
                              const char *doubt)
{
    GeneState g = {.state = STATE_NOT_ASSESSED};
    if (rows > 0 && negative == rows) {
        g.detail = gene->structural ? gene->needs : "all_rows";
        if (!gene->structural) g.answer = NEG, g.state = STATE_NEGATIVE;
        return g;
    }
    if (negative > 0 && !gene->structural) g.state = STATE_PARTLY;
    g.detail = gene->structural ? gene->needs : negative > 0 ? "partly_assessed" : doubt;
    return g;
}

static GeneState plain_gene(const CarrierModel *m, const CarrierGene *gene, const Verdict *v,
                            bool low)
{
    const Verdict *seen[16];
    size_t n = 0, rows = 0, negative = 0, refused = 0;
    const char *doubt = NULL;
    for (size_t r = 0; r < m->n_rows; r++) {
        if (r < gene->first || r >= gene->first + gene->n || m->rows[r].low_penetrance != low)
            continue;
        rows++;
        negative += v[r].answer == NEG;
        refused += v[r].answer == REF;
        if (v[r].answer == NOT && doubt == NULL) doubt = v[r].detail;
        if (is_seen(&v[r])) seen[n++] = &v[r];
    }
    GeneState g = n > 0         ? plain_seen(seen, n, gene)
                  : refused > 0 ? (GeneState){.answer = REF, .detail = "ref_mismatch"}
                                : plain_unseen(gene, rows, negative, doubt);
    if (refused > 0) g.state = STATE_REFUSED;
    g.negative = negative;
    g.rows = rows;
    return g;
}

Test(carrier_rules, a_gene_is_what_its_rows_come_to)
{
    enum { ROWS = 12 };
    CarrierRow rows[ROWS] = {{0}};
    Verdict v[ROWS];
    size_t of[STATE_REFUSED + 1] = {0};
    for (size_t round = 0; round < 6000; round++) {
        CarrierGene gene = {.first = 1 + chance(4), .n = chance(6), .needs = "needs_it"};
        gene.structural = chance(4) == 0;
        gene.inheritance = chance(6) == 0 ? INHERIT_MT : INHERIT_AR;
        const CarrierModel m = {.rows = rows, .n_rows = ROWS};
        for (size_t r = 0; r < ROWS; r++) {
            v[r] = cast();
            rows[r].low_penetrance = chance(5) == 0;
        }
        for (int low = 0; low < 2; low++) {
            const GeneState got = carrier_roll_up(&m, &gene, v, low),
                            due = plain_gene(&m, &gene, v, low);
            of[due.state]++;
            cr_expect(got.answer == due.answer && got.state == due.state &&
                          got.unverified == due.unverified && got.rows == due.rows &&
                          got.negative == due.negative,
                      "round %zu: state %d, want %d", round, (int)got.state, (int)due.state);
            const char *a = got.detail ? got.detail : "", *b = due.detail ? due.detail : "";
            cr_expect_str_eq(a, b, "round %zu: %s, want %s", round, a, b);
        }
    }
    for (int s = STATE_NOT_ASSESSED; s <= STATE_REFUSED; s++)
        cr_expect(of[s] > 20 || s == STATE_SILENT, "state %d came up %zu times", s, of[s]);
}

/* So many alleles of one gene that their phases are no longer compared: nobody says "on one chromosome" then. */
Test(carrier_rules, sixty_four_alleles_are_compared_and_no_more)
{
    enum { MOST_OF = 66 };
    static CarrierRow rows[MOST_OF];
    static Verdict v[MOST_OF];
    static const struct {
        size_t n;
        const char *detail;
        State state;
    } due[] = {{2, "compound_cis", STATE_CARRIER},
               {64, "compound_cis", STATE_CARRIER},
               {65, "compound_unknown", STATE_UNSETTLED}};
    const CarrierModel m = {.rows = rows, .n_rows = MOST_OF};
    for (size_t r = 0; r < MOST_OF; r++)
        v[r] = (Verdict){.answer = POS, .detail = "het", .heterozygous = true, .phase_set = 7};
    for (size_t i = 0; i < COUNT(due); i++) {
        const CarrierGene gene = {.n = due[i].n};
        const GeneState g = carrier_roll_up(&m, &gene, v, false);
        cr_expect_str_eq(g.detail, due[i].detail, "%zu: %s", due[i].n, g.detail);
        cr_expect_eq(g.state, due[i].state, "%zu", due[i].n);
    }
    v[63].first = 1; /* the last that is compared */
    const CarrierGene gene = {.n = 64};
    cr_expect_str_eq(carrier_roll_up(&m, &gene, v, false).detail, "compound_trans");
}

/* Copies of SMN1 that leave a silent carrier open; a locus that another result read. */
Test(carrier_rules, what_a_coded_result_read_is_told_as_such)
{
    CarrierRow rows[2] = {{0}};
    const CarrierModel m = {.rows = rows, .n_rows = 2};
    const CarrierGene gene = {.n = 2, .structural = true, .needs = "needs_it"};
    Verdict v[2] = {{.detail = "smn1_two", .silent = true}, {.detail = "other"}};
    GeneState g = carrier_roll_up(&m, &gene, v, false);
    cr_expect(g.state == STATE_SILENT && g.answer == NOT);
    cr_expect_str_eq(g.detail, "smn1_two");
    v[0] = (Verdict){.detail = "read_by_alpha"};
    g = carrier_roll_up(&m, &gene, v, false);
    cr_expect_eq(g.state, STATE_NOT_ASSESSED);
    cr_expect_str_eq(g.detail, "read_by_alpha");
}

/* --- who is related --- */

enum { SITES = 100 };

typedef struct Two {
    CarrierModel model;
    Sample samples[2];
    SampleView views[2];
    CallSet calls[2];
    int8_t genotypes[2][SITES];
    Arena *arena;
} Two;

/* `same` sites agree, `opposite` are opposite homozygotes, `unread` are missing in one of the two; the others differ by one allele. */
static void two_people(Two *t, size_t same, size_t opposite, size_t unread)
{
    t->model = (CarrierModel){.n_identity = SITES,
                              .limits = {.given = true,
                                         .min_sites = 50,
                                         .same_agreement_min = 0.95,
                                         .child_ibs0_max = 0.02,
                                         .contamination_agreement_min = 0.9,
                                         .couple_ibs0_min = 0.04}};
    for (size_t i = 0; i < SITES; i++) {
        const bool end = i < opposite, mute = i >= SITES - unread;
        const bool alike = !end && i < opposite + same;
        t->genotypes[0][i] = (int8_t)(end ? i % 2 * 2 : alike ? i % 3 : 1);
        t->genotypes[1][i] = (int8_t)(end ? 2 - i % 2 * 2 : alike ? i % 3 : i % 2 * 2);
        if (mute) t->genotypes[i % 2][i] = -1;
    }
    for (int k = 0; k < 2; k++) {
        t->calls[k] = (CallSet){.identity = t->genotypes[k], .n_identity = SITES};
        t->samples[k] = person(W, k == 0 ? "S1" : "S2", &t->calls[k]);
        t->views[k] = (SampleView){.sample = &t->samples[k]};
    }
}

static Findings relate(Two *t)
{
    Findings out = {.arena = t->arena};
    carrier_relations(&t->model, t->views, 2, &out);
    return out;
}

typedef struct Likeness {
    const char *what;
    Subject a, b;
    size_t same, opposite, unread;
    Answer answer;
    const char *detail;
} Likeness;

#define B  SUBJECT_NEWBORN
#define FA SUBJECT_FETUS_A
#define FB SUBJECT_FETUS_B

Test(carrier_rules, each_limit_of_likeness_on_both_sides)
{
    static const Likeness rows[] = {
        {"one person, at the limit", W, W, 95, 0, 0, NEG, "as_declared"},
        {"one person, below it", W, W, 94, 0, 0, REF, "same_person_differs"},
        {"couple, not one person", W, P, 94, 4, 0, NEG, "as_declared"},
        {"couple, one person", W, P, 95, 4, 0, REF, "nearly_identical"},
        {"couple, too alike", P, W, 50, 3, 0, REF, "couple_too_alike"},
        {"couple, just unlike enough", P, W, 50, 4, 0, NEG, "as_declared"},
        {"child at the limit", W, FA, 50, 2, 0, NEG, "as_declared"},
        {"child over it", W, FA, 50, 3, 0, REF, "not_parent_and_child"},
        {"child, not contaminated", FB, P, 89, 0, 0, NEG, "as_declared"},
        {"child, contaminated", FB, P, 90, 0, 0, REF, "nearly_identical"},
        {"child, contaminated and opposite", B, W, 90, 10, 0, REF, "nearly_identical"},
        {"just sites enough", W, W, 50, 0, 50, NEG, "as_declared"},
        {"one site too few", W, W, 49, 0, 51, NOT, "too_few_sites"},
        {"no site at all", W, P, 0, 0, 100, NOT, "too_few_sites"},
        {"shares are of the sites that both have", W, B, 40, 1, 50, NEG, "as_declared"},
        {"the same, one over the limit", W, B, 40, 2, 50, REF, "not_parent_and_child"},
    };
    static Two t;
    t.arena = arena_new(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Likeness *r = &rows[i];
        two_people(&t, r->same, r->opposite, r->unread);
        t.samples[0].subject = r->a;
        t.samples[1].subject = r->b;
        if (r->a == r->b) t.samples[0].person = t.samples[1].person = "P1";
        t.samples[1].fetal = r->b == FA;
        t.model.limits.example = i % 2 == 0;
        const Findings f = relate(&t);
        cr_assert_eq(f.n, 1, "%s", r->what);
        const Finding *x = &f.items[0];
        EXPECT_FINDING(x, r->answer, r->detail, "%s", r->what);
        cr_expect_str_eq(x->item, "S1 - S2");
        cr_expect_str_eq(x->sample, "");
        cr_expect(x->fetal == (r->b == FA) && x->example == (i % 2 == 0), "%s", r->what);
        for (int k = 0; k < 2; k++)
            cr_expect_eq(t.views[k].refused != NULL, r->answer == REF, "%s", r->what);
    }
    arena_free(t.arena);
}

/* One person's tubes, parents with their children, and the couple; nobody else is compared. */
Test(carrier_rules, who_is_compared_with_whom)
{
    static const Subject all[] = {W, P, FA, FB, B};
    static const char *const compared[] = {"scrrr", "csrrr", "rrs..", "rr.s.", "rr..s"};
    static Two t;
    t.arena = arena_new(NULL);
    for (size_t i = 0; i < COUNT(all); i++)
        for (size_t j = 0; j < COUNT(all); j++)
            for (int one = 0; one < 2; one++) {
                two_people(&t, 60, 4, 0);
                t.samples[0].subject = all[i];
                t.samples[1].subject = all[j];
                t.samples[0].person = "P1";
                t.samples[1].person = one ? "P1" : "P2";
                const char kind = compared[i][j] == 's' && !one ? '.' : compared[i][j];
                const Findings f = relate(&t);
                cr_assert_eq(f.n, kind == '.' ? 0 : 1, "%zu %zu %d", i, j, one);
                if (f.n > 0)
                    cr_expect_str_eq(f.items[0].detail,
                                     kind == 's'   ? "same_person_differs"
                                     : kind == 'r' ? "not_parent_and_child"
                                                   : "as_declared",
                                     "%zu %zu: %s", i, j, f.items[0].detail);
            }
    arena_free(t.arena);
}

Test(carrier_rules, what_cannot_be_compared_is_told_or_left_out)
{
    static Two t;
    t.arena = arena_new(NULL);
    for (int i = 0; i < 9; i++) {
        two_people(&t, 100, 0, 0);
        t.samples[1].subject = P;
        if (i == 0) t.model.limits.given = false;
        if (i == 1) t.model.n_identity = 0;
        if (i == 2 || i == 3) t.samples[i - 2].evidence.calls = NULL;
        if (i == 4 || i == 5) t.calls[i - 4].n_identity = SITES - 1;
        if (i == 6 || i == 7) t.views[i - 6].refused = "no_floors";
        if (i == 8) t.views[0].refused = t.views[1].refused = "sample_mixup";
        const Findings f = relate(&t);
        cr_assert_eq(f.n, i == 6 || i == 7 ? 0 : 1, "row %d", i);
        if (f.n == 0) continue;
        EXPECT_FINDING(&f.items[0], i == 8 ? REF : NOT,
                       i < 2    ? "no_identity_table"
                       : i == 8 ? "nearly_identical"
                                : "too_few_sites",
                       "row %d", i);
        cr_expect(i == 8 || (t.views[0].refused == NULL && t.views[1].refused == NULL), "row %d",
                  i);
    }
    arena_free(t.arena);
}

/* Every pair once, in the order of the samples; the pair that does not fit refuses its own two. */
Test(carrier_rules, of_several_samples_every_pair_is_compared)
{
    static Two t;
    t.arena = arena_new(NULL);
    two_people(&t, 60, 4, 0);
    SampleView views[4];
    Sample samples[4];
    static const char *const ids[] = {"S1", "S2", "S3", "S4"};
    for (int k = 0; k < 4; k++) {
        samples[k] = person(k == 1 ? P : W, ids[k], &t.calls[k == 1]);
        samples[k].person = k == 1 ? "P2" : "P1";
        views[k] = (SampleView){.sample = &samples[k]};
    }
    Findings out = {.arena = t.arena};
    carrier_relations(&t.model, views, 4, &out);
    static const char *const pairs[] = {"S1 - S2", "S1 - S3", "S1 - S4",
                                        "S2 - S3", "S2 - S4", "S3 - S4"};
    cr_assert_eq(out.n, COUNT(pairs));
    for (size_t i = 0; i < COUNT(pairs); i++) {
        cr_expect_str_eq(out.items[i].item, pairs[i]);
        cr_expect_eq(out.items[i].answer, NEG, "%s", pairs[i]);
    }
    for (int k = 0; k < 4; k++)
        cr_expect_null(views[k].refused, "%d", k);
    arena_free(t.arena);
}

/* --- which tube speaks --- */

static Sample tube(const Lab *lab, Subject who, const char *id, const Differs *differs)
{
    return person(who, id, calls_of(lab, G38, differs, 1));
}

/* For the couple a person is the first tube with variants, else the first usable one, else a refused one; a fetal tube is nobody's. */
Test(carrier_rules, the_tube_that_tells_most_speaks_for_the_person)
{
    Lab lab = lab_open(NULL, 0);
    const Differs het = {SNV, HET}, hom = {SNV, HOM};
    enum { REFUSED_TUBE, EMPTY_TUBE, HET_TUBE, HOM_TUBE, FETAL_TUBE, NOBODY };
    static const struct {
        int tubes[3];
        const char *detail;
    } rows[] = {
        {{HET_TUBE, HOM_TUBE, NOBODY}, "couple_quarter"},
        {{HOM_TUBE, HET_TUBE, NOBODY}, "couple_half"},
        {{EMPTY_TUBE, HET_TUBE, NOBODY}, "couple_quarter"},
        {{HET_TUBE, EMPTY_TUBE, NOBODY}, "couple_quarter"},
        {{REFUSED_TUBE, EMPTY_TUBE, HOM_TUBE}, "couple_half"},
        {{HOM_TUBE, EMPTY_TUBE, REFUSED_TUBE}, "couple_half"},
        {{REFUSED_TUBE, EMPTY_TUBE, NOBODY}, "partner_must_be_tested"},
        {{EMPTY_TUBE, REFUSED_TUBE, NOBODY}, "partner_must_be_tested"},
        {{FETAL_TUBE, HET_TUBE, NOBODY}, "couple_quarter"},
        {{FETAL_TUBE, NOBODY, NOBODY}, "partner_must_be_tested"},
        {{REFUSED_TUBE, NOBODY, NOBODY}, NULL}, /* no statement of a gene at all */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s[4];
        size_t n = 0;
        for (size_t k = 0; k < 3 && rows[i].tubes[k] != NOBODY; k++) {
            static const char *const ids[] = {"S1", "S2", "S3"};
            const int kind = rows[i].tubes[k];
            Sample *one = &s[n++];
            *one = tube(&lab, W, ids[k], kind == HET_TUBE ? &het : &hom);
            one->person = "P1";
            if (kind == EMPTY_TUBE) one->evidence.calls = NULL;
            if (kind == REFUSED_TUBE) one->evidence.status = BAD_INPUT;
            one->fetal = kind == FETAL_TUBE;
        }
        s[n++] = tube(&lab, P, "S9", &het);
        const Findings f = judge_case(&lab, s, n);
        const Finding *x = finding_of(&f, "", "carrier.couple", "HBB");
        cr_expect_eq(x == NULL, rows[i].detail == NULL, "row %zu", i);
        if (x != NULL) cr_expect_str_eq(x->detail, rows[i].detail, "row %zu: %s", i, x->detail);
    }
    lab_close(&lab);
}

/* A result that came on a tube without variants is told with the tube that has them, when there is such a one of this person. */
Test(carrier_rules, results_are_told_once)
{
    Lab lab = lab_open(NULL, 0);
    Result deletion = {.specimen = "", .code = "alpha.deletion", .value = "--SEA/aa"};
    for (int i = 0; i < 7; i++) {
        Sample s[2] = {person(W, "S1", NULL), tube(&lab, W, "S2", &(Differs){NULL, NULL})};
        s[0].person = s[1].person = "P1";
        s[0].evidence.results = &deletion;
        s[0].evidence.n_results = 1;
        if (i == 1) s[1].person = "P2";
        if (i == 2) s[1].subject = P;
        if (i == 3) s[1].assay = "other";
        if (i == 4) s[1].evidence.status = BAD_INPUT;
        if (i == 5) s[1].evidence.calls = NULL;
        if (i == 6) s[1].material = MATERIAL_PLASMA;
        const Findings f = judge_case(&lab, s, 2);
        cr_expect_eq(finding_of(&f, "S1", "carrier.alpha", "HBA1/HBA2 --/aa?") != NULL, i != 0,
                     "row %d", i);
        cr_expect_eq(finding_of(&f, "S2", "carrier.alpha", "HBA1/HBA2 --/aa?") != NULL,
                     i == 0 || i == 5, "row %d", i);
    }
    lab_close(&lab);
}

/* --- what is told of a sample --- */

static size_t sites_of(const Findings *f, Answer answer)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += strcmp(f->items[i].code, "carrier.site") == 0 && f->items[i].answer == answer;
    return n;
}

/* The four counts are those of the sites that are told, and their answer is the strongest among them. */
Test(carrier_rules, counts_are_those_of_the_sites)
{
    static const struct {
        Differs differs[2];
        Answer answer;
    } rows[] = {
        {{{SNV, HET}}, POS},         {{{SNV, HET}, {"PAH:c.728G>A", HET}}, POS},
        {{{SNV, "A 0/1 4 9"}}, MAY}, {{{SNV, HET}, {"HBB:c.79G>A", "X 0/0 30 99"}}, REF},
        {{{SNV, "N ./. 0 0"}}, NOT}, {{{"*", ""}}, NOT},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sample s = person(W, "S1", calls_of(&lab, G38, rows[i].differs, 2));
        const Findings f = judge_case(&lab, &s, 1);
        const char *item = arena_print(lab.arena, "%zu + %zu + %zu + %zu = %zu", sites_of(&f, POS),
                                       sites_of(&f, NEG), sites_of(&f, MAY) + sites_of(&f, NOT),
                                       sites_of(&f, REF), lab.model->n_rows);
        const Finding *x = finding_of(&f, "S1", "carrier.counts", item);
        EXPECT_FINDING(x, rows[i].answer, "", "row %zu: %s", i, item);
        expect_value(x, (double)lab.model->n_rows, i, item);
    }
    lab_close(&lab);
}

static const char *row_due(const CarrierModel *m, const Finding *f, const char **table)
{
    if (strcmp(f->code, "carrier.site") == 0) {
        *table = "carrier/panel";
        for (size_t r = 0; r < m->n_rows; r++)
            if (strcmp(m->rows[r].item, f->item) == 0) return m->rows[r].key;
    }
    *table = strcmp(f->code, "carrier.counts") == 0 ? "carrier/panel" : "carrier/genes";
    if (strcmp(f->code, "carrier.gene") != 0) return "";
    for (size_t g = 0; g < m->n_genes; g++) {
        const size_t n = strlen(m->genes[g].name);
        if (strncmp(f->item, m->genes[g].name, n) == 0 && (f->item[n] == '\0' || f->item[n] == ' '))
            return m->genes[g].name;
    }
    return "";
}

/* Every finding of a sample names sample, subject, table and row that it rests on, and that the floors are an example. */
Test(carrier_rules, findings_name_what_they_rest_on)
{
    Lab lab = lab_open(NULL, 0);
    for (int fetal = 0; fetal < 2; fetal++) {
        CallSet *calls = calls_of(&lab, G38, &(Differs){SNV, HET}, 1);
        Sample s = fetal ? fetus(FA, "S1", calls) : person(W, "S1", calls);
        const Findings f = judge_case(&lab, &s, 1);
        size_t checked = 0;
        for (size_t i = 0; i < f.n; i++) {
            const Finding *x = &f.items[i];
            const char *table;
            if (x->sample[0] == '\0') continue;
            cr_expect(x->subject == s.subject && x->fetal == s.fetal, "%s", x->code);
            cr_expect_str_eq(x->assay, "carrier");
            if (strcmp(x->code, "carrier.alpha") == 0 || strcmp(x->code, "carrier.residual") == 0)
                continue;
            const char *row = row_due(lab.model, x, &table);
            cr_expect_str_eq(x->table, table, "%s %s: %s", x->code, x->item, x->table);
            cr_expect_str_eq(x->version, "2026.1");
            cr_expect_str_eq(x->row, row, "%s %s: %s", x->code, x->item, x->row);
            cr_expect_eq(x->example, strcmp(x->code, "carrier.xlinked") != 0, "%s", x->code);
            checked++;
        }
        cr_expect_gt(checked, 100);
    }
    lab_close(&lab);
}

/* Calls beyond the panel of today: also when only the last one is, and only by one. */
Test(carrier_rules, a_call_beyond_the_panel_refuses_the_file)
{
    Lab lab = lab_open(NULL, 0);
    for (int i = 0; i < 4; i++) {
        Sample s = tube(&lab, W, "S1", &(Differs){NULL, NULL});
        CallSet *set = s.evidence.calls;
        const size_t at = i % 2 == 0 ? 0 : set->n_calls - 1;
        if (i < 2) set->calls[at].site = (uint32_t)lab.model->n_sites;
        const Findings f = judge_case(&lab, &s, 1);
        cr_expect_eq(finding_of(&f, "S1", "carrier.sample", "") != NULL, i < 2, "row %d", i);
    }
    lab_close(&lab);
}

/* A verdict that is no settled phased call carries no phase. */
Test(carrier_rules, a_phase_is_that_of_a_settled_call)
{
    static const struct {
        const char *calls;
        int first, set;
    } rows[] = {{"A 0|1 30 99 p7", 0, 7},   {"A 1|0 30 99 p0", 1, 0},   {"A 1|0 30 99", -1, -1},
                {"A 0/1 30 99 p7", -1, -1}, {"A 1|1 30 99 p7", -1, -1}, {"A .|1 30 99 p7", -1, -1},
                {"A 0|0 30 99 p7", -1, -1}, {"N ./. 0 0", -1, -1},      {"X 0 30 99", -1, -1},
                {"R 0/0 9 9", -1, -1}};
    static const char *const keys[] = {SNV, "PAH:c.728G>A"}; /* verified, and not */
    Lab lab = lab_open(NULL, 0);
    for (size_t k = 0; k < COUNT(keys); k++) {
        const size_t row = row_of(&lab, keys[k]);
        const Sample s = person(W, "S1", NULL);
        for (size_t i = 0; i <= COUNT(rows); i++) {
            const bool none = i == COUNT(rows);
            const Call call =
                call_read(&lab.model->rows[row], G38, none ? "N ./. 0 0" : rows[i].calls);
            const Verdict v = carrier_judge_row(lab.model, &s, row, G38, &call, none ? 0 : 1);
            cr_expect_eq(v.first, none ? -1 : rows[i].first, "%s row %zu: %d", keys[k], i, v.first);
            cr_expect_eq(v.phase_set, none ? -1 : rows[i].set, "%s row %zu", keys[k], i);
        }
    }
    lab_close(&lab);
}
