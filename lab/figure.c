/* A list that grows in its arena; see figure.h. */
#include "figure.h"

Figure *figure_add(Figures *figures, const char *title, const char *sample)
{
    if (figures->n == figures->capacity)
        figures->items =
            arena_grow(figures->arena, figures->items, &figures->capacity, sizeof *figures->items);
    Figure *f = &figures->items[figures->n++];
    *f = (Figure){.title = title, .sample = sample};
    return f;
}
