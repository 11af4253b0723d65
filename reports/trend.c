/* Small multiples (Tufte 1990): one line an indicator, all of one size, from zero, so that they can be compared at a glance. A month that is not told
 * breaks the line: nothing is drawn over what nobody may know. First and last value are written; all of them stand in the table beside. */
#include "trend.h"

#include "shapes.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 318, HEIGHT = 96, LEFT = 4, TOP = 22, PLOT_WIDTH = 244, PLOT_HEIGHT = 54 };

typedef struct Frame {
    const Trend *trend;
    double most; /* value at the upper edge */
    Arena *arena;
} Frame;

static double x_of(const Frame *f, size_t i)
{
    return LEFT + (f->trend->n > 1 ? (double)i * PLOT_WIDTH / (double)(f->trend->n - 1) : 0);
}

static double y_of(const Frame *f, double value)
{
    return TOP + PLOT_HEIGHT * (1 - value / f->most);
}

static const char *written(const Frame *f, double value)
{
    return f->trend->percent ? arena_print(f->arena, "%.3g %%", 100 * value)
                             : arena_print(f->arena, "%.3g", value);
}

/* The range aimed at: between its limits, or from the one limit to the edge. */
static void band(Markup *m, const Frame *f)
{
    const Trend *t = f->trend;
    if (isnan(t->low) && isnan(t->high)) return;
    double top = isnan(t->high) ? f->most : t->high, bottom = isnan(t->low) ? 0 : t->low;
    shape_box(m, (Box){LEFT, y_of(f, top), PLOT_WIDTH, y_of(f, bottom) - y_of(f, top)}, "#e3efe6");
}

static void polyline(Markup *m, const Frame *f, size_t from, size_t until)
{
    const char *points = "";
    for (size_t i = from; i < until; i++)
        points = arena_print(f->arena, "%s%s%.1f,%.1f", points, i > from ? " " : "", x_of(f, i),
                             y_of(f, f->trend->values[i]));
    markup_open(m, "polyline");
    markup_attr(m, "points", points);
    markup_attr(m, "style", "fill:none;stroke:#0b5c7a;stroke-width:1.6");
    markup_close(m);
}

static void dot(Markup *m, const Frame *f, size_t i)
{
    markup_open(m, "circle");
    markup_number(m, "cx", x_of(f, i));
    markup_number(m, "cy", y_of(f, f->trend->values[i]));
    markup_number(m, "r", 2.2);
    markup_attr(m, "fill", "#0b5c7a");
    markup_leaf(
        m, "title", NULL,
        arena_print(f->arena, "%s: %s", f->trend->labels[i], written(f, f->trend->values[i])));
    markup_close(m);
}

static void lines(Markup *m, const Frame *f)
{
    const Trend *t = f->trend;
    size_t last = t->n;
    for (size_t i = 0; i < t->n;) {
        size_t end = i;
        while (end < t->n && isfinite(t->values[end]))
            end++;
        if (end > i + 1) polyline(m, f, i, end);
        for (; i < end; i++)
            dot(m, f, last = i);
        i = end + 1;
    }
    if (last < t->n)
        shape_text(m, x_of(f, last) + 6, y_of(f, t->values[last]) + 4,
                   "font-weight:600;font-size:11px", written(f, t->values[last]));
}

void trend_print(Markup *m, const Trend *trend, Arena *arena)
{
    Frame f = {.trend = trend, .most = 0, .arena = arena};
    for (size_t i = 0; i < trend->n; i++)
        if (isfinite(trend->values[i]) && trend->values[i] > f.most) f.most = trend->values[i];
    if (isfinite(trend->low) && trend->low > f.most) f.most = trend->low;
    if (isfinite(trend->high) && trend->high > f.most) f.most = trend->high;
    f.most = f.most > 0 ? f.most * 1.08 : 1;
    markup_open(m, "svg");
    markup_attr(m, "viewBox", arena_print(arena, "0 0 %d %d", WIDTH, HEIGHT));
    markup_attr(m, "role", "img");
    markup_attr(m, "aria-label", trend->title);
    shape_text(m, LEFT, 13, "font-size:11px", trend->title);
    band(m, &f);
    markup_empty(m, "line",
                 (const char *const[]){"x1", "4", "x2", "248", "y1", "76", "y2", "76", "style",
                                       "stroke:#8593a1;stroke-width:1", NULL});
    lines(m, &f);
    shape_text(m, LEFT, 90, "font-size:10px;fill:#5a6775", trend->labels[0]);
    shape_text(m, LEFT + PLOT_WIDTH - 40, 90, "font-size:10px;fill:#5a6775",
               trend->labels[trend->n - 1]);
    markup_close(m);
}
