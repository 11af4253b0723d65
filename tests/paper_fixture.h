/* Hand-made cases for the tests of reports: a couple with carrier findings, a woman with cervical findings, twins with
 * fetal findings. No assay is asked; codes are those of the reference where it has them. */
#ifndef SCREENLAB_PAPER_FIXTURE_H
#define SCREENLAB_PAPER_FIXTURE_H

#include "../pipeline/release.h"
#include "../reports/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Fixture {
    Arena *arena;
    const Reference *reference;
    Stamp stamp;
    Sample samples[4];
    Case c;
    Findings findings;
    Action actions[8];
    Paper paper;
    PaperInput input;
} Fixture;

static Sample fixture_sample(const char *id, const char *person, Subject subject, Material material,
                             const char *assay)
{
    return (Sample){.id = id,
                    .person = person,
                    .case_id = "C2026000001",
                    .revision = 1,
                    .submitter = "230103",
                    .follow_up = "230103",
                    .subject = subject,
                    .material = material,
                    .assay = assay,
                    .collected = 1795000000,
                    .fetal = subject == SUBJECT_FETUS_A || subject == SUBJECT_FETUS_B};
}

static void fixture_find(Fixture *x, size_t sample, const char *code, const char *item,
                         Answer answer, const char *detail)
{
    const Sample *s = &x->samples[sample];
    finding_add(&x->findings, (Finding){.sample = s->id,
                                        .assay = s->assay,
                                        .subject = s->subject,
                                        .fetal = s->fetal,
                                        .code = code,
                                        .item = item,
                                        .answer = answer,
                                        .detail = detail,
                                        .table = "carrier/panel",
                                        .version = "2026.1",
                                        .row = item});
}

static void fixture_act(Fixture *x, size_t finding, Level level, const char *wording)
{
    const Centres *centres = reference_centres(x->reference);
    const Centre *district = centre_find(centres, "230103");
    x->actions[x->paper.n_actions++] =
        (Action){.finding = &x->findings.items[finding],
                 .level = level,
                 .department = level == LEVEL_NONE ? "" : "genetics",
                 .capability = level == LEVEL_NONE ? "" : "genetic_counselling",
                 .urgency = level == LEVEL_NONE ? "none" : "soon",
                 .wording = wording,
                 .due = level == LEVEL_NONE ? DATE_NONE : date_from(2026, 12, 7),
                 .due_example = true,
                 .to = level == LEVEL_CITY   ? centres->city
                       : level == LEVEL_NONE ? NULL
                                             : district};
}

static void fixture_couple(Fixture *x)
{
    static const char *const negative[] = {"CFTR", "PAH",  "SLC26A4", "ATP7B", "MMACHC",
                                           "GAA",  "GALC", "HEXA",    "IDUA",  "PCCA"};
    static const char *const structural[] = {"SMN1", "HBA1", "HBA2", "DMD", "FMR1"};
    x->samples[0] =
        fixture_sample("S2026000001", "P2026000001", SUBJECT_WOMAN, MATERIAL_BLOOD, "carrier");
    x->samples[1] =
        fixture_sample("S2026000002", "P2026000002", SUBJECT_PARTNER, MATERIAL_BLOOD, "carrier");
    x->c.n_samples = 2;
    finding_add(&x->findings, (Finding){.sample = "",
                                        .assay = "carrier",
                                        .code = "carrier.couple",
                                        .item = "HBB",
                                        .answer = ANSWER_POSITIVE,
                                        .has_value = true,
                                        .value = 0.25,
                                        .detail = "couple_quarter",
                                        .unit = "1",
                                        .table = "carrier/panel",
                                        .version = "2026.1"});
    for (size_t s = 0; s < 2; s++) {
        fixture_find(x, s, "carrier.gene", "HBB", ANSWER_POSITIVE, "het");
        for (size_t i = 0; i < sizeof negative / sizeof negative[0]; i++)
            fixture_find(x, s, "carrier.gene", negative[i], ANSWER_NEGATIVE, "");
        for (size_t i = 0; i < sizeof structural / sizeof structural[0]; i++)
            fixture_find(x, s, "carrier.gene", structural[i], ANSWER_NOT_ASSESSED,
                         "needs_exon_copies");
        fixture_find(x, s, "carrier.gene", "GJB2", ANSWER_POSSIBLE, "low_quality");
        fixture_find(x, s, "carrier.site", s ? "HBB c.79G>A" : "HBB c.52A>T", ANSWER_POSITIVE,
                     "het");
        for (size_t i = 0; i < 98; i++)
            fixture_find(x, s, "carrier.site", "CFTR c.1521_1523del", ANSWER_NEGATIVE, "");
        for (size_t i = 0; i < 31; i++)
            fixture_find(x, s, "carrier.site", "PAH c.728G>A", ANSWER_NOT_ASSESSED,
                         i % 3 ? "absent" : "no_depth");
    }
    fixture_act(x, 0, LEVEL_CITY, "at_risk_couple");
    fixture_act(x, 1, LEVEL_CITY, "carrier_counselling");
    fixture_act(x, 2, LEVEL_NONE, "told");
}

static void fixture_woman(Fixture *x)
{
    x->samples[0] =
        fixture_sample("S2026000011", "P2026000011", SUBJECT_WOMAN, MATERIAL_CERVICAL, "cervical");
    x->c.n_samples = 1;
    fixture_find(x, 0, "cervical.conclusion", "", ANSWER_POSITIVE, "hpv16_18");
    fixture_find(x, 0, "cervical.hpv", "HPV16", ANSWER_POSITIVE, "");
    fixture_find(x, 0, "cervical.hpv", "HPV18", ANSWER_INVALID, "");
    fixture_find(x, 0, "cervical.cytology", "NILM", ANSWER_NEGATIVE, "");
    fixture_act(x, 0, LEVEL_DISTRICT, "colposcopy");
}

static void fixture_twins(Fixture *x)
{
    x->samples[0] =
        fixture_sample("S2026000021", "P2026000021", SUBJECT_WOMAN, MATERIAL_BLOOD, "carrier");
    x->samples[1] =
        fixture_sample("S2026000022", "P2026000021", SUBJECT_FETUS_A, MATERIAL_AMNIOTIC, "carrier");
    x->samples[2] =
        fixture_sample("S2026000023", "P2026000021", SUBJECT_FETUS_B, MATERIAL_AMNIOTIC, "carrier");
    x->c.n_samples = 3;
    fixture_find(x, 0, "carrier.gene", "HBB", ANSWER_POSITIVE, "het");
    for (size_t s = 1; s < 3; s++) {
        fixture_find(x, s, "carrier.gene", "HBB", s == 1 ? ANSWER_POSITIVE : ANSWER_NEGATIVE, "");
        fixture_find(x, s, "carrier.gene", "DMD", ANSWER_NOT_ASSESSED, "needs_exon_copies");
    }
    fixture_act(x, 1, LEVEL_CITY, "carrier_counselling");
}

/* Opens the release in `folder`; `fill` puts samples, findings and actions in. Stops the program on a bad release. */
static void fixture_open(Fixture *x, const char *folder, bool demo, void (*fill)(Fixture *))
{
    Reference *reference;
    Note why;
    *x = (Fixture){.arena = arena_new(NULL)};
    if (release_open(&reference, folder, demo, x->arena, &why) != OK) {
        (void)fprintf(stderr, "%s %s:%ld %s %s\n", why.code, why.file, why.row, why.field,
                      why.detail);
        abort();
    }
    x->reference = reference;
    x->findings.arena = x->arena;
    x->stamp = (Stamp){.lang = LANG_ZH,
                       .now = 1795400000,
                       .offset_minutes = 480,
                       .program = "screenlab 0.1.0",
                       .batch = "nangang-2026-11-23"};
    x->c = (Case){
        .id = "C2026000001", .samples = x->samples, .now = x->stamp.now, .offset_minutes = 480};
    fill(x);
    const Centres *centres = reference_centres(reference);
    x->paper.kind = PAPER_REFERRAL;
    x->paper.to = x->actions[0].to;
    x->paper.copy_to = x->paper.to == centres->city ? centre_find(centres, "230103") : NULL;
    x->paper.actions = x->actions;
    x->paper.due = x->actions[0].due;
    x->paper.id = "RN0000000001";
    x->paper.version = 1;
    x->input = (PaperInput){.c = &x->c,
                            .findings = &x->findings,
                            .paper = &x->paper,
                            .reference = reference,
                            .stamp = &x->stamp};
}

/* A batch of `x` and samples in every state, from two centres, with rejections. */
typedef struct BatchFixture {
    Sample samples[12];
    SampleRow rows[12];
    CaseRow cases[12];
    RejectedRow rejected[5];
    BatchView view;
} BatchFixture;

static void fixture_reject(BatchFixture *b, size_t i, const char *code, Place place,
                           const char *centre)
{
    (void)note_fail(&b->rejected[i].note, BAD_INPUT, code, place, NULL);
    b->rejected[i].centre = centre;
    b->rejected[i].sample = "S2026000777";
    b->rejected[i].case_id = "";
}

static void fixture_batch(BatchFixture *b, Fixture *x)
{
    static const char *const documents[] = {"referrals/RN0000000001-C2026000001-230100-v1.html",
                                            "referrals/RN0000000001-C2026000001-230100-v1.xml"};
    *b = (BatchFixture){.view = {.cases = b->cases,
                                 .rejected = b->rejected,
                                 .n_cases = 12,
                                 .n_rejected = 5,
                                 .reference = x->reference,
                                 .stamp = &x->stamp}};
    for (size_t i = 0; i < 12; i++) {
        const char *id = arena_print(x->arena, "S20260001%02zu", i);
        b->samples[i] = fixture_sample(id, "P2026000001", SUBJECT_WOMAN, MATERIAL_BLOOD,
                                       i % 3 ? "carrier" : "cervical");
        b->samples[i].submitter = i % 4 ? "230103" : "230102";
        b->rows[i] = (SampleRow){.sample = &b->samples[i],
                                 .state = (SampleState)(i % 5 % 4),
                                 .new_in_batch = i % 2 == 0};
        if (b->rows[i].state == STATE_NOT_INTERPRETABLE)
            (void)note_fail(&b->rows[i].note, BAD_INPUT, "file.checksum",
                            (Place){.file = "results.csv", .row = (long)i + 2}, NULL);
        b->cases[i] = (CaseRow){.case_id = arena_print(x->arena, "C20260001%02zu", i),
                                .samples = &b->rows[i],
                                .n_samples = 1};
    }
    b->rows[1].findings = x->findings.items;
    b->rows[1].n_findings = x->findings.n;
    b->cases[1].actions = x->actions;
    b->cases[1].n_actions = x->paper.n_actions;
    b->cases[1].documents = documents;
    b->cases[1].n_documents = 2;
    fixture_reject(b, 0, "id.grammar", (Place){"submission.csv", 7, "sample"}, "230103");
    fixture_reject(b, 1, "id.grammar", (Place){"submission.csv", 9, "sample"}, "230103");
    fixture_reject(b, 2, "consent.missing", (Place){"submission.csv", 11, "consent"}, "230102");
    fixture_reject(b, 3, "centre.unknown", (Place){"submission.csv", 12, "submitter"}, "");
    fixture_reject(b, 4, "result.unmatched", (Place){"results.csv", 3, "sample"}, "");
}

#endif
