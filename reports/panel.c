/* Why: a panel is believed for months, so its makers look at it once. Method: for each chromosome the CV of errors on samples that did not
 * teach (counting, over-dispersion and the panel's size together), over-dispersion and size alone, and the largest |z|; then the same as
 * a picture, and the held-out z of 13, 18 and 21 against what a normal sample of that size would show (M. B. Wilk, R. Gnanadesikan, Biometrika
 * 55 (1968) 1). Refuses: names of samples and anything about labels: a page is copied further than a panel. */
#include "panel.h"

#include "../lab/stats.h"
#include "dress.h"
#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double qq_reach = 4, cv_reach = 0.8;

static void facts(Page *page, const PanelView *view)
{
    const NiptPanel *p = view->panel;
    Arena *a = page->arena;
    page_fact(page, "label.panel", p->id);
    page_fact(page, "label.issued", page_time(page, view->stamp->now));
    page_fact(page, "label.panel_samples", arena_print(a, "%u", p->n_samples));
    page_fact(page, "label.panel_reads", arena_print(a, "%.1f", p->reads / 1e6));
    page_fact(
        page, "label.panel_build",
        arena_print(a, "%s · %u", p->build == BUILD_GRCH37 ? "GRCh37" : "GRCh38", p->bin_size));
    page_fact(page, "label.panel_origin",
              arena_print(a, "%s · %s · %s", p->instrument, p->aligner, p->protocol));
    page_fact(page, "label.panel_gc", arena_print(a, "%.2f (%.2f)", p->gc_mean, p->gc_sd));
    page_fact(page, "label.panel_factors", arena_print(a, "%u", p->n_factors));
    page_fact(page, "label.program", view->stamp->program);
}

static double largest_z(const NiptPanel *p, int chrom)
{
    double largest = 0;
    for (uint32_t i = 0; i < p->n_samples; i++)
        largest = fmax(largest, fabs((double)p->chroms[chrom].z[i]));
    return largest;
}

static void table(Page *page, const PanelView *view)
{
    static const char *const heads[] = {"label.chromosome", "label.panel_cv",    "label.panel_over",
                                        "label.panel_size", "label.panel_worst", NULL};
    const NiptPanel *p = view->panel;
    Section *s = page_section(page, "panel", page_word(page, "label.panel_errors"));
    if (p->n_samples < view->advised_samples)
        (void)section_text(page, s, BLOCK_LEAD, page_word(page, "panel.few_advised"));
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "panel.how_to_read"));
    Block *block = section_table(page, s, heads);
    for (int c = 1; c <= AUTOSOMES; c++) {
        const NiptChrom *own = &p->chroms[c];
        Row *row = block_row(page, block, nipt_target(c) ? TONE_GOOD : TONE_PLAIN);
        row->cells[0] = arena_print(page->arena, "%d", c);
        row->cells[1] = arena_print(page->arena, "%.3f", 100 * sqrt(own->held_out));
        row->cells[2] = arena_print(page->arena, "%.3f", 100 * sqrt(own->excess));
        row->cells[3] = arena_print(page->arena, "%.3f", 100 * sqrt(own->uncertain));
        row->cells[4] = arena_print(page->arena, "%.2f", largest_z(p, c));
    }
}

/* ---- pictures ---- */

static FigureTick *ticks(size_t *n, const double *at, size_t size, const char *format, Arena *arena)
{
    FigureTick *out = arena_alloc(arena, size * sizeof *out);
    for (size_t i = 0; i < size; i++)
        out[i] = (FigureTick){at[i],
                              arena_print(arena, strcmp(format, "%g") == 0 ? "%g" : "%.1f", at[i])};
    *n = size;
    return out;
}

static void draw_cv(Page *page, const NiptPanel *p)
{
    static const double at[] = {0, 0.2, 0.4, 0.6, 0.8};
    Figure *f = figure_add(&page->figures, "panel_cv", p->id);
    f->x_high = AUTOSOMES;
    f->y_high = cv_reach;
    f->y_ticks = ticks(&f->n_y, at, sizeof at / sizeof *at, "%.1f", page->arena);
    f->x_ticks = arena_alloc(page->arena, AUTOSOMES * sizeof *f->x_ticks);
    f->points = arena_alloc(page->arena, sizeof *f->points * 2 * AUTOSOMES);
    for (int c = 1; c <= AUTOSOMES; c++) {
        const NiptChrom *own = &p->chroms[c];
        f->x_ticks[f->n_x++] = (FigureTick){c - 0.5, arena_print(page->arena, "%d", c)};
        f->points[f->n_points++] = (FigurePoint){c - 0.5, 100 * sqrt(own->held_out), MARK_STRONG};
        f->points[f->n_points++] = (FigurePoint){c - 0.5, 100 * sqrt(own->excess), MARK_PLAIN};
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Points lie on the diagonal, drawn as faint dots, when errors are honest and normal. */
static void draw_quantiles(Page *page, const NiptPanel *p, int chrom)
{
    static const double at[] = {-4, -2, 0, 2, 4};
    enum { DIAGONAL = 160 };
    Arena *arena = page->arena;
    Figure *f = figure_add(&page->figures, "panel_quantiles", arena_print(arena, "%d", chrom));
    f->x_low = f->y_low = -qq_reach;
    f->x_high = f->y_high = qq_reach;
    f->x_ticks = ticks(&f->n_x, at, sizeof at / sizeof *at, "%g", arena);
    f->y_ticks = ticks(&f->n_y, at, sizeof at / sizeof *at, "%g", arena);
    double *z = arena_alloc(arena, p->n_samples * sizeof *z);
    for (uint32_t i = 0; i < p->n_samples; i++)
        z[i] = (double)p->chroms[chrom].z[i];
    qsort(z, p->n_samples, sizeof *z, by_size);
    f->points = arena_alloc(arena, (p->n_samples + DIAGONAL + 1) * sizeof *f->points);
    for (int i = 0; i <= DIAGONAL; i++) {
        double x = -qq_reach + 2 * qq_reach * i / DIAGONAL;
        f->points[f->n_points++] = (FigurePoint){x, x, MARK_FAINT};
    }
    for (uint32_t i = 0; i < p->n_samples; i++)
        f->points[f->n_points++] =
            (FigurePoint){normal_quantile((i + 0.5) / p->n_samples), z[i], MARK_PLAIN};
}

Status report_panel(Document *html, const PanelView *view, Arena *arena, Note *why)
{
    Page *page = page_new(view->reference, view->stamp, "panel", arena);
    page->figures.arena = arena;
    facts(page, view);
    table(page, view);
    draw_cv(page, view->panel);
    for (int c = 1; c <= AUTOSOMES; c++)
        if (nipt_target(c)) draw_quantiles(page, view->panel, c);
    *html = (Document){.folder = "", .name = "panel.html", .kind = "panel"};
    Markup *m = html_begin(page);
    for (size_t i = 0; i < page->n_sections; i++)
        html_section(m, page, &page->sections[i]);
    html_figures(m, page);
    return html_end(html, m, page, why);
}
