/* Why: the checks that all tables share, each a question about one cell.
 * Identifiers: one letter and 6 to 18 digits. A spreadsheet turns long digit strings into 2.3E+17 and loses the last digits for ever;
 * such a cell gets a Note of its own, because the cure (format the column as text, export again) is another one.
 * Formulas: a cell that begins with =, +, -, @, TAB or CR runs when somebody opens our findings.tsv in a spreadsheet
 * (CWE-1236, "Improper Neutralization of Formula Elements in a CSV File"); such a row is quarantined, not cleaned. */
#include "../lab/sex.h"
#include "intake_room.h"
#include "text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

bool intake_id_ok(char kind, const char *id)
{
    if (id == NULL || id[0] != kind) return false;
    size_t n = digits(id + 1);
    return n >= 6 && n <= 18 && id[1 + n] == '\0';
}

/* 2.3E+17, 1.23e17, 2026000123.0, with or without the letter in front. */
static bool is_mangled(const char *text)
{
    if ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z')) text++;
    size_t n = digits(text), fraction = 0;
    if (n == 0) return false;
    text += n;
    if (*text == '.') {
        fraction = digits(text + 1);
        text += 1 + fraction;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+';
        return digits(text) > 0 && text[digits(text)] == '\0';
    }
    return fraction > 0 && *text == '\0';
}

Fault intake_form_fault(const Cells *cells, Arena *arena)
{
    const char *span =
        cells->last > cells->row ? arena_print(arena, "%ld-%ld", cells->row, cells->last) : NULL;
    return (Fault){.code = cells->fault, .column = cells->fault_column, .detail = span};
}

Fault intake_check_id(char kind, const Cells *cells, int column)
{
    const char *text = cells->cell[column];
    if (text[0] == '\0') return (Fault){.code = "cell.empty", .column = column};
    if (intake_id_ok(kind, text)) return FINE;
    return (Fault){.code = is_mangled(text) ? "id.spreadsheet" : "id.grammar", .column = column};
}

Fault intake_check_cells(const Cells *cells, int n_columns, int number_column)
{
    double ignored;
    for (int c = 0; c < n_columns; c++) {
        const char *text = cells->cell[c];
        if (text_is_formula(text) && !(c == number_column && intake_number(text, &ignored)))
            return (Fault){.code = "cell.formula", .column = c};
        if (!text_is_plain(text, SIZE_MAX)) return (Fault){.code = "cell.control", .column = c};
    }
    return FINE;
}

bool intake_code_denied(const Room *room, const char *code)
{
    Verdict *v = &room->verdicts[seen_hash(SEEN_SEED, code) % VERDICTS];
    size_t n = strlen(code);
    if (n >= VERDICT_CODE) return sex_code_denied(code);
    if (!v->known || strcmp(v->code, code) != 0) {
        *v = (Verdict){.known = true, .denied = sex_code_denied(code)};
        memcpy(v->code, code, n + 1);
    }
    return v->denied;
}

bool intake_number(const char *text, double *out)
{
    const char *p = text;
    p += *p == '-' || *p == '+';
    size_t whole = digits(p), fraction = 0;
    p += whole;
    if (*p == '.') {
        fraction = digits(p + 1);
        p += 1 + fraction;
    }
    if (whole + fraction == 0 || whole + fraction > 18 || *p != '\0') return false;
    *out = strtod(text, NULL); /* at most 18 digits and one point: checked above */
    return isfinite(*out);
}

char intake_bound(const char **text)
{
    static const struct {
        const char *sign;
        char bound;
    } signs[] = {{"<", '<'}, {">", '>'}, {"\xEF\xBC\x9C", '<'}, {"\xEF\xBC\x9E", '>'}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].sign);
        if (strncmp(*text, signs[i].sign, n) != 0) continue;
        *text += n + ((*text)[n] == ' ');
        return signs[i].bound;
    }
    return 0;
}

bool intake_listed(const char *list, const char *word)
{
    size_t n = strlen(word);
    while (*list != '\0') {
        size_t length = strcspn(list, "|");
        if (length == n && strncmp(list, word, n) == 0) return true;
        list += length + (list[length] == '|');
    }
    return false;
}
