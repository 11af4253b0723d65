/* Figures for those who run the network. Each stands with its numerator and denominator and what both mean; what cannot be computed says which table it
 * needs, what is too small to be told says so; neither looks like a zero. Below the figures their months as small lines, drawn over the range that is
 * aimed at, and the centres one level down beside each other. indicators.tsv holds every figure of every centre, and the months that the lines show. */
#include "indicators.h"

#include "buffer.h"
#include "dress.h"
#include "trend.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *state_name(FigureState state)
{
    static const char *const names[] = {"told", "empty", "suppressed", "needs"};
    return names[state];
}

static const char *words_of(const Page *page, const Indicator *i, const char *part)
{
    return page_word(page, arena_print(page->arena, "indicator.%s%s", i->id, part));
}

static const char *percent(const Page *page, double value)
{
    return value > 0 && value < 0.001 ? arena_print(page->arena, "%.2g %%", 100 * value)
                                      : arena_print(page->arena, "%.1f %%", 100 * value);
}

static const char *value_text(const Page *page, const Indicator *i, const IndicatorFigure *f)
{
    if (f->state != FIGURE_TOLD) return page_coded(page, "indicator.state", state_name(f->state));
    if (i->kind == INDICATOR_RATIO) return arena_print(page->arena, "%.2f", f->value);
    if (i->kind == INDICATOR_MEDIAN) return arena_print(page->arena, "%.0f", f->value);
    return percent(page, f->value);
}

static const char *counts_text(const Page *page, const Indicator *i, const IndicatorFigure *f)
{
    if (f->state == FIGURE_NEEDS) return i->needs;
    if (f->state == FIGURE_SUPPRESSED) return "–";
    if (i->kind == INDICATOR_MEDIAN) return arena_print(page->arena, "%" PRId64, f->denominator);
    return arena_print(page->arena, "%" PRId64 " / %" PRId64, f->numerator, f->denominator);
}

static const char *limit_text(const Page *page, const Indicator *i)
{
    bool ratio = i->kind == INDICATOR_RATIO;
    const char *low = isnan(i->low) ? ""
                      : ratio       ? arena_print(page->arena, "%g", i->low)
                                    : arena_print(page->arena, "%.3g %%", 100 * i->low);
    const char *high = isnan(i->high) ? ""
                       : ratio        ? arena_print(page->arena, "%g", i->high)
                                      : arena_print(page->arena, "%.3g %%", 100 * i->high);
    if (*low != '\0' && *high != '\0') return arena_print(page->arena, "%s – %s", low, high);
    if (*low != '\0') return arena_print(page->arena, "≥ %s", low);
    return *high != '\0' ? arena_print(page->arena, "≤ %s", high) : "";
}

static Tone tone_of(const Indicator *i, const IndicatorFigure *f)
{
    if (f->state != FIGURE_TOLD) return TONE_MUTED;
    if (isnan(i->low) && isnan(i->high)) return TONE_PLAIN;
    bool good = !(f->value < i->low) && !(f->value > i->high);
    return good ? TONE_GOOD : TONE_CHECK;
}

/* ---- the centre itself ---- */

static void figure_row(Page *page, Block *table, const IndicatorView *v, size_t k)
{
    const Indicator *i = indicators_at(v->book, k);
    IndicatorFigure f = indicators_figure(v->counts, k, v->centre, INDICATOR_WHOLE);
    Row *row = block_row(page, table, tone_of(i, &f));
    row->cells[0] = arena_print(page->arena, "%s %s", i->id, words_of(page, i, ""));
    row->cells[1] = value_text(page, i, &f);
    row->cells[2] = counts_text(page, i, &f);
    row->cells[3] = limit_text(page, i);
    row->cells[4] =
        arena_print(page->arena, "%s\n÷ %s", words_of(page, i, ".num"), words_of(page, i, ".den"));
}

static bool first_of_group(const IndicatorView *v, size_t k)
{
    return k == 0 ||
           strcmp(indicators_at(v->book, k)->group, indicators_at(v->book, k - 1)->group) != 0;
}

static void figures(Page *page, const IndicatorView *v)
{
    static const char *const heads[] = {"label.indicator", "label.indicator_value", "label.num_den",
                                        "label.aim",       "label.indicator_of",    NULL};
    Block *table = NULL;
    for (size_t k = 0; k < indicators_size(v->book); k++) {
        const char *group = indicators_at(v->book, k)->group;
        if (first_of_group(v, k)) {
            Section *s = page_section(page, arena_print(page->arena, "figures-%s", group),
                                      page_coded(page, "indicator.group", group));
            table = section_table(page, s, heads);
        }
        figure_row(page, table, v, k);
    }
}

/* ---- the centres below ---- */

static bool any_told(const IndicatorView *v, const Centre *c)
{
    for (size_t k = 0; k < indicators_size(v->book); k++)
        if (indicators_figure(v->counts, k, c, INDICATOR_WHOLE).denominator > 0) return true;
    return false;
}

/* One table a group: a row a centre, a column an indicator. */
static void group_below(Page *page, const IndicatorView *v, size_t first, Section *s)
{
    const Centres *centres = reference_centres(v->reference);
    const char *heads[16] = {"label.centre"};
    size_t n = 0;
    for (; first + n < indicators_size(v->book) && n < 14 &&
           (n == 0 || !first_of_group(v, first + n));
         n++)
        heads[n + 1] =
            arena_print(page->arena, "indicator.short.%s", indicators_at(v->book, first + n)->id);
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i <= n; i++)
        if (i > 0) table->heads[i] = indicators_at(v->book, first + i - 1)->id;
    for (size_t c = 0; c < centres->n; c++) {
        if (centres->items[c].parent != v->centre || !any_told(v, &centres->items[c])) continue;
        Row *row = block_row(page, table, TONE_PLAIN);
        row->cells[0] = page_centre(page, &centres->items[c]);
        for (size_t i = 0; i < n; i++) {
            IndicatorFigure f =
                indicators_figure(v->counts, first + i, &centres->items[c], INDICATOR_WHOLE);
            row->cells[i + 1] = f.state == FIGURE_TOLD
                                    ? value_text(page, indicators_at(v->book, first + i), &f)
                                : f.state == FIGURE_SUPPRESSED ? "*"
                                                               : "–";
        }
    }
    if (table->n_rows == 0) s->n_blocks--;
}

static void centres_below(Page *page, const IndicatorView *v)
{
    Section *s = page_section(page, "below", page_word(page, "label.indicators_below"));
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "indicator.below_rule"));
    for (size_t k = 0; k < indicators_size(v->book); k++) {
        if (!first_of_group(v, k)) continue;
        size_t before = s->n_blocks;
        (void)section_text(page, s, BLOCK_HEADING,
                           page_coded(page, "indicator.group", indicators_at(v->book, k)->group));
        group_below(page, v, k, s);
        if (s->n_blocks == before + 1) s->n_blocks = before;
    }
}

/* ---- months ---- */

static void trend_of(Markup *m, const Page *page, const IndicatorView *v, size_t k)
{
    const Indicator *i = indicators_at(v->book, k);
    double *values = arena_alloc(page->arena, (v->n_months + 1) * sizeof *values);
    size_t told = 0;
    for (size_t t = 0; t < v->n_months; t++) {
        IndicatorFigure f = indicators_figure(v->counts, k, v->centre, (int)t);
        values[t] = f.state == FIGURE_TOLD ? f.value : NAN;
        told += isfinite(values[t]) ? 1 : 0;
    }
    if (told < 2) return;
    const Trend trend = {.title = arena_print(page->arena, "%s %s", i->id, words_of(page, i, "")),
                         .values = values,
                         .labels = v->months,
                         .n = v->n_months,
                         .low = i->low,
                         .high = i->high,
                         .percent = i->kind != INDICATOR_RATIO};
    trend_print(m, &trend, page->arena);
}

static void trends(Markup *m, const Page *page, const IndicatorView *v)
{
    markup_open(m, "section");
    markup_attr(m, "id", "trends");
    markup_leaf(m, "h2", NULL, page_word(page, "label.indicators_trend"));
    markup_leaf(m, "p", NULL, page_word(page, "indicator.trend_rule"));
    markup_open(m, "div");
    markup_attr(m, "class", "trends");
    for (size_t k = 0; k < indicators_size(v->book); k++)
        if (indicators_at(v->book, k)->kind != INDICATOR_MEDIAN) trend_of(m, page, v, k);
    markup_close(m);
    markup_close(m);
}

/* ---- table ---- */

static const char *number(const Page *page, double value)
{
    return isnan(value) ? "" : arena_print(page->arena, "%.6g", value);
}

static void put_figure(Buffer *t, const Page *page, const IndicatorView *v, size_t k,
                       const Centre *c, int month)
{
    const Indicator *i = indicators_at(v->book, k);
    IndicatorFigure f = indicators_figure(v->counts, k, c, month);
    bool told = f.state == FIGURE_TOLD || f.state == FIGURE_EMPTY;
    const char *const cells[] = {
        i->id,
        c->id,
        arena_print(page->arena, "%d", (int)c->level),
        month < 0
            ? arena_print(page->arena, "%s/%s", page_date(page, v->from), page_date(page, v->until))
            : v->months[month],
        state_name(f.state),
        told ? arena_print(page->arena, "%" PRId64, f.numerator) : "",
        told ? arena_print(page->arena, "%" PRId64, f.denominator) : "",
        number(page, f.value),
        number(page, i->low),
        number(page, i->high),
        f.state == FIGURE_NEEDS ? i->needs : ""};
    for (size_t n = 0; n < sizeof cells / sizeof *cells; n++) {
        buffer_put(t, cells[n]);
        buffer_put(t, n + 1 < sizeof cells / sizeof *cells ? "\t" : "\n");
    }
}

static bool is_below(const Centre *c, const Centre *top)
{
    for (; c != NULL; c = c->parent)
        if (c == top) return true;
    return false;
}

static void print_tsv(Document *tsv, const Page *page, const IndicatorView *v)
{
    Buffer t = {.arena = page->arena};
    const Centres *centres = reference_centres(v->reference);
    buffer_put(&t, "indicator\tcentre\tlevel\tperiod\tstate\tnumerator\tdenominator\tvalue\tlow\thi"
                   "gh\tneeds\n");
    for (size_t c = 0; c < centres->n; c++) {
        const Centre *centre = &centres->items[c];
        if (!is_below(centre, v->centre) || (centre != v->centre && !any_told(v, centre))) continue;
        for (size_t k = 0; k < indicators_size(v->book); k++)
            put_figure(&t, page, v, k, centre, INDICATOR_WHOLE);
    }
    for (size_t k = 0; k < indicators_size(v->book); k++)
        for (size_t m = 0; m < v->n_months && indicators_at(v->book, k)->needs[0] == '\0' &&
                           indicators_at(v->book, k)->kind != INDICATOR_MEDIAN;
             m++)
            put_figure(&t, page, v, k, v->centre, (int)m);
    *tsv = (Document){.folder = "",
                      .name = "indicators.tsv",
                      .kind = "indicators",
                      .bytes = t.bytes,
                      .size = t.n};
}

Status report_indicators(Document *html, Document *tsv, const IndicatorView *view, Arena *arena,
                         Note *why)
{
    Page *page = page_new(view->reference, view->stamp, "indicators", arena);
    page_fact(page, "label.centre", page_centre(page, view->centre));
    page_fact(
        page, "label.period",
        arena_print(arena, "%s – %s", page_date(page, view->from), page_date(page, view->until)));
    page_fact(page, "label.issued", page_time(page, view->stamp->now));
    figures(page, view);
    size_t n_figures = page->n_sections;
    centres_below(page, view);
    Section *rules = page_section(page, "foundations", page_word(page, "label.foundations"));
    (void)section_text(page, rules, BLOCK_PARAGRAPH, page_word(page, "indicator.rules"));
    Markup *m = html_begin(page);
    for (size_t i = 0; i < page->n_sections; i++) {
        if (i == n_figures) trends(m, page, view);
        html_section(m, page, &page->sections[i]);
    }
    print_tsv(tsv, page, view);
    *html = (Document){.folder = "", .name = "indicators.html", .kind = "indicators"};
    return html_end(html, m, page, why);
}
