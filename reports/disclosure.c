/* What the parents' doctor reads: affected, not expected to be affected, or not determinable. Every other sentence is the same for all three, among them that
 * "not determinable" is no good news, and that only the mother's own variant was looked for. No count, copy, depth or certainty of the
 * fetus stands here: each would tell more than was approved. */
#include "disclosure.h"

#include "dress.h"

#include <string.h>

/* The sentence of the answer, with blanks up to the length of the longest of the three. */
static const char *padded_answer(const Page *page, Disclosure answer)
{
    size_t longest = 0;
    for (int i = 0; i < DISCLOSURES; i++) {
        size_t n = strlen(page_coded(page, "disclosure.answer", disclosure_code((Disclosure)i)));
        longest = n > longest ? n : longest;
    }
    const char *text = page_coded(page, "disclosure.answer", disclosure_code(answer));
    char *out = arena_alloc(page->arena, longest + 1);
    memset(out, ' ', longest);
    memcpy(out, text, strlen(text));
    out[longest] = '\0';
    return out;
}

static void answer_section(Page *page, const DisclosurePaper *p)
{
    Section *s = page_section(page, "answer", page_word(page, "label.disclosure_answer"));
    s->fetal = true;
    (void)section_text(page, s, BLOCK_LEAD, padded_answer(page, p->answer));
    static const char *const always[] = {"disclosure.means", "disclosure.scope",
                                         "disclosure.counsel", "disclosure.forbidden"};
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, always[i]));
    if (p->condition->unverified)
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "disclosure.unverified"));
}

static void step_row(const Page *page, Block *table, const char *word, const char *person,
                     Instant time)
{
    Row *row = block_row(page, table, TONE_PLAIN);
    row->cells[0] = page_word(page, word);
    row->cells[1] = person;
    row->cells[2] = page_time(page, time);
}

static void approval_section(Page *page, const DisclosurePaper *p)
{
    static const char *const heads[] = {"label.disclosure_step", "label.disclosure_person",
                                        "label.disclosure_time", NULL};
    Section *s = page_section(page, "approvals", page_word(page, "label.disclosure_approvals"));
    Block *table = section_table(page, s, heads);
    step_row(page, table, "disclosure.step.request", p->requester, p->requested);
    Date day = date_of(p->stamp->now, p->stamp->offset_minutes);
    for (size_t i = 0; i < p->n_experts; i++) {
        const DisclosureExpert *e = &p->experts[i];
        const char *field = disclosure_field(p->reference, &e->who, day);
        if (*field == '\0') continue; /* no expert any more: not counted, not named */
        step_row(page, table, arena_print(page->arena, "disclosure.step.%s", field), e->who.code,
                 e->time);
    }
    step_row(page, table, "disclosure.step.give", p->giver, p->stamp->now);
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "disclosure.law"));
}

static const char *table_version(const Page *page, const Table *table)
{
    return arena_print(page->arena, "%s %s", table->info.name, table->info.version);
}

Status report_disclosure(Document *html, const DisclosurePaper *p, Arena *arena, Note *why)
{
    Page *page = page_new(p->reference, p->stamp, "disclosure", arena);
    const char *condition = page_coded(page, "disclosure.condition", p->condition->code);
    page_fact(page, "label.case", p->case_id);
    page_fact(page, "label.sample", p->sample);
    page_fact(page, "label.disclosure_condition", condition);
    page_fact(page, "label.disclosure_variant", p->row);
    page_fact(page, "label.issued", page_time(page, p->stamp->now));
    page_fact(page, "label.disclosure_tables",
              arena_print(arena, "%s; %s", table_version(page, p->condition->table),
                          table_version(page, p->limits->table)));
    page_fact(page, "label.disclosure_key", p->fingerprint);
    answer_section(page, p);
    approval_section(page, p);
    *html = (Document){
        .folder = "disclosed",
        .name = arena_print(arena, "%s-%s-%s.html", p->case_id, p->condition->code, p->sample),
        .kind = "disclosure"};
    if (!page_gate(page)) return note_fail(why, REFUSED, "gate.denied", (Place){0}, NULL);
    return html_print(html, page, why);
}
