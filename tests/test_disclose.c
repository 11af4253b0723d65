/* Approved disclosure: the three words of a genotype, the mother's variant, tables, persons. tests/noninterference_disclose.sh walks it whole. */
#include "carrier_fixture.h"
#include "lab/disclose.h"

#define G6PD  "G6PD:c.1466G>T" /* verified, X */
#define OTHER "G6PD:c.1478G>A" /* of the same gene */
#define OTC   "OTC:c.118C>T"   /* unverified, X */

#define AFFECTED DISCLOSURE_AFFECTED
#define SPARED   DISCLOSURE_NOT_EXPECTED
#define UNKNOWN  DISCLOSURE_NOT_DETERMINABLE

/* One row holds two fetuses of unlike ploidy who will fare alike. */
static const struct {
    const char *what, *one,
        *two; /* what the file says with one copy of X, and with two; NULL = no such thing */
    Disclosure answer;
} genotypes[] = {
    {"on every copy", "A 1 30 99", "A 1/1 30 99", AFFECTED},
    {"written as two alleles by the caller", "A 1/1 30 99", "A 1|1 30 99", AFFECTED},
    {"a copy is spared", "A 0 30 99", "A 0/1 30 99", SPARED},
    {"no variant", "R 0 30 99", "R 0/0 30 99", SPARED},
    {"no variant, block", "R 0 30 99 b s-5 e9", "R 0/0 30 99 b s-5 e9", SPARED},
    {"another allele at the place", "O 2 30 99", "O 0/2 30 99", SPARED},
    {"no record", "", "", UNKNOWN},
    {"no call", "N . 30 99", "N ./. 30 99", UNKNOWN},
    {"half a call", NULL, "A ./1 30 99", UNKNOWN},
    {"half a call, reference", NULL, "A 0/. 30 99", UNKNOWN},
    {"no genotype", "A - 30 99", "A - 30 99", UNKNOWN},
    {"affected, few reads", "A 1 9 99", "A 1/1 9 99", UNKNOWN},
    {"affected, low quality", "A 1 30 19", "A 1/1 30 19", UNKNOWN},
    {"affected, filtered", "A 1 30 99 f", "A 1/1 30 99 f", UNKNOWN},
    {"spared, few reads", "A 0 9 99", "A 0/1 9 99", UNKNOWN},
    {"spared, low quality", "A 0 30 19", "A 0/1 30 19", UNKNOWN},
    {"spared, filtered", "A 0 30 99 f", "A 0/1 30 99 f", UNKNOWN},
    {"no reads", "R 0 0 0", "R 0/0 0 0", UNKNOWN},
    {"depth not given", "A 1 -1 99", "A 0/1 -1 99", UNKNOWN},
    {"deleted", "D * 30 99", "D */* 30 99", UNKNOWN},
    {"deleted on one copy", NULL, "A 1/* 30 99", UNKNOWN},
    {"longer substitution", "M 1 30 99", "M 0/1 30 99", UNKNOWN},
    {"foreign reference", "X 0 30 99", "X 0/0 30 99", UNKNOWN},
    {"contradiction", "A 1 30 99;R 0 30 99", "A 1/1 30 99;R 0/0 30 99", UNKNOWN},
    {"contradiction of copies", "A 1 30 99;A 0/1 30 99", "A 1/1 30 99;A 0/1 30 99", UNKNOWN},
};

static Disclosure answer(const Lab *lab, Build build, const Differs *differs, size_t n,
                         const char *row)
{
    return carrier_disclose(lab->model, calls_of(lab, build, differs, n), row);
}

Test(disclose, says_the_same_of_one_copy_and_of_two)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(genotypes); i++)
        for (int b = 0; b < 2; b++) {
            Build build = b == 0 ? BUILD_GRCH37 : BUILD_GRCH38;
            const char *both[] = {genotypes[i].one, genotypes[i].two};
            for (int k = 0; k < 2; k++) {
                Differs d = {G6PD, both[k]};
                if (both[k] == NULL) continue;
                cr_expect_eq(answer(&lab, build, &d, 1, G6PD), genotypes[i].answer, "%s: %s: %s",
                             genotypes[i].what, both[k],
                             disclosure_code(answer(&lab, build, &d, 1, G6PD)));
            }
        }
    lab_close(&lab);
}

Test(disclose, other_variants_of_the_gene_and_foreign_calls_are_no_answer)
{
    Lab lab = lab_open(NULL, 0);
    const Differs two[] = {{G6PD, "A 0/1 30 99"}, {OTHER, "A 0/1 30 99"}};
    const Differs weak[] = {{G6PD, "A 0/1 30 99"}, {OTHER, "A 0/1 3 99"}};
    const Differs gone[] = {{G6PD, "A 0/1 30 99"}, {OTHER, ""}};
    const Differs carried = {G6PD, "A 1 30 99"}, unverified = {OTC, "A 1 30 99"};
    cr_expect_eq(answer(&lab, G38, two, 2, G6PD), UNKNOWN);
    cr_expect_eq(answer(&lab, G38, weak, 2, G6PD), UNKNOWN);
    cr_expect_eq(answer(&lab, G38, gone, 2, G6PD), SPARED, "another row is not asked for");
    cr_expect_eq(answer(&lab, G38, &unverified, 1, OTC), UNKNOWN);
    cr_expect_eq(answer(&lab, G38, NULL, 0, OTC), UNKNOWN, "absence on an unverified row");
    cr_expect_eq(answer(&lab, G38, NULL, 0, SNV), UNKNOWN, "not on X");
    cr_expect_eq(answer(&lab, G38, NULL, 0, "G6PD:none"), UNKNOWN);
    cr_expect_eq(answer(&lab, G38, NULL, 0, "DMD:exon copies"), UNKNOWN);
    CallSet *set = calls_of(&lab, G38, &carried, 1);
    set->panel++;
    cr_expect_eq(carrier_disclose(lab.model, set, G6PD), UNKNOWN, "another panel");
    set->panel--;
    cr_expect_eq(carrier_disclose(lab.model, set, G6PD), AFFECTED);
    set->build = BUILD_UNKNOWN;
    cr_expect_eq(carrier_disclose(lab.model, set, G6PD), UNKNOWN);
    cr_expect_eq(carrier_disclose(lab.model, NULL, G6PD), UNKNOWN);
    cr_expect_eq(carrier_disclose(NULL, set, G6PD), UNKNOWN);
    lab_close(&lab);
}

Test(disclose, a_mother_proves_one_verified_variant)
{
    static const struct {
        const char *what;
        Differs d[2];
        const char *gene, *row;
    } mothers[] = {
        {"carrier", {{G6PD, HET}}, "G6PD", G6PD},
        {"on both copies", {{G6PD, HOM}}, "G6PD", G6PD},
        {"none", {{NULL, NULL}}, "G6PD", NULL},
        {"weak", {{G6PD, "A 0/1 5 99"}}, "G6PD", NULL},
        {"second copy unknown", {{G6PD, "A ./1 30 99"}}, "G6PD", NULL},
        {"two variants", {{G6PD, HET}, {OTHER, HET}}, "G6PD", NULL},
        {"one and a doubtful one", {{G6PD, HET}, {OTHER, "A 0/1 5 99"}}, "G6PD", NULL},
        {"unverified", {{OTC, HET}}, "OTC", NULL},
        {"another gene", {{G6PD, HET}}, "OTC", NULL},
        {"not on X", {{SNV, HET}}, "HBB", NULL},
        {"no such gene", {{G6PD, HET}}, "F8", NULL},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(mothers); i++) {
        const char *row =
            carrier_maternal_row(lab.model, calls_of(&lab, G38, mothers[i].d, 2), mothers[i].gene);
        cr_expect((row == NULL) == (mothers[i].row == NULL) &&
                      (row == NULL || strcmp(row, mothers[i].row) == 0),
                  "%s: %s", mothers[i].what, row != NULL ? row : "none");
    }
    cr_expect_null(carrier_maternal_row(lab.model, NULL, "G6PD"));
    lab_close(&lab);
}

/* ---- tables and persons ---- */

static void add_text(Reference *r, const char *name, const char *text, Arena *arena)
{
    TableInfo info = {.name = name, .path = name, .version = "1", .status = "local"};
    Table *t;
    Note why = {0};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s: %s", name,
                 why.code);
    cr_assert_eq(reference_add(r, t, NULL), OK, "%s", name);
}

#define LIMITS "key\tvalue\tsource\n"
#define CELLS  "maternal_cells\tqfpcr.mother\tx\n"

Test(disclose, a_number_that_is_missing_or_too_small_refuses)
{
    static const struct {
        const char *rows;
        const char *fault;
    } tables[] = {
        {LIMITS "approvals\t3\tx\ndays\t14\tx\n" CELLS, NULL},
        {LIMITS "approvals\t5\tx\ndays\t0.5\tx\n" CELLS, NULL},
        {LIMITS "approvals\t2\tx\ndays\t14\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3.5\tx\ndays\t14\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t\tx\ndays\t14\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t0\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t4000\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t14\tx\n", "disclose.limits"},
        {LIMITS "days\t14\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t20\tx\ndays\t366\tx\n" CELLS, NULL},
        {LIMITS "approvals\t21\tx\ndays\t14\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t366.5\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t-1\tx\n" CELLS, "disclose.limits"},
        {LIMITS "approvals\t3\tx\ndays\t14\tx\nmaternal_cells\t\tx\n", "disclose.limits"},
        {NULL, "disclose.limits"},
    };
    for (size_t i = 0; i < COUNT(tables); i++) {
        Arena *arena = arena_new(NULL);
        Reference *r = reference_new(arena, "test", false);
        DisclosureLimits limits;
        if (tables[i].rows != NULL) add_text(r, "disclosure/limits", tables[i].rows, arena);
        const char *fault = disclosure_limits(&limits, r);
        cr_expect((fault == NULL) == (tables[i].fault == NULL), "table %zu: %s", i,
                  fault ? fault : "accepted");
        if (i > 1) {
            arena_free(arena);
            continue;
        }
        cr_expect_eq(limits.approvals, i == 0 ? 3U : 5U);
        cr_expect_eq(limits.seconds, i == 0 ? 14 * 86400 : 43200);
        cr_expect_str_eq(limits.maternal_cells, "qfpcr.mother");
        cr_expect_not(limits.example);
        arena_free(arena);
    }
}

Test(disclose, only_a_listed_approved_and_answerable_condition)
{
    static const char text[] =
        "code\tgene\tapproved\tcarriers\tmethod\tverified\treason\tsource\n"
        "good\tF9\tyes\tunaffected\tvariant\tyes\t\t\nraw\tF9\tyes\tunaffected\tvariant\tno\t\t\n"
        "mild\tG\tno\tunaffected\tvariant\tyes\t\t\nnone\tDMD\tyes\tunaffected\tnone\tyes\t\t\n"
        "both\tOTC\tyes\tmay_be_"
        "affected\tvariant\tyes\t\t\nodd\tX\tYES\tunaffected\tvariant\tyes\t\t\n";
    static const char *const rows[][2] = {{"good", NULL},
                                          {"raw", NULL},
                                          {"mild", "disclose.not_approved"},
                                          {"none", "disclose.no_method"},
                                          {"both", "disclose.no_method"},
                                          {"odd", "disclose.not_approved"},
                                          {"", "disclose.condition"},
                                          {"goo", "disclose.condition"}};
    Arena *arena = arena_new(NULL);
    Reference *r = reference_new(arena, "test", false);
    DisclosureCondition c;
    cr_expect_str_eq(disclosure_condition(&c, r, "good"), "disclose.condition");
    add_text(r, "disclosure/conditions", text, arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *fault = disclosure_condition(&c, r, rows[i][0]);
        cr_expect((fault == NULL) == (rows[i][1] == NULL) &&
                      (fault == NULL || strcmp(fault, rows[i][1]) == 0),
                  "%s: %s", rows[i][0], fault ? fault : "accepted");
    }
    cr_expect(disclosure_condition(&c, r, "raw") == NULL && c.unverified);
    cr_expect(disclosure_condition(&c, r, "good") == NULL && !c.unverified);
    cr_expect_str_eq(c.code, "good");
    cr_expect_str_eq(c.gene, "F9");
    cr_expect(!c.example && c.table == reference_table(r, "disclosure/conditions"));
    arena_free(arena);
}

static Reference *with_roles(Arena *arena)
{
    Reference *r = reference_new(arena, "test", false);
    add_text(
        r, "roles",
        "person\trole\tvalid_from\tvalid_until\tkey\n"
        "c1\texpert_clinical\t2026-01-01\t\taa\nc2\texpert_clinical\t2026-01-01\t\tbb\n"
        "c3\texpert_clinical\t2026-01-01\t\tcc\nc4\texpert_clinical\t2026-01-01\t\taa\n"
        "c5\texpert_clinical\t2026-01-01\t2026-06-30\tee\ng1\texpert_genetics\t2026-01-01\t\tgg\n"
        "g1\texpert_clinical\t2026-01-01\t\tgg\ng2\texpert_genetics\t2026-01-01\t\thh\n"
        "g3\texpert_genetics\t2026-01-01\t\tii\nr1\treviewer\t2026-01-01\t\tjj\n"
        "a1\tauthoriser\t2026-01-01\t\tkk\nc1\texpert_clinical\t2026-01-01\t\tzz\n",
        arena);
    return r;
}

/* Persons as "c1aa": code and key. */
static size_t experts_of(DisclosureExpert *out, const char *words, Arena *arena)
{
    size_t n = 0;
    for (const char *p = words; *p != '\0'; p += strlen(p) > 4 ? 5 : 4)
        out[n++] =
            (DisclosureExpert){{arena_copy_n(arena, p, 2), arena_copy_n(arena, p + 2, 2)}, 0};
    return n;
}

Test(disclose, three_distinct_experts_of_both_fields)
{
    static const struct {
        const char *experts;
        size_t asked;
        bool enough;
    } rows[] = {
        {"c1aa c2bb g2hh", 3, true},
        {"c1aa g2hh g3ii", 3, true},
        {"c1aa c2bb g1gg", 3, true},
        {"g1gg g2hh g3ii", 3, true}, /* one is of both fields */
        {"c1aa c2bb c3cc", 3, false},
        {"c1aa c2bb", 3, false},
        {"", 3, false},
        {"c1aa c1aa c2bb g2hh", 3, true},
        {"c1aa c1aa g2hh", 3, false},
        {"c1aa c4aa g2hh", 3, false}, /* one key, two names */
        {"c1aa c1zz g2hh", 3, false}, /* one name, two keys */
        {"c1aa c1zz c2bb g2hh", 3, true},
        {"c1bb c2bb g2hh", 3, false},
        {"c1aa c5ee g2hh", 3, false}, /* no expert any more */
        {"c1aa r1jj g2hh", 3, false},
        {"c1aa a1kk g2hh", 3, false},
        {"c1aa c2bb g2hh", 4, false},
        {"c1aa c2bb c3cc g2hh", 4, true},
        {"c1aa c2bb", 2, false},
        {"x1xx c2bb g2hh", 3, false},
    };
    Arena *arena = arena_new(NULL);
    Reference *r = with_roles(arena);
    Date day = date_from(2026, 11, 26);
    for (size_t i = 0; i < COUNT(rows); i++) {
        DisclosureExpert experts[8];
        size_t n = experts_of(experts, rows[i].experts, arena);
        const DisclosureLimits limits = {.approvals = rows[i].asked};
        const char *fault = disclosure_quorum(&limits, r, experts, n, day);
        cr_expect((fault == NULL) == rows[i].enough, "%s of %zu", rows[i].experts, rows[i].asked);
    }
    arena_free(arena);
}

Test(disclose, each_step_has_its_role)
{
    static const struct {
        const char *code, *key, *step, *fault;
    } rows[] = {
        {"r1", "jj", "request", NULL},
        {"c1", "aa", "request", NULL},
        {"g2", "hh", "request", NULL},
        {"a1", "kk", "request", "release.role"},
        {"c1", "aa", "approve", NULL},
        {"g2", "hh", "approve", NULL},
        {"r1", "jj", "approve", "release.role"},
        {"a1", "kk", "approve", "release.role"},
        {"c5", "ee", "approve", "release.role"},
        {"c1", "bb", "approve", "release.key"},
        {"zz", "aa", "approve", "release.person"},
        {"a1", "kk", "give", NULL},
        {"c1", "aa", "give", "release.role"},
        {"r1", "jj", "give", "release.role"},
    };
    Arena *arena = arena_new(NULL);
    Reference *r = with_roles(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Person who = {rows[i].code, rows[i].key};
        const char *fault = disclosure_may(r, &who, rows[i].step, date_from(2026, 11, 26));
        cr_expect((fault == NULL) == (rows[i].fault == NULL) &&
                      (fault == NULL || strcmp(fault, rows[i].fault) == 0),
                  "%s %s: %s", rows[i].code, rows[i].step, fault ? fault : "may");
    }
    cr_expect_str_eq(disclosure_field(r, &(Person){"g1", "gg"}, date_from(2026, 11, 26)),
                     "genetics");
    cr_expect_str_eq(disclosure_field(r, &(Person){"c5", "ee"}, date_from(2026, 11, 26)), "");
    cr_expect_str_eq(disclosure_code((Disclosure)DISCLOSURES), "not_determinable");
    cr_expect_str_eq(disclosure_code(DISCLOSURE_AFFECTED), "affected");
    arena_free(arena);
}
