/* The sections beside the results: what was not assessed, what the paper rests on, and the sentences every document carries.
 *
 * What was not assessed has a section of its own, with its reason: an absence from the results is never the way in which a
 * reader learns it. */
#include "content.h"

#include <string.h>

static void limit_row(const Telling *told, Block *table, size_t leader)
{
    const ToldOne *t = &told->items[leader];
    const Page *page = told->page;
    size_t count;
    Finding f = *t->f;
    f.item = telling_items(told, leader, &count);
    if (t->listing == LIST_COUNTED) f.item = arena_print(page->arena, "× %zu", count);
    Row *row = block_row(page, table, TONE_MUTED);
    row->fetal = t->group.fetal;
    row->cells[0] = group_name(page, t->group);
    row->cells[1] = page_finding(page, &f, true);
    row->cells[2] = *f.detail ? page_detail(page, &f) : page_word(page, "label.no_reason");
}

void content_limits(Page *page, const Telling *told)
{
    static const char *const heads[] = {"label.about", "label.item", "label.why_not", NULL};
    Section *s = page_section(page, "limits", page_word(page, "label.limits"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < told->n; i++) {
        const ToldOne *t = &told->items[i];
        if (t->rank == RANK_NOT_ASSESSED && t->listing != LIST_ENTRY && t->leader == i)
            limit_row(told, table, i);
    }
    if (table->n_rows == 0) {
        s->n_blocks--;
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.limits_none"));
    }
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.limits_general"));
}

static void table_row(const Page *page, Block *block, const char *name, const char *version)
{
    for (size_t i = 0; i < block->n_rows; i++)
        if (strcmp(block->rows[i].cells[0], name) == 0 &&
            strcmp(block->rows[i].cells[1], version) == 0)
            return;
    const Table *t = reference_table(page->reference, name);
    Row *row = block_row(page, block, TONE_PLAIN);
    row->cells[0] = name;
    row->cells[1] = version;
    row->cells[2] = t ? t->info.valid_from : "";
    row->cells[3] = t ? page_coded(page, "status", t->info.status) : "";
}

void content_foundations(Page *page, const Telling *told)
{
    static const char *const heads[] = {"label.table", "label.version", "label.valid_from",
                                        "label.status", NULL};
    Section *s = page_section(page, "foundations", page_word(page, "label.foundations"));
    const char *const pairs[] = {"release", reference_release(page->reference),
                                 "program", page->stamp->program,
                                 "batch",   page->stamp->batch,
                                 NULL};
    const char *text = word_fill(page_word(page, "label.made_with"), pairs, page->arena);
    (void)section_text(page, s, BLOCK_PARAGRAPH, text);
    Block *block = section_table(page, s, heads);
    for (size_t i = 0; i < told->n; i++)
        if (*told->items[i].f->table != '\0')
            table_row(page, block, told->items[i].f->table, told->items[i].f->version);
    const Table *triage = reference_table(page->reference, "triage");
    if (triage != NULL) table_row(page, block, "triage", triage->info.version);
    if (block->n_rows == 0) s->n_blocks--;
}

void content_declarations(Page *page)
{
    static const char *const keys[] = {"label.fetal_sex", "label.draft_sentence",
                                       "label.pseudonym_sentence"};
    Section *s = page_section(page, "declarations", page_word(page, "label.declarations"));
    if (reference_demo(page->reference))
        (void)section_text(page, s, BLOCK_LEAD, page_word(page, "label.example_sentence"));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, keys[i]));
}
