/* A Page as HL7 CDA R2, Chinese profile: WS/T 483 part 20, document HSDC00.05 "referral record".
 *
 * Element order is that of POCD_MT000040 (ANSI/HL7 CDA R2-2005). The document uses neither the
 * Chinese additions to that schema nor sdtc: elements, so it is valid under all three. Every OID
 * and code is a row of cda.tsv with its source and how sure it is; the templateId is inferred,
 * not read in a real sample, and can be exchanged there.
 *
 * Persons stand under their pseudonym; names are nullFlavor MSK. A fetus is the subject of a
 * section, masked by a constant: the gender of no fetus is known to this file. No comment,
 * processing instruction, originalText, translation of a result, or reference to text is ever
 * written: each is a way to carry what must not leave. What is written here is a draft
 * and has no legalAuthenticator; issue.c makes a draft the document that leaves. */
#include "dress.h"

#include <math.h>
#include <string.h>

typedef struct Cda {
    Markup *m;
    const Page *page;
    const PaperInput *input;
    const Table *codes;  /* cda.tsv */
    const char *missing; /* first key it lacked */
    size_t observation;  /* number of the last one written */
} Cda;

static const char *code_of(Cda *d, const char *key)
{
    long row = table_find(d->codes, key);
    if (row < 0 && d->missing == NULL) d->missing = key;
    return row < 0 ? "" : table_get(d->codes, (size_t)row, "value");
}

#define ATTRIBUTES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void put_id(Cda *d, const char *element, const char *root_key, const char *extension)
{
    markup_empty(d->m, element, ATTRIBUTES("root", code_of(d, root_key), "extension", extension));
}

static void put_code(Cda *d, const char *element, const char *code, const char *system_key)
{
    markup_empty(d->m, element, ATTRIBUTES("code", code, "codeSystem", code_of(d, system_key)));
}

/* A code of our own: a key of wording.tsv; its display name is what the narrative says, item filled in. */
static void own_code_open(Cda *d, const char *element, const char *key, const char *words,
                          const char *type)
{
    markup_open(d->m, element);
    markup_attr(d->m, "xsi:type", type);
    markup_attr(d->m, "code", key);
    markup_attr(d->m, "codeSystem", code_of(d, "system.own"));
    markup_attr(d->m, "displayName", words);
}

static void own_code(Cda *d, const char *element, const char *key)
{
    own_code_open(d, element, key, page_word(d->page, key), NULL);
    markup_close(d->m);
}

static void put_time(Cda *d, const char *element, Instant instant)
{
    char text[INSTANT_TEXT];
    if (instant == INSTANT_NONE) return;
    instant_print_hl7(text, instant, d->page->stamp->offset_minutes);
    markup_empty(d->m, element, ATTRIBUTES("value", text));
}

static const char *document_id(const Cda *d, int version)
{
    return arena_print(d->page->arena, "%s-v%d", d->input->paper->id, version);
}

static void document_code(Cda *d)
{
    Markup *m = d->m;
    if (d->input->paper->kind != PAPER_REFERRAL) {
        own_code(d, "code", arena_print(d->page->arena, "label.title.%s", d->page->kind));
        return;
    }
    markup_open(m, "code");
    markup_attr(m, "code", code_of(d, "document.referral"));
    markup_attr(m, "codeSystem", code_of(d, "system.document"));
    markup_attr(m, "displayName", page_word(d->page, "label.title.referral"));
    markup_empty(m, "translation",
                 ATTRIBUTES("code", code_of(d, "document.referral.loinc"), "codeSystem",
                            code_of(d, "system.loinc"), "displayName", "Referral note"));
    markup_close(m);
}

/* Title with the marks that a reader of the narrative must not miss. */
static const char *marked_title(const Cda *d)
{
    const Page *page = d->page;
    bool demo = reference_demo(page->reference);
    return arena_print(page->arena, "%s（%s）%s%s", page->title, page_word(page, "label.draft"),
                       demo ? " " : "", demo ? page_word(page, "label.example") : "");
}

static void identity(Cda *d)
{
    Markup *m = d->m;
    const Paper *paper = d->input->paper;
    markup_empty(m, "realmCode", ATTRIBUTES("code", "CN"));
    put_id(d, "typeId", "typeid.root", code_of(d, "typeid.extension"));
    if (paper->kind == PAPER_REFERRAL)
        markup_empty(m, "templateId", ATTRIBUTES("root", code_of(d, "template.referral")));
    put_id(d, "id", "id.document", document_id(d, paper->version));
    document_code(d);
    markup_leaf(m, "title", NULL, marked_title(d));
    put_time(d, "effectiveTime", d->page->stamp->now);
    put_code(d, "confidentialityCode", "R", "system.confidentiality");
    markup_empty(m, "languageCode",
                 ATTRIBUTES("code", d->page->stamp->lang == LANG_EN ? "en" : "zh-CN"));
    put_id(d, "setId", "id.document", paper->id);
    markup_open(m, "versionNumber");
    markup_number(m, "value", paper->version);
    markup_close(m);
}

static void organization(Cda *d, const char *element, const Centre *centre)
{
    markup_open(d->m, element);
    put_id(d, "id", "id.centre", centre->id);
    markup_leaf(d->m, "name", NULL, page_centre(d->page, centre));
    markup_close(d->m);
}

/* Whose record it is: the woman, whose pseudonym a fetus's sample bears too; in a newborn's case the newborn. */
static const char *record_person(const Case *c)
{
    static const Subject order[] = {SUBJECT_WOMAN, SUBJECT_NEWBORN, SUBJECT_FETUS_A,
                                    SUBJECT_FETUS_B};
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
        for (size_t i = 0; i < c->n_samples; i++)
            if (c->samples[i].subject == order[k]) return c->samples[i].person;
    return NULL;
}

static void record_target(Cda *d)
{
    Markup *m = d->m;
    const char *person = record_person(d->input->c);
    markup_open(m, "recordTarget");
    markup_open(m, "patientRole");
    if (person != NULL)
        put_id(d, "id", "id.person", person);
    else
        markup_empty(m, "id", ATTRIBUTES("nullFlavor", "UNK"));
    markup_open(m, "patient");
    markup_empty(m, "name", ATTRIBUTES("nullFlavor", "MSK"));
    markup_close(m);
    markup_close(m);
    markup_close(m);
}

static void author_and_custodian(Cda *d)
{
    Markup *m = d->m;
    const Centre *city = reference_centres(d->page->reference)->city;
    markup_open(m, "author");
    put_time(d, "time", d->page->stamp->now);
    markup_open(m, "assignedAuthor");
    put_id(d, "id", "id.centre", city->id);
    markup_open(m, "assignedAuthoringDevice");
    markup_leaf(m, "softwareName", NULL, d->page->stamp->program);
    markup_close(m);
    organization(d, "representedOrganization", city);
    markup_close(m);
    markup_close(m);
    markup_open(m, "custodian");
    markup_open(m, "assignedCustodian");
    organization(d, "representedCustodianOrganization", city);
    markup_close(m);
    markup_close(m);
}

static void recipient(Cda *d, const char *type, const Centre *centre)
{
    if (centre == NULL) return;
    markup_open(d->m, "informationRecipient");
    markup_attr(d->m, "typeCode", type);
    markup_open(d->m, "intendedRecipient");
    organization(d, "receivedOrganization", centre);
    markup_close(d->m);
    markup_close(d->m);
}

static void relations(Cda *d)
{
    Markup *m = d->m;
    const Paper *paper = d->input->paper;
    markup_open(m, "inFulfillmentOf");
    markup_open(m, "order");
    put_id(d, "id", "id.case", d->input->c->id);
    markup_close(m);
    markup_close(m);
    if (paper->replaces == 0) return;
    markup_open(m, "relatedDocument");
    markup_attr(m, "typeCode", "RPLC");
    markup_open(m, "parentDocument");
    put_id(d, "id", "id.document", document_id(d, paper->replaces));
    put_id(d, "setId", "id.document", paper->id);
    markup_open(m, "versionNumber");
    markup_number(m, "value", paper->replaces);
    markup_close(m);
    markup_close(m);
    markup_close(m);
}

/* Lines of a cell are paragraphs of it. */
static void narrative_cell(Cda *d, const char *text)
{
    if (strchr(text, '\n') == NULL) {
        markup_text(d->m, text);
        return;
    }
    for (const char *end; *text != '\0'; text = *end == '\0' ? end : end + 1) {
        end = text + strcspn(text, "\n");
        markup_leaf(d->m, "paragraph", NULL,
                    arena_copy_n(d->page->arena, text, (size_t)(end - text)));
    }
}

static void narrative_row(Cda *d, const char *cell, const char *const *texts, size_t n)
{
    markup_open(d->m, "tr");
    for (size_t i = 0; i < n; i++) {
        markup_open(d->m, cell);
        narrative_cell(d, texts[i]);
        markup_close(d->m);
    }
    markup_close(d->m);
}

static void narrative_table(Cda *d, const Block *block)
{
    markup_open(d->m, "table");
    markup_open(d->m, "thead");
    narrative_row(d, "th", block->heads, block->n_columns);
    markup_close(d->m);
    markup_open(d->m, "tbody");
    for (size_t i = 0; i < block->n_rows; i++)
        narrative_row(d, "td", block->rows[i].cells, block->n_columns);
    markup_close(d->m);
    markup_close(d->m);
}

static void narrative(Cda *d, const Section *section)
{
    markup_open(d->m, "text");
    for (size_t i = 0; i < section->n_blocks; i++) {
        const Block *block = &section->blocks[i];
        if (block->kind == BLOCK_TABLE)
            narrative_table(d, block);
        else
            markup_leaf(d->m, "paragraph", NULL, block->text);
    }
    markup_close(d->m);
}

/* The one form in which a fetus appears, whatever is or is not known about it. */
static void masked_fetus(Cda *d)
{
    markup_open(d->m, "code");
    markup_attr(d->m, "code", code_of(d, "code.fetus"));
    markup_attr(d->m, "codeSystem", code_of(d, "system.loinc"));
    markup_attr(d->m, "displayName", "Fetal Identifier");
    markup_close(d->m);
}

static void section_subject(Cda *d, const Section *section)
{
    Markup *m = d->m;
    if (!section->has_subject) return;
    markup_open(m, "subject");
    markup_open(m, "relatedSubject");
    markup_attr(m, "classCode", "PRS");
    if (section->fetal)
        masked_fetus(d);
    else
        own_code(d, "code",
                 arena_print(d->page->arena, "subject.%s", subject_code(section->subject)));
    if (section->fetal) {
        markup_open(m, "subject");
        markup_leaf(m, "name", NULL, page_subject(d->page, section->subject, true));
        markup_empty(m, "administrativeGenderCode", ATTRIBUTES("nullFlavor", "MSK"));
        markup_close(m);
    }
    markup_close(m);
    markup_close(m);
}

/* What the finding is about, as a qualifier; a code holds no blanks. */
static void item_qualifier(Cda *d, const Finding *f)
{
    if (*f->item == '\0') return;
    char *code = arena_copy(d->page->arena, f->item);
    for (char *c = code; *c != '\0'; c++)
        if (*c == ' ' || *c == '\t' || *c == '\n') *c = '_';
    markup_open(d->m, "qualifier");
    put_code(d, "name", "item", "system.own");
    markup_empty(
        d->m, "value",
        ATTRIBUTES("code", code, "codeSystem", code_of(d, "system.item"), "displayName", f->item));
    markup_close(d->m);
}

static void detail_qualifier(Cda *d, const Finding *f)
{
    if (*f->detail == '\0') return;
    markup_open(d->m, "qualifier");
    put_code(d, "name", "detail", "system.own");
    own_code_open(d, "value", arena_print(d->page->arena, "detail.%s", f->detail),
                  page_detail(d->page, f), NULL);
    markup_close(d->m);
    markup_close(d->m);
}

static void number_value(Cda *d, const Finding *f)
{
    if (!f->has_value || !isfinite(f->value)) return;
    bool bare = *f->unit == '\0';
    markup_open(d->m, "value");
    markup_attr(d->m, "xsi:type", bare ? "REAL" : "PQ");
    markup_number(d->m, "value", f->value);
    markup_attr(d->m, "unit", bare ? NULL : f->unit);
    markup_close(d->m);
}

/* "N" is for a proven negative alone; whatever could not be judged has no interpretation. */
static void interpretation(Cda *d, Answer answer)
{
    bool found = answer == ANSWER_POSITIVE || answer == ANSWER_POSSIBLE;
    if (found || answer == ANSWER_NEGATIVE)
        put_code(d, "interpretationCode", found ? "A" : "N", "system.interpretation");
    else
        markup_empty(d->m, "interpretationCode", ATTRIBUTES("nullFlavor", "NI"));
}

static void observation(Cda *d, const Finding *f, Instant collected)
{
    Markup *m = d->m;
    Arena *arena = d->page->arena;
    const char *id =
        arena_print(arena, "%s.%zu", document_id(d, d->input->paper->version), ++d->observation);
    markup_open(m, "component");
    markup_open(m, "observation");
    markup_attr(m, "classCode", "OBS");
    markup_attr(m, "moodCode", "EVN");
    put_id(d, "id", "id.report", id);
    own_code_open(d, "code", arena_print(arena, "finding.%s", f->code),
                  page_finding(d->page, f, true), NULL);
    item_qualifier(d, f);
    markup_close(m);
    markup_empty(m, "statusCode", ATTRIBUTES("code", "completed"));
    put_time(d, "effectiveTime", collected);
    own_code_open(d, "value", arena_print(arena, "answer.%s", answer_code(f->answer)),
                  page_answer(d->page, f), "CD");
    detail_qualifier(d, f);
    markup_close(m);
    number_value(d, f);
    interpretation(d, f->answer);
    markup_close(m);
    markup_close(m);
}

static const Sample *sample_of(const Case *c, const char *id)
{
    for (size_t i = 0; i < c->n_samples; i++)
        if (strcmp(c->samples[i].id, id) == 0) return &c->samples[i];
    return NULL;
}

static void organizer_head(Cda *d, const Finding *lead)
{
    Markup *m = d->m;
    markup_open(m, "entry");
    markup_attr(m, "typeCode", "DRIV");
    markup_open(m, "organizer");
    markup_attr(m, "classCode", "BATTERY");
    markup_attr(m, "moodCode", "EVN");
    own_code(d, "code", arena_print(d->page->arena, "assay.%s", lead->assay));
    markup_empty(m, "statusCode", ATTRIBUTES("code", "completed"));
    if (*lead->sample == '\0') return;
    markup_open(m, "specimen");
    markup_open(m, "specimenRole");
    put_id(d, "id", "id.specimen", lead->sample);
    markup_close(m);
    markup_close(m);
}

/* Entries stand in order of assay and sample: one organizer for each run of them. */
static void entries(Cda *d, const Section *section)
{
    const Finding *last = NULL;
    for (size_t i = 0; i < section->n_entries; i++) {
        const Finding *f = &section->entries[i];
        bool new_run = last == NULL || strcmp(last->sample, f->sample) != 0 ||
                       strcmp(last->assay, f->assay) != 0;
        if (new_run && last != NULL) {
            markup_close(d->m);
            markup_close(d->m);
        }
        if (new_run) organizer_head(d, f);
        const Sample *sample = sample_of(d->input->c, f->sample);
        observation(d, f, sample ? sample->collected : INSTANT_NONE);
        last = f;
    }
    if (last != NULL) {
        markup_close(d->m);
        markup_close(d->m);
    }
}

static void section_code(Cda *d, const Section *section)
{
    if (section->loinc == NULL) {
        markup_empty(d->m, "code",
                     ATTRIBUTES("code", section->id, "codeSystem", code_of(d, "system.own")));
        return;
    }
    Arena *arena = d->page->arena;
    const char *code = code_of(d, arena_print(arena, "section.%s", section->loinc));
    put_code(d, "code", code, "system.loinc");
}

static void body(Cda *d)
{
    Markup *m = d->m;
    markup_open(m, "component");
    markup_open(m, "structuredBody");
    for (size_t i = 0; i < d->page->n_sections; i++) {
        const Section *section = &d->page->sections[i];
        markup_open(m, "component");
        markup_open(m, "section");
        section_code(d, section);
        markup_leaf(m, "title", NULL, section->title);
        narrative(d, section);
        section_subject(d, section);
        entries(d, section);
        markup_close(m);
        markup_close(m);
    }
    markup_close(m);
    markup_close(m);
}

void cda_section(Markup *m, const Page *page, const Section *section)
{
    Cda d = {.m = m, .page = page, .codes = reference_table(page->reference, "cda")};
    markup_open(m, "component");
    markup_open(m, "section");
    section_code(&d, section);
    markup_leaf(m, "title", NULL, section->title);
    narrative(&d, section);
    markup_close(m);
    markup_close(m);
}

Status cda_print(Document *out, const Page *page, const PaperInput *input, Note *why)
{
    const Table *codes = reference_table(page->reference, "cda");
    if (codes == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = "cda"}, NULL);
    Cda d = {
        .m = markup_new(page->arena, MARKUP_XML), .page = page, .input = input, .codes = codes};
    markup_open(d.m, "ClinicalDocument");
    markup_attr(d.m, "xmlns", "urn:hl7-org:v3");
    markup_attr(d.m, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    identity(&d);
    record_target(&d);
    author_and_custodian(&d);
    recipient(&d, "PRCP", input->paper->to);
    recipient(&d, "TRC", input->paper->copy_to);
    relations(&d);
    body(&d);
    markup_close(d.m);
    Status status = markup_finish(&out->bytes, &out->size, d.m, why);
    if (status == OK && d.missing != NULL)
        return note_fail(why, NOT_FOUND, "table.key", (Place){.file = "cda"}, "%s", d.missing);
    return status;
}
