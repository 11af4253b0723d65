/* Findings become sections: one for each person, one for what nobody could say, one for what all of it rests on.
 *
 * layout.tsv says how the findings of a code are listed:
 *     each      one row a finding (also for every code the table does not name, so nothing is hidden by silence)
 *     grouped   findings of one answer and one reason share a row that lists their items, with their numbers
 *     counted   what was found is listed like "grouped"; the rest appears as counts that add up, and one by
 *               one in the coded entries of the XML
 *     entry     only in the coded entries: what the page says in another way (a sum that is counted anew here)
 * What was not assessed stands in a section of its own, with its reason: an absence from the results is never the way in which a
 * reader learns it. Only "negative" is ever printed in the tone of a good result. */
#include "content.h"

#include <string.h>

typedef struct Group { /* who the findings of a section are about */
    Subject subject;
    bool fetal, whole_case;
} Group;

static Group group_of(const Finding *f)
{
    bool whole = f->subject == SUBJECT_UNKNOWN && *f->sample == '\0' && !f->fetal;
    bool fetus = f->subject == SUBJECT_FETUS_A || f->subject == SUBJECT_FETUS_B;
    /* Fetal material of whomever it was taken from is one group: its subject is the fetus. */
    return (Group){f->fetal && !fetus ? SUBJECT_UNKNOWN : f->subject, f->fetal || fetus, whole};
}

static bool same_group(Group a, Group b)
{
    return a.subject == b.subject && a.fetal == b.fetal && a.whole_case == b.whole_case;
}

bool content_includes(const PaperInput *input, const Finding *finding)
{
    const Paper *paper = input->paper;
    if (paper->kind != PAPER_REFERRAL) return true;
    for (size_t i = 0; i < paper->n_actions; i++)
        if (strcmp(paper->actions[i].finding->assay, finding->assay) == 0) return true;
    return false;
}

static const char *group_name(const Page *page, Group g)
{
    return g.whole_case ? page_word(page, "label.couple") : page_subject(page, g.subject, g.fetal);
}

static bool is_place(const Page *page, const Finding *f, const char *place)
{
    return strcmp(page_place(page, f->code), place) == 0;
}

/* Whether two findings may share a row that lists their items. */
static bool shares_row(const Page *page, const Finding *a, const Finding *b)
{
    return !is_place(page, a, "each") && a->has_value == b->has_value &&
           strcmp(a->sample, b->sample) == 0 && strcmp(a->assay, b->assay) == 0 &&
           strcmp(a->code, b->code) == 0 && a->answer == b->answer &&
           strcmp(a->detail, b->detail) == 0 && a->unverified == b->unverified &&
           a->example == b->example;
}

/* Order of reading: found, doubtful, to be repeated, excluded; "not assessed" has its own section. */
static int reading_rank(Answer answer)
{
    static const int ranks[ANSWERS] = {
        [ANSWER_POSITIVE] = 0, [ANSWER_POSSIBLE] = 1, [ANSWER_INVALID] = 2,
        [ANSWER_FAILED] = 3,   [ANSWER_REFUSED] = 4,  [ANSWER_MISSING] = 5,
        [ANSWER_MEASURED] = 6, [ANSWER_NEGATIVE] = 7, [ANSWER_NOT_ASSESSED] = 8,
    };
    return ranks[answer];
}

enum { RANK_NEGATIVE = 7, RANK_NOT_ASSESSED = 8 };

static const char *join_items(const Page *page, const PaperInput *input, size_t first,
                              size_t *count)
{
    const Finding *items = input->findings->items, *f = &items[first];
    bool english = page->stamp->lang == LANG_EN;
    const char *text = "";
    *count = 0;
    for (size_t i = first; i < input->findings->n; i++) {
        if (i != first && !shares_row(page, f, &items[i])) continue;
        const char *between = *count == 0 || *items[i].item == '\0' ? "" : english ? ", " : "、";
        const char *value = page_value(page, &items[i]);
        text = arena_print(page->arena, "%s%s%s%s%s", text, between, items[i].item,
                           *value ? " " : "", value);
        ++*count;
    }
    return text;
}

static bool row_begun(const Page *page, const PaperInput *input, size_t i)
{
    const Finding *items = input->findings->items;
    for (size_t k = 0; k < i; k++)
        if (shares_row(page, &items[i], &items[k]) &&
            same_group(group_of(&items[i]), group_of(&items[k])))
            return true;
    return false;
}

/* "检出 · detail", with what a reader must know about its footing. */
static const char *reading(const Page *page, const Finding *f)
{
    const char *text = page_coded(page, "answer", answer_code(f->answer));
    if (f->unverified)
        text = arena_print(page->arena, "%s\n%s", text, page_word(page, "label.unverified"));
    if (f->example)
        text = arena_print(page->arena, "%s\n%s", text, page_word(page, "label.example_number"));
    return text;
}

static const char *remark(const Page *page, const Finding *f)
{
    const char *detail = page_detail(page, f);
    const char *value = is_place(page, f, "each") ? page_value(page, f) : "";
    if (*value == '\0' || *detail == '\0') return *value ? value : detail;
    return arena_print(page->arena, "%s\n%s", value, detail);
}

static void result_row(const Page *page, Block *table, const PaperInput *input, size_t i)
{
    const Finding *f = &input->findings->items[i];
    size_t count = 1;
    const char *items = f->item;
    if (!is_place(page, f, "each")) items = join_items(page, input, i, &count);
    Finding told = *f;
    told.item = items;
    Row *row = block_row(page, table, answer_tone(f->answer));
    row->cells[0] = page_finding(page, &told, true);
    row->cells[1] = reading(page, f);
    row->cells[2] = remark(page, f);
}

/* Rows of one group, assay and rank; findings that are only counted appear when something was found. */
static void rank_rows(const Page *page, Block *table, const PaperInput *input, size_t first,
                      int rank)
{
    const Finding *items = input->findings->items, *lead = &items[first];
    for (size_t i = first; i < input->findings->n; i++) {
        const Finding *f = &items[i];
        bool here = same_group(group_of(f), group_of(lead)) && strcmp(f->assay, lead->assay) == 0 &&
                    strcmp(f->sample, lead->sample) == 0 && reading_rank(f->answer) == rank;
        bool apart =
            (rank == RANK_NEGATIVE && is_place(page, f, "counted")) || is_place(page, f, "entry");
        if (here && !apart && !row_begun(page, input, i)) result_row(page, table, input, i);
    }
}

/* "Sites examined: 130 = found 1 + excluded 98 + not assessed 31": every finding of the code is in one of the counts. */
static void count_line(const Page *page, Section *s, const PaperInput *input, size_t first)
{
    const Finding *items = input->findings->items, *f = &items[first];
    size_t counts[ANSWERS] = {0}, total = 0;
    for (size_t i = first; i < input->findings->n; i++)
        if (strcmp(items[i].code, f->code) == 0 && strcmp(items[i].sample, f->sample) == 0 &&
            strcmp(items[i].assay, f->assay) == 0 && same_group(group_of(&items[i]), group_of(f))) {
            counts[items[i].answer]++;
            total++;
        }
    const char *text = arena_print(page->arena, "%s: %zu =", page_finding(page, f, false), total);
    const char *plus = "";
    for (int a = 0; a < ANSWERS; a++) {
        if (counts[a] == 0) continue;
        text = arena_print(page->arena, "%s%s %s %zu", text, plus,
                           page_coded(page, "answer", answer_code((Answer)a)), counts[a]);
        plus = " +";
    }
    (void)section_text(page, s, BLOCK_PARAGRAPH, text);
}

static void count_lines(const Page *page, Section *s, const PaperInput *input, size_t first)
{
    const Finding *items = input->findings->items, *lead = &items[first];
    for (size_t i = first; i < input->findings->n; i++) {
        bool here = strcmp(items[i].sample, lead->sample) == 0 &&
                    strcmp(items[i].assay, lead->assay) == 0 &&
                    same_group(group_of(&items[i]), group_of(lead)) &&
                    is_place(page, &items[i], "counted");
        for (size_t k = first; k < i && here; k++)
            here = !(strcmp(items[k].code, items[i].code) == 0 &&
                     strcmp(items[k].sample, items[i].sample) == 0 &&
                     same_group(group_of(&items[k]), group_of(lead)));
        if (here) count_line(page, s, input, i);
    }
}

static const Sample *sample_of(const PaperInput *input, const char *id)
{
    for (size_t i = 0; i < input->c->n_samples; i++)
        if (strcmp(input->c->samples[i].id, id) == 0) return &input->c->samples[i];
    return NULL;
}

static const char *sample_line(const Page *page, const PaperInput *input, const Finding *f)
{
    const char *assay = page_coded(page, "assay", f->assay);
    const Sample *sample = sample_of(input, f->sample);
    if (sample == NULL) return assay;
    return arena_print(page->arena, "%s · %s · %s · %s %s", assay, sample->id,
                       page_coded(page, "material", material_code(sample->material)),
                       page_word(page, "label.collected"), page_time(page, sample->collected));
}

/* One assay on one sample of one person: heading, table, counts, coded entries. */
static void assay_block(const Page *page, Section *s, const PaperInput *input, size_t first)
{
    static const char *const heads[] = {"label.item", "label.answer", "label.remark", NULL};
    const Finding *items = input->findings->items, *lead = &items[first];
    (void)section_text(page, s, BLOCK_HEADING, sample_line(page, input, lead));
    Block *table = section_table(page, s, heads);
    for (int rank = 0; rank < RANK_NOT_ASSESSED; rank++)
        rank_rows(page, table, input, first, rank);
    if (table->n_rows == 0) {
        s->n_blocks--;
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.nothing_assessed"));
    }
    count_lines(page, s, input, first);
    for (size_t i = first; i < input->findings->n; i++)
        if (same_group(group_of(&items[i]), group_of(lead)) &&
            strcmp(items[i].assay, lead->assay) == 0 && strcmp(items[i].sample, lead->sample) == 0)
            section_entry(page, s, &items[i]);
}

static bool block_begun(const PaperInput *input, size_t i)
{
    const Finding *items = input->findings->items;
    for (size_t k = 0; k < i; k++)
        if (same_group(group_of(&items[k]), group_of(&items[i])) &&
            strcmp(items[k].assay, items[i].assay) == 0 &&
            strcmp(items[k].sample, items[i].sample) == 0)
            return true;
    return false;
}

static bool has_woman(const Case *c)
{
    for (size_t i = 0; i < c->n_samples; i++)
        if (c->samples[i].subject == SUBJECT_WOMAN) return true;
    return false;
}

static void group_section(Page *page, const PaperInput *input, Group g, size_t number)
{
    const Findings *findings = input->findings;
    const char *title =
        arena_print(page->arena, "%s — %s", page_word(page, "label.results"), group_name(page, g));
    Section *s = page_section(page, arena_print(page->arena, "results-%zu", number), title);
    Subject record = has_woman(input->c) ? SUBJECT_WOMAN : SUBJECT_NEWBORN;
    s->loinc = "results";
    s->fetal = g.fetal;
    s->subject = g.subject;
    s->has_subject = g.fetal || (!g.whole_case && g.subject != record);
    for (size_t i = 0; i < findings->n; i++)
        if (same_group(group_of(&findings->items[i]), g) &&
            content_includes(input, &findings->items[i]) && !block_begun(input, i))
            assay_block(page, s, input, i);
}

void content_results(Page *page, const PaperInput *input)
{
    static const Group order[] = {
        {SUBJECT_UNKNOWN, false, true},  {SUBJECT_WOMAN, false, false},
        {SUBJECT_PARTNER, false, false}, {SUBJECT_FETUS_A, true, false},
        {SUBJECT_FETUS_B, true, false},  {SUBJECT_UNKNOWN, true, false},
        {SUBJECT_NEWBORN, false, false}, {SUBJECT_UNKNOWN, false, false},
    };
    size_t number = 0;
    for (size_t g = 0; g < sizeof order / sizeof order[0]; g++) {
        bool any = false;
        for (size_t i = 0; i < input->findings->n && !any; i++)
            any = same_group(group_of(&input->findings->items[i]), order[g]) &&
                  content_includes(input, &input->findings->items[i]);
        if (any) group_section(page, input, order[g], ++number);
    }
}

static void limit_row(const Page *page, Block *table, const PaperInput *input, size_t i)
{
    const Finding *f = &input->findings->items[i];
    size_t count = 1;
    Finding told = *f;
    if (!is_place(page, f, "each")) told.item = join_items(page, input, i, &count);
    if (is_place(page, f, "counted")) told.item = arena_print(page->arena, "× %zu", count);
    Row *row = block_row(page, table, TONE_MUTED);
    row->fetal = f->fetal;
    row->cells[0] = group_name(page, group_of(f));
    row->cells[1] = page_finding(page, &told, true);
    row->cells[2] = *f->detail ? page_detail(page, f) : page_word(page, "label.no_reason");
}

void content_limits(Page *page, const PaperInput *input)
{
    static const char *const heads[] = {"label.about", "label.item", "label.why_not", NULL};
    Section *s = page_section(page, "limits", page_word(page, "label.limits"));
    Block *table = section_table(page, s, heads);
    for (size_t i = 0; i < input->findings->n; i++) {
        const Finding *f = &input->findings->items[i];
        if (f->answer == ANSWER_NOT_ASSESSED && content_includes(input, f) &&
            !is_place(page, f, "entry") && !row_begun(page, input, i))
            limit_row(page, table, input, i);
    }
    if (table->n_rows == 0) {
        s->n_blocks--;
        (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.limits_none"));
    }
    (void)section_text(page, s, BLOCK_PARAGRAPH, page_word(page, "label.limits_general"));
}

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

void content_foundations(Page *page, const PaperInput *input)
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
    for (size_t i = 0; i < input->findings->n; i++) {
        const Finding *f = &input->findings->items[i];
        if (content_includes(input, f) && *f->table != '\0')
            table_row(page, block, f->table, f->version);
    }
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
