/* validate_qfpcr - the assay qfpcr on simulated pregnancies:
 *
 *     validate_qfpcr RELEASE KIND COUNT [FIRST SEED] [noise=X] [mother]
 *     KIND: normal, t13, t18, t21, triploid, maternal:0.1, mosaic21:0.3
 *
 * Prints the number of pregnancies and, over their chromosomes 13, 18 and 21: told normal, trisomic, neither. A pregnancy counts as
 * "normal" when all three are told normal, as "any normal" when one is. */
#include "lab/assays/qfpcr_run.h"
#include "pipeline/release.h"
#include "tests/qfpcr_simulation.h"

#include <stdio.h>

typedef struct Bench {
    Reference *reference;
    Markers markers;
    Kit kit;
    Trace control, blank;
    Arena *arena;
} Bench;

typedef struct Counts {
    long samples, all_normal, any_normal, any_trisomy, wrong_trisomy, target_trisomy, inconclusive,
        refused;
} Counts;

static const char KIT[] = "example-qfpcr";

static Status trace_of(Trace *out, Tube *t, const Bench *b, TraceRole role, bool fetal,
                       Arena *arena)
{
    Sized run;
    Note why;
    Channels c = tube_channels(t, "");
    Status s = markers_size(&run, &b->markers, &b->kit, &c, fetal, arena, &why);
    if (s == OK) {
        markers_trace(out, &b->markers, &run, fetal, false, arena);
        out->role = role;
        out->kit = KIT;
        out->material = role == TRACE_CONTROL ? "DEMO-DNA" : "";
    }
    tube_free(t);
    return s;
}

static const char *answer(const QfpcrJudgement *j, int chrom, const Reference *r)
{
    const Rules *rules = reference_rules(r, "qfpcr/verdict");
    return decide_output(
        rules, decide(rules, (const char *const[]){j->pattern, j->of[chrom].verdict}), "answer");
}

static void count(Counts *n, const QfpcrJudgement *j, const Pregnancy *p, const Reference *r)
{
    static const int chroms[] = {13, 18, 21};
    int normal = 0, trisomy = 0;
    for (size_t i = 0; i < 3; i++) {
        const char *a = answer(j, chroms[i], r);
        const bool positive = strcmp(a, "positive") == 0;
        normal += strcmp(a, "negative") == 0;
        trisomy += positive;
        n->wrong_trisomy += positive && chroms[i] != p->trisomy;
        n->target_trisomy += positive && chroms[i] == p->trisomy;
        if (p->trisomy == chroms[i] && strcmp(a, "negative") == 0) n->refused++;
    }
    n->samples++;
    n->all_normal += normal == 3;
    n->any_normal += normal > 0;
    n->any_trisomy += trisomy > 0;
    n->inconclusive += trisomy == 0 && normal < 3;
}

static void one(Counts *n, const Pregnancy *p, const Bench *b, bool with_mother)
{
    Tube t;
    QfpcrJudgement j;
    Trace traces[3] = {{0}, b->control, b->blank}, hers[3] = {{0}, b->control, b->blank};
    pregnancy_tube(&t, p, &b->markers, &b->kit);
    if (trace_of(&traces[0], &t, b, TRACE_SAMPLE, true, b->arena) != OK) {
        n->samples++;
        n->inconclusive++;
        return;
    }
    Sample fetus = {.id = "S", .fetal = true, .evidence = {.traces = traces, .n_traces = 3}};
    Sample mother = {.id = "M", .evidence = {.traces = hers, .n_traces = 3}};
    if (with_mother) {
        mother_tube(&t, p, &b->markers, &b->kit);
        with_mother = trace_of(&hers[0], &t, b, TRACE_SAMPLE, false, b->arena) == OK;
    }
    if (qfpcr_judge(&j, &fetus, with_mother ? &mother : NULL, b->reference, b->arena))
        count(n, &j, p, b->reference);
}

static bool parse_kind(Pregnancy *p, const char *kind)
{
    if (strcmp(kind, "t13") == 0) p->trisomy = 13;
    if (strcmp(kind, "t18") == 0) p->trisomy = 18;
    if (strcmp(kind, "t21") == 0) p->trisomy = 21;
    p->triploid = strcmp(kind, "triploid") == 0;
    if (strncmp(kind, "maternal:", 9) == 0) p->maternal = strtod(kind + 9, NULL);
    if (strncmp(kind, "mosaic21:", 9) == 0) {
        p->trisomy = 21;
        p->mosaic = strtod(kind + 9, NULL);
    }
    return strcmp(kind, "normal") == 0 || p->trisomy || p->triploid || p->maternal > 0;
}

static bool prepare(Bench *b, const char *release, Arena *keep)
{
    Note why = {0};
    Tube t;
    if (release_open(&b->reference, release, true, keep, &why) != OK ||
        markers_find(&b->markers, b->reference, KIT, keep, &why) != OK ||
        kit_find(&b->kit, b->reference, KIT, "", keep, &why) != OK) {
        (void)fprintf(stderr, "validate_qfpcr: %s %s\n", why.code, why.field);
        return false;
    }
    control_tube(&t, 1, &b->markers, &b->kit, reference_table(b->reference, "qfpcr/controls"),
                 false);
    if (trace_of(&b->control, &t, b, TRACE_CONTROL, true, keep) != OK) return false;
    blank_tube(&t, 1, &b->kit);
    return trace_of(&b->blank, &t, b, TRACE_BLANK, true, keep) == OK;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fputs("usage: see the head of validate_qfpcr.c\n", stderr);
        return 2;
    }
    Arena *keep = arena_new(NULL);
    Bench b = {.arena = arena_new(NULL)};
    Pregnancy p = {.seed = 1};
    Counts n = {0};
    bool mother = false;
    uint64_t first = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;
    for (int i = 5; i < argc; i++) {
        if (strncmp(argv[i], "noise=", 6) == 0) p.noise = strtod(argv[i] + 6, NULL);
        mother = mother || strcmp(argv[i], "mother") == 0;
    }
    if (!parse_kind(&p, argv[2]) || !prepare(&b, argv[1], keep)) return 2;
    const uint64_t count_of = strtoull(argv[3], NULL, 10);
    for (uint64_t i = 0; i < count_of; i++) {
        p.seed = first + i;
        p.male = p.seed % 3 == 0;
        one(&n, &p, &b, mother);
        arena_reset(b.arena);
    }
    (void)printf("%s\tsamples %ld\tall_normal %ld\tany_normal %ld\ttrisomy %ld\twrong_trisomy "
                 "%ld\ttarget_normal %ld\tinconclusive %ld\n",
                 argv[2], n.samples, n.all_normal, n.any_normal, n.target_trisomy, n.wrong_trisomy,
                 n.refused, n.inconclusive);
    arena_free(b.arena);
    arena_free(keep);
    return 0;
}
