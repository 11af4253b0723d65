/* nipt - screening of cell-free DNA for trisomy 13, 18 and 21, and for large gains and losses of autosomes.
 *
 * Why: the city centre's main prenatal test. Method: lab/nipt.h against the panel that fits the sample's build, bin size,
 * instrument, protocol and aligner; the no-call rules of reference/nipt/rules.tsv. A z beyond the limit is a positive screen, not a
 * diagnosis; a negative is told only when every rule allows it, and always beside the least fetal fraction that this
 * very sample could have shown. Other autosomes beyond their limit are a matter of quality.
 *
 * Refuses: sex chromosomes, altogether. They are not in the evidence, and one constant line of every report says that they were
 * not assessed. A sample that fits no panel is not assessed; bins of another panel are never bent to fit. */
#include "nipt.h"

#include "../stats.h"
#include "assay.h"
#include "nipt_draw.h"
#include "nipt_rules.h"
#include "serum_risk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int targets[] = {13, 18, 21};
enum { TARGETS = sizeof targets / sizeof *targets };

typedef struct Desk {
    const Case *c;
    const Sample *sample;
    const NiptModel *model;
    const SerumModel *serum; /* priors by age; NULL = no such tables */
    const NiptPanel *panel;
    const Table *panel_table;
    NiptProfile *profile;
    NiptScore scores[NIPT_CHROMS];
    NiptFraction fraction;
    double figures[MEASURES];
    Findings *out;
    Arena *arena;
} Desk;

/* ---- the model ---- */

/* Each within its range, ends included; `missing` is the key that is absent or beyond it. */
static bool read_settings(NiptSettings *s, const Table *table, const char **missing)
{
    static const double any = HUGE_VAL, part = 1e-9; /* a part of something is neither 0 nor 1 */
    const struct {
        const char *key;
        double *value, low, high;
    } rows[] = {{"bins.size", &s->bin_size, BINS_SMALLEST, BINS_LARGEST},
                {"bins.least_mapq", &s->least_mapq, -any, any},
                {"bins.short_most", &s->short_most, -any, any},
                {"z_limit", &s->z_limit, -any, any},
                {"z_low", &s->z_low, -any, any},
                {"z_other", &s->z_other, -any, any},
                {"power", &s->power, part, 1 - part},
                {"family_error", &s->family_error, part, 1 - part},
                {"segment_least", &s->segment_least, -any, any},
                {"maternal_gap", &s->maternal_gap, -any, any},
                {"origin_z", &s->origin_z, -any, any},
                {"power_fraction", &s->power_fraction, -any, any}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        long row = table_find(table, rows[i].key);
        *missing = rows[i].key;
        if (row < 0 || !table_number(table, (size_t)row, 1, rows[i].value) ||
            *rows[i].value < rows[i].low || *rows[i].value > rows[i].high)
            return false;
    }
    return true;
}

static bool is_panel(const Table *t)
{
    return strncmp(t->info.name, "nipt/panel", 10) == 0;
}

static Status prepare(const void **out, const Reference *reference, Arena *arena, Note *why)
{
    NiptModel *m = arena_alloc(arena, sizeof *m);
    const char *missing;
    *out = m;
    m->table = reference_table(reference, "nipt/settings");
    m->rules = reference_table(reference, "nipt/rules");
    m->performance = reference_table(reference, "nipt/performance");
    m->priors = reference_table(reference, "serum/priors");
    if (!read_settings(&m->settings, m->table, &missing))
        return note_fail(why, BAD_INPUT, "nipt.settings",
                         (Place){.file = m->table->info.path, .field = missing}, NULL);
    size_t most = reference_size(reference);
    m->panels = arena_alloc(arena, most * sizeof *m->panels);
    m->panel_tables = arena_alloc(arena, most * sizeof *m->panel_tables);
    for (size_t i = 0; i < most; i++) {
        const Table *t = reference_at(reference, i);
        NiptPanel *panel;
        if (!is_panel(t)) continue;
        Status s = nipt_panel_parse(&panel, t, arena, why);
        if (s != OK) return s;
        m->panels[m->n_panels] = panel;
        m->panel_tables[m->n_panels++] = t;
    }
    return nipt_rules_check(m->rules, why);
}

const NiptPanel *nipt_panel_for(const NiptModel *model, const Bins *bins, const Table **table)
{
    for (size_t i = 0; i < model->n_panels; i++) {
        if (!nipt_matches(model->panels[i], bins)) continue;
        *table = model->panel_tables[i];
        return model->panels[i];
    }
    return NULL;
}

/* ---- figures ---- */

static double declared(const Desk *d, const char *code)
{
    const Fact *f = case_fact(d->c, SUBJECT_WOMAN, code);
    return f != NULL ? f->number : NAN;
}

/* Days of gestation on the day of sampling. */
static double gestation(const Desk *d)
{
    const Fact *f = case_fact(d->c, SUBJECT_WOMAN, "gestation_days");
    if (f == NULL || d->sample->collected == INSTANT_NONE) return NAN;
    if (f->time == INSTANT_NONE) return f->number;
    Date then = date_of(f->time, d->c->offset_minutes);
    return f->number + (date_of(d->sample->collected, d->c->offset_minutes) - then);
}

static double other_autosomes(const Desk *d)
{
    double n = 0;
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        n += !nipt_target(chrom) && fabs(d->scores[chrom].z) > d->model->settings.z_other ? 1 : 0;
    return n;
}

static void fill_figures(Desk *d)
{
    const Bins *b = d->sample->evidence.bins;
    double examined = fmax((double)b->examined, 1), lowest = 0, detectable = 0;
    for (size_t i = 0; i < TARGETS; i++) {
        lowest = fmin(lowest, d->scores[targets[i]].z);
        detectable = fmax(detectable, d->scores[targets[i]].detectable);
    }
    d->figures[MEASURE_READS] = d->profile->reads;
    d->figures[MEASURE_DUPLICATES] = (double)b->duplicates / examined;
    d->figures[MEASURE_UNIQUE] = 1 - (double)b->ambiguous / examined;
    d->figures[MEASURE_GC_SHIFT] = d->profile->gc - d->panel->gc_mean;
    d->figures[MEASURE_DISPERSION] = d->profile->dispersion;
    d->figures[MEASURE_Z_LOWEST] = lowest;
    d->figures[MEASURE_DETECTABLE] = detectable;
    d->figures[MEASURE_FRACTION] = d->fraction.estimated ? d->fraction.value : NAN;
    d->figures[MEASURE_MARGIN] = d->figures[MEASURE_FRACTION] - detectable;
    d->figures[MEASURE_GESTATION] = gestation(d);
    d->figures[MEASURE_PLURALITY] = declared(d, "plurality");
    d->figures[MEASURE_WEIGHT] = declared(d, "weight_kg");
    d->figures[MEASURE_OTHER_AUTOSOMES] = other_autosomes(d);
}

/* ---- findings ---- */

static Finding about(const Desk *d, const char *code, const char *item, Answer answer,
                     const char *detail)
{
    Finding f = {.sample = d->sample->id,
                 .assay = "nipt",
                 .subject = d->sample->subject,
                 .fetal = d->sample->fetal,
                 .code = code,
                 .item = item,
                 .answer = answer,
                 .detail = detail};
    if (d->panel_table != NULL && d->panel != NULL) {
        f.table = d->panel_table->info.name;
        f.version = d->panel_table->info.version;
        f.row = d->panel->id;
        f.example = strcmp(d->panel_table->info.status, "example") == 0;
        f.unverified = strcmp(d->panel_table->info.status, "unverified") == 0;
    }
    return f;
}

static void tell(const Desk *d, const char *code, const char *item, Answer answer,
                 const char *detail)
{
    finding_add(d->out, about(d, code, item, answer, detail));
}

/* Rounded to what a reader needs, so that no document depends on the last bit of a sum. */
static double rounded(double value, double steps)
{
    return round(value * steps) / steps;
}

static void measured(const Desk *d, const char *code, const char *item, double value,
                     const char *detail)
{
    Finding f = about(d, code, item, ANSWER_MEASURED, detail);
    f.has_value = true;
    f.value = value;
    f.unit = "1";
    finding_add(d->out, f);
}

static const char *target_name(const Desk *d, int chrom)
{
    return arena_print(d->arena, "T%d", chrom);
}

/* No trisomy can be answered at all. */
static void tell_none(const Desk *d, Answer answer, const char *detail)
{
    for (size_t i = 0; i < TARGETS; i++)
        tell(d, "nipt.trisomy", target_name(d, targets[i]), answer, detail);
    tell(d, "nipt.segments", "", answer, detail);
}

/* Years of age on the expected day of delivery (Naegele: day 280); NAN = not told. */
static double age_at_delivery(const Desk *d)
{
    const Fact *born = case_fact(d->c, SUBJECT_WOMAN, "birth_date");
    double days = d->figures[MEASURE_GESTATION];
    Date birth;
    if (born == NULL || !date_parse(&birth, born->value) || !isfinite(days) ||
        d->sample->collected == INSTANT_NONE)
        return NAN;
    Date taken = date_of(d->sample->collected, d->c->offset_minutes);
    return ((double)taken + 280 - days - (double)birth) / 365.25;
}

/* What a positive is worth by age and by published rates. Chance alone would make it nearly sure, but false positives come from the placenta,
 * a vanished twin or the mother, so it rests on rates that were counted and never on this z. */
static bool predictive_value(double *out, const Desk *d, const char *item)
{
    const Table *t = d->model->performance;
    long row = t != NULL && d->serum != NULL ? table_find(t, item) : -1;
    double late, detection, wrong, days = d->figures[MEASURE_GESTATION];
    if (row < 0 || !table_number(t, (size_t)row, table_column(t, "late_from"), &late)) return false;
    const SerumPrior *prior = serum_find_prior(
        d->serum, table_get(t, (size_t)row, days < late ? "prior_early" : "prior_late"));
    if (prior == NULL || !table_number(t, (size_t)row, table_column(t, "detection"), &detection) ||
        !table_number(t, (size_t)row, table_column(t, "false_positive"), &wrong))
        return false;
    double risk = serum_prior(prior, age_at_delivery(d));
    *out = risk * detection / (risk * detection + (1 - risk) * wrong);
    return true;
}

static void tell_predictive_value(const Desk *d, const char *item)
{
    double value;
    bool no_age = !isfinite(age_at_delivery(d));
    if (no_age || !predictive_value(&value, d, item)) {
        tell(d, "nipt.ppv", item, ANSWER_NOT_ASSESSED, no_age ? "nipt_no_age" : "nipt_no_prior");
        return;
    }
    Finding f = about(d, "nipt.ppv", item, ANSWER_MEASURED, "nipt_by_age");
    f.table = d->model->performance->info.name;
    f.version = d->model->performance->info.version;
    f.row = item;
    f.unverified = strcmp(d->model->performance->info.status, "unverified") == 0 ||
                   strcmp(d->model->priors->info.status, "unverified") == 0;
    f.has_value = true;
    f.value = rounded(value, 1000);
    f.unit = "1";
    finding_add(d->out, f);
}

/* A trisomy in all cells implies the fraction that was measured; a smaller one is not of the whole fetus. */
static const char *implied_detail(const Desk *d, const NiptScore *s)
{
    return d->fraction.estimated && s->implied_high < d->fraction.low ? "nipt_implied_less" : "";
}

static void tell_target(const Desk *d, int chrom, const Verdict *v)
{
    const NiptScore *s = &d->scores[chrom];
    const char *item = target_name(d, chrom);
    bool beyond = s->z > d->model->settings.z_limit;
    Finding f = about(d, "nipt.trisomy", item, beyond ? ANSWER_POSITIVE : ANSWER_NEGATIVE,
                      beyond ? "nipt_beyond" : "nipt_within");
    bool withheld =
        v->row >= 0 && (v->effect == EFFECT_STOP || (v->effect == EFFECT_NO_NEGATIVE && !beyond));
    if (withheld) {
        f.answer = v->answer;
        f.detail = v->detail;
    }
    f.has_value = !withheld; /* a z beside "not assessed" would be read as an answer */
    f.value = rounded(s->z, 100);
    f.unit = "1";
    finding_add(d->out, f);
    if (withheld) return;
    measured(d, "nipt.detectable", item, rounded(s->detectable, 10000), "nipt_power_95");
    if (!beyond) return;
    measured(d, "nipt.implied", item, rounded(s->implied, 10000), implied_detail(d, s));
    tell_predictive_value(d, item);
}

static void tell_fraction(const Desk *d)
{
    if (!d->fraction.estimated) {
        tell(d, "nipt.fraction", "", ANSWER_NOT_ASSESSED, "nipt_no_fraction");
        return;
    }
    static const struct {
        const char *method, *detail;
    } methods[] = {
        {"length", "nipt_by_length"}, {"counts", "nipt_by_counts"}, {"both", "nipt_by_both"}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].method, d->fraction.method) == 0)
            measured(d, "nipt.fraction", "", rounded(d->fraction.value, 1000), methods[i].detail);
    measured(d, "nipt.fraction_low", "", rounded(d->fraction.low, 1000), "nipt_interval_95");
    measured(d, "nipt.fraction_high", "", rounded(d->fraction.high, 1000), "nipt_interval_95");
}

/* A change as large as a whole copy of the mother is hers; else the lengths of its pairs may tell. */
static NiptOrigin origin_of(const Desk *d, const NiptSegment *s)
{
    const NiptSettings *set = &d->model->settings;
    double gap = set->maternal_gap;
    if (fabs(s->ratio - 0.5) < gap || fabs(s->ratio - 1.5) < gap) return ORIGIN_MATERNAL;
    return nipt_origin(d->panel, &d->fraction, s, set->origin_z);
}

/* Places mean nothing without it. */
static const char *build_of(const Desk *d)
{
    return d->panel->build == BUILD_GRCH37 ? "GRCh37" : "GRCh38";
}

static void tell_segment(const Desk *d, const NiptSegment *s)
{
    const char *item = arena_print(d->arena, "chr%d:%.2f-%.2f Mb %s", s->chrom,
                                   (double)(s->start - 1) / 1e6, (double)s->end / 1e6, build_of(d));
    static const char *const details[][2] = {
        [ORIGIN_OPEN] = {"nipt_loss", "nipt_gain"},
        [ORIGIN_FETAL] = {"nipt_loss_fetal", "nipt_gain_fetal"},
        [ORIGIN_MATERNAL] = {"nipt_loss_maternal", "nipt_gain_maternal"}};
    const char *detail = details[origin_of(d, s)][s->ratio > 1];
    Finding f = about(d, "nipt.segment", item, ANSWER_POSSIBLE, detail);
    f.has_value = true;
    f.value = rounded(s->ratio, 1000);
    f.unit = "1";
    finding_add(d->out, f);
}

/* Whole chromosomes are not segments: targets have their z, others are a matter of quality. */
static void tell_segments(const Desk *d, const Verdict *v)
{
    const NiptSettings *set = &d->model->settings;
    double limit = nipt_scan_limit(d->panel, set->family_error);
    NiptSegment *found;
    size_t told = 0, n = nipt_segments(&found, d->panel, d->profile, d->sample->evidence.bins,
                                       limit, d->arena);
    for (size_t i = 0; i < n; i++) {
        if (found[i].whole || (double)(found[i].end - found[i].start) < set->segment_least)
            continue;
        tell_segment(d, &found[i]);
        told++;
    }
    double size = nipt_segment_size(d->panel, d->profile, set->power_fraction, limit,
                                    normal_quantile(set->power));
    bool no_negative = v->row >= 0 && v->effect == EFFECT_NO_NEGATIVE;
    if (told == 0)
        tell(d, "nipt.segments", build_of(d), no_negative ? v->answer : ANSWER_NEGATIVE,
             no_negative ? v->detail : "nipt_none_found");
    if (size > 0)
        measured(d, "nipt.segment_size", "", rounded(size / 1e6, 10), "nipt_at_ten_percent");
    else
        tell(d, "nipt.segment_size", "", ANSWER_NOT_ASSESSED, "nipt_no_size");
}

/* Every rule that is broken, not only the one that decides: each says what to do. */
static void tell_quality(const Desk *d)
{
    for (size_t r = 0; r < d->model->rules->n_rows; r++) {
        if (!nipt_rule_broken(d->model->rules, r, d->figures)) continue;
        Verdict v = nipt_rule_verdict(d->model->rules, r);
        Finding f = about(d, "nipt.quality", "", v.answer, v.detail);
        f.table = d->model->rules->info.name;
        f.version = d->model->rules->info.version;
        f.row = table_cell(d->model->rules, r, 0);
        finding_add(d->out, f);
    }
    measured(d, "nipt.reads", "", rounded(d->figures[MEASURE_READS] / 1e6, 100), "nipt_millions");
}

static void judge(Desk *d)
{
    double power_z = normal_quantile(d->model->settings.power);
    d->profile = nipt_profile(d->panel, d->sample->evidence.bins, d->arena);
    for (int chrom = 1; chrom <= AUTOSOMES; chrom++)
        d->scores[chrom] =
            nipt_score(d->panel, d->profile, chrom, d->model->settings.z_limit, power_z);
    d->fraction = nipt_fraction(d->panel, d->profile, d->sample->evidence.bins);
    fill_figures(d);
    Verdict v = nipt_verdict(d->model->rules, d->figures);
    for (size_t i = 0; i < TARGETS; i++)
        tell_target(d, targets[i], &v);
    if (v.row >= 0 && v.effect == EFFECT_STOP)
        tell(d, "nipt.segments", build_of(d), v.answer, v.detail);
    else
        tell_segments(d, &v);
    tell_fraction(d);
    tell_quality(d);
}

static void judge_sample(Desk *d)
{
    const Evidence *e = &d->sample->evidence;
    if (d->sample->material != MATERIAL_PLASMA)
        tell_none(d, ANSWER_REFUSED, "nipt_not_plasma");
    else if (e->status != OK)
        tell_none(d, ANSWER_REFUSED, "evidence_unusable");
    else if (e->bins == NULL)
        tell_none(d, ANSWER_MISSING, "nipt_no_reads");
    else if ((d->panel = nipt_panel_for(d->model, e->bins, &d->panel_table)) == NULL)
        tell_none(d, ANSWER_NOT_ASSESSED, "nipt_no_panel");
    else
        judge(d);
    tell(d, "nipt.scope", "", ANSWER_NOT_ASSESSED, "nipt_scope");
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    const NiptModel *model = reference_model(reference, "nipt");
    if (model == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = "nipt/settings"}, NULL);
    for (size_t i = 0; i < c->n_samples; i++) {
        if (strcmp(c->samples[i].assay, "nipt") != 0) continue;
        Desk *d = arena_alloc(arena, sizeof *d);
        *d = (Desk){.c = c,
                    .sample = &c->samples[i],
                    .model = model,
                    .serum = reference_model(reference, "serum"),
                    .out = out,
                    .arena = arena};
        judge_sample(d);
    }
    return OK;
}

/* Pictures of every sample that a panel fits and no rule stopped: a picture of a failed library would be read as a result. */
static void draw(Figures *out, const Case *c, const Reference *reference, Arena *arena)
{
    Findings unread = {.arena = arena};
    const NiptModel *model = reference_model(reference, "nipt");
    for (size_t i = 0; model != NULL && i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        if (strcmp(s->assay, "nipt") != 0) continue;
        Desk *d = arena_alloc(arena, sizeof *d);
        *d = (Desk){.c = c,
                    .sample = s,
                    .model = model,
                    .serum = reference_model(reference, "serum"),
                    .out = &unread,
                    .arena = arena};
        judge_sample(d);
        if (d->profile == NULL) continue;
        Verdict v = nipt_verdict(model->rules, d->figures);
        if (v.row >= 0 && v.effect == EFFECT_STOP) continue;
        nipt_draw_genome(out, d->panel, d->profile, s, &model->settings, arena);
        nipt_draw_scores(out, d->panel, d->scores, s, &model->settings, arena);
    }
}

/* A row of one of these that cannot be read withholds every negative (lab/hold.h). */
static const char *const facts[] = {"birth_date", "gestation_days", "plurality", "weight_kg", NULL};

static const char *const tables[] = {"nipt/settings", "nipt/rules", NULL};

const Assay assay_nipt = {
    .code = "nipt",
    .takes_bins = true,
    .facts = facts,
    .tables = tables,
    .prepare = prepare,
    .interpret = interpret,
    .draw = draw,
};
