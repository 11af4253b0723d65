/* sanger - is the named variant there? Confirmation, on both strands, of what a panel or another laboratory found.
 *
 * Why: before a couple is counselled the variant is looked at once more by an independent method. Method: lab/sanger.h; the order names rows
 * of the panel (coded result sanger.variant), and where it names none, they are what the carrier assay saw in this case: of the same person, or
 * of the parents for a fetus or a newborn. Their places lie in slices of the reference. Ratio and quality of every read are told
 * with the answer, since programs disagree on the same trace only by their threshold.
 *
 * Refuses: a variant that no slice covers, one strand alone, strands that differ, second peaks between the limits, a fetus's X chromosome. An
 * unverified place never makes a negative. */
#include "../sanger_slices.h"

#include "assay.h"
#include "sanger_draw.h"

#include <math.h>
#include <string.h>

static const char ORDER[] = "sanger.variant";

typedef struct Desk {
    const Sample *sample;
    const SangerModel *model;
    Arena *arena;
    Findings *out;
} Desk;

static void add(const Desk *d, Finding f, const Table *table, const char *row)
{
    f.table = table->info.name;
    f.version = table->info.version;
    f.row = row;
    f.example = d->model->example;
    finding_add(d->out, f);
}

static void tell(const Desk *d, const SangerVariant *v, Answer answer, const char *detail)
{
    add(d, finding_about(d->sample, ORDER, v == NULL ? "" : v->item, answer, detail),
        d->model->slices, v == NULL || v->slice == NULL ? "" : v->slice);
}

static const char *read_detail(SangerAnswer answer)
{
    static const char *const details[] = {[SANGER_NOT_COVERED] = "sanger_not_covered",
                                          [SANGER_LOW_QUALITY] = "sanger_low_quality",
                                          [SANGER_NOT_READABLE] = "sanger_not_readable",
                                          [SANGER_UNCLEAR] = "sanger_unclear",
                                          [SANGER_OTHER] = "sanger_other",
                                          [SANGER_REFERENCE] = "sanger_reference",
                                          [SANGER_HETEROZYGOUS] = "sanger_both",
                                          [SANGER_VARIANT] = "sanger_every_copy"};
    return details[answer];
}

static void tell_read(const Desk *d, const SangerVariant *v, const SangerView *view)
{
    const char *item = arena_print(d->arena, "%s (%c)", v->item, view->reverse ? '-' : '+');
    Finding f =
        finding_about(d->sample, "sanger.read", item, ANSWER_MEASURED, read_detail(view->answer));
    f.has_value = view->answer >= SANGER_UNCLEAR;
    f.value = f.has_value ? round(view->ratio * 100) / 100 : 0;
    f.unit = "1";
    add(d, f, d->model->limit_table, "two_bases");
}

/* Why no strand could be read: the reason of the read that came nearest. */
static void tell_unread(const Desk *d, const SangerVariant *v, const SangerView *views, size_t n)
{
    SangerAnswer best = SANGER_NOT_COVERED;
    for (size_t i = 0; i < n; i++)
        best = views[i].answer > best ? views[i].answer : best;
    Answer answer = best == SANGER_NOT_COVERED ? ANSWER_NOT_ASSESSED
                    : best == SANGER_UNCLEAR   ? ANSWER_POSSIBLE
                                               : ANSWER_INVALID;
    tell(d, v, answer, read_detail(best));
}

static void tell_verdict(const Desk *d, const SangerVariant *v, SangerVerdict verdict)
{
    static const struct {
        Answer answer;
        const char *detail;
    } told[] = {[VERDICT_NO_READ] = {ANSWER_MISSING, "sanger_no_read"},
                [VERDICT_UNREAD] = {ANSWER_INVALID, "sanger_not_readable"},
                [VERDICT_ONE_STRAND_REFERENCE] = {ANSWER_NOT_ASSESSED, "sanger_one_strand"},
                [VERDICT_ONE_STRAND_SEEN] = {ANSWER_POSSIBLE, "sanger_one_strand"},
                [VERDICT_DISCORDANT] = {ANSWER_POSSIBLE, "sanger_discordant"},
                [VERDICT_REFUTED] = {ANSWER_NEGATIVE, "sanger_refuted"},
                [VERDICT_HETEROZYGOUS] = {ANSWER_POSITIVE, "sanger_both"},
                [VERDICT_VARIANT] = {ANSWER_POSITIVE, "sanger_every_copy"}};
    Finding f =
        finding_about(d->sample, ORDER, v->item, told[verdict].answer, told[verdict].detail);
    if (!v->verified && f.answer == ANSWER_NEGATIVE) {
        f.answer = ANSWER_NOT_ASSESSED;
        f.detail = "row_unverified";
    } else if (!v->verified && f.answer == ANSWER_POSITIVE) {
        f.answer = ANSWER_POSSIBLE;
    }
    f.unverified = !v->verified;
    add(d, f, d->model->slices, v->slice);
}

static void judge_variant(const Desk *d, const SangerVariant *v)
{
    const Evidence *e = &d->sample->evidence;
    SangerView *views = arena_alloc(d->arena, e->n_traces * sizeof *views);
    size_t n = 0;
    for (size_t i = 0; i < e->n_traces; i++) {
        const Trace *t = &e->traces[i];
        if (t->role != TRACE_SAMPLE || t->n_bases == 0) continue;
        sanger_view(&views[n++], &(BaseRead){t->bases, t->n_bases}, &v->question, &d->model->limits,
                    d->arena);
    }
    SangerVerdict verdict = sanger_agree(views, n);
    if (verdict == VERDICT_UNREAD)
        tell_unread(d, v, views, n);
    else
        tell_verdict(d, v, verdict);
    for (size_t i = 0; i < n; i++)
        if (views[i].answer != SANGER_NOT_COVERED) tell_read(d, v, &views[i]);
}

static void judge_order(const Desk *d, const char *key)
{
    const SangerVariant *v = sanger_variant(d->model, key);
    if (v == NULL)
        tell(d, NULL, ANSWER_REFUSED, "sanger_unknown_variant");
    else if (v->x && d->sample->fetal)
        tell(d, v, ANSWER_NOT_ASSESSED, "fetal_xlinked");
    else if (d->sample->evidence.status != OK)
        tell(d, v, ANSWER_REFUSED, "evidence_unusable");
    else if (v->slice == NULL)
        tell(d, v, ANSWER_NOT_ASSESSED, "sanger_no_slice");
    else
        judge_variant(d, v);
}

/* ---- which variants ---- */

typedef struct Keys {
    const char **items;
    size_t n, capacity;
    bool found; /* by the carrier assay: nobody ordered them */
} Keys;

static void add_key(Keys *keys, const char *key, Arena *arena)
{
    for (size_t i = 0; i < keys->n; i++)
        if (strcmp(keys->items[i], key) == 0) return;
    if (keys->n == keys->capacity)
        keys->items = arena_grow(arena, keys->items, &keys->capacity, sizeof *keys->items);
    keys->items[keys->n++] = key;
}

static const Sample *sample_of(const Case *c, const char *id)
{
    for (size_t i = 0; i < c->n_samples; i++)
        if (strcmp(c->samples[i].id, id) == 0) return &c->samples[i];
    return NULL;
}

/* An adult is asked about what was seen in himself; a child about what its parents carry, too. */
static bool concerns(const Sample *tube, const Sample *seen_in)
{
    const bool adult = tube->subject == SUBJECT_WOMAN || tube->subject == SUBJECT_PARTNER;
    return seen_in != NULL && (!adult || strcmp(seen_in->person, tube->person) == 0);
}

static void add_seen(Keys *keys, const Sample *tube, const Case *c, const Reference *reference,
                     Arena *arena)
{
    Findings seen = {.arena = arena};
    Note unused;
    const Assay *carrier = assay_find("carrier");
    if (reference_model(reference, "carrier") == NULL ||
        carrier->interpret(&seen, c, reference, arena, &unused) != OK)
        return;
    for (size_t i = 0; i < seen.n; i++) {
        const Finding *f = &seen.items[i];
        if (strcmp(f->code, "carrier.site") == 0 &&
            (f->answer == ANSWER_POSITIVE || f->answer == ANSWER_POSSIBLE) &&
            concerns(tube, sample_of(c, f->sample)))
            add_key(keys, f->row, arena);
    }
}

static Keys keys_of(const Sample *tube, const Case *c, const Reference *reference, Arena *arena)
{
    const Evidence *e = &tube->evidence;
    Keys keys = {.n = 0};
    for (size_t i = 0; i < e->n_results; i++)
        if (strcmp(e->results[i].code, ORDER) == 0 && e->results[i].value != NULL)
            add_key(&keys, e->results[i].value, arena);
    if (keys.n > 0) return keys;
    add_seen(&keys, tube, c, reference, arena);
    keys.found = keys.n > 0;
    return keys;
}

static void judge_sample(const Desk *d, const Keys *keys)
{
    for (size_t i = 0; i < keys->n; i++)
        judge_order(d, keys->items[i]);
    if (keys->n == 0) tell(d, NULL, ANSWER_MISSING, "sanger_no_order");
    if (keys->found)
        finding_add(d->out, finding_about(d->sample, "sanger.scope", "", ANSWER_NOT_ASSESSED,
                                          "sanger_from_carrier"));
    finding_add(d->out,
                finding_about(d->sample, "sanger.scope", "", ANSWER_NOT_ASSESSED, "sanger_scope"));
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    const SangerModel *model = reference_model(reference, "sanger");
    if (model == NULL)
        return note_fail(why, NOT_FOUND, "table.absent", (Place){.file = "sanger/limits"}, NULL);
    for (size_t i = 0; i < c->n_samples; i++) {
        if (strcmp(c->samples[i].assay, "sanger") != 0) continue;
        const Keys keys = keys_of(&c->samples[i], c, reference, arena);
        judge_sample(&(Desk){&c->samples[i], model, arena, out}, &keys);
    }
    return OK;
}

static void draw_order(Figures *out, const Desk *d, const char *key)
{
    const SangerVariant *v = sanger_variant(d->model, key);
    const Evidence *e = &d->sample->evidence;
    if (v == NULL || v->slice == NULL || (v->x && d->sample->fetal)) return;
    for (size_t i = 0; i < e->n_traces; i++) {
        const BaseRead read = {e->traces[i].bases, e->traces[i].n_bases};
        SangerView view;
        if (e->traces[i].role != TRACE_SAMPLE || read.n == 0) continue;
        sanger_view(&view, &read, &v->question, &d->model->limits, d->arena);
        sanger_draw_window(out, &read, &view, d->sample->id);
    }
}

static void draw(Figures *out, const Case *c, const Reference *reference, Arena *arena)
{
    const SangerModel *model = reference_model(reference, "sanger");
    for (size_t i = 0; model != NULL && i < c->n_samples; i++) {
        const Desk d = {&c->samples[i], model, arena, NULL};
        const Evidence *e = &d.sample->evidence;
        if (strcmp(d.sample->assay, "sanger") != 0 || e->status != OK) continue;
        const Keys keys = keys_of(d.sample, c, reference, arena);
        for (size_t k = 0; k < keys.n; k++)
            draw_order(out, &d, keys.items[k]);
    }
}

static const char *const no_facts[] = {NULL};
static const char *const tables[] = {"sanger/slices", "sanger/limits", "carrier/panel", NULL};

const Assay assay_sanger = {
    .code = "sanger",
    .takes_traces = true,
    .takes_results = true,
    .facts = no_facts,
    .tables = tables,
    .prepare = sanger_prepare,
    .interpret = interpret,
    .draw = draw,
};
