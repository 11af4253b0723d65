/* Results: one section for each person, in it one block for each sample and assay.
 *
 * layout.tsv says how the findings of a code are listed:
 *     each      one row a finding (also for every code the table does not name, so nothing
 *               is hidden by silence)
 *     grouped   findings of one answer and one reason share a row that lists their items,
 *               with their numbers
 *     counted   what was found is listed like "grouped"; the rest appears as counts that add
 *               up, and one by one in the coded entries of the result report
 *     entry     only in the coded entries: what the page says in another way (a sum that is
 *               counted anew here)
 * Only "negative" is ever printed in the tone of a good result. */
#include "buffer.h"
#include "content.h"

#include <string.h>

/* "检出", with what a reader must know about its footing. */
static const char *reading(const Page *page, const Finding *f)
{
    bool tells_qc = f->qc != NULL && *f->qc != '\0' && strcmp(f->qc, "accepted") != 0;
    return arena_print(page->arena, "%s%s%s%s", page_answer(page, f),
                       f->example ? page_word(page, "label.example_number") : "",
                       f->unverified ? page_word(page, "label.unverified") : "",
                       tells_qc ? page_coded(page, "label.qc", f->qc) : "");
}

static const char *remark(const Page *page, const ToldOne *t)
{
    const char *detail = page_detail(page, t->f);
    const char *value = t->listing == LIST_EACH ? page_value(page, t->f) : "";
    if (*value == '\0' || *detail == '\0') return *value ? value : detail;
    return arena_print(page->arena, "%s\n%s", value, detail);
}

static void result_row(const Telling *told, Block *table, size_t leader)
{
    const ToldOne *t = &told->items[leader];
    size_t count;
    Finding f = *t->f;
    f.item = telling_items(told, leader, &count);
    Row *row = block_row(told->page, table, answer_tone(f.answer));
    row->cells[0] = page_finding(told->page, &f, true);
    row->cells[1] = reading(told->page, &f);
    row->cells[2] = remark(told->page, t);
}

/* Rows of one block and rank; findings that are only counted get a row when something was found. */
static void rank_rows(const Telling *told, Block *table, size_t block, Rank rank)
{
    for (size_t i = block; i < told->n; i++) {
        const ToldOne *t = &told->items[i];
        bool apart =
            (rank == RANK_NEGATIVE && t->listing == LIST_COUNTED) || t->listing == LIST_ENTRY;
        if (t->block == block && t->rank == rank && t->leader == i && !apart)
            result_row(told, table, i);
    }
}

/* "Site: 130 = found 1 + negative 98 + not assessed 31": every finding of the code is in one of
 * the counts. */
static void count_line(const Telling *told, Section *s, size_t code)
{
    static const Answer order[] = {ANSWER_POSITIVE,     ANSWER_POSSIBLE, ANSWER_NEGATIVE,
                                   ANSWER_NOT_ASSESSED, ANSWER_INVALID,  ANSWER_FAILED,
                                   ANSWER_MISSING,      ANSWER_REFUSED,  ANSWER_MEASURED};
    _Static_assert(sizeof order / sizeof order[0] == ANSWERS, "every answer is counted");
    const Page *page = told->page;
    size_t counts[ANSWERS] = {0}, total = 0;
    for (size_t i = code; i < told->n; i++)
        if (told->items[i].code == code) {
            counts[told->items[i].f->answer]++;
            total++;
        }
    Buffer text = {.arena = page->arena};
    const char *name = page_finding(page, told->items[code].f, false), *plus = "";
    buffer_put(&text, arena_print(page->arena, "%s: %zu =", name, total));
    for (size_t k = 0; k < ANSWERS; k++) {
        if (counts[order[k]] == 0) continue;
        const char *word = page_coded(page, "answer", answer_code(order[k]));
        buffer_put(&text, arena_print(page->arena, "%s %s %zu", plus, word, counts[order[k]]));
        plus = " +";
    }
    (void)section_text(page, s, BLOCK_PARAGRAPH, buffer_text(&text));
}

static const char *sample_line(const Telling *told, const ToldOne *t)
{
    const Page *page = told->page;
    const char *assay = page_coded(page, "assay", t->f->assay);
    if (t->sample == NULL) return assay;
    return arena_print(page->arena, "%s · %s · %s · %s %s", assay, t->sample->id,
                       page_coded(page, "material", material_code(t->sample->material)),
                       page_word(page, "label.collected"), page_time(page, t->sample->collected));
}

/* Every finding is a coded entry of the result report. A referral leaves out the single sites where
 * nothing was found: its recipient has a task, and genetic detail beyond the task stays here. */
static bool is_coded(const Telling *told, const ToldOne *t)
{
    return told->input->paper->kind != PAPER_REFERRAL || t->listing != LIST_COUNTED ||
           t->rank < RANK_NEGATIVE;
}

/* One assay on one sample of one person: heading, table, counts, coded entries. */
static void assay_block(const Telling *told, Section *s, size_t block)
{
    static const char *const heads[] = {"label.item", "label.answer", "label.remark", NULL};
    const Page *page = told->page;
    (void)section_text(page, s, BLOCK_HEADING, sample_line(told, &told->items[block]));
    Block *table = section_table(page, s, heads);
    for (int rank = RANK_FOUND; rank < RANK_NOT_ASSESSED; rank++)
        rank_rows(told, table, block, (Rank)rank);
    if (table->n_rows == 0) {
        s->n_blocks--;
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.nothing_assessed"));
    }
    for (size_t i = block; i < told->n; i++) {
        const ToldOne *t = &told->items[i];
        if (t->block != block) continue;
        if (t->code == i && t->listing == LIST_COUNTED) count_line(told, s, i);
        if (is_coded(told, t)) section_entry(page, s, t->f);
    }
}

static bool has_woman(const Case *c)
{
    for (size_t i = 0; i < c->n_samples; i++)
        if (c->samples[i].subject == SUBJECT_WOMAN) return true;
    return false;
}

static void group_section(Page *page, const Telling *told, Group g, size_t number)
{
    const char *title =
        arena_print(page->arena, "%s — %s", page_word(page, "label.results"), group_name(page, g));
    Section *s = page_section(page, arena_print(page->arena, "results-%zu", number), title);
    Subject record = has_woman(told->input->c) ? SUBJECT_WOMAN : SUBJECT_NEWBORN;
    s->loinc = "results";
    s->fetal = g.fetal;
    s->subject = g.subject;
    s->has_subject = g.fetal || (!g.whole_case && g.subject != record);
    for (size_t i = 0; i < told->n; i++)
        if (told->items[i].block == i && group_same(told->items[i].group, g))
            assay_block(told, s, i);
}

void content_results(Page *page, const Telling *told)
{
    static const Group order[] = {
        {SUBJECT_UNKNOWN, false, true},  {SUBJECT_WOMAN, false, false},
        {SUBJECT_PARTNER, false, false}, {SUBJECT_FETUS_A, true, false},
        {SUBJECT_FETUS_B, true, false},  {SUBJECT_UNKNOWN, true, false},
        {SUBJECT_NEWBORN, false, false}, {SUBJECT_UNKNOWN, false, false},
    };
    size_t number = 0;
    for (size_t g = 0; g < sizeof order / sizeof order[0]; g++) {
        bool any = false;
        for (size_t i = 0; i < told->n && !any; i++)
            any = group_same(told->items[i].group, order[g]);
        if (any) group_section(page, told, order[g], ++number);
    }
}
