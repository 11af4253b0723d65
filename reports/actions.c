/* The box at the top: what is to be done, why, where, and until when.
 *
 * Actions that ask for the same thing at the same place until the same day are one row whose
 * reasons are listed, because a clinician acts once. Findings that ask for nothing are told in
 * one line each wording, not in a row each. */
#include "content.h"

#include <string.h>

enum { REASONS_SHOWN = 8 };

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* A fetal and a maternal finding never share a row: the deny gate reads the one and not the
 * other. */
static bool same_task(const Action *a, const Action *b)
{
    return a->level == b->level && a->to == b->to && a->due == b->due &&
           a->finding->fetal == b->finding->fetal && same_text(a->wording, b->wording) &&
           same_text(a->department, b->department) && same_text(a->urgency, b->urgency);
}

static bool told_before(const Paper *paper, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same_task(&paper->actions[k], &paper->actions[i])) return true;
    return false;
}

static const char *reason(const Page *page, const Finding *f)
{
    bool counted = strcmp(page_place(page, f->code), "counted") == 0;
    bool concern = f->answer == ANSWER_POSITIVE || f->answer == ANSWER_POSSIBLE;
    const char *who = page_subject(page, f->subject, f->fetal);
    const char *answer = page_answer(page, f);
    const char *what = page_finding(page, f, !counted || concern);
    if (f->subject == SUBJECT_UNKNOWN && *f->sample == '\0' && !f->fetal)
        who = page_word(page, "label.couple");
    return arena_print(page->arena, "%s · %s · %s", who, what, answer);
}

static const char *joined_reasons(const Page *page, const Paper *paper, size_t first)
{
    const char *shown[REASONS_SHOWN], *text = "";
    size_t n = 0, more = 0;
    for (size_t i = first; i < paper->n_actions; i++) {
        if (!same_task(&paper->actions[i], &paper->actions[first])) continue;
        const char *why = reason(page, paper->actions[i].finding);
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || strcmp(shown[k], why) == 0;
        if (known || n == REASONS_SHOWN) {
            more += known ? 0 : 1;
            continue;
        }
        shown[n++] = why;
        text = arena_print(page->arena, "%s%s%s", text, n > 1 ? "\n" : "", why);
    }
    if (more == 0) return text;
    const char *count = arena_print(page->arena, "%zu", more);
    const char *rest = word_fill(page_word(page, "label.and_more"),
                                 (const char *const[]){"n", count, NULL}, page->arena);
    return arena_print(page->arena, "%s\n%s", text, rest);
}

static const char *due_text(const Page *page, const Action *a)
{
    const char *date =
        a->due == DATE_NONE ? page_word(page, "label.no_date") : page_date(page, a->due);
    const char *mark = a->due_example     ? page_word(page, "label.due_example")
                       : a->due_uncertain ? page_word(page, "label.due_uncertain")
                                          : "";
    return arena_print(page->arena, "%s%s%s", date, *mark ? "\n" : "", mark);
}

static const char *place_text(const Page *page, const Action *a)
{
    const char *department = page_coded(page, "department", a->department);
    return arena_print(page->arena, "%s%s%s", page_centre(page, a->to), *department ? "\n" : "",
                       department);
}

static void action_rows(const Page *page, Section *s, const Paper *paper)
{
    static const char *const heads[] = {"label.what_to_do", "label.where", "label.until",
                                        "label.why", NULL};
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < paper->n_actions; i++) {
        const Action *a = &paper->actions[i];
        if (a->level == LEVEL_NONE || told_before(paper, i)) continue;
        Row *row = block_row(page, table, TONE_ALERT);
        const char *urgency = page_coded(page, "urgency", a->urgency);
        row->fetal = a->finding->fetal;
        row->cells[0] = page_coded(page, "action", a->wording);
        row->cells[1] = place_text(page, a);
        row->cells[2] =
            arena_print(page->arena, "%s%s%s", due_text(page, a), *urgency ? "\n" : "", urgency);
        row->cells[3] = joined_reasons(page, paper, i);
    }
}

static bool anything_to_do(const Paper *paper)
{
    for (size_t i = 0; i < paper->n_actions; i++)
        if (paper->actions[i].level != LEVEL_NONE) return true;
    return false;
}

/* Said by the absence of a task; every other wording of level 0 ("screen again in 5 years") is told. */
static const char plain_told[] = "told";

static bool told_in(const PaperInput *input, size_t i, const char *wording)
{
    for (size_t k = 0; k < i; k++)
        if (input->findings->items[k].fetal == input->findings->items[i].fetal &&
            strcmp(triage_told(input->reference, &input->findings->items[k]), wording) == 0)
            return true;
    return false;
}

/* What is told without a task: one sentence for each wording, in the result report. */
static void told_only(const Page *page, Section *s, const PaperInput *input)
{
    for (size_t i = 0; i < input->findings->n; i++) {
        const Finding *f = &input->findings->items[i];
        const char *wording = triage_told(input->reference, f);
        if (*wording == '\0' || strcmp(wording, plain_told) == 0 || told_in(input, i, wording))
            continue;
        const char *text = page_coded(page, "action", wording);
        section_text(page, s, BLOCK_PARAGRAPH, text)->fetal = f->fetal;
    }
}

void content_actions(Page *page, const PaperInput *input)
{
    const Paper *paper = input->paper;
    const char *title = page_word(page, paper->kind == PAPER_REFERRAL ? "label.reason_for_referral"
                                                                      : "label.recommendations");
    Section *s = page_section(page, "actions", title);
    s->loinc = paper->kind == PAPER_REFERRAL ? "actions" : NULL;
    if (anything_to_do(paper))
        action_rows(page, s, paper);
    else
        (void)section_text(page, s, BLOCK_LEAD, page_word(page, "label.nothing_to_do"));
    if (paper->kind == PAPER_RESULT) told_only(page, s, input);
}

void content_withdrawn(Page *page, const PaperInput *input)
{
    static const char *const heads[] = {"label.withdrawn_item", NULL};
    const Paper *paper = input->paper;
    if (paper->replaces == 0 && input->n_withdrawn == 0) return;
    Section *s = page_section(page, "withdrawn", page_word(page, "label.withdrawn"));
    const char *version = arena_print(page->arena, "%d", paper->replaces);
    const char *id = arena_print(page->arena, "%s-v%d", paper->id, paper->replaces);
    const char *key = paper->kind != PAPER_WITHDRAWAL ? "label.replaces"
                      : input->n_withdrawn > 0        ? "label.withdraws"
                                                      : "label.withdraws_moved";
    const char *const pairs[] = {"version", version, "id", id, NULL};
    (void)section_text(page, s, BLOCK_LEAD, word_fill(page_word(page, key), pairs, page->arena));
    if (input->n_withdrawn == 0) return;
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < input->n_withdrawn; i++) {
        const Withdrawn *w = &input->withdrawn[i];
        const Finding f = {.code = w->code, .item = w->item ? w->item : ""};
        Row *row = block_row(page, table, TONE_REPEAT);
        row->fetal = w->fetal;
        row->cells[0] = page_finding(page, &f, true);
    }
}
