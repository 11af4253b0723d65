/* bench_serum - what one judged serum case costs beside one likelihood ratio: bench_serum REFERENCE CASES
 *
 * The same quadruple test of CASES women goes through the assay as the batch calls it (facts and results in, findings out) and through the plain
 * evaluation of the two normal densities, on one thread. Prints seconds, nanoseconds a case, and the ratio. */
#include "lab/assays/assay.h"
#include "lab/assays/serum_risk.h"
#include "pipeline/release.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MARKERS_OF_TEST = 4, FACTS = 6 };
static const Marker markers[MARKERS_OF_TEST] = {MARKER_AFP, MARKER_UE3, MARKER_HCG, MARKER_INHA};
static const char *const codes[MARKERS_OF_TEST] = {"serum.afp_mom", "serum.ue3_mom",
                                                   "serum.hcg_mom", "serum.inha_mom"};

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double mom_of(long i, int m)
{
    return 0.5 + 0.01 * (double)((i * 31 + m * 17) % 150);
}

static size_t judge(const Assay *assay, const Reference *reference, long i, Arena *arena)
{
    Date day;
    (void)date_parse(&day, "2026-11-12");
    Instant noon = ((Instant)day) * 86400;
    Result results[MARKERS_OF_TEST];
    for (int m = 0; m < MARKERS_OF_TEST; m++)
        results[m] = (Result){.specimen = "",
                              .code = codes[m],
                              .number = mom_of(i, m),
                              .unit = "{MoM}",
                              .time = INSTANT_NONE,
                              .run = "R1",
                              .well = ""};
    const Fact facts[FACTS] = {{.owner = SUBJECT_WOMAN,
                                .code = "birth_date",
                                .value = "1995-03-04",
                                .number = NAN,
                                .unit = "",
                                .time = INSTANT_NONE},
                               {.owner = SUBJECT_WOMAN,
                                .code = "gestation_days",
                                .value = "112",
                                .number = 112,
                                .unit = "d",
                                .time = noon},
                               {.owner = SUBJECT_WOMAN,
                                .code = "gestation_method",
                                .value = "crl",
                                .number = NAN,
                                .unit = "",
                                .time = noon},
                               {.owner = SUBJECT_WOMAN,
                                .code = "weight_kg",
                                .value = "58",
                                .number = 58,
                                .unit = "kg",
                                .time = noon},
                               {.owner = SUBJECT_WOMAN,
                                .code = "plurality",
                                .value = "1",
                                .number = 1,
                                .unit = "1",
                                .time = noon},
                               {.owner = SUBJECT_WOMAN,
                                .code = "serum_test",
                                .value = "quadruple",
                                .number = NAN,
                                .unit = "",
                                .time = INSTANT_NONE}};
    const Sample sample = {.person = "P1",
                           .case_id = "C1",
                           .id = "S1",
                           .revision = 1,
                           .reason = "",
                           .submitter = "",
                           .follow_up = "",
                           .subject = SUBJECT_WOMAN,
                           .material = MATERIAL_SERUM,
                           .assay = "serum",
                           .collected = noon,
                           .evidence = {.results = results, .n_results = MARKERS_OF_TEST}};
    const Case c = {.id = "C1",
                    .samples = &sample,
                    .n_samples = 1,
                    .facts = facts,
                    .n_facts = FACTS,
                    .now = noon,
                    .offset_minutes = 480};
    Findings findings = {.arena = arena};
    Note why;
    size_t judged = 0;
    if (assay->interpret(&findings, &c, reference, arena, &why) != OK) return 0;
    for (size_t k = 0; k < findings.n; k++)
        judged += findings.items[k].answer == ANSWER_NEGATIVE ||
                  findings.items[k].answer == ANSWER_POSITIVE ||
                  findings.items[k].answer == ANSWER_POSSIBLE;
    return judged;
}

int main(int argc, char **argv)
{
    Note why;
    Reference *reference;
    Arena *arena = arena_new(NULL), *scratch = arena_new(NULL);
    long n = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
    if (n < 1 || sodium_init() < 0 || release_open(&reference, argv[1], true, arena, &why) != OK) {
        (void)fputs("usage: bench_serum REFERENCE CASES\n", stderr);
        return 2;
    }
    const ParameterSet *set = serum_set(reference_model(reference, "serum"), "t21_us");
    const Assay *assay = assay_find("serum");
    double sum = 0, begin = now();
    for (long i = 0; i < n; i++) {
        Profile p = {.n = MARKERS_OF_TEST};
        SerumRisk r;
        for (int m = 0; m < MARKERS_OF_TEST; m++) {
            p.markers[m] = markers[m];
            p.moms[m] = mom_of(i, m);
            p.days[m] = 112;
        }
        if (serum_risk(&r, set, 0.001, &p)) sum += r.risk;
    }
    double plain = now() - begin;
    size_t judged = 0;
    begin = now();
    for (long i = 0; i < n; i++) {
        judged += judge(assay, reference, i, scratch);
        arena_reset(scratch);
    }
    double whole = now() - begin;
    (void)printf(
        "likelihood ratio alone: %ld in %.2f s of processor, %.0f ns each (sum of risks %.6g)\n", n,
        plain, 1e9 * plain / (double)n, sum);
    (void)printf("cases judged:           %ld in %.2f s of processor, %.0f ns each, %zu answers; "
                 "ratio %.1f\n",
                 n, whole, 1e9 * whole / (double)n, judged, whole / plain);
    arena_free(scratch);
    arena_free(arena);
    return 0;
}
