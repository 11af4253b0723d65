/* All findings as one text, so that a test compares them whole: how many, in which order, and every field of each.
 *
 *     S1|serum.risk|T21|positive|risk_high|0.0123457|serum/cutoffs:t21
 *
 * Behind the row: "!" rests on an example number, "?" is unverified. A value is told to six digits, with its unit. */
#ifndef SCREENLAB_FINDINGS_TEXT_H
#define SCREENLAB_FINDINGS_TEXT_H

#include "../lab/finding.h"

#include <criterion/criterion.h>
#include <string.h>

static inline const char *finding_text(const Finding *f, Arena *arena)
{
    const char *value = f->has_value ? arena_print(arena, "%.6g", f->value) : "";
    return arena_print(arena, "%s|%s|%s|%s|%s|%s%s%s|%s%s%s%s%s\n", f->sample, f->code, f->item,
                       answer_code(f->answer), f->detail, value,
                       f->has_value && f->unit[0] ? " " : "", f->has_value ? f->unit : "", f->table,
                       f->row[0] ? ":" : "", f->row, f->example ? "!" : "",
                       f->unverified ? "?" : "");
}

static inline const char *findings_text(const Findings *f, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < f->n; i++)
        text = arena_print(arena, "%s%s", text, finding_text(&f->items[i], arena));
    return text;
}

/* The lines of findings_text() that hold `word`. */
static inline const char *findings_with(const Findings *f, const char *word, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < f->n; i++) {
        const char *line = finding_text(&f->items[i], arena);
        if (strstr(line, word) != NULL) text = arena_print(arena, "%s%s", text, line);
    }
    return text;
}

#endif
