/* The page that decides whether screening finds anything: who has not answered, who is late, whose result nobody has acted upon. The most urgent
 * class stands first, and in it what has waited longest. Above it the reconciliation: every document produced is a draft, superseded, unsent, sent
 * or acknowledged, and the five numbers add up, or the page says that they do not. No clinical value stands here: the referral says what was found. */
#include "worklist.h"

#include "buffer.h"
#include "dress.h"
#include "plot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* In this order on the page. */
static const CareClass order[] = {WAIT_OVERDUE, WAIT_UNACKNOWLEDGED, WAIT_RETURNED, WAIT_DECIDE,
                                  WAIT_UNSENT,  WAIT_DRAFT,          WAIT_DUE};

enum { CLASSES = sizeof order / sizeof *order };

static Tone tone_of(CareClass c)
{
    static const Tone tones[CARE_CLASSES] = {
        [WAIT_OVERDUE] = TONE_ALERT,  [WAIT_UNACKNOWLEDGED] = TONE_CHECK,
        [WAIT_RETURNED] = TONE_CHECK, [WAIT_DECIDE] = TONE_REPEAT,
        [WAIT_UNSENT] = TONE_REPEAT,  [WAIT_DRAFT] = TONE_MUTED,
        [WAIT_DUE] = TONE_GOOD};
    return tones[c];
}

static size_t count_class(const Worklist *list, CareClass c, Level level)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += list->items[i].wait.class == c &&
             (level == LEVEL_NONE || list->items[i].wait.level == level);
    return n;
}

/* Passed on further first, then what has waited longest. */
static int by_urgency(const void *a, const void *b)
{
    const WorkItem *x = *(const WorkItem *const *)a, *y = *(const WorkItem *const *)b;
    if (x->wait.level != y->wait.level) return x->wait.level > y->wait.level ? -1 : 1;
    if (x->thread.since != y->thread.since) return x->thread.since < y->thread.since ? -1 : 1;
    return strcmp(x->thread.paper, y->thread.paper);
}

static const char *due_text(const Page *page, const WorkItem *item)
{
    const char *date = page_date(page, item->thread.due);
    return *date == '\0' ? page_word(page, "label.no_date") : date;
}

static const char *level_text(const Page *page, const WorkItem *item)
{
    bool passed = item->thread.at != NULL && item->wait.level > item->thread.at->level;
    const char *level =
        page_word(page, arena_print(page->arena, "worklist.level.%d", (int)item->wait.level));
    return passed ? arena_print(page->arena, "%s%s", page_word(page, "worklist.passed_on"), level)
                  : level;
}

static const char *remark(const Page *page, const WorkItem *item)
{
    const char *text = "";
    if (item->newer_draft) text = page_word(page, "worklist.newer_draft");
    if (item->moving)
        text = arena_print(page->arena, "%s%s", text, page_word(page, "worklist.moving"));
    if (item->wait.uncertain) text = arena_print(page->arena, "%s※", text);
    return text;
}

static void item_row(const Page *page, Block *table, const WorkItem *item)
{
    Row *row = block_row(page, table, tone_of(item->wait.class));
    row->cells[0] = item->thread.paper;
    row->cells[1] = *care_state_code(item->thread.state) != '\0'
                        ? page_coded(page, "care.step", care_state_code(item->thread.state))
                        : page_word(page, "care.step.new");
    row->cells[2] = page_date(page, item->thread.since);
    row->cells[3] = due_text(page, item);
    row->cells[4] = page_centre(page, item->thread.at);
    row->cells[5] = level_text(page, item);
    row->cells[6] = remark(page, item);
}

static void class_section(Page *page, const Worklist *list, const WorkItem **sorted, CareClass c)
{
    static const char *const heads[] = {
        "label.referral", "label.care_state", "label.since",       "label.until",
        "label.centre",   "label.care_level", "label.care_remark", NULL};
    if (count_class(list, c, LEVEL_NONE) == 0) return;
    Section *s = page_section(page, arena_print(page->arena, "work-%s", care_class_code(c)),
                              page_coded(page, "worklist.class", care_class_code(c)));
    (void)section_text(page, s, BLOCK_PARAGRAPH,
                       page_coded(page, "worklist.do", care_class_code(c)));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < list->n; i++)
        if (sorted[i]->wait.class == c) item_row(page, table, sorted[i]);
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "worklist.uncertain"));
}

static bool is_late(const Page *page, const WorkCall *call)
{
    return call->due == INSTANT_NONE || call->due < page->stamp->now;
}

/* Above everything else: a critical finding that nobody has been told of. */
static void call_section(Page *page, const Worklist *list)
{
    static const char *const heads[] = {"label.referral", "label.until", "label.centre",
                                        "label.care_remark", NULL};
    if (list->n_calls == 0) return;
    Section *s = page_section(page, "work-call", page_word(page, "worklist.class.call"));
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "worklist.do.call"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < list->n_calls; i++) {
        const WorkCall *call = &list->calls[i];
        bool late = is_late(page, call);
        Row *row = block_row(page, table, late ? TONE_ALERT : TONE_CHECK);
        row->cells[0] = arena_print(page->arena, "%s-v%d", call->paper, call->version);
        row->cells[1] = call->due == INSTANT_NONE ? page_word(page, "pending.at_once")
                                                  : page_time(page, call->due);
        row->cells[2] =
            page_centre(page, centre_find(reference_centres(list->reference), call->centre));
        row->cells[3] = late ? page_word(page, "worklist.call_late") : "";
    }
}

static void reconciliation(Page *page, const WorkCounts *c)
{
    static const char *const heads[] = {"label.where_it_is", "label.how_many", NULL};
    const struct {
        const char *word;
        int64_t n;
        Tone tone;
    } rows[] = {{"worklist.at.acknowledged", c->acknowledged, TONE_GOOD},
                {"worklist.at.unacknowledged", c->unacknowledged, TONE_CHECK},
                {"worklist.at.unsent", c->unsent, TONE_REPEAT},
                {"worklist.at.draft", c->draft, TONE_MUTED},
                {"worklist.at.superseded", c->superseded, TONE_MUTED},
                {"worklist.at.produced", c->produced, TONE_PLAIN}};
    Section *s = page_section(page, "overview", page_word(page, "label.reconciliation"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Row *row = block_row(page, table, rows[i].tone);
        row->cells[0] = page_word(page, rows[i].word);
        row->cells[1] = arena_print(page->arena, "%" PRId64, rows[i].n);
    }
    bool whole =
        c->acknowledged + c->unacknowledged + c->unsent + c->draft + c->superseded == c->produced;
    (void)section_text(page, s, BLOCK_PARAGRAPH,
                       page_word(page, whole ? "worklist.adds_up" : "worklist.adds_up_not"));
}

/* One bar a class, in parts by the level that is told. */
static void picture(Markup *m, const Page *page, const Worklist *list)
{
    Bar bars[CLASSES];
    size_t n = 0;
    Plot plot = {.title = page_word(page, "worklist.picture"),
                 .parts = {page_word(page, "worklist.level.1"), page_word(page, "worklist.level.2"),
                           page_word(page, "worklist.level.3")},
                 .colours = {"#7fa8bd", "#c98a2b", "#a61b1b"},
                 .n_parts = 3,
                 .bars = bars};
    for (size_t i = 0; i < CLASSES; i++) {
        if (count_class(list, order[i], LEVEL_NONE) == 0) continue;
        bars[n] = (Bar){.label = page_coded(page, "worklist.class", care_class_code(order[i]))};
        for (int level = 1; level <= 3; level++)
            bars[n].counts[level - 1] = count_class(list, order[i], (Level)level);
        n++;
    }
    plot.n_bars = n;
    markup_open(m, "section");
    markup_attr(m, "id", "picture");
    plot_print(m, &plot, page->arena);
    markup_close(m);
}

static void print_tsv(Document *tsv, const Page *page, const Worklist *list,
                      const WorkItem **sorted)
{
    Buffer t = {.arena = page->arena};
    buffer_put(&t, "class\treferral\tversion\tcase\tstate\tsince\tdue\tcentre\tlevel\trule\n");
    for (size_t i = 0; i < list->n_calls; i++) {
        const WorkCall *c = &list->calls[i];
        const char *due = c->due == INSTANT_NONE ? "" : page_time(page, c->due);
        buffer_put(&t, arena_print(page->arena, "call\t%s\t%d\t%s\t%s\t\t%s\t%s\t3\t\n", c->paper,
                                   c->version, c->case_id, is_late(page, c) ? "late" : "open", due,
                                   c->centre));
    }
    for (size_t k = 0; k < CLASSES; k++)
        for (size_t i = 0; i < list->n; i++) {
            const WorkItem *w = sorted[i];
            if (w->wait.class != order[k]) continue;
            buffer_put(&t,
                       arena_print(page->arena, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n",
                                   care_class_code(w->wait.class), w->thread.paper,
                                   w->thread.version, w->case_id, care_state_code(w->thread.state),
                                   page_date(page, w->thread.since), page_date(page, w->thread.due),
                                   w->thread.at != NULL ? w->thread.at->id : "", (int)w->wait.level,
                                   w->wait.row));
        }
    *tsv = (Document){
        .folder = "", .name = "worklist.tsv", .kind = "worklist", .bytes = t.bytes, .size = t.n};
}

Status report_worklist(Document *html, Document *tsv, const Worklist *list, Arena *arena, Note *why)
{
    Page *page = page_new(list->reference, list->stamp, "worklist", arena);
    const WorkItem **sorted = arena_alloc(arena, (list->n + 1) * sizeof(const WorkItem *));
    for (size_t i = 0; i < list->n; i++)
        sorted[i] = &list->items[i];
    if (list->n > 0) qsort(sorted, list->n, sizeof *sorted, by_urgency);
    page_fact(page, "label.centre",
              list->centre != NULL ? page_centre(page, list->centre)
                                   : page_word(page, "worklist.all_centres"));
    if (list->level != LEVEL_NONE)
        page_fact(page, "label.care_level",
                  page_word(page, arena_print(arena, "worklist.level.%d", (int)list->level)));
    page_fact(page, "label.issued", page_time(page, page->stamp->now));
    page_fact(page, "label.open_referrals", arena_print(arena, "%zu", list->n));
    page_fact(page, "label.closed_referrals", arena_print(arena, "%zu", list->closed));
    call_section(page, list);
    for (size_t i = 0; i < CLASSES; i++)
        class_section(page, list, sorted, order[i]);
    reconciliation(page, &list->counts);
    Markup *m = html_begin(page);
    picture(m, page, list);
    for (size_t i = 0; i < page->n_sections; i++)
        html_section(m, page, &page->sections[i]);
    print_tsv(tsv, page, list, sorted);
    *html = (Document){.folder = "", .name = "worklist.html", .kind = "worklist"};
    return html_end(html, m, page, why);
}
