/* Why: the commonest inherited cause of intellectual disability is invisible to a variant file. Method: products in the kit's window, stutter
 * left out; sizes of the run's control alleles (known repeats) give the line size = offset + slope x repeats by least
 * squares. The slope is fitted, because CGG-rich DNA runs faster than its length and the standard says 3 bp where the capillary shows less.
 * Categories are rows: ACMG technical standard, 2021 revision (doi 10.1038/s41436-021-01115-y). A quoted size is uncertain by a share
 * of itself (doi 10.1038/ejhg.2014.185); when that reaches into the next category, the reading says so.
 *
 * Refuses: a run without enough control alleles, controls that do not lie on a line, a blank with a product, sizes beyond the longest control.
 * Size alone proves no full mutation, and a single peak in a woman proves nothing: a long allele may not have been amplified. */
#include "fmr1.h"

#include <math.h>
#include <string.h>

/* ---- tables ---- */

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

static bool read_kit(Fmr1Kit *k, const Table *t, size_t row)
{
    double dye, alleles;
    const char *blank = table_get(t, row, "blank");
    *k = (Fmr1Kit){.code = table_cell(t, row, 0), .example = t->examples[row]};
    if (!number(t, row, "dye", 1, DYES, &dye) || !number(t, row, "low", 1, 5000, &k->low) ||
        !number(t, row, "high", k->low, 5000, &k->high) ||
        !number(t, row, "least_share", 0.01, 1, &k->least_share) ||
        !number(t, row, "stutter", 0, 100, &k->stutter) ||
        !number(t, row, "stutter_most", 0, 1, &k->stutter_most) ||
        !number(t, row, "control_alleles", 3, 50, &alleles) ||
        !number(t, row, "residual", 0.01, 10, &k->residual))
        return false;
    k->dye = (int)dye;
    k->control_alleles = (int)alleles;
    k->blank = strcmp(blank, "yes") == 0;
    return k->blank || strcmp(blank, "no") == 0;
}

/* Repeats of a control, "20|31"; -1 = malformed. */
static int known_repeats(double out[FMR1_MOST_ALLELES], const char *cell)
{
    int n = 0;
    for (const char *p = cell; *p != '\0'; n++) {
        double value = 0;
        if (n == FMR1_MOST_ALLELES || *p < '1' || *p > '9') return -1;
        for (; *p >= '0' && *p <= '9' && value < 1e4; p++)
            value = value * 10 + (*p - '0');
        if (*p != '|' && *p != '\0') return -1;
        p += *p == '|';
        out[n] = value;
        if (n > 0 && out[n] <= out[n - 1]) return -1;
    }
    return n > 0 ? n : -1;
}

static Status check_controls(const Table *t, Note *why)
{
    double repeats[FMR1_MOST_ALLELES];
    for (size_t r = 0; r < t->n_rows; r++)
        if (known_repeats(repeats, table_get(t, r, "repeats")) < 0)
            return bad(t, r, "fmr1.control", why);
    return OK;
}

/* From 0 on, each category begins one repeat behind the one before; the last has no end. */
static Status check_categories(const Table *t, Note *why)
{
    double next = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        double low, high;
        bool last = r + 1 == t->n_rows;
        if (!number(t, r, "low", 0, 1e4, &low) || low != next ||
            (last ? table_get(t, r, "high")[0] != '\0' : !number(t, r, "high", low, 1e4, &high)))
            return bad(t, r, "fmr1.category", why);
        next = last ? 0 : high + 1;
    }
    return OK;
}

static Status read_limits(Fmr1Model *m, Note *why)
{
    long row = table_find(m->limits, "tolerance");
    if (row < 0 || !number(m->limits, (size_t)row, "value", 0.001, 0.5, &m->tolerance))
        return note_fail(why, BAD_INPUT, "fmr1.limit", (Place){.file = m->limits->info.path}, NULL);
    return OK;
}

Status fmr1_prepare(const void **out, const Reference *reference, Arena *arena, Note *why)
{
    Fmr1Model *m = arena_alloc(arena, sizeof *m);
    *out = NULL;
    *m = (Fmr1Model){.kit_table = reference_table(reference, "fmr1/kits"),
                     .controls = reference_table(reference, "fmr1/controls"),
                     .categories = reference_table(reference, "fmr1/categories"),
                     .limits = reference_table(reference, "fmr1/limits")};
    if (m->kit_table == NULL || m->controls == NULL || m->categories == NULL || m->limits == NULL)
        return OK;
    m->kits = arena_alloc(arena, (m->kit_table->n_rows + 1) * sizeof *m->kits);
    for (size_t r = 0; r < m->kit_table->n_rows; r++)
        if (!read_kit(&m->kits[m->n_kits++], m->kit_table, r))
            return bad(m->kit_table, r, "fmr1.kit", why);
    Status s = check_controls(m->controls, why);
    if (s == OK) s = check_categories(m->categories, why);
    if (s == OK) s = read_limits(m, why);
    if (s == OK) *out = m;
    return s;
}

/* ---- products ---- */

typedef struct Products {
    double sizes[FMR1_MOST_ALLELES];
    size_t n;
    bool doubtful;
} Products;

static bool in_window(const Fmr1Kit *kit, const TracePeak *p)
{
    return p->size >= kit->low && p->size <= kit->high;
}

static bool is_stutter(const Fmr1Kit *kit, const TraceDye *dye, const TracePeak *p)
{
    for (size_t i = 0; i < dye->n; i++) {
        const TracePeak *of = &dye->peaks[i];
        if (of->size > p->size && of->size - p->size <= kit->stutter &&
            p->height < kit->stutter_most * of->height)
            return true;
    }
    return false;
}

static Products products_of(const Fmr1Kit *kit, const Trace *t)
{
    const TraceDye *dye = &t->dye[kit->dye - 1];
    Products out = {.n = 0};
    double top = 0;
    for (size_t i = 0; i < dye->n; i++)
        if (in_window(kit, &dye->peaks[i])) top = fmax(top, dye->peaks[i].height);
    for (size_t i = 0; i < dye->n; i++) {
        const TracePeak *p = &dye->peaks[i];
        if (!in_window(kit, p) || p->height < kit->least_share * top || is_stutter(kit, dye, p))
            continue;
        if (out.n == FMR1_MOST_ALLELES) {
            out.doubtful = true;
            break;
        }
        out.doubtful =
            out.doubtful || (p->marks & (PEAK_OFF_SCALE | PEAK_PULL_UP | PEAK_SHAPE)) != 0;
        out.sizes[out.n++] = p->size;
    }
    return out;
}

/* ---- calibration ---- */

typedef struct Points {
    double x[FMR1_MOST_ALLELES * FMR1_MOST_ALLELES], y[FMR1_MOST_ALLELES * FMR1_MOST_ALLELES];
    size_t n; /* repeats, bp */
} Points;

static void fit(Fmr1Reading *r, const Points *p)
{
    double x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < p->n; i++) {
        x += p->x[i] / (double)p->n;
        y += p->y[i] / (double)p->n;
    }
    for (size_t i = 0; i < p->n; i++) {
        xx += (p->x[i] - x) * (p->x[i] - x);
        xy += (p->x[i] - x) * (p->y[i] - y);
    }
    r->slope = xx > 0 ? xy / xx : 0;
    r->offset = y - r->slope * x;
    r->shortest = r->longest = p->n > 0 ? p->x[0] : 0;
    for (size_t i = 0; i < p->n; i++) {
        double e = r->slope > 0 ? fabs((p->y[i] - r->offset) / r->slope - p->x[i]) : INFINITY;
        r->residual = fmax(r->residual, e);
        r->shortest = fmin(r->shortest, p->x[i]);
        r->longest = fmax(r->longest, p->x[i]);
    }
}

/* A control whose products are not as many as its alleles is not understood: the run is not calibrated. */
static const char *add_control(Points *points, const Fmr1Model *m, const Fmr1Kit *kit,
                               const Trace *t)
{
    double repeats[FMR1_MOST_ALLELES];
    Products found = products_of(kit, t);
    for (size_t r = 0; r < m->controls->n_rows; r++) {
        if (strcmp(table_get(m->controls, r, "kit"), kit->code) != 0 ||
            strcmp(table_get(m->controls, r, "material"), t->material) != 0)
            continue;
        int n = known_repeats(repeats, table_get(m->controls, r, "repeats"));
        if (n < 0 || (size_t)n != found.n || found.doubtful) return "fmr1_control";
        for (int i = 0; i < n && points->n < sizeof points->x / sizeof *points->x; i++) {
            points->x[points->n] = repeats[i];
            points->y[points->n++] = found.sizes[i];
        }
        return NULL;
    }
    return "fmr1_control";
}

static bool of_run(const Trace *t, const Trace *own)
{
    return strcmp(t->kit, own->kit) == 0 && strcmp(t->run, own->run) == 0;
}

static const char *calibrate(Fmr1Reading *r, const Fmr1Model *m, const Evidence *e,
                             const Trace *own)
{
    Points points = {.n = 0};
    bool blank = false;
    for (size_t i = 0; i < e->n_traces; i++) {
        const Trace *t = &e->traces[i];
        if (!of_run(t, own) || (t->role != TRACE_CONTROL && t->role != TRACE_BLANK)) continue;
        if (t->fault[0] != '\0') return t->role == TRACE_BLANK ? "fmr1_blank" : "fmr1_control";
        if (t->role == TRACE_BLANK && products_of(r->kit, t).n > 0) return "fmr1_blank";
        blank = blank || t->role == TRACE_BLANK;
        const char *fault = t->role == TRACE_CONTROL ? add_control(&points, m, r->kit, t) : NULL;
        if (fault != NULL) return fault;
    }
    if (r->kit->blank && !blank) return "fmr1_blank";
    if (points.n < (size_t)r->kit->control_alleles) return "fmr1_few_controls";
    fit(r, &points);
    return r->slope > 0 && r->residual <= r->kit->residual ? NULL : "fmr1_calibration";
}

/* ---- alleles ---- */

static long category_of(const Table *t, double repeats)
{
    long found = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        double low;
        if (table_number(t, r, table_column(t, "low"), &low) && low <= repeats) found = (long)r;
    }
    return found;
}

static Fmr1Allele allele_of(const Fmr1Reading *r, const Fmr1Model *m, double size)
{
    Fmr1Allele a = {.size = size, .repeats = round((size - r->offset) / r->slope)};
    a.beyond = a.repeats > round(r->longest * (1 + m->tolerance));
    if (a.beyond) a.repeats = r->longest;
    a.low = floor(a.repeats * (1 - m->tolerance) + 0.5);
    a.high = floor(a.repeats * (1 + m->tolerance) + 0.5);
    a.category = category_of(m->categories, a.repeats);
    a.near = category_of(m->categories, a.low) != a.category ||
             category_of(m->categories, a.high) != a.category;
    return a;
}

static const Fmr1Kit *find_kit(const Fmr1Model *m, const char *code)
{
    for (size_t i = 0; i < m->n_kits; i++)
        if (strcmp(m->kits[i].code, code) == 0) return &m->kits[i];
    return NULL;
}

void fmr1_read(Fmr1Reading *out, const Fmr1Model *model, const Evidence *evidence, const Trace *own)
{
    *out = (Fmr1Reading){.kit = find_kit(model, own->kit)};
    out->fault = out->kit == NULL ? "fmr1_kit_unknown" : calibrate(out, model, evidence, own);
    if (out->fault != NULL) return;
    Products found = products_of(out->kit, own);
    out->doubtful = found.doubtful;
    for (size_t i = 0; i < found.n; i++)
        out->alleles[out->n_alleles++] = allele_of(out, model, found.sizes[i]);
}
