/* The receipt: what a centre sent in, row by row accepted or rejected, and what it is asked to
 * do.
 *
 * Nothing is lost silently: the counts add up on the page and are checked again by whoever reads
 * the XML (xml_check_document). A rejected row that names no known centre is told to the city.
 * Every receipt carries the same sentence about fetal sex, whether or not such a column was
 * sent, because a sentence that came only sometimes would tell. The XML is a small form of our
 * own, namespace urn:screenlab:receipt:1, described in docs/formats.md. */
#include "dress.h"
#include "summary.h"

#include <string.h>

static const char receipt_namespace[] = "urn:screenlab:receipt:1";

typedef struct Receipt {
    const BatchView *view;
    const Centre *centre;
    Page *page;
} Receipt;

static bool is_accepted(const Receipt *r, const SampleRow *row)
{
    return strcmp(row->sample->submitter, r->centre->id) == 0;
}

static bool is_rejected(const Receipt *r, const RejectedRow *row)
{
    if (strcmp(row->centre, r->centre->id) == 0) return true;
    const Centres *centres = reference_centres(r->view->reference);
    return r->centre == centres->city && centre_find(centres, row->centre) == NULL;
}

static const char *note_text(const Receipt *r, const Note *note)
{
    return report_note(note, r->view->reference, r->view->stamp->lang, r->page->arena);
}

/* The sentence alone; the place has columns of its own. */
static const char *note_sentence(const Receipt *r, const Note *note)
{
    return page_note(r->page, note);
}

static const char *counted(const Receipt *r, size_t n)
{
    return arena_print(r->page->arena, "%zu", n);
}

static size_t count_state(const Receipt *r, SampleState state)
{
    size_t n = 0;
    for (size_t i = 0; i < r->view->n_cases; i++)
        for (size_t s = 0; s < r->view->cases[i].n_samples; s++) {
            const SampleRow *row = &r->view->cases[i].samples[s];
            n += is_accepted(r, row) && row->state == state ? 1 : 0;
        }
    return n;
}

static size_t count_rejected(const Receipt *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->view->n_rejected; i++)
        n += is_rejected(r, &r->view->rejected[i]) ? 1 : 0;
    return n;
}

static size_t count_accepted(const Receipt *r)
{
    size_t n = 0;
    for (int state = STATE_AWAITING; state <= STATE_REPLACED; state++)
        n += count_state(r, (SampleState)state);
    return n;
}

static void count_row(const Receipt *r, Block *table, Tone tone, const char *label, size_t n)
{
    Row *row = block_row(r->page, table, tone);
    row->cells[0] = label;
    row->cells[1] = counted(r, n);
}

static void overview(const Receipt *r)
{
    static const char *const heads[] = {"label.what", "label.count", NULL};
    static const Tone tones[] = {[STATE_AWAITING] = TONE_MUTED,
                                 [STATE_INTERPRETED] = TONE_GOOD,
                                 [STATE_NOT_INTERPRETABLE] = TONE_ALERT,
                                 [STATE_REPLACED] = TONE_REPEAT};
    Page *page = r->page;
    Section *s = page_section(page, "overview", page_word(page, "label.overview"));
    Block *table = section_table(page, s, heads);
    for (int state = STATE_AWAITING; state <= STATE_REPLACED; state++) {
        const char *word = page_coded(page, "state", sample_state_code((SampleState)state));
        const char *label =
            arena_print(page->arena, "%s · %s", page_word(page, "label.accepted"), word);
        count_row(r, table, tones[state], label, count_state(r, (SampleState)state));
    }
    count_row(r, table, TONE_PLAIN, page_word(page, "label.accepted_total"), count_accepted(r));
    count_row(r, table, count_rejected(r) ? TONE_ALERT : TONE_PLAIN,
              page_word(page, "label.rejected_total"), count_rejected(r));
}

static void rejected_section(const Receipt *r)
{
    static const char *const heads[] = {"label.file_row", "label.field", "label.sample",
                                        "label.reason_and_action", NULL};
    Page *page = r->page;
    Section *s = page_section(page, "rejected", page_word(page, "label.rejected"));
    if (count_rejected(r) == 0) {
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.rejected_none"));
        return;
    }
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < r->view->n_rejected; i++) {
        const RejectedRow *rejected = &r->view->rejected[i];
        if (!is_rejected(r, rejected)) continue;
        Row *row = block_row(page, table, TONE_ALERT);
        const Note *note = &rejected->note;
        row->cells[0] = note->row > 0 ? arena_print(page->arena, "%s : %ld", note->file, note->row)
                                      : note->file;
        row->cells[1] = note->field;
        row->cells[2] = arena_print(page->arena, "%s%s%s", rejected->sample,
                                    *rejected->case_id ? "\n" : "", rejected->case_id);
        row->cells[3] = note_sentence(r, note);
    }
}

static void accepted_row(const Receipt *r, Block *table, const SampleRow *row)
{
    static const Tone tones[] = {[STATE_AWAITING] = TONE_MUTED,
                                 [STATE_INTERPRETED] = TONE_GOOD,
                                 [STATE_NOT_INTERPRETABLE] = TONE_ALERT,
                                 [STATE_REPLACED] = TONE_REPEAT};
    const Page *page = r->page;
    Row *to = block_row(page, table, tones[row->state]);
    const char *when = page_word(page, row->new_in_batch ? "label.this_batch" : "label.earlier");
    to->cells[0] = arena_print(page->arena, "%s", row->sample->id);
    to->cells[1] = page_coded(page, "state", sample_state_code(row->state));
    to->cells[2] = row->sample->case_id;
    to->cells[3] = page_coded(page, "assay", row->sample->assay);
    to->cells[4] = row->state == STATE_NOT_INTERPRETABLE ? note_text(r, &row->note) : when;
}

static void accepted_section(const Receipt *r)
{
    static const char *const heads[] = {"label.sample", "label.state",  "label.case",
                                        "label.assay",  "label.remark", NULL};
    Page *page = r->page;
    Section *s = page_section(page, "accepted", page_word(page, "label.accepted_samples"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < r->view->n_cases; i++)
        for (size_t k = 0; k < r->view->cases[i].n_samples; k++)
            if (is_accepted(r, &r->view->cases[i].samples[k]))
                accepted_row(r, table, &r->view->cases[i].samples[k]);
    if (table->n_rows > 0) return;
    s->n_blocks--;
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.accepted_none"));
}

static void statements(const Receipt *r)
{
    Page *page = r->page;
    Section *s = page_section(page, "declarations", page_word(page, "label.declarations"));
    if (reference_demo(page->reference))
        (void)section_text(page, s, BLOCK_LEAD, page_word(page, "label.example_sentence"));
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.receipt_fetal_sex"));
}

static void xml_sample(Markup *m, const Receipt *r, const SampleRow *row)
{
    markup_open(m, "sample");
    markup_attr(m, "id", row->sample->id);
    markup_number(m, "revision", row->sample->revision);
    markup_attr(m, "case", row->sample->case_id);
    markup_attr(m, "assay", row->sample->assay);
    markup_attr(m, "state", sample_state_code(row->state));
    markup_attr(m, "registered", row->new_in_batch ? "this_batch" : "earlier");
    if (row->state == STATE_NOT_INTERPRETABLE) {
        markup_attr(m, "code", row->note.code);
        markup_text(m, note_text(r, &row->note));
    }
    markup_close(m);
}

static void xml_accepted(Markup *m, const Receipt *r)
{
    markup_open(m, "accepted");
    markup_attr(m, "count", counted(r, count_accepted(r)));
    for (size_t i = 0; i < r->view->n_cases; i++)
        for (size_t k = 0; k < r->view->cases[i].n_samples; k++)
            if (is_accepted(r, &r->view->cases[i].samples[k]))
                xml_sample(m, r, &r->view->cases[i].samples[k]);
    markup_close(m);
}

static const char *or_absent(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

static void xml_rejected(Markup *m, const Receipt *r)
{
    markup_open(m, "rejected");
    markup_attr(m, "count", counted(r, count_rejected(r)));
    for (size_t i = 0; i < r->view->n_rejected; i++) {
        const RejectedRow *row = &r->view->rejected[i];
        if (!is_rejected(r, row)) continue;
        markup_open(m, "row");
        markup_attr(m, "file", or_absent(row->note.file));
        if (row->note.row > 0)
            markup_attr(m, "row", arena_print(r->page->arena, "%ld", row->note.row));
        markup_attr(m, "field", or_absent(row->note.field));
        markup_attr(m, "sample", or_absent(row->sample));
        markup_attr(m, "case", or_absent(row->case_id));
        markup_attr(m, "code", row->note.code);
        markup_text(m, note_sentence(r, &row->note));
        markup_close(m);
    }
    markup_close(m);
}

static Status xml_print(Document *out, const Receipt *r, Note *why)
{
    char issued[INSTANT_TEXT];
    const Page *page = r->page;
    Markup *m = markup_new(page->arena, MARKUP_XML);
    instant_print(issued, page->stamp->now, page->stamp->offset_minutes);
    markup_open(m, "receipt");
    markup_attr(m, "xmlns", receipt_namespace);
    markup_attr(m, "xml:lang", page->stamp->lang == LANG_EN ? "en" : "zh-CN");
    markup_attr(m, "batch", page->stamp->batch);
    markup_attr(m, "centre", r->centre->id);
    markup_attr(m, "issued", issued);
    markup_attr(m, "program", page->stamp->program);
    markup_attr(m, "reference", reference_release(page->reference));
    markup_attr(m, "example", reference_demo(page->reference) ? "true" : "false");
    markup_leaf(m, "statement", NULL, page_word(page, "label.receipt_fetal_sex"));
    xml_accepted(m, r);
    xml_rejected(m, r);
    markup_close(m);
    return markup_finish(&out->bytes, &out->size, m, why);
}

Status report_receipt(Document *xml, Document *html, const BatchView *view, const Centre *centre,
                      Arena *arena, Note *why)
{
    Receipt r = {.view = view,
                 .centre = centre,
                 .page = page_new(view->reference, view->stamp, "receipt", arena)};
    page_fact(r.page, "label.to", page_centre(r.page, centre));
    page_fact(r.page, "label.batch", view->stamp->batch);
    page_fact(r.page, "label.issued", page_time(r.page, view->stamp->now));
    page_fact(r.page, "label.program", view->stamp->program);
    overview(&r);
    rejected_section(&r);
    accepted_section(&r);
    statements(&r);
    Document x = {.folder = "receipts", .kind = "receipt"}, h = x;
    x.name = arena_print(arena, "%s-%s.xml", view->stamp->batch, centre->id);
    h.name = arena_print(arena, "%s-%s.html", view->stamp->batch, centre->id);
    Status status = xml_print(&x, &r, why);
    if (status == OK) status = html_print(&h, r.page, why);
    if (status != OK) return status;
    *xml = x;
    *html = h;
    return OK;
}
