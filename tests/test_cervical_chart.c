/* What a woman is advised: each situation of the national plan, special groups, missing facts, rounds
 * of several samples, history. */
#include "cervical_fixture.h"

/* --- recommendations -------------------- */

#define Q    ANSWER_POSITIVE
#define NO   ANSWER_NEGATIVE
#define NA   ANSWER_NOT_ASSESSED
#define BAD  ANSWER_INVALID
#define FAIL ANSWER_FAILED
#define GONE ANSWER_MISSING

/* What came in, what is advised, its answer and months; then .facts, .history, .material. */
#define ROW(results, what, says, mo, ...)                                                          \
    {                                                                                              \
        .set = {.now = results, __VA_ARGS__}, .detail = what, .answer = says, .months = mo         \
    }

static const struct {
    Setting set;
    const char *detail;
    Answer answer;
    int months;
} advice[] = {
    /* the national plan, HPV first */
    ROW(NEG, "routine_60mo", NO, 60),
    ROW("p=-", "routine_60mo", NO, 60),
    ROW(POS16, "colposcopy", Q, 0),
    ROW("16=- 18=+ o=-", "colposcopy", Q, 0),
    ROW(POS16 "cyt=nilm", "colposcopy", Q, 0),
    ROW(POS16 "cyt=unsatisfactory", "colposcopy", Q, 0),
    ROW(POS16 "cyt=unmatched", "colposcopy", Q, 0),
    ROW(OTHER, "cytology_triage", Q, 0),
    ROW("p=+", "cytology_triage", Q, 0),
    ROW(UNRES, "cytology_triage", Q, 0),
    ROW(OTHER "cyt=nilm", "recheck_12mo", Q, 12),
    ROW("p=+ cyt=nilm", "recheck_12mo", Q, 12),
    ROW(UNRES "cyt=nilm", "repeat_typing", Q, 0),
    ROW(OTHER "cyt=asc_us", "colposcopy", Q, 0),
    ROW("p=+ cyt=asc_us", "colposcopy", Q, 0),
    ROW(OTHER "cyt=lsil", "colposcopy", Q, 0),
    ROW(UNRES "cyt=asc_h", "colposcopy", Q, 0),
    ROW(OTHER "cyt=unsatisfactory", "repeat_cytology", Q, 0),
    ROW(OTHER "cyt=failed", "repeat_cytology", Q, 0),
    ROW(OTHER "cyt=unmatched", "clinician_cytology_text", Q, 0),
    ROW(OTHER "cyt=benign_endometrial", "clinician_endometrial", Q, 0),
    ROW(NEG "cyt=nilm", "routine_60mo", NO, 60),
    ROW(NEG "cyt=asc_us", "colposcopy", Q, 0),
    ROW(NEG "cyt=lsil", "colposcopy", Q, 0),
    ROW(NEG "cyt=hsil", "colposcopy", Q, 0),
    ROW(NEG "cyt=agc", "colposcopy", Q, 0),
    ROW(NEG "cyt=unsatisfactory", "repeat_cytology", BAD, 0),
    ROW(NEG "cyt=failed", "repeat_cytology", FAIL, 0),
    ROW(NEG "cyt=unmatched", "clinician_cytology_text", NA, 0),
    ROW(NEG "cyt=benign_endometrial", "clinician_endometrial", ANSWER_POSSIBLE, 0),
    /* no usable HPV result */
    ROW(INV, "repeat_hpv", BAD, 0),
    ROW("16=i 18=- o=-", "repeat_hpv", BAD, 0),
    ROW("16=- 18=-", "repeat_hpv", BAD, 0),
    ROW(INV "cyt=nilm", "repeat_hpv", BAD, 0),
    ROW(INV "cyt=asc_us", "colposcopy", Q, 0),
    ROW("p=i p=i", "repeat_sample", BAD, 0),
    ROW("2026-06-01 c0 p=i; 2026-06-05 c0 p=f", "repeat_sample", BAD, 0),
    ROW("2026-06-01 c0 p=i; 2026-06-05 c0 p=-", "routine_60mo", NO, 60),
    ROW("p=i", "repeat_sample", BAD, 0, .history = "2026-03-01 c1 p=i"),
    ROW("", "hpv_missing", GONE, 0),
    ROW("cyt=nilm", "hpv_missing", GONE, 0, .facts = "birth_date=1980-05-01 cervical_method=hpv"),
    ROW("", "cytology_missing", GONE, 0, .facts = "birth_date=1980-05-01 cervical_method=cytology"),
    ROW(NEG, "results_pending", GONE, 0, .facts = "birth_date=1980-05-01 cervical_method=cytology"),
    ROW("lr=-", "hpv_missing", GONE, 0),
    ROW("53=+", "hpv_missing", GONE, 0),
    /* the national plan, cytology first */
    ROW("cyt=nilm", "routine_36mo", NO, 36),
    ROW("cyt=asc_us", "colposcopy", Q, 0),
    ROW("cyt=lsil", "colposcopy", Q, 0),
    ROW("cyt=asc_h", "colposcopy", Q, 0),
    ROW("cyt=hsil", "colposcopy", Q, 0),
    ROW("cyt=agc", "colposcopy", Q, 0),
    ROW("cyt=agc_fn", "colposcopy", Q, 0),
    ROW("cyt=agc_em", "colposcopy", Q, 0),
    ROW("cyt=ais", "colposcopy", Q, 0),
    ROW("cyt=scc", "colposcopy_urgent", Q, 0),
    ROW("cyt=adenocarcinoma", "colposcopy_urgent", Q, 0),
    ROW("cyt=other_malignant", "colposcopy_urgent", Q, 0),
    ROW("cyt=unsatisfactory", "repeat_cytology", BAD, 0),
    ROW("2026-06-01 c0 cyt=unsatisfactory; 2026-06-20 c0 cyt=nilm", "routine_36mo", NO, 36),
    ROW("2026-06-01 c0 cyt=unsatisfactory; 2026-06-20 c0 cyt=unsatisfactory",
        "clinician_second_unsatisfactory", BAD, 0),
    ROW("cyt=failed", "repeat_cytology", FAIL, 0),
    ROW("cyt=unmatched", "clinician_cytology_text", NA, 0),
    ROW("cyt=gibberish", "clinician_cytology_text", NA, 0),
    ROW("cyt=nilm cyt=hsil", "colposcopy", Q, 0),
    ROW("vis=abnormal", "colposcopy", Q, 0),
    ROW(NEG "vis=abnormal", "colposcopy", Q, 0),
    ROW("vis=normal", "cytology_missing", GONE, 0),
    /* two samples of one round, whatever their order */
    ROW("2026-06-01 c0 " OTHER "; 2026-06-15 c0 cyt=nilm", "recheck_12mo", Q, 12),
    ROW("2026-06-15 c0 cyt=nilm; 2026-06-01 c0 " OTHER, "recheck_12mo", Q, 12),
    ROW("2026-06-01 c0 " OTHER "; 2026-06-15 c0 cyt=hsil", "colposcopy", Q, 0),
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 " INV, "colposcopy", Q, 0),
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 ", "colposcopy", Q, 0),
    ROW("2026-06-01 c0 cyt=hsil; 2026-06-15 c0 cyt=unsatisfactory", "colposcopy", Q, 0),
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 " NEG, "clinician_open_abnormal", NA, 0),
    /* a second round */
    ROW("2025-06-01 c0 " OTHER "; 2025-06-15 c0 cyt=nilm; 2026-06-01 c0 " NEG, "routine_60mo", NO,
        60),
    ROW("2025-06-01 c0 " OTHER "; 2025-06-15 c0 cyt=nilm; 2026-06-01 c0 " OTHER, "cytology_triage",
        Q, 0),
    ROW("2025-06-01 c0 " OTHER "; 2025-06-15 c0 cyt=nilm; 2026-06-01 c0 " OTHER
        "; 2026-06-09 c0 cyt=nilm",
        "recheck_12mo_persistent", Q, 12),
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=normal; 2027-06-01 c0 " NEG, "routine_60mo", NO,
        60),
    ROW("2026-06-01 c0 " NEG "; 2026-06-15 c0 " INV, "repeat_hpv", BAD, 0),
    ROW("2025-06-01 c0 cyt=lsil; 2026-06-01 c0 cyt=nilm", "clinician_open_abnormal", NA, 0),
    /* a sample without a result holds back what is negative, and nothing else */
    ROW("2026-06-01 c0 cyt=nilm; 2026-06-01 c0 ", "results_pending", GONE, 0),
    ROW("2026-06-01 c0 ; 2026-06-03 c0 " NEG, "results_pending", GONE, 0),
    ROW("2026-06-01 c0 " NEG "; 2026-06-03 c0 53=+", "results_pending", GONE, 0),
    ROW("2026-06-01 c0 " NEG "; 2026-06-03 c0 ", "results_pending", GONE, 0,
        .facts = "birth_date=1998-05-01"),
    ROW("2026-06-01 c0 " OTHER "; 2026-06-03 c0 ", "cytology_triage", Q, 0),
    ROW("2026-06-01 c0 " INV "; 2026-06-03 c0 ", "repeat_hpv", BAD, 0),
    ROW("2026-06-01 c0 p=f; 2026-06-03 c0 " NEG, "routine_60mo", NO, 60),
    /* after colposcopy and histology */
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=normal", "recheck_12mo", Q, 12),
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=abnormal", "biopsy", Q, 0),
    ROW("2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=abnormal his=normal", "recheck_12mo", Q, 12),
    ROW("2026-06-15 c0 col=abnormal his=cin1", "clinician_histology_low", Q, 0),
    ROW("2026-06-15 c0 col=abnormal his=cin2", "treat", Q, 0),
    ROW("2026-06-15 c0 his=cin3", "treat", Q, 0),
    ROW("2026-06-15 c0 his=ais", "treat", Q, 0),
    ROW("2026-06-15 c0 his=cancer", "treat_cancer", Q, 0),
    ROW("2026-06-15 c0 his=insufficient", "clinician_biopsy_repeat", BAD, 0),
    ROW("2026-06-15 c0 col=inadequate", "clinician_colposcopy_repeat", BAD, 0),
    ROW("2026-06-15 c0 his=cin3", "clinician_pregnant", Q, 0,
        .facts = "birth_date=1980-05-01 pregnant=yes"),
    ROW("2026-06-15 c0 his=cancer", "treat_cancer", Q, 0,
        .facts = "birth_date=1980-05-01 pregnant=yes"),
    ROW("2026-06-01 c0 col=normal; 2026-07-01 c0 " POS16, "colposcopy", Q, 0),
    /* a newer test is not overridden */
    ROW("2026-06-01 c0 col=normal; 2026-07-01 c0 " NEG, "routine_60mo", NO, 60),
    ROW("2026-06-01 c0 his=cin3; 2026-07-01 c0 " NEG, "clinician_prior_cin2plus", NA, 0),
    /* who the plan is written for */
    ROW(NEG, "routine_60mo", NO, 60, .facts = "birth_date=1991-06-01"),
    /* 35 today */
    ROW(NEG, "clinician_age_25_34", NA, 0, .facts = "birth_date=1991-06-02"),
    ROW(NEG, "routine_60mo", NO, 60, .facts = "birth_date=1961-06-02"),
    /* still 64 */
    ROW(NEG, "clinician_age_over_64", NA, 0, .facts = "birth_date=1961-06-01"),
    ROW(NEG, "clinician_age_under_25", NA, 0, .facts = "birth_date=2002-01-01"),
    ROW(POS16, "clinician_age_under_25", Q, 0, .facts = "birth_date=2002-01-01"),
    ROW(OTHER, "clinician_age_25_34", Q, 0, .facts = "birth_date=1998-01-01"),
    ROW("cyt=hsil", "clinician_age_over_64", Q, 0, .facts = "birth_date=1950-01-01"),
    ROW(INV, "repeat_hpv", BAD, 0, .facts = "birth_date=1998-01-01"),
    ROW(NEG, "facts_missing", GONE, 0, .facts = ""),
    ROW(INV, "repeat_hpv", BAD, 0, .facts = ""),
    ROW(POS16, "clinician_age_unknown", Q, 0, .facts = ""),
    ROW("cyt=unmatched", "facts_missing", GONE, 0, .facts = ""),
    ROW(NEG, "clinician_no_row", NA, 0, .facts = "birth_date=2027-01-01"),
    ROW(POS16, "clinician_no_row", Q, 0, .facts = "birth_date=1900-01-01"),
    ROW(NEG, "clinician_pregnant", NA, 0, .facts = "birth_date=1980-05-01 pregnant=yes"),
    ROW(POS16, "clinician_pregnant", Q, 0, .facts = "birth_date=1980-05-01 pregnant=yes"),
    ROW(INV, "repeat_hpv", BAD, 0, .facts = "birth_date=1980-05-01 pregnant=yes"),
    ROW(NEG, "routine_60mo", NO, 60, .facts = "birth_date=1980-05-01 pregnant=no hiv=negative"),
    ROW(NEG, "clinician_hiv", NA, 0, .facts = "birth_date=1980-05-01 hiv=positive"),
    ROW(OTHER, "clinician_hiv", Q, 0, .facts = "birth_date=1980-05-01 hiv=positive"),
    ROW(NEG, "clinician_immunosuppressed", NA, 0,
        .facts = "birth_date=1980-05-01 immunosuppressed=yes"),
    ROW(NEG, "clinician_prior_cin2plus", NA, 0,
        .facts = "birth_date=1980-05-01 prior_cin2plus=yes"),
    ROW(NEG, "clinician_des", NA, 0, .facts = "birth_date=1980-05-01 des_exposed=yes"),
    ROW(NEG, "clinician_cervix_present", NA, 0,
        .facts = "birth_date=1980-05-01 hysterectomy=cervix_present"),
    ROW(NEG, "clinician_cervix_removed", NA, 0,
        .facts = "birth_date=1980-05-01 hysterectomy=cervix_removed"),
    ROW("cyt=unsatisfactory", "clinician_cervix_removed", NA, 0,
        .facts = "birth_date=1980-05-01 hysterectomy=cervix_removed"),
    ROW(POS16, "clinician_cervix_unknown", Q, 0,
        .facts = "birth_date=1980-05-01 hysterectomy=cervix_unknown"),
    ROW(NEG, "routine_60mo", NO, 60, .facts = "birth_date=1980-05-01 hysterectomy=no"),
    ROW(NEG, "clinician_no_row", NA, 0, .facts = "birth_date=1980-05-01 hysterectomy=maybe"),
    ROW(NEG, "clinician_self_sampled", NA, 0, .material = MATERIAL_SELF_SAMPLED),
    ROW(POS16, "colposcopy", Q, 0, .material = MATERIAL_SELF_SAMPLED),
    ROW(OTHER, "cytology_triage", Q, 0, .material = MATERIAL_SELF_SAMPLED),
    ROW(OTHER "cyt=nilm", "repeat_cytology", Q, 0, .material = MATERIAL_SELF_SAMPLED),
    ROW(INV, "repeat_hpv", BAD, 0, .material = MATERIAL_SELF_SAMPLED),
    /* history */
    ROW(OTHER "cyt=nilm", "recheck_12mo_persistent", Q, 12,
        .history = "2025-05-01 c1 " OTHER "cyt=nilm"),
    ROW(OTHER, "cytology_triage", Q, 0, .history = "2025-05-01 c1 " OTHER "cyt=nilm"),
    ROW(NEG, "routine_60mo", NO, 60, .history = "2025-05-01 c1 " OTHER "cyt=nilm"),
    ROW(OTHER "cyt=nilm", "recheck_12mo", Q, 12, .history = "2021-05-01 c1 " NEG),
    ROW("cyt=nilm", "recheck_12mo", Q, 12, .history = "2026-05-01 c1 " OTHER),
    ROW("cyt=hsil", "colposcopy", Q, 0, .history = "2026-05-01 c1 " OTHER),
    ROW("cyt=nilm", "clinician_hpv_not_repeated", NA, 0,
        .history = "2025-05-01 c1 " OTHER "cyt=nilm"),
    ROW(NEG, "clinician_open_abnormal", NA, 0, .history = "2025-05-01 c1 " POS16),
    ROW("cyt=nilm", "clinician_open_abnormal", NA, 0, .history = "2025-05-01 c1 cyt=lsil"),
    ROW(OTHER "cyt=nilm", "clinician_open_abnormal", Q, 0, .history = "2025-05-01 c1 cyt=lsil"),
    ROW(NEG, "routine_60mo", NO, 60, .history = "2025-05-20 c1 col=normal; 2025-05-01 c1 " POS16),
    ROW(NEG, "routine_60mo", NO, 60, .history = "2025-05-20 c2 col=normal; 2025-05-01 c1 " POS16),
    ROW(NEG, "clinician_prior_cin2plus", NA, 0,
        .history = "2025-05-20 c2 his=cin3; 2025-05-01 c1 " POS16),
    ROW("cyt=unsatisfactory", "clinician_second_unsatisfactory", BAD, 0,
        .history = "2026-03-01 c1 cyt=unsatisfactory"),
    ROW("cyt=nilm", "clinician_open_abnormal", NA, 0,
        .history = "2026-03-01 c2 cyt=unsatisfactory; 2025-03-01 c1 cyt=hsil"),
    ROW("cyt=nilm", "routine_36mo", NO, 36,
        .history = "2026-03-01 c2 cyt=unsatisfactory; 2023-03-01 c1 cyt=nilm"),
    ROW(NEG, "clinician_open_abnormal", NA, 0,
        .history = "2025-07-01 c1 " POS16 "; 2025-05-01 c1 col=normal"),
    ROW(NEG, "routine_60mo", NO, 60,
        .history =
            "2025-07-01 c1 cyt=unsatisfactory; 2025-06-01 c1 col=normal; 2025-05-01 c1 " POS16),
    ROW(NEG, "superseded", NA, 0, .history = "2026-08-01 c1 " POS16),
    ROW(NEG, "routine_60mo", NO, 60, .history = "2026-08-01 x1 " POS16 "; 2025-08-01 x2 " POS16),
    ROW(POS16, "clinician_superseded", Q, 0, .history = "2026-08-01 c1 " NEG),
    ROW(NEG, "routine_60mo", NO, 60, .history = "2021-05-01 c1 " NEG),
};

Test(cervical, recommendations)
{
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) {
        Findings f = judge(&advice[i].set, reference, arena);
        const Finding *r = find(&f, "cervical.recommendation", 0);
        cr_assert_not_null(r, "row %zu %s", i, advice[i].set.now);
        cr_expect_null(find(&f, "cervical.recommendation", 1), "row %zu", i);
        cr_expect_str_eq(r->detail, advice[i].detail, "row %zu %s: %s", i, advice[i].set.now,
                         r->detail);
        cr_expect_eq(r->answer, advice[i].answer, "row %zu %s: %s", i, advice[i].set.now,
                     answer_code(r->answer));
        cr_expect_eq(r->has_value, advice[i].months > 0, "row %zu", i);
        cr_expect_eq((int)r->value, advice[i].months, "row %zu", i);
        cr_expect_str_eq(r->item, "NHC 2021-635", "row %zu", i);
        cr_expect(strncmp(r->table, "cervical/national2021", 21) == 0 && r->version[0] != '\0',
                  "row %zu", i);
        cr_expect_eq(r->row[0] == '\0', strcmp(r->detail, "clinician_no_row") == 0, "row %zu", i);
    }
    arena_free(arena);
}
