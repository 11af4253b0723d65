/* Stacked bars from zero, on one scale or as shares (lengths may be compared, areas mislead),
 * label above each bar so that long names of centres fit, counts inside where there is room and
 * the total behind. */
#include "plot.h"

#include "shapes.h"

#include <string.h>

enum {
    WIDTH = 680,
    BAR_WIDTH = 620,
    BAR_HEIGHT = 15,
    STEP = 38,
    LEGEND = 26,
    ROOM_FOR_NUMBER = 20
};

static size_t total(const Plot *plot, const Bar *bar)
{
    size_t n = 0;
    for (size_t i = 0; i < plot->n_parts; i++)
        n += bar->counts[i];
    return n;
}

/* Roughly how wide a text runs at 12 px: Chinese characters are about square. */
static double text_width(const char *text)
{
    double width = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        width += *c < 0x80 ? 6.6 : (*c & 0xC0) == 0x80 ? 0 : 12.5;
    return width;
}

static void legend(Markup *m, const Plot *plot)
{
    double x = 0;
    for (size_t i = 0; i < plot->n_parts; i++) {
        size_t sum = 0;
        for (size_t b = 0; b < plot->n_bars; b++)
            sum += plot->bars[b].counts[i];
        if (sum == 0) continue;
        shape_box(m, (Box){x, 4, 10, 10}, plot->colours[i]);
        shape_text(m, x + 14, 13, NULL, plot->parts[i]);
        x += 30 + text_width(plot->parts[i]);
    }
}

static void draw_bar(Markup *m, const Plot *plot, size_t index, double unit, Arena *arena)
{
    const Bar *bar = &plot->bars[index];
    double x = 0, y = LEGEND + (double)index * STEP;
    shape_text(m, 0, y + 12, NULL, bar->label);
    for (size_t i = 0; i < plot->n_parts; i++) {
        double width = (double)bar->counts[i] * unit;
        if (bar->counts[i] == 0) continue;
        shape_box(m, (Box){x, y + 17, width, BAR_HEIGHT}, plot->colours[i]);
        if (width >= ROOM_FOR_NUMBER)
            shape_text(m, x + 5, y + 29, "fill:#fff;font-size:11px",
                       arena_print(arena, "%zu", bar->counts[i]));
        x += width;
    }
    shape_text(m, x + 6, y + 29, "font-weight:600", arena_print(arena, "%zu", total(plot, bar)));
}

/* The count that fills the width of bar i. */
static size_t scale(const Plot *plot, size_t i, size_t most)
{
    size_t own = total(plot, &plot->bars[i]);
    return plot->shares && own > 0 ? own : most;
}

void plot_print(Markup *m, const Plot *plot, Arena *arena)
{
    size_t most = 0;
    for (size_t i = 0; i < plot->n_bars; i++)
        most = total(plot, &plot->bars[i]) > most ? total(plot, &plot->bars[i]) : most;
    if (most == 0) return;
    size_t height = LEGEND + plot->n_bars * STEP;
    markup_open(m, "svg");
    markup_attr(m, "viewBox", arena_print(arena, "0 0 %d %zu", WIDTH, height));
    markup_attr(m, "role", "img");
    markup_attr(m, "aria-label", plot->title);
    legend(m, plot);
    for (size_t i = 0; i < plot->n_bars; i++)
        draw_bar(m, plot, i, (double)BAR_WIDTH / (double)scale(plot, i, most), arena);
    markup_close(m);
}
