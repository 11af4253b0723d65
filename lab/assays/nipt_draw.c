/* Why: a reviewer sees at a glance what a z cannot say: one arm, a whole chromosome, or a noisy library. Method: windows' ratios,
 * cleaned of the panel's components, chromosome by chromosome, with the segments found as thick lines; and the z of each
 * chromosome over the cloud of the panel's held-out z. Refuses: anything that is not chromosome 1 to 22. */
#include "nipt_draw.h"

#include <math.h>

static const double half_ratio = 0.12, z_high = 20, z_low = -8;

static double clean(const NiptPanel *panel, const NiptProfile *p, uint32_t w)
{
    double x = p->x[w];
    for (uint32_t k = 0; k < panel->n_factors; k++)
        x -= p->score[k] * (double)panel->loading[k][w];
    return 1 + x;
}

static FigureTick *ratio_ticks(size_t *n, Arena *arena)
{
    static const double at[] = {0.9, 0.95, 1, 1.05, 1.1};
    static const char *const labels[] = {"0.90", "0.95", "1", "1.05", "1.10"};
    *n = sizeof at / sizeof *at;
    FigureTick *ticks = arena_alloc(arena, sizeof at / sizeof *at * sizeof *ticks);
    for (size_t i = 0; i < *n; i++)
        ticks[i] = (FigureTick){at[i], labels[i]};
    return ticks;
}

static void chromosomes(Figure *f, const uint32_t first[NIPT_CHROMS + 1], Arena *arena)
{
    f->walls = arena_alloc(arena, NIPT_CHROMS * sizeof *f->walls);
    f->x_ticks = arena_alloc(arena, AUTOSOMES * sizeof *f->x_ticks);
    for (int c = 1; c <= AUTOSOMES; c++) {
        f->walls[f->n_walls++] = first[c];
        f->x_ticks[f->n_x++] =
            (FigureTick){(first[c] + first[c + 1]) / 2.0, arena_print(arena, "%d", c)};
    }
}

static void add_segments(Figure *f, const NiptPanel *panel, const NiptProfile *profile,
                         const Sample *sample, const NiptSettings *settings, Arena *arena)
{
    NiptSegment *found;
    double limit = nipt_scan_limit(panel, settings->family_error);
    size_t n = nipt_segments(&found, panel, profile, sample->evidence.bins, limit, arena);
    double window = (double)panel->window_bins * panel->bin_size;
    f->spans = arena_alloc(arena, n * sizeof *f->spans);
    for (size_t i = 0; i < n; i++) {
        bool told = (double)(found[i].end - found[i].start) >= settings->segment_least;
        if (!told && !found[i].whole) continue; /* what no finding tells is not drawn */
        double first = panel->window_first[found[i].chrom];
        f->spans[f->n_spans++] =
            (FigureSpan){first + (double)found[i].start / window,
                         first + (double)found[i].end / window, found[i].ratio};
    }
}

void nipt_draw_genome(Figures *out, const NiptPanel *panel, const NiptProfile *profile,
                      const Sample *sample, const NiptSettings *settings, Arena *arena)
{
    Figure *f = figure_add(out, "nipt_genome", sample->id);
    f->x_high = panel->n_windows;
    f->y_low = 1 - half_ratio;
    f->y_high = 1 + half_ratio;
    chromosomes(f, panel->window_first, arena);
    f->y_ticks = ratio_ticks(&f->n_y, arena);
    f->guides = arena_alloc(arena, sizeof *f->guides);
    f->guides[f->n_guides++] = 1;
    f->points = arena_alloc(arena, panel->n_windows * sizeof *f->points);
    for (int c = 1; c <= AUTOSOMES; c++)
        for (uint32_t w = panel->window_first[c]; w < panel->window_first[c + 1]; w++)
            if (profile->weight[w] > 0)
                f->points[f->n_points++] = (FigurePoint){w + 0.5, clean(panel, profile, w),
                                                         c % 2 ? MARK_PLAIN : MARK_FAINT};
    add_segments(f, panel, profile, sample, settings, arena);
}

void nipt_draw_scores(Figures *out, const NiptPanel *panel, const NiptScore *scores,
                      const Sample *sample, const NiptSettings *settings, Arena *arena)
{
    static const double at[] = {-5, 0, 5, 10, 15, 20};
    static const char *const labels[] = {"-5", "0", "5", "10", "15", "20"};
    Figure *f = figure_add(out, "nipt_scores", sample->id);
    f->x_high = AUTOSOMES;
    f->y_low = z_low;
    f->y_high = z_high;
    f->y_ticks = arena_alloc(arena, sizeof at / sizeof *at * sizeof *f->y_ticks);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        f->y_ticks[f->n_y++] = (FigureTick){at[i], labels[i]};
    f->guides = arena_alloc(arena, 2 * sizeof *f->guides);
    f->guides[f->n_guides++] = settings->z_limit;
    f->guides[f->n_guides++] = settings->z_low;
    f->x_ticks = arena_alloc(arena, AUTOSOMES * sizeof *f->x_ticks);
    size_t most = AUTOSOMES * ((size_t)panel->n_samples + 1);
    f->points = arena_alloc(arena, most * sizeof *f->points);
    for (int c = 1; c <= AUTOSOMES; c++) {
        f->x_ticks[f->n_x++] = (FigureTick){c - 0.5, arena_print(arena, "%d", c)};
        for (uint32_t i = 0; i < panel->n_samples; i++)
            f->points[f->n_points++] = (FigurePoint){c - 0.8 + 0.6 * i / panel->n_samples,
                                                     (double)panel->chroms[c].z[i], MARK_FAINT};
        f->points[f->n_points++] = (FigurePoint){c - 0.5, scores[c].z, MARK_STRONG};
    }
}
