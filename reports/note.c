/* A Note in words: where, what is wrong, what to do.
 *
 * The sentence is row "note.<code>" of wording.tsv; it may name {file}, {row}, {field} and
 * {detail} itself, and what it does not name stands before or behind it, so that nothing is said
 * twice and nothing is lost. */
#include "page.h"

#include "../lab/sex.h"

#include <string.h>

/* "results.csv row 7, field sha256": the parts of the place that are known and that the sentence
 * does not name itself. */
static const char *note_place(const Note *note, const Reference *reference, Lang lang,
                              const char *pattern, Arena *arena)
{
    const char *text = "";
    if (note->file[0] != '\0' && strstr(pattern, "{file}") == NULL) text = note->file;
    if (note->row > 0 && strstr(pattern, "{row}") == NULL) {
        const char *n = arena_print(arena, "%ld", note->row);
        const char *row = word_fill(reference_word(reference, lang, "label.at_row"),
                                    (const char *const[]){"row", n, NULL}, arena);
        text = arena_print(arena, "%s%s%s", text, *text ? " " : "", row);
    }
    if (note->field[0] != '\0' && strstr(pattern, "{field}") == NULL) {
        const char *field = word_fill(reference_word(reference, lang, "label.at_field"),
                                      (const char *const[]){"field", note->field, NULL}, arena);
        text = arena_print(arena, "%s%s%s", text, *text ? " " : "", field);
    }
    return text;
}

static const char *note_sentence(const Note *note, const char *pattern, Arena *arena)
{
    const char *row = note->row > 0 ? arena_print(arena, "%ld", note->row) : "";
    const char *const pairs[] = {"file",      note->file, "row",        row, "field",
                                 note->field, "detail",   note->detail, NULL};
    const char *sentence = word_fill(pattern, pairs, arena);
    if (note->detail[0] == '\0' || strstr(pattern, "{detail}") != NULL) return sentence;
    return arena_print(arena, "%s (%s)", sentence, note->detail);
}

static const char *note_pattern(const Note *note, const Reference *reference, Lang lang,
                                Arena *arena)
{
    const char *key = arena_print(arena, "note.%s", note->code ? note->code : "unknown");
    return reference_word(reference, lang, key);
}

/* The parts of a note that came from outside pass the deny list for whomever they are about: a note must
 * not be the way in which a word about a fetus's sex goes through. */
static Note gated(const Note *note)
{
    Note safe = *note;
    if (sex_text_denied(safe.file)) safe.file[0] = '\0';
    if (sex_text_denied(safe.field)) safe.field[0] = '\0';
    if (sex_text_denied(safe.detail)) safe.detail[0] = '\0';
    return safe;
}

const char *page_note(const Page *page, const Note *note)
{
    Note safe = gated(note);
    const char *pattern = note_pattern(&safe, page->reference, page->stamp->lang, page->arena);
    return note_sentence(&safe, pattern, page->arena);
}

const char *report_note(const Note *note, const Reference *reference, Lang lang, Arena *arena)
{
    Note safe = gated(note);
    const char *pattern = note_pattern(&safe, reference, lang, arena);
    const char *sentence = note_sentence(&safe, pattern, arena);
    const char *place = note_place(&safe, reference, lang, pattern, arena);
    return *place == '\0' ? sentence : arena_print(arena, "%s: %s", place, sentence);
}
