/* fmr1 - CGG repeats of FMR1 of an adult or a newborn, sized from a PCR product.
 *
 * Why: a premutation in a woman is a risk for every pregnancy. Method: lab/fmr1.h. The longest allele decides; a size whose tolerance reaches
 * into another category is told so; one peak where two X chromosomes can be is never normal: the second allele may be equal, or so
 * long that it was not amplified, and only a repeat-primed PCR can tell.
 *
 * Refuses: fetal material, always and in the same words, and without its files having been opened: one allele or two would tell the sex. */
#include "../fmr1.h"

#include "../trace_draw.h"

#include "assay.h"

#include <math.h>
#include <string.h>

static const char ITEM[] = "FMR1";

typedef struct Desk {
    const Sample *sample;
    const Fmr1Model *model;
    Arena *arena;
    Findings *out;
} Desk;

static void add(const Desk *d, Finding f, const Table *table, const char *row)
{
    f.table = table->info.name;
    f.version = table->info.version;
    f.row = row;
    finding_add(d->out, f);
}

static void tell(const Desk *d, const Fmr1Kit *kit, Answer answer, const char *detail)
{
    Finding f = finding_about(d->sample, "fmr1.result", ITEM, answer, detail);
    f.example = kit != NULL && kit->example;
    add(d, f, d->model->kit_table, kit == NULL ? "" : kit->code);
}

static Answer category_answer(const Desk *d, long row)
{
    return finding_answer(table_get(d->model->categories, (size_t)row, "answer"));
}

static void tell_allele(const Desk *d, const Fmr1Reading *r, const Fmr1Allele *a)
{
    Finding f = finding_about(d->sample, "fmr1.allele", "", ANSWER_MEASURED, "fmr1_sized");
    f.item = a->beyond ? arena_print(d->arena, "CGG > %.0f", a->repeats)
                       : arena_print(d->arena, "CGG %.0f-%.0f", a->low, a->high);
    if (a->beyond) f.detail = "fmr1_beyond";
    f.has_value = !a->beyond;
    f.value = a->repeats;
    f.unit = "1";
    f.example = r->kit->example;
    add(d, f, d->model->limits, "tolerance");
}

/* Whether the tolerance leaves the answer open: a category on its way is no finding. */
static bool open_boundary(const Desk *d, const Fmr1Allele *a)
{
    const Table *t = d->model->categories;
    for (size_t r = 0; a->near && r < t->n_rows; r++) {
        double low, high;
        bool reached = table_number(t, r, table_column(t, "low"), &low) && low <= a->high &&
                       (!table_number(t, r, table_column(t, "high"), &high) || high >= a->low);
        if (reached && category_answer(d, (long)r) != category_answer(d, a->category)) return true;
    }
    return false;
}

/* Peaks that this person can have: a partner has one X chromosome, a woman two; of a newborn nobody says. */
static size_t most_alleles(const Sample *s)
{
    return s->subject == SUBJECT_PARTNER ? 1 : 2;
}

static void tell_longest(const Desk *d, const Fmr1Reading *r, const Fmr1Allele *a)
{
    const Table *t = d->model->categories;
    Answer answer = category_answer(d, a->category);
    const char *detail = table_get(t, (size_t)a->category, "detail");
    if (a->beyond) {
        answer = answer == ANSWER_POSITIVE ? ANSWER_POSITIVE : ANSWER_POSSIBLE;
        detail = "fmr1_beyond";
    } else if (open_boundary(d, a)) {
        answer = ANSWER_POSSIBLE;
        detail = "fmr1_near";
    } else if (answer == ANSWER_NEGATIVE && r->n_alleles == 1 &&
               d->sample->subject != SUBJECT_PARTNER) {
        answer = ANSWER_NOT_ASSESSED;
        detail = "fmr1_one_peak";
    }
    Finding f = finding_about(d->sample, "fmr1.result", ITEM, answer, detail);
    f.example = r->kit->example;
    add(d, f, t, table_cell(t, (size_t)a->category, 0));
    if (a->near && answer == ANSWER_POSITIVE && !a->beyond)
        add(d, finding_about(d->sample, "fmr1.boundary", ITEM, ANSWER_POSSIBLE, "fmr1_near"), t,
            "");
}

static void judge_trace(const Desk *d, const Trace *own)
{
    Fmr1Reading r;
    fmr1_read(&r, d->model, &d->sample->evidence, own);
    if (r.fault != NULL) {
        tell(d, r.kit, r.kit == NULL ? ANSWER_REFUSED : ANSWER_INVALID, r.fault);
        return;
    }
    for (size_t i = 0; i < r.n_alleles && !r.doubtful; i++)
        tell_allele(d, &r, &r.alleles[i]);
    if (r.doubtful)
        tell(d, r.kit, ANSWER_INVALID, "fmr1_doubtful");
    else if (r.n_alleles == 0)
        tell(d, r.kit, ANSWER_NOT_ASSESSED, "fmr1_no_product");
    else if (r.n_alleles > most_alleles(d->sample))
        tell(d, r.kit, ANSWER_POSSIBLE, "fmr1_too_many");
    else
        tell_longest(d, &r, &r.alleles[r.n_alleles - 1]);
    Finding f = finding_about(d->sample, "fmr1.calibration", ITEM, ANSWER_MEASURED, "");
    f.has_value = true;
    f.value = round(r.residual * 100) / 100;
    f.unit = "1";
    f.example = r.kit->example;
    add(d, f, d->model->controls, "");
}

static void judge_sample(const Desk *d)
{
    const Evidence *e = &d->sample->evidence;
    size_t own = 0;
    if (d->sample->fetal) {
        finding_add(d->out, finding_about(d->sample, "fmr1.result", ITEM, ANSWER_NOT_ASSESSED,
                                          "fetal_xlinked"));
        return;
    }
    for (size_t i = 0; e->status == OK && i < e->n_traces; i++) {
        if (e->traces[i].role != TRACE_SAMPLE) continue;
        judge_trace(d, &e->traces[i]);
        own++;
    }
    if (e->status != OK)
        tell(d, NULL, ANSWER_REFUSED, "evidence_unusable");
    else if (own == 0)
        tell(d, NULL, ANSWER_MISSING, "fmr1_no_trace");
    finding_add(d->out,
                finding_about(d->sample, "fmr1.scope", "", ANSWER_NOT_ASSESSED, "fmr1_scope"));
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    const Fmr1Model *model = reference_model(reference, "fmr1");
    if (model == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = "fmr1/kits"}, NULL);
    for (size_t i = 0; i < c->n_samples; i++)
        if (strcmp(c->samples[i].assay, "fmr1") == 0)
            judge_sample(&(Desk){&c->samples[i], model, arena, out});
    return OK;
}

/* The picture's window is the kit's; what lies beside it is primers and nothing. */
static void cut(Figure *f, const Fmr1Kit *kit)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->n_x; i++)
        if (f->x_ticks[i].at >= kit->low && f->x_ticks[i].at <= kit->high)
            f->x_ticks[kept++] = f->x_ticks[i];
    f->n_x = kept;
    for (size_t i = 0; i < f->n_curves; i++) {
        FigureCurve *c = &f->curves[i];
        while (c->n > 0 && c->x0 < kit->low) {
            c->y++;
            c->n--;
            c->x0 += c->step;
        }
        while (c->n > 0 && c->x0 + c->step * (double)(c->n - 1) > kit->high)
            c->n--;
    }
    f->x_low = fmax(f->x_low, kit->low);
    f->x_high = fmin(f->x_high, kit->high);
}

static void draw_trace(Figures *out, const Fmr1Model *model, const Sample *s, const Trace *own,
                       Arena *arena)
{
    static const Markers none = {.n = 0};
    Fmr1Reading r;
    fmr1_read(&r, model, &s->evidence, own);
    if (r.fault != NULL) return;
    Figure *f = trace_draw_dye(out, "fmr1_trace", s->id, own, r.kit->dye, &none);
    if (f == NULL) return;
    cut(f, r.kit);
    f->n_names = f->n_points = 0;
    f->walls = arena_alloc(arena, (r.n_alleles + 1) * sizeof *f->walls);
    f->names = arena_alloc(arena, (r.n_alleles + 1) * sizeof *f->names);
    for (size_t i = 0; i < r.n_alleles; i++) {
        const Fmr1Allele *a = &r.alleles[i];
        f->walls[f->n_walls++] = a->size;
        f->names[f->n_names++] =
            (FigureTick){a->size, arena_print(arena, "%.1f bp = %s%.0f", a->size,
                                              a->beyond ? "> " : "", a->repeats)};
    }
}

/* Never of a fetus: nothing of its files was read. */
static void draw(Figures *out, const Case *c, const Reference *reference, Arena *arena)
{
    const Fmr1Model *model = reference_model(reference, "fmr1");
    for (size_t i = 0; model != NULL && i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        const Evidence *e = &s->evidence;
        if (strcmp(s->assay, "fmr1") != 0 || s->fetal || e->status != OK) continue;
        for (size_t t = 0; t < e->n_traces; t++)
            if (e->traces[t].role == TRACE_SAMPLE) draw_trace(out, model, s, &e->traces[t], arena);
    }
}

static const char *const no_facts[] = {NULL};
static const char *const tables[] = {"fmr1/kits", "fmr1/controls", "fmr1/categories", "fmr1/limits",
                                     NULL};

const Assay assay_fmr1 = {
    .code = "fmr1",
    .takes_traces = true,
    .never_fetal = true,
    .facts = no_facts,
    .tables = tables,
    .prepare = fmr1_prepare,
    .interpret = interpret,
    .draw = draw,
};
