/* HL7 v2 messages without what tells a fetus's sex, and without what identifies the woman.
 *
 * What comes out: segments MSH, PID, SPM, OBR and OBX with the fields of an allow-list; of a field only components that are plain words (strip_plain).
 * What does not: every other segment (NTE, NK1, DG1, Z...), names, sex, dates of birth, addresses, free text, abnormal flags, and observations
 * whose code or value is one of a fetus's sex or whose code stands for nothing in results.tsv's terms. OBX are numbered anew. Format: HL7 v2.5.1 chapters 2 and 7. */
#include "../../lab/sex.h"
#include "../file.h"
#include "../readers/hl7_segment.h"
#include "strip.h"

#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, FIELDS_MOST = 32, COMPONENTS_MOST = 6 };

/* Which components of which field are kept: bit 0 = the first. */
typedef struct Rule {
    const char *segment;
    int field;
    unsigned components;
} Rule;

static const Rule rules[] = {
    {"MSH", 7, 1}, {"MSH", 9, 7},  {"MSH", 10, 1}, {"MSH", 11, 1}, {"MSH", 12, 1}, {"PID", 1, 1},
    {"PID", 3, 1}, {"SPM", 1, 1},  {"SPM", 2, 3},  {"SPM", 4, 5},  {"OBR", 1, 1},  {"OBR", 2, 1},
    {"OBR", 3, 1}, {"OBR", 4, 5},  {"OBR", 7, 1},  {"OBX", 2, 1},  {"OBX", 3, 5},  {"OBX", 5, 5},
    {"OBX", 6, 1}, {"OBX", 11, 1}, {"OBX", 14, 1}};

typedef struct Output {
    const StripJob *job;
    Delimiters d;
    char *bytes;
    size_t n, capacity;
    unsigned observations;
} Output;

static void put(Output *o, const char *text, size_t n)
{
    while (o->capacity < o->n + n + 1)
        o->bytes = arena_grow(o->job->arena, o->bytes, &o->capacity, 1);
    memcpy(o->bytes + o->n, text, n);
    o->n += n;
}

static unsigned components_of(Span segment, int field)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].field == field && hl7_is(segment, rules[i].segment))
            return rules[i].components;
    return 0;
}

/* Kept components of one field; trailing empty ones are left out. */
static void put_field(Output *o, Span field, unsigned components)
{
    size_t separators = 0;
    Span first = hl7_part(field, o->d.repetition, 1);
    for (int c = 1; c <= COMPONENTS_MOST; c++) {
        Span part = hl7_part(first, o->d.component, c);
        bool kept =
            (components & 1u << (c - 1)) && strip_plain(part.text, part.size, o->job->arena);
        if (kept) {
            for (; separators > 0; separators--)
                put(o, "^", 1);
            put(o, part.text, part.size);
        }
        separators++;
    }
}

static bool denied(const Output *o, Span part)
{
    const char *text = hl7_text(part, &o->d, o->job->arena);
    return sex_code_denied(text) || sex_text_denied(text);
}

/* An observation about a sex in any of its words: code, value, units. */
static bool is_about_sex(const Output *o, Span segment)
{
    static const int fields[] = {3, 5, 6};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        Span field = hl7_field(segment, fields[i], &o->d);
        for (int c = 1; c <= COMPONENTS_MOST; c++)
            if (denied(o, hl7_part(field, o->d.component, c))) return true;
    }
    return false;
}

static bool is_kept(Output *o, Span segment)
{
    static const char *const names[] = {"MSH", "PID", "SPM", "OBR", "OBX"};
    if (hl7_is(segment, "OBX") && is_about_sex(o, segment)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (hl7_is(segment, names[i])) return true;
    return false;
}

static void put_segment(Output *o, Span segment)
{
    bool header = hl7_is(segment, "MSH"), observation = hl7_is(segment, "OBX");
    size_t separators = 1;
    put(o, segment.text, 3);
    if (header) put(o, "|^~\\&", 5);
    for (int f = header ? 3 : 1; f <= FIELDS_MOST; f++, separators++) {
        unsigned components = components_of(segment, f);
        Span field = hl7_field(segment, f, &o->d);
        size_t before = o->n;
        if (observation && f == 1) {
            const char *number = arena_print(o->job->arena, "|%u", ++o->observations);
            put(o, number, strlen(number));
            separators = 0;
            continue;
        }
        if (components == 0 || field.size == 0) continue;
        for (size_t i = 0; i < separators; i++)
            put(o, "|", 1);
        size_t at = o->n;
        put_field(o, field, components);
        if (o->n == at)
            o->n = before; /* nothing of it may stand */
        else
            separators = 0;
    }
    put(o, "\r", 1);
}

/* A header without delimiters inside a message would come out as one that opens another: nobody knows which message what follows it belongs to. */
static bool strip_message(Output *o, Span message)
{
    Span segment, rest = message;
    o->observations = 0;
    if (!hl7_delimiters(&o->d, message)) return false;
    while (hl7_next_segment(&segment, &rest, &o->d)) {
        if (hl7_is(segment, "MSH") && segment.text != message.text) return false;
        if (is_kept(o, segment)) put_segment(o, segment);
    }
    return true;
}

static Status strip_messages(const StripJob *job, Note *why)
{
    Content content;
    Status s = file_read(&content, job->in, FILE_MOST, job->arena, (Place){.file = NULL}, why);
    if (s != OK) return s;
    Output o = {.job = job};
    Span message, rest = {content.bytes, content.size};
    for (bool before, cut = false; hl7_next_message(&message, &rest, &before, &cut);)
        if (cut || !strip_message(&o, message)) return strip_fault(BAD_INPUT, "strip.damaged", why);
    return o.n > 0 ? strip_put(job, o.bytes, o.n, why)
                   : strip_fault(BAD_INPUT, "strip.damaged", why);
}

static bool sniff(const unsigned char *head, size_t size)
{
    size_t i = 0;
    while (i < size && (head[i] == 0x0b || head[i] == '\r' || head[i] == '\n'))
        i++;
    return size - i >= 4 && memcmp(head + i, "MSH", 3) == 0;
}

extern const Stripper strip_hl7;
const Stripper strip_hl7 = {
    .code = "hl7", .what = "HL7 v2", .sniff = sniff, .strip = strip_messages};
