/* The tables of the carrier assay: read back cell by cell, and refused with their place when one cell of them is wrong. */
#include "carrier_fixture.h"

typedef struct Cell {
    const char *table, *row, *column, *value;
} Cell;

enum { CELLS = 6 };

/* The tables of `good` with some cells changed, prepared anew. */
static Status changed(const CarrierModel **out, const Lab *good, const Cell *cells, Note *why)
{
    Reference *r = reference_new(good->arena, "test", true);
    const void *model = NULL;
    *why = (Note){.code = ""};
    for (size_t i = 0; i < reference_size(good->reference); i++) {
        Table *t = arena_alloc(good->arena, sizeof *t);
        *t = *reference_at(good->reference, i);
        const size_t n = t->n_rows * t->n_columns;
        const char **copy = arena_alloc(good->arena, n * sizeof *copy);
        memcpy(copy, t->cells, n * sizeof *copy);
        for (size_t k = 0; k < CELLS && cells[k].table != NULL; k++) {
            if (strcmp(cells[k].table, t->info.name) != 0) continue;
            const long at = table_find(t, cells[k].row);
            const int column = table_column(t, cells[k].column);
            cr_assert(at >= 0 && column >= 0, "%s %s", cells[k].row, cells[k].column);
            copy[(size_t)at * t->n_columns + (size_t)column] = cells[k].value;
        }
        t->cells = copy;
        cr_assert_eq(reference_add(r, t, NULL), OK);
    }
    const Status s = carrier_prepare(&model, r, good->arena, why);
    *out = model;
    return s;
}

/* Line of a row in its file, as a Note tells it. */
static long line_of(const Lab *lab, const char *table, const char *row)
{
    const Table *t = reference_table(lab->reference, table);
    const long at = table_find(t, row);
    cr_assert(at >= 0, "%s", row);
    return t->lines[at];
}

/* --- what is read --- */

static void expect_place(const Site *site, const Table *t, size_t r, const char *build)
{
    static const char *const columns[] = {"chrom", "pos", "ref", "alt", "context"};
    const char *cells[5];
    for (size_t i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "%s%s", columns[i], build);
        cells[i] = table_get(t, r, name);
    }
    cr_expect_str_eq(chrom_name(site->chrom), cells[0], "row %zu", r);
    cr_expect_eq(site->pos, strtoll(cells[1], NULL, 10), "row %zu", r);
    cr_expect_str_eq(site->ref, cells[2], "row %zu", r);
    cr_expect_str_eq(site->alt, cells[3], "row %zu", r);
    cr_expect_str_eq(site->context, cells[4], "row %zu", r);
    cr_expect_not(site->identity);
}

Test(carrier_model, every_cell_of_the_panel_is_read_back)
{
    Lab lab = lab_open(NULL, 0);
    const CarrierModel *m = lab.model;
    const Table *t = reference_table(lab.reference, "carrier/panel");
    size_t sites = 0;
    cr_assert_eq(m->n_rows, t->n_rows);
    for (size_t r = 0; r < t->n_rows; r++) {
        const CarrierRow *row = &m->rows[r];
        const char *key = table_get(t, r, "row"), *gene = table_get(t, r, "gene");
        const char *label = strchr(key, ':') + 1;
        cr_expect_str_eq(row->key, key);
        cr_expect_str_eq(row->label, label);
        cr_expect_str_eq(row->item, arena_print(lab.arena, "%s %s", gene, label));
        cr_expect_str_eq(m->genes[row->gene].name, gene);
        cr_expect_eq(row->verified, strcmp(table_get(t, r, "verified"), "yes") == 0, "%s", key);
        cr_expect_eq(row->low_penetrance, strcmp(table_get(t, r, "class"), "low_penetrance") == 0,
                     "%s", key);
        const bool small = strcmp(table_get(t, r, "mechanism"), "small") == 0;
        cr_expect_eq(row->site, small ? (int32_t)sites : SITE_NONE, "%s", key);
        if (!small) continue;
        expect_place(&row->places[0], t, r, "37");
        expect_place(&row->places[1], t, r, "38");
        cr_expect(row->places[0].panel == sites && row->places[1].panel == sites, "%s", key);
        cr_expect_eq(m->row_of_site[sites], r, "%s", key);
        sites++;
    }
    cr_expect_eq(m->n_sites, sites);
    cr_expect_eq(m->n_identity, reference_table(lab.reference, "carrier/identity")->n_rows);
    lab_close(&lab);
}

Test(carrier_model, every_cell_of_the_genes_is_read_back)
{
    static const char *const inheritances[] = {"AR", "XL", "MT", "disputed"};
    static const char *const loci[] = {"", "alpha", "smn1"};
    Lab lab = lab_open(NULL, 0);
    const CarrierModel *m = lab.model;
    const Table *t = m->gene_table, *panel = m->panel;
    cr_assert_eq(m->n_genes, t->n_rows);
    for (size_t g = 0; g < t->n_rows; g++) {
        const CarrierGene *gene = &m->genes[g];
        size_t first = 0, n = 0;
        for (size_t r = panel->n_rows; r-- > 0;)
            if (strcmp(table_get(panel, r, "gene"), gene->name) == 0) first = r, n++;
        cr_expect_str_eq(gene->name, table_get(t, g, "gene"));
        cr_expect_str_eq(inheritances[gene->inheritance], table_get(t, g, "inheritance"));
        cr_expect_str_eq(loci[gene->locus], table_get(t, g, "locus"));
        cr_expect_str_eq(gene->needs, table_get(t, g, "needs"));
        cr_expect_str_eq(gene->structural ? "structural" : "small", table_get(t, g, "mechanism"));
        cr_expect_str_eq(gene->confirm ? "yes" : "no", table_get(t, g, "confirm"));
        cr_expect_eq(gene->n, n, "%s", gene->name);
        cr_expect(n == 0 || gene->first == first, "%s", gene->name);
    }
    lab_close(&lab);
}

Test(carrier_model, floors_and_limits_are_those_of_their_rows)
{
    Lab lab = lab_open(NULL, 0);
    const CarrierFloors *f = &lab.model->floors;
    const CarrierLimits *l = &lab.model->limits;
    cr_expect(f->given && f->example && f->depth == 10 && f->quality == 20 &&
              f->ref_mismatch_rows == 2);
    cr_expect(l->given && l->example && l->min_sites == 30);
    cr_expect(l->same_agreement_min == 0.95 && l->child_ibs0_max == 0.02 &&
              l->contamination_agreement_min == 0.9 && l->couple_ibs0_min == 0.02);
    cr_expect_eq(lab.model->floor_table, reference_table(lab.reference, "carrier/floors"));
    lab_close(&lab);
}

/* What is a position at all ends at 3e8; where a chromosome ends is known to the index (lab/variant). */
Test(carrier_model, a_position_beyond_its_chromosome_is_refused_by_the_index)
{
    Lab lab = lab_open(NULL, 0);
    const Cell cells[CELLS] = {{"carrier/panel", "HBB:c.52A>T", "pos38", "300000000"}};
    const CarrierModel *m = NULL;
    Note why;
    cr_expect_eq(changed(&m, &lab, cells, &why), BAD_INPUT);
    cr_expect_str_eq(why.code, "variant.position");
    lab_close(&lab);
}

/* One index a build, of the panel's places in order and the identity sites behind them. */
Test(carrier_model, each_build_has_the_index_of_its_own_places)
{
    Lab lab = lab_open(NULL, 0);
    const CarrierModel *m = lab.model;
    const Table *identity = reference_table(lab.reference, "carrier/identity");
    for (int b = 0; b < 2; b++) {
        const Build build = b == 0 ? BUILD_GRCH37 : BUILD_GRCH38;
        Site *all = arena_alloc(lab.arena, (m->n_sites + identity->n_rows) * sizeof *all);
        size_t n = 0;
        for (size_t r = 0; r < m->n_rows; r++)
            if (m->rows[r].site != SITE_NONE) all[n++] = m->rows[r].places[b];
        for (size_t r = 0; r < identity->n_rows; r++) {
            const char *of = b == 0 ? "37" : "38";
            const char *chrom = table_get(identity, r, arena_print(lab.arena, "chrom%s", of));
            all[n++] =
                (Site){.chrom = atoi(chrom),
                       .pos = atoll(table_get(identity, r, arena_print(lab.arena, "pos%s", of))),
                       .ref = table_get(identity, r, arena_print(lab.arena, "ref%s", of)),
                       .alt = table_get(identity, r, arena_print(lab.arena, "alt%s", of)),
                       .context = "",
                       .panel = (uint32_t)r,
                       .identity = true};
        }
        SiteIndex *own = NULL;
        cr_assert_eq(site_index_build(&own, build, all, n, lab.arena, NULL), OK);
        const SiteIndex *read = carrier_sites(m, build);
        cr_expect_eq(site_index_fingerprint(read), site_index_fingerprint(own), "build %d", b);
        cr_expect_eq(site_index_panel_size(read), m->n_sites);
        cr_expect_eq(site_index_identity_size(read), identity->n_rows);
    }
    cr_expect_neq(carrier_sites(m, BUILD_GRCH37), carrier_sites(m, BUILD_GRCH38));
    cr_expect_null(carrier_sites(m, BUILD_UNKNOWN));
    cr_expect_null(carrier_sites(NULL, BUILD_GRCH38));
    lab_close(&lab);
}

Test(carrier_model, without_panel_or_genes_there_is_no_model_and_no_fault)
{
    Lab lab = lab_open(NULL, 0);
    static const char *const needed[] = {"carrier/panel", "carrier/genes"};
    for (size_t i = 0; i < COUNT(needed); i++) {
        Reference *r = reference_new(lab.arena, "test", true);
        Table *t = arena_alloc(lab.arena, sizeof *t);
        const void *model = &lab;
        *t = *reference_table(lab.reference, needed[i]);
        cr_assert_eq(reference_add(r, t, NULL), OK);
        cr_expect_eq(carrier_prepare(&model, r, lab.arena, NULL), OK, "%s alone", needed[i]);
        cr_expect_null(model, "%s alone", needed[i]);
    }
    lab_close(&lab);
}

/* --- what is refused --- */

#define PANEL(row, column, value)                                                                  \
    {                                                                                              \
        "carrier/panel", row, column, value                                                        \
    }
#define GENE(row, column, value)                                                                   \
    {                                                                                              \
        "carrier/genes", row, column, value                                                        \
    }
#define FLOOR(row, value)                                                                          \
    {                                                                                              \
        "carrier/floors", row, "value", value                                                      \
    }
#define LIMIT(row, value)                                                                          \
    {                                                                                              \
        "carrier/relationship", row, "value", value                                                \
    }
#define IDENTITY(row, column, value)                                                               \
    {                                                                                              \
        "carrier/identity", row, column, value                                                     \
    }
#define INDEL                    "HBB:c.126_129delCTTT"
#define SUBST                    "HBB:c.52A>T"
#define LOCUS                    "HBA1/HBA2:--SEA"
#define MITO                     "MT-RNR1:m.1555A>G"
#define ON_X                     "G6PD:c.1466G>T"
#define BOTH(row, column, value) PANEL(row, column "37", value), PANEL(row, column "38", value)

typedef struct Broken {
    Cell cells[CELLS];
    const char *field, *at; /* "" = no fault; the row that is named, NULL = the first cell's own */
} Broken;

static void expect_broken(const Broken *rows, size_t n)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < n; i++) {
        const Broken *b = &rows[i];
        const CarrierModel *model = NULL;
        Note why;
        const Status s = changed(&model, &lab, b->cells, &why);
        if (b->field[0] == '\0') {
            cr_expect(s == OK && model != NULL, "row %zu: %s %s", i, why.field, why.detail);
            continue;
        }
        cr_expect_eq(s, BAD_INPUT, "row %zu", i);
        cr_expect_null(model, "row %zu", i);
        cr_expect_str_eq(why.code, "carrier.table", "row %zu: %s", i, why.code);
        cr_expect_str_eq(why.field, b->field, "row %zu: %s %s", i, why.field, why.detail);
        cr_expect_eq(why.row, line_of(&lab, b->cells[0].table, b->at ? b->at : b->cells[0].row),
                     "row %zu: line %ld", i, why.row);
        cr_expect_str_eq(why.file, reference_table(lab.reference, b->cells[0].table)->info.path,
                         "row %zu", i);
    }
    lab_close(&lab);
}

Test(carrier_model, each_cell_of_the_genes_has_its_words)
{
    static const Broken rows[] = {
        {{GENE("HBB", "inheritance", "AD")}, "inheritance", NULL},
        {{GENE("HBB", "inheritance", "")}, "inheritance", NULL},
        {{GENE("SMN1", "inheritance", "AR ")}, "inheritance", NULL},
        {{GENE("HBB", "locus", "beta")}, "locus", NULL},
        {{GENE("HBB", "mechanism", "large")}, "mechanism", NULL},
        {{GENE("HBB", "mechanism", "")}, "mechanism", NULL},
        {{GENE("HBA2", "needs", "")}, "needs", NULL},
        {{GENE("HBB", "needs", "needs_dedicated")}, "", NULL},
        {{GENE("HBB", "confirm", "maybe")}, "confirm", NULL},
        {{GENE("HBB", "confirm", "")}, "confirm", NULL},
        {{GENE("HBB", "confirm", "yes")}, "", NULL},
        {{GENE("HBB", "inheritance", "disputed")}, "", NULL},
        {{GENE("HBB", "mechanism", "structural"), GENE("HBB", "needs", "needs_dedicated")},
         "",
         NULL},
    };
    expect_broken(rows, COUNT(rows));
}

Test(carrier_model, each_cell_of_a_panel_row_has_its_words)
{
    static const Broken rows[] = {
        {{PANEL(SUBST, "gene", "NONE1")}, "gene", NULL},
        {{PANEL(SUBST, "verified", "")}, "verified", NULL},
        {{PANEL(SUBST, "class", "")}, "class", NULL},
        {{PANEL(SUBST, "class", "disputed")}, "", NULL},
        {{PANEL(SUBST, "mechanism", "")}, "mechanism", NULL},
        {{PANEL(SUBST, "mechanism", "structural")}, "mechanism", NULL},
        {{PANEL(SUBST, "row", "HBB")}, "row", NULL},
        {{PANEL(SUBST, "row", "HBB:")}, "row", NULL},
        {{PANEL(SUBST, "row", "HBC:c.52A>T")}, "row", NULL},
        {{PANEL(SUBST, "row", "HBB;c.52A>T")}, "row", NULL},
        {{PANEL(LOCUS, "pos37", "5")}, "pos37", NULL},
        {{PANEL(LOCUS, "ref37", "A")}, "ref37", NULL},
        {{PANEL(LOCUS, "alt37", "A")}, "alt37", NULL},
        {{PANEL(LOCUS, "pos38", "5")}, "pos38", NULL},
        {{PANEL(LOCUS, "ref38", "A")}, "ref38", NULL},
        {{PANEL(LOCUS, "alt38", "A")}, "alt38", NULL},
        {{PANEL(SUBST, "chrom37", "23")}, "chrom37", NULL},
        {{PANEL(SUBST, "chrom38", "")}, "chrom38", NULL},
        {{PANEL(SUBST, "pos37", "0")}, "pos37", NULL},
        {{PANEL(SUBST, "pos37", "1")}, "", NULL},
        {{PANEL(SUBST, "pos38", "")}, "pos38", NULL},
        {{PANEL(SUBST, "pos38", "5226970.5")}, "pos38", NULL},
        {{PANEL(SUBST, "pos38", "300000001")}, "pos38", NULL},
        {{PANEL(SUBST, "pos38", "-1")}, "pos38", NULL},
        {{PANEL(SUBST, "ref37", "")}, "ref37", NULL},
        {{PANEL(SUBST, "alt38", "")}, "ref38", NULL},
        {{PANEL(SUBST, "context37", "G")}, "context37", NULL},
        {{PANEL(SUBST, "context38", "Tn")}, "context38", NULL},
        {{BOTH(SUBST, "context", "TA")}, "", NULL},
        /* rows of one gene stand together: the row behind the gap is named */
        {{PANEL("HBB:c.316-197C>T", "gene", "GJB2"), PANEL("HBB:c.316-197C>T", "row", "GJB2:x")},
         "gene",
         SUBST},
    };
    expect_broken(rows, COUNT(rows));
}

/* The two builds name one allele; a mitochondrion has one place; the chromosome fits the inheritance. */
Test(carrier_model, places_fit_each_other_and_the_gene)
{
    static const Broken rows[] = {
        {{PANEL(SUBST, "chrom37", "12")}, "ref38", NULL},
        {{PANEL(SUBST, "ref37", "C")}, "ref38", NULL},
        {{PANEL(SUBST, "alt37", "G")}, "ref38", NULL},
        {{PANEL(INDEL, "context37", "CAAAGA")}, "ref38", NULL},
        {{PANEL(MITO, "pos37", "1556")}, "pos38", NULL},
        {{BOTH(SUBST, "chrom", "X")}, "chrom38", NULL},
        {{BOTH(SUBST, "chrom", "MT"), BOTH(SUBST, "pos", "100")}, "chrom38", NULL},
        {{BOTH(ON_X, "chrom", "11"), BOTH(ON_X, "pos", "100")}, "chrom38", NULL},
        {{BOTH(MITO, "chrom", "11")}, "chrom38", NULL},
        {{BOTH(SUBST, "chrom", "12")}, "", NULL},
    };
    expect_broken(rows, COUNT(rows));
}

#define ALLELES(r, a, c)                                                                           \
    {                                                                                              \
        BOTH(INDEL, "ref", r), BOTH(INDEL, "alt", a), BOTH(INDEL, "context", c)                    \
    }

Test(carrier_model, alleles_are_trimmed_and_left_aligned)
{
    static const Broken rows[] = {
        {ALLELES("A", "C", ""), "", NULL},        {ALLELES("A", "AC", ""), "", NULL},
        {ALLELES("AC", "A", ""), "", NULL},       {ALLELES("ACCG", "A", "ACCGA"), "", NULL},
        {ALLELES("A", "ACCG", ""), "", NULL},     {ALLELES("A", "A", ""), "ref37", NULL},
        {ALLELES("AC", "GT", ""), "ref37", NULL}, {ALLELES("AC", "ATG", ""), "ref37", NULL},
        {ALLELES("A", "CG", ""), "ref37", NULL},  {ALLELES("TA", "G", ""), "ref37", NULL},
        {ALLELES("AC", "C", ""), "ref37", NULL},  {ALLELES("AT", "ACT", ""), "ref37", NULL},
        {ALLELES("TAT", "T", ""), "ref37", NULL}, {ALLELES("T", "TAT", ""), "ref37", NULL},
        {ALLELES("R", "A", ""), "ref37", NULL},   {ALLELES("A", "AN", ""), "ref37", NULL},
        {ALLELES("AC", "a", ""), "ref37", NULL},  {ALLELES("AC", "A", "A"), "context37", NULL},
        {ALLELES("AC", "A", "AC"), "", NULL},     {ALLELES("AC", "A", "AGC"), "context37", NULL},
    };
    expect_broken(rows, COUNT(rows));
}

/* HBB lies on the minus strand: its names are the complements of its alleles. A name that no strand fits is blamed itself; one of the other strand is blamed when
 * the gene's strand is known from a row before it. */
Test(carrier_model, the_alleles_are_those_of_the_hgvs_name)
{
#define FIRST "HBB:c.316-197C>T" /* G>A */
    static const Broken rows[] = {
        {{BOTH(SUBST, "alt", "G")}, "alt38", NULL},
        {{BOTH(SUBST, "ref", "C")}, "alt38", NULL},
        {{BOTH(SUBST, "ref", "A"), BOTH(SUBST, "alt", "T")}, "alt38", NULL},
        {{BOTH(FIRST, "ref", "C"), BOTH(FIRST, "alt", "T")}, "alt38", SUBST},
        {{BOTH(FIRST, "ref", "C"), BOTH(FIRST, "alt", "A")}, "alt38", NULL},
        /* no substitution in the name, or none in the alleles: nothing to compare */
        {{PANEL(FIRST, "row", "HBB:>T")}, "", NULL},
        {{PANEL(FIRST, "row", "HBB:IVS-II-654")}, "", NULL},
        {{BOTH(FIRST, "ref", "GC"), BOTH(FIRST, "alt", "G")}, "", NULL},
        {{BOTH(FIRST, "ref", "C"), BOTH(FIRST, "alt", "CT")}, "", NULL},
    };
    expect_broken(rows, COUNT(rows));
}

Test(carrier_model, identity_sites_are_autosomal_substitutions)
{
    static const Broken rows[] = {
        {{IDENTITY("EX01", "chrom37", "X")}, "chrom38", NULL},
        {{IDENTITY("EX01", "chrom38", "Y")}, "chrom38", NULL},
        {{IDENTITY("EX66", "chrom38", "MT")}, "chrom38", NULL},
        {{IDENTITY("EX01", "chrom37", "22"), IDENTITY("EX01", "pos37", "21400079")}, "", NULL},
        {{IDENTITY("EX01", "ref37", "AC"), IDENTITY("EX01", "alt37", "A")}, "chrom38", NULL},
        {{IDENTITY("EX01", "ref37", "A"), IDENTITY("EX01", "alt37", "AC")}, "chrom38", NULL},
        {{IDENTITY("EX02", "pos37", "0")}, "pos37", NULL},
        {{IDENTITY("EX02", "pos38", "x")}, "pos38", NULL},
        {{IDENTITY("EX02", "alt38", "C")}, "ref38", NULL},
    };
    expect_broken(rows, COUNT(rows));
}

Test(carrier_model, thresholds_lie_within_their_limits)
{
    static const Broken rows[] = {
        {{FLOOR("depth", "")}, "value", NULL},
        {{FLOOR("depth", "-0.5")}, "value", NULL},
        {{FLOOR("depth", "1000000")}, "", NULL},
        {{FLOOR("depth", "1000001")}, "value", NULL},
        {{FLOOR("quality", "1000")}, "", NULL},
        {{FLOOR("quality", "1001")}, "value", NULL},
        {{FLOOR("ref_mismatch_rows", "1000000")}, "", NULL},
        {{FLOOR("ref_mismatch_rows", "1000001")}, "value", NULL},
        {{FLOOR("ref_mismatch_rows", "x")}, "value", NULL},
        {{LIMIT("min_sites", "1000000")}, "", NULL},
        {{LIMIT("min_sites", "1000001")}, "value", NULL},
        {{LIMIT("same_agreement_min", "1")}, "", NULL},
        {{LIMIT("same_agreement_min", "1.01")}, "value", NULL},
        {{LIMIT("child_ibs0_max", "0")}, "", NULL},
        {{LIMIT("child_ibs0_max", "-0.01")}, "value", NULL},
        {{LIMIT("contamination_agreement_min", "1.01")}, "value", NULL},
        {{LIMIT("couple_ibs0_min", "1.01")}, "value", NULL},
        {{LIMIT("couple_ibs0_min", "")}, "value", NULL},
    };
    expect_broken(rows, COUNT(rows));
}

/* A floor of zero would accept a site that no read covers. */
Test(carrier_model, no_floor_lies_below_one)
{
    static const struct {
        const char *value;
        int read;
    } rows[] = {{"0", 1}, {"0.5", 1}, {"1", 1}, {"1.5", 1}, {"2", 2}, {"7", 7}};
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *v = rows[i].value;
        const Cell cells[CELLS] = {FLOOR("depth", v), FLOOR("quality", v),
                                   FLOOR("ref_mismatch_rows", v), LIMIT("min_sites", v)};
        const CarrierModel *m = NULL;
        Note why;
        cr_assert_eq(changed(&m, &lab, cells, &why), OK);
        cr_expect_eq(m->floors.depth, rows[i].read, "%s", v);
        cr_expect_eq(m->floors.quality, rows[i].read, "%s", v);
        cr_expect_eq(m->floors.ref_mismatch_rows, (size_t)rows[i].read, "%s", v);
        cr_expect_eq(m->limits.min_sites, (size_t)rows[i].read, "%s", v);
    }
    lab_close(&lab);
}

/* Opens the tables after `change` has had its hand on each. */
static Status reopened(const CarrierModel **out, const Lab *good, Note *why,
                       void (*change)(Table *t, size_t i, Arena *arena), size_t i)
{
    Reference *r = reference_new(good->arena, "test", true);
    const void *model = NULL;
    *why = (Note){.code = ""};
    for (size_t k = 0; k < reference_size(good->reference); k++) {
        Table *t = arena_alloc(good->arena, sizeof *t);
        *t = *reference_at(good->reference, k);
        change(t, i, good->arena);
        cr_assert_eq(reference_add(r, t, NULL), OK);
    }
    const Status s = carrier_prepare(&model, r, good->arena, why);
    *out = model;
    return s;
}

static const char *const needed[][2] = {
    {"carrier/genes", "gene"},    {"carrier/genes", "inheritance"}, {"carrier/genes", "mechanism"},
    {"carrier/genes", "needs"},   {"carrier/genes", "confirm"},     {"carrier/genes", "locus"},
    {"carrier/panel", "row"},     {"carrier/panel", "gene"},        {"carrier/panel", "chrom38"},
    {"carrier/panel", "pos38"},   {"carrier/panel", "ref38"},       {"carrier/panel", "alt38"},
    {"carrier/panel", "chrom37"}, {"carrier/panel", "pos37"},       {"carrier/panel", "ref37"},
    {"carrier/panel", "alt37"},   {"carrier/panel", "context38"},   {"carrier/panel", "context37"},
    {"carrier/panel", "class"},   {"carrier/panel", "mechanism"},   {"carrier/panel", "verified"},
};

static void drop_column(Table *t, size_t i, Arena *arena)
{
    if (strcmp(t->info.name, needed[i][0]) != 0) return;
    const char **columns = arena_alloc(arena, t->n_columns * sizeof *columns);
    memcpy(columns, t->columns, t->n_columns * sizeof *columns);
    columns[table_column(t, needed[i][1])] = "another";
    t->columns = columns;
}

Test(carrier_model, a_column_that_is_not_there_is_named)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i < COUNT(needed); i++) {
        const CarrierModel *m = NULL;
        Note why;
        cr_expect_eq(reopened(&m, &lab, &why, drop_column, i), BAD_INPUT, "%s", needed[i][1]);
        cr_expect_str_eq(why.code, "carrier.table", "%s", needed[i][1]);
        cr_expect_str_eq(why.field, needed[i][1], "%s %s", why.field, needed[i][1]);
    }
    lab_close(&lab);
}

static const char *const thresholds[][2] = {
    {"carrier/floors", "depth"},
    {"carrier/floors", "quality"},
    {"carrier/floors", "ref_mismatch_rows"},
    {"carrier/relationship", "min_sites"},
    {"carrier/relationship", "same_agreement_min"},
    {"carrier/relationship", "child_ibs0_max"},
    {"carrier/relationship", "contamination_agreement_min"},
    {"carrier/relationship", "couple_ibs0_min"},
};

/* Only the i-th threshold's row is an example. */
static void mark_example(Table *t, size_t i, Arena *arena)
{
    bool *examples = arena_alloc(arena, t->n_rows + 1);
    for (size_t r = 0; r < t->n_rows; r++)
        examples[r] = i < COUNT(thresholds) && strcmp(t->info.name, thresholds[i][0]) == 0 &&
                      strcmp(table_cell(t, r, 0), thresholds[i][1]) == 0;
    t->examples = examples;
}

/* The row's key is another one. */
static void rename_key(Table *t, size_t i, Arena *arena)
{
    if (strcmp(t->info.name, thresholds[i][0]) != 0) return;
    const size_t n = t->n_rows * t->n_columns;
    const char **cells = arena_alloc(arena, n * sizeof *cells);
    memcpy(cells, t->cells, n * sizeof *cells);
    for (size_t r = 0; r < t->n_rows; r++)
        if (strcmp(cells[r * t->n_columns], thresholds[i][1]) == 0)
            cells[r * t->n_columns] = arena_print(arena, "%s_", thresholds[i][1]);
    t->cells = cells;
}

Test(carrier_model, each_threshold_is_needed_and_an_example_among_them_is_told)
{
    Lab lab = lab_open(NULL, 0);
    for (size_t i = 0; i <= COUNT(thresholds); i++) {
        const CarrierModel *m = NULL;
        Note why;
        cr_assert_eq(reopened(&m, &lab, &why, mark_example, i), OK);
        cr_expect_eq(m->floors.example, i < 3, "row %zu", i);
        cr_expect_eq(m->limits.example, i >= 3 && i < COUNT(thresholds), "row %zu", i);
        if (i == COUNT(thresholds)) continue;
        cr_expect_eq(reopened(&m, &lab, &why, rename_key, i), BAD_INPUT, "row %zu", i);
        cr_expect_null(m);
        cr_expect_str_eq(why.field, thresholds[i][1], "row %zu: %s", i, why.field);
    }
    lab_close(&lab);
}
