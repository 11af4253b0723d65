/* Why: one OBX says what was looked for (OBX-3), what was found (OBX-5, or a flag in OBX-8) and whether that is final (OBX-11);
 * each of the three can be missing, unknown, or contradict another.
 * Method: the test is looked up by its first or its alternate code, the value by code and by words; all forms that are understood must
 * agree, and no form that is not understood may stand beside them, unless it is a narrative (TX, FT) or an attachment.
 * Source: HL7 Version 2.5.1, chapter 7; tables 0085 (status of a result) and 0125 (types of a value).
 * Refuses: to let a flag speak for words that nobody understood; results that are not final. */
#include "../../lab/sex.h"
#include "../text.h"
#include "hl7_group.h"

#include <string.h>

const char *hl7_span_text(const Reader7 *r, Span span)
{
    return span.size > TEXT_LIMIT ? "?" : hl7_text(span, &r->d, r->arena); /* "?" is no word */
}

const char *hl7_field_text(const Reader7 *r, Span segment, int field, int component)
{
    Span first = hl7_part(hl7_field(segment, field, &r->d), r->d.repetition, 1);
    return hl7_span_text(r, hl7_part(first, r->d.component, component));
}

Instant hl7_field_time(const Reader7 *r, Span segment, int field, Instant otherwise)
{
    Instant t;
    return instant_parse(&t, hl7_field_text(r, segment, field, 1), r->offset_minutes) ? t
                                                                                      : otherwise;
}

bool hl7_is_gb(const Reader7 *r)
{
    return r->charset != NULL && strcmp(r->charset, "GB18030") == 0;
}

Span hl7_decoded(const Reader7 *r, Span text)
{
    Span utf8;
    Status s = text_decode(&utf8.text, &utf8.size, text.text, text.size, r->charset, r->arena);
    return s == OK ? utf8 : text;
}

static const char *system_of(const Reader7 *r, Span coded, int component)
{
    const char *name = hl7_span_text(r, hl7_part(coded, r->d.component, component));
    return strcmp(name, "LN") == 0 ? "loinc" : strcmp(name, "SCT") == 0 ? "snomed" : "local";
}

static const char *part_text(const Reader7 *r, Span coded, int component)
{
    return hl7_span_text(r, hl7_part(coded, r->d.component, component));
}

/* Result code of the test that OBX-3 names, by its first or its alternate code; "" = unknown. */
static const char *test_of(const Reader7 *r, Span name)
{
    for (int c = 1; c <= 4; c += 3) {
        const char *code = part_text(r, name, c), *system = system_of(r, name, c + 2);
        const char *test = code[0] == '\0' ? "" : desk_test(r->desk, system, code);
        if (test[0] == '\0' && strcmp(system, "local") == 0 && code[0] != '\0')
            test = desk_test(r->desk, "loinc", code);
        if (test[0] != '\0') return test;
    }
    return "";
}

/* A test about the sex of somebody: passed over without a word, known or not. */
static bool is_denied(const Reader7 *r, Span name, bool known)
{
    for (int c = 1; c <= 4; c += 3)
        if (sex_code_denied(part_text(r, name, c))) return true;
    return !known &&
           (sex_text_denied(part_text(r, name, 2)) || sex_text_denied(part_text(r, name, 5)));
}

/* What one form of the value says; joins it to what the other forms said. */
static void join(Candidate *c, Match match, const char *code, const char *value)
{
    if (match == MATCH_NONE) return;
    bool other = match == MATCH_CLASH || (c->value != NULL && strcmp(c->value, value) != 0);
    c->clash = c->clash || other;
    if (match == MATCH_VALUE && c->value == NULL) {
        c->code = code;
        c->value = value;
    }
}

static void join_word(const Reader7 *r, Candidate *c, const char *test, const char *word)
{
    const char *to = "", *is = "";
    Match match = desk_word(r->desk, test, word, &to, &is); /* before `to` and `is` are read */
    join(c, match, to, is);
}

static void join_value(const Reader7 *r, Candidate *c, const char *test, const char *system,
                       const char *code)
{
    const char *to = "", *is = "";
    Match match = desk_value(r->desk, test, system, code, &to, &is);
    join(c, match, to, is);
}

static void read_coded(const Reader7 *r, Candidate *c, Span value, const char *test)
{
    for (int at = 1; at <= 4; at += 3) {
        const char *code = part_text(r, value, at), *system = system_of(r, value, at + 2);
        bool local = strcmp(system, "local") == 0;
        if (code[0] != '\0' && local) join_word(r, c, test, code);
        if (code[0] != '\0' && !local) join_value(r, c, test, system, code);
        if (code[0] != '\0' && part_text(r, value, at + 2)[0] == '\0')
            join_value(r, c, test, "snomed", code);
        const char *words = part_text(r, value, at + 1);
        if (words[0] != '\0') join_word(r, c, test, words);
    }
}

bool hl7_is_unset(const char *text)
{
    return text[0] == '\0' || strcmp(text, "ValueNotSet") == 0 || strcmp(text, "\"\"") == 0;
}

/* Every repetition must be understood, and all must say the same. */
static void read_repetitions(const Reader7 *r, Candidate *c, Span value, const char *test)
{
    for (int i = 1; i <= REPETITIONS; i++) {
        Span one = hl7_part(value, r->d.repetition, i);
        Candidate part = {.code = test};
        if (one.size == 0) continue;
        read_coded(r, &part, one, test);
        c->clash = c->clash || part.clash;
        c->unread = c->unread || part.value == NULL;
        join(c, part.value != NULL ? MATCH_VALUE : MATCH_NONE, part.code, part.value);
    }
    c->unread = c->unread || hl7_part(value, r->d.repetition, REPETITIONS + 1).size > 0;
}

static bool is_one_of(const char *word, const char *const *list)
{
    while (*list != NULL && strcmp(word, *list) != 0)
        list++;
    return *list != NULL;
}

static void read_value(const Reader7 *r, Candidate *c, Span obx, const char *test)
{
    static const char *const coded[] = {"CE", "CWE", "CNE", NULL},
                             *const attached[] = {"ED", "RP", NULL},
                             *const narrative[] = {"TX", "FT", NULL};
    const char *type = hl7_field_text(r, obx, 2, 1), *flag = hl7_field_text(r, obx, 8, 1);
    Span value = hl7_field(obx, 5, &r->d);
    if (is_one_of(type, attached)) return;
    c->word = hl7_span_text(r, value);
    bool unset = hl7_is_unset(c->word);
    if (unset)
        c->word = flag;
    else if (is_one_of(type, coded))
        read_repetitions(r, c, value, test);
    else
        join_word(r, c, test, c->word);
    /* A flag answers when nothing else does, or agrees; it never speaks for words that nobody understood. */
    if (flag[0] != '\0' && (unset || c->value != NULL)) join_word(r, c, test, flag);
    bool silent = hl7_is_unset(c->word) || (!unset && is_one_of(type, narrative));
    c->unread = c->unread || (c->value == NULL && !silent);
}

static void add_candidate(Reader7 *r, const Candidate *c)
{
    Group *g = &r->group;
    if (g->n == GROUP_LIMIT) return; /* refused as a whole at its end */
    if (g->n == g->capacity)
        g->items = arena_grow(r->arena, g->items, &g->capacity, sizeof *g->items);
    g->items[g->n++] = *c;
}

/* Candidates without a code carry a fault: value is then its Note code, and word what may be quoted. */
static void add_fault(Reader7 *r, const char *note_code, const char *word)
{
    add_candidate(r, &(Candidate){.value = note_code, .word = word});
}

static void add_unknown(Reader7 *r, Span obx, const char *name)
{
    Group *g = &r->group;
    const char *type = hl7_field_text(r, obx, 2, 1);
    if (strcmp(type, "ED") == 0 || strcmp(type, "RP") == 0) return; /* an attachment */
    for (size_t i = 0; i < g->n_unknown; i++)
        if (strcmp(g->unknown[i], name) == 0) return;
    if (g->n_unknown < UNKNOWN) g->unknown[g->n_unknown++] = name;
}

/* W, D: what was said about this test is taken back, and about the finer one that its value names. */
static void take_back(Reader7 *r, Span obx, const char *test, Instant time)
{
    Candidate c = {.code = test, .word = ""};
    read_value(r, &c, obx, test);
    add_candidate(
        r, &(Candidate){.code = test, .word = "", .standing = RESULT_WITHDRAWN, .time = time});
    if (c.value != NULL && strcmp(c.code, test) != 0)
        add_candidate(
            r,
            &(Candidate){.code = c.code, .word = "", .standing = RESULT_WITHDRAWN, .time = time});
}

/* X: no result can be had. Where results.tsv has a word for that it is one; else the test is without result. */
static void cannot_be_had(Reader7 *r, const char *test, Instant time)
{
    bool failed = desk_allows(r->desk, test, "failed");
    add_candidate(r, &(Candidate){.code = test,
                                  .value = failed ? "failed" : NULL,
                                  .word = "",
                                  .impossible = failed,
                                  .standing = failed ? RESULT_FINAL : RESULT_WITHDRAWN,
                                  .time = time});
}

/* OBX-3, decoded by itself: whether the rest is looked at depends on it alone. */
static Span name_of(const Reader7 *r, Span obx)
{
    return hl7_decoded(r, hl7_part(hl7_field(obx, 3, &r->d), r->d.repetition, 1));
}

bool hl7_obx_is_read(const Reader7 *r, Span obx)
{
    Span name = name_of(r, obx);
    const char *test = test_of(r, name);
    return test[0] != '\0' && strcmp(test, "remark") != 0 && !is_denied(r, name, true);
}

/* By OBX-11: F and C are results; W, D and X take one back; everything else (P, R, S, I ...) is not final and must not be used. */
void hl7_read_obx(Reader7 *r, Span obx)
{
    Span name = name_of(r, obx);
    const char *test = test_of(r, name);
    if (is_denied(r, name, test[0] != '\0') || strcmp(test, "remark") == 0) return;
    if (test[0] == '\0') {
        add_unknown(r, obx, part_text(r, name, 1));
        return;
    }
    obx = hl7_decoded(r, hl7_kept(obx, &r->d, hl7_is_gb(r), r->arena));
    const char *status = hl7_field_text(r, obx, 11, 1);
    Candidate c = {.code = test,
                   .word = "",
                   .standing = strcmp(status, "C") == 0 ? RESULT_CORRECTED : RESULT_FINAL,
                   .time = hl7_field_time(r, obx, 19, hl7_field_time(r, obx, 14, r->group.time))};
    if (strcmp(status, "W") == 0 || strcmp(status, "D") == 0) {
        take_back(r, obx, test, c.time);
    } else if (strcmp(status, "X") == 0) {
        cannot_be_had(r, test, c.time);
    } else if (strcmp(status, "F") == 0 || c.standing == RESULT_CORRECTED) {
        read_value(r, &c, obx, test);
        add_candidate(r, &c);
    } else {
        add_fault(r, "hl7.not_final", test);
    }
}
