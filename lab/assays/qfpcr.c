/* qfpcr - is a chromosome 13, 18 or 21 there twice or three times, by quantitative fluorescent PCR of repeat markers.
 *
 * Why: an answer a day after the puncture. Method: dosage of the alleles of each marker (qfpcr_marker.h), controls, mother and patterns
 * (qfpcr_run.h), and the tables of reference/qfpcr; limits as the ACGS guideline v4 is remembered, not read: every finding says that it
 * rests on unverified rows. A trisomy is told to be confirmed by karyotype; "normal" only when at least two markers of that
 * chromosome are in equal dosage, the run's control and blank passed, and nothing foreign is in the sample.
 *
 * Refuses: sex chromosomes, altogether: their markers were wiped at the door and are in no list here. Mosaicism is not found reliably, and
 * the scope of every report says so. */
#include "assay.h"
#include "qfpcr_draw.h"
#include "qfpcr_run.h"

#include <math.h>
#include <string.h>

static const int targets[] = {13, 18, 21};
enum { TARGETS = sizeof targets / sizeof *targets };

typedef struct Desk {
    const Case *c;
    const Sample *sample;
    const Reference *reference;
    QfpcrJudgement judged;
    Findings *out;
    Arena *arena;
} Desk;

static void tell(const Desk *d, Finding f, const char *table, const char *row)
{
    const Table *t = reference_table(d->reference, table);
    f.sample = d->sample->id;
    f.assay = "qfpcr";
    f.subject = d->sample->subject;
    f.fetal = d->sample->fetal;
    f.table = table;
    f.version = t != NULL ? t->info.version : "";
    f.row = row;
    f.unverified = t != NULL && strcmp(t->info.status, "unverified") == 0;
    for (size_t i = 0; i < d->judged.n_typings && !f.example; i++)
        f.example = d->judged.typings[i].markers->items[0].example;
    finding_add(d->out, f);
}

static Answer answer_of(const char *code)
{
    for (int a = 0; a < ANSWERS; a++)
        if (strcmp(answer_code((Answer)a), code) == 0) return (Answer)a;
    return ANSWER_NOT_ASSESSED;
}

static const char *chromosome_name(const Desk *d, int chrom)
{
    return arena_print(d->arena, "%d", chrom);
}

/* Nothing can be told of any chromosome. */
static void tell_none(const Desk *d, Answer answer, const char *detail)
{
    for (size_t i = 0; i < TARGETS; i++)
        tell(d,
             (Finding){.code = "qfpcr.chromosome",
                       .item = chromosome_name(d, targets[i]),
                       .answer = answer,
                       .detail = detail},
             "qfpcr/settings", "");
}

static bool run_passed(const Desk *d)
{
    const Rules *run = reference_rules(d->reference, "qfpcr/run");
    return strcmp(decide_output(run, d->judged.run, "run"), "passed") == 0;
}

static void tell_chromosomes(const Desk *d)
{
    const QfpcrJudgement *j = &d->judged;
    const Rules *run = reference_rules(d->reference, "qfpcr/run");
    const Rules *verdicts = reference_rules(d->reference, "qfpcr/verdict");
    const bool good = run_passed(d);
    for (int c = 1; c < QFPCR_CHROMS; c++) {
        if (!j->told[c]) continue;
        const char *const values[] = {j->pattern, j->of[c].verdict};
        const Rules *rules = good ? verdicts : run;
        const Decision v = good ? decide(verdicts, values) : j->run;
        tell(d,
             (Finding){.code = "qfpcr.chromosome",
                       .item = chromosome_name(d, c),
                       .answer = answer_of(decide_output(rules, v, "answer")),
                       .detail = decide_output(rules, v, "detail")},
             good ? "qfpcr/verdict" : "qfpcr/run", decide_row(rules, v));
    }
}

static void tell_run(const Desk *d)
{
    const Rules *run = reference_rules(d->reference, "qfpcr/run");
    const bool good = run_passed(d);
    const char *detail = decide_output(run, d->judged.run, "detail");
    tell(d,
         (Finding){.code = "qfpcr.run",
                   .answer = good ? ANSWER_NEGATIVE : ANSWER_FAILED,
                   .detail = good ? "qfpcr_passed" : detail},
         "qfpcr/run", decide_row(run, d->judged.run));
    if (isnan(d->judged.control_ratio)) return;
    tell(d,
         (Finding){.code = "qfpcr.control",
                   .answer = ANSWER_MEASURED,
                   .has_value = true,
                   .value = round(d->judged.control_ratio * 100) / 100,
                   .unit = "1"},
         "qfpcr/controls", "");
}

static void tell_mother(const Desk *d)
{
    const QfpcrJudgement *j = &d->judged;
    Finding f = {.code = "qfpcr.mother", .detail = "qfpcr_no_mother"};
    if (strcmp(j->mother, "consistent") == 0) {
        f.answer = ANSWER_NEGATIVE;
        f.detail = "qfpcr_consistent";
    } else if (strcmp(j->mother, "mismatch") == 0) {
        f.answer = ANSWER_REFUSED;
        f.detail = "qfpcr_not_mother";
    } else if (strcmp(j->mother, "identical") == 0) {
        f.answer = ANSWER_INVALID;
        f.detail = "qfpcr_all_maternal";
    } else if (j->mother_typed) {
        f.detail = "qfpcr_few_common";
    }
    tell(d, f, "qfpcr/sample", "");
}

/* One row a marker of the panel, whatever was found: their number is the table's. */
static void tell_marker(const Desk *d, const MarkerReading *r)
{
    Finding f = {.code = "qfpcr.marker",
                 .item = arena_print(d->arena, "%s (%s)", r->marker->name, r->marker->chromosome),
                 .answer = ANSWER_NOT_ASSESSED,
                 .detail = arena_print(d->arena, "qfpcr_m_%s", r->class)};
    const bool ratio = !isnan(r->ratio) && strcmp(r->class, "unusable") != 0;
    if (ratio) {
        f.answer = ANSWER_MEASURED;
        f.has_value = true;
        f.value = round(r->ratio * 100) / 100;
        f.unit = "1";
    }
    tell(d, f, "qfpcr/marker", "");
}

static void tell_markers(const Desk *d)
{
    for (size_t t = 0; t < d->judged.n_typings; t++)
        for (size_t i = 0; i < d->judged.typings[t].n; i++)
            tell_marker(d, &d->judged.typings[t].readings[i]);
}

static const Sample *mother_of(const Case *c)
{
    for (size_t i = 0; i < c->n_samples; i++)
        if (c->samples[i].subject == SUBJECT_WOMAN && strcmp(c->samples[i].assay, "qfpcr") == 0 &&
            !c->samples[i].fetal)
            return &c->samples[i];
    return NULL;
}

/* False: there is nothing to judge, and it was said why. */
static bool prepare_desk(Desk *d)
{
    const Evidence *e = &d->sample->evidence;
    if (e->status != OK)
        tell_none(d, ANSWER_REFUSED, "evidence_unusable");
    else if (!qfpcr_judge(&d->judged, d->sample, mother_of(d->c), d->reference, d->arena))
        tell_none(d, ANSWER_MISSING, "qfpcr_no_trace");
    else
        return true;
    return false;
}

static void judge_fetus(Desk *d)
{
    if (prepare_desk(d)) {
        tell_chromosomes(d);
        tell_run(d);
        if (run_passed(d)) { /* a ratio beside "failed" would be read as an answer */
            tell_mother(d);
            tell_markers(d);
        }
    }
    tell(d, (Finding){.code = "qfpcr.scope", .detail = "qfpcr_scope"}, "qfpcr/verdict", "");
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    QfpcrLimits limits;
    Status s = qfpcr_limits(&limits, reference, why);
    for (size_t i = 0; s == OK && i < c->n_samples; i++) {
        const Sample *sample = &c->samples[i];
        if (strcmp(sample->assay, "qfpcr") != 0) continue;
        Desk *d = arena_alloc(arena, sizeof *d);
        *d = (Desk){.c = c, .sample = sample, .reference = reference, .out = out, .arena = arena};
        if (sample->fetal)
            judge_fetus(d);
        else
            tell(d, (Finding){.code = "qfpcr.maternal", .detail = "qfpcr_reference"},
                 "qfpcr/verdict", "");
    }
    return s;
}

/* Pictures of fetal samples whose run passed: a picture of a failed run would be read as a result. */
static void draw(Figures *out, const Case *c, const Reference *reference, Arena *arena)
{
    Findings unread = {.arena = arena};
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *sample = &c->samples[i];
        if (strcmp(sample->assay, "qfpcr") != 0 || !sample->fetal) continue;
        Desk *d = arena_alloc(arena, sizeof *d);
        *d = (Desk){
            .c = c, .sample = sample, .reference = reference, .out = &unread, .arena = arena};
        if (!prepare_desk(d) || !run_passed(d)) continue;
        qfpcr_draw(out, &d->judged, sample, reference, arena);
    }
}

/* A broken number is told when the release opens, not by the first sample. */
static Status prepare(const void **model, const Reference *reference, Arena *arena, Note *why)
{
    QfpcrLimits *limits = arena_alloc(arena, sizeof *limits);
    *model = limits;
    Status s = qfpcr_limits(limits, reference, why);
    if (s == OK) s = qfpcr_kits_check(reference, arena, why);
    return s == OK ? qfpcr_controls_check(reference, arena, why) : s;
}

static const char *const tables[] = {"fragment/kits",
                                     "fragment/panel",
                                     "qfpcr/settings",
                                     "qfpcr/kits",
                                     "qfpcr/controls",
                                     "qfpcr/run",
                                     "qfpcr/marker",
                                     "qfpcr/chromosome",
                                     "qfpcr/sample",
                                     "qfpcr/verdict",
                                     NULL};

const Assay assay_qfpcr = {
    .code = "qfpcr",
    .takes_traces = true,
    .tables = tables,
    .prepare = prepare,
    .interpret = interpret,
    .draw = draw,
};
