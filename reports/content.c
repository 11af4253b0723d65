/* What a paper rests on, what its answers mean to the woman, and the sentences that every document carries. */
#include "content.h"

#include "../lab/assays/assay.h"

#include <string.h>

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

/* A conclusion names the table that decided it; what it was computed from stands here too, or nobody could compute it again. An assay of several
 * guidelines must not name those that were not asked. */
static void tables_of_assay(const Page *page, Block *block, const char *code)
{
    const Assay *assay = assay_find(code);
    for (size_t i = 0; assay != NULL && assay->rests_on_all && assay->tables[i] != NULL; i++) {
        const Table *t = reference_table(page->reference, assay->tables[i]);
        if (t != NULL) table_row(page, block, assay->tables[i], t->info.version);
    }
}

static const char *counsel_key(const Page *page, const Finding *f)
{
    const char *key = arena_print(page->arena, "counsel.%s.%s", f->code, answer_code(f->answer));
    return reference_has_word(page->reference, key) ? key : NULL;
}

/* One sentence for each kind of answer that wording has one for ("counsel.<code>.<answer>"), in the order of findings. */
void content_counsel(Page *page, const Telling *told)
{
    Section *s = NULL;
    for (size_t i = 0; i < told->n; i++) {
        const char *key = counsel_key(page, told->items[i].f);
        bool seen = key == NULL;
        for (size_t k = 0; k < i && !seen; k++) {
            const char *before = counsel_key(page, told->items[k].f);
            seen = before != NULL && strcmp(before, key) == 0;
        }
        if (seen) continue;
        if (s == NULL) s = page_section(page, "counsel", page_word(page, "label.counsel"));
        section_text(page, s, BLOCK_PARAGRAPH, page_word(page, key))->fetal =
            told->items[i].f->fetal;
    }
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
    for (size_t i = 0; i < told->n; i++)
        if (i == 0 || strcmp(told->items[i].f->assay, told->items[i - 1].f->assay) != 0)
            tables_of_assay(page, block, told->items[i].f->assay);
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
