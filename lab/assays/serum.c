/* serum - maternal serum screening: trisomy 21, trisomy 18 and open neural-tube defects from markers of the first or second
 * trimester. A screening test: it never says that a fetus is affected or well, only how likely, against a cut-off of the laboratory's
 * policy.
 *
 * Method and sources: serum_risk.c. All numbers are tables below reference/serum/, each with source and state; the medians are
 * the laboratory's own. What has no model is refused with its reason: twins, age under the limit, gestation outside the window,
 * free beta-hCG (no sourced covariance is known), a declared condition for which no correction is loaded, a missing weight, a
 * marker that the ordered test needs (unless the order allows a smaller test), a value beyond the analyser's range where it matters how far. Nothing
 * is corrected silently. */
#include "assay.h"

#include <math.h>
#include <string.h>

#include "serum_risk.h"

enum { MOST_STEPS = 4 }; /* down from a large test to a smaller one */

typedef struct Measured {
    const Sample *sample; /* NULL = not measured */
    double value, uncorrected, mom;
    bool is_mom; /* reported as MoM by the analyser's own software: no median, no correction */
    bool both;   /* one tube has the value and a MoM: nothing says that they agree */
    bool again;  /* one tube was measured more than once, and not with the same number */
    Instant time;
    char bound; /* '<' or '>': the analyser measures no further; the MoM only lies beyond */
    const char *unit;
    int day;
} Measured;

typedef struct Desk {
    const Case *c;
    const SerumModel *model;
    Findings *out;
    Arena *arena;
    Measured markers[MARKERS];
    const Sample *last; /* newest serum sample: findings are hung on it */
    Dating dating;
    double crl_mm, age, weight_kg;
    bool declared[SERUM_CONDITIONS], any_declared;
    int test; /* of the model; -1 = the order names none that is known */
} Desk;

/* ---- what was declared ---- */

static const Fact *woman(const Desk *d, const char *code)
{
    return case_fact(d->c, SUBJECT_WOMAN, code);
}

static bool declared(const Desk *d, const char *code, const char *value)
{
    const Fact *f = woman(d, code);
    return f != NULL && strcmp(f->value, value) == 0;
}

static Date local_day(const Desk *d, Instant at)
{
    return date_of(at, d->c->offset_minutes);
}

/* Day zero of gestation, as a date, from a scan: ultrasound outranks the last period. */
static bool date_by_scan(Desk *d, Date *zero)
{
    static const char *const scans[][2] = {{"crl_mm", "crl"}, {"bpd_mm", "bpd"}};
    for (size_t i = 0; i < 2; i++) {
        const Fact *f = woman(d, scans[i][0]);
        int days;
        if (f == NULL || f->time == INSTANT_NONE ||
            !serum_days(&days, d->model, scans[i][1], f->number))
            continue;
        if (i == 0) d->crl_mm = f->number;
        d->dating = DATING_US;
        *zero = local_day(d, f->time) - days;
        return true;
    }
    return false;
}

static bool date_pregnancy(Desk *d, Date *zero)
{
    const Fact *days = woman(d, "gestation_days"), *method = woman(d, "gestation_method"),
               *lmp = woman(d, "lmp");
    if (date_by_scan(d, zero)) return true;
    if (days != NULL && days->time != INSTANT_NONE && method != NULL) {
        d->dating = strcmp(method->value, "lmp") == 0 ? DATING_LMP : DATING_US;
        *zero = local_day(d, days->time) - (Date)days->number;
        return true;
    }
    d->dating = DATING_LMP;
    return lmp != NULL && date_parse(zero, lmp->value);
}

/* ---- markers ---- */

/* "serum.afp" or "serum.afp_mom"; -1 = another code. */
static int marker_of(const char *code, bool *is_mom)
{
    static const char prefix[] = "serum.", suffix[] = "_mom";
    if (strncmp(code, prefix, sizeof prefix - 1) != 0) return -1;
    code += sizeof prefix - 1;
    size_t n = strlen(code), s = sizeof suffix - 1;
    *is_mom = n > s && strcmp(code + n - s, suffix) == 0;
    return marker_find(code, *is_mom ? n - s : n);
}

static void take_result(Desk *d, const Sample *s, const Result *r, Date zero)
{
    bool is_mom;
    int m = marker_of(r->code, &is_mom);
    if (m < 0 || r->value != NULL) return;
    Measured *known = &d->markers[m];
    if (known->sample != NULL && known->sample->collected > s->collected) return;
    const bool same = known->sample == s;
    const bool both = same && (known->both || known->is_mom != is_mom);
    const bool again =
        same && (known->again || known->value < r->number || known->value > r->number);
    if (same && known->time > r->time) { /* a result without a time is older than any with one */
        known->both = both;
        known->again = again;
        return;
    }
    d->markers[m] = (Measured){.sample = s,
                               .time = r->time,
                               .both = both,
                               .again = again,
                               .value = r->number,
                               .bound = r->bound,
                               .is_mom = is_mom,
                               .unit = r->unit,
                               .day = local_day(d, s->collected) - zero};
}

/* A tube of the woman whose evidence can be used. */
static bool speaks(const Sample *s)
{
    return strcmp(s->assay, "serum") == 0 && s->subject == SUBJECT_WOMAN &&
           s->evidence.status == OK;
}

/* A later tube replaces an earlier one of the same marker, and of one tube a later result: a duplicate run is a repeat. */
static void take_markers(Desk *d, Date zero)
{
    for (size_t i = 0; i < d->c->n_samples; i++) {
        const Sample *s = &d->c->samples[i];
        for (size_t r = 0; speaks(s) && r < s->evidence.n_results; r++)
            take_result(d, s, &s->evidence.results[r], zero);
    }
}

/* ---- findings ---- */

static Finding about(const Desk *d, const Sample *s, const char *code, const char *item)
{
    return (Finding){.sample = s->id,
                     .assay = "serum",
                     .subject = SUBJECT_WOMAN,
                     .code = code,
                     .item = item,
                     .example = d->model->medians_example ||
                                (d->any_declared && d->model->corrections_example)};
}

static void tell(const Desk *d, const char *code, const char *item, Answer answer,
                 const char *detail)
{
    Finding f = about(d, d->last, code, item);
    f.answer = answer;
    f.detail = detail;
    finding_add(d->out, f);
}

static void measured(const Desk *d, const char *code, const char *item, double value,
                     const char *unit, const char *detail)
{
    Finding f = about(d, d->last, code, item);
    f.answer = ANSWER_MEASURED;
    f.detail = detail;
    f.has_value = true;
    f.value = value;
    f.unit = unit;
    finding_add(d->out, f);
}

/* Does this row ask about the pregnancy on the desk? */
static bool asks(const Desk *d, const SerumAsk *ask, int test)
{
    return ask->test == test && (ask->dating == DATING_ANY || ask->dating == d->dating);
}

/* Does the test say, for this way of dating, how the row's condition is judged? */
static bool has_model(const Desk *d, const SerumAsk *about)
{
    for (int i = 0; i < d->model->n_asks; i++)
        if (asks(d, &d->model->asks[i], about->test) &&
            strcmp(d->model->asks[i].item, about->item) == 0)
            return true;
    return false;
}

/* One answer for every condition that the ordered test asks about. */
static void refuse(const Desk *d, Answer answer, const char *detail)
{
    for (int i = 0; i < d->model->n_asks; i++)
        if (d->model->asks[i].test == d->test && d->model->asks[i].first)
            tell(d, "serum.risk", d->model->asks[i].item, answer, detail);
    if (d->test < 0) tell(d, "serum.risk", "", answer, detail);
}

/* A condition that the test asks about, but not for a pregnancy dated in this way, is answered all the same. */
static void refuse_undated(const Desk *d)
{
    if (!d->model->tests[d->test].lacks[d->dating]) return;
    for (int i = 0; i < d->model->n_asks; i++)
        if (d->model->asks[i].test == d->test && d->model->asks[i].first &&
            !has_model(d, &d->model->asks[i]))
            tell(d, "serum.risk", d->model->asks[i].item, ANSWER_REFUSED, "dating_no_model");
}

/* ---- MoM ---- */

typedef struct Reason {
    Answer answer;
    const char *detail; /* NULL = no reason against it */
} Reason;

static const Reason NO_REASON = {.detail = NULL};

static Reason no_model(const char *detail)
{
    return (Reason){ANSWER_REFUSED, detail};
}

static Reason absent(const char *detail)
{
    return (Reason){ANSWER_MISSING, detail};
}

static Reason from_value(Desk *d, Marker m)
{
    Measured *x = &d->markers[m];
    double value, factor = 1, condition = 1;
    const double *limits = d->model->limits;
    const SerumMedian *median = serum_find_median(d->model, m, x->day);
    if (m == MARKER_NT && !(d->crl_mm > 0)) return absent("crl_missing");
    if (median == NULL || !serum_median(&value, median, x->day, d->crl_mm))
        return no_model("no_median");
    if (strcmp(median->unit, x->unit) != 0) return no_model("unit_differs");
    if (m != MARKER_NT && !(d->weight_kg > 0)) return absent("weight_missing");
    if (m != MARKER_NT &&
        (d->weight_kg < limits[LIMIT_WEIGHT_FROM] || d->weight_kg > limits[LIMIT_WEIGHT_TO]))
        return no_model("weight_outside");
    if (!serum_weight_factor(&factor, d->model, m, d->weight_kg)) return no_model("no_correction");
    if (!serum_condition_factor(&condition, d->model, m, d->declared))
        return no_model("no_correction");
    x->uncorrected = x->value / value;
    x->mom = x->uncorrected / factor / condition;
    return NO_REASON;
}

static Reason make_mom(Desk *d, Marker m)
{
    Measured *x = &d->markers[m];
    Reason reason = NO_REASON;
    if (x->is_mom && d->any_declared) /* whether it was corrected is nowhere said */
        reason = no_model("no_correction");
    else if (x->is_mom)
        x->mom = x->value;
    else
        reason = from_value(d, m);
    return reason.detail == NULL && !(x->mom > 0) ? no_model("implausible_value") : reason;
}

/* ---- risk ---- */

static void judge_value(const Desk *d, Finding *f, const SerumCutoff *cutoff)
{
    if (cutoff == NULL) {
        f->answer = ANSWER_REFUSED;
        f->detail = "no_cutoff";
        return;
    }
    f->answer = f->value >= cutoff->high   ? ANSWER_POSITIVE
                : f->value >= cutoff->grey ? ANSWER_POSSIBLE /* false without a grey zone */
                                           : ANSWER_NEGATIVE;
    f->detail = f->answer == ANSWER_POSITIVE   ? "risk_high"
                : f->answer == ANSWER_POSSIBLE ? "risk_grey"
                                               : "risk_low";
    f->table = d->model->cutoffs_table;
    f->version = d->model->cutoffs_version;
    f->row = cutoff->name;
    f->unverified = d->model->cutoffs_unverified;
    f->example = f->example || cutoff->example;
}

static void tell_risk(const Desk *d, const SerumAsk *ask, double value, const char *unit)
{
    Finding f = about(d, d->last, "serum.risk", ask->item);
    f.has_value = true;
    f.value = value;
    f.unit = unit;
    judge_value(d, &f, ask->cutoff);
    finding_add(d->out, f);
}

/* With the set that it comes from, so that the risk can be computed again. */
static void tell_ratio(const Desk *d, const SerumAsk *ask, double lr)
{
    Finding f = about(d, d->last, "serum.lr", ask->item);
    f.answer = ANSWER_MEASURED;
    f.has_value = true;
    f.value = lr;
    f.table = d->model->parameters_table;
    f.version = d->model->parameters_version;
    f.row = ask->set->name;
    f.unverified = d->model->parameters_unverified;
    finding_add(d->out, f);
}

static void tell_flags(const Desk *d, const SerumRisk *r, const char *item)
{
    if (r->rarity < d->model->limits[LIMIT_IMPLAUSIBLE_TAIL])
        tell(d, "serum.review", item, ANSWER_POSSIBLE, "implausible_set");
    for (int m = 0; m < MARKERS; m++)
        if (r->clamped[m])
            tell(d, "serum.review", arena_print(d->arena, "%s %s", item, marker_code((Marker)m)),
                 ANSWER_POSSIBLE, "truncated");
}

/* Beyond the analyser's range a MoM is known well enough where truncation would have put it at the limit anyway, or where the
 * cut-off for the MoM itself is passed for sure. */
static bool is_known(const Desk *d, const SerumAsk *ask, Marker m)
{
    const Measured *x = &d->markers[m];
    double low = 0, high = 0;
    if (x->bound == 0) return true;
    if (ask->by_mom && ask->cutoff != NULL) {
        high = ask->cutoff->high;
        low = isnan(ask->cutoff->grey) ? high : ask->cutoff->grey;
    } else if (ask->set != NULL) {
        low = ask->set->low[m];
        high = ask->set->high[m];
    }
    return x->bound == '<' ? x->mom <= low : high > 0 && x->mom >= high;
}

static void judge_condition(const Desk *d, const SerumAsk *ask)
{
    for (int i = 0; i < ask->n_markers; i++)
        if (!is_known(d, ask, ask->markers[i])) {
            tell(d, "serum.risk", ask->item, ANSWER_REFUSED, "beyond_range_unclear");
            return;
        }
    Profile p = {.n = ask->n_markers};
    for (int i = 0; i < p.n; i++) {
        p.markers[i] = ask->markers[i];
        p.moms[i] = d->markers[ask->markers[i]].mom;
        p.days[i] = d->markers[ask->markers[i]].day;
    }
    if (ask->by_mom) {
        tell_risk(d, ask, p.moms[0], "{MoM}");
        return;
    }
    SerumRisk risk;
    if (ask->set == NULL || !serum_risk(&risk, ask->set, serum_prior(ask->prior, d->age), &p)) {
        tell(d, "serum.risk", ask->item, ANSWER_REFUSED, "no_model");
        return;
    }
    measured(d, "serum.prior", ask->item, risk.prior, "", ask->prior->name);
    tell_ratio(d, ask, risk.lr);
    tell_risk(d, ask, risk.risk, "");
    tell_flags(d, &risk, ask->item);
}

/* A condition without a model for this way of dating does not count here: with the order's leave a smaller test is looked for. */
static bool can_answer(const Desk *d, int test, bool wholly)
{
    if (wholly && d->model->tests[test].lacks[d->dating]) return false;
    for (int i = 0; i < d->model->n_asks; i++) {
        const SerumAsk *ask = &d->model->asks[i];
        for (int k = 0; asks(d, ask, test) && k < ask->n_markers; k++)
            if (d->markers[ask->markers[k]].sample == NULL) return false;
    }
    return true;
}

/* A smaller test when the order allows it; -1 = none. Said, never silent. */
static int choose_test(const Desk *d, int ordered)
{
    const bool smaller = declared(d, "serum_fallback", "yes");
    int test = ordered;
    for (int step = 0; smaller && step < MOST_STEPS && test >= 0; step++) {
        if (can_answer(d, test, true)) return test;
        test = d->model->tests[test].fallback;
    }
    return can_answer(d, ordered, false) ? ordered : -1;
}

static bool in_window(const Desk *d, Marker m)
{
    bool first = m == MARKER_PAPPA || m == MARKER_NT || m == MARKER_HCG1;
    int day = d->markers[m].day;
    const double *limits = d->model->limits;
    return day >= limits[first ? LIMIT_FIRST_FROM : LIMIT_SECOND_FROM] &&
           day <= limits[first ? LIMIT_FIRST_TO : LIMIT_SECOND_TO];
}

static void tell_mom(const Desk *d, Marker m)
{
    static const struct {
        Marker marker;
        SerumLimit limit;
        const char *detail;
    } reviews[] = {{MARKER_UE3, LIMIT_UE3_REVIEW, "ue3_low"},
                   {MARKER_PAPPA, LIMIT_PAPPA_REVIEW, "pappa_low"}};
    const Measured *x = &d->markers[m];
    measured(d, "serum.mom", marker_code(m), x->mom, "{MoM}",
             x->is_mom         ? "mom_as_reported"
             : d->any_declared ? "mom_of_condition"
                               : "");
    if (x->bound != 0)
        tell(d, "serum.review", marker_code(m), ANSWER_POSSIBLE,
             x->bound == '<' ? "below_range" : "above_range");
    if (!x->is_mom)
        measured(d, "serum.mom_uncorrected", marker_code(m), x->uncorrected, "{MoM}", "");
    if (x->both || x->again)
        tell(d, "serum.review", marker_code(m), ANSWER_POSSIBLE,
             x->both ? "value_and_mom" : "measured_again");
    for (size_t i = 0; i < sizeof reviews / sizeof *reviews; i++)
        if (reviews[i].marker == m && x->mom < d->model->limits[reviews[i].limit])
            tell(d, "serum.review", marker_code(m), ANSWER_POSSIBLE, reviews[i].detail);
}

/* MoM of every marker that the row asks for and no row before it did; false when one cannot be stated, which is then told. */
static bool make_moms_of(Desk *d, const SerumAsk *ask, bool *done)
{
    for (int i = 0; i < ask->n_markers; i++) {
        Marker m = ask->markers[i];
        if (done[m]) continue;
        Reason reason = in_window(d, m) ? make_mom(d, m) : no_model("gestation_outside");
        if (reason.detail != NULL) {
            refuse(d, reason.answer, reason.detail);
            return false;
        }
        done[m] = true;
        tell_mom(d, m);
    }
    return true;
}

static bool make_moms(Desk *d)
{
    bool done[MARKERS] = {false};
    for (int i = 0; i < d->model->n_asks; i++)
        if (asks(d, &d->model->asks[i], d->test) && !make_moms_of(d, &d->model->asks[i], done))
            return false;
    return true;
}

/* ---- what may not be asked ---- */

static Reason may_ask(Desk *d)
{
    const Fact *plurality = woman(d, "plurality"), *weight = woman(d, "weight_kg"),
               *before = woman(d, "previous_affected");
    const double *limits = d->model->limits;
    if (plurality == NULL) return absent("plurality_missing");
    if (plurality->number != 1) return no_model("twins_no_model");
    if (d->age < limits[LIMIT_AGE_MIN]) return no_model("age_outside");
    if (d->age > limits[LIMIT_AGE_MOST]) return no_model("age_implausible");
    if (before != NULL && strcmp(before->value, "none") != 0)
        return no_model("previous_affected_no_model");
    for (int c = 0; c < SERUM_CONDITIONS; c++) {
        d->declared[c] = declared(d, serum_condition_code((SerumCondition)c), "yes");
        d->any_declared = d->any_declared || d->declared[c];
    }
    d->weight_kg = weight ? weight->number : 0;
    return NO_REASON;
}

static Reason open_desk(Desk *d, Date *zero)
{
    Date born;
    const Fact *birth = woman(d, "birth_date"), *test = woman(d, "serum_test");
    d->dating = DATING_US;
    if (test == NULL) return absent("order_missing");
    for (int i = 0; i < d->model->n_tests; i++)
        if (strcmp(d->model->tests[i].code, test->value) == 0) d->test = i;
    if (d->test < 0) return no_model("no_model");
    if (birth == NULL || !date_parse(&born, birth->value)) return absent("birth_date_missing");
    if (!date_pregnancy(d, zero)) return absent("gestation_missing");
    d->age = (*zero + 280 - born) / 365.25; /* Naegele: expected date of delivery = day 280 */
    return may_ask(d);
}

static void judge(Desk *d)
{
    Date zero = 0;
    Reason reason = open_desk(d, &zero);
    if (reason.detail != NULL) {
        refuse(d, reason.answer, reason.detail);
        return;
    }
    take_markers(d, zero);
    const int ordered = d->test;
    d->test = choose_test(d, ordered);
    if (d->test < 0) {
        d->test = ordered;
        refuse(d, ANSWER_MISSING, "marker_missing");
        return;
    }
    measured(d, "serum.gestation", "", local_day(d, d->last->collected) - zero, "d",
             d->dating == DATING_US ? "us" : "lmp");
    if (d->test != ordered)
        tell(d, "serum.review", d->model->tests[d->test].code, ANSWER_POSSIBLE, "smaller_test");
    if (!make_moms(d)) return;
    for (int i = 0; i < d->model->n_asks; i++)
        if (asks(d, &d->model->asks[i], d->test)) judge_condition(d, &d->model->asks[i]);
    refuse_undated(d);
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    (void)why;
    Desk d = {.c = c,
              .model = reference_model(reference, "serum"),
              .out = out,
              .arena = arena,
              .test = -1};
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        if (strcmp(s->assay, "serum") != 0) continue;
        d.last = s;
        if (s->subject != SUBJECT_WOMAN)
            tell(&d, "serum.risk", "", ANSWER_REFUSED, "not_the_woman");
        else if (s->evidence.status != OK)
            tell(&d, "serum.risk", "", ANSWER_REFUSED, "evidence_unusable");
    }
    const Sample *last = NULL;
    for (size_t i = 0; i < c->n_samples; i++)
        if (speaks(&c->samples[i]) && (last == NULL || c->samples[i].collected >= last->collected))
            last = &c->samples[i];
    for (size_t i = 0; last != NULL && i < c->n_samples; i++) {
        d.last = &c->samples[i];
        if (d.last != last && speaks(d.last))
            tell(&d, "serum.part", "", ANSWER_MEASURED, "judged_with_later_sample");
    }
    d.last = last;
    if (last != NULL) judge(&d);
    return OK;
}

/* A row of one of these that cannot be read withholds every negative (lab/hold.h). */
static const char *const facts[] = {"birth_date",
                                    "serum_test",
                                    "serum_fallback",
                                    "gestation_days",
                                    "gestation_method",
                                    "lmp",
                                    "crl_mm",
                                    "bpd_mm",
                                    "weight_kg",
                                    "plurality",
                                    "smoking",
                                    "diabetes_insulin",
                                    "ivf",
                                    "previous_affected",
                                    NULL};

static const char *const tables[] = {"serum/parameters",  "serum/correlations", "serum/truncation",
                                     "serum/tests",       "serum/priors",       "serum/cutoffs",
                                     "serum/limits",      "serum/dating",       "serum/weight",
                                     "serum/corrections", "serum/medians",      NULL};

const Assay assay_serum = {
    .code = "serum",
    .takes_results = true,
    .facts = facts,
    .tables = tables,
    .rests_on_all = true,
    .prepare = serum_prepare,
    .interpret = interpret,
};
