/* Medians, spreads and shares by month, run, week of gestation and weight. A reader looks for two things: what is out of its limits now, and
 * whether it has been going there; so each table stands in order of item and time, and every figure with a history of two or more groups is also
 * drawn. Figures of too few results are not told: they would be read all the same. */
#include "qc_drift.h"

#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TICKS = 12 };

static Tone drift_tone(DriftState state)
{
    static const Tone tones[] = {[DRIFT_TOO_FEW] = TONE_MUTED,
                                 [DRIFT_GOOD] = TONE_GOOD,
                                 [DRIFT_WARNING] = TONE_CHECK,
                                 [DRIFT_ALARM] = TONE_ALERT,
                                 [DRIFT_TOLD] = TONE_PLAIN};
    return tones[state];
}

/* As many digits as show on which side of its limits the figure lies: 0.9498 under a limit of 0.95 must not read 0.950. */
static const char *measured_text(const Page *page, const DriftFigure *f)
{
    enum { FEWEST = 3, MOST = 6 };
    for (int digits = FEWEST;; digits++) {
        const char *text = arena_print(page->arena, "%.*f", digits, f->value);
        const double shown = strtod(text, NULL);
        const bool same_side =
            (shown < f->low) == (f->value < f->low) && (shown > f->high) == (f->value > f->high);
        if (same_side || digits == MOST) return text;
    }
}

static const char *figure_text(const Page *page, const DriftFigure *f)
{
    if (isnan(f->value)) return "\xE2\x80\x93";
    if (!drift_is_share(f->kind)) return measured_text(page, f);
    return arena_print(page->arena, "%.1f %% (%zu/%zu)", 100 * f->value, f->positive, f->n);
}

static const char *limit_text(const Page *page, const DriftFigure *f)
{
    const bool none =
        drift_is_share(f->kind) ? isnan(f->expected) : isnan(f->low) && isnan(f->high);
    if (none) return "";
    if (!drift_is_share(f->kind))
        return arena_print(page->arena, "%.3g\xE2\x80\x93%.3g", f->low, f->high);
    if (isnan(f->value)) return arena_print(page->arena, "\xE2\x89\xA4 %g %%", 100 * f->expected);
    return arena_print(page->arena, "\xE2\x89\xA4 %g %%; 95 %%: %.1f\xE2\x80\x93%.1f %%",
                       100 * f->expected, 100 * f->low, 100 * f->high);
}

/* What is measured of what: "MoM of AFP (median)". */
static const char *name_of(const Page *page, const DriftFigure *f)
{
    const Finding named = {.code = f->code, .item = f->item};
    return arena_print(page->arena, "%s \xC2\xB7 %s", page_finding(page, &named, true),
                       page_coded(page, "qc.figure", drift_figure_code(f->kind)));
}

/* ---- tables ---- */

/* The sections of the page, in order: which figures each holds. */
typedef struct Chapter {
    const char *id, *title, *rule, *group; /* wording keys */
    bool (*holds)(const DriftFigure *f);
} Chapter;

static bool is_monthly(const DriftFigure *f)
{
    /* Weeks are drawn, and stand in qc.tsv: here only those that somebody must look at. */
    if (f->by.kind == BY_WEEK) return f->state == DRIFT_WARNING || f->state == DRIFT_ALARM;
    return f->by.kind == BY_MONTH && !drift_is_share(f->kind);
}

static bool is_subgroup(const DriftFigure *f)
{
    return f->by.kind == BY_FINDING || f->by.kind == BY_FACT;
}

static bool is_share(const DriftFigure *f)
{
    return f->by.kind == BY_MONTH && drift_is_share(f->kind);
}

static bool is_run(const DriftFigure *f)
{
    return f->by.kind == BY_RUN;
}

static const Chapter chapters[] = {
    {"qc-medians", "label.qc_medians", "qc.medians_rule", "label.month_week", is_monthly},
    {"qc-groups", "label.qc_groups", "qc.groups_rule", "label.group", is_subgroup},
    {"qc-rates", "label.qc_rates", "qc.rates_rule", "label.month", is_share},
    {"qc-sequencing", "label.qc_by_run", "qc.by_run_rule", "label.run", is_run}};

enum { CHAPTERS = sizeof chapters / sizeof *chapters };

static const char *group_text(const Page *page, const DriftFigure *f)
{
    if (!is_subgroup(f)) return f->group;
    const char *word = page_coded(page, "qc.by", f->by.code);
    return arena_print(page->arena, "%s %s", word, f->group);
}

static void chapter(Page *page, const QcView *view, const Chapter *chapter)
{
    const char *const heads[] = {"label.item", "label.qc_state", chapter->group,
                                 "label.n",    "label.figure",   "label.qc_limits",
                                 NULL};
    Section *s = page_section(page, chapter->id, page_word(page, chapter->title));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < view->n_figures; i++) {
        const DriftFigure *f = &view->figures[i];
        if (!chapter->holds(f)) continue;
        Row *row = block_row(page, table, drift_tone(f->state));
        row->cells[0] = name_of(page, f);
        row->cells[1] = page_coded(page, "qc.drift", drift_state_code(f->state));
        row->cells[2] = group_text(page, f);
        row->cells[3] = arena_print(page->arena, "%zu", f->n);
        row->cells[4] = figure_text(page, f);
        row->cells[5] = limit_text(page, f);
    }
    if (table->n_rows == 0) s->n_blocks--;
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, chapter->rule));
}

void qc_drift_sections(Page *page, const QcView *view)
{
    for (size_t i = 0; i < CHAPTERS; i++)
        chapter(page, view, &chapters[i]);
}

/* ---- charts ---- */

typedef struct Range {
    double low, high;
} Range;

static void widen(Range *r, double value)
{
    if (!isfinite(value)) return;
    if (value < r->low) r->low = value;
    if (value > r->high) r->high = value;
}

/* The figures' own, the limits' and a tenth of room on both sides. */
static Range range_of(const DriftFigure *f, size_t n)
{
    Range r = {HUGE_VAL, -HUGE_VAL};
    for (size_t i = 0; i < n; i++) {
        widen(&r, f[i].value);
        widen(&r, drift_is_share(f[i].kind) ? 0 : f[i].low);
        widen(&r, drift_is_share(f[i].kind) ? f[i].expected : f[i].high);
    }
    double room = r.high > r.low ? (r.high - r.low) / 10 : 1;
    return (Range){drift_is_share(f->kind) ? 0 : r.low - room, r.high + room};
}

static void ticks(Figure *out, const DriftFigure *f, size_t n, Range r, Arena *arena)
{
    const size_t every = (n + MOST_TICKS - 1) / MOST_TICKS;
    out->x_ticks = arena_alloc(arena, (n + 1) * sizeof *out->x_ticks);
    out->y_ticks = arena_alloc(arena, 3 * sizeof *out->y_ticks);
    for (size_t i = 0; i < n; i += every)
        out->x_ticks[out->n_x++] = (FigureTick){
            (double)i, f->by.kind == BY_RUN ? arena_print(arena, "%zu", i + 1) : f[i].group};
    for (size_t i = 0; i < 3; i++) {
        double at = r.low + (r.high - r.low) * (double)i / 2;
        out->y_ticks[out->n_y++] = (FigureTick){at, arena_print(arena, "%.3g", at)};
    }
}

static void guides(Figure *out, const DriftFigure *f, Arena *arena)
{
    const double lines[] = {drift_is_share(f->kind) ? NAN : f->low,
                            drift_is_share(f->kind) ? f->expected : f->high};
    out->guides = arena_alloc(arena, sizeof lines);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (isfinite(lines[i])) out->guides[out->n_guides++] = lines[i];
}

static void chart(Markup *m, const Page *page, const DriftFigure *f, size_t n)
{
    Arena *a = page->arena;
    const Range r = range_of(f, n);
    Figure figure = {.title = "drift",
                     .sample = name_of(page, f),
                     .x_low = -0.5,
                     .x_high = (double)n - 0.5,
                     .y_low = r.low,
                     .y_high = r.high};
    ticks(&figure, f, n, r, a);
    guides(&figure, f, a);
    figure.points = arena_alloc(a, n * sizeof *figure.points);
    for (size_t i = 0; i < n; i++) {
        bool out_of_limits = f[i].state == DRIFT_WARNING || f[i].state == DRIFT_ALARM;
        if (isfinite(f[i].value))
            figure.points[figure.n_points++] =
                (FigurePoint){(double)i, f[i].value, out_of_limits ? MARK_STRONG : MARK_DOT};
    }
    html_figure(m, page, &figure);
}

static bool same_series(const DriftFigure *a, const DriftFigure *b)
{
    return a->row == b->row && strcmp(a->item, b->item) == 0;
}

void qc_drift_charts(Markup *m, const Page *page, const QcView *view)
{
    bool open = false;
    for (size_t i = 0, end; i < view->n_figures; i = end) {
        size_t told = 0;
        for (end = i; end < view->n_figures && same_series(&view->figures[i], &view->figures[end]);
             end++)
            told += isfinite(view->figures[end].value) ? 1 : 0;
        if (told < 2) continue;
        if (!open) {
            markup_open(m, "section");
            markup_attr(m, "id", "qc-history");
            markup_leaf(m, "h2", NULL, page_word(page, "label.qc_history"));
            markup_leaf(m, "p", NULL, page_word(page, "qc.history_rule"));
        }
        open = true;
        chart(m, page, &view->figures[i], end - i);
    }
    if (open) markup_close(m);
}
