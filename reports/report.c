/* One paper: Page first, gate next, then the two dresses.
 *
 * The gate stands between content and bytes: a text about a fetus that holds a word about its
 * sex means that some rule before it is broken, and then nothing is written at all. Same
 * content, same bytes: ids derive from set id and version, time comes in with the stamp, order
 * is that of the findings. */
#include "report.h"

#include "../lab/assays/assay.h"

#include "content.h"
#include "dress.h"

#include <string.h>

static const char *paper_kind(PaperKind kind)
{
    static const char *const codes[] = {[PAPER_REFERRAL] = "referral",
                                        [PAPER_RESULT] = "result",
                                        [PAPER_WITHDRAWAL] = "withdrawal"};
    return codes[kind];
}

static const char *persons(const Page *page, const Case *c)
{
    const char *text = "";
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = strcmp(c->samples[k].person, s->person) == 0;
        if (!known) text = arena_print(page->arena, "%s%s%s", text, *text ? " / " : "", s->person);
    }
    return text;
}

static void header_facts(Page *page, const PaperInput *input)
{
    const Paper *paper = input->paper;
    const char *version = arena_print(page->arena, "%d", paper->version);
    page_fact(page, "label.to", page_centre(page, paper->to));
    page_fact(page, "label.copy_to", page_centre(page, paper->copy_to));
    if (paper->kind != PAPER_WITHDRAWAL) page_fact(page, "label.due", page_date(page, paper->due));
    page_fact(page, "label.case", input->c->id);
    page_fact(page, "label.person", persons(page, input->c));
    page_fact(page, "label.document_number", paper->id);
    page_fact(page, "label.version", version);
    page_fact(page, "label.issued", page_time(page, page->stamp->now));
}

/* What the case's assays want drawn, in the order of findings. */
static void draw_figures(Page *page, const PaperInput *input)
{
    page->figures = (Figures){.arena = page->arena};
    for (size_t a = 0; assays[a] != NULL; a++) {
        bool asked = false;
        for (size_t i = 0; i < input->c->n_samples; i++)
            asked = asked || strcmp(input->c->samples[i].assay, assays[a]->code) == 0;
        if (asked && assays[a]->draw != NULL)
            assays[a]->draw(&page->figures, input->c, input->reference, page->arena);
    }
}

static Page *paper_page(const PaperInput *input, Arena *arena)
{
    Page *page = page_new(input->reference, input->stamp, paper_kind(input->paper->kind), arena);
    Telling told = telling_new(page, input);
    header_facts(page, input);
    content_withdrawn(page, input);
    if (input->paper->kind != PAPER_WITHDRAWAL) {
        content_actions(page, input);
        content_results(page, &told);
        content_limits(page, &told);
        content_counsel(page, &told);
    }
    if (input->paper->kind == PAPER_RESULT) draw_figures(page, input);
    content_foundations(page, &told);
    content_declarations(page);
    return page;
}

static void name_document(Document *d, const Page *page, const PaperInput *input,
                          const char *suffix)
{
    const Paper *paper = input->paper;
    *d = (Document){.folder = paper->kind == PAPER_RESULT ? "results" : "referrals",
                    .kind = page->kind};
    d->name = arena_print(page->arena, "%s-%s-%s-v%d.%s", paper->id, input->c->id, paper->to->id,
                          paper->version, suffix);
}

Status report_paper(Document *xml, Document *html, const PaperInput *input, Arena *arena, Note *why)
{
    Page *page = paper_page(input, arena);
    if (!page_gate(page)) return note_fail(why, REFUSED, "gate.denied", (Place){0}, NULL);
    Document x, h;
    name_document(&x, page, input, "xml");
    name_document(&h, page, input, "html");
    Status status = cda_print(&x, page, input, why);
    if (status == OK) status = html_print(&h, page, why);
    if (status != OK) return status;
    *xml = x;
    *html = h;
    return OK;
}
