/* carrier_model - the tables of the carrier assay become one const model, after lint.
 *
 * Why a lint: hand-typed and rsID-keyed panels are wrong in public code all the time: builds mixed in one file, an allele
 * from another place, a legacy codon number taken for HGVS, one event at two places. What can be checked without a
 * genome is checked here, for every row, each time the tables are opened:
 *   - keys are unique, every gene is known to genes.tsv and its rows stand together, inheritance agrees;
 *   - alleles are upper case A, C, G, T, trimmed and left-aligned, the same in both builds;
 *   - a substitution in the HGVS name is the substitution of the alleles, and all of a gene lie on one strand;
 *   - the reference bases of a shift range begin with the REF allele;
 *   - mitochondrial rows have one place (rCRS) in both builds;
 *   - a structural row has no alleles: a paralogue base (SMN1) is never matched;
 *   - identity sites are autosomal substitutions: never X, Y or their ploidy.
 * rsIDs are labels; nothing looks them up. A table that fails is refused with its line and column. */
#include "carrier.h"

#include <string.h>

typedef struct Lint {
    const Table *table;
    Arena *arena;
    Note *why;
} Lint;

static Status fault(const Lint *l, size_t row, const char *column, const char *detail)
{
    return note_fail(
        l->why, BAD_INPUT, "carrier.table",
        (Place){.file = l->table->info.path, .row = l->table->lines[row], .field = column}, "%s",
        detail);
}

static const char *cell(const Lint *l, size_t row, const char *column)
{
    return table_get(l->table, row, column);
}

static Status need_columns(const Lint *l, const char *const *columns)
{
    for (size_t i = 0; columns[i] != NULL; i++)
        if (table_column(l->table, columns[i]) < 0)
            return note_fail(l->why, BAD_INPUT, "carrier.table",
                             (Place){.file = l->table->info.path, .field = columns[i]},
                             "no such column");
    return OK;
}

static Status yes_no(const Lint *l, bool *out, size_t row, const char *column)
{
    const char *text = cell(l, row, column);
    *out = strcmp(text, "yes") == 0;
    return *out || strcmp(text, "no") == 0 ? OK : fault(l, row, column, "yes or no");
}

/* Index of `text` in the NULL-terminated `words`, or -1. */
static int word_index(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0) return i;
    return -1;
}

static Status gene_read(const Lint *l, CarrierGene *gene, size_t row)
{
    static const char *const inheritances[] = {"AR", "XL", "MT", "disputed", NULL};
    static const char *const loci[] = {"", "alpha", "smn1", NULL};
    int inheritance = word_index(inheritances, cell(l, row, "inheritance"));
    int locus = word_index(loci, cell(l, row, "locus"));
    const char *mechanism = cell(l, row, "mechanism");
    *gene = (CarrierGene){.name = cell(l, row, "gene"), .needs = cell(l, row, "needs")};
    if (inheritance < 0) return fault(l, row, "inheritance", "AR, XL, MT or disputed");
    if (locus < 0) return fault(l, row, "locus", "alpha, smn1 or empty");
    gene->inheritance = (Inheritance)inheritance;
    gene->locus = (Locus)locus;
    gene->structural = strcmp(mechanism, "structural") == 0;
    if (!gene->structural && strcmp(mechanism, "small") != 0)
        return fault(l, row, "mechanism", "small or structural");
    if (gene->structural && gene->needs[0] == '\0')
        return fault(l, row, "needs", "a structural gene names the assay that can answer");
    return yes_no(l, &gene->confirm, row, "confirm");
}

static Status genes_read(CarrierModel *model, const Lint *l)
{
    static const char *const columns[] = {"gene",    "inheritance", "mechanism", "needs",
                                          "confirm", "locus",       NULL};
    Status s = need_columns(l, columns);
    if (s != OK) return s;
    model->n_genes = l->table->n_rows;
    model->genes = arena_alloc(l->arena, (model->n_genes + 1) * sizeof *model->genes);
    for (size_t r = 0; r < model->n_genes && s == OK; r++)
        s = gene_read(l, &model->genes[r], r);
    return s;
}

static Status gene_of(const CarrierModel *model, const Lint *l, size_t *gene, size_t row)
{
    const char *name = cell(l, row, "gene");
    for (*gene = 0; *gene < model->n_genes; (*gene)++)
        if (strcmp(model->genes[*gene].name, name) == 0) return OK;
    return fault(l, row, "gene", "not in carrier/genes");
}

static bool bases_only(const char *text)
{
    return text[0] != '\0' && strspn(text, "ACGT") == strlen(text);
}

/* Trimmed and left-aligned: a substitution of one base, or an indel whose only common base is its anchor and whose
 * last bases differ (were they equal, the event could be written further left). */
static const char *alleles_fault(const char *ref, const char *alt)
{
    size_t r = strlen(ref), a = strlen(alt);
    if (!bases_only(ref) || !bases_only(alt)) return "upper-case A, C, G, T only";
    if (strcmp(ref, alt) == 0) return "REF and ALT are equal";
    if (ref[r - 1] == alt[a - 1]) return "not trimmed or not left-aligned";
    if (r == a) return r == 1 ? NULL : "longer substitutions are not matched: give one row a base";
    if (r != 1 && a != 1) return "an indel has one anchor base";
    return ref[0] == alt[0] ? NULL : "an indel begins with its anchor base";
}

static char complement(char base)
{
    switch (base) {
    case 'A':
        return 'T';
    case 'C':
        return 'G';
    case 'G':
        return 'C';
    default:
        return 'A';
    }
}

/* Strand on which the HGVS substitution "...A>T" is REF>ALT: 1, -1; 0 = no substitution in the name; 2 = neither. */
static int hgvs_strand(const char *label, const char *ref, const char *alt)
{
    const char *arrow = strchr(label, '>');
    if (arrow == NULL || arrow == label || strlen(ref) != 1 || strlen(alt) != 1) return 0;
    if (arrow[-1] == ref[0] && arrow[1] == alt[0]) return 1;
    return arrow[-1] == complement(ref[0]) && arrow[1] == complement(alt[0]) ? -1 : 2;
}

static Status place_read(const Lint *l, Site *site, size_t row, const char *const columns[5])
{
    double pos = 0;
    const char *chrom = cell(l, row, columns[0]);
    *site = (Site){.chrom = chrom_parse(chrom, strlen(chrom)),
                   .ref = cell(l, row, columns[2]),
                   .alt = cell(l, row, columns[3]),
                   .context = columns[4] == NULL ? "" : cell(l, row, columns[4])};
    if (site->chrom == CHROM_NONE) return fault(l, row, columns[0], "not a chromosome");
    if (!table_number(l->table, row, table_column(l->table, columns[1]), &pos) || pos < 1 ||
        pos > 3e8 || pos != (double)(int64_t)pos)
        return fault(l, row, columns[1], "not a position");
    site->pos = (int64_t)pos;
    const char *bad = alleles_fault(site->ref, site->alt);
    if (bad != NULL) return fault(l, row, columns[2], bad);
    if (site->context[0] != '\0' &&
        (!bases_only(site->context) || strncmp(site->context, site->ref, strlen(site->ref)) != 0))
        return fault(l, row, columns[4], "reference bases from pos on, beginning with REF");
    return OK;
}

static Status places_agree(const Lint *l, const CarrierRow *row, size_t r)
{
    const Site *a = &row->places[0], *b = &row->places[1];
    if (a->chrom != b->chrom || strcmp(a->ref, b->ref) != 0 || strcmp(a->alt, b->alt) != 0 ||
        strcmp(a->context, b->context) != 0)
        return fault(l, r, "ref38", "the two builds do not name one allele");
    if (a->chrom == CHROM_MT && a->pos != b->pos)
        return fault(l, r, "pos38", "the mitochondrion has one place (rCRS)");
    return OK;
}

static Status small_read(CarrierModel *model, const Lint *l, CarrierRow *row, size_t r)
{
    static const char *const on37[5] = {"chrom37", "pos37", "ref37", "alt37", "context37"};
    static const char *const on38[5] = {"chrom38", "pos38", "ref38", "alt38", "context38"};
    Status s = place_read(l, &row->places[0], r, on37);
    if (s == OK) s = place_read(l, &row->places[1], r, on38);
    if (s == OK) s = places_agree(l, row, r);
    if (s != OK) return s;
    bool x = row->places[0].chrom == CHROM_X, mt = row->places[0].chrom == CHROM_MT;
    Inheritance inheritance = model->genes[row->gene].inheritance;
    if (x != (inheritance == INHERIT_XL) || mt != (inheritance == INHERIT_MT))
        return fault(l, r, "chrom38", "the chromosome does not fit the inheritance");
    row->site = (int32_t)model->n_sites;
    model->row_of_site[model->n_sites] = r;
    row->places[0].panel = row->places[1].panel = (uint32_t)model->n_sites;
    model->n_sites++;
    return OK;
}

static Status structural_read(const Lint *l, const CarrierGene *gene, size_t r)
{
    static const char *const empty[] = {"pos37", "ref37", "alt37", "pos38", "ref38", "alt38", NULL};
    if (!gene->structural)
        return fault(l, r, "mechanism", "the gene is not structural in carrier/genes");
    for (size_t i = 0; empty[i] != NULL; i++)
        if (cell(l, r, empty[i])[0] != '\0')
            return fault(l, r, empty[i], "a structural row has no place to match");
    return OK;
}

static Status class_read(const Lint *l, CarrierRow *row, size_t r)
{
    static const char *const classes[] = {"standard", "low_penetrance", "disputed", NULL};
    int found = word_index(classes, cell(l, r, "class"));
    if (found < 0) return fault(l, r, "class", "standard, low_penetrance or disputed");
    row->low_penetrance = found == 1;
    return OK;
}

static Status row_read(CarrierModel *model, const Lint *l, size_t r)
{
    CarrierRow *row = &model->rows[r];
    *row = (CarrierRow){.key = cell(l, r, "row"), .site = SITE_NONE};
    Status s = gene_of(model, l, &row->gene, r);
    if (s == OK) s = yes_no(l, &row->verified, r, "verified");
    if (s == OK) s = class_read(l, row, r);
    if (s != OK) return s;
    CarrierGene *gene = &model->genes[row->gene];
    size_t prefix = strlen(gene->name);
    if (strncmp(row->key, gene->name, prefix) != 0 || row->key[prefix] != ':' ||
        row->key[prefix + 1] == '\0')
        return fault(l, r, "row", "the key is GENE:NAME");
    row->label = row->key + prefix + 1;
    row->item = arena_print(l->arena, "%s %s", gene->name, row->label);
    if (gene->n > 0 && gene->first + gene->n != r)
        return fault(l, r, "gene", "rows of one gene stand together");
    if (gene->n++ == 0) gene->first = r;
    const char *mechanism = cell(l, r, "mechanism");
    if (strcmp(mechanism, "structural") == 0) return structural_read(l, gene, r);
    return strcmp(mechanism, "small") == 0 ? small_read(model, l, row, r)
                                           : fault(l, r, "mechanism", "small or structural");
}

/* One gene, one strand: a row whose name fits only the other strand holds another allele than it says. */
static Status strands_check(const CarrierModel *model, const Lint *l)
{
    for (size_t g = 0; g < model->n_genes; g++) {
        int strand = 0;
        for (size_t r = model->genes[g].first; r < model->genes[g].first + model->genes[g].n; r++) {
            const CarrierRow *row = &model->rows[r];
            int own = row->site == SITE_NONE
                          ? 0
                          : hgvs_strand(row->label, row->places[1].ref, row->places[1].alt);
            if (own == 2 || (own != 0 && strand != 0 && own != strand))
                return fault(l, r, "alt38", "the alleles are not those of the HGVS name");
            if (own != 0) strand = own;
        }
    }
    return OK;
}

static Status keys_check(const Lint *l)
{
    const size_t *order = l->table->order; /* by first cell: equal keys are neighbours */
    for (size_t i = 1; i < l->table->n_rows; i++)
        if (strcmp(table_cell(l->table, order[i - 1], 0), table_cell(l->table, order[i], 0)) == 0)
            return fault(l, order[i], l->table->columns[0], "the same key twice");
    return OK;
}

static Status rows_read(CarrierModel *model, const Lint *l)
{
    static const char *const columns[] = {
        "row",   "gene",  "chrom38",   "pos38",     "ref38", "alt38",     "chrom37",  "pos37",
        "ref37", "alt37", "context38", "context37", "class", "mechanism", "verified", NULL};
    Status s = need_columns(l, columns);
    if (s == OK) s = keys_check(l);
    model->n_rows = l->table->n_rows;
    model->rows = arena_alloc(l->arena, (model->n_rows + 1) * sizeof *model->rows);
    model->row_of_site = arena_alloc(l->arena, (model->n_rows + 1) * sizeof *model->row_of_site);
    for (size_t r = 0; r < model->n_rows && s == OK; r++)
        s = row_read(model, l, r);
    return s == OK ? strands_check(model, l) : s;
}

/* The value of `key`; a missing or malformed one is a fault of the table. */
static Status number_of(const Lint *l, double *out, const char *key, double max, bool *example)
{
    long row = table_find(l->table, key);
    if (row < 0)
        return note_fail(l->why, BAD_INPUT, "carrier.table",
                         (Place){.file = l->table->info.path, .field = key}, "no such row");
    if (!table_number(l->table, (size_t)row, table_column(l->table, "value"), out) || *out < 0 ||
        *out > max)
        return fault(l, (size_t)row, "value", "out of range");
    *example |= l->table->examples[row];
    return OK;
}

static Status floors_read(CarrierFloors *floors, const Lint *l)
{
    double depth = 0, quality = 0, rows = 0;
    Status s = number_of(l, &depth, "depth", 1e6, &floors->example);
    if (s == OK) s = number_of(l, &quality, "quality", 1e3, &floors->example);
    if (s == OK) s = number_of(l, &rows, "ref_mismatch_rows", 1e6, &floors->example);
    /* A floor of zero would accept a site that no read covers. */
    floors->depth = depth < 1 ? 1 : (int32_t)depth;
    floors->quality = quality < 1 ? 1 : (int32_t)quality;
    floors->ref_mismatch_rows = rows < 1 ? 1 : (size_t)rows;
    floors->given = s == OK;
    return s;
}

static Status limits_read(CarrierLimits *limits, const Lint *l)
{
    double sites = 0;
    Status s = number_of(l, &sites, "min_sites", 1e6, &limits->example);
    const struct {
        const char *key;
        double *to;
    } shares[] = {{"same_agreement_min", &limits->same_agreement_min},
                  {"child_ibs0_max", &limits->child_ibs0_max},
                  {"contamination_agreement_min", &limits->contamination_agreement_min},
                  {"couple_ibs0_min", &limits->couple_ibs0_min}};
    for (size_t i = 0; i < sizeof shares / sizeof *shares && s == OK; i++)
        s = number_of(l, shares[i].to, shares[i].key, 1, &limits->example);
    limits->min_sites = sites < 1 ? 1 : (size_t)sites;
    limits->given = s == OK;
    return s;
}

static Status identity_read(const Lint *l, Site *on37, Site *on38)
{
    static const char *const c37[5] = {"chrom37", "pos37", "ref37", "alt37", NULL};
    static const char *const c38[5] = {"chrom38", "pos38", "ref38", "alt38", NULL};
    for (size_t r = 0; r < l->table->n_rows; r++) {
        Status s = place_read(l, &on37[r], r, c37);
        if (s == OK) s = place_read(l, &on38[r], r, c38);
        if (s != OK) return s;
        if (on37[r].chrom > 22 || on38[r].chrom > 22 || strlen(on37[r].ref) != 1 ||
            strlen(on37[r].alt) != 1)
            return fault(l, r, "chrom38", "identity sites are autosomal substitutions");
        on37[r].identity = on38[r].identity = true;
        on37[r].panel = on38[r].panel = (uint32_t)r;
    }
    return OK;
}

static Status index_build(CarrierModel *model, const Table *identity, const Lint *l)
{
    size_t extra = identity == NULL ? 0 : identity->n_rows, n = 0;
    Site *all[2];
    for (int b = 0; b < 2; b++)
        all[b] = arena_alloc(l->arena, (model->n_sites + extra + 1) * sizeof **all);
    for (size_t r = 0; r < model->n_rows; r++) {
        if (model->rows[r].site == SITE_NONE) continue;
        all[0][n] = model->rows[r].places[0];
        all[1][n++] = model->rows[r].places[1];
    }
    Status s = OK;
    if (identity != NULL)
        s = identity_read(&(Lint){identity, l->arena, l->why}, all[0] + n, all[1] + n);
    model->n_identity = extra;
    for (int b = 0; b < 2 && s == OK; b++) {
        SiteIndex *index = NULL;
        s = site_index_build(&index, b == 0 ? BUILD_GRCH37 : BUILD_GRCH38, all[b], n + extra,
                             l->arena, l->why);
        model->index[b] = index;
    }
    return s;
}

static void optional_tables(CarrierModel *model, const Reference *reference)
{
    model->deletions = reference_table(reference, "carrier/alpha_deletions");
    model->points = reference_table(reference, "carrier/alpha_points");
    model->genotypes = reference_table(reference, "carrier/alpha_genotypes");
    model->couples = reference_table(reference, "carrier/alpha_couples");
    model->smn1 = reference_table(reference, "carrier/smn1");
    model->frequencies = reference_table(reference, "carrier/frequencies");
}

static Status thresholds_read(CarrierModel *model, const Reference *reference, Lint *l)
{
    Status s = OK;
    model->floor_table = l->table = reference_table(reference, "carrier/floors");
    if (l->table != NULL) s = floors_read(&model->floors, l);
    l->table = reference_table(reference, "carrier/relationship");
    if (s == OK && l->table != NULL) s = limits_read(&model->limits, l);
    return s;
}

Status carrier_prepare(const void **out, const Reference *reference, Arena *arena, Note *why)
{
    CarrierModel *model = arena_alloc(arena, sizeof *model);
    *out = NULL;
    model->panel = reference_table(reference, "carrier/panel");
    model->gene_table = reference_table(reference, "carrier/genes");
    if (model->panel == NULL || model->gene_table == NULL)
        return OK; /* without them every sample is refused, and says why */
    Lint l = {model->gene_table, arena, why};
    Status s = genes_read(model, &l);
    l.table = model->panel;
    if (s == OK) s = rows_read(model, &l);
    if (s == OK) s = index_build(model, reference_table(reference, "carrier/identity"), &l);
    if (s == OK) s = thresholds_read(model, reference, &l);
    optional_tables(model, reference);
    if (s == OK) *out = model;
    return s;
}

const SiteIndex *carrier_sites(const void *model, Build build)
{
    const CarrierModel *m = model;
    if (m == NULL || build == BUILD_UNKNOWN) return NULL;
    return m->index[build == BUILD_GRCH37 ? 0 : 1];
}

bool carrier_is_x(const CarrierModel *model, size_t row)
{
    return model->genes[model->rows[row].gene].inheritance == INHERIT_XL;
}
