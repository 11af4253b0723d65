/* The cervical assay against the shipped tables: every row of the channel logic, every situation
 * of the national plan, special groups, missing facts, rounds of two samples and history. Results
 * are written short: "16=- 18=- o=+ cyt=nilm". */
#include "lab/assays/assay.h"
#include "pipeline/release.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { MOST = 24 };

static const char *long_code(const char *code, Arena *arena)
{
    static const char *const names[][2] = {
        {"o", "hpv.other"}, {"p", "hpv.pooled"},   {"lr", "hpv.low_risk"}, {"cyt", "cytology"},
        {"vis", "visual"},  {"col", "colposcopy"}, {"his", "histology"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(code, names[i][0]) == 0) return names[i][1];
    return arena_print(arena, "hpv.%s", code);
}

static const char *long_value(const char *value)
{
    static const char *const names[][2] = {
        {"+", "positive"}, {"-", "negative"}, {"i", "invalid"}, {"f", "failed"}};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(value, names[i][0]) == 0) return names[i][1];
    return value;
}

/* "16=- cyt=nilm" -> results; "12=-" is all twelve other genotypes. */
static void add_results(Evidence *e, const char *text, Arena *arena)
{
    static const char *const twelve[] = {"31", "33", "35", "39", "45", "51",
                                         "52", "56", "58", "59", "66", "68"};
    e->results = arena_alloc(arena, MOST * sizeof *e->results);
    while (*text != '\0') {
        size_t code = strcspn(text, "="), value = strcspn(text + code + 1, " ");
        const char *c = arena_copy_n(arena, text, code),
                   *v = arena_copy_n(arena, text + code + 1, value);
        size_t n = strcmp(c, "12") == 0 ? 12 : 1;
        for (size_t i = 0; i < n; i++)
            e->results[e->n_results++] = (Result){.specimen = "",
                                                  .code = long_code(n > 1 ? twelve[i] : c, arena),
                                                  .value = long_value(v),
                                                  .unit = "",
                                                  .time = INSTANT_NONE};
        text += code + 1 + value;
        text += strspn(text, " ");
    }
}

/* "2025-06-01 c1 16=- ...; ..." -> samples, in the order written. */
static size_t add_samples(Sample *out, const char *text, Material material, const char *id,
                          Arena *arena)
{
    size_t n = 0;
    while (*text != '\0') {
        size_t length = strcspn(text, ";");
        char *one = arena_copy_n(arena, text, length);
        Sample *s = &out[n++];
        *s = (Sample){.person = "P1",
                      .id = arena_print(arena, "%s%zu", id, n),
                      .subject = SUBJECT_WOMAN,
                      .revision = 1,
                      .material = material,
                      .assay = "cervical"};
        one[10] = one[13] = '\0';
        cr_assert(instant_parse(&s->collected, one, 480), "%s", one);
        s->case_id = one + 11;
        if (s->case_id[0] == 'x') s->person = "P2"; /* another woman */
        add_results(&s->evidence, length > 14 ? one + 14 : "", arena);
        text += length;
        text += strspn(text, "; ");
    }
    return n;
}

static size_t add_facts(Fact *out, const char *text, Arena *arena)
{
    size_t n = 0;
    while (*text != '\0') {
        size_t code = strcspn(text, "="), value = strcspn(text + code + 1, " ");
        out[n++] = (Fact){.owner = SUBJECT_WOMAN,
                          .code = arena_copy_n(arena, text, code),
                          .number = NAN,
                          .unit = "",
                          .value = arena_copy_n(arena, text + code + 1, value),
                          .time = INSTANT_NONE};
        text += code + 1 + value;
        text += strspn(text, " ");
    }
    return n;
}

static const Reference *shipped(Arena *arena)
{
    Reference *r = NULL;
    Note why = {.code = ""};
    Status s = release_open(&r, "reference", false, arena, &why);
    cr_assert_eq(s, OK, "%s %s %ld %s %s", why.code, why.file, why.row, why.field, why.detail);
    return r;
}

typedef struct Setting {
    const char *now, *facts, *history; /* now: samples of case c0 */
    Material material;
} Setting;

static Findings judge(const Setting *set, const Reference *reference, Arena *arena)
{
    Case c = {.id = "c0", .offset_minutes = 480};
    Sample *now = arena_alloc(arena, MOST * sizeof *now),
           *history = arena_alloc(arena, MOST * sizeof *history);
    Fact *facts = arena_alloc(arena, MOST * sizeof *facts);
    c.n_samples =
        add_samples(now, set->now, set->material ? set->material : MATERIAL_CERVICAL, "S", arena);
    c.n_history =
        add_samples(history, set->history ? set->history : "", MATERIAL_CERVICAL, "H", arena);
    c.n_facts = add_facts(facts, set->facts ? set->facts : "birth_date=1980-05-01", arena);
    c.samples = now;
    c.history = history;
    c.facts = facts;
    Findings out = {.arena = arena};
    Note why;
    cr_assert_eq(assay_find("cervical")->interpret(&out, &c, reference, arena, &why), OK);
    return out;
}

static const Finding *find(const Findings *f, const char *code, size_t skip)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->items[i].code, code) == 0 && skip-- == 0) return &f->items[i];
    return NULL;
}

/* --- channels to states: section by section of the HPV logic -------------------- */

static const struct {
    const char *results, *detail;
    Answer answer;
    const char *item;
} channels[] = {
    {"16=+ 18=- o=-", "hpv_pos1618", ANSWER_POSITIVE, "HPV16"},
    {"16=- 18=+ o=-", "hpv_pos1618", ANSWER_POSITIVE, "HPV18"},
    {"16=+ 18=i o=i", "hpv_pos1618", ANSWER_POSITIVE, "HPV16"},
    {"16=i 18=+ o=f", "hpv_pos1618", ANSWER_POSITIVE, "HPV18"},
    {"16=+", "hpv_pos1618", ANSWER_POSITIVE, "HPV16"},
    {"16=+ 18=- o=+", "hpv_pos1618", ANSWER_POSITIVE, "HPV16"},
    {"p=- 16=+", "hpv_pos1618", ANSWER_POSITIVE, "HPV16"},
    {"16=- 18=- o=-", "hpv_negative", ANSWER_NEGATIVE, "hrHPV"},
    {"p=-", "hpv_negative", ANSWER_NEGATIVE, "hrHPV"},
    {"16=- 18=- p=-", "hpv_negative", ANSWER_NEGATIVE, "hrHPV"},
    {"16=- 18=- 12=-", "hpv_negative", ANSWER_NEGATIVE, "hrHPV"},
    {"16=- 18=- o=+", "hpv_pos_other", ANSWER_POSITIVE, "hrHPV-12"},
    {"16=- 18=- p=+", "hpv_pos_other", ANSWER_POSITIVE, "hrHPV"},
    {"16=- 18=- 52=+", "hpv_pos_other", ANSWER_POSITIVE, "HPV52"},
    {"16=- 18=- 66=+", "hpv_pos_other", ANSWER_POSITIVE, "HPV66"},
    {"16=- 18=- 31=i 58=+", "hpv_pos_other", ANSWER_POSITIVE, "HPV58"},
    {"16=i 18=- o=+", "hpv_pos_other_unresolved", ANSWER_POSITIVE, "hrHPV-12"},
    {"16=- 18=f o=+", "hpv_pos_other_unresolved", ANSWER_POSITIVE, "hrHPV-12"},
    {"16=i 18=i o=+", "hpv_pos_other_unresolved", ANSWER_POSITIVE, "hrHPV-12"},
    {"o=+", "hpv_pos_other_unresolved", ANSWER_POSITIVE, "hrHPV-12"},
    {"52=+", "hpv_pos_other_unresolved", ANSWER_POSITIVE, "HPV52"},
    {"p=+", "hpv_pos_untyped", ANSWER_POSITIVE, "hrHPV"},
    {"p=+ 16=-", "hpv_pos_untyped", ANSWER_POSITIVE, "hrHPV"},
    {"p=+ 16=i 18=- o=-", "hpv_pos_untyped", ANSWER_POSITIVE, "hrHPV"},
    {"16=i 18=- o=-", "hpv_not_negative", ANSWER_INVALID, "hrHPV"},
    {"16=- 18=f o=-", "hpv_not_negative", ANSWER_FAILED, "hrHPV"},
    {"18=- o=-", "hpv_not_negative", ANSWER_MISSING, "hrHPV"},
    {"16=i 18=i o=-", "hpv_not_negative", ANSWER_INVALID, "hrHPV"},
    {"16=- 18=- o=i", "hpv_invalid", ANSWER_INVALID, "hrHPV"},
    {"16=- 18=- o=f", "hpv_invalid", ANSWER_FAILED, "hrHPV"},
    {"16=- 18=-", "hpv_invalid", ANSWER_MISSING, "hrHPV"},
    {"16=i 18=i o=i", "hpv_invalid", ANSWER_INVALID, "hrHPV"},
    {"p=i", "hpv_invalid", ANSWER_INVALID, "hrHPV"},
    {"p=f", "hpv_invalid", ANSWER_FAILED, "hrHPV"},
    {"p=- 16=i", "hpv_invalid", ANSWER_INVALID, "hrHPV"},
    {"16=- 18=- 31=- 33=-", "hpv_invalid", ANSWER_MISSING, "hrHPV"}, /* twelve are needed */
    {"16=- 18=- 12=- 66=i", "hpv_invalid", ANSWER_INVALID,
     "hrHPV"}, /* the latest reading holds ... */
    {"16=- 18=- 12=- 66=+ 66=-", "hpv_pos_other", ANSWER_POSITIVE,
     "HPV66"}, /* ... but a positive one is never lost */
    {"16=i 18=- o=- 16=-", "hpv_negative", ANSWER_NEGATIVE, "hrHPV"}, /* retested */
    {"16=grey 18=- o=-", "hpv_not_negative", ANSWER_INVALID,
     "hrHPV"}, /* a value nobody knows is no result */
    {"16=- 18=- o=- 53=+ 6=+", "hpv_negative", ANSWER_NEGATIVE,
     "hrHPV"}, /* not among the fourteen */
    {"16=- 18=- o=- lr=+", "hpv_negative", ANSWER_NEGATIVE, "hrHPV"},
};

Test(cervical, channels_become_states)
{
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        Setting set = {.now = arena_print(arena, "2026-06-01 c0 %s", channels[i].results)};
        Findings f = judge(&set, reference, arena);
        const Finding *h = find(&f, "cervical.hpv", 0);
        cr_assert_not_null(h, "row %zu %s", i, channels[i].results);
        cr_expect_str_eq(h->detail, channels[i].detail, "row %zu %s: %s", i, channels[i].results,
                         h->detail);
        cr_expect_eq(h->answer, channels[i].answer, "row %zu: %s", i, answer_code(h->answer));
        cr_expect_str_eq(h->item, channels[i].item, "row %zu: %s", i, h->item);
        cr_expect_str_neq(h->row, "", "row %zu", i);
        const Finding *r = find(&f, "cervical.recommendation", 0);
        cr_expect(r != NULL && (r->answer == ANSWER_NEGATIVE) == (h->answer == ANSWER_NEGATIVE),
                  "row %zu", i);
    }
    arena_free(arena);
}

/* --- recommendations -------------------- */

#define NEG   "16=- 18=- o=- "
#define OTHER "16=- 18=- o=+ "
#define POS16 "16=+ 18=- o=- "
#define UNRES "16=i 18=- o=+ "
#define INV   "16=i 18=i o=i "
#define Q     ANSWER_POSITIVE
#define NO    ANSWER_NEGATIVE
#define NA    ANSWER_NOT_ASSESSED
#define BAD   ANSWER_INVALID
#define GONE  ANSWER_MISSING

static const struct {
    Setting set;
    const char *detail;
    Answer answer;
    int months;
} advice[] = {
    /* the national plan, HPV first */
    {{.now = "2026-06-01 c0 " NEG}, "routine_60mo", NO, 60},
    {{.now = "2026-06-01 c0 p=-"}, "routine_60mo", NO, 60},
    {{.now = "2026-06-01 c0 " POS16}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 16=- 18=+ o=-"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "cyt=nilm"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "cyt=unsatisfactory"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "cyt=unmatched"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER}, "cytology_triage", Q, 0},
    {{.now = "2026-06-01 c0 p=+"}, "cytology_triage", Q, 0},
    {{.now = "2026-06-01 c0 " UNRES}, "cytology_triage", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=nilm"}, "recheck_12mo", Q, 12},
    {{.now = "2026-06-01 c0 p=+ cyt=nilm"}, "recheck_12mo", Q, 12},
    {{.now = "2026-06-01 c0 " UNRES "cyt=nilm"}, "repeat_typing", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=asc_us"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 p=+ cyt=asc_us"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=lsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " UNRES "cyt=asc_h"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=unsatisfactory"}, "repeat_cytology", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=failed"}, "repeat_cytology", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=unmatched"}, "clinician_cytology_text", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=benign_endometrial"}, "clinician_endometrial", Q, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=nilm"}, "routine_60mo", NO, 60},
    {{.now = "2026-06-01 c0 " NEG "cyt=asc_us"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=lsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=hsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=agc"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=unsatisfactory"}, "repeat_cytology", BAD, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=failed"}, "repeat_cytology", ANSWER_FAILED, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=unmatched"}, "clinician_cytology_text", NA, 0},
    {{.now = "2026-06-01 c0 " NEG "cyt=benign_endometrial"},
     "clinician_endometrial",
     ANSWER_POSSIBLE,
     0},
    /* no usable HPV result */
    {{.now = "2026-06-01 c0 " INV}, "repeat_hpv", BAD, 0},
    {{.now = "2026-06-01 c0 16=i 18=- o=-"}, "repeat_hpv", BAD, 0},
    {{.now = "2026-06-01 c0 16=- 18=-"}, "repeat_hpv", BAD, 0},
    {{.now = "2026-06-01 c0 " INV "cyt=nilm"}, "repeat_hpv", BAD, 0},
    {{.now = "2026-06-01 c0 " INV "cyt=asc_us"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 p=i p=i"}, "repeat_sample", BAD, 0},
    {{.now = "2026-06-01 c0 p=i; 2026-06-05 c0 p=f"}, "repeat_sample", BAD, 0},
    {{.now = "2026-06-01 c0 p=i; 2026-06-05 c0 p=-"}, "routine_60mo", NO, 60},
    {{.now = "2026-06-01 c0 p=i", .history = "2026-03-01 c1 p=i"}, "repeat_sample", BAD, 0},
    {{.now = "2026-06-01 c0 "}, "hpv_missing", GONE, 0},
    {{.now = "2026-06-01 c0 cyt=nilm", .facts = "birth_date=1980-05-01 cervical_method=hpv"},
     "hpv_missing",
     GONE,
     0},
    {{.now = "2026-06-01 c0 ", .facts = "birth_date=1980-05-01 cervical_method=cytology"},
     "cytology_missing",
     GONE,
     0},
    {{.now = "2026-06-01 c0 lr=-"}, "hpv_missing", GONE, 0},
    {{.now = "2026-06-01 c0 53=+"}, "hpv_missing", GONE, 0},
    /* the national plan, cytology first */
    {{.now = "2026-06-01 c0 cyt=nilm"}, "routine_36mo", NO, 36},
    {{.now = "2026-06-01 c0 cyt=asc_us"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=lsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=asc_h"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=hsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=agc"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=agc_fn"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=agc_em"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=ais"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=scc"}, "colposcopy_urgent", Q, 0},
    {{.now = "2026-06-01 c0 cyt=adenocarcinoma"}, "colposcopy_urgent", Q, 0},
    {{.now = "2026-06-01 c0 cyt=other_malignant"}, "colposcopy_urgent", Q, 0},
    {{.now = "2026-06-01 c0 cyt=unsatisfactory"}, "repeat_cytology", BAD, 0},
    {{.now = "2026-06-01 c0 cyt=unsatisfactory; 2026-06-20 c0 cyt=nilm"}, "routine_36mo", NO, 36},
    {{.now = "2026-06-01 c0 cyt=unsatisfactory; 2026-06-20 c0 cyt=unsatisfactory"},
     "clinician_second_unsatisfactory",
     BAD,
     0},
    {{.now = "2026-06-01 c0 cyt=failed"}, "repeat_cytology", ANSWER_FAILED, 0},
    {{.now = "2026-06-01 c0 cyt=unmatched"}, "clinician_cytology_text", NA, 0},
    {{.now = "2026-06-01 c0 cyt=gibberish"}, "clinician_cytology_text", NA, 0},
    {{.now = "2026-06-01 c0 cyt=nilm cyt=hsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 vis=abnormal"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " NEG "vis=abnormal"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 vis=normal"}, "cytology_missing", GONE, 0},
    /* two samples of one round, whatever their order */
    {{.now = "2026-06-01 c0 " OTHER "; 2026-06-15 c0 cyt=nilm"}, "recheck_12mo", Q, 12},
    {{.now = "2026-06-15 c0 cyt=nilm; 2026-06-01 c0 " OTHER}, "recheck_12mo", Q, 12},
    {{.now = "2026-06-01 c0 " OTHER "; 2026-06-15 c0 cyt=hsil"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 " INV}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 "}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=hsil; 2026-06-15 c0 cyt=unsatisfactory"}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 " NEG},
     "clinician_open_abnormal",
     NA,
     0}, /* a second round */
    {{.now = "2025-06-01 c0 " OTHER "; 2025-06-15 c0 cyt=nilm; 2026-06-01 c0 " NEG},
     "routine_60mo",
     NO,
     60},
    {{.now = "2025-06-01 c0 " OTHER "; 2025-06-15 c0 cyt=nilm; 2026-06-01 c0 " OTHER},
     "cytology_triage",
     Q,
     0},
    {{.now = "2025-06-01 c0 " OTHER "; 2025-06-15 c0 cyt=nilm; 2026-06-01 c0 " OTHER
             "; 2026-06-09 c0 cyt=nilm"},
     "recheck_12mo_persistent",
     Q,
     12},
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=normal; 2027-06-01 c0 " NEG},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " NEG "; 2026-06-15 c0 " INV}, "repeat_hpv", BAD, 0},
    {{.now = "2025-06-01 c0 cyt=lsil; 2026-06-01 c0 cyt=nilm"}, "clinician_open_abnormal", NA, 0},
    /* a sample without a result holds back what is negative, and nothing else */
    {{.now = "2026-06-01 c0 cyt=nilm; 2026-06-01 c0 "}, "results_pending", GONE, 0},
    {{.now = "2026-06-01 c0 ; 2026-06-03 c0 " NEG}, "results_pending", GONE, 0},
    {{.now = "2026-06-01 c0 " NEG "; 2026-06-03 c0 53=+"}, "results_pending", GONE, 0},
    {{.now = "2026-06-01 c0 " NEG "; 2026-06-03 c0 ", .facts = "birth_date=1998-05-01"},
     "results_pending",
     GONE,
     0},
    {{.now = "2026-06-01 c0 " OTHER "; 2026-06-03 c0 "}, "cytology_triage", Q, 0},
    {{.now = "2026-06-01 c0 " INV "; 2026-06-03 c0 "}, "repeat_hpv", BAD, 0},
    {{.now = "2026-06-01 c0 p=f; 2026-06-03 c0 " NEG}, "routine_60mo", NO, 60},
    /* after colposcopy and histology */
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=normal"}, "recheck_12mo", Q, 12},
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=abnormal"}, "biopsy", Q, 0},
    {{.now = "2026-06-01 c0 " POS16 "; 2026-06-15 c0 col=abnormal his=normal"},
     "recheck_12mo",
     Q,
     12},
    {{.now = "2026-06-15 c0 col=abnormal his=cin1"}, "clinician_histology_low", Q, 0},
    {{.now = "2026-06-15 c0 col=abnormal his=cin2"}, "treat", Q, 0},
    {{.now = "2026-06-15 c0 his=cin3"}, "treat", Q, 0},
    {{.now = "2026-06-15 c0 his=ais"}, "treat", Q, 0},
    {{.now = "2026-06-15 c0 his=cancer"}, "treat_cancer", Q, 0},
    {{.now = "2026-06-15 c0 his=insufficient"}, "clinician_biopsy_repeat", BAD, 0},
    {{.now = "2026-06-15 c0 col=inadequate"}, "clinician_colposcopy_repeat", BAD, 0},
    {{.now = "2026-06-15 c0 his=cin3", .facts = "birth_date=1980-05-01 pregnant=yes"},
     "clinician_pregnant",
     Q,
     0},
    {{.now = "2026-06-15 c0 his=cancer", .facts = "birth_date=1980-05-01 pregnant=yes"},
     "treat_cancer",
     Q,
     0},
    {{.now = "2026-06-01 c0 col=normal; 2026-07-01 c0 " POS16},
     "colposcopy",
     Q,
     0}, /* a newer test is not overridden */
    {{.now = "2026-06-01 c0 col=normal; 2026-07-01 c0 " NEG}, "routine_60mo", NO, 60},
    {{.now = "2026-06-01 c0 his=cin3; 2026-07-01 c0 " NEG}, "clinician_prior_cin2plus", NA, 0},
    /* who the plan is written for */
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1991-06-01"},
     "routine_60mo",
     NO,
     60}, /* 35 today */
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1991-06-02"}, "clinician_age_25_34", NA, 0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1961-06-02"},
     "routine_60mo",
     NO,
     60}, /* still 64 */
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1961-06-01"},
     "clinician_age_over_64",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=2002-01-01"},
     "clinician_age_under_25",
     NA,
     0},
    {{.now = "2026-06-01 c0 " POS16, .facts = "birth_date=2002-01-01"},
     "clinician_age_under_25",
     Q,
     0},
    {{.now = "2026-06-01 c0 " OTHER, .facts = "birth_date=1998-01-01"},
     "clinician_age_25_34",
     Q,
     0},
    {{.now = "2026-06-01 c0 cyt=hsil", .facts = "birth_date=1950-01-01"},
     "clinician_age_over_64",
     Q,
     0},
    {{.now = "2026-06-01 c0 " INV, .facts = "birth_date=1998-01-01"}, "repeat_hpv", BAD, 0},
    {{.now = "2026-06-01 c0 " NEG, .facts = ""}, "facts_missing", GONE, 0},
    {{.now = "2026-06-01 c0 " POS16, .facts = ""}, "clinician_age_unknown", Q, 0},
    {{.now = "2026-06-01 c0 cyt=unmatched", .facts = ""}, "facts_missing", GONE, 0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=2027-01-01"}, "clinician_no_row", NA, 0},
    {{.now = "2026-06-01 c0 " POS16, .facts = "birth_date=1900-01-01"}, "clinician_no_row", Q, 0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 pregnant=yes"},
     "clinician_pregnant",
     NA,
     0},
    {{.now = "2026-06-01 c0 " POS16, .facts = "birth_date=1980-05-01 pregnant=yes"},
     "clinician_pregnant",
     Q,
     0},
    {{.now = "2026-06-01 c0 " INV, .facts = "birth_date=1980-05-01 pregnant=yes"},
     "repeat_hpv",
     BAD,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 pregnant=no hiv=negative"},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 hiv=positive"},
     "clinician_hiv",
     NA,
     0},
    {{.now = "2026-06-01 c0 " OTHER, .facts = "birth_date=1980-05-01 hiv=positive"},
     "clinician_hiv",
     Q,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 immunosuppressed=yes"},
     "clinician_immunosuppressed",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 prior_cin2plus=yes"},
     "clinician_prior_cin2plus",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 des_exposed=yes"},
     "clinician_des",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 hysterectomy=cervix_present"},
     "clinician_cervix_present",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 hysterectomy=cervix_removed"},
     "clinician_cervix_removed",
     NA,
     0},
    {{.now = "2026-06-01 c0 cyt=unsatisfactory",
      .facts = "birth_date=1980-05-01 hysterectomy=cervix_removed"},
     "clinician_cervix_removed",
     NA,
     0},
    {{.now = "2026-06-01 c0 " POS16, .facts = "birth_date=1980-05-01 hysterectomy=cervix_unknown"},
     "clinician_cervix_unknown",
     Q,
     0},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 hysterectomy=no"},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " NEG, .facts = "birth_date=1980-05-01 hysterectomy=maybe"},
     "clinician_no_row",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .material = MATERIAL_SELF_SAMPLED},
     "clinician_self_sampled",
     NA,
     0},
    {{.now = "2026-06-01 c0 " POS16, .material = MATERIAL_SELF_SAMPLED}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER, .material = MATERIAL_SELF_SAMPLED}, "cytology_triage", Q, 0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=nilm", .material = MATERIAL_SELF_SAMPLED},
     "repeat_cytology",
     Q,
     0},
    {{.now = "2026-06-01 c0 " INV, .material = MATERIAL_SELF_SAMPLED}, "repeat_hpv", BAD, 0},
    /* history */
    {{.now = "2026-06-01 c0 " OTHER "cyt=nilm", .history = "2025-05-01 c1 " OTHER "cyt=nilm"},
     "recheck_12mo_persistent",
     Q,
     12},
    {{.now = "2026-06-01 c0 " OTHER, .history = "2025-05-01 c1 " OTHER "cyt=nilm"},
     "cytology_triage",
     Q,
     0},
    {{.now = "2026-06-01 c0 " NEG, .history = "2025-05-01 c1 " OTHER "cyt=nilm"},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " OTHER "cyt=nilm", .history = "2021-05-01 c1 " NEG},
     "recheck_12mo",
     Q,
     12},
    {{.now = "2026-06-01 c0 cyt=nilm", .history = "2026-05-01 c1 " OTHER}, "recheck_12mo", Q, 12},
    {{.now = "2026-06-01 c0 cyt=hsil", .history = "2026-05-01 c1 " OTHER}, "colposcopy", Q, 0},
    {{.now = "2026-06-01 c0 cyt=nilm", .history = "2025-05-01 c1 " OTHER "cyt=nilm"},
     "clinician_hpv_not_repeated",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG, .history = "2025-05-01 c1 " POS16},
     "clinician_open_abnormal",
     NA,
     0},
    {{.now = "2026-06-01 c0 cyt=nilm", .history = "2025-05-01 c1 cyt=lsil"},
     "clinician_open_abnormal",
     NA,
     0},
    {{.now = "2026-06-01 c0 " OTHER "cyt=nilm", .history = "2025-05-01 c1 cyt=lsil"},
     "clinician_open_abnormal",
     Q,
     0},
    {{.now = "2026-06-01 c0 " NEG, .history = "2025-05-20 c1 col=normal; 2025-05-01 c1 " POS16},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " NEG, .history = "2025-05-20 c2 col=normal; 2025-05-01 c1 " POS16},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " NEG, .history = "2025-05-20 c2 his=cin3; 2025-05-01 c1 " POS16},
     "clinician_prior_cin2plus",
     NA,
     0},
    {{.now = "2026-06-01 c0 cyt=unsatisfactory", .history = "2026-03-01 c1 cyt=unsatisfactory"},
     "clinician_second_unsatisfactory",
     BAD,
     0},
    {{.now = "2026-06-01 c0 cyt=nilm",
      .history = "2026-03-01 c2 cyt=unsatisfactory; 2025-03-01 c1 cyt=hsil"},
     "clinician_open_abnormal",
     NA,
     0},
    {{.now = "2026-06-01 c0 cyt=nilm",
      .history = "2026-03-01 c2 cyt=unsatisfactory; 2023-03-01 c1 cyt=nilm"},
     "routine_36mo",
     NO,
     36},
    {{.now = "2026-06-01 c0 " NEG, .history = "2025-07-01 c1 " POS16 "; 2025-05-01 c1 col=normal"},
     "clinician_open_abnormal",
     NA,
     0},
    {{.now = "2026-06-01 c0 " NEG,
      .history =
          "2025-07-01 c1 cyt=unsatisfactory; 2025-06-01 c1 col=normal; 2025-05-01 c1 " POS16},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " NEG, .history = "2026-08-01 c1 " POS16}, "superseded", NA, 0},
    {{.now = "2026-06-01 c0 " NEG, .history = "2026-08-01 x1 " POS16 "; 2025-08-01 x2 " POS16},
     "routine_60mo",
     NO,
     60},
    {{.now = "2026-06-01 c0 " POS16, .history = "2026-08-01 c1 " NEG},
     "clinician_superseded",
     Q,
     0},
    {{.now = "2026-06-01 c0 " NEG, .history = "2021-05-01 c1 " NEG}, "routine_60mo", NO, 60},
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

/* --- single findings -------------------- */

Test(cervical, findings_of_one_sample)
{
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    Setting set = {.now = "2026-06-01 c0 16=+ 18=- 52=+ 53=+ 12=- cyt=lsil vis=normal"};
    Findings f = judge(&set, reference, arena);
    const Finding *a = find(&f, "cervical.hpv", 0), *b = find(&f, "cervical.hpv", 1);
    const Finding *u = find(&f, "cervical.hpv_uncounted", 0), *c = find(&f, "cervical.cytology", 0);
    cr_assert(a && b && u && c && find(&f, "cervical.visual", 0));
    cr_expect_null(find(&f, "cervical.hpv", 2));
    cr_expect_str_eq(a->item, "HPV16");
    cr_expect_str_eq(b->item, "HPV52");
    cr_expect_str_eq(u->item, "HPV53");
    cr_expect_str_eq(a->table, "cervical/types");
    cr_expect_str_eq(a->row, "hpv.16");
    cr_expect_str_eq(a->sample, "S1");
    cr_expect_eq(a->subject, SUBJECT_WOMAN);
    cr_expect_str_eq(c->detail, "cytology_lsil");
    cr_expect_str_eq(c->row, "cytology.lsil");
    cr_expect_eq(c->answer, ANSWER_POSITIVE);

    set.now = "2026-06-01 c0 16=i 18=- 52=+";
    f = judge(&set, reference, arena);
    a = find(&f, "cervical.hpv", 0);
    b = find(&f, "cervical.hpv", 1);
    cr_assert(a && b);
    cr_expect_str_eq(b->item, "HPV16/18");
    cr_expect_eq(b->answer, ANSWER_INVALID, "an unresolved 16/18 is told as such");

    set.now = "2026-06-01 c0 cyt=nilm; 2026-06-03 c0 ";
    f = judge(&set, reference, arena);
    a = find(&f, "cervical.recommendation", 0);
    cr_expect(a && strcmp(a->sample, "S1") == 0,
              "the conclusion is about the sample that has a result");

    set.now = "2026-06-01 c0 his=nonsense";
    f = judge(&set, reference, arena);
    a = find(&f, "cervical.result", 0);
    cr_assert(a && a->answer == ANSWER_NOT_ASSESSED);
    arena_free(arena);
}

static Findings judge_samples(const Sample *samples, size_t n, const Reference *reference,
                              Arena *arena)
{
    Case c = {.id = "c0", .offset_minutes = 480, .samples = samples, .n_samples = n};
    Findings out = {.arena = arena};
    cr_assert_eq(assay_find("cervical")->interpret(&out, &c, reference, arena, NULL), OK);
    return out;
}

Test(cervical, refuses_what_it_must_not_judge)
{
    static const struct {
        Subject subject;
        Material material;
        Status status;
        Answer answer;
        const char *detail;
    } rows[] = {
        {SUBJECT_PARTNER, MATERIAL_CERVICAL, OK, ANSWER_REFUSED, "cervical_subject"},
        {SUBJECT_UNKNOWN, MATERIAL_CERVICAL, OK, ANSWER_REFUSED, "cervical_subject"},
        {SUBJECT_FETUS_A, MATERIAL_AMNIOTIC, OK, ANSWER_REFUSED, "cervical_subject"},
        {SUBJECT_WOMAN, MATERIAL_BLOOD, OK, ANSWER_REFUSED, "cervical_material"},
        {SUBJECT_WOMAN, MATERIAL_UNKNOWN, OK, ANSWER_REFUSED, "cervical_material"},
        {SUBJECT_WOMAN, MATERIAL_CERVICAL, BAD_INPUT, ANSWER_REFUSED, "cervical_unreadable"},
        {SUBJECT_WOMAN, MATERIAL_CERVICAL, OK, ANSWER_MISSING, "cervical_awaiting"},
    };
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Sample s = {.id = "S1",
                    .person = "P1",
                    .case_id = "c0",
                    .assay = "cervical",
                    .subject = rows[i].subject,
                    .material = rows[i].material,
                    .evidence = {.status = rows[i].status}};
        Findings f = judge_samples(&s, 1, reference, arena);
        const Finding *r = find(&f, "cervical.result", 0);
        cr_assert_not_null(r, "row %zu", i);
        cr_expect_eq(r->answer, rows[i].answer, "row %zu", i);
        cr_expect_str_eq(r->detail, rows[i].detail, "row %zu: %s", i, r->detail);
        for (size_t k = 0; k < f.n; k++)
            cr_expect_neq(f.items[k].answer, ANSWER_NEGATIVE, "row %zu", i);
    }
    arena_free(arena);
}

/* Two women in one case are two rounds; each sample has its finding; a sample of another assay is
 * left alone. */
Test(cervical, every_sample_has_a_finding)
{
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    Sample s[4];
    cr_assert_eq(add_samples(s,
                             "2026-06-01 c0 " POS16
                             "; 2026-06-02 c0 cyt=nilm; 2026-06-03 c0 cyt=hsil; 2026-06-04 c0 ",
                             MATERIAL_CERVICAL, "S", arena),
                 4u);
    s[1].person = "P2";
    s[3].assay = "carrier";
    Findings f = judge_samples(s, 4, reference, arena);
    for (size_t i = 0; i < 4; i++) {
        size_t n = 0;
        for (size_t k = 0; k < f.n; k++)
            n += strcmp(f.items[k].sample, s[i].id) == 0;
        cr_expect_eq(n > 0, i < 3, "sample %zu: %zu", i, n);
    }
    const Finding *first = find(&f, "cervical.recommendation", 0),
                  *second = find(&f, "cervical.recommendation", 1);
    cr_assert(first && second);
    cr_expect_str_eq(first->sample, "S3");
    cr_expect_str_eq(second->sample, "S2");
    arena_free(arena);
}

/* --- policies and words -------------------- */

/* The shipped release with cells of one table changed. */
static const Reference *changed(const char *table, const char *row, const char *column,
                                const char *value, Arena *arena)
{
    const Reference *from = shipped(arena);
    Reference *r = reference_new(arena, "test", false);
    for (size_t i = 0; i < reference_size(from); i++) {
        Table *t = arena_alloc(arena, sizeof *t);
        *t = *reference_at(from, i);
        if (strcmp(t->info.name, table) == 0) {
            long at = table_find(t, row);
            int c = table_column(t, column);
            cr_assert(at >= 0 && c >= 0, "%s %s %s", table, row, column);
            const char **cells = arena_alloc(arena, t->n_rows * t->n_columns * sizeof *cells);
            memcpy(cells, t->cells, t->n_rows * t->n_columns * sizeof *cells);
            cells[(size_t)at * t->n_columns + (size_t)c] = value;
            t->cells = cells;
        }
        cr_assert_eq(reference_add(r, t, NULL), OK);
    }
    Note why = {.code = ""};
    cr_assert_eq(reference_finish(r, &why), OK, "%s %s %s", why.code, why.field, why.detail);
    return r;
}

static const struct {
    const char *table, *row, *column, *value;
    bool refused;
} policies[] = {
    {"site", "cervical_policy", "value", "national2021", false},
    {"site", "cervical_policy", "value", "asccp2019", true},
    {"site", "cervical_policy", "value", "nobody", true},
    {"site", "cervical_policy", "value", "", true},
    {"cervical/policies", "national2021", "implemented", "no", true},
    {"cervical/policies", "national2021", "chart", "cervical/absent", true},
    {"cervical/policies", "national2021", "ascus.route", "hpv_triage", true},
    {"cervical/policies", "national2021", "second_positive", "colposcopy", true},
    {"cervical/policies", "national2021", "age.range", "25-64", true},
    {"cervical/policies", "national2021", "hpv.required_types", "13", false},
    {"cervical/policies", "national2021", "hpv.required_types", "12", true},
    {"cervical/policies", "national2021", "cotest_days", "", true},
    {"cervical/policies", "national2021", "cotest_days", "one", true},
};

Test(cervical, policies_that_are_not_implemented_are_refused)
{
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        const Reference *r = changed(policies[i].table, policies[i].row, policies[i].column,
                                     policies[i].value, arena);
        Setting set = {.now = "2026-06-01 c0 " NEG};
        Findings f = judge(&set, r, arena);
        const Finding *refused = find(&f, "cervical.result", 0);
        cr_expect_eq(refused != NULL, policies[i].refused, "row %zu", i);
        if (refused != NULL)
            cr_expect(refused->answer == ANSWER_REFUSED && f.n == 1 &&
                          strcmp(refused->detail, "cervical_policy") == 0,
                      "row %zu", i);
    }
    arena_free(arena);
}

Test(cervical, required_types_are_a_switch)
{
    Arena *arena = arena_new(NULL);
    Setting set = {
        .now = "2026-06-01 c0 16=- 18=- 31=- 33=- 35=- 39=- 45=- 51=- 52=- 56=- 58=- 59=- 68=-"};
    Findings f = judge(&set, shipped(arena), arena);
    cr_expect_eq(find(&f, "cervical.hpv", 0)->answer, ANSWER_MISSING,
                 "type 66 is one of the fourteen");
    f = judge(&set, changed("cervical/policies", "national2021", "hpv.required_types", "13", arena),
              arena);
    cr_expect_eq(find(&f, "cervical.hpv", 0)->answer, ANSWER_NEGATIVE);
    arena_free(arena);
}

static void expect_word(const Reference *r, const char *kind, const char *code, Arena *arena)
{
    const char *key = arena_print(arena, "%s.%s", kind, code);
    cr_expect(reference_has_word(r, key), "no wording for %s", key);
}

/* Whatever the tables can say has words, and a row of triage that was written for it. */
Test(cervical, every_output_has_words_and_a_level)
{
    static const char *const tables[] = {"cervical/national2021", "cervical/national2021_scope",
                                         "cervical/national2021_followup"};
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Rules *triage = reference_rules(r, "triage");
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        const Table *table = reference_table(r, tables[t]);
        for (size_t i = 0; i < table->n_rows; i++) {
            const char *rec = table_get(table, i, "out:recommendation");
            if (strcmp(rec, "chart") == 0) continue;
            Decision d =
                decide(triage, (const char *const[]){"cervical.recommendation",
                                                     table_get(table, i, "out:answer"), rec});
            expect_word(r, "detail", rec, arena);
            expect_word(r, "action", decide_output(triage, d, "wording"), arena);
            cr_expect_str_neq(decide_output(triage, d, "wording"), "clinician", "%s %s", tables[t],
                              rec);
            bool negative = strcmp(table_get(table, i, "out:answer"), "negative") == 0;
            bool quiet =
                negative || strcmp(rec, "superseded") == 0 || strcmp(rec, "results_pending") == 0;
            cr_expect_eq(decide_output(triage, d, "level")[0] == '0', quiet, "%s %s", tables[t],
                         rec);
        }
    }
    const Table *classes = reference_table(r, "cervical/classes"),
                *states = reference_table(r, "cervical/hpv_state");
    for (size_t i = 0; i < classes->n_rows; i++)
        expect_word(r, "detail", table_get(classes, i, "detail"), arena);
    for (size_t i = 0; i < states->n_rows; i++)
        expect_word(r, "detail", table_get(states, i, "out:detail"), arena);
    arena_free(arena);
}

/* Every result code that the assay reads may be reported, and every code that may be reported for
 * it is read. */
Test(cervical, results_and_types_agree)
{
    Arena *arena = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Table *results = reference_table(r, "results"),
                *types = reference_table(r, "cervical/types");
    const Table *classes = reference_table(r, "cervical/classes"),
                *terms = reference_table(r, "cervical/terms");
    for (size_t i = 0; i < types->n_rows; i++)
        cr_expect_geq(table_find(results, table_cell(types, i, 0)), 0, "%s",
                      table_cell(types, i, 0));
    for (size_t i = 0; i < classes->n_rows; i++) {
        long row = table_find(results, table_get(classes, i, "test"));
        cr_assert_geq(row, 0);
        const char *values = arena_print(arena, "|%s|", table_get(results, (size_t)row, "values"));
        const char *value = arena_print(arena, "|%s|", table_get(classes, i, "value"));
        cr_expect_not_null(strstr(values, value), "%s", table_cell(classes, i, 0));
    }
    for (size_t i = 0; i < terms->n_rows; i++) {
        const char *code = table_get(terms, i, "result_code");
        cr_expect(code[0] == '\0' || strcmp(code, "remark") == 0 || table_find(results, code) >= 0,
                  "%s", code);
    }
    arena_free(arena);
}

/* --- safety over the whole product, stated apart from the rows -------------------- */

static const char *const HPV_STATES[] = {
    "",         "pos1618",      "pos_other", "pos_other_unresolved", "pos_untyped",
    "negative", "not_negative", "invalid",   "invalid_again",        "missing"};
static const char *const CYTOLOGIES[] = {"",
                                         "nilm",
                                         "asc_us",
                                         "lsil",
                                         "asc_h",
                                         "hsil",
                                         "agc",
                                         "agc_fn",
                                         "agc_em",
                                         "ais",
                                         "scc",
                                         "adenocarcinoma",
                                         "other_malignant",
                                         "benign_endometrial",
                                         "unsatisfactory",
                                         "failed",
                                         "unmatched"};
static const char *const VISUALS[] = {"", "normal", "abnormal"};
static const char *const PREVIOUS[] = {
    "none",           "negative", "hpv_positive_normal", "hpv_positive_untriaged", "abnormal_open",
    "unsatisfactory", "invalid"};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void check_chart(const Rules *chart, const char *const values[4])
{
    Decision d = decide(chart, values);
    cr_assert(d.row >= 0);
    const char *rec = decide_output(chart, d, "recommendation"),
               *answer = decide_output(chart, d, "answer");
    const char *hpv = values[0], *cytology = values[1], *months = decide_output(chart, d, "months");
    size_t grade = 0;
    while (strcmp(CYTOLOGIES[grade], cytology) != 0)
        grade++;
    bool abnormal = (grade >= 2 && grade <= 12) || strcmp(hpv, "pos1618") == 0 ||
                    strcmp(values[2], "abnormal") == 0;
    bool clean = (strcmp(hpv, "negative") == 0 && grade <= 1) || (hpv[0] == '\0' && grade == 1);
    const char *what = decide_row(chart, d);
    cr_expect_eq(strncmp(rec, "colposcopy", 10) == 0, abnormal,
                 "%s: abnormal goes to colposcopy, and only that", what);
    if (strcmp(answer, "negative") == 0)
        cr_expect(clean && !abnormal && strcmp(values[3], "abnormal_open") != 0,
                  "%s: negative needs a negative test", what);
    cr_expect_eq(strncmp(rec, "routine", 7) == 0, strcmp(answer, "negative") == 0,
                 "%s: routine is negative", what);
    if (strncmp(hpv, "pos", 3) == 0)
        cr_expect_str_eq(answer, "positive", "%s: a positive HPV test is never lost", what);
    if (months[0] != '\0' && strncmp(rec, "routine", 7) != 0)
        cr_expect_str_eq(months, "12", "%s", what);
}

Test(cervical, chart_is_safe_everywhere)
{
    Arena *arena = arena_new(NULL);
    const Rules *chart = reference_rules(shipped(arena), "cervical/national2021");
    for (size_t h = 0; h < COUNT(HPV_STATES); h++)
        for (size_t c = 0; c < COUNT(CYTOLOGIES); c++)
            for (size_t v = 0; v < COUNT(VISUALS); v++)
                for (size_t p = 0; p < COUNT(PREVIOUS); p++)
                    check_chart(chart, (const char *const[]){HPV_STATES[h], CYTOLOGIES[c],
                                                             VISUALS[v], PREVIOUS[p]});
    arena_free(arena);
}

static void check_channels(const Rules *rules, const char *const v[4])
{
    const char *state = decide_output(rules, decide(rules, v), "state");
    size_t pos = 0, neg = 0, inv = 0;
    for (size_t i = 0; i < 4; i++) {
        pos += strcmp(v[i], "pos") == 0;
        neg += strcmp(v[i], "neg") == 0;
        inv += strcmp(v[i], "inv") == 0;
    }
    bool typed = strcmp(v[0], "pos") == 0 || strcmp(v[1], "pos") == 0;
    bool whole = strcmp(v[3], "neg") == 0 ||
                 (strcmp(v[0], "neg") == 0 && strcmp(v[1], "neg") == 0 && strcmp(v[2], "neg") == 0);
    cr_expect_eq(strcmp(state, "pos1618") == 0, typed, "%s %s %s %s: %s", v[0], v[1], v[2], v[3],
                 state);
    cr_expect_eq(strncmp(state, "pos", 3) == 0, pos > 0, "%s %s %s %s: %s", v[0], v[1], v[2], v[3],
                 state);
    cr_expect_eq(strcmp(state, "missing") == 0, pos + neg + inv == 0, "%s", state);
    if (strcmp(state, "negative") == 0)
        cr_expect(pos == 0 && inv == 0 && whole, "%s %s %s %s: %s", v[0], v[1], v[2], v[3], state);
    if (strcmp(state, "pos_other") == 0)
        cr_expect(strcmp(v[0], "neg") == 0 && strcmp(v[1], "neg") == 0,
                  "%s %s: 16/18 must be negative", v[0], v[1]);
}

Test(cervical, channel_logic_is_safe_everywhere)
{
    static const char *const values[] = {"", "neg", "pos", "inv"};
    Arena *arena = arena_new(NULL);
    const Rules *rules = reference_rules(shipped(arena), "cervical/hpv_state");
    for (size_t i = 0; i < 256; i++)
        check_channels(rules, (const char *const[]){values[i & 3], values[i >> 2 & 3],
                                                    values[i >> 4 & 3], values[i >> 6]});
    arena_free(arena);
}

/* The chart speaks for women of 35 to 64 of average risk; for others only where it asks for a
 * repeat. */
static void check_scope(const Rules *scope, const char *const v[5], bool average, bool aged)
{
    Decision d = decide(scope, v);
    cr_assert(d.row >= 0);
    const char *rec = decide_output(scope, d, "recommendation"),
               *answer = decide_output(scope, d, "answer");
    bool chart = strcmp(rec, "chart") == 0, abnormal = strcmp(v[4], "positive") == 0;
    bool repeat =
        strcmp(v[4], "invalid") == 0 || strcmp(v[4], "failed") == 0 || strcmp(v[4], "missing") == 0;
    cr_expect(!chart || (average && aged) || repeat, "%s", decide_row(scope, d));
    cr_expect(!chart || strcmp(v[3], "no") == 0, "%s: a newer test decides", decide_row(scope, d));
    cr_expect(chart || strcmp(answer, "negative") != 0, "%s: outside the scope nothing is negative",
              decide_row(scope, d));
    cr_expect(chart || !abnormal || strcmp(answer, "positive") == 0, "%s: abnormal stays abnormal",
              decide_row(scope, d));
}

Test(cervical, scope_is_safe_everywhere)
{
    static const char *const specials[] = {"none",
                                           "pregnant",
                                           "hiv",
                                           "immunosuppressed",
                                           "prior_cin2plus",
                                           "des",
                                           "cervix_present",
                                           "cervix_removed",
                                           "cervix_unknown"};
    static const char *const ages[] = {"", "0", "24", "25", "34", "35", "64", "65", "120"};
    static const char *const materials[] = {"cervical_cells", "self_sampled"}, *const newer[] = {
                                                                                   "no", "yes"};
    Arena *arena = arena_new(NULL);
    const Rules *scope = reference_rules(shipped(arena), "cervical/national2021_scope");
    for (size_t s = 0; s < COUNT(specials); s++)
        for (size_t a = 0; a < COUNT(ages); a++)
            for (size_t i = 0; i < 4; i++)
                for (Answer answer = 0; answer < ANSWER_REFUSED; answer++) {
                    const char *v[] = {specials[s], ages[a], materials[i & 1], newer[i >> 1],
                                       answer_code(answer)};
                    check_scope(scope, v, s == 0, a == 5 || a == 6);
                }
    arena_free(arena);
}

/* The time of measurement decides, not the order of arrival; a positive reading always holds. */
Test(cervical, the_latest_reading_holds)
{
    static const struct {
        const char *first, *second;
        Instant t1, t2;
        Answer answer;
    } rows[] = {
        {"invalid", "negative", 200, 100, ANSWER_INVALID},
        {"invalid", "negative", 100, 200, ANSWER_NEGATIVE},
        {"negative", "invalid", 200, 100, ANSWER_NEGATIVE},
        {"negative", "invalid", 100, 200, ANSWER_INVALID},
        {"negative", "positive", 200, 100, ANSWER_POSITIVE},
        {"positive", "negative", 100, 200, ANSWER_POSITIVE},
        {"invalid", "negative", INSTANT_NONE, INSTANT_NONE, ANSWER_NEGATIVE},
    };
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Result results[] = {{.specimen = "",
                             .code = "hpv.pooled",
                             .value = rows[i].first,
                             .unit = "",
                             .time = rows[i].t1},
                            {.specimen = "",
                             .code = "hpv.pooled",
                             .value = rows[i].second,
                             .unit = "",
                             .time = rows[i].t2}};
        Sample s = {.id = "S1",
                    .person = "P1",
                    .case_id = "c0",
                    .assay = "cervical",
                    .subject = SUBJECT_WOMAN,
                    .material = MATERIAL_CERVICAL,
                    .evidence = {.results = results, .n_results = 2}};
        Findings f = judge_samples(&s, 1, reference, arena);
        cr_expect_eq(find(&f, "cervical.hpv", 0)->answer, rows[i].answer, "row %zu", i);
    }
    arena_free(arena);
}
