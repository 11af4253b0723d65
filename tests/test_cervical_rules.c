/* Rules between a result and a round against the same rules said plainly: readings of one sample, channels, what holds within a round, what lies before it, the
 * words in which a guideline asks, and what its answer rests on. */
#include "cervical_plain.h"
#include "lab/decide.h"

#define ROUNDS 3000

/* --- one sample --- */

static const char *const ANSWER_WORDS[] = {"positive", "negative", "invalid", "failed"};

/* A positive reading is never replaced; else the latest time holds, of one time what was sent last. */
static size_t plain_reading(const size_t *answers, const Instant *times, size_t n)
{
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        if (answers[i] == 0) return i;
        if (times[i] >= times[best]) best = i;
    }
    return best;
}

Test(cervical_rules, of_several_readings_one_holds)
{
    static const Answer codes[] = {ANSWER_POSITIVE, ANSWER_NEGATIVE, ANSWER_INVALID, ANSWER_FAILED};
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t round = 0; round < ROUNDS; round++) {
        Result results[4];
        size_t answers[4];
        Instant times[4];
        const size_t n = 1 + chance(4);
        const bool timed = chance(4) > 0, rising = chance(2) > 0;
        Instant last = 100;
        for (size_t i = 0; i < n; i++) {
            answers[i] = chance(7) == 0 ? 0 : 1 + chance(3);
            last += chance(2) * 50;
            times[i] = !timed ? INSTANT_NONE : rising ? last : 100 + (Instant)chance(3) * 50;
            results[i] = (Result){.specimen = "",
                                  .code = "hpv.52",
                                  .value = ANSWER_WORDS[answers[i]],
                                  .unit = "",
                                  .time = times[i]};
        }
        const Sample s = {.material = MATERIAL_CERVICAL,
                          .evidence = {.results = results, .n_results = n}};
        Screen screen;
        screen_read(&screen, model, &s);
        const Reading *r = NULL;
        for (size_t i = 0; i < model->n_types; i++) {
            if (strcmp(model->types[i].code, "hpv.52") == 0)
                r = &screen.types[i];
            else
                cr_assert_not(screen.types[i].given);
        }
        const size_t due = plain_reading(answers, times, n);
        cr_assert(r != NULL && r->given && r->answer == codes[answers[due]] &&
                      r->time == times[due],
                  "round %zu", round);
        if (answers[due] == 0 || (timed && !rising)) continue;
        /* the last two readings are two tries without a result */
        const bool again = n > 1 && answers[n - 1] > 1 && answers[n - 2] > 1 &&
                           !(timed && times[n - 1] == times[n - 2]);
        cr_assert_eq(r->again, again, "round %zu", round);
        cr_assert_eq(screen.hpv_again, again, "round %zu", round);
    }
    arena_free(arena);
}

/* "pos" by one positive type; "neg" when the whole channel is, or every type that it needs; "" when nothing of it was reported; else "inv". */
static const char *plain_channel(const Table *types, const size_t *answers, const char *channel)
{
    size_t given = 0, needed = 0, negative = 0;
    bool whole = false;
    for (size_t r = 0; r < types->n_rows; r++) {
        const char *need = table_get(types, r, "types14");
        if (strcmp(table_get(types, r, "channel"), channel) != 0) continue;
        if (answers[r] == 0) return "pos";
        given += answers[r] < 4;
        needed += strcmp(need, "yes") == 0;
        negative += strcmp(need, "yes") == 0 && answers[r] == 1;
        whole = whole || (strcmp(need, "whole") == 0 && answers[r] == 1);
    }
    return given == 0 ? "" : whole || (needed > 0 && needed == negative) ? "neg" : "inv";
}

/* Why there is no result: the worst of what was reported of counted types. */
static Answer plain_fault(const Table *types, const size_t *answers)
{
    bool invalid = false, failed = false;
    for (size_t r = 0; r < types->n_rows; r++) {
        if (strcmp(table_get(types, r, "channel"), "none") == 0) continue;
        invalid = invalid || answers[r] == 2;
        failed = failed || answers[r] == 3;
    }
    return invalid ? ANSWER_INVALID : failed ? ANSWER_FAILED : ANSWER_MISSING;
}

Test(cervical_rules, types_are_gathered_into_channels)
{
    static const char *const channels[] = {"16", "18", "other", "pooled"};
    Arena *arena = arena_new(NULL);
    const Reference *reference = shipped(arena);
    const CervicalModel *model = asccp(reference);
    const Table *types = reference_table(reference, "cervical/types");
    const Rules *states = reference_rules(reference, "cervical/hpv_state");
    size_t of[ANSWERS] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        Result results[HPV_TYPES];
        size_t answers[HPV_TYPES], n = 0;
        const unsigned mode = chance(4), odd = chance(12);
        for (size_t r = 0; r < types->n_rows; r++) { /* mostly negative, or mostly not reported */
            const bool usual = chance(odd + 2) > 0;
            answers[r] = usual ? (mode == 0 ? 4U : 1U) : chance(5);
            if (mode == 2 && strcmp(table_get(types, r, "types14"), "whole") == 0) answers[r] = 4;
            if (mode == 3 && answers[r] == 0) answers[r] = 3;
            if (answers[r] == 4) continue;
            results[n++] = (Result){.specimen = "",
                                    .code = table_get(types, r, "code"),
                                    .value = ANSWER_WORDS[answers[r]],
                                    .unit = "",
                                    .time = INSTANT_NONE};
        }
        const Sample s = {.material = MATERIAL_CERVICAL,
                          .evidence = {.results = results, .n_results = n}};
        const char *values[4];
        Screen screen;
        for (size_t k = 0; k < 4; k++)
            values[k] = plain_channel(types, answers, channels[k]);
        const char *state = decide_output(states, decide(states, values), "state");
        const Answer due = strncmp(state, "pos", 3) == 0    ? ANSWER_POSITIVE
                           : strcmp(state, "negative") == 0 ? ANSWER_NEGATIVE
                                                            : plain_fault(types, answers);
        screen_read(&screen, model, &s);
        cr_assert_str_eq(screen.value[TEST_HPV], strcmp(state, "missing") == 0 ? "" : state,
                         "round %zu: %s", round, screen.value[TEST_HPV]);
        cr_assert_eq(screen.hpv.row, decide(states, values).row, "round %zu", round);
        cr_assert_eq(screen.answer[TEST_HPV], due, "round %zu", round);
        cr_assert_eq(screen.usable, state[0] != '\0' && strcmp(state, "missing") != 0);
        cr_assert_not(screen.hpv_again);
        of[due]++;
    }
    cr_expect(of[ANSWER_POSITIVE] > 50 && of[ANSWER_NEGATIVE] > 50 && of[ANSWER_INVALID] > 50 &&
              of[ANSWER_FAILED] > 20 && of[ANSWER_MISSING] > 20);
    arena_free(arena);
}

/* A sample without any result, and what cannot be read, says nothing of any test. */
Test(cervical_rules, a_sample_that_says_nothing)
{
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    Result positive = {.specimen = "", .code = "hpv.16", .value = "positive", .unit = ""};
    for (int i = 0; i < 2; i++) {
        const Sample s = {.material = MATERIAL_CERVICAL,
                          .evidence = {.results = &positive,
                                       .n_results = (size_t)i,
                                       .status = i == 1 ? BAD_INPUT : OK}};
        Screen screen;
        screen_read(&screen, model, &s);
        cr_expect_not(screen.usable);
        cr_expect_eq(screen.answer[TEST_HPV], ANSWER_MISSING);
        for (int t = TEST_CYTOLOGY; t < TESTS; t++)
            cr_expect(screen.value[t][0] == '\0' && screen.answer[t] == ANSWER_NOT_ASSESSED &&
                      screen.seen[t] == 0 && screen.classes[t] == NULL);
    }
    arena_free(arena);
}

/* Of all classes seen on one day the risk tables' word of the most severe that they know, without one the most severe class itself. */
Test(cervical_rules, the_word_of_a_day)
{
    static const int tests[] = {TEST_CYTOLOGY, TEST_HISTOLOGY};
    static const char *const names[] = {"cyt", "his"};
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Table *t = reference_table(r, "cervical/classes");
    const CervicalModel *model = asccp(r);
    const Date today = date_from(2026, 6, 1);
    for (size_t a = 0; a < t->n_rows; a++)
        for (size_t b = 0; b < t->n_rows; b++)
            for (size_t k = 0; k < COUNT(tests); k++) {
                if ((int)model->classes[a].test != tests[k] ||
                    (int)model->classes[b].test != tests[k])
                    continue;
                const char *risk_a = table_get(t, a, "risk"), *risk_b = table_get(t, b, "risk");
                const bool severe =
                    strtod(table_get(t, b, "rank"), NULL) > strtod(table_get(t, a, "rank"), NULL);
                const bool takes_b =
                    (risk_a[0] != '\0') == (risk_b[0] != '\0') ? severe : risk_b[0] != '\0';
                const size_t due = takes_b ? b : a;
                const char *word = takes_b ? risk_b : risk_a;
                const View *v = view_of(arena_print(own, "2026-06-01 c0 %s=%s; 2026-06-01 c1 %s=%s",
                                                    names[k], table_get(t, a, "value"), names[k],
                                                    table_get(t, b, "value")),
                                        "", model, today, own);
                const Reports *list = k == 0 ? &v->h->cytology : &v->h->biopsy;
                cr_assert_eq(list->n, 1, "%zu %zu", a, b);
                cr_expect_str_eq(list->items[0].word,
                                 word[0] == '\0' ? table_get(t, due, "value") : word, "%zu %zu", a,
                                 b);
                cr_expect_eq(list->items[0].seen, UINT64_C(1) << a | UINT64_C(1) << b);
                arena_reset(own);
            }
    arena_free(own);
    arena_free(arena);
}

/* A sample without a time has no place in a history, nor has one of after the day that is asked about. */
Test(cervical_rules, what_has_no_day_is_not_in_the_history)
{
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    Result results[] = {{.specimen = "", .code = "cytology", .value = "nilm", .unit = ""},
                        {.specimen = "", .code = "colposcopy", .value = "normal", .unit = ""}};
    const Case c = {.offset_minutes = 480};
    const Date today = date_from(2026, 6, 1);
    for (int i = 0; i < 3; i++) {
        Sample s = {.material = MATERIAL_CERVICAL,
                    .evidence = {.results = results, .n_results = 2}};
        Screen screen;
        cr_assert(instant_parse(&s.collected, i == 2 ? "2026-06-02" : "2026-06-01", 480));
        if (i == 1) s.collected = INSTANT_NONE;
        screen_read(&screen, model, &s);
        const History h = history_of(model, &c, &screen, 1, today, arena);
        cr_expect_eq(h.cytology.n, i == 0 ? 1 : 0, "row %d", i);
        cr_expect_eq(h.colposcopy.n, i == 0 ? 1 : 0, "row %d", i);
        cr_expect(h.hpv.n + h.biopsy.n + h.treatment.n + h.removal.n == 0);
    }
    arena_free(arena);
}

/* --- what holds within a round --- */

static bool conclusive(Answer a)
{
    return a == ANSWER_POSITIVE || a == ANSWER_NEGATIVE;
}

static void cast_screen(Screen *s, Sample *sample, Instant time)
{
    static const Answer answers[] = {ANSWER_POSITIVE, ANSWER_NEGATIVE, ANSWER_NEGATIVE,
                                     ANSWER_INVALID,  ANSWER_FAILED,   ANSWER_POSSIBLE};
    *sample = (Sample){.collected = time, .case_id = chance(8) == 0 ? "c1" : "c0"};
    *s = (Screen){.sample = sample, .hpv_again = chance(3) == 0};
    for (int t = 0; t < TESTS; t++) {
        const bool given = chance(2) == 0;
        s->answer[t] = given ? answers[chance(COUNT(answers))] : ANSWER_NOT_ASSESSED;
        s->value[t] = given ? answer_code(s->answer[t]) : "";
    }
}

/* The newest that was given when it is conclusive, else an older positive one, else the newest. */
static const Screen *plain_pick(const Screen *s, size_t n, int t, bool *again)
{
    const Screen *given[8];
    size_t k = 0;
    *again = false;
    for (size_t i = 0; i < n; i++)
        if (s[i].value[t][0] != '\0') given[k++] = &s[i];
    if (k == 0 || conclusive(given[0]->answer[t])) return k == 0 ? NULL : given[0];
    for (size_t i = 1; i < k; i++)
        if (given[i]->answer[t] == ANSWER_POSITIVE) return given[i];
    *again = (t == TEST_HPV && given[0]->hpv_again) || (k > 1 && !conclusive(given[1]->answer[t]));
    return given[0];
}

static bool both(const Screen *a, int ta, const Screen *b, int tb)
{
    return conclusive(a->answer[ta]) && conclusive(b->answer[tb]);
}

/* A screen of another case, or a conclusive test that a newer one has repeated, begins an older round. */
static size_t plain_length(const Screen *s, size_t n, Instant cotest)
{
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < k; i++)
            if (strcmp(s[k].sample->case_id, s[0].sample->case_id) != 0 ||
                both(&s[i], TEST_HPV, &s[k], TEST_HPV) ||
                both(&s[i], TEST_CYTOLOGY, &s[k], TEST_CYTOLOGY) ||
                (both(&s[i], TEST_HPV, &s[k], TEST_CYTOLOGY) &&
                 s[i].sample->collected > s[k].sample->collected + cotest))
                return k;
    return n;
}

Test(cervical_rules, rounds_of_samples_cast_by_dice)
{
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t round = 0; round < ROUNDS; round++) {
        Screen s[6];
        Sample samples[6];
        const size_t n = 1 + chance(6);
        Instant time = 1000000000;
        for (size_t i = 0; i < n; i++) {
            cast_screen(&s[i], &samples[i], time);
            time -= chance(3) == 0 ? 10 : model->cotest_seconds - 1 + (Instant)chance(3);
        }
        const Round r = round_of(s, n);
        for (int t = 0; t < TESTS; t++) {
            bool again;
            const Screen *due = plain_pick(s, n, t, &again);
            cr_assert_str_eq(r.value[t], due ? due->value[t] : "", "round %zu", round);
            cr_assert_eq(r.answer[t], due ? due->answer[t] : ANSWER_NOT_ASSESSED);
            cr_assert_eq(r.time[t], due ? due->sample->collected : INSTANT_NONE);
            cr_assert_eq(r.again[t], again, "round %zu test %d", round, t);
        }
        cr_assert_eq(round_length(model, s, n), plain_length(s, n, model->cotest_seconds),
                     "round %zu", round);
    }
    arena_free(arena);
}

/* --- what lies before it --- */

/* Her usable samples up to the newest of this round, newest first, of equal times in the order given: older rounds of the case, then other cases. */
Test(cervical_rules, earlier_screens_are_hers_newest_first)
{
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    Result result = {.specimen = "", .code = "cytology", .value = "nilm", .unit = ""};
    for (size_t round = 0; round < ROUNDS; round++) {
        Sample own[3], history[6];
        Screen screens[3];
        const Sample *due[9];
        const size_t n_own = 1 + chance(3), n_history = chance(7);
        size_t n_due = 0, n = 99;
        bool newer = false, newer_due = false;
        for (size_t i = 0; i < n_own; i++) {
            own[i] = (Sample){.person = "P1",
                              .assay = "cervical",
                              .subject = SUBJECT_WOMAN,
                              .material = MATERIAL_CERVICAL,
                              .collected = 1000 - 10 * (Instant)i,
                              .evidence = {.results = &result, .n_results = 1}};
            screen_read(&screens[i], model, &own[i]);
            if (i > 0) due[n_due++] = &own[i];
        }
        for (size_t i = 0; i < n_history; i++) {
            const unsigned flaw = chance(9);
            history[i] = own[0];
            history[i].collected = 970 + 10 * (Instant)chance(5);
            if (flaw == 0) history[i].person = "P2";
            if (flaw == 1) history[i].assay = "nipt";
            if (flaw == 2) history[i].subject = SUBJECT_PARTNER;
            if (flaw == 3) history[i].evidence.n_results = 0;
            if (flaw > 3 && history[i].collected > 1000) newer_due = true;
            if (flaw > 3 && history[i].collected <= 1000) due[n_due++] = &history[i];
        }
        for (size_t i = 1; i < n_due; i++) /* neighbours out of order change places */
            for (size_t k = i; k > 0 && due[k]->collected > due[k - 1]->collected; k--) {
                const Sample *swap = due[k];
                due[k] = due[k - 1];
                due[k - 1] = swap;
            }
        const Case c = {.history = history, .n_history = n_history};
        const Woman woman = {model, screens, n_own, 1};
        const Screen *got = earlier_screens(&n, &newer, &c, &woman, arena);
        cr_assert_eq(n, n_due, "round %zu", round);
        cr_assert_eq(newer, newer_due, "round %zu", round);
        for (size_t i = 0; i < n; i++)
            cr_assert_eq(got[i].sample, due[i], "round %zu: %zu", round, i);
    }
    arena_free(arena);
}

/* Histology of CIN2 or worse, or any treatment, in this round or before; not what is newer. */
Test(cervical_rules, a_past_of_cin2_or_worse)
{
    static const struct {
        const char *reports;
        bool cin2plus;
    } rows[] = {
        {"2026-06-01 c0 16=-", false},
        {"2026-06-01 c0 his=cin1", false},
        {"2026-06-01 c0 his=cin2", true},
        {"2026-06-01 c0 treatment=ablation", true},
        {"2026-06-01 c0 16=-; 2020-06-01 c1 his=hsil", true},
        {"2026-06-01 c0 16=-; 2020-06-01 c1 his=normal", false},
        {"2026-06-01 c0 16=-; 2020-06-01 c1 treatment=excision", true},
        {"2026-06-01 c0 16=-; 2020-06-01 c1 cyt=hsil col=abnormal", false},
    };
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const View *v = view_of(rows[i].reports, "", model, date_from(2026, 6, 1), arena);
        cr_expect_eq(v->past->cin2plus, rows[i].cin2plus, "row %zu", i);
        cr_expect_not(v->past->newer);
    }
    arena_free(arena);
}

/* --- the words of a guideline --- */

/* A table of one input: its first row fits `value`, its second everything else of `domain`. */
static const Rules *asks(const char *name, const char *value, const char *domain, Arena *arena)
{
    static const TableInfo info = {.name = "t", .path = "t.tsv", .status = "local"};
    const char *cell = value[0] == '\0' ? "-" : value;
    const char *text =
        arena_print(arena, "row\tin:%s\tout:x\nis\t%s\ty\nelse\t!%s\tn\n", name, cell, cell);
    const char *values = arena_print(arena, "table\tinput\tvalues\nt\t%s\t%s\n", name, domain);
    Table *t = NULL, *domains = NULL;
    Rules *rules = NULL;
    Note why = {.code = ""};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s", why.code);
    cr_assert_eq(table_parse(&domains, &info, values, strlen(values), arena, &why), OK);
    cr_assert_eq(decide_compile(&rules, t, domains, arena, &why), OK, "%s: %s", name, why.code);
    return rules;
}

#define WORDS "-|nilm|lsil|normal|cin1|no|yes|before|same|after|post|40|negative|positive"

Test(cervical_rules, each_kind_of_word_asks_what_it_says)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"cyt", "lsil"},
        {"hpv", "negative"},
        {"cyt2", ""},
        {"today", ""},
        {"biopsy_has_cin1", "yes"},
        {"biopsy_has_normal", "yes"},
        {"biopsy_has_cin2", "no"},
        {"cyt_has_lsil", "yes"},
        {"cyt2_has_lsil", "no"},
        {"passed_biopsy_to_cyt", "17"}, /* from 2024-11-20 to 2026-05-01 */
        {"begun_biopsy_to_cyt", "18"},
        {"passed_cyt_to_biopsy", ""},
        {"begun_cyt_to_biopsy", ""},
        {"passed_cyt_to_today", "1"},
        {"begun_cyt_to_today", "1"},
        {"passed_cyt_to_cyt", "0"},
        {"begun_cyt_to_cyt", "0"},
        {"passed_treatment_to_cyt", ""},
        {"begun_cyt_to_treatment", ""},
        {"cyt_vs_biopsy", "after"},
        {"biopsy_vs_cyt", "before"},
        {"cyt_vs_cyt", "same"},
        {"hpv_vs_cyt", "same"},
        {"today_vs_cyt", "after"},
        {"cyt_vs_today", "before"},
        {"passed_today_to_cyt", ""},
        {"begun_today_to_today", "0"},
        {"today_has_lsil", "no"},
        {"cyt_vs_treatment", ""},
        {"treatment_vs_cyt", ""},
        {"fact_menopause", "post"},
        {"fact_hiv", ""},
        {"age", "40"},
        {"newest_test_negative", "no"},
    };
    Arena *arena = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    const View *v = view_of(
        "2026-05-01 c0 16=- 18=- o=- cyt=lsil; 2024-11-20 c1 his=cin1; 2024-11-20 c2 his=normal",
        "birth_date=1986-05-01 menopause=post", model, date_from(2026, 6, 1), arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Feature *features = NULL;
        Note why = {.code = ""};
        const bool number = strstr(rows[i].name, "_to_") != NULL;
        const Rules *rules = asks(rows[i].name, rows[i].value, number ? "-|0..400" : WORDS, arena);
        cr_assert_eq(features_bind(&features, rules, arena, &why), OK, "%s", rows[i].name);
        cr_expect_eq(features_decide(rules, features, v).row, 0, "%s is not \"%s\"", rows[i].name,
                     rows[i].value);
    }
    arena_free(arena);
}

Test(cervical_rules, a_column_that_is_no_word_is_named)
{
    static const char *const names[] = {"nothing",
                                        "passed_biopsy",
                                        "passed_biopsy_to_nothing",
                                        "passed_nothing_to_cyt",
                                        "begun_biopsy_to",
                                        "begun_x_to_today",
                                        "begun_cyt_to_x",
                                        "x_has_cin1",
                                        "_has_cin1",
                                        "cyt_vs_",
                                        "_vs_cyt",
                                        "cyt_vs_x",
                                        "x_vs_cyt",
                                        "cyt_vs_x_vs_cyt",
                                        "passed_cyt_vs_biopsy"};
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        const Feature *features = NULL;
        Note why = {.code = ""};
        const Rules *rules = asks(names[i], "yes", "-|yes|no", arena);
        cr_expect_eq(features_bind(&features, rules, arena, &why), BAD_INPUT, "%s", names[i]);
        cr_expect_str_eq(why.code, "cervical.table");
        cr_expect_str_eq(why.file, "t.tsv");
        cr_expect_str_eq(why.field, names[i]);
        cr_expect_eq(why.row, 0);
        cr_expect_null(features);
    }
    arena_free(arena);
}

/* --- what an answer rests on --- */

/* The first section of the asked library, in the order of their table, whose row is not "none". */
static const Section *plain_section(const View *v, const char *library, Decision *d)
{
    const CervicalModel *m = v->h->model;
    for (size_t i = 0; i < m->n_sections; i++) {
        const Section *s = &m->sections[i];
        const bool asked = library == NULL ? strcmp(s->library, "screening") != 0
                                           : strcmp(s->library, library) == 0;
        if (!asked) continue;
        if (s->rules != NULL) {
            *d = features_decide(s->rules, s->features, v);
            if (strcmp(decide_output(s->rules, *d, "recommendation"), "none") != 0) return s;
            continue;
        }
        int table;
        const long row = risk_find(&table, v);
        if (row < 0) continue;
        *d = decide(m->actions, (const char *const[]){table_get(m->risks, (size_t)row, "action"),
                                                      feature_age(v)});
        if (d->row >= 0 && strcmp(decide_output(m->actions, *d, "recommendation"), "none") != 0)
            return s;
    }
    return NULL;
}

static void expect_advice(const View *v, const char *library, const char *text)
{
    const Advice a = guideline_ask(v, library);
    Decision d = {-1};
    const Section *s = plain_section(v, library, &d);
    if (s == NULL) {
        cr_assert_str_eq(a.recommendation, library == NULL ? "clinician_no_row" : "none", "%s",
                         text);
        cr_assert(a.risk == -1 && a.base == DATE_NONE && a.rules == NULL, "%s", text);
        cr_assert(a.months[0] == '\0' && a.rule[0] == '\0', "%s", text);
        return;
    }
    int table = 0;
    const bool by_risk = s->rules == NULL;
    const Rules *rules = by_risk ? v->h->model->actions : s->rules;
    const char *from = decide_output(rules, d, "from"), *rule = decide_output(rules, d, "rule");
    const long risk = by_risk ? risk_find(&table, v) : -1;
    cr_assert_str_eq(a.section, s->code, "%s: %s", text, a.section);
    cr_assert(a.rules == rules && a.decision.row == d.row && a.risk == risk, "%s", text);
    cr_assert_str_eq(a.recommendation,
                     d.row < 0 ? "clinician_no_row" : decide_output(rules, d, "recommendation"));
    cr_assert_str_eq(a.months, decide_output(rules, d, "months"), "%s", text);
    cr_assert_str_eq(a.rule, by_risk ? arena_print(v->arena, "5.T.%d.%s", table, rule) : rule);
    if (d.row >= 0)
        cr_assert_str_eq(answer_code(a.answer), decide_output(rules, d, "answer"), "%s", text);
    cr_assert_eq(a.base,
                 from[0] == '\0' ? DATE_NONE : history_mark(v->h, mark_find(from, strlen(from))));
}

Test(cervical_rules, advice_names_section_row_and_day)
{
    static const char *const libraries[] = {NULL,     "house",     "special", "rare",
                                            "common", "screening", "nothing"};
    static const char *const facts[] = {"birth_date=1986-05-01", "birth_date=2003-05-01", "",
                                        "birth_date=1986-05-01 pregnant=yes",
                                        "birth_date=1986-05-01 hiv=positive"};
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    const CervicalModel *model = asccp(shipped(arena));
    const Date today = date_from(2026, 6, 1);
    for (size_t i = 0; i < 500; i++) {
        Visit visits[VISITS];
        const char *text = text_of(visits, cast(visits, today), own);
        const View *v = view_of(text, facts[i % COUNT(facts)], model, today, own);
        for (size_t k = 0; k < COUNT(libraries); k++)
            expect_advice(v, libraries[k], text);
        arena_reset(own);
    }
    arena_free(own);
    arena_free(arena);
}
