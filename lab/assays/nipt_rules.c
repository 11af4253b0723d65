/* Why: when a sample may not be called is the laboratory's policy, so it is a table. Method: a row is broken when its
 * measure lies outside low..high (ends in), or is absent where "absent" says yes. The strongest effect decides: "stop" withholds every
 * answer, "no_negative" lets a positive be told but never a negative, "alarm" only tells. Refuses: a row whose
 * words or numbers it does not know, at the start and not at the first sample. */
#include "nipt_rules.h"

#include <math.h>
#include <string.h>

static const char *const measures[MEASURES] = {
    "reads",     "duplicates", "unique",          "gc_shift", "dispersion",
    "z_lowest",  "detectable", "fraction",        "margin",   "gestation",
    "plurality", "weight",     "other_autosomes",
};
static const char *const effects[] = {"alarm", "no_negative", "stop"};

const char *nipt_measure_code(Measure measure)
{
    return measures[measure];
}

static int word_index(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0) return (int)i;
    return -1;
}

static int measure_of(const Table *t, size_t row)
{
    return word_index(measures, MEASURES, table_get(t, row, "measure"));
}

static int answer_of(const Table *t, size_t row)
{
    for (int a = 0; a < ANSWERS; a++)
        if (strcmp(answer_code((Answer)a), table_get(t, row, "answer")) == 0) return a;
    return -1;
}

static bool limit_ok(const Table *t, size_t row, const char *column)
{
    double x;
    const char *cell = table_get(t, row, column);
    return cell[0] == '\0' || table_number(t, row, table_column(t, column), &x);
}

static const char *wrong_column(const Table *t, size_t row)
{
    const char *absent = table_get(t, row, "absent");
    if (measure_of(t, row) < 0) return "measure";
    if (word_index(effects, 3, table_get(t, row, "effect")) < 0) return "effect";
    if (answer_of(t, row) < 0 || answer_of(t, row) == ANSWER_NEGATIVE) return "answer";
    if (absent[0] != '\0' && strcmp(absent, "yes") != 0) return "absent";
    if (!limit_ok(t, row, "low")) return "low";
    return limit_ok(t, row, "high") ? NULL : "high";
}

Status nipt_rules_check(const Table *rules, Note *why)
{
    for (size_t r = 0; r < rules->n_rows; r++) {
        const char *column = wrong_column(rules, r);
        if (column != NULL)
            return note_fail(why, BAD_INPUT, "nipt.rules",
                             (Place){rules->info.path, rules->lines[r], column}, NULL);
    }
    return OK;
}

bool nipt_rule_broken(const Table *rules, size_t row, const double figures[MEASURES])
{
    double value = figures[measure_of(rules, row)], limit;
    if (!isfinite(value)) return table_get(rules, row, "absent")[0] != '\0';
    if (table_number(rules, row, table_column(rules, "low"), &limit) && value < limit) return true;
    return table_number(rules, row, table_column(rules, "high"), &limit) && value > limit;
}

Verdict nipt_rule_verdict(const Table *rules, size_t row)
{
    return (Verdict){.row = (long)row,
                     .effect = (Effect)word_index(effects, 3, table_get(rules, row, "effect")),
                     .answer = (Answer)answer_of(rules, row),
                     .detail = table_get(rules, row, "detail")};
}

Verdict nipt_verdict(const Table *rules, const double figures[MEASURES])
{
    Verdict worst = {.row = -1, .effect = EFFECT_ALARM};
    for (size_t r = 0; r < rules->n_rows; r++) {
        if (!nipt_rule_broken(rules, r, figures)) continue;
        Verdict v = nipt_rule_verdict(rules, r);
        if (worst.row < 0 || v.effect > worst.effect) worst = v;
    }
    return worst;
}
