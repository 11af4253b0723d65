/* The technician's page: the batch at a glance, what failed and why first, then the way to every
 * document.
 *
 * Order of the page = order of the questions: does anything need my hands? did everything come
 * through? who is waiting for what? where does which paper lie? Every figure repeats a table.
 * Elapsed time stands nowhere, so that a resumed run gives the bytes of an undisturbed one. */
#include "tally.h"

#include <string.h>

const char *sample_state_code(SampleState state)
{
    static const char *const codes[] = {[STATE_AWAITING] = "awaiting",
                                        [STATE_INTERPRETED] = "interpreted",
                                        [STATE_NOT_INTERPRETABLE] = "not_interpretable",
                                        [STATE_REPLACED] = "replaced"};
    return codes[state];
}

static const char *const state_colours[] = {[STATE_AWAITING] = "#8593a1",
                                            [STATE_INTERPRETED] = "#1f6b45",
                                            [STATE_NOT_INTERPRETABLE] = "#a61b1b",
                                            [STATE_REPLACED] = "#5b4a9c"};
static const char *const answer_colours[ANSWERS] = {
    [ANSWER_NOT_ASSESSED] = "#8593a1", [ANSWER_NEGATIVE] = "#1f6b45",
    [ANSWER_POSITIVE] = "#a61b1b",     [ANSWER_POSSIBLE] = "#b06a00",
    [ANSWER_INVALID] = "#5b4a9c",      [ANSWER_FAILED] = "#7d3c98",
    [ANSWER_MISSING] = "#3f6c8f",      [ANSWER_REFUSED] = "#4a4a4a",
    [ANSWER_MEASURED] = "#2c8a9a"};

static const char *number(const Page *page, size_t n)
{
    return arena_print(page->arena, "%zu", n);
}

static void put_trouble(Page *page, Section *s, const Troubles *troubles)
{
    static const char *const heads[] = {"label.reason_and_action", "label.count",
                                        "label.rows_and_samples", NULL};
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < troubles->n; i++) {
        Row *row = block_row(page, table, TONE_ALERT);
        row->cells[0] = troubles->items[i].sentence;
        row->cells[1] = number(page, troubles->items[i].count);
        row->cells[2] = troubles->items[i].places;
    }
}

static void attention(Page *page, const BatchView *view)
{
    Section *s = page_section(page, "attention", page_word(page, "label.attention"));
    Troubles troubles = tally_troubles(page, view);
    if (troubles.n == 0)
        (void)section_text(page, s, BLOCK_LEAD, page_word(page, "label.attention_none"));
    else
        put_trouble(page, s, &troubles);
}

/* Heads: name, one column a state, total, rejected when known. */
static void state_table(Page *page, Section *s, const Tally *tally)
{
    static const char *const heads[] = {
        "label.name",     "state.awaiting",      "state.interpreted", "state.not_interpretable",
        "state.replaced", "label.samples_total", "label.rejected",    NULL};
    Block *table = section_table(page, s, heads);
    table->n_columns -= tally->has_rejected ? 0 : 1;
    for (size_t i = 0; i < tally->n; i++) {
        Row *row = block_row(page, table, TONE_PLAIN);
        size_t sum = 0;
        row->cells[0] = tally->bars[i].label;
        for (size_t k = 0; k <= STATE_REPLACED; k++) {
            row->cells[k + 1] = number(page, tally->bars[i].counts[k]);
            sum += tally->bars[i].counts[k];
        }
        row->cells[5] = number(page, sum);
        if (tally->has_rejected) row->cells[6] = number(page, tally->rejected[i]);
    }
}

static void answer_table(Page *page, Section *s, const Tally *tally)
{
    static const char *const heads[] = {"label.name",      "answer.positive",     "answer.possible",
                                        "answer.negative", "answer.not_assessed", "answer.invalid",
                                        "answer.failed",   "answer.missing",      "answer.refused",
                                        "answer.measured", "label.total",         NULL};
    static const Answer order[] = {ANSWER_POSITIVE,     ANSWER_POSSIBLE, ANSWER_NEGATIVE,
                                   ANSWER_NOT_ASSESSED, ANSWER_INVALID,  ANSWER_FAILED,
                                   ANSWER_MISSING,      ANSWER_REFUSED,  ANSWER_MEASURED};
    _Static_assert(sizeof order / sizeof order[0] == ANSWERS, "every answer has its column");
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < tally->n; i++) {
        Row *row = block_row(page, table, TONE_PLAIN);
        size_t sum = 0;
        row->cells[0] = tally->bars[i].label;
        for (size_t k = 0; k < ANSWERS; k++) {
            row->cells[k + 1] = number(page, tally->bars[i].counts[order[k]]);
            sum += tally->bars[i].counts[order[k]];
        }
        row->cells[ANSWERS + 1] = number(page, sum);
    }
}

static void state_figure(Markup *m, const Page *page, const Tally *tally, const char *title)
{
    Plot plot = {.title = title, .bars = tally->bars, .n_bars = tally->n};
    plot.n_parts = TALLY_REJECTED + 1;
    for (size_t i = 0; i < TALLY_REJECTED; i++) {
        plot.parts[i] = page_coded(page, "state", sample_state_code((SampleState)i));
        plot.colours[i] = state_colours[i];
    }
    plot.parts[TALLY_REJECTED] = page_word(page, "label.rejected");
    plot.colours[TALLY_REJECTED] = "#b06a00";
    plot_print(m, &plot, page->arena);
}

static void answer_figure(Markup *m, const Page *page, const Tally *tally, const char *title)
{
    Plot plot = {.title = title,
                 .bars = tally->bars,
                 .n_bars = tally->n,
                 .n_parts = ANSWERS,
                 .shares = true};
    for (size_t i = 0; i < ANSWERS; i++) {
        plot.parts[i] = page_coded(page, "answer", answer_code((Answer)i));
        plot.colours[i] = answer_colours[i];
    }
    plot_print(m, &plot, page->arena);
}

typedef struct Chapter {
    const char *id, *title_key;
    Tally tally;
    bool answers;
} Chapter;

/* A chapter is its figure above its table. */
static void chapter(Markup *m, Page *page, const Chapter *c)
{
    Section *s = page_section(page, c->id, page_word(page, c->title_key));
    markup_open(m, "section");
    markup_attr(m, "id", s->id);
    markup_leaf(m, "h2", NULL, s->title);
    if (c->answers) {
        answer_figure(m, page, &c->tally, s->title);
        answer_table(page, s, &c->tally);
    } else {
        state_figure(m, page, &c->tally, s->title);
        state_table(page, s, &c->tally);
    }
    html_blocks(m, page, s);
    markup_close(m);
}

static void levels(Page *page, const BatchView *view)
{
    static const char *const heads[] = {"label.level", "label.to", "label.referrals",
                                        "label.earliest_due", NULL};
    Section *s = page_section(page, "levels", page_word(page, "label.referrals_by_level"));
    Destinations to = tally_destinations(page, view);
    if (to.n == 0) {
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.referrals_none"));
        return;
    }
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < to.n; i++) {
        Row *row = block_row(page, table, TONE_PLAIN);
        row->cells[0] = page_word(
            page, arena_print(page->arena, "label.level_%d", (int)to.items[i].centre->level));
        row->cells[1] = page_centre(page, to.items[i].centre);
        row->cells[2] = number(page, to.items[i].referrals);
        row->cells[3] = page_date(page, to.items[i].earliest);
    }
}

static void waiting_row(const Page *page, Block *table, const SampleRow *row)
{
    const Centre *centre = centre_find(reference_centres(page->reference), row->sample->submitter);
    Row *to = block_row(page, table, TONE_MUTED);
    to->cells[0] = row->sample->id;
    to->cells[1] = row->sample->case_id;
    to->cells[2] = page_coded(page, "assay", row->sample->assay);
    to->cells[3] = page_centre(page, centre);
    to->cells[4] = page_time(page, row->sample->collected);
}

static void waiting(Page *page, const BatchView *view)
{
    static const char *const heads[] = {"label.sample",    "label.case",      "label.assay",
                                        "label.submitter", "label.collected", NULL};
    Section *s = page_section(page, "awaiting", page_word(page, "label.awaiting"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < view->n_cases; i++)
        for (size_t k = 0; k < view->cases[i].n_samples; k++)
            if (view->cases[i].samples[k].state == STATE_AWAITING)
                waiting_row(page, table, &view->cases[i].samples[k]);
    if (table->n_rows > 0) return;
    s->n_blocks--;
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.awaiting_none"));
}

static void unmatched(Page *page, const BatchView *view)
{
    static const char *const heads[] = {"label.sample", "label.file_row", "label.reason_and_action",
                                        NULL};
    Section *s = page_section(page, "unmatched", page_word(page, "label.unmatched"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < view->n_rejected; i++) {
        const Note *note = &view->rejected[i].note;
        if (!tally_unmatched(&view->rejected[i])) continue;
        Row *row = block_row(page, table, TONE_CHECK);
        row->cells[0] = view->rejected[i].sample;
        row->cells[1] = tally_place(page, note);
        row->cells[2] = page_note(page, note);
    }
    if (table->n_rows > 0) return;
    s->n_blocks--;
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.unmatched_none"));
}

static const char *sibling(const Page *page, const CaseRow *row, const char *html, size_t stem)
{
    const char *xml = arena_print(page->arena, "%.*s.xml", (int)stem, html);
    for (size_t i = 0; i < row->n_documents; i++)
        if (strcmp(row->documents[i], xml) == 0) return row->documents[i];
    return NULL;
}

static void link_to(Markup *m, const char *path, const char *text)
{
    markup_open(m, "a");
    markup_attr(m, "href", path);
    markup_text(m, text);
    markup_close(m);
}

/* "RN1-C1-230103-v1" within the row of case C1 is "RN1-230103-v1". */
static const char *short_name(const Page *page, const CaseRow *row, const char *name)
{
    const char *at = strstr(name, row->case_id);
    size_t n = strlen(row->case_id);
    if (at == NULL || at == name || at[-1] != '-' || at[n] != '-') return name;
    return arena_print(page->arena, "%.*s%s", (int)(at - 1 - name), name, at + n);
}

/* One line a document: its page by name, its XML behind it. */
static void links(Markup *m, const Page *page, const CaseRow *row)
{
    bool first = true;
    for (size_t i = 0; i < row->n_documents; i++) {
        const char *path = row->documents[i], *dot = strrchr(path, '.'),
                   *slash = strrchr(path, '/');
        if (dot == NULL || strcmp(dot, ".html") != 0) continue;
        const char *name = slash ? slash + 1 : path;
        const char *xml = sibling(page, row, path, (size_t)(dot - path));
        if (!first) markup_empty(m, "br", (const char *const[]){NULL});
        link_to(m, path,
                short_name(page, row, arena_copy_n(page->arena, name, (size_t)(dot - name))));
        markup_text(m, xml ? " · " : "");
        if (xml != NULL) link_to(m, xml, "XML");
        first = false;
    }
}

static void case_states(Markup *m, const Page *page, const CaseRow *row)
{
    for (size_t i = 0; i < row->n_samples; i++) {
        const SampleRow *sample = &row->samples[i];
        const char *state = page_coded(page, "state", sample_state_code(sample->state));
        if (i > 0) markup_empty(m, "br", (const char *const[]){NULL});
        markup_text(m, arena_print(page->arena, "%s · %s · %s", sample->sample->id,
                                   page_coded(page, "assay", sample->sample->assay), state));
    }
}

static int highest_level(const CaseRow *row)
{
    int level = 0;
    for (size_t i = 0; i < row->n_actions; i++)
        level = (int)row->actions[i].level > level ? (int)row->actions[i].level : level;
    return level;
}

static bool is_settled(const CaseRow *row)
{
    for (size_t i = 0; i < row->n_samples; i++)
        if (row->samples[i].state == STATE_AWAITING ||
            row->samples[i].state == STATE_NOT_INTERPRETABLE)
            return false;
    return true;
}

/* A case of which something is still open has no level of zero: "nothing to do" would be a
 * conclusion. */
static const char *level_word(const Page *page, const CaseRow *row)
{
    int level = highest_level(row);
    if (level == 0 && !is_settled(row)) return "—";
    return page_word(page, arena_print(page->arena, "label.level_%d", level));
}

static void case_row(Markup *m, const Page *page, const CaseRow *row)
{
    markup_open(m, "tr");
    markup_leaf(m, "td", "id", row->case_id);
    markup_open(m, "td");
    case_states(m, page, row);
    markup_close(m);
    markup_leaf(m, "td", NULL, level_word(page, row));
    markup_open(m, "td");
    links(m, page, row);
    markup_close(m);
    markup_close(m);
}

/* The only table with links, and the longest: written row by row. */
static void cases(Markup *m, const Page *page, const BatchView *view)
{
    static const char *const heads[] = {"label.case", "label.samples", "label.highest_level",
                                        "label.documents"};
    markup_open(m, "section");
    markup_attr(m, "id", "cases");
    markup_leaf(m, "h2", NULL, page_word(page, "label.cases"));
    markup_open(m, "table");
    markup_open(m, "thead");
    markup_open(m, "tr");
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        markup_leaf(m, "th", NULL, page_word(page, heads[i]));
    markup_close(m);
    markup_close(m);
    markup_open(m, "tbody");
    for (size_t i = 0; i < view->n_cases; i++)
        case_row(m, page, &view->cases[i]);
    markup_close(m);
    markup_close(m);
    markup_close(m);
}

static void from_section(Markup *m, Page *page, size_t *shown)
{
    for (; *shown < page->n_sections; ++*shown)
        html_section(m, page, &page->sections[*shown]);
}

static void header_counts(Page *page, const BatchView *view)
{
    size_t samples = 0;
    for (size_t i = 0; i < view->n_cases; i++)
        samples += view->cases[i].n_samples;
    page_fact(page, "label.batch", view->stamp->batch);
    page_fact(page, "label.issued", page_time(page, view->stamp->now));
    page_fact(page, "label.cases", number(page, view->n_cases));
    page_fact(page, "label.samples", number(page, samples));
    page_fact(page, "label.rejected", number(page, view->n_rejected));
    page_fact(page, "label.release", reference_release(view->reference));
    page_fact(page, "label.program", view->stamp->program);
}

static void closing(Page *page)
{
    Section *s = page_section(page, "declarations", page_word(page, "label.declarations"));
    if (reference_demo(page->reference))
        (void)section_text(page, s, BLOCK_LEAD, page_word(page, "label.example_sentence"));
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.receipt_fetal_sex"));
}

Status report_summary(Document *html, const BatchView *view, Arena *arena, Note *why)
{
    Page *page = page_new(view->reference, view->stamp, "summary", arena);
    size_t shown = 0;
    header_counts(page, view);
    Markup *m = html_begin(page);
    attention(page, view);
    from_section(m, page, &shown);
    const Chapter chapters[] = {
        {"states", "label.states", tally_all(page, view), false},
        {"centres", "label.per_centre", tally_centres(page, view), false},
        {"assays", "label.per_assay", tally_assays(page, view), false},
        {"answers", "label.answers_per_assay", tally_answers(page, view), true},
    };
    for (size_t i = 0; i < sizeof chapters / sizeof chapters[0]; i++)
        chapter(m, page, &chapters[i]);
    shown = page->n_sections;
    levels(page, view);
    waiting(page, view);
    unmatched(page, view);
    from_section(m, page, &shown);
    cases(m, page, view);
    closing(page);
    from_section(m, page, &shown);
    *html = (Document){.folder = "", .name = "summary.html", .kind = "summary"};
    return html_end(html, m, page, why);
}
