/* A Levey-Jennings chart: z of one control material, run by run (S. Levey, E. R. Jennings, Am J Clin Pathol 20 (1950) 1059).
 *
 * It draws the numbers that the rules used and has no sums of its own. Lines at the mean, 1, 2 and 3 s differ in dash and weight, states
 * in shape, so that it reads without colour. A day without a run leaves a gap; a new lot gets a line and is never joined to the old one; what
 * lies beyond 5 s is clipped with an arrow, never rescaled; a control without a usable value stands as a question mark at the foot; a frame
 * tells that cause and action of the run were recorded, and they stand in the text that appears over it. */
#include "qc_chart.h"

#include "shapes.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 700, LEFT = 46, RIGHT = 14, TOP = 16, PLOT = 150, FOOT = 22, CLIP = 5 };

typedef struct Chart {
    Markup *m;
    const Page *page;
    const QcView *view;
    const QcSeries *series;
    const char *material;
    size_t first_run;
    double step; /* between two slots */
} Chart;

typedef struct Spot {
    double x, y;
    const QcPoint *point;
    const QcRun *run;
} Spot;

static double y_of(double z)
{
    double clipped = z > CLIP ? CLIP : z < -CLIP ? -CLIP : z;
    return TOP + PLOT / 2.0 - clipped * PLOT / (2.0 * CLIP + 1);
}

static void limits(const Chart *c)
{
    static const struct {
        int z;
        const char *style, *label;
    } lines[] = {{0, "stroke:#1c2733;stroke-width:1.2", "x\xCC\x84"},
                 {1, "stroke:#c4ccd4;stroke-width:.7", "1s"},
                 {2, "stroke:#9a5b00;stroke-width:.9;stroke-dasharray:6 3", "2s"},
                 {3, "stroke:#a61b1b;stroke-width:1.1;stroke-dasharray:2 2", "3s"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (int sign = -1; sign <= (lines[i].z == 0 ? -1 : 1); sign += 2) {
            double y = y_of(sign * lines[i].z);
            shape_line(c->m, LEFT, y, WIDTH - RIGHT, y, lines[i].style);
            const char *label = lines[i].z == 0
                                    ? lines[i].label
                                    : arena_print(c->page->arena, "%s%s",
                                                  sign > 0 ? "+" : "\xE2\x88\x92", lines[i].label);
            shape_text(c->m, LEFT - 6, y + 3.5, "text-anchor:end;font-size:10px;fill:#5a6775",
                       label);
        }
}

/* Slots of the runs: the next one, and one more when a day lies between. */
static size_t slots(const Chart *c, size_t *of_run)
{
    const QcSeries *s = c->series;
    size_t slot = 0;
    for (size_t r = c->first_run; r < s->n_runs; r++) {
        if (r > c->first_run) {
            Date day = date_of(s->runs[r].time, c->page->stamp->offset_minutes);
            Date before = date_of(s->runs[r - 1].time, c->page->stamp->offset_minutes);
            slot += day > before + 1 ? 2 : 1;
        }
        of_run[r] = slot;
    }
    return slot;
}

static const char *hover(const Chart *c, const Spot *s)
{
    Arena *a = c->page->arena;
    const Control *k = s->point->control;
    const char *fired = qc_fired(s->run->verdict.fired, a);
    const char *value = isfinite(k->value)
                            ? arena_print(a, "%g %s (z %+.2f)", k->value, k->unit, s->point->z)
                            : "?";
    const char *done = qc_action_text(c->page, c->view, k->analyte, s->run->name);
    return arena_print(a, "%s · %s · %s · %s %s · %s%s%s%s%s", page_time(c->page, k->time),
                       s->run->name, value, page_word(c->page, "label.lot"), k->lot,
                       page_coded(c->page, "qc.state", qc_state_code(s->run->verdict.state)),
                       *fired ? " " : "", fired, *done ? " · " : "", done);
}

static void path(const Chart *c, double x, double y, const char *d, const char *style,
                 const char *title)
{
    markup_open(c->m, "path");
    markup_attr(c->m, "transform", arena_print(c->page->arena, "translate(%.1f %.1f)", x, y));
    markup_attr(c->m, "d", d);
    markup_attr(c->m, "style", style);
    if (title != NULL) markup_leaf(c->m, "title", NULL, title);
    markup_close(c->m);
}

static const char *const styles[] = {[QC_NONE] = "fill:#fff;stroke:#5b4a9c;stroke-width:1.4",
                                     [QC_ACCEPTED] = "fill:#0b5c7a",
                                     [QC_WARNING] = "fill:#9a5b00",
                                     [QC_REJECTED] = "fill:none;stroke:#a61b1b;stroke-width:2"};
static const char *const shapes[] = {[QC_NONE] = "M-3.2-3.2h6.4v6.4h-6.4z",
                                     [QC_ACCEPTED] = "M-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0z",
                                     [QC_WARNING] = "M0-4.4l4.2 7.4h-8.4z",
                                     [QC_REJECTED] = "M-3.6-3.6l7.2 7.2m0-7.2l-7.2 7.2"};

/* Shape by the state of the run: dot, triangle, cross, hollow square; an arrow beyond the clip. */
static void mark(const Chart *c, const Spot *s)
{
    static const char arrow[] = "fill:none;stroke:#a61b1b;stroke-width:1.6";
    QcState state = s->run->verdict.state;
    double z = s->point->z;
    if (isnan(z))
        shape_text(c->m, s->x, TOP + PLOT - 2, "text-anchor:middle;font-weight:700;fill:#5b4a9c",
                   "?");
    path(c, s->x, s->y, shapes[state], styles[state], hover(c, s));
    if (*qc_action_text(c->page, c->view, s->point->control->analyte, s->run->name) != '\0')
        path(c, s->x, s->y, "M-6-6h12v12h-12z", "fill:none;stroke:#1c2733;stroke-width:.9", NULL);
    if (z > CLIP)
        path(c, s->x, s->y, "M0-5v-9m-3.5 4l3.5-4l3.5 4", arrow, NULL);
    else if (z < -CLIP)
        path(c, s->x, s->y, "M0 5v9m-3.5-4l3.5 4l3.5-4", arrow, NULL);
}

/* The limits in force from this point on. */
static void lot_label(const Chart *c, const Spot *s, bool change)
{
    const QcPoint *p = s->point;
    const char *limits_text = isfinite(p->mean) ? arena_print(c->page->arena, "%g ± %g %s", p->mean,
                                                              p->sd, p->control->unit)
                                                : "?";
    double x = s->x - c->step / 2;
    if (change)
        shape_line(c->m, x, TOP - 4, x, TOP + PLOT,
                   "stroke:#5a6775;stroke-width:1;stroke-dasharray:1 2");
    shape_text(c->m, x + 3, TOP - 5, "font-size:10px;fill:#5a6775",
               arena_print(c->page->arena, "%s %s: %s", page_word(c->page, "label.lot"),
                           p->control->lot, limits_text));
}

static void date_label(const Chart *c, double x, const QcRun *run)
{
    char day[DATE_TEXT];
    date_print(day, date_of(run->time, c->page->stamp->offset_minutes));
    shape_line(c->m, x, TOP + PLOT, x, TOP + PLOT + 3, "stroke:#8593a1;stroke-width:.8");
    shape_text(c->m, x, TOP + PLOT + 14, "text-anchor:middle;font-size:10px;fill:#5a6775", day + 5);
}

static bool joined(const Spot *a, const Spot *b)
{
    return a->point != NULL && !isnan(a->point->z) && !isnan(b->point->z) &&
           strcmp(a->point->control->lot, b->point->control->lot) == 0;
}

static void points(const Chart *c, const size_t *slot_of_run)
{
    Spot last = {.point = NULL};
    double last_date = -100;
    for (int pass = 0; pass < 2; pass++, last.point = NULL)
        for (size_t r = c->first_run; r < c->series->n_runs; r++)
            for (size_t i = 0; i < c->series->runs[r].n; i++) {
                const QcRun *run = &c->series->runs[r];
                Spot s = {.point = &c->series->points[run->first + i], .run = run};
                if (strcmp(s.point->control->material, c->material) != 0) continue;
                s.x = LEFT + c->step * ((double)slot_of_run[r] + 0.5);
                s.y = isnan(s.point->z) ? TOP + PLOT - 6 : y_of(s.point->z);
                bool change = last.point == NULL ||
                              strcmp(last.point->control->lot, s.point->control->lot) != 0;
                if (pass == 0 && joined(&last, &s))
                    shape_line(c->m, last.x, last.y, s.x, s.y, "stroke:#7fa3b5;stroke-width:1");
                if (pass == 0 && change) lot_label(c, &s, last.point != NULL);
                if (pass == 0 && s.x - last_date > 46) date_label(c, last_date = s.x, run);
                if (pass == 1) mark(c, &s);
                last = s;
            }
}

void qc_chart_print(Markup *m, const Page *page, const QcView *view, const QcSeries *series,
                    const char *material)
{
    Chart c = {.m = m, .page = page, .view = view, .series = series, .material = material};
    c.first_run = series->n_runs > CHART_RUNS ? series->n_runs - CHART_RUNS : 0;
    size_t *slot_of_run = arena_alloc(page->arena, (series->n_runs + 1) * sizeof *slot_of_run);
    size_t last = slots(&c, slot_of_run);
    c.step = (double)(WIDTH - LEFT - RIGHT) / (double)(last < 19 ? 20 : last + 1);
    markup_open(m, "svg");
    markup_attr(m, "viewBox", arena_print(page->arena, "0 0 %d %d", WIDTH, TOP + PLOT + FOOT));
    markup_attr(m, "role", "img");
    markup_attr(
        m, "aria-label",
        arena_print(page->arena, "%s %s %s", series->analyte, material, series->instrument));
    limits(&c);
    points(&c, slot_of_run);
    markup_close(m);
}
