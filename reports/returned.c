/* What a centre hears about what it sent back. A row that was refused says what to do; one that was known already says that nothing is asked.
 * Only codes and numbers of ours stand here: an outcome is not repeated, because it may be about a fetus. */
#include "returned.h"

#include "buffer.h"
#include "dress.h"

#include <string.h>

static const char *answer_name(ReturnedAnswer answer)
{
    static const char *const names[] = {"taken", "known", "refused"};
    return names[answer];
}

static Tone tone_of(ReturnedAnswer answer)
{
    return answer == RETURNED_TAKEN   ? TONE_GOOD
           : answer == RETURNED_KNOWN ? TONE_MUTED
                                      : TONE_ALERT;
}

/* Refused rows first: they ask for something. */
static void rows_of(Page *page, const Returned *r, Section *section, ReturnedAnswer answer)
{
    static const char *const heads[] = {"label.row",  "label.care_answer", "label.referral",
                                        "label.step", "label.remark",      NULL};
    Block *table = NULL;
    for (size_t i = 0; i < r->n; i++) {
        const ReturnedRow *row = &r->rows[i];
        if (row->answer != answer) continue;
        if (table == NULL) table = section_table(page, section, heads);
        Row *cells = block_row(page, table, tone_of(answer));
        cells->cells[0] = arena_print(page->arena, "%ld", row->row);
        cells->cells[1] = page_coded(page, "returned", answer_name(answer));
        cells->cells[2] = row->referral;
        cells->cells[3] = page_coded(page, "care.step", row->step);
        cells->cells[4] = row->note.code != NULL ? page_note(page, &row->note) : "";
    }
}

static void fill(Page *page, const Returned *r)
{
    size_t counts[3] = {0};
    for (size_t i = 0; i < r->n; i++)
        counts[r->rows[i].answer]++;
    page_fact(page, "label.centre", page_centre(page, r->centre));
    page_fact(page, "label.issued", page_time(page, page->stamp->now));
    Section *s = page_section(page, "returned", page_word(page, "label.returned"));
    if (r->whole != NULL) {
        (void)section_text(page, s, BLOCK_LEAD, page_note(page, r->whole));
        return;
    }
    const char *const pairs[] = {"taken",   arena_print(page->arena, "%zu", counts[0]),
                                 "known",   arena_print(page->arena, "%zu", counts[1]),
                                 "refused", arena_print(page->arena, "%zu", counts[2]),
                                 NULL};
    (void)section_text(page, s, BLOCK_LEAD,
                       word_fill(page_word(page, "returned.counts"), pairs, page->arena));
    rows_of(page, r, s, RETURNED_REFUSED);
    rows_of(page, r, s, RETURNED_TAKEN);
    rows_of(page, r, s, RETURNED_KNOWN);
}

static void print_tsv(Document *tsv, const Page *page, const Returned *r)
{
    Buffer t = {.arena = page->arena};
    buffer_put(&t, "row\treferral\tversion\tstep\tanswer\tcode\n");
    if (r->whole != NULL)
        buffer_put(&t, arena_print(page->arena, "\t\t\t\trefused\t%s\n", r->whole->code));
    for (size_t i = 0; i < r->n; i++) {
        const ReturnedRow *row = &r->rows[i];
        buffer_put(&t, arena_print(page->arena, "%ld\t%s\t%d\t%s\t%s\t%s\n", row->row,
                                   row->referral, row->version, row->step, answer_name(row->answer),
                                   row->note.code != NULL ? row->note.code : ""));
    }
    *tsv = (Document){.folder = "", .kind = "returned", .bytes = t.bytes, .size = t.n};
}

Status report_returned(Document *html, Document *tsv, const Returned *returned, Arena *arena,
                       Note *why)
{
    Page *page = page_new(returned->reference, returned->stamp, "returned", arena);
    fill(page, returned);
    print_tsv(tsv, page, returned);
    *html = (Document){.folder = "", .kind = "returned"};
    return html_print(html, page, why);
}
