/* Why: one drawing for whatever an assay wants seen. Method: axes from the figure's own limits; points of one mark are one path of
 * zero-length strokes with round ends, which is a tenth of the bytes of circles; what lies outside is drawn at the edge. Coordinates
 * are whole tenths of a unit. Marks differ in size as well as in colour. */
#include "figure.h"

#include "shapes.h"

#include "buffer.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 680, HEIGHT = 210, LEFT = 36, RIGHT = 6, TOP = 6, BOTTOM = 18 };

static double tenth(double x)
{
    return round(x * 10) / 10;
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double x_of(const Figure *f, double x)
{
    double part = (clamp(x, f->x_low, f->x_high) - f->x_low) / (f->x_high - f->x_low);
    return tenth(LEFT + part * (WIDTH - LEFT - RIGHT));
}

static double y_of(const Figure *f, double y)
{
    double part = (clamp(y, f->y_low, f->y_high) - f->y_low) / (f->y_high - f->y_low);
    return tenth(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM));
}

static void label(Markup *m, double x, double y, const char *anchor, const char *text)
{
    markup_open(m, "text");
    markup_number(m, "x", x);
    markup_number(m, "y", y);
    markup_attr(m, "text-anchor", anchor);
    markup_attr(m, "style", "font-size:9px");
    markup_text(m, text);
    markup_close(m);
}

static void axes(Markup *m, const Figure *f)
{
    const double bottom = HEIGHT - BOTTOM;
    for (size_t i = 0; i < f->n_walls; i++)
        shape_line(m, x_of(f, f->walls[i]), TOP, x_of(f, f->walls[i]), bottom, "stroke:#ddd");
    for (size_t i = 0; i < f->n_guides; i++)
        shape_line(m, LEFT, y_of(f, f->guides[i]), WIDTH - RIGHT, y_of(f, f->guides[i]),
                   "stroke:#777;stroke-dasharray:4 3");
    shape_line(m, LEFT, bottom, WIDTH - RIGHT, bottom, "stroke:#333");
    shape_line(m, LEFT, TOP, LEFT, bottom, "stroke:#333");
    for (size_t i = 0; i < f->n_x; i++)
        label(m, x_of(f, f->x_ticks[i].at), HEIGHT - 5, "middle", f->x_ticks[i].label);
    for (size_t i = 0; i < f->n_y; i++)
        label(m, LEFT - 4, y_of(f, f->y_ticks[i].at) + 3, "end", f->y_ticks[i].label);
}

static void points(Markup *m, const Figure *f, FigureMark mark, Arena *arena)
{
    static const char *const styles[MARKS] = {
        [MARK_FAINT] = "fill:none;stroke:#9db4c8;stroke-width:2;stroke-linecap:round",
        [MARK_PLAIN] = "fill:none;stroke:#3d6b94;stroke-width:2;stroke-linecap:round",
        [MARK_DOT] = "fill:none;stroke:#3d6b94;stroke-width:5;stroke-linecap:round",
        [MARK_STRONG] = "fill:none;stroke:#a02c1c;stroke-width:6;stroke-linecap:round"};
    Buffer path = {.arena = arena};
    for (size_t i = 0; i < f->n_points; i++)
        if (f->points[i].mark == mark)
            buffer_put(&path, arena_print(arena, "M%.1f %.1fh0", x_of(f, f->points[i].x),
                                          y_of(f, f->points[i].y)));
    if (path.n == 0) return;
    markup_open(m, "path");
    markup_attr(m, "d", buffer_text(&path));
    markup_attr(m, "style", styles[mark]);
    markup_close(m);
}

/* Names stand in two or three rows, so that neighbours do not write over each other. */
static void bands(Markup *m, const Figure *f)
{
    for (size_t i = 0; i < f->n_bands; i++) {
        const double x0 = x_of(f, f->bands[i].x0), x1 = x_of(f, f->bands[i].x1);
        markup_open(m, "rect");
        markup_number(m, "x", x0);
        markup_number(m, "y", TOP);
        markup_number(m, "width", tenth(x1 - x0));
        markup_number(m, "height", HEIGHT - BOTTOM - TOP);
        markup_attr(m, "style", "fill:#3d6b94;fill-opacity:0.08;stroke:#9db4c8;stroke-width:0.5");
        markup_close(m);
        label(m, tenth((x0 + x1) / 2), TOP + 9 + 10 * (int)(i % 2), "middle", f->bands[i].label);
    }
    for (size_t i = 0; i < f->n_names; i++)
        label(m, x_of(f, f->names[i].at), TOP + 30 + 10 * (int)(i % 3), "middle",
              f->names[i].label);
}

static void bars(Markup *m, const Figure *f)
{
    static const char *const fills[MARKS] = {[MARK_FAINT] = "fill:#c3d0dc",
                                             [MARK_PLAIN] = "fill:#3d6b94",
                                             [MARK_DOT] = "fill:#3d6b94",
                                             [MARK_STRONG] = "fill:#a02c1c"};
    for (size_t i = 0; i < f->n_bars; i++) {
        const FigureBar *b = &f->bars[i];
        const double x0 = x_of(f, b->x0), top = y_of(f, b->y), foot = y_of(f, f->y_low);
        markup_open(m, "rect");
        markup_number(m, "x", x0);
        markup_number(m, "y", fmin(top, foot - 1)); /* nothing is told by a line, not by a gap */
        markup_number(m, "width", tenth(x_of(f, b->x1) - x0));
        markup_number(m, "height", tenth(fmax(foot - top, 1)));
        markup_attr(m, "style", fills[b->mark]);
        markup_close(m);
    }
}

/* A point that lies on the line through its neighbours is left out: flat stretches cost nothing. */
static void curve(Markup *m, const Figure *f, const FigureCurve *c, Arena *arena)
{
    static const char *const tints[TINTS] = {[TINT_PLAIN] = "#23425e",
                                             [TINT_A] = "#1b8a3a",
                                             [TINT_C] = "#2456c8",
                                             [TINT_G] = "#1a1a1a",
                                             [TINT_T] = "#c42020"};
    Buffer path = {.arena = arena};
    bool down = false;
    double before = -1;
    for (size_t i = 0; i < c->n; i++) {
        const double x = x_of(f, c->x0 + c->step * (double)i);
        const double y = isnan(c->y[i]) ? -1 : y_of(f, c->y[i]);
        const double after = i + 1 < c->n && !isnan(c->y[i + 1]) ? y_of(f, c->y[i + 1]) : -1;
        const bool idle = down && fabs(y - before) < 0.05 && fabs(y - after) < 0.05;
        if (y >= 0 && !idle)
            buffer_put(&path, arena_print(arena, "%s%.1f %.1f", down ? "L" : "M", x, y));
        down = y >= 0;
        before = y;
    }
    if (path.n == 0) return;
    markup_open(m, "path");
    markup_attr(m, "d", buffer_text(&path));
    markup_attr(m, "style",
                arena_print(arena, "fill:none;stroke:%s;stroke-width:%s;stroke-linejoin:round",
                            tints[c->tint], c->tint == TINT_PLAIN ? "0.8" : "1.2"));
    markup_close(m);
}

void html_figure(Markup *m, const Page *page, const Figure *f)
{
    const char *title = page_coded(page, "figure", f->title);
    markup_leaf(m, "h3", NULL, arena_print(page->arena, "%s · %s", title, f->sample));
    markup_open(m, "svg");
    markup_attr(m, "viewBox", arena_print(page->arena, "0 0 %d %d", WIDTH, HEIGHT));
    markup_attr(m, "role", "img");
    markup_attr(m, "aria-label", title);
    bands(m, f);
    bars(m, f);
    axes(m, f);
    for (size_t i = 0; i < f->n_curves; i++)
        curve(m, f, &f->curves[i], page->arena);
    for (FigureMark mark = MARK_FAINT; mark < MARKS; mark++)
        points(m, f, mark, page->arena);
    for (size_t i = 0; i < f->n_spans; i++) {
        const FigureSpan *s = &f->spans[i];
        shape_line(m, x_of(f, s->x0), y_of(f, s->y), x_of(f, s->x1), y_of(f, s->y),
                   "stroke:#a02c1c;stroke-width:3");
    }
    markup_close(m);
}

void html_figures(Markup *m, const Page *page)
{
    if (page->figures.n == 0) return;
    markup_open(m, "section");
    markup_attr(m, "id", "figures");
    markup_leaf(m, "h2", NULL, page_word(page, "label.figures"));
    for (size_t i = 0; i < page->figures.n; i++)
        html_figure(m, page, &page->figures.items[i]);
    markup_close(m);
}
