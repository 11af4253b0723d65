/* Why: analysers send their results as HL7 v2: unsolicited results as ORU^R01, results by specimen as OUL^R22. The second
 * is what real HPV analysers use, and one of them says POS or NEG in OBX-8 with "ValueNotSet" in OBX-5.
 * Method: messages are split, decoded by their own MSH-18, and read in groups: one specimen's segments in OUL^R22 (from SPM to SPM), one
 * order's in ORU^R01 (from ORC or OBR on; its SPM stands behind the OBX). Within a group every OBX is a candidate; the group
 * is resolved as a whole, because a report states one thing in several forms (code, text, PDF): coded beats free text,
 * equal statements are one, contradicting ones are none.
 * Read: MSH, SPM-2, SPM-11, SAC-3, OBR-2, OBR-3, OBX-2, -3, -5, -8, -11, -14, -19. PID, NK1, PV1, DG1, NTE and Z segments are never looked at.
 * Source: HL7 Version 2.5.1, chapters 2 and 7; conventions of the cobas 4800 and 6800/8800 host interfaces; IHE LAB-23.
 * Refuses: preliminary and withdrawn results (never a value), other processing than P, other messages, a frame that was not closed. */
#include "hl7_segment.h"

#include "../../lab/sex.h"
#include "../file.h"
#include "../intake.h"
#include "../seen.h"
#include "../text.h"
#include "desk.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 4096, NAMES = 5, GROUP_LIMIT = 2000, REPETITIONS = 8 };

typedef struct Candidate {
    const char *code;  /* result code of the test */
    const char *value; /* NULL = the words mean nothing to us */
    const char *word;
    bool
        unread; /* a statement that nobody understands; a narrative (TX, FT) beside others is none */
    bool clash; /* its parts contradict each other */
    bool corrected;
    Instant time;
} Candidate;

typedef struct Group {
    const char *
        names[NAMES]; /* candidates for the specimen's id, best first; NULL-terminated when fewer */
    size_t n_names;
    bool has_spm, has_obr, control;
    Instant time;
    Candidate *items;
    size_t n, capacity;
} Group;

typedef struct Reader7 {
    Desk *desk;
    Arena *arena; /* for the texts of one message */
    Delimiters d;
    int offset_minutes;
    bool by_specimen; /* OUL^R22 */
    Instant sent;
    Group group;
    bool has_group, any_group;
} Reader7;

static const char *text_of(const Reader7 *r, Span span)
{
    return span.size > TEXT_LIMIT ? "?" : hl7_text(span, &r->d, r->arena); /* "?" is no word */
}

static const char *field_text(const Reader7 *r, Span segment, int field, int component)
{
    Span first = hl7_part(hl7_field(segment, field, &r->d), r->d.repetition, 1);
    return text_of(r, hl7_part(first, r->d.component, component));
}

static Instant field_time(const Reader7 *r, Span segment, int field, Instant otherwise)
{
    Instant t;
    return instant_parse(&t, field_text(r, segment, field, 1), r->offset_minutes) ? t : otherwise;
}

static const char *subcomponent(const Reader7 *r, Span segment, int field, int component, int sub)
{
    Span first = hl7_part(hl7_field(segment, field, &r->d), r->d.repetition, 1);
    return text_of(r, hl7_part(hl7_part(first, r->d.component, component), r->d.sub, sub));
}

static void add_name(Group *g, const char *name, bool in_front)
{
    if (name[0] == '\0' || strcmp(name, "\"\"") == 0 || g->n_names == NAMES) return;
    if (in_front) memmove(g->names + 1, g->names, g->n_names * sizeof *g->names);
    g->names[in_front ? 0 : g->n_names] = name;
    g->n_names++;
}

/* Whose it is: the name that was asked for, else the one that has the form of a sample's id, else the best. Two different ids
 * of that form contradict each other: NULL. */
static const char *specimen_of(const Reader7 *r, const Group *g)
{
    const char *asked = r->desk->job->specimen, *id = NULL;
    for (size_t i = 0; i < g->n_names; i++) {
        if (asked != NULL && strcmp(asked, g->names[i]) == 0) return asked;
        if (!intake_id_ok('S', g->names[i])) continue;
        if (id != NULL && strcmp(id, g->names[i]) != 0) return NULL;
        id = g->names[i];
    }
    return id != NULL ? id : g->n_names > 0 ? g->names[0] : "";
}

/* ---- one OBX ---- */

static const char *system_of(const Reader7 *r, Span coded, int component)
{
    const char *name = text_of(r, hl7_part(coded, r->d.component, component));
    return strcmp(name, "LN") == 0 ? "loinc" : strcmp(name, "SCT") == 0 ? "snomed" : "local";
}

static const char *part_text(const Reader7 *r, Span coded, int component)
{
    return text_of(r, hl7_part(coded, r->d.component, component));
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

static bool is_unset(const char *text)
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
    const char *type = field_text(r, obx, 2, 1), *flag = field_text(r, obx, 8, 1);
    Span value = hl7_field(obx, 5, &r->d);
    if (is_one_of(type, attached)) return;
    c->word = text_of(r, value);
    bool unset = is_unset(c->word);
    if (unset)
        c->word = flag;
    else if (is_one_of(type, coded))
        read_repetitions(r, c, value, test);
    else
        join_word(r, c, test, c->word);
    /* A flag answers when nothing else does, or agrees; it never speaks for words that nobody understood. */
    if (flag[0] != '\0' && (unset || c->value != NULL)) join_word(r, c, test, flag);
    bool silent = is_unset(c->word) || (!unset && is_one_of(type, narrative));
    c->unread = c->unread || (c->value == NULL && !silent);
}

/* OBX-11: F and C are final; X means that no result can be had; everything else must not be used. */
static bool is_final(Reader7 *r, Span obx, const char *test, Candidate *c)
{
    const char *status = field_text(r, obx, 11, 1);
    c->corrected = strcmp(status, "C") == 0;
    if (strcmp(status, "X") == 0) {
        c->value = "failed";
        c->clash = false;
        c->unread = false;
        return desk_allows(r->desk, test, "failed");
    }
    return c->corrected || strcmp(status, "F") == 0;
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

static void read_obx(Reader7 *r, Span obx)
{
    Span name = hl7_part(hl7_field(obx, 3, &r->d), r->d.repetition, 1);
    const char *test = test_of(r, name);
    if (is_denied(r, name, test[0] != '\0') || strcmp(test, "remark") == 0) return;
    Candidate c = {.code = test, .word = ""};
    if (test[0] == '\0') {
        const char *type = field_text(r, obx, 2, 1);
        bool attachment = strcmp(type, "ED") == 0 || strcmp(type, "RP") == 0;
        if (!attachment) add_fault(r, "result.test_unknown", part_text(r, name, 1));
        return;
    }
    read_value(r, &c, obx, test);
    c.time = field_time(r, obx, 19, field_time(r, obx, 14, r->group.time));
    if (is_final(r, obx, test, &c))
        add_candidate(r, &c);
    else
        add_fault(r, "hl7.not_final", test);
}

/* ---- one group ---- */

static void put_result(Reader7 *r, const char *specimen, const Candidate *c, const char *value)
{
    desk_put(r->desk,
             &(Result){.specimen = specimen,
                       .code = c->code,
                       .value = value,
                       .unit = "",
                       .time = c->time,
                       .run = "",
                       .well = ""},
             c->corrected);
}

/* Candidates of the same code; when one of them is a correction, only corrections count. */
static bool counts(const Candidate *c, const Candidate *one)
{
    return c->code != NULL && strcmp(c->code, one->code) == 0 && (c->corrected || !one->corrected);
}

/* What all candidates of one code say together, starting with items[first]. */
static void resolve(Reader7 *r, const char *specimen, size_t first)
{
    const Group *g = &r->group;
    Candidate one = g->items[first];
    bool clash = false, unread = false;
    const Candidate *said = NULL;
    for (size_t i = first; i < g->n; i++)
        one.corrected = one.corrected || (counts(&g->items[i], &one) && g->items[i].corrected);
    for (size_t i = first; i < g->n; i++) {
        const Candidate *c = &g->items[i];
        if (!counts(c, &one)) continue;
        clash = clash || c->clash ||
                (said != NULL && c->value != NULL && strcmp(said->value, c->value) != 0);
        unread = unread || c->unread;
        if (said == NULL && c->value != NULL) said = c;
    }
    if (said != NULL && !clash && !unread) {
        one.time = said->time;
        put_result(r, specimen, &one, said->value);
    } else if (desk_allows(r->desk, one.code, "unmatched")) {
        put_result(r, specimen, &one, "unmatched");
    } else {
        desk_fault(r->desk, specimen, clash ? "result.contradiction" : "result.word", "OBX-5",
                   one.word);
    }
}

static bool first_of_its_code(const Group *g, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (g->items[k].code != NULL && strcmp(g->items[k].code, g->items[i].code) == 0)
            return false;
    return true;
}

/* One fault for all tests that nobody knows; one when nothing else was there. */
static void tell_unknown(Reader7 *r, const char *specimen, const Candidate *unknown, bool found)
{
    if (!found)
        desk_fault(r->desk, specimen, "result.none", "OBX-3", unknown ? unknown->word : NULL);
    else if (unknown != NULL)
        desk_fault(r->desk, specimen, unknown->value, "OBX-3", unknown->word);
}

static void resolve_all(Reader7 *r, const char *specimen)
{
    const Group *g = &r->group;
    const Candidate *unknown = NULL;
    bool found = false;
    for (size_t i = 0; i < g->n; i++) {
        const Candidate *c = &g->items[i];
        bool strange = c->code == NULL && strcmp(c->value, "result.test_unknown") == 0;
        found = found || !strange;
        if (strange && unknown == NULL) unknown = c;
        if (c->code == NULL && !strange) desk_fault(r->desk, specimen, c->value, "OBX-11", c->word);
        if (c->code != NULL && first_of_its_code(g, i)) resolve(r, specimen, i);
    }
    tell_unknown(r, specimen, unknown, found);
}

static void end_group(Reader7 *r)
{
    if (!r->has_group) return;
    r->has_group = false;
    r->any_group = true;
    if (r->group.control) return; /* controls are never patients */
    const char *specimen = specimen_of(r, &r->group);
    if (specimen == NULL)
        desk_fault(r->desk, "", "hl7.two_specimens", "SPM-2", NULL);
    else if (specimen[0] == '\0')
        desk_fault(r->desk, "", "hl7.no_specimen", "SPM-2", NULL);
    else if (!desk_wants(r->desk, specimen))
        return;
    else if (r->group.n == GROUP_LIMIT)
        desk_fault(r->desk, arena_copy(r->desk->job->arena, specimen), "hl7.too_many", "OBX", NULL);
    else
        resolve_all(r, arena_copy(r->desk->job->arena, specimen));
}

static void begin_group(Reader7 *r)
{
    end_group(r);
    r->group = (Group){.time = r->sent};
    r->has_group = true;
}

static void read_spm(Reader7 *r, Span spm)
{
    Group *g = &r->group;
    const char *role = field_text(r, spm, 11, 1);
    add_name(g, subcomponent(r, spm, 2, 2, 1), true);
    add_name(g, subcomponent(r, spm, 2, 1, 1), true);
    g->has_spm = true;
    g->control = g->control || (role[0] != '\0' && strcmp(role, "P") != 0);
}

static void read_obr(Reader7 *r, Span obr)
{
    add_name(&r->group, field_text(r, obr, 3, 1), false);
    add_name(&r->group, field_text(r, obr, 2, 1), false);
    r->group.has_obr = true;
    r->group.time = field_time(r, obr, 22, r->group.time);
}

/* Where a group starts: see the essay above. */
static bool opens_group(const Reader7 *r, Span segment)
{
    if (r->by_specimen) return hl7_is(segment, "SPM");
    return (hl7_is(segment, "ORC") || hl7_is(segment, "OBR")) &&
           (!r->has_group || r->group.has_obr);
}

static void read_segment(Reader7 *r, Span segment)
{
    if (opens_group(r, segment)) begin_group(r);
    if (!r->has_group) return;
    if (hl7_is(segment, "SPM")) read_spm(r, segment);
    if (hl7_is(segment, "SAC")) add_name(&r->group, field_text(r, segment, 3, 1), false);
    if (hl7_is(segment, "OBR")) read_obr(r, segment);
    if (hl7_is(segment, "OBX")) read_obx(r, segment);
}

/* ---- one message ---- */

/* The charset that MSH-18 names, for text_decode; NULL = none is named. */
static const char *charset_of(Span msh, const Delimiters *d)
{
    char name[16];
    size_t n = 0;
    Span field = hl7_part(hl7_field(msh, 18, d), d->repetition, 1);
    for (size_t i = 0; i < field.size && n + 1 < sizeof name; i++)
        if (field.text[i] != ' ' && field.text[i] != '-' && field.text[i] != '_')
            name[n++] = (char)(field.text[i] >= 'a' && field.text[i] <= 'z' ? field.text[i] - 32
                                                                            : field.text[i]);
    name[n] = '\0';
    if (n == 0) return NULL;
    if (strstr(name, "UTF8") != NULL) return "UTF-8";
    if (strncmp(name, "GB", 2) == 0) return "GB18030";
    return "ASCII";
}

static bool wrong_type(Reader7 *r, Span msh)
{
    const char *kind = field_text(r, msh, 9, 1), *event = field_text(r, msh, 9, 2);
    r->by_specimen = strcmp(kind, "OUL") == 0 && strcmp(event, "R22") == 0;
    return !r->by_specimen && !(strcmp(kind, "ORU") == 0 && strcmp(event, "R01") == 0);
}

static void read_message(Reader7 *r, Span message)
{
    Span segment, rest = message;
    if (!hl7_next_segment(&segment, &rest, &r->d)) return;
    const char *mode = field_text(r, segment, 11, 1);
    if (wrong_type(r, segment)) {
        desk_fault(r->desk, "", "hl7.type", "MSH-9", field_text(r, segment, 9, 1));
        return;
    }
    if (mode[0] != '\0' && strcmp(mode, "P") != 0) {
        desk_fault(r->desk, "", "hl7.not_production", "MSH-11", NULL);
        return;
    }
    r->sent = field_time(r, segment, 7, INSTANT_NONE);
    r->any_group = r->has_group = false;
    while (hl7_next_segment(&segment, &rest, &r->d))
        read_segment(r, segment);
    end_group(r);
    if (!r->any_group)
        desk_fault(r->desk, "", "hl7.no_segment", r->by_specimen ? "SPM" : "OBR", NULL);
}

/* ---- one file ---- */

/* The messages met so far, by control id. */
typedef struct Known {
    Seen *seen;
    Span *ids, *messages;
    size_t n;
} Known;

static bool same_bytes(Span a, Span b)
{
    return a.size == b.size && memcmp(a.text, b.text, a.size) == 0;
}

/* The same control id again: the same message is passed over, another one under that id is a fault. */
static bool is_repeat(Known *known, Span msh, Span message, Reader7 *r)
{
    Span id = hl7_field(msh, 10, &r->d);
    if (id.size == 0 || id.size > TEXT_LIMIT) return false;
    uint64_t key = seen_hash(SEEN_SEED, arena_copy_n(r->arena, id.text, id.size));
    size_t cursor = 0;
    long k;
    while ((k = seen_next(known->seen, key, &cursor)) >= 0 && !same_bytes(known->ids[k], id))
        continue;
    if (k < 0) {
        seen_add(known->seen, key, known->n);
        known->ids[known->n] = id;
        known->messages[known->n++] = message;
        return false;
    }
    if (!same_bytes(known->messages[k], message))
        desk_fault(r->desk, "", "hl7.control_id", "MSH-10", NULL);
    return true;
}

/* Without line ends and frames behind it, so that a repeat is equal whatever follows it. */
static Span trimmed(Span message)
{
    while (message.size > 0 && (unsigned char)message.text[message.size - 1] <= ' ')
        message.size--;
    return message;
}

static void take_message(Reader7 *r, Span message, bool cut, Known *known)
{
    Span text = trimmed(message), msh, rest = text;
    if (!hl7_delimiters(&r->d, text)) {
        desk_fault(r->desk, "", "hl7.delimiters", "MSH-2", NULL);
        return;
    }
    if (cut) {
        desk_fault(r->desk, "", "hl7.cut", "MSH", NULL);
        return;
    }
    if (!hl7_next_segment(&msh, &rest, &r->d) || is_repeat(known, msh, text, r)) return;
    if (text_decode(&text.text, &text.size, text.text, text.size, charset_of(msh, &r->d),
                    r->arena) != OK)
        desk_fault(r->desk, "", "hl7.charset", "MSH-18", NULL);
    else
        read_message(r, text);
}

static size_t count_messages(Span rest)
{
    Span message;
    bool before, cut;
    size_t n = 0;
    while (hl7_next_message(&message, &rest, &before, &cut))
        n++;
    return n;
}

static Status read_all(Reader7 *r, Span rest)
{
    Span message;
    bool before, cut;
    size_t n = count_messages(rest);
    Arena *arena = r->desk->job->arena;
    Known known = {.seen = seen_new(n, arena),
                   .ids = arena_alloc(arena, (n + 1) * sizeof(Span)),
                   .messages = arena_alloc(arena, (n + 1) * sizeof(Span))};
    for (size_t i = 0; hl7_next_message(&message, &rest, &before, &cut); i++) {
        if (before && i == 0) desk_fault(r->desk, "", "hl7.no_msh", "MSH", NULL);
        take_message(r, message, cut, &known);
        arena_reset(r->arena);
    }
    return n > 0 ? OK : NOT_FOUND;
}

static Status read_bytes(Desk *desk, const char *bytes, size_t size)
{
    size_t bom = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    Reader7 r = {.desk = desk,
                 .arena = arena_new(NULL),
                 .offset_minutes = reference_offset_minutes(desk->job->reference)};
    Status s = read_all(&r, (Span){bytes + bom, size - bom});
    arena_free(r.arena);
    return s;
}

static Status read_hl7(Evidence *out, const ReadJob *job, Note *why)
{
    Desk desk;
    char *bytes;
    size_t size;
    Place at = {.file = job->fetal ? NULL : job->file};
    Status s = desk_open(&desk, job, why);
    if (s == OK) s = file_read(&bytes, &size, job->fd, INTAKE_MESSAGE_LIMIT, job->arena, at, why);
    if (s != OK) return s;
    if (read_bytes(&desk, bytes, size) != OK)
        return note_fail(why, BAD_INPUT, "hl7.no_msh", at, NULL);
    return desk_close(&desk, out, why);
}

/* "MSH" and an encoding character, or another segment of three capitals and '|': a message that lost its head is ours to refuse. */
static bool sniff_hl7(const unsigned char *head, size_t size)
{
    size_t i = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (i < size && (head[i] <= ' '))
        i++;
    if (size - i < 4) return false;
    if (memcmp(head + i, "MSH", 3) == 0)
        return head[i + 3] > ' ' && head[i + 3] < 0x7F && head[i + 3] != ',';
    for (size_t k = 0; k < 3; k++)
        if (!((head[i + k] >= 'A' && head[i + k] <= 'Z') ||
              (k > 0 && head[i + k] >= '0' && head[i + k] <= '9')))
            return false;
    return head[i + 3] == '|';
}

const Reader reader_hl7 = {.code = "hl7",
                           .what = "HL7 v2 ORU^R01 and OUL^R22 (ER7, with or without MLLP frames)",
                           .many = true,
                           .sniff = sniff_hl7,
                           .read = read_hl7};
