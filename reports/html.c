/* A Page as HTML: one embedded style sheet, no script, nothing loaded from anywhere; prints on
 * A4.
 *
 * The look of a laboratory sheet: quiet, black on white, one accent; tone is carried by a word
 * and by a bar at the row's edge, never by colour alone. Marks that must stand on every printed
 * page (EXAMPLE, DRAFT) are fixed boxes, which browsers repeat on each page. */
#include "dress.h"
#include "figure.h"
#include "scale.h"

#include <stdint.h>
#include <string.h>

extern const char *const html_style[]; /* style.c */

static const char *tone_class(Tone tone)
{
    static const char *const classes[] = {
        [TONE_PLAIN] = NULL,    [TONE_GOOD] = "good",     [TONE_ALERT] = "alert",
        [TONE_CHECK] = "check", [TONE_REPEAT] = "repeat", [TONE_MUTED] = "muted"};
    return classes[tone];
}

static size_t genotype_length(const char *text)
{
    size_t n = 0;
    while (text[n] != '\0' && strchr(" ),;", text[n]) == NULL && (unsigned char)text[n] < 0xE0)
        n++; /* from 0xE0 on: Chinese words and their full-width marks */
    return n;
}

/* A genotype such as --/aa keeps its hyphens on one line: the end of a line between them would make it another one. */
static void put_line(Markup *m, const Page *page, const char *text)
{
    for (const char *at; (at = strstr(text, "--")) != NULL;) {
        size_t n = genotype_length(at);
        markup_text(m, arena_copy_n(page->arena, text, (size_t)(at - text)));
        markup_leaf(m, "span", "whole", arena_copy_n(page->arena, at, n));
        text = at + n;
    }
    markup_text(m, text);
}

static void put_lines(Markup *m, const Page *page, const char *text)
{
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        put_line(m, page, arena_copy_n(page->arena, text, (size_t)(end - text)));
        markup_empty(m, "br", (const char *const[]){NULL});
    }
    put_line(m, page, text);
}

static void head(Markup *m, const Page *page)
{
    const char *title = page->n_facts > 0 ? page->facts[0].value : "";
    markup_open(m, "head");
    markup_empty(m, "meta", (const char *const[]){"charset", "utf-8", NULL});
    markup_empty(m, "meta",
                 (const char *const[]){"name", "viewport", "content",
                                       "width=device-width, initial-scale=1", NULL});
    markup_leaf(m, "title", NULL, arena_print(page->arena, "%s · %s", page->title, title));
    markup_style(m, html_style);
    markup_close(m);
}

static void page_marks(Markup *m, const Page *page)
{
    if (!reference_demo(page->reference)) return;
    markup_leaf(m, "div", "stamp", page_word(page, "label.example"));
    markup_leaf(m, "div", "watermark", page_word(page, "label.example"));
}

static bool is_draft(const Page *page)
{
    static const char *const own[] = {"receipt",  "summary",    "qc",        "returned",
                                      "worklist", "indicators", "disclosure"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(page->kind, own[i]) == 0) return false;
    return true;
}

static void masthead(Markup *m, const Page *page)
{
    markup_open(m, "header");
    markup_leaf(m, "p", "laboratory", page->laboratory);
    markup_open(m, "h1");
    markup_text(m, page->title);
    if (is_draft(page)) markup_leaf(m, "span", "draft", page_word(page, "label.draft"));
    markup_close(m);
    markup_open(m, "dl");
    for (size_t i = 0; i < page->n_facts; i++) {
        markup_open(m, "div");
        markup_leaf(m, "dt", NULL, page->facts[i].label);
        markup_leaf(m, "dd", NULL, page->facts[i].value);
        markup_close(m);
    }
    markup_close(m);
    markup_close(m);
}

Markup *html_begin(const Page *page)
{
    Markup *m = markup_new(page->arena, MARKUP_HTML);
    markup_open(m, "html");
    markup_attr(m, "lang", page->stamp->lang == LANG_EN ? "en" : "zh-CN");
    head(m, page);
    markup_open(m, "body");
    markup_attr(m, "class", page->kind);
    page_marks(m, page);
    masthead(m, page);
    markup_open(m, "main");
    return m;
}

static void table_head(Markup *m, const Block *block)
{
    markup_open(m, "thead");
    markup_open(m, "tr");
    for (size_t i = 0; i < block->n_columns; i++) {
        markup_open(m, "th");
        markup_attr(m, "scope", "col");
        markup_text(m, block->heads[i]);
        markup_close(m);
    }
    markup_close(m);
    markup_close(m);
}

static void put_table(Markup *m, const Page *page, const Block *block)
{
    markup_open(m, "table");
    table_head(m, block);
    markup_open(m, "tbody");
    for (size_t r = 0; r < block->n_rows; r++) {
        markup_open(m, "tr");
        markup_attr(m, "class", tone_class(block->rows[r].tone));
        for (size_t i = 0; i < block->n_columns; i++) {
            markup_open(m, "td");
            put_lines(m, page, block->rows[r].cells[i]);
            markup_close(m);
        }
        markup_close(m);
    }
    markup_close(m);
    markup_close(m);
}

void html_blocks(Markup *m, const Page *page, const Section *section)
{
    static const char *const elements[] = {
        [BLOCK_LEAD] = "p", [BLOCK_PARAGRAPH] = "p", [BLOCK_HEADING] = "h3"};
    for (size_t i = 0; i < section->n_blocks; i++) {
        const Block *block = &section->blocks[i];
        if (block->kind == BLOCK_TABLE)
            put_table(m, page, block);
        else
            markup_leaf(m, elements[block->kind], block->kind == BLOCK_LEAD ? "lead" : NULL,
                        block->text);
    }
}

void html_section(Markup *m, const Page *page, const Section *section)
{
    markup_open(m, "section");
    markup_attr(m, "id", section->id);
    markup_leaf(m, "h2", NULL, section->title);
    html_blocks(m, page, section);
    markup_close(m);
}

Status html_end(Document *out, Markup *m, const Page *page, Note *why)
{
    markup_close(m);
    markup_open(m, "footer");
    const char *mark = is_draft(page) ? page_word(page, "label.draft_footer") : "";
    markup_text(m, arena_print(page->arena, "%s · %s · %s %s%s%s", page->laboratory, page->title,
                               page->stamp->program, reference_release(page->reference),
                               *mark ? " · " : "", mark));
    markup_close(m);
    markup_close(m);
    markup_close(m);
    return markup_finish(&out->bytes, &out->size, m, why);
}

/* Pictures stand behind the results, which may be several sections. */
static size_t last_of_results(const Page *page)
{
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < page->n_sections; i++)
        if (strncmp(page->sections[i].id, "results", 7) == 0) last = i;
    return last;
}

Status html_print(Document *out, const Page *page, Note *why)
{
    Markup *m = html_begin(page);
    size_t last = last_of_results(page);
    for (size_t i = 0; i < page->n_sections; i++) {
        html_section(m, page, &page->sections[i]);
        if (i != last) continue;
        html_scales(m, page);
        html_figures(m, page);
    }
    return html_end(out, m, page, why);
}
