/* Why: no kit's probe lengths are known here, so everything about a kit is rows of the laboratory's own tables, and those are checked before
 * the first sample. Refuses: a probe on a sex chromosome (such fragments stand in fragment/panel, where they are sealed), a window that
 * is none, two probes of one dye whose windows overlap, a kit without targets, benchmark, Q or D fragments, bands that overlap. */
#include "markers.h"
#include "mlpa.h"

#include <string.h>

static Status bad(const Table *t, size_t row, const char *code, Note *why)
{
    return note_fail(why, BAD_INPUT, code, (Place){.file = t->info.path, .row = t->lines[row]},
                     NULL);
}

static bool number(const Table *t, size_t row, const char *column, double low, double high,
                   double *out)
{
    return table_number(t, row, table_column(t, column), out) && *out >= low && *out <= high;
}

static bool role_of(const char *word, MlpaRole *out)
{
    static const char *const words[] = {"target", "reference", "q", "d", "benchmark"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (MlpaRole)i;
            return true;
        }
    return false;
}

/* An autosome, or "-" for a fragment that is made without DNA of the sample or whose place does not matter. */
static bool place_ok(const char *chromosome, MlpaRole role)
{
    static const char *const autosomes[] = {"1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                            "9",  "10", "11", "12", "13", "14", "15", "16",
                                            "17", "18", "19", "20", "21", "22"};
    if (strcmp(chromosome, "-") == 0) return role == MLPA_Q || role == MLPA_D;
    for (size_t i = 0; i < sizeof autosomes / sizeof *autosomes; i++)
        if (strcmp(autosomes[i], chromosome) == 0) return true;
    return false;
}

static bool read_probe(MlpaProbe *p, const Table *t, size_t row)
{
    double dye;
    p->name = table_get(t, row, "probe");
    p->region = table_get(t, row, "region");
    if (p->name[0] == '\0' || !role_of(table_get(t, row, "role"), &p->role) ||
        !place_ok(table_get(t, row, "chromosome"), p->role) ||
        !number(t, row, "dye", 1, DYES, &dye) || !number(t, row, "low", 1, 2000, &p->low) ||
        !number(t, row, "high", 1, 2000, &p->high) || p->high <= p->low)
        return false;
    p->dye = (int)dye;
    p->length = (p->low + p->high) / 2;
    return (p->role == MLPA_TARGET) == (p->region[0] != '\0');
}

static bool overlaps(const MlpaKit *kit, const MlpaProbe *p)
{
    for (size_t i = 0; i < kit->n; i++)
        if (kit->probes[i].dye == p->dye && kit->probes[i].low <= p->high &&
            kit->probes[i].high >= p->low)
            return true;
    return false;
}

static void add_region(MlpaKit *kit, const char *region)
{
    for (size_t i = 0; i < kit->n_regions; i++)
        if (strcmp(kit->regions[i], region) == 0) return;
    kit->regions[kit->n_regions++] = region;
}

static size_t count(const MlpaKit *kit, MlpaRole role)
{
    size_t n = 0;
    for (size_t i = 0; i < kit->n; i++)
        n += kit->probes[i].role == role ? 1 : 0;
    return n;
}

static Status read_probes(MlpaKit *kit, const Table *t, const Markers *markers, Arena *arena,
                          Note *why)
{
    kit->probes = arena_alloc(arena, (t->n_rows + 1) * sizeof *kit->probes);
    kit->regions = arena_alloc(arena, (t->n_rows + 1) * sizeof *kit->regions);
    for (size_t r = 0; r < t->n_rows; r++) {
        MlpaProbe p = {.role = MLPA_TARGET};
        if (strcmp(table_get(t, r, "kit"), kit->code) != 0) continue;
        if (!read_probe(&p, t, r) || overlaps(kit, &p)) return bad(t, r, "mlpa.probe", why);
        p.sealed = markers_sealed(markers, p.low) || markers_sealed(markers, p.high);
        kit->probes[kit->n++] = p;
        if (p.role == MLPA_TARGET) add_region(kit, p.region);
    }
    return OK;
}

static bool read_limits(MlpaKit *kit, const Table *t, size_t row)
{
    double references, probes;
    kit->code = table_cell(t, row, 0);
    kit->locus = table_get(t, row, "locus");
    kit->example = t->examples[row];
    if (!number(t, row, "references", 3, 100, &references) ||
        !number(t, row, "reference_probes", 3, 100, &probes) ||
        !number(t, row, "spread", 0.001, 0.5, &kit->spread) ||
        !number(t, row, "q_most", 0.01, 1, &kit->q_most) ||
        !number(t, row, "d_least", 0, 1, &kit->d_least) ||
        !number(t, row, "blank_most", 0, 1e6, &kit->blank_most))
        return false;
    kit->least_references = (int)references;
    kit->least_reference_probes = (int)probes;
    return true;
}

static bool complete(const MlpaKit *kit)
{
    return count(kit, MLPA_TARGET) > 0 && count(kit, MLPA_BENCHMARK) == 1 &&
           count(kit, MLPA_Q) > 0 && count(kit, MLPA_D) > 0 &&
           count(kit, MLPA_REFERENCE) >= (size_t)kit->least_reference_probes;
}

static Status check_bands(const Table *t, Note *why)
{
    double before = -1;
    for (size_t r = 0; r < t->n_rows; r++) {
        double copies, low, high;
        if (!number(t, r, "copies", 0, 9, &copies) || !number(t, r, "low", 0, 10, &low) ||
            !number(t, r, "high", low, 10, &high) || low <= before)
            return bad(t, r, "mlpa.band", why);
        before = high;
    }
    return OK;
}

static bool has_region(const MlpaModel *m, const char *locus, const char *name, size_t length)
{
    for (size_t k = 0; k < m->n_kits; k++)
        for (size_t i = 0; i < m->kits[k].n_regions; i++)
            if (strcmp(m->kits[k].locus, locus) == 0 && strlen(m->kits[k].regions[i]) == length &&
                memcmp(m->kits[k].regions[i], name, length) == 0)
                return true;
    return false;
}

/* A pattern of a locus that some kit measures must speak of regions which that kit has: a misspelt one would never fit. */
static Status check_patterns(const MlpaModel *m, Note *why)
{
    const Table *t = m->patterns;
    for (size_t r = 0; r < t->n_rows; r++) {
        const char *locus = table_get(t, r, "locus"), *regions = table_get(t, r, "regions");
        bool used = false;
        for (size_t k = 0; k < m->n_kits; k++)
            used = used || strcmp(m->kits[k].locus, locus) == 0;
        for (const char *p = regions; used && *p != '\0';) {
            size_t name = strcspn(p, "="), item = strcspn(p, "|");
            if (name + 2 != item || p[name + 1] < '0' || p[name + 1] > '9' ||
                !has_region(m, locus, p, name))
                return bad(t, r, "mlpa.pattern", why);
            p += item + (p[item] == '|');
        }
        if (regions[0] == '\0') return bad(t, r, "mlpa.pattern", why);
    }
    return OK;
}

Status mlpa_prepare(const void **out, const Reference *reference, Arena *arena, Note *why)
{
    const Table *kits = reference_table(reference, "mlpa/kits");
    const Table *probes = reference_table(reference, "mlpa/probes");
    MlpaModel *m = arena_alloc(arena, sizeof *m);
    *out = NULL;
    *m = (MlpaModel){.kit_table = kits,
                     .bands = reference_table(reference, "mlpa/bands"),
                     .patterns = reference_table(reference, "mlpa/patterns")};
    if (kits == NULL || probes == NULL || m->bands == NULL || m->patterns == NULL) return OK;
    m->kits = arena_alloc(arena, (kits->n_rows + 1) * sizeof *m->kits);
    Status s = check_bands(m->bands, why);
    for (size_t r = 0; r < kits->n_rows && s == OK; r++) {
        MlpaKit *kit = &m->kits[m->n_kits++];
        Markers markers = {.n = 0};
        Note none;
        if (!read_limits(kit, kits, r)) return bad(kits, r, "mlpa.kit", why);
        if (markers_find(&markers, reference, kit->code, arena, &none) == BAD_INPUT) {
            *why = none;
            return BAD_INPUT;
        }
        s = read_probes(kit, probes, &markers, arena, why);
        if (s == OK && !complete(kit)) return bad(kits, r, "mlpa.kit", why);
    }
    if (s == OK) s = check_patterns(m, why);
    if (s == OK) *out = m;
    return s;
}
