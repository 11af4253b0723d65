/* newborn - dried-blood-spot screening: from the card to "normal", "recall" or "refer".
 *
 * A result is judged by the row of newborn/cutoffs that fits analyte, stratum (birth weight or gestation) and age at
 * collection; the direction of alarm and the duplicate rule are fields of the row. Order of outcomes, strongest first: a positive
 * stands whatever else is wrong; then poor spot, early collection, transfusion, unknown stratum, borderline, normal (order of the open
 * code of OpenELIS-Iowa, scriptlet/nbs, commit 05c1c13; the last two places are inferred). What limits a result never reads as normal.
 *
 * Refuses: analytes without a cut-off of the laboratory, units that differ, tables with a gap or an overlap in a stratum. Screening
 * is not diagnosis: it says recall or refer, never a disease. Ranges by sex are not used. */
#include "assay.h"

#include <math.h>
#include <string.h>

enum { REPLICATES = 8 };

typedef struct Limits { /* one row of newborn/cutoffs */
    size_t row;
    bool low_is_bad,
        both; /* direction of alarm; duplicate rule: every replicate must alarm, else their mean */
    double replicates, borderline, positive;
} Limits;

typedef struct Card {
    const Case *c;
    const Reference *reference;
    const Table *cutoffs, *rules;
    const Sample *sample;
    Findings *out;
    Arena *arena;
    double weight_g, gestation_d; /* NAN = unknown */
    double age_h;                 /* at collection, at least that many hours; NAN = unknown */
    const char *limit;            /* why nothing on this card may read normal; NULL = nothing */
    Answer limit_answer;
} Card;

static double rule(const Card *k, const char *key)
{
    double value = NAN;
    long row = table_find(k->rules, key);
    if (row >= 0)
        (void)table_number(k->rules, (size_t)row, table_column(k->rules, "value"), &value);
    return value;
}

static const Fact *fact(const Card *k, const char *code)
{
    return case_fact(k->c, k->sample->subject, code);
}

static double number_fact(const Card *k, const char *code)
{
    const Fact *f = fact(k, code);
    return f == NULL ? NAN : f->number;
}

/* Without the hour of birth only the latest possible birth of that day is sure: the age is then the least it can be. */
static double age_at_collection(const Card *k)
{
    const Fact *birth = fact(k, "birth_date");
    Date day;
    if (birth == NULL || !date_parse(&day, birth->value)) return NAN;
    Instant latest = ((Instant)day + 1) * 86400 - (Instant)k->c->offset_minutes * 60;
    Instant born = birth->time != INSTANT_NONE && birth->time < latest ? birth->time : latest;
    return (double)(k->sample->collected - born) / 3600.0;
}

static bool is_code(const Card *k, const char *code, const char *value)
{
    const Fact *f = fact(k, code);
    return f != NULL && strcmp(f->value, value) == 0;
}

static void limit_by(Card *k, bool when, Answer answer, const char *detail)
{
    if (!when || k->limit != NULL) return;
    k->limit = detail;
    k->limit_answer = answer;
}

/* What keeps the whole card from reading normal, strongest first. */
static void look_at_card(Card *k)
{
    double spots = number_fact(k, "spots"), diameter = number_fact(k, "spot_mm");
    k->weight_g = number_fact(k, "birth_weight_g");
    k->gestation_d = number_fact(k, "gestation_at_birth_days");
    k->age_h = age_at_collection(k);
    k->limit = NULL;
    limit_by(k,
             is_code(k, "spot_quality", "poor") || spots < rule(k, "spots_min") ||
                 diameter <= rule(k, "spot_mm_min"),
             ANSWER_INVALID, "poor_spot");
    limit_by(k, isnan(k->age_h), ANSWER_MISSING, "birth_time_missing");
    limit_by(k, k->age_h < 0, ANSWER_REFUSED, "collected_before_birth");
    limit_by(k, k->age_h < rule(k, "early_h"), ANSWER_NOT_ASSESSED, "early_collection");
    limit_by(k, k->age_h > rule(k, "late_h"), ANSWER_NOT_ASSESSED, "late_collection");
    limit_by(k, !is_code(k, "transfused", "no"),
             is_code(k, "transfused", "yes") ? ANSWER_NOT_ASSESSED : ANSWER_MISSING,
             is_code(k, "transfused", "yes") ? "transfused" : "transfusion_unknown");
}

/* ---- cut-offs ---- */

static bool in_range(const Table *t, size_t row, const char *above, const char *upto, double x)
{
    double low, high;
    bool has_low = table_number(t, row, table_column(t, above), &low);
    bool has_high = table_number(t, row, table_column(t, upto), &high);
    if (!has_low && !has_high) return true;
    return !isnan(x) && (!has_low || x > low) && (!has_high || x <= high);
}

static bool fits(const Card *k, size_t row)
{
    const Table *t = k->cutoffs;
    const char *key = table_get(t, row, "stratum");
    double x = strcmp(key, "weight_g") == 0      ? k->weight_g
               : strcmp(key, "gestation_d") == 0 ? k->gestation_d
                                                 : 0;
    return in_range(t, row, "above", "up_to", x);
}

static bool take_limits(Limits *out, const Card *k, const char *analyte)
{
    const Table *t = k->cutoffs;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strcmp(table_cell(t, r, table_column(t, "analyte")), analyte) != 0 || !fits(k, r))
            continue;
        *out = (Limits){.row = r,
                        .low_is_bad = strcmp(table_get(t, r, "direction"), "low") == 0,
                        .both = strcmp(table_get(t, r, "duplicates"), "all") == 0};
        return table_number(t, r, table_column(t, "replicates"), &out->replicates) &&
               table_number(t, r, table_column(t, "borderline"), &out->borderline) &&
               table_number(t, r, table_column(t, "positive"), &out->positive);
    }
    return false;
}

/* 2 = positive, 1 = borderline, 0 = normal. A value on a limit alarms: the table's limits are "at or beyond". */
static int grade(const Limits *l, double value)
{
    if (l->low_is_bad) return value <= l->positive ? 2 : value <= l->borderline ? 1 : 0;
    return value >= l->positive ? 2 : value >= l->borderline ? 1 : 0;
}

static int grade_all(const Limits *l, const double *values, size_t n)
{
    double sum = 0;
    int least = 2;
    for (size_t i = 0; i < n; i++) {
        int g = grade(l, values[i]);
        sum += values[i];
        least = g < least ? g : least;
    }
    return l->both ? least : grade(l, sum / (double)n);
}

/* ---- one analyte ---- */

static size_t replicates(double *out, const char **unit, const Sample *s, const char *analyte)
{
    size_t n = 0;
    for (size_t i = 0; i < s->evidence.n_results; i++) {
        const Result *r = &s->evidence.results[i];
        if (strncmp(r->code, "nbs.", 4) != 0 || strcmp(r->code + 4, analyte) != 0 ||
            r->value != NULL)
            continue;
        *unit = r->unit;
        if (n < REPLICATES) out[n++] = r->number;
    }
    return n;
}

static void set_answer(Finding *f, Answer answer, const char *detail)
{
    f->answer = answer;
    f->detail = detail;
}

static void judge_values(const Card *k, Finding *f, const Limits *l, const double *values, size_t n)
{
    int g = grade_all(l, values, n);
    bool complete = (double)n >= l->replicates;
    if (g == 2 && (complete || !l->both))
        set_answer(f, ANSWER_POSITIVE,
                   k->limit != NULL && k->limit_answer == ANSWER_INVALID ? "refer_poor_spot"
                                                                         : "refer");
    else if (k->limit != NULL)
        set_answer(f, k->limit_answer, k->limit);
    else if (!complete)
        set_answer(f, ANSWER_MISSING, "replicate_missing");
    else if (g >= 1)
        set_answer(f, ANSWER_POSSIBLE, "borderline");
    else
        set_answer(f, ANSWER_NEGATIVE, "");
}

static void judge_analyte(const Card *k, const char *analyte)
{
    double values[REPLICATES];
    const char *unit = "";
    size_t n = replicates(values, &unit, k->sample, analyte);
    Limits l;
    Finding f = {.sample = k->sample->id,
                 .assay = "newborn",
                 .subject = k->sample->subject,
                 .fetal = k->sample->fetal,
                 .code = "newborn.screen",
                 .item = analyte,
                 .table = k->cutoffs->info.name,
                 .version = k->cutoffs->info.version};
    if (n == 0) {
        set_answer(&f, k->sample->evidence.status == OK ? ANSWER_MISSING : ANSWER_REFUSED,
                   "not_measured");
    } else if (!take_limits(&l, k, analyte)) {
        bool positive_possible = k->limit == NULL;
        set_answer(&f, positive_possible ? ANSWER_NOT_ASSESSED : k->limit_answer,
                   positive_possible ? "stratum_unknown" : k->limit);
    } else if (strcmp(unit, table_get(k->cutoffs, l.row, "unit")) != 0) {
        set_answer(&f, ANSWER_REFUSED, "unit_differs");
    } else {
        f.row = table_get(k->cutoffs, l.row, "row");
        f.example = k->cutoffs->examples[l.row];
        f.has_value = true;
        f.value = values[n - 1];
        f.unit = unit;
        judge_values(k, &f, &l, values, n);
    }
    finding_add(k->out, f);
}

/* Each analyte of the table once, in order of the table: what was not measured is told, too. */
static void judge_card(const Card *k)
{
    const Table *t = k->cutoffs;
    int column = table_column(t, "analyte");
    for (size_t r = 0; r < t->n_rows; r++) {
        bool seen = false;
        for (size_t i = 0; i < r; i++)
            seen = seen || strcmp(table_cell(t, i, column), table_cell(t, r, column)) == 0;
        if (!seen) judge_analyte(k, table_cell(t, r, column));
    }
}

/* ---- recall: a later card of the same baby answers an earlier one ---- */

static bool is_alarm(Answer answer)
{
    return answer != ANSWER_NEGATIVE;
}

static void close_recalls(Findings *out, size_t first, const Sample *newest)
{
    for (size_t i = first; i < out->n; i++) {
        Finding *f = &out->items[i];
        if (strcmp(f->sample, newest->id) == 0) continue;
        for (size_t j = first; j < out->n; j++) {
            const Finding *later = &out->items[j];
            if (strcmp(later->sample, newest->id) != 0 || strcmp(later->item, f->item) != 0 ||
                !is_alarm(f->answer))
                continue;
            /* Only a proven normal closes; a positive on the first card stays a positive until diagnosis when the table says so. */
            if (later->answer == ANSWER_NEGATIVE || later->answer == ANSWER_POSITIVE) {
                f->code = "newborn.recall";
                f->detail =
                    later->answer == ANSWER_NEGATIVE ? "closed_normal" : "confirmed_by_repeat";
            }
        }
    }
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    (void)why;
    size_t first = out->n;
    const Sample *newest = NULL;
    for (size_t i = 0; i < c->n_samples; i++) {
        if (strcmp(c->samples[i].assay, "newborn") != 0) continue;
        Card k = {.c = c,
                  .reference = reference,
                  .cutoffs = reference_table(reference, "newborn/cutoffs"),
                  .rules = reference_table(reference, "newborn/rules"),
                  .sample = &c->samples[i],
                  .out = out,
                  .arena = arena};
        look_at_card(&k);
        judge_card(&k);
        newest = newest == NULL || k.sample->collected >= newest->collected ? k.sample : newest;
    }
    if (newest != NULL) close_recalls(out, first, newest);
    return OK;
}

/* ---- the table is proven when it is opened ---- */

static Status row_fault(const Table *t, size_t row, const char *code, const char *field, Note *why)
{
    return note_fail(why, BAD_INPUT, code,
                     (Place){.file = t->info.path, .row = t->lines[row], .field = field}, NULL);
}

static Status check_row(const Table *t, size_t row, Note *why)
{
    double borderline, positive, n;
    bool low = strcmp(table_get(t, row, "direction"), "low") == 0;
    if (!low && strcmp(table_get(t, row, "direction"), "high") != 0)
        return row_fault(t, row, "newborn.direction", "direction", why);
    if (!table_number(t, row, table_column(t, "borderline"), &borderline) ||
        !table_number(t, row, table_column(t, "positive"), &positive) ||
        (low ? positive > borderline : positive < borderline))
        return row_fault(t, row, "newborn.limits", "borderline", why);
    if (!table_number(t, row, table_column(t, "replicates"), &n) || n < 1 || n > REPLICATES)
        return row_fault(t, row, "newborn.limits", "replicates", why);
    return OK;
}

/* Rows of one analyte must tile the whole line: each begins where the one before ends. */
static Status check_strata(const Table *t, size_t row, Note *why)
{
    double above = 0, up_to = 0, before = 0;
    int analyte = table_column(t, "analyte");
    bool first =
        row == 0 || strcmp(table_cell(t, row - 1, analyte), table_cell(t, row, analyte)) != 0;
    bool last = row + 1 == t->n_rows ||
                strcmp(table_cell(t, row + 1, analyte), table_cell(t, row, analyte)) != 0;
    bool has_above = table_number(t, row, table_column(t, "above"), &above);
    bool has_up_to = table_number(t, row, table_column(t, "up_to"), &up_to);
    if (has_above == first || has_up_to == last)
        return row_fault(t, row, "newborn.gap", "above", why);
    if (!first &&
        (!table_number(t, row - 1, table_column(t, "up_to"), &before) || before != above ||
         strcmp(table_get(t, row - 1, "stratum"), table_get(t, row, "stratum")) != 0))
        return row_fault(t, row, "newborn.gap", "above", why);
    for (size_t i = 0; first && i < row; i++)
        if (strcmp(table_cell(t, i, analyte), table_cell(t, row, analyte)) == 0)
            return row_fault(t, row, "newborn.gap", "analyte", why);
    if (has_above && has_up_to && above >= up_to)
        return row_fault(t, row, "newborn.gap", "up_to", why);
    return OK;
}

static Status prepare(const void **model, const Reference *reference, Arena *arena, Note *why)
{
    (void)arena;
    const Table *t = reference_table(reference, "newborn/cutoffs");
    for (size_t r = 0; r < t->n_rows; r++) {
        Status s = check_row(t, r, why);
        if (s == OK) s = check_strata(t, r, why);
        if (s != OK) return s;
    }
    *model = t;
    return OK;
}

static const char *const tables[] = {"newborn/cutoffs", "newborn/rules", NULL};

const Assay assay_newborn = {
    .code = "newborn",
    .takes_results = true,
    .tables = tables,
    .prepare = prepare,
    .interpret = interpret,
};
