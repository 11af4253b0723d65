/* The step from draft to document, by exchange of named places in the bytes that were reviewed.
 *
 * Why not written anew: between review and release a table may have changed, a program been updated, a history grown; a document made anew
 * could then differ from what two persons approved, and nobody would see it. So each place is a text that the draft must hold
 * exactly once, built from the same words as the draft; a draft in which one is missing, or stands twice, is refused
 * and must be made again (run --reissue). In CDA R2 the places are: the mark in the title, the name of the patient (and her
 * second id and telecom), legalAuthenticator and authenticator, the sentences of the declarations, and in an amended document a section
 * in front. What is added about a fetus passes the deny gate like any other text. */
#include "issue.h"

#include "dress.h"

#include <string.h>

typedef struct Exchange {
    const char *from, *to; /* from NULL: end of the list */
    bool first;            /* may stand again behind its first place */
} Exchange;

typedef struct Issuer {
    const Issue *issue;
    Page *page;
    Note *why;
    bool failed;
} Issuer;

static const char *word(const Issuer *s, const char *key)
{
    return page_word(s->page, key);
}

static const char *fill(const Issuer *s, const char *key, const char *const *pairs)
{
    return word_fill(word(s, key), pairs, s->page->arena);
}

/* ---- fragments ---- */

/* Each line moved to where it will stand: people read these files too. */
static const char *indented(const char *text, int depth, Arena *arena)
{
    const char *out = "";
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
        out = arena_print(arena, "%s%*s%.*s\n", out, depth, "", (int)(end - text), text);
    return out;
}

/* What was written without the line that a whole document begins with. */
static const char *end_fragment(Issuer *s, Markup *m)
{
    const char *bytes = "";
    size_t size = 0;
    if (markup_finish(&bytes, &size, m, s->why) != OK) {
        s->failed = true;
        return "";
    }
    const char *line = memchr(bytes, '\n', size);
    const char *from = line != NULL ? line + 1 : bytes;
    size_t n = size - (size_t)(from - bytes);
    while (n > 0 && from[n - 1] == '\n')
        n--;
    return arena_print(s->page->arena, "%.*s\n", (int)n, from);
}

static const char *element(Issuer *s, const char *name, const char *class_name, const char *text)
{
    Markup *m = markup_new(s->page->arena, MARKUP_HTML);
    markup_leaf(m, name, class_name, text);
    return end_fragment(s, m);
}

/* Text as the writer escapes it, without its element. */
static const char *escaped(Issuer *s, const char *text)
{
    const char *whole = element(s, "b", NULL, text);
    size_t n = strlen(whole);
    return n >= 8 ? arena_copy_n(s->page->arena, whole + 3, n - 8) : ""; /* <b> and </b>\n */
}

static const char *code_of(Issuer *s, const char *key)
{
    const Table *codes = reference_table(s->page->reference, "cda");
    long row = codes != NULL ? table_find(codes, key) : -1;
    if (row < 0 && !s->failed) {
        s->failed = true;
        (void)note_fail(s->why, NOT_FOUND, "table.key", (Place){.file = "cda"}, "%s", key);
    }
    return row < 0 ? "" : table_get(codes, (size_t)row, "value");
}

#define ATTRIBUTES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void put_id(Issuer *s, Markup *m, const char *key, const char *extension)
{
    markup_empty(m, "id", ATTRIBUTES("root", code_of(s, key), "extension", extension));
}

/* ---- who ---- */

static void put_patient(Markup *m, const Addressee *who)
{
    markup_open(m, "patient");
    if (who->guardian) {
        markup_empty(m, "name", ATTRIBUTES("nullFlavor", "MSK"));
        markup_open(m, "guardian");
        markup_attr(m, "classCode", "GUARD");
        markup_open(m, "guardianPerson");
        markup_leaf(m, "name", NULL, who->name);
        markup_close(m);
        markup_close(m);
    } else {
        markup_leaf(m, "name", NULL, who->name);
    }
    markup_close(m);
}

static const char *patient(Issuer *s, const Addressee *who)
{
    Markup *m = markup_new(s->page->arena, MARKUP_XML);
    if (!who->guardian && *who->id_number != '\0') put_id(s, m, "id.identity_card", who->id_number);
    if (*who->phone != '\0')
        markup_empty(m, "telecom",
                     ATTRIBUTES("value", arena_print(s->page->arena, "tel:%s", who->phone)));
    put_patient(m, who);
    return end_fragment(s, m);
}

static void put_time(Issuer *s, Markup *m, Instant instant)
{
    char text[INSTANT_TEXT];
    instant_print_hl7(text, instant, s->page->stamp->offset_minutes);
    markup_empty(m, "time", ATTRIBUTES("value", text));
}

/* `person` NULL: the laboratory itself, by its policy. */
static void put_signer(Issuer *s, Markup *m, const char *name, const char *person, Instant time)
{
    const Centre *city = reference_centres(s->page->reference)->city;
    markup_open(m, name);
    put_time(s, m, time);
    markup_empty(m, "signatureCode", ATTRIBUTES("code", "S"));
    markup_open(m, "assignedEntity");
    if (person != NULL)
        put_id(s, m, "id.practitioner", person);
    else
        put_id(s, m, "id.centre", city->id);
    markup_open(m, "representedOrganization");
    put_id(s, m, "id.centre", city->id);
    markup_leaf(m, "name", NULL, page_centre(s->page, city));
    markup_close(m);
    markup_close(m);
    markup_close(m);
}

static const char *signers(Issuer *s)
{
    Markup *m = markup_new(s->page->arena, MARKUP_XML);
    put_signer(s, m, "legalAuthenticator", s->issue->authoriser, s->page->stamp->now);
    if (s->issue->reviewer != NULL)
        put_signer(s, m, "authenticator", s->issue->reviewer, s->issue->reviewed);
    return end_fragment(s, m);
}

/* ---- what has changed ---- */

static const char *told(const Issuer *s, const Finding *f)
{
    if (f == NULL) return "—";
    const char *answer = page_answer(s->page, f), *detail = page_detail(s->page, f);
    const char *value = f->has_value ? page_value(s->page, f) : "";
    return arena_print(s->page->arena, "%s%s%s%s%s", answer, *detail ? "\n" : "", detail,
                       *value ? "\n" : "", value);
}

static bool weighs(const Finding *f)
{
    return f != NULL && (f->answer == ANSWER_POSITIVE || f->answer == ANSWER_POSSIBLE);
}

/* What the narrative lists line by line; single entries behind a count are summed up in their own line. */
static bool is_listed(const Issuer *s, const Change *c)
{
    const char *place = page_place(s->page, c->after != NULL ? c->after->code : c->before->code);
    return strcmp(place, "counted") != 0 && strcmp(place, "entry") != 0;
}

static void put_change(const Issuer *s, Block *table, const Change *c)
{
    const Finding *any = c->after != NULL ? c->after : c->before;
    Row *row =
        block_row(s->page, table, weighs(c->before) || weighs(c->after) ? TONE_ALERT : TONE_PLAIN);
    row->fetal = any->fetal;
    const char *subject = page_subject(s->page, any->subject, any->fetal);
    row->cells[0] = arena_print(s->page->arena, "%s%s%s", subject, *subject ? " · " : "",
                                page_finding(s->page, any, true));
    row->cells[1] = told(s, c->before);
    row->cells[2] = told(s, c->after);
}

/* What was found, before or now, comes first. */
static void put_changes(const Issuer *s)
{
    static const char *const heads[] = {"label.amended_item", "label.amended_before",
                                        "label.amended_after", NULL};
    const Amends *a = s->issue->amends;
    Section *section = page_section(s->page, "amended-changes", word(s, "label.amended_changes"));
    Block *table = section_table(s->page, section, heads);
    for (int weighty = 1; weighty >= 0; weighty--)
        for (size_t i = 0; i < a->n_changes; i++) {
            const Change *c = &a->changes[i];
            bool weight = weighs(c->before) || weighs(c->after);
            if (weight == (weighty == 1) && is_listed(s, c)) put_change(s, table, c);
        }
    if (table->n_rows > 0) return;
    section->n_blocks--;
    (void)section_text(s->page, section, BLOCK_PARAGRAPH, word(s, "label.amended_nothing"));
}

static void put_amendment(Issuer *s)
{
    const Issue *issue = s->issue;
    Arena *arena = s->page->arena;
    Section *section = page_section(s->page, "amended", word(s, "label.amended_title"));
    const char *const pairs[] = {
        "old",      arena_print(arena, "%s-v%d", issue->paper, issue->amends->version),
        "time",     page_time(s->page, issue->amends->released),
        "reason",   page_coded(s->page, "amend", issue->amends->reason),
        "proposed", issue->reviewer,
        "approved", issue->authoriser,
        "now",      page_time(s->page, s->page->stamp->now),
        NULL};
    (void)section_text(s->page, section, BLOCK_LEAD, fill(s, "label.amended_sentence", pairs));
    (void)section_text(s->page, section, BLOCK_PARAGRAPH, fill(s, "label.amended_who", pairs));
    put_changes(s);
}

/* ---- exchange ---- */

static size_t occurrences(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

static Status exchange(Document *d, const Exchange *list, Arena *arena, Note *why)
{
    const char *text = d->bytes;
    for (; list->from != NULL; list++) {
        size_t n = occurrences(text, list->from);
        if (n == 0 || (n > 1 && !list->first))
            return note_fail(why, REFUSED, "release.form", (Place){.file = d->name}, NULL);
        const char *at = strstr(text, list->from);
        text = arena_print(arena, "%.*s%s%s", (int)(at - text), text, list->to,
                           at + strlen(list->from));
    }
    d->bytes = text;
    d->size = strlen(text);
    return OK;
}

static const char *print2(const Issuer *s, const char *a, const char *b)
{
    return arena_print(s->page->arena, "%s%s", a, b);
}

/* Sentences of the declarations, as both dresses escape them. */
static const char *issued_sentence(Issuer *s)
{
    const Issue *issue = s->issue;
    const char *const pairs[] = {"reviewer",   issue->reviewer ? issue->reviewer : "",
                                 "authoriser", issue->authoriser ? issue->authoriser : "",
                                 "time",       page_time(s->page, s->page->stamp->now),
                                 "key",        issue->fingerprint,
                                 NULL};
    return escaped(
        s, fill(s, issue->authoriser ? "label.issued_sentence" : "label.issued_by_rule", pairs));
}

/* A section of the amendment, as a fragment; "" when nothing is amended. */
static const char *xml_section(Issuer *s, size_t n)
{
    if (n >= s->page->n_sections) return "";
    Markup *m = markup_new(s->page->arena, MARKUP_XML);
    cda_section(m, s->page, &s->page->sections[n]);
    return indented(end_fragment(s, m), 3, s->page->arena);
}

static const char *html_fragment(Issuer *s, size_t n)
{
    if (n >= s->page->n_sections) return "";
    Markup *m = markup_new(s->page->arena, MARKUP_HTML);
    html_section(m, s->page, &s->page->sections[n]);
    return end_fragment(s, m);
}

static Status issue_xml(Document *xml, Issuer *s)
{
    Arena *arena = s->page->arena;
    const Issue *issue = s->issue;
    static const char masked[] = "   <patient>\n    <name nullFlavor=\"MSK\"/>\n   </patient>\n";
    const char *title = print2(s, "<title>", escaped(s, s->page->title));
    const char *draft = arena_print(arena, "%s（%s）", title, escaped(s, word(s, "label.draft")));
    const char *mark = arena_print(arena, "（%s）", escaped(s, word(s, "label.amended")));
    const char *pseudonyms = escaped(s, word(s, "label.pseudonym_sentence"));
    const char *front = xml_section(s, 0), *changes = xml_section(s, 1);
    const char *end = " <inFulfillmentOf>\n", *begin = "<structuredBody>\n";
    const char *bases = "   <component>\n    <section>\n     <code code=\"foundations\"";
    const Exchange list[] = {
        {draft, print2(s, title, issue->amends != NULL ? mark : ""), false},
        {masked, issue->addressee ? indented(patient(s, issue->addressee), 3, arena) : masked,
         false},
        {end, print2(s, indented(signers(s), 1, arena), end), false},
        {begin, print2(s, begin, front), false},
        {bases, print2(s, changes, bases), false},
        {escaped(s, word(s, "label.draft_sentence")), issued_sentence(s), false},
        {pseudonyms,
         issue->addressee ? escaped(s, word(s, "label.addressed_sentence")) : pseudonyms, false},
        {NULL, NULL, false}};
    return s->failed ? IO_FAILED : exchange(xml, list, arena, s->why);
}

static void put_fact(Issuer *s, Markup *m, const char *label, const char *value)
{
    if (value == NULL || *value == '\0') return;
    markup_open(m, "div");
    markup_leaf(m, "dt", NULL, word(s, label));
    markup_leaf(m, "dd", NULL, value);
    markup_close(m);
}

static const char *facts(Issuer *s)
{
    const Issue *issue = s->issue;
    const Addressee *who = issue->addressee;
    Markup *m = markup_new(s->page->arena, MARKUP_HTML);
    if (who != NULL) {
        put_fact(s, m, who->guardian ? "label.guardian" : "label.person_name", who->name);
        put_fact(s, m, "label.phone", who->phone);
        if (!who->guardian) put_fact(s, m, "label.identity_number", who->id_number);
    }
    put_fact(s, m, "label.reviewer", issue->reviewer);
    put_fact(s, m, "label.authoriser",
             issue->authoriser ? issue->authoriser : word(s, "label.release_policy"));
    put_fact(s, m, "label.released", page_time(s->page, s->page->stamp->now));
    return end_fragment(s, m);
}

static Status issue_html(Document *html, Issuer *s)
{
    Arena *arena = s->page->arena;
    const Issue *issue = s->issue;
    const char *badge = element(s, "span", "draft", word(s, "label.draft"));
    const char *amended = element(s, "span", "amended", word(s, "label.amended"));
    const char *every = element(s, "div", "amended-page", word(s, "label.amended_page"));
    const char *body = arena_print(arena, "<body class=\"%s\">", issue->kind);
    const char *pseudonyms = escaped(s, word(s, "label.pseudonym_sentence"));
    const char *bases = "<section id=\"foundations\">";
    bool is_amended = issue->amends != NULL;
    const char *footer = word(s, is_amended ? "label.amended_footer" : "label.issued_footer");
    const Exchange list[] = {
        {badge, is_amended ? amended : "", false},
        {body, is_amended ? print2(s, body, every) : body, false},
        {"</dl>", print2(s, facts(s), "</dl>"), true},
        {"<main>", print2(s, "<main>", html_fragment(s, 0)), false},
        {bases, print2(s, html_fragment(s, 1), bases), false},
        {escaped(s, word(s, "label.draft_sentence")), issued_sentence(s), false},
        {escaped(s, word(s, "label.draft_footer")), escaped(s, footer), false},
        {pseudonyms,
         issue->addressee ? escaped(s, word(s, "label.addressed_sentence")) : pseudonyms, false},
        {NULL, NULL, false}};
    return s->failed ? IO_FAILED : exchange(html, list, arena, s->why);
}

Status report_issue(Document *xml, Document *html, const Issue *issue, Arena *arena, Note *why)
{
    Issuer s = {.issue = issue, .why = why};
    s.page = page_new(issue->reference, issue->stamp, issue->kind, arena);
    if (issue->amends != NULL) put_amendment(&s);
    if (!page_gate(s.page)) return note_fail(why, REFUSED, "gate.denied", (Place){0}, NULL);
    Document x = *xml, h = *html;
    Status status = issue_xml(&x, &s);
    if (status == OK) status = issue_html(&h, &s);
    if (status != OK) return status;
    *xml = x;
    *html = h;
    return OK;
}
