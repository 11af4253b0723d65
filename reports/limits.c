/* What was not assessed, and why: a section of its own, so that an absence from the results is
 * never the way in which a reader learns it.
 *
 * The same gap in several persons is one row that names them, because the page is read by one
 * clinician for all of them; fetuses share rows among themselves only, since the deny gate reads
 * theirs and not the others'. Findings that are only counted (panel sites) stand in one row a
 * person, with the number of each reason. */
#include "buffer.h"
#include "content.h"

#include <string.h>

typedef struct Limit {
    bool fetal;
    Group last; /* the last group that `about` names */
    const char *about, *item, *why;
} Limit;

typedef struct Limits {
    const Telling *told;
    Limit *items;
    size_t n, capacity;
} Limits;

static const char *comma(const Telling *told)
{
    return told->page->stamp->lang == LANG_EN ? ", " : "、";
}

static const char *reason(const Page *page, const Finding *f)
{
    return *f->detail ? page_detail(page, f) : page_word(page, "label.no_reason");
}

static void add(Limits *limits, const ToldOne *t, const char *item, const char *why)
{
    const Page *page = limits->told->page;
    for (size_t i = 0; i < limits->n; i++) {
        Limit *l = &limits->items[i];
        if (l->fetal != t->group.fetal || strcmp(l->item, item) != 0 || strcmp(l->why, why) != 0)
            continue;
        if (!group_same(l->last, t->group))
            l->about = arena_print(page->arena, "%s%s%s", l->about, comma(limits->told),
                                   group_name(page, t->group));
        l->last = t->group;
        return;
    }
    if (limits->n == limits->capacity)
        limits->items =
            arena_grow(page->arena, limits->items, &limits->capacity, sizeof *limits->items);
    limits->items[limits->n++] =
        (Limit){t->group.fetal, t->group, group_name(page, t->group), item, why};
}

static void add_row(Limits *limits, size_t leader)
{
    const ToldOne *t = &limits->told->items[leader];
    size_t count;
    Finding f = *t->f;
    f.item = telling_items(limits->told, leader, &count);
    add(limits, t, page_finding(limits->told->page, &f, true), reason(limits->told->page, &f));
}

static bool leads_gap(const Telling *told, size_t i)
{
    const ToldOne *t = &told->items[i];
    return t->rank == RANK_NOT_ASSESSED && t->leader == i && t->listing != LIST_ENTRY;
}

/* All gaps of one code of one person: "site × 99: no second source 76; needs MLPA 23". */
static void add_counted(Limits *limits, size_t first)
{
    const Telling *told = limits->told;
    const ToldOne *t = &told->items[first];
    const char *semicolon = told->page->stamp->lang == LANG_EN ? "; " : "；";
    Buffer why = {.arena = told->page->arena};
    size_t total = 0;
    for (size_t i = t->code; i < told->n; i++) {
        size_t count;
        if (told->items[i].code != t->code || !leads_gap(told, i)) continue;
        if (i < first) return; /* told already */
        (void)telling_items(told, i, &count);
        buffer_put(&why, arena_print(told->page->arena, "%s%s × %zu", why.n > 0 ? semicolon : "",
                                     reason(told->page, told->items[i].f), count));
        total += count;
    }
    Finding f = *t->f;
    f.item = arena_print(told->page->arena, "× %zu", total);
    add(limits, t, page_finding(told->page, &f, true), buffer_text(&why));
}

/* The rows that name the same persons, under a heading of these persons. */
static void print_group(const Page *page, Section *s, const Limits *limits, size_t first)
{
    static const char *const heads[] = {"label.item", "label.why_not", NULL};
    const Limit *lead = &limits->items[first];
    section_text(page, s, BLOCK_HEADING, lead->about)->fetal = lead->fetal;
    Block *table = section_table(page, s, heads);
    for (size_t i = first; i < limits->n; i++) {
        const Limit *l = &limits->items[i];
        if (l->fetal != lead->fetal || strcmp(l->about, lead->about) != 0) continue;
        Row *row = block_row(page, table, TONE_MUTED);
        row->fetal = l->fetal;
        row->cells[0] = l->item;
        row->cells[1] = l->why;
    }
}

static void print_groups(const Page *page, Section *s, const Limits *limits)
{
    for (size_t i = 0; i < limits->n; i++) {
        bool begun = false;
        for (size_t k = 0; k < i && !begun; k++)
            begun = limits->items[k].fetal == limits->items[i].fetal &&
                    strcmp(limits->items[k].about, limits->items[i].about) == 0;
        if (!begun) print_group(page, s, limits, i);
    }
}

void content_limits(Page *page, const Telling *told)
{
    Limits limits = {.told = told};
    for (size_t i = 0; i < told->n; i++) {
        if (!leads_gap(told, i)) continue;
        if (told->items[i].listing == LIST_COUNTED)
            add_counted(&limits, i);
        else
            add_row(&limits, i);
    }
    Section *s = page_section(page, "limits", page_word(page, "label.limits"));
    if (limits.n > 0)
        print_groups(page, s, &limits);
    else
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.limits_none"));
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.limits_general"));
}
