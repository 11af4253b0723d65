#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut in the middle of a UTF-8 character would make the receipt that quotes it invalid XML. */
static void cut_at_character(char *text, size_t capacity)
{
    size_t n = strnlen(text, capacity);
    size_t lead = n;
    while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0) return;
    unsigned char c = (unsigned char)text[lead - 1];
    size_t want = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (n - (lead - 1) < want) text[lead - 1] = '\0';
}

static void put(char *to, size_t capacity, const char *from)
{
    (void)snprintf(to, capacity, "%s", from ? from : "");
    cut_at_character(to, capacity);
}

Status note_fail(Note *note, Status status, const char *code, Place place, const char *detail, ...)
{
    if (note == NULL) return status;
    *note = (Note){.code = code, .row = place.row};
    put(note->file, sizeof note->file, place.file);
    put(note->field, sizeof note->field, place.field);
    if (detail != NULL) {
        va_list args;
        va_start(args, detail);
        (void)vsnprintf(note->detail, sizeof note->detail, detail, args);
        va_end(args);
        cut_at_character(note->detail, sizeof note->detail);
    }
    return status;
}
