/* Cervical screening: HPV genotypes, Bethesda cytology and what followed become one
 * recommendation, by a guideline's own tables.
 *
 * Method. Results become states (cervical_screen.c), samples become rounds (cervical_round.c), and
 * the guideline is a chain of decision tables that the table engine has proven complete: `chart`
 * says what the results ask for, the most severe of HPV, cytology and visual inspection first;
 * `scope` says for whom the chart was written, and sends everybody else to a clinician; `followup`
 * speaks after colposcopy and histology. Which guideline is a row of cervical/policies.tsv; where
 * guidelines contradict each other the option is a named switch of that row, and an option that no
 * table carries out is refused. In force: national cervical cancer screening work plan, NHC
 * 国卫办妇幼函〔2021〕635号.
 *
 * Refused: material that is not from the cervix or a self-sample, subjects other than the woman,
 * evidence that could not be read, a policy that is unknown or not implemented. What is invalid,
 * failed, unsatisfactory or missing is never negative; what no row covers goes to a clinician. */
#include "assay.h"
#include "cervical_guideline.h"

#include <string.h>

typedef struct Desk {
    Findings *out;
    const Case *c;
    const CervicalModels *models;
    const Centres *centres;
    const CervicalModel *model; /* of the woman who is judged */
    Arena *arena;
} Desk;

/* --- findings -------------------- */

static Finding finding_of(const Sample *sample, const char *code, Answer answer, const char *detail)
{
    return (Finding){.sample = sample->id,
                     .assay = "cervical",
                     .subject = sample->subject,
                     .fetal = sample->fetal,
                     .code = code,
                     .answer = answer,
                     .detail = detail};
}

static bool same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void rest_on(Finding *f, const Table *table, long row)
{
    f->table = table->info.name;
    f->version = table->info.version;
    f->unverified = strcmp(table->info.status, "unverified") == 0;
    if (row < 0) return;
    f->row = table_cell(table, (size_t)row, 0);
    f->unverified = f->unverified || same(table_get(table, (size_t)row, "verified"), "no");
    f->example = table->examples[row];
}

static void tell_types(const Desk *desk, const Screen *s, const char *detail)
{
    for (size_t i = 0; i < desk->model->n_types; i++) {
        const HpvType *t = &desk->model->types[i];
        if (!s->types[i].given || s->types[i].answer != ANSWER_POSITIVE) continue;
        bool counted = t->channel != CHANNEL_NONE;
        Finding f = finding_of(s->sample, counted ? "cervical.hpv" : "cervical.hpv_uncounted",
                               ANSWER_POSITIVE, counted ? detail : "hpv_uncounted");
        f.item = t->item;
        rest_on(&f, desk->model->types_table, (long)i);
        finding_add(desk->out, f);
    }
}

static void tell_hpv(const Desk *desk, const Screen *s)
{
    const CervicalModel *m = desk->model;
    const char *detail = decide_output(m->hpv_state, s->hpv, "detail");
    bool unresolved = strcmp(s->value[TEST_HPV], "pos_other_unresolved") == 0;
    tell_types(desk, s, detail);
    if (s->value[TEST_HPV][0] == '\0' || (s->answer[TEST_HPV] == ANSWER_POSITIVE && !unresolved))
        return;
    Finding f = finding_of(s->sample, "cervical.hpv",
                           unresolved ? ANSWER_INVALID : s->answer[TEST_HPV], detail);
    f.item = unresolved ? "HPV16/18" : "hrHPV";
    rest_on(&f, decide_table(m->hpv_state), s->hpv.row);
    finding_add(desk->out, f);
}

static void tell_class(const Desk *desk, const Screen *s, Test test)
{
    static const char *const codes[TESTS] = {
        [TEST_CYTOLOGY] = "cervical.cytology",     [TEST_VISUAL] = "cervical.visual",
        [TEST_COLPOSCOPY] = "cervical.colposcopy", [TEST_HISTOLOGY] = "cervical.histology",
        [TEST_TREATMENT] = "cervical.treatment",
    };
    const ResultClass *k = s->classes[test];
    if (k == NULL) return;
    Finding f = finding_of(s->sample, codes[test], k->answer, k->detail);
    rest_on(&f, desk->model->classes_table, k - desk->model->classes);
    finding_add(desk->out, f);
}

static void tell_screen(const Desk *desk, const Screen *s)
{
    tell_hpv(desk, s);
    for (int test = TEST_CYTOLOGY; test < TESTS; test++)
        tell_class(desk, s, (Test)test);
    if (s->unknown_value)
        finding_add(desk->out, finding_of(s->sample, "cervical.result", ANSWER_NOT_ASSESSED,
                                          "cervical_value_unknown"));
    else if (s->sample->evidence.status != OK)
        finding_add(desk->out, finding_of(s->sample, "cervical.result", ANSWER_REFUSED,
                                          "cervical_unreadable"));
    else if (!s->usable)
        finding_add(desk->out, finding_of(s->sample, "cervical.result", ANSWER_MISSING,
                                          s->sample->evidence.n_results > 0 ? "cervical_no_result"
                                                                            : "cervical_awaiting"));
}

/* --- the guideline -------------------- */

Answer cervical_answer(const char *code, Answer otherwise)
{
    for (int a = 0; a < ANSWERS; a++)
        if (strcmp(answer_code((Answer)a), code) == 0) return (Answer)a;
    return otherwise;
}

/* A combination outside the domains has no row: a clinician, and an abnormal result stays one. */
static Advice advice_of(const Rules *rules, Decision d, Answer known)
{
    if (d.row < 0)
        return (Advice){.recommendation = "clinician_no_row",
                        .months = "",
                        .answer = known == ANSWER_POSITIVE ? known : ANSWER_NOT_ASSESSED,
                        .rules = rules,
                        .decision = d,
                        .risk = -1};
    return (Advice){.recommendation = decide_output(rules, d, "recommendation"),
                    .months = decide_output(rules, d, "months"),
                    .answer =
                        cervical_answer(decide_output(rules, d, "answer"), ANSWER_NOT_ASSESSED),
                    .rules = rules,
                    .decision = d,
                    .risk = -1};
}

static const char *fact_value(const Case *c, const char *code)
{
    const Fact *f = case_fact(c, SUBJECT_WOMAN, code);
    return f && f->value ? f->value : "";
}

/* "": no HPV test belongs to this round. Cytology is the primary test when it was ordered, or came
 * alone. */
static const char *hpv_input(const Case *c, const Round *r)
{
    const char *method = fact_value(c, "cervical_method");
    bool alone = r->value[TEST_CYTOLOGY][0] != '\0' || r->value[TEST_VISUAL][0] != '\0';
    if (r->value[TEST_HPV][0] != '\0')
        return r->again[TEST_HPV] && same(r->value[TEST_HPV], "invalid") ? "invalid_again"
                                                                         : r->value[TEST_HPV];
    if (same(method, "cytology") || (alone && !same(method, "hpv"))) return "";
    return "missing";
}

static Advice ask_chart(const Desk *desk, const Round *r, const Past *past)
{
    bool again = r->again[TEST_CYTOLOGY] && same(r->value[TEST_CYTOLOGY], "unsatisfactory");
    const char *values[] = {hpv_input(desk->c, r), r->value[TEST_CYTOLOGY], r->value[TEST_VISUAL],
                            again ? "unsatisfactory" : past->previous};
    bool abnormal = false;
    for (int test = 0; test < TESTS; test++)
        abnormal = abnormal || r->answer[test] == ANSWER_POSITIVE;
    return advice_of(desk->model->chart, decide(desk->model->chart, values),
                     abnormal ? ANSWER_POSITIVE : ANSWER_NOT_ASSESSED);
}

static const char *age_input(const Desk *desk, const Sample *sample)
{
    Date born;
    if (sample->collected == INSTANT_NONE || !date_parse(&born, fact_value(desk->c, "birth_date")))
        return "";
    return arena_print(desk->arena, "%d",
                       date_years(born, date_of(sample->collected, desk->c->offset_minutes)));
}

static const char *const facts[] = {"birth_date",       "pregnant",          "hiv",
                                    "immunosuppressed", "hysterectomy",      "hysterectomy_reason",
                                    "prior_cin2plus",   "des_exposed",       "cervical_method",
                                    "menopause",        "abnormal_bleeding", "future_pregnancy",
                                    "endometrial_risk", "reflex_quality",    NULL};

static bool any_unreadable(const Case *c)
{
    for (size_t i = 0; facts[i] != NULL; i++)
        if (case_fact_unreadable(c, SUBJECT_WOMAN, facts[i])) return true;
    return false;
}

/* A fact that was declared and could not be read may be the one that takes her out of the programme: no row of `special` may be chosen. */
static const char *special_input(const Desk *desk, const Past *past)
{
    const Rules *special = desk->model->special;
    if (any_unreadable(desk->c)) return "facts_unreadable";
    const char *values[] = {fact_value(desk->c, "pregnant"),
                            fact_value(desk->c, "hiv"),
                            fact_value(desk->c, "immunosuppressed"),
                            fact_value(desk->c, "hysterectomy"),
                            past->cin2plus ? "yes" : fact_value(desk->c, "prior_cin2plus"),
                            fact_value(desk->c, "des_exposed")};
    return decide_output(special, decide(special, values), "special");
}

/* A sample of hers without a result: what it will say is open, so nothing is negative yet. */
static bool pending(const Woman *woman)
{
    for (size_t i = 0; i < woman->n; i++)
        if (!woman->screens[i].usable) return true;
    return false;
}

/* Cytology was ordered and has not come: HPV alone does not close the round. */
static bool awaits_cytology(const Case *c, const Round *r)
{
    return same(fact_value(c, "cervical_method"), "cytology") &&
           r->value[TEST_CYTOLOGY][0] == '\0' && r->value[TEST_VISUAL][0] == '\0';
}

/* The chart's advice where the guideline speaks for this woman; else what the scope's row says. */
static Advice ask_scope(const Desk *desk, const Woman *woman, const Past *past, const Advice *chart,
                        bool awaited)
{
    const Sample *newest = woman->screens[0].sample;
    bool open = chart->answer == ANSWER_NEGATIVE && (awaited || pending(woman));
    const Rules *scope = desk->model->scope;
    const char *values[] = {special_input(desk, past), age_input(desk, newest),
                            material_code(newest->material), past->newer ? "yes" : "no",
                            open ? "pending" : answer_code(chart->answer)};
    Advice a = advice_of(scope, decide(scope, values), chart->answer);
    return same(a.recommendation, "chart") ? *chart : a;
}

static Instant latest(const Round *r, Test first, Test last)
{
    Instant t = INSTANT_NONE;
    for (int test = (int)first; test <= (int)last; test++)
        t = r->time[test] > t ? r->time[test] : t;
    return t;
}

/* Everything that is known of her, newest first: this round, older ones, other cases. */
static History whole_history(const Desk *desk, const Woman *woman, Date today)
{
    size_t n;
    bool newer = false;
    Screen *earlier = earlier_screens(&n, &newer, desk->c, woman, desk->arena);
    Screen *all = arena_alloc(desk->arena, (n + woman->n_round) * sizeof *all);
    for (size_t i = 0; i < woman->n_round; i++)
        all[i] = woman->screens[i];
    for (size_t i = 0; i < n; i++)
        all[woman->n_round + i] = earlier[i];
    return history_of(desk->model, desk->c, all, woman->n_round + n, today, desk->arena);
}

static Advice ask_sections(const Desk *desk, const Woman *woman, const Round *r, const Past *past,
                           const Question *question)
{
    const Sample *newest = woman->screens[0].sample;
    Date today = question->today != DATE_NONE ? question->today
                                              : date_of(newest->collected, desk->c->offset_minutes);
    History h = whole_history(desk, woman, today);
    View v = {.h = &h,
              .woman = woman,
              .round = r,
              .past = past,
              .hpv_state = hpv_input(desk->c, r),
              .special = special_input(desk, past),
              .pending = awaits_cytology(desk->c, r) || pending(woman),
              .arena = desk->arena};
    return guideline_ask(&v, question->library);
}

static Advice advise(const Desk *desk, const Screen *screens, size_t n, const Question *question)
{
    Woman woman = {desk->model, screens, n, round_length(desk->model, screens, n)};
    Round r = round_of(screens, woman.n_round);
    Past past = past_of(&woman, desk->c, desk->arena);
    if (desk->model->n_sections > 0) return ask_sections(desk, &woman, &r, &past, question);
    Instant followed = latest(&r, TEST_COLPOSCOPY, TEST_TREATMENT);
    if (followed != INSTANT_NONE && followed >= latest(&r, TEST_HPV, TEST_VISUAL)) {
        const char *values[] = {
            r.value[TEST_COLPOSCOPY], r.value[TEST_HISTOLOGY], r.value[TEST_TREATMENT],
            any_unreadable(desk->c) ? "unreadable" : fact_value(desk->c, "pregnant")};
        return advice_of(desk->model->followup, decide(desk->model->followup, values),
                         ANSWER_POSITIVE);
    }
    Advice chart = ask_chart(desk, &r, &past);
    return ask_scope(desk, &woman, &past, &chart, awaits_cytology(desk->c, &r));
}

/* Risk of CIN3+ with its interval, as fractions; a cell that is no number is not told. The tables'
 * intervals are normal approximations: a lower end below zero is told as zero. */
static void tell_risk(const Desk *desk, const Sample *newest, long row)
{
    static const char *const told[][2] = {
        {"cervical.risk_now", "cin3_now"},
        {"cervical.risk_now_low", "cin3_now_low"},
        {"cervical.risk_now_high", "cin3_now_high"},
        {"cervical.risk_1y", "cin3_1y"},
        {"cervical.risk_5y", "cin3_5y"},
        {"cervical.risk_5y_low", "cin3_5y_low"},
        {"cervical.risk_5y_high", "cin3_5y_high"},
    };
    const Table *t = desk->model->risks;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        double percent;
        if (!table_number(t, (size_t)row, table_column(t, told[i][1]), &percent)) continue;
        Finding f = finding_of(newest, told[i][0], ANSWER_MEASURED, "");
        rest_on(&f, t, row);
        f.unverified = f.unverified || same(table_get(t, (size_t)row, "confidence80"), "no");
        f.item = "CIN3+";
        f.has_value = true;
        f.value = percent < 0 ? 0 : percent / 100;
        f.unit = "1";
        finding_add(desk->out, f);
    }
}

static void tell_advice(const Desk *desk, const Sample *newest, const Advice *a)
{
    Finding f = finding_of(newest, "cervical.recommendation", a->answer, a->recommendation);
    const Table *table = a->rules == NULL ? NULL : decide_table(a->rules);
    f.item = desk->model->guideline;
    if (a->risk >= 0)
        rest_on(&f, desk->model->risks, a->risk);
    else if (table != NULL)
        rest_on(&f, table, a->decision.row);
    if (table != NULL && a->decision.row >= 0 && a->months[0] != '\0') {
        f.has_value = table_number(table, (size_t)a->decision.row,
                                   table_column(table, "out:months"), &f.value);
        f.unit = "mo";
    }
    finding_add(desk->out, f);
    if (a->risk >= 0) tell_risk(desk, newest, a->risk);
}

/* --- the assay -------------------- */

static const char *refusal(const Desk *desk, const Sample *sample)
{
    const CervicalModel *model = cervical_policy(desk->models, desk->centres, sample->submitter);
    if (model == NULL || model->refused) return "cervical_policy";
    if (sample->subject != SUBJECT_WOMAN) return "cervical_subject";
    bool fits = sample->material == MATERIAL_CERVICAL || sample->material == MATERIAL_SELF_SAMPLED;
    return fits ? NULL : "cervical_material";
}

static bool ours(const Sample *s)
{
    return same(s->assay, "cervical");
}

static bool goes_before(const Screen *a, const Screen *b)
{
    if (a->usable != b->usable) return a->usable;
    return a->sample->collected >= b->sample->collected;
}

/* This woman's samples as screens, newest first, of equal times the later registration first;
 * those without a result last. */
static Screen *screens_of(size_t *n, const Desk *desk, const char *person)
{
    Screen *screens = arena_alloc(desk->arena, desk->c->n_samples * sizeof *screens);
    *n = 0;
    for (size_t i = 0; i < desk->c->n_samples; i++) {
        const Sample *s = &desk->c->samples[i];
        if (!ours(s) || !same(s->person, person) || refusal(desk, s) != NULL) continue;
        Screen one;
        screen_read(&one, desk->model, s);
        size_t at = (*n)++;
        for (; at > 0 && goes_before(&one, &screens[at - 1]); at--)
            screens[at] = screens[at - 1];
        screens[at] = one;
    }
    return screens;
}

/* The policy of the centre that sent her newest sample. */
static const CervicalModel *policy_of(const Desk *desk, const char *person)
{
    const Sample *newest = NULL;
    for (size_t i = 0; i < desk->c->n_samples; i++) {
        const Sample *s = &desk->c->samples[i];
        if (!ours(s) || !same(s->person, person) || refusal(desk, s) != NULL) continue;
        if (newest == NULL || s->collected >= newest->collected) newest = s;
    }
    return newest == NULL ? NULL : cervical_policy(desk->models, desk->centres, newest->submitter);
}

static const Question WHOLE = {.today = DATE_NONE};

static void judge_woman(Desk *desk, const char *person)
{
    size_t n;
    desk->model = policy_of(desk, person);
    if (desk->model == NULL) return;
    const Screen *screens = screens_of(&n, desk, person);
    if (n == 0) return;
    for (size_t i = n; i > 0; i--)
        tell_screen(desk, &screens[i - 1]);
    if (age_input(desk, screens[0].sample)[0] == '\0') {
        Finding f =
            finding_of(screens[0].sample, "cervical.facts", ANSWER_MISSING, "cervical_birth_date");
        finding_add(desk->out, f);
    }
    Advice a = advise(desk, screens, n, &WHOLE);
    tell_advice(desk, screens[0].sample, &a);
}

static bool seen_before(const Case *c, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (ours(&c->samples[i]) && same(c->samples[i].person, c->samples[index].person))
            return true;
    return false;
}

Advice cervical_ask(const Case *c, const Reference *reference, const char *policy,
                    const Question *question, Arena *arena)
{
    const CervicalModels *models = reference_model(reference, "cervical");
    Desk desk = {.c = c, .models = models, .arena = arena};
    CervicalModels only = *models;
    Advice none = {.recommendation = "none", .months = "", .rule = "", .base = DATE_NONE};
    size_t n = 0;
    only.chosen = NULL;
    only.standing = NULL;
    for (size_t i = 0; i < models->n; i++)
        if (same(models->items[i].policy, policy)) only.standing = &models->items[i];
    desk.models = &only;
    desk.model = only.standing;
    if (desk.model == NULL || c->n_samples == 0) return none;
    const Screen *screens = screens_of(&n, &desk, c->samples[0].person);
    return n == 0 ? none : advise(&desk, screens, n, question);
}

static Status interpret(Findings *out, const Case *c, const Reference *reference, Arena *arena,
                        Note *why)
{
    (void)why;
    Desk desk = {.out = out,
                 .c = c,
                 .models = reference_model(reference, "cervical"),
                 .centres = reference_centres(reference),
                 .arena = arena};
    for (size_t i = 0; i < c->n_samples; i++) {
        const Sample *s = &c->samples[i];
        if (!ours(s)) continue;
        const char *refused = refusal(&desk, s);
        if (refused != NULL)
            finding_add(out, finding_of(s, "cervical.result", ANSWER_REFUSED, refused));
        if (!seen_before(c, i)) judge_woman(&desk, s->person);
    }
    return OK;
}

static const char *const tables[] = {
    "cervical/types",
    "cervical/classes",
    "cervical/hpv_state",
    "cervical/special",
    "cervical/previous",
    "cervical/switches",
    "cervical/policies",
    "cervical/windows",
    "cervical/national2021",
    "cervical/terms",
    "cervical/national2021_scope",
    "cervical/national2021_followup",
    NULL,
};

const Assay assay_cervical = {
    .code = "cervical",
    .takes_results = true,
    .facts = facts,
    .meets_unreadable = true,
    .uses_history = true,
    .tables = tables,
    .prepare = cervical_prepare,
    .interpret = interpret,
};
