/* shapes - the few marks of which every picture of a page is made, as SVG.
 *
 *     shape_box(m, (Box){LEFT, y, 120, 15}, "#e4efe9");
 *     shape_text(m, LEFT, y + 12, "font-weight:600", "T21");
 *
 * Pixels of the surrounding <svg>, y downwards. Nothing is kept: texts may go when the call returns. */
#ifndef SCREENLAB_SHAPES_H
#define SCREENLAB_SHAPES_H

#include "markup.h"

typedef struct Box {
    double x, y, width, height;
} Box;

void shape_box(Markup *m, Box at, const char *fill);
/* x and y: where the base line begins, or its middle or end if the style anchors there. NULL style: the picture's own. */
void shape_text(Markup *m, double x, double y, const char *style, const char *text);
void shape_line(Markup *m, double x1, double y1, double x2, double y2, const char *style);

#endif
