/* The mother's variant in her fetus: which row of hers is asked about, and what each record of the fetus there, and beside it, comes to. */
#include "carrier_fixture.h"

#define ROW        "G6PD:c.1466G>T" /* verified */
#define FIRST      "G6PD:c.1478G>A" /* the gene's first row and one behind */
#define LATER      "G6PD:c.95A>G"
#define MIDDLE     "G6PD:c.1450C>T"
#define UNVERIFIED "OTC:c.118C>T"

/* Whoever has it on every copy is affected, with one copy or two; whoever has a copy without it is not expected to be. */
Test(carrier_disclose, the_fetus_at_the_mothers_row)
{
    static const struct {
        const char *calls;
        Disclosure answer;
    } rows[] = {
        {"A 1 30 99", DISCLOSURE_AFFECTED},
        {"A 1/1 30 99", DISCLOSURE_AFFECTED},
        {"A 0/1 30 99", DISCLOSURE_NOT_EXPECTED},
        {"A 0/0 30 99", DISCLOSURE_NOT_EXPECTED},
        {"R 0 30 99", DISCLOSURE_NOT_EXPECTED},
        {"R 0/0 30 99 b s-5 e5", DISCLOSURE_NOT_EXPECTED},
        {"O 2 30 99", DISCLOSURE_NOT_EXPECTED},
        {"A 1 9 99", DISCLOSURE_NOT_DETERMINABLE},
        {"A 1/1 30 19", DISCLOSURE_NOT_DETERMINABLE},
        {"A 0/1 9 99", DISCLOSURE_NOT_DETERMINABLE},
        {"A 0/1 30 99 f", DISCLOSURE_NOT_DETERMINABLE},
        {"R 0/0 9 99", DISCLOSURE_NOT_DETERMINABLE},
        {"A ./1 30 99", DISCLOSURE_NOT_DETERMINABLE},
        {"A 1/* 30 99", DISCLOSURE_NOT_DETERMINABLE},
        {"N ./. 30 99", DISCLOSURE_NOT_DETERMINABLE},
        {"A 1 30 99;R 0 30 99", DISCLOSURE_NOT_DETERMINABLE},
        {"X 0 30 99", DISCLOSURE_NOT_DETERMINABLE},
        {"M 0/2 30 99", DISCLOSURE_NOT_DETERMINABLE},
        {"", DISCLOSURE_NOT_DETERMINABLE},
    };
    Lab labs[2] = {lab_open(NULL, 0), lab_open(all_verified, 1)};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Differs at = {ROW, rows[i].calls}, of = {UNVERIFIED, rows[i].calls};
        for (Build build = BUILD_GRCH37; build <= BUILD_GRCH38; build++)
            cr_expect_eq(carrier_disclose(labs[0].model, calls_of(&labs[0], build, &at, 1), ROW),
                         rows[i].answer, "row %zu %s", i, rows[i].calls);
        /* a row that nobody has verified says nothing; the same row verified does */
        cr_expect_eq(carrier_disclose(labs[0].model, calls_of(&labs[0], G38, &of, 1), UNVERIFIED),
                     DISCLOSURE_NOT_DETERMINABLE, "row %zu", i);
        cr_expect_eq(carrier_disclose(labs[1].model, calls_of(&labs[1], G38, &of, 1), UNVERIFIED),
                     rows[i].answer, "row %zu", i);
    }
    lab_close(&labs[0]);
    lab_close(&labs[1]);
}

/* Another variant of the gene in the fetus, or a foreign base there, leaves the answer open; what was not read there does not. */
Test(carrier_disclose, what_lies_beside_the_row)
{
    static const struct {
        const char *calls;
        bool open;
    } rows[] = {{"A 0/1 30 99", true}, {"A 1 4 9", true},    {"X 0 30 99", true},
                {"", false},           {"N ./. 0 0", false}, {"A 0/0 30 99", false},
                {"M 0/2 30 99", true}, {"A 0/0 3 9", false}};
    static const char *const beside[] = {FIRST, MIDDLE, LATER, "PAH:c.728G>A"};
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < COUNT(beside); k++) {
            const Differs differs[] = {{ROW, "A 1 30 99"}, {beside[k], rows[i].calls}};
            const bool own = strncmp(beside[k], "G6PD", 4) == 0;
            cr_expect_eq(carrier_disclose(lab.model, calls_of(&lab, G38, differs, 2), ROW),
                         rows[i].open && own ? DISCLOSURE_NOT_DETERMINABLE : DISCLOSURE_AFFECTED,
                         "row %zu %s", i, beside[k]);
        }
    lab_close(&lab);
}

/* Rows that are not on the X, or not in the panel, are never answered. */
Test(carrier_disclose, only_rows_of_the_x_are_answered)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t r = 0; r < lab.model->n_rows; r++) {
        const CarrierRow *row = &lab.model->rows[r];
        const Differs at = {row->key, HOM};
        const bool answered = row->places[0].chrom == CHROM_X && row->verified;
        cr_expect_eq(carrier_disclose(lab.model, calls_of(&lab, G38, &at, 1), row->key),
                     answered ? DISCLOSURE_AFFECTED : DISCLOSURE_NOT_DETERMINABLE, "%s", row->key);
    }
    cr_expect_eq(carrier_disclose(lab.model, calls_of(&lab, G38, NULL, 0), "G6PD:none"),
                 DISCLOSURE_NOT_DETERMINABLE);
    lab_close(&lab);
}

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* One variant of hers, sure, on a verified row, het or on both copies. */
Test(carrier_disclose, the_one_row_of_the_mother)
{
    static const struct {
        Differs differs[2];
        const char *gene, *row;
    } rows[] = {
        {{{ROW, HET}}, "G6PD", ROW},
        {{{ROW, HOM}}, "G6PD", ROW},
        {{{ROW, "A 0|1 30 99 p7"}}, "G6PD", ROW},
        {{{ROW, HET}}, "DMD", NULL},
        {{{ROW, HET}}, "HBB", NULL},
        {{{SNV, HET}}, "HBB", NULL},
        {{{SNV, HET}}, "G6PD", NULL},
        {{{NULL, NULL}}, "G6PD", NULL},
        {{{ROW, "A 0/1 9 99"}}, "G6PD", NULL},
        {{{ROW, "A ./1 30 99"}}, "G6PD", NULL},
        {{{ROW, "A 1 30 99"}}, "G6PD", NULL},
        {{{ROW, "A 0/1 30 99;A 1/1 30 99"}}, "G6PD", NULL},
        {{{UNVERIFIED, HET}}, "OTC", NULL},
        {{{MIDDLE, HET}}, "G6PD", MIDDLE},
        {{{ROW, HET}, {FIRST, HET}}, "G6PD", NULL},
        {{{ROW, HET}, {LATER, "A 0/1 4 9"}}, "G6PD", NULL},
        {{{ROW, HET}, {LATER, "N ./. 0 0"}}, "G6PD", ROW},
        {{{ROW, HET}, {SNV, HET}}, "G6PD", ROW},
    };
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++)
        for (Build build = BUILD_GRCH37; build <= BUILD_GRCH38; build++) {
            const char *row = carrier_maternal_row(
                lab.model, calls_of(&lab, build, rows[i].differs, 2), rows[i].gene);
            cr_expect(same(row, rows[i].row), "row %zu: %s", i, row ? row : "none");
        }
    lab_close(&lab);
}

/* A file with one record, at its first place and at its last. */
Test(carrier_disclose, a_file_of_one_record)
{
    Lab lab = lab_open(NULL, 0);
    CallSet *set = calls_of(&lab, G38, &(Differs){ROW, "A 1 30 99"}, 1);
    for (size_t i = 0; i < set->n_calls; i++)
        if (set->calls[i].site == (uint32_t)lab.model->rows[row_of(&lab, ROW)].site)
            set->calls[0] = set->calls[i];
    set->n_calls = 1;
    cr_expect_eq(carrier_disclose(lab.model, set, ROW), DISCLOSURE_AFFECTED);
    cr_expect_eq(carrier_disclose(lab.model, set, LATER), DISCLOSURE_NOT_DETERMINABLE);
    set->n_calls = 0;
    cr_expect_eq(carrier_disclose(lab.model, set, ROW), DISCLOSURE_NOT_DETERMINABLE);
    lab_close(&lab);
}

/* Files that do not belong to this panel, or to nothing known, say nothing of mother or fetus. */
Test(carrier_disclose, what_cannot_be_used_is_not_asked)
{
    Lab lab = lab_open(NULL, 0);
    const Differs at = {ROW, HOM};
    for (int i = 0; i < 8; i++) {
        CarrierModel model = *lab.model;
        CallSet *set = calls_of(&lab, G38, &at, 1);
        const void *m = &model;
        if (i == 1) model.floors.given = false;
        if (i == 2) set->build = BUILD_UNKNOWN;
        if (i == 3) set->panel++;
        if (i == 4) set->calls[set->n_calls - 1].site = (uint32_t)model.n_sites;
        if (i == 7) set->calls[0].site = (uint32_t)model.n_sites;
        if (i == 5) set = NULL;
        if (i == 6) m = NULL;
        const char *row = carrier_maternal_row(m, set, "G6PD");
        cr_expect(same(row, i == 0 ? ROW : NULL), "row %d", i);
        cr_expect_eq(carrier_disclose(m, set, ROW),
                     i == 0 ? DISCLOSURE_AFFECTED : DISCLOSURE_NOT_DETERMINABLE, "row %d", i);
    }
    lab_close(&lab);
}
