/* newborn - dried-blood-spot screening: from the card to "normal", "recall" or "refer".
 *
 * A result is judged by the row of newborn/cutoffs that fits analyte, stratum (birth weight or gestation) and age at
 * collection; the direction of alarm and the duplicate rule are fields of the row. Order of outcomes, strongest first: a positive
 * stands whatever else is wrong; then poor spot, early collection, transfusion, unknown stratum, borderline, normal (order of the open
 * code of OpenELIS-Iowa, scriptlet/nbs, commit 05c1c13; the last two places are inferred). What limits a result never reads as normal. A baby
 * of unknown stratum is positive where it would be so in every stratum.
 *
 * Refuses: analytes without a cut-off of the laboratory, units that differ, tables with a gap or an overlap (newborn_limits.c). Screening
 * is not diagnosis: it says recall or refer, never a disease. Ranges by sex are not used. */
#include "assay.h"
#include "newborn_limits.h"

#include <math.h>
#include <string.h>

typedef struct Card {
    const Case *c;
    const NewbornModel *model;
    const Sample *sample;
    Findings *out;
    Arena *arena;
    double weight_g, gestation_d; /* NAN = unknown */
    Span age_h;        /* at collection: least and most that is possible; NAN = unknown */
    const char *limit; /* why nothing on this card may read normal; NULL = nothing */
    Answer limit_answer;
} Card;

static const Fact *fact(const Card *k, const char *code)
{
    return case_fact(k->c, k->sample->subject, code);
}

static double number_fact(const Card *k, const char *code)
{
    const Fact *f = fact(k, code);
    return f == NULL ? NAN : f->number;
}

/* Without the hour of birth only the day is sure: the age lies between that of its last and of its first minute. */
static Span age_at_collection(const Card *k)
{
    const Fact *birth = fact(k, "birth_date");
    Date day;
    if (birth == NULL || !date_parse(&day, birth->value)) return (Span){NAN, NAN};
    Instant first = (Instant)day * 86400 - (Instant)k->c->offset_minutes * 60;
    Instant latest = first + 86400;
    bool hour = birth->time != INSTANT_NONE && birth->time < latest;
    double least = (double)(k->sample->collected - (hour ? birth->time : latest)) / 3600.0;
    double most = (double)(k->sample->collected - (hour ? birth->time : first)) / 3600.0;
    return (Span){least, most};
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

/* What keeps the whole card from reading normal, strongest first. Without the hour of birth an age that may be too low, or too high, counts as
 * such. */
static void look_at_card(Card *k)
{
    double spots = number_fact(k, "spots"), diameter = number_fact(k, "spot_mm");
    k->weight_g = number_fact(k, "birth_weight_g");
    k->gestation_d = number_fact(k, "gestation_at_birth_days");
    k->age_h = age_at_collection(k);
    k->limit = NULL;
    limit_by(k,
             is_code(k, "spot_quality", "poor") || spots < k->model->rules[RULE_SPOTS_MIN] ||
                 diameter <= k->model->rules[RULE_SPOT_MM_MIN],
             ANSWER_INVALID, "poor_spot");
    limit_by(k, isnan(k->age_h.above), ANSWER_MISSING, "birth_time_missing");
    limit_by(k, k->age_h.up_to < 0, ANSWER_REFUSED, "collected_before_birth");
    limit_by(k, k->age_h.above < k->model->rules[RULE_EARLY_H], ANSWER_NOT_ASSESSED,
             "early_collection");
    limit_by(k, k->age_h.up_to > k->model->rules[RULE_LATE_H], ANSWER_NOT_ASSESSED,
             "late_collection");
    limit_by(k, !is_code(k, "transfused", "no"),
             is_code(k, "transfused", "yes") ? ANSWER_NOT_ASSESSED : ANSWER_MISSING,
             is_code(k, "transfused", "yes") ? "transfused" : "transfusion_unknown");
}

/* ---- one analyte ---- */

typedef struct Values {
    double at[NEWBORN_REPLICATES]; /* as told */
    Reach reach[NEWBORN_REPLICATES];
    bool beyond; /* one of them lies beyond the analyser's range */
    size_t n;
    const char *unit; /* of all of them; NULL = they differ */
} Values;

static Reach reach_of(const Result *r)
{
    return (Reach){r->bound == '<' ? 0 : r->number, r->bound == '>' ? HUGE_VAL : r->number};
}

static Values measured(const Sample *s, const char *analyte)
{
    Values v = {.unit = ""};
    for (size_t i = 0; i < s->evidence.n_results; i++) {
        const Result *r = &s->evidence.results[i];
        if (strncmp(r->code, "nbs.", 4) != 0 || strcmp(r->code + 4, analyte) != 0 ||
            r->value != NULL)
            continue;
        if (v.n > 0 && (v.unit == NULL || strcmp(v.unit, r->unit) != 0))
            v.unit = NULL;
        else
            v.unit = r->unit;
        if (v.n == NEWBORN_REPLICATES) continue;
        v.reach[v.n] = reach_of(r);
        v.beyond = v.beyond || r->bound != 0;
        v.at[v.n++] = r->number;
    }
    return v;
}

static double mean_of(const Values *v)
{
    double sum = 0;
    for (size_t i = 0; i < v->n; i++)
        sum += v->at[i];
    return sum / (double)v->n;
}

static Values as_mean(const Values *v)
{
    Values mean = {.at = {mean_of(v)}, .n = 1, .beyond = v->beyond, .unit = v->unit};
    for (size_t i = 0; i < v->n; i++) {
        mean.reach[0].from += v->reach[i].from / (double)v->n;
        mean.reach[0].to += v->reach[i].to / (double)v->n;
    }
    return mean;
}

/* A ratio replicate by replicate, or of the means where their numbers differ; none when the lower value is 0. A ratio that the instrument reports
 * outranks ours. */
static Values values_of(const Sample *s, const NewbornAnalyte *a)
{
    Values own = measured(s, a->code);
    if (own.n > 0 || a->numerator == NULL) return own;
    Values over = measured(s, a->numerator), under = measured(s, a->denominator);
    Values ratio = {.unit = "1", .beyond = over.beyond || under.beyond}, none = {.unit = ""};
    if (over.n == 0 || under.n == 0) return none;
    if (over.unit == NULL || under.unit == NULL || strcmp(over.unit, under.unit) != 0)
        ratio.unit = NULL;
    if (over.n != under.n) {
        over = as_mean(&over);
        under = as_mean(&under);
    }
    for (size_t i = 0; i < over.n; i++) {
        if (!(under.at[i] > 0)) return none;
        ratio.reach[i] =
            (Reach){over.reach[i].from / under.reach[i].to,
                    under.reach[i].from > 0 ? over.reach[i].to / under.reach[i].from : HUGE_VAL};
        ratio.at[ratio.n++] = over.at[i] / under.at[i];
    }
    return ratio;
}

static void set_answer(Finding *f, Answer answer, const char *detail)
{
    f->answer = answer;
    f->detail = detail;
}

static void refer(const Card *k, Finding *f, bool beyond)
{
    bool poor = k->limit != NULL && k->limit_answer == ANSWER_INVALID;
    set_answer(f, ANSWER_POSITIVE,
               poor     ? "refer_poor_spot"
               : beyond ? "refer_beyond_range"
                        : "refer");
}

/* What is told as the card's value: the mean, or the replicate that decided where all must alarm. */
static double told(const NewbornLimits *l, const Values *v)
{
    double mildest = v->at[0];
    for (size_t i = 0; i < v->n; i++)
        mildest = l->low_is_bad ? fmax(mildest, v->at[i]) : fmin(mildest, v->at[i]);
    return l->all ? mildest : mean_of(v);
}

static void judge_values(const Card *k, Finding *f, const NewbornLimits *l, const Values *v)
{
    const Grades g = newborn_grades(l, v->reach, v->n);
    bool complete = v->n >= (size_t)l->replicates, alarms = g.mildest >= GRADE_BORDERLINE;
    if (alarms && g.worst == GRADE_POSITIVE && (complete || !l->all))
        refer(k, f, v->beyond); /* out of range, and how far nobody measured: as bad as can be */
    else if (k->limit != NULL)
        set_answer(f, k->limit_answer, k->limit);
    else if (!complete)
        set_answer(f, ANSWER_MISSING, "replicate_missing");
    else if (alarms)
        set_answer(f, ANSWER_POSSIBLE, "borderline");
    else if (g.worst != GRADE_NORMAL)
        set_answer(f, ANSWER_NOT_ASSESSED, "beyond_range_unclear");
    else
        set_answer(f, ANSWER_NEGATIVE, v->beyond ? "beyond_range" : "");
}

/* Nobody knows which limits hold: positive only where all of them say so, never normal. */
static void judge_without_stratum(const Card *k, Finding *f, const NewbornAnalyte *a,
                                  const Values *v)
{
    Grade g = newborn_grade_at_least(a, v->reach, v->n);
    bool complete = true;
    for (int i = 0; i < a->n_limits; i++)
        complete = complete && (!a->limits[i].all || v->n >= (size_t)a->limits[i].replicates);
    if (g == GRADE_POSITIVE && complete)
        refer(k, f, v->beyond);
    else if (k->limit != NULL)
        set_answer(f, k->limit_answer, k->limit);
    else
        set_answer(f, ANSWER_NOT_ASSESSED,
                   g >= GRADE_BORDERLINE ? "stratum_unknown_elevated" : "stratum_unknown");
}

static void judge_measured(const Card *k, Finding *f, const NewbornAnalyte *a, const Values *v)
{
    double key = a->stratum == STRATUM_WEIGHT_G      ? k->weight_g
                 : a->stratum == STRATUM_GESTATION_D ? k->gestation_d
                                                     : 0;
    const NewbornLimits *l = newborn_limits(a, key, k->age_h), *any = l != NULL ? l : a->limits;
    if (v->unit == NULL || strcmp(v->unit, any->unit) != 0) {
        set_answer(f, ANSWER_REFUSED, "unit_differs");
        return;
    }
    f->example = any->example;
    f->has_value = true;
    f->value = told(any, v);
    f->unit = v->unit;
    if (l == NULL) {
        judge_without_stratum(k, f, a, v);
        return;
    }
    f->row = l->row;
    judge_values(k, f, l, v);
}

static void judge_analyte(const Card *k, const NewbornAnalyte *a)
{
    const Values v = values_of(k->sample, a);
    Finding f = {.sample = k->sample->id,
                 .assay = "newborn",
                 .subject = k->sample->subject,
                 .fetal = k->sample->fetal,
                 .code = "newborn.screen",
                 .item = a->code,
                 .table = k->model->table,
                 .version = k->model->version};
    if (v.n == 0)
        set_answer(&f, k->sample->evidence.status == OK ? ANSWER_MISSING : ANSWER_REFUSED,
                   "not_measured");
    else
        judge_measured(k, &f, a, &v);
    finding_add(k->out, f);
}

/* ---- recall: a later card of the same baby answers an earlier one ---- */

/* A recall is answered by a proven normal or confirmed by a positive. A positive itself is answered by a diagnosis, never by another card. */
static const char *answered(const Finding *earlier, const Finding *later)
{
    if (earlier->answer == ANSWER_NEGATIVE) return NULL;
    if (later->answer == ANSWER_POSITIVE) return "confirmed_by_repeat";
    bool closes = later->answer == ANSWER_NEGATIVE && earlier->answer != ANSWER_POSITIVE;
    return closes ? "closed_normal" : NULL;
}

static void close_recalls(Findings *out, size_t first, const Sample *newest)
{
    for (size_t i = first; i < out->n; i++) {
        Finding *f = &out->items[i];
        if (strcmp(f->sample, newest->id) == 0) continue;
        for (size_t j = first; j < out->n; j++) {
            const Finding *later = &out->items[j];
            if (strcmp(later->sample, newest->id) != 0 || strcmp(later->item, f->item) != 0)
                continue;
            const char *detail = answered(f, later);
            if (detail == NULL) continue;
            f->code = "newborn.recall";
            f->detail = detail;
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
                  .model = reference_model(reference, "newborn"),
                  .sample = &c->samples[i],
                  .out = out,
                  .arena = arena};
        look_at_card(&k);
        for (int a = 0; a < k.model->n_analytes; a++) /* what was not measured is told, too */
            judge_analyte(&k, &k.model->analytes[a]);
        newest = newest == NULL || k.sample->collected >= newest->collected ? k.sample : newest;
    }
    if (newest != NULL) close_recalls(out, first, newest);
    return OK;
}

/* A row of one of these that cannot be read withholds every negative (lab/hold.h). */
static const char *const facts[] = {"birth_date",
                                    "birth_weight_g",
                                    "gestation_at_birth_days",
                                    "transfused",
                                    "spot_quality",
                                    "spots",
                                    "spot_mm",
                                    NULL};

static const char *const tables[] = {"newborn/cutoffs", "newborn/ratios", "newborn/rules", NULL};

const Assay assay_newborn = {
    .code = "newborn",
    .takes_results = true,
    .facts = facts,
    .tables = tables,
    .rests_on_all = true,
    .prepare = newborn_prepare,
    .interpret = interpret,
};
