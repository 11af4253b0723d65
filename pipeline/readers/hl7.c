/* Why: analysers send their results as HL7 v2: unsolicited results as ORU^R01, results by specimen as OUL^R22. The second
 * is what real HPV analysers use, and one of them says POS or NEG in OBX-8 with "ValueNotSet" in OBX-5.
 * Method: messages are split into segments on the file's own bytes (no line end is part of a character in UTF-8 or GB18030); the fields that
 * are read are decoded by MSH-18, or all of them together as they look, and no other byte plays a part: not the sex in PID, not an OBX about
 * it, not a remark in SPM-14. They are read in groups: one specimen's segments in OUL^R22 (from SPM to SPM), one
 * order's in ORU^R01 (from ORC or OBR on; its SPM stands behind the OBX). Within a group every OBX is a candidate; the group
 * is resolved as a whole, because a report states one thing in several forms (code, text, PDF): coded beats free text,
 * equal statements are one, contradicting ones are none.
 * Read: MSH, SPM-2, SPM-11, SAC-3, OBR-2, OBR-3, OBX-2, -3, -5, -8, -11, -14, -19. PID, NK1, PV1, DG1, NTE and Z segments are never looked at.
 * Source: HL7 Version 2.5.1, chapters 2 and 7; conventions of the cobas 4800 and 6800/8800 host interfaces; IHE LAB-23.
 * Corrected and withdrawn results say so (Result.standing): what that means for results that came before, in this file or years ago, is lab/standing.
 * Refuses: preliminary results (never a value), other processing than P, other messages, a frame that was not closed. */
#include "hl7_group.h"

#include "../file.h"
#include "../intake.h"
#include "../seen.h"
#include "../text.h"

#include <string.h>

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
    const char *kind = hl7_field_text(r, msh, 9, 1), *event = hl7_field_text(r, msh, 9, 2);
    r->by_specimen = strcmp(kind, "OUL") == 0 && strcmp(event, "R22") == 0;
    return !r->by_specimen && !(strcmp(kind, "ORU") == 0 && strcmp(event, "R01") == 0);
}

/* Without a named charset: UTF-8 when everything that is read is; else GB18030. False when a segment that is read is in neither, or not in
 * the named one. */
static bool find_charset(Reader7 *r, Span message)
{
    Span segment, rest = message;
    bool fits = true, utf8 = true;
    while (r->charset == NULL && utf8 && hl7_next_segment(&segment, &rest, &r->d)) {
        if (!hl7_is_read(r, segment)) continue;
        segment = hl7_kept(segment, &r->d, false, r->arena);
        utf8 = text_is_utf8(segment.text, segment.size);
    }
    if (r->charset == NULL) r->charset = utf8 ? "UTF-8" : "GB18030";
    for (rest = message; fits && hl7_next_segment(&segment, &rest, &r->d);) {
        if (!hl7_is_read(r, segment)) continue;
        segment = hl7_kept(segment, &r->d, hl7_is_gb(r), r->arena);
        fits = text_decode(&segment.text, &segment.size, segment.text, segment.size, r->charset,
                           r->arena) == OK;
    }
    return fits;
}

static void read_message(Reader7 *r, Span message)
{
    Span segment, rest = message;
    if (!hl7_next_segment(&segment, &rest, &r->d)) return;
    segment = hl7_decoded(r, segment);
    const char *mode = hl7_field_text(r, segment, 11, 1);
    if (wrong_type(r, segment)) {
        desk_fault(r->desk, "", "hl7.type", "MSH-9", hl7_field_text(r, segment, 9, 1));
        return;
    }
    if (mode[0] != '\0' && strcmp(mode, "P") != 0) {
        desk_fault(r->desk, "", "hl7.not_production", "MSH-11", NULL);
        return;
    }
    r->sent = hl7_field_time(r, segment, 7, INSTANT_NONE);
    r->any_group = r->has_group = false;
    while (hl7_next_segment(&segment, &rest, &r->d))
        hl7_read_segment(r, segment);
    hl7_end_group(r);
    if (!r->any_group)
        desk_fault(r->desk, "", "hl7.no_segment", r->by_specimen ? "SPM" : "OBR", NULL);
}

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
    r->charset = charset_of(msh, &r->d);
    if (!find_charset(r, text))
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
                 .arena = arena_like(desk->job->arena),
                 .offset_minutes = reference_offset_minutes(desk->job->reference)};
    Status s = read_all(&r, (Span){bytes + bom, size - bom});
    arena_free(r.arena);
    return s;
}

static Status read_hl7(Evidence *out, const ReadJob *job, Note *why)
{
    Desk desk;
    Content message;
    Place at = {.file = job->fetal ? NULL : job->file};
    Status s = desk_open(&desk, job, why);
    if (s == OK) s = file_read(&message, job->fd, INTAKE_MESSAGE_LIMIT, job->arena, at, why);
    if (s != OK) return s;
    if (read_bytes(&desk, message.bytes, message.size) != OK)
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
