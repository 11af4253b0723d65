/* What a laboratory looks at before it believes a day's results: first what must be acted upon, then what the patients' own medians say, then the
 * charts. Every number of a chart is also in qc.tsv, one row a control; the verdict of a run stands there on each of its rows. */
#include "qc.h"

#include "../lab/qc_lots.h"
#include "buffer.h"
#include "dress.h"
#include "qc_chart.h"
#include "qc_drift.h"

#include <math.h>
#include <string.h>

QcTally report_qc_tally(const QcView *view)
{
    QcTally t = {0};
    size_t *const of_state[] = {[QC_NONE] = &t.none,
                                [QC_ACCEPTED] = &t.accepted,
                                [QC_WARNING] = &t.warning,
                                [QC_REJECTED] = &t.rejected};
    for (size_t s = 0; s < qc_size(view->book); s++) {
        const QcSeries *series = qc_series(view->book, s);
        t.runs += series->n_runs;
        for (size_t r = 0; r < series->n_runs; r++)
            ++*of_state[series->runs[r].verdict.state];
    }
    for (size_t i = 0; i < view->n_figures; i++)
        t.alarms += view->figures[i].state == DRIFT_ALARM ? 1 : 0;
    return t;
}

const char *qc_action_text(const Page *page, const QcView *view, const char *analyte,
                           const char *run)
{
    for (size_t i = view->n_actions; i-- > 0;) {
        const QcAction *a = &view->actions[i];
        if (strcmp(a->analyte, analyte) == 0 && strcmp(a->run, run) == 0)
            return arena_print(
                page->arena, "%s \xC2\xB7 %s (%s, %s)", page_coded(page, "qc.cause", a->cause),
                page_coded(page, "qc.action", a->action), a->person, page_time(page, a->time));
    }
    return "";
}

static Tone state_tone(QcState state)
{
    static const Tone tones[] = {[QC_NONE] = TONE_REPEAT,
                                 [QC_ACCEPTED] = TONE_GOOD,
                                 [QC_WARNING] = TONE_CHECK,
                                 [QC_REJECTED] = TONE_ALERT};
    return tones[state];
}

static const char *values_of(const Page *page, const QcSeries *s, const QcRun *run)
{
    const char *text = "";
    for (size_t i = run->first; i < run->first + run->n; i++) {
        const QcPoint *p = &s->points[i];
        const char *z = isnan(p->z) ? "?" : arena_print(page->arena, "%+.2f", p->z);
        text =
            arena_print(page->arena, "%s%s%s %s", text, *text ? "; " : "", p->control->material, z);
    }
    return text;
}

static void run_row(const Page *page, const QcView *view, Block *table, const QcSeries *s,
                    const QcRun *run)
{
    const char *done = qc_action_text(page, view, s->analyte, run->name);
    Row *row = block_row(page, table, state_tone(run->verdict.state));
    row->cells[0] = page_time(page, run->time);
    row->cells[1] = page_coded(page, "qc.state", qc_state_code(run->verdict.state));
    row->cells[2] = run->name;
    row->cells[3] = s->analyte;
    row->cells[4] = qc_fired(run->verdict.fired, page->arena);
    row->cells[5] = values_of(page, s, run);
    row->cells[6] = *done ? done : page_word(page, "qc.no_action");
}

/* Runs of that state, in order of analyte and time. */
static void runs_of_state(Page *page, const QcView *view, Section *section, QcState state)
{
    static const char *const heads[] = {
        "label.time",  "label.qc_state", "label.run",       "label.analyte",
        "label.rules", "label.z",        "label.qc_action", NULL};
    Block *table = NULL;
    for (size_t i = 0; i < qc_size(view->book); i++) {
        const QcSeries *s = qc_series(view->book, i);
        for (size_t r = 0; r < s->n_runs; r++) {
            if (s->runs[r].verdict.state != state) continue;
            if (table == NULL) {
                (void)section_text(page, section, BLOCK_HEADING,
                                   page_coded(page, "qc.about", qc_state_code(state)));
                table = section_table(page, section, heads);
            }
            run_row(page, view, table, s, &s->runs[r]);
        }
    }
}

static void attention(Page *page, const QcView *view)
{
    static const QcState order[] = {QC_REJECTED, QC_NONE, QC_WARNING};
    Section *s = page_section(page, "qc-runs", page_word(page, "label.qc_runs"));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        runs_of_state(page, view, s, order[i]);
    if (s->n_blocks == 0)
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "qc.all_accepted"));
    for (size_t i = 0; i < qc_size(view->book); i++)
        if (qc_r4s_as_range(view->book, qc_series(view->book, i)->analyte)) {
            (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "qc.r4s_range"));
            return;
        }
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "qc.r4s_limits"));
}

/* ---- charts ---- */

static bool drawn_before(const QcSeries *s, size_t point)
{
    for (size_t i = 0; i < point; i++)
        if (strcmp(s->points[i].control->material, s->points[point].control->material) == 0)
            return true;
    return false;
}

static void charts(Markup *m, const Page *page, const QcView *view)
{
    markup_open(m, "section");
    markup_attr(m, "id", "qc-charts");
    markup_leaf(m, "h2", NULL, page_word(page, "label.qc_charts"));
    markup_leaf(m, "p", NULL, page_word(page, "qc.chart_rule"));
    for (size_t i = 0; i < qc_size(view->book); i++) {
        const QcSeries *s = qc_series(view->book, i);
        for (size_t k = 0; k < s->n_points; k++) {
            if (drawn_before(s, k)) continue;
            const char *material = s->points[k].control->material;
            markup_leaf(m, "h3", NULL,
                        arena_print(page->arena, "%s · %s%s%s", s->analyte, material,
                                    *s->instrument ? " · " : "", s->instrument));
            qc_chart_print(m, page, view, s, material);
        }
    }
    markup_close(m);
}

/* ---- lots ---- */

static const char *mean_and_sd(const Page *page, double mean, double sd)
{
    return isfinite(mean) ? arena_print(page->arena, "%.4g \xC2\xB1 %.3g", mean, sd)
                          : "\xE2\x80\x93";
}

static void lots(Page *page, const QcView *view)
{
    static const char *const heads[] = {
        "label.analyte", "label.lot",    "label.qc_state", "label.n",
        "label.qc_days", "label.qc_set", "label.qc_seen",  NULL};
    const QcLots all = qc_lots(view->book, view->reference, page->arena);
    if (all.n == 0) return;
    Section *s = page_section(page, "qc-lots", page_word(page, "label.qc_lots"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < all.n; i++) {
        const QcLot *l = &all.items[i];
        Row *row = block_row(page, table, l->provisional ? TONE_REPEAT : TONE_GOOD);
        row->cells[0] =
            arena_print(page->arena, "%s%s%s", l->series->analyte,
                        *l->series->instrument ? " \xC2\xB7 " : "", l->series->instrument);
        row->cells[2] = arena_print(page->arena, "%s %s", l->first->material, l->first->lot);
        row->cells[1] =
            page_word(page, l->provisional ? "qc.lot.provisional" : "qc.lot.established");
        row->cells[3] = arena_print(page->arena, "%zu", l->n);
        row->cells[4] = arena_print(page->arena, "%d", l->days);
        row->cells[5] = mean_and_sd(page, l->set_mean, l->set_sd);
        row->cells[6] = mean_and_sd(page, l->mean, l->sd);
    }
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "qc.lots_rule"));
}

/* ---- tsv ---- */

static const char *or_empty(const Page *page, double value)
{
    return isnan(value) ? "" : arena_print(page->arena, "%.6g", value);
}

static void put_row(Buffer *t, const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buffer_put(t, cells[i]);
        buffer_put(t, i + 1 < n ? "\t" : "\n");
    }
}

static void put_control(Buffer *t, const Page *page, const QcRun *run, const QcPoint *p)
{
    const Control *c = p->control;
    const char *const cells[] = {"control",
                                 page_time(page, c->time),
                                 c->analyte,
                                 c->instrument,
                                 c->run,
                                 c->material,
                                 c->lot,
                                 or_empty(page, c->value),
                                 c->unit,
                                 or_empty(page, p->mean),
                                 or_empty(page, p->sd),
                                 or_empty(page, p->z),
                                 qc_state_code(run->verdict.state),
                                 qc_fired(run->verdict.fired, page->arena),
                                 ""};
    put_row(t, cells, sizeof cells / sizeof *cells);
}

static void put_figure(Buffer *t, const Page *page, const DriftFigure *f)
{
    const char *const cells[] = {drift_figure_code(f->kind),
                                 f->group,
                                 f->code,
                                 "",
                                 "",
                                 f->item,
                                 "",
                                 or_empty(page, f->value),
                                 "",
                                 or_empty(page, f->expected),
                                 "",
                                 "",
                                 drift_state_code(f->state),
                                 "",
                                 arena_print(page->arena, "%zu", f->n)};
    put_row(t, cells, sizeof cells / sizeof *cells);
}

static void put_action(Buffer *t, const Page *page, const QcAction *a)
{
    const char *const cells[] = {"action",   page_time(page, a->time),
                                 a->analyte, "",
                                 a->run,     a->cause,
                                 "",         a->action,
                                 "",         "",
                                 "",         "",
                                 "",         "",
                                 ""};
    put_row(t, cells, sizeof cells / sizeof *cells);
}

static void tsv_print(Document *tsv, const Page *page, const QcView *view)
{
    Buffer t = {.arena = page->arena};
    buffer_put(&t, "kind\ttime\tcode\tinstrument\trun\titem\tlot\tvalue\tunit\tmean\tsd\tz\tstate\t"
                   "rules\tn\n");
    for (size_t i = 0; i < qc_size(view->book); i++) {
        const QcSeries *s = qc_series(view->book, i);
        for (size_t r = 0; r < s->n_runs; r++)
            for (size_t k = 0; k < s->runs[r].n; k++)
                put_control(&t, page, &s->runs[r], &s->points[s->runs[r].first + k]);
    }
    for (size_t i = 0; i < view->n_figures; i++)
        put_figure(&t, page, &view->figures[i]);
    for (size_t i = 0; i < view->n_actions; i++)
        put_action(&t, page, &view->actions[i]);
    *tsv = (Document){.folder = "", .name = "qc.tsv", .kind = "qc", .bytes = t.bytes, .size = t.n};
}

/* ---- page ---- */

static void header_facts(Page *page, const QcView *view)
{
    const QcTally t = report_qc_tally(view);
    const struct {
        const char *label;
        size_t n;
    } counts[] = {{"label.qc_judged", t.runs},     {"qc.state.accepted", t.accepted},
                  {"qc.state.warning", t.warning}, {"qc.state.rejected", t.rejected},
                  {"qc.state.none", t.none},       {"label.qc_alarms", t.alarms}};
    page_fact(page, "label.issued", page_time(page, view->stamp->now));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        page_fact(page, counts[i].label, arena_print(page->arena, "%zu", counts[i].n));
    page_fact(page, "label.release", reference_release(view->reference));
    page_fact(page, "label.program", view->stamp->program);
}

Status report_qc(Document *html, Document *tsv, const QcView *view, Arena *arena, Note *why)
{
    Page *page = page_new(view->reference, view->stamp, "qc", arena);
    header_facts(page, view);
    attention(page, view);
    qc_drift_sections(page, view);
    lots(page, view);
    Markup *m = html_begin(page);
    for (size_t i = 0; i < page->n_sections; i++)
        html_section(m, page, &page->sections[i]);
    charts(m, page, view);
    qc_drift_charts(m, page, view);
    tsv_print(tsv, page, view);
    *html = (Document){.folder = "", .name = "qc.html", .kind = "qc"};
    return html_end(html, m, page, why);
}
