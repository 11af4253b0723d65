/* Why: "1 in 611" says little without the cut-off beside it. Method: a logarithmic axis from 1 in 100 000 to 1 in 10; the row of the table that
 * the finding rests on gives the cut-off (column "high") and the lower end of the grey zone ("grey"); a diamond is the risk, a ring the risk
 * before the test, which is a finding of the same item without a cut-off. What lies outside is drawn at the edge, as an arrow. The words stand in
 * the table of results; shapes, not colours, carry the meaning. */
#include "scale.h"

#include "shapes.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 680, LEFT = 64, RIGHT = 24, TOP = 24, STEP = 38, BAR = 14, LOW = -5, HIGH = -1 };

static double x_of(double risk)
{
    double at = (log10(risk) - LOW) / (HIGH - LOW);
    at = at < 0 ? 0 : at > 1 ? 1 : at;
    return round(10 * (LEFT + at * (WIDTH - LEFT - RIGHT))) / 10;
}

static bool is_risk(const Page *page, const Finding *f)
{
    return f->has_value && f->value > 0 && strcmp(page_format(page, f->code), "one_in") == 0;
}

/* The cut-off of the finding's row; false when it has none, or one of another kind. */
static bool cut_offs(double *high, double *grey, const Page *page, const Finding *f)
{
    const Table *t = *f->table ? reference_table(page->reference, f->table) : NULL;
    long row = t != NULL ? table_find(t, f->row) : -1;
    if (row < 0 || !table_number(t, (size_t)row, table_column(t, "high"), high) || *high >= 1)
        return false;
    if (!table_number(t, (size_t)row, table_column(t, "grey"), grey)) *grey = *high;
    return true;
}

static void band(Markup *m, double x0, double x1, double y, const char *fill)
{
    shape_box(m, (Box){x0, y, x1 - x0, BAR}, fill);
}

static void shape(Markup *m, const Page *page, double x, double y, const char *d, const char *style)
{
    markup_open(m, "path");
    markup_attr(m, "transform", arena_print(page->arena, "translate(%g %g)", x, y));
    markup_attr(m, "d", d);
    markup_attr(m, "style", style);
    markup_close(m);
}

static void axis(Markup *m, size_t rows)
{
    static const char *const labels[] = {"1/100000", "1/10000", "1/1000", "1/100", "1/10"};
    for (int i = 0; i <= HIGH - LOW; i++) {
        double x = x_of(pow(10, LOW + i));
        shape_text(m, x, 12, "text-anchor:middle;font-size:10px;fill:#5a6775", labels[i]);
        markup_open(m, "line");
        markup_number(m, "x1", x);
        markup_number(m, "x2", x);
        markup_number(m, "y1", 16);
        markup_number(m, "y2", TOP + (double)rows * STEP - 12);
        markup_attr(m, "style", "stroke:#d5dce3;stroke-width:.8");
        markup_close(m);
    }
}

static void risk_mark(Markup *m, const Page *page, const Finding *f, double y)
{
    double x = x_of(f->value), edge = log10(f->value);
    const char *arrow = edge > HIGH ? "M8-4l5 4l-5 4" : edge < LOW ? "M-8-4l-5 4l5 4" : "";
    shape(m, page, x, y, "M0-8l7 8l-7 8l-7-8z", "fill:#1c2733;stroke:#fff;stroke-width:1");
    if (*arrow) shape(m, page, x, y, arrow, "fill:none;stroke:#1c2733;stroke-width:1.6");
    shape_text(m, x, y + 20, "text-anchor:middle;font-size:11px;font-weight:600",
               page_value(page, f));
}

static void row_of(Markup *m, const Page *page, const Section *s, const Finding *f, double y)
{
    double high = 0, grey = 0;
    (void)cut_offs(&high, &grey, page, f);
    shape_text(m, LEFT - 12, y + 4, "text-anchor:end;font-weight:600", f->item);
    band(m, x_of(1e-5), x_of(grey), y - BAR / 2.0, "#e4efe9");
    band(m, x_of(grey), x_of(high), y - BAR / 2.0, "#f6e7c8");
    band(m, x_of(high), x_of(1), y - BAR / 2.0, "#f3d3d1");
    shape(m, page, x_of(high), y, "M0-11v22", "stroke:#a61b1b;stroke-width:2");
    for (size_t i = 0; i < s->n_entries; i++) {
        const Finding *g = &s->entries[i];
        if (is_risk(page, g) && !*g->table && strcmp(g->item, f->item) == 0 &&
            strcmp(g->sample, f->sample) == 0)
            shape(m, page, x_of(g->value), y, "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z",
                  "fill:#fff;stroke:#1c2733;stroke-width:1.5");
    }
    risk_mark(m, page, f, y);
}

static size_t count_of(const Page *page, const Section *s)
{
    size_t n = 0;
    double high, grey;
    for (size_t i = 0; i < s->n_entries; i++)
        n += is_risk(page, &s->entries[i]) && cut_offs(&high, &grey, page, &s->entries[i]) ? 1 : 0;
    return n;
}

static void scales_of(Markup *m, const Page *page, const Section *s, size_t n)
{
    double high, grey, y = TOP + 6;
    markup_open(m, "section");
    markup_attr(m, "id", arena_print(page->arena, "scale-%s", s->id));
    markup_leaf(m, "h3", NULL, page_word(page, "label.scale"));
    markup_open(m, "svg");
    markup_attr(m, "viewBox", arena_print(page->arena, "0 0 %d %zu", WIDTH, TOP + n * STEP));
    markup_attr(m, "role", "img");
    markup_attr(m, "aria-label", page_word(page, "label.scale"));
    axis(m, n);
    for (size_t i = 0; i < s->n_entries; i++) {
        const Finding *f = &s->entries[i];
        if (!is_risk(page, f) || !cut_offs(&high, &grey, page, f)) continue;
        row_of(m, page, s, f, y);
        y += STEP;
    }
    markup_close(m);
    markup_leaf(m, "p", NULL, page_word(page, "label.scale_rule"));
    markup_close(m);
}

void html_scales(Markup *m, const Page *page)
{
    for (size_t i = 0; i < page->n_sections; i++) {
        size_t n = count_of(page, &page->sections[i]);
        if (n > 0) scales_of(m, page, &page->sections[i], n);
    }
}
