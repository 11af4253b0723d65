/* Why: pictures are drawn by hand, since a chart library would be larger than this program's reports; what they all draw stands here once. */
#include "shapes.h"

void shape_box(Markup *m, Box at, const char *fill)
{
    markup_open(m, "rect");
    markup_number(m, "x", at.x);
    markup_number(m, "y", at.y);
    markup_number(m, "width", at.width);
    markup_number(m, "height", at.height);
    markup_attr(m, "fill", fill);
    markup_close(m);
}

void shape_text(Markup *m, double x, double y, const char *style, const char *text)
{
    markup_open(m, "text");
    markup_number(m, "x", x);
    markup_number(m, "y", y);
    markup_attr(m, "style", style);
    markup_text(m, text);
    markup_close(m);
}

void shape_line(Markup *m, double x1, double y1, double x2, double y2, const char *style)
{
    markup_open(m, "line");
    markup_number(m, "x1", x1);
    markup_number(m, "y1", y1);
    markup_number(m, "x2", x2);
    markup_number(m, "y2", y2);
    markup_attr(m, "style", style);
    markup_close(m);
}
