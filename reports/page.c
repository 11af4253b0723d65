/* Building blocks of a Page, and the words in which dates, centres, numbers and findings are
 * told.
 *
 * Every text enters through reference_word() or is a coded field (an id, a date, a number, an
 * item of the reference): there is no way from a submitted free text into a Page. The gate reads
 * what is said about fetuses once more before anything is written; it refuses, it does not mend. */
#include "page.h"

#include "../lab/sex.h"

#include <math.h>
#include <string.h>

Page *page_new(const Reference *reference, const Stamp *stamp, const char *kind, Arena *arena)
{
    Page *page = arena_alloc(arena, sizeof *page);
    page->arena = arena;
    page->reference = reference;
    page->stamp = stamp;
    page->kind = kind;
    page->laboratory = page_centre(page, reference_centres(reference)->city);
    page->title = page_coded(page, "label.title", kind);
    return page;
}

const char *page_word(const Page *page, const char *key)
{
    return reference_word(page->reference, page->stamp->lang, key);
}

const char *page_coded(const Page *page, const char *prefix, const char *code)
{
    if (code == NULL || *code == '\0') return "";
    return page_word(page, arena_print(page->arena, "%s.%s", prefix, code));
}

void page_fact(Page *page, const char *label_key, const char *value)
{
    size_t room = sizeof page->facts / sizeof page->facts[0];
    if (value != NULL && *value != '\0' && page->n_facts < room)
        page->facts[page->n_facts++] = (HeaderFact){page_word(page, label_key), value};
}

Section *page_section(Page *page, const char *id, const char *title)
{
    if (page->n_sections == page->section_capacity)
        page->sections = arena_grow(page->arena, page->sections, &page->section_capacity,
                                    sizeof *page->sections);
    Section *section = &page->sections[page->n_sections++];
    *section = (Section){.id = id, .title = title};
    return section;
}

static Block *add_block(const Page *page, Section *section, BlockKind kind)
{
    if (section->n_blocks == section->block_capacity)
        section->blocks = arena_grow(page->arena, section->blocks, &section->block_capacity,
                                     sizeof *section->blocks);
    Block *block = &section->blocks[section->n_blocks++];
    *block = (Block){.kind = kind, .text = "", .fetal = section->fetal};
    return block;
}

Block *section_text(const Page *page, Section *section, BlockKind kind, const char *text)
{
    Block *block = add_block(page, section, kind);
    block->text = text;
    return block;
}

Block *section_table(const Page *page, Section *section, const char *const *head_keys)
{
    Block *block = add_block(page, section, BLOCK_TABLE);
    while (head_keys[block->n_columns] != NULL)
        block->n_columns++;
    block->heads = arena_alloc(page->arena, block->n_columns * sizeof *block->heads);
    for (size_t i = 0; i < block->n_columns; i++)
        block->heads[i] = page_word(page, head_keys[i]);
    return block;
}

Row *block_row(const Page *page, Block *table, Tone tone)
{
    if (table->n_rows == table->row_capacity)
        table->rows =
            arena_grow(page->arena, table->rows, &table->row_capacity, sizeof *table->rows);
    Row *row = &table->rows[table->n_rows++];
    *row = (Row){.tone = tone, .fetal = table->fetal};
    row->cells = arena_alloc(page->arena, table->n_columns * sizeof *row->cells);
    for (size_t i = 0; i < table->n_columns; i++)
        row->cells[i] = "";
    return row;
}

void section_entry(const Page *page, Section *section, const Finding *finding)
{
    if (section->n_entries == section->entry_capacity)
        section->entries = arena_grow(page->arena, section->entries, &section->entry_capacity,
                                      sizeof *section->entries);
    section->entries[section->n_entries++] = *finding;
}

Tone answer_tone(Answer answer)
{
    switch (answer) {
    case ANSWER_POSITIVE:
        return TONE_ALERT;
    case ANSWER_POSSIBLE:
        return TONE_CHECK;
    case ANSWER_NEGATIVE:
        return TONE_GOOD;
    case ANSWER_INVALID:
    case ANSWER_FAILED:
    case ANSWER_MISSING:
    case ANSWER_REFUSED:
        return TONE_REPEAT;
    case ANSWER_MEASURED:
    case ANSWER_NOT_ASSESSED:
        break;
    }
    return TONE_MUTED;
}

const char *page_date(const Page *page, Date date)
{
    if (date == DATE_NONE) return "";
    char text[DATE_TEXT];
    date_print(text, date);
    return arena_copy(page->arena, text);
}

const char *page_time(const Page *page, Instant instant)
{
    if (instant == INSTANT_NONE) return "";
    char text[INSTANT_TEXT];
    instant_print(text, instant, page->stamp->offset_minutes);
    text[10] = ' ';
    text[16] = '\0';
    return arena_copy(page->arena, text);
}

const char *page_centre(const Page *page, const Centre *centre)
{
    if (centre == NULL) return "";
    return page->stamp->lang == LANG_EN ? centre->en : centre->zh;
}

static const char *layout(const Page *page, const char *code, const char *column)
{
    const Table *table = reference_table(page->reference, "layout");
    long row = table ? table_find(table, code) : -1;
    return row < 0 ? "" : table_get(table, (size_t)row, column);
}

const char *page_place(const Page *page, const char *code)
{
    const char *place = layout(page, code, "place");
    return *place != '\0' ? place : "each";
}

const char *page_format(const Page *page, const char *code)
{
    return layout(page, code, "format");
}

/* "1 in 611", as a risk is spoken; N of a common risk keeps a digit: 1 in 1.2. */
static const char *one_in(const Page *page, double risk)
{
    double n = 1 / risk;
    const char *number =
        n < 10 ? arena_print(page->arena, "%.2g", n) : arena_print(page->arena, "%.0f", n);
    return word_fill(page_word(page, "label.one_in"), (const char *const[]){"n", number, NULL},
                     page->arena);
}

const char *page_value(const Page *page, const Finding *finding)
{
    if (!finding->has_value || !isfinite(finding->value)) return "";
    const char *format = layout(page, finding->code, "format");
    if (strcmp(format, "none") == 0) return "";
    if (strcmp(format, "percent") == 0)
        return arena_print(page->arena, "%.4g %%", finding->value * 100);
    /* 3/4 is no fraction with a 1 on top: it stays a number; 1/647.6 reads 1/648. */
    double inverse = finding->value > 0 ? 1 / finding->value : 0;
    if (strcmp(format, "fraction") == 0 &&
        (inverse >= 10 || (inverse > 1.5 && fabs(inverse - round(inverse)) < 1e-6)))
        return arena_print(page->arena, "1/%.0f", inverse);
    if (strcmp(format, "one_in") == 0 && *finding->unit == '\0' && finding->value > 0)
        return one_in(page, finding->value);
    /* As laboratories print it; the ledger keeps every digit. */
    if (strcmp(finding->unit, "{MoM}") == 0)
        return arena_print(page->arena, "%.2f MoM", finding->value);
    /* UCUM "1" and annotations in braces are units for programs, not for readers. */
    bool bare = *finding->unit == '\0' || *finding->unit == '{' || strcmp(finding->unit, "1") == 0;
    return arena_print(page->arena, "%.6g%s%s", finding->value, bare ? "" : " ",
                       bare ? "" : finding->unit);
}

/* "site {item}" without an item is "site". */
static const char *trimmed(const Page *page, const char *text)
{
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    return arena_copy_n(page->arena, text, n);
}

/* An item as readers know it ("inha" is inhibin A), where the wording has a row for it. */
static const char *item_word(const Page *page, const char *item)
{
    const char *key = arena_print(page->arena, "item.%s", item);
    return *item != '\0' && reference_has_word(page->reference, key) ? page_word(page, key) : item;
}

const char *page_finding(const Page *page, const Finding *finding, bool with_item)
{
    const char *pattern = page_coded(page, "finding", finding->code);
    const char *item = with_item ? item_word(page, finding->item) : "";
    if (strstr(pattern, "{item}") != NULL && *item != '\0')
        return word_fill(pattern, (const char *const[]){"item", item, NULL}, page->arena);
    if (strstr(pattern, "{item}") != NULL)
        return trimmed(page,
                       word_fill(pattern, (const char *const[]){"item", "", NULL}, page->arena));
    if (*item == '\0') return pattern;
    return arena_print(page->arena, "%s %s", pattern, item);
}

const char *page_detail(const Page *page, const Finding *finding)
{
    const char *pattern = page_coded(page, "detail", finding->detail);
    const char *const pairs[] = {"item", finding->item, "value", page_value(page, finding), NULL};
    return strchr(pattern, '{') ? word_fill(pattern, pairs, page->arena) : pattern;
}

const char *page_answer(const Page *page, const Finding *finding)
{
    const char *answer = answer_code(finding->answer);
    const char *const owners[] = {finding->code, finding->assay};
    for (size_t i = 0; i < sizeof owners / sizeof owners[0]; i++) {
        const char *key = arena_print(page->arena, "answer.%s.%s", owners[i], answer);
        if (reference_has_word(page->reference, key)) return page_word(page, key);
    }
    return page_coded(page, "answer", answer);
}

const char *page_subject(const Page *page, Subject subject, bool fetal)
{
    bool named = subject == SUBJECT_FETUS_A || subject == SUBJECT_FETUS_B;
    return fetal && !named ? page_word(page, "label.fetal_material")
                           : page_coded(page, "subject", subject_code(subject));
}

static bool denied(const char *text)
{
    return text != NULL && *text != '\0' && sex_text_denied(text);
}

static bool row_denied(const Row *row, size_t n_columns)
{
    for (size_t i = 0; i < n_columns; i++)
        if (denied(row->cells[i])) return true;
    return false;
}

static bool block_denied(const Block *block)
{
    if (block->fetal && denied(block->text)) return true;
    for (size_t i = 0; i < block->n_rows; i++)
        if (block->rows[i].fetal && row_denied(&block->rows[i], block->n_columns)) return true;
    return false;
}

static bool entry_denied(const Page *page, const Finding *f)
{
    return denied(f->code) || denied(f->item) || denied(f->detail) || denied(f->unit) ||
           denied(f->row) || denied(page_finding(page, f, true)) || denied(page_detail(page, f)) ||
           denied(page_answer(page, f));
}

static bool section_denied(const Page *page, const Section *section)
{
    if (section->fetal && denied(section->title)) return true;
    for (size_t i = 0; i < section->n_blocks; i++)
        if (block_denied(&section->blocks[i])) return true;
    for (size_t i = 0; i < section->n_entries; i++) {
        const Finding *f = &section->entries[i];
        if ((section->fetal || f->fetal) && entry_denied(page, f)) return true;
    }
    return false;
}

bool page_gate(const Page *page)
{
    for (size_t i = 0; i < page->n_sections; i++)
        if (section_denied(page, &page->sections[i])) return false;
    return true;
}
