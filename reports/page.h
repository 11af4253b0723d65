/* page - the content of one document, before it is dressed as XML or HTML.
 *
 * A Page is a title, header facts, and sections of paragraphs and tables whose texts come from
 * reference words and coded fields only. Whatever speaks about a fetus carries `fetal`, so that
 * the deny gate can read exactly that. */
#ifndef SCREENLAB_PAGE_H
#define SCREENLAB_PAGE_H

#include "../lab/figure.h"
#include "markup.h"
#include "report.h"

/* How a row reads at a glance; never the only carrier of a meaning: the word stands beside it. */
typedef enum Tone { TONE_PLAIN, TONE_GOOD, TONE_ALERT, TONE_CHECK, TONE_REPEAT, TONE_MUTED } Tone;

typedef struct Row {
    const char **cells; /* as many as the block has columns; "" = empty */
    Tone tone;
    bool fetal;
} Row;

typedef enum BlockKind { BLOCK_LEAD, BLOCK_PARAGRAPH, BLOCK_HEADING, BLOCK_TABLE } BlockKind;

typedef struct Block {
    BlockKind kind;
    const char *text; /* of all but a table */
    bool fetal;
    const char **heads; /* of a table */
    size_t n_columns;
    Row *rows;
    size_t n_rows, row_capacity;
} Block;

typedef struct Section {
    const char *id;    /* "actions", "results-3": stable, used as anchor and class */
    const char *loinc; /* row "section.<loinc>" of cda.tsv, NULL = a code of our own */
    const char *title;
    bool has_subject; /* the findings are about `subject`, who is not the person of the record */
    Subject subject;
    bool fetal;
    Block *blocks;
    size_t n_blocks, block_capacity;
    Finding *entries; /* coded entries of the XML */
    size_t n_entries, entry_capacity;
} Section;

typedef struct HeaderFact {
    const char *label, *value;
} HeaderFact;

typedef struct Page {
    Arena *arena;
    const Reference *reference;
    const Stamp *stamp;
    const char *kind; /* Document.kind */
    const char *title;
    const char *laboratory;
    HeaderFact facts[16];
    size_t n_facts;
    Section *sections;
    size_t n_sections, section_capacity;
    Figures figures; /* pictures, of the HTML dress only */
} Page;

Page *page_new(const Reference *reference, const Stamp *stamp, const char *kind, Arena *arena);
const char *page_word(const Page *page, const char *key);
/* Word `prefix.code`; "" for an empty code. */
const char *page_coded(const Page *page, const char *prefix, const char *code);
void page_fact(Page *page, const char *label_key,
               const char *value); /* nothing when value is empty */

/* Sections, blocks and rows lie in arrays that grow: a pointer holds until the next one of its
 * kind is added. */
Section *page_section(Page *page, const char *id, const char *title);
Block *section_text(const Page *page, Section *section, BlockKind kind, const char *text);
/* Heads are wording keys, NULL-terminated. */
Block *section_table(const Page *page, Section *section, const char *const *head_keys);
Row *block_row(const Page *page, Block *table, Tone tone); /* cells are "" until filled */
void section_entry(const Page *page, Section *section, const Finding *finding);

Tone answer_tone(Answer answer);
const char *page_date(const Page *page, Date date);
const char *page_time(const Page *page, Instant instant); /* local, to the minute */
const char *page_centre(const Page *page, const Centre *centre);
/* A number for a reader: %.6g with its unit, or as layout.tsv formats that code (percent,
 * fraction). */
const char *page_value(const Page *page, const Finding *finding);
/* "HBB", or the finding's sentence with the item in its place. */
const char *page_finding(const Page *page, const Finding *finding, bool with_item);
const char *page_detail(const Page *page,
                        const Finding *finding); /* words of its detail, "" = none */
const char *page_subject(const Page *page, Subject subject, bool fetal);
/* Word of the answer: "answer.<code>.<answer>" or "answer.<assay>.<answer>" where the wording
 * has one, else "answer.<answer>". */
const char *page_answer(const Page *page, const Finding *finding);
/* Sentence of a note with its place filled in where the sentence names it, and no place before
 * it. */
const char *page_note(const Page *page, const Note *note);
/* How layout.tsv lists findings of that code: "each" (also when it is silent), "grouped",
 * "counted", "entry". */
const char *page_place(const Page *page, const char *code);
/* How layout.tsv wants a number of that code read: "" "percent" "fraction" "one_in" "none". */
const char *page_format(const Page *page, const char *code);

/* The second line of the firewall: false when any text about a fetus holds a word about its sex. */
bool page_gate(const Page *page);

#endif
