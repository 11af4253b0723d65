/* The cervical assay, sample by sample: every row of the channel logic, what is told and what is
 * refused. */
#include "cervical_fixture.h"

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

/* The time of measurement decides, not the order of arrival; a positive reading always holds. */
Test(cervical, the_latest_reading_holds)
{
    static const struct {
        const char *first, *second;
        Instant t1, t2;
        Answer answer;
        const char *advice;
    } rows[] = {
        {"invalid", "negative", 200, 100, ANSWER_INVALID, "repeat_hpv"},
        {"invalid", "negative", 100, 200, ANSWER_NEGATIVE, "facts_missing"},
        {"negative", "invalid", 200, 100, ANSWER_NEGATIVE, "facts_missing"},
        {"negative", "invalid", 100, 200, ANSWER_INVALID, "repeat_hpv"},
        {"negative", "positive", 200, 100, ANSWER_POSITIVE, "clinician_age_unknown"},
        {"positive", "negative", 100, 200, ANSWER_POSITIVE, "clinician_age_unknown"},
        {"invalid", "failed", 100, 200, ANSWER_FAILED, "repeat_sample"}, /* a second try */
        {"invalid", "failed", 200, 100, ANSWER_INVALID, "repeat_sample"},
        {"invalid", "invalid", 100, 100, ANSWER_INVALID, "repeat_hpv"}, /* one try, sent twice */
        {"invalid", "invalid", INSTANT_NONE, INSTANT_NONE, ANSWER_INVALID, "repeat_sample"},
        {"invalid", "negative", INSTANT_NONE, INSTANT_NONE, ANSWER_NEGATIVE, "facts_missing"},
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
        cr_expect_str_eq(find(&f, "cervical.recommendation", 0)->detail, rows[i].advice, "row %zu",
                         i);
    }
    arena_free(arena);
}

/* Every class of the table is told by its own row, also where another test has a class of that name; of two results of one test the more severe speaks. */
Test(cervical, every_class_is_told_by_its_own_row)
{
    static const char *const names[][2] = {{"cytology", "cyt"},
                                           {"visual", "vis"},
                                           {"colposcopy", "col"},
                                           {"histology", "his"},
                                           {"treatment", "treatment"}};
    Arena *arena = arena_new(NULL), *own = arena_new(NULL);
    const Reference *reference = shipped(arena);
    const Table *t = reference_table(reference, "cervical/classes");
    for (size_t a = 0; a < t->n_rows; a++)
        for (size_t b = 0; b < t->n_rows; b++) {
            const char *test = table_get(t, a, "test"), *name = "";
            if (strcmp(test, table_get(t, b, "test")) != 0) continue;
            for (size_t i = 0; i < COUNT(names); i++)
                if (strcmp(names[i][0], test) == 0) name = names[i][1];
            const double rank_a = strtod(table_get(t, a, "rank"), NULL),
                         rank_b = strtod(table_get(t, b, "rank"), NULL);
            const size_t due = rank_b > rank_a ? b : a;
            const Setting set = {.now =
                                     arena_print(own, "%s=%s %s=%s", name, table_get(t, a, "value"),
                                                 name, table_get(t, b, "value"))};
            Findings f = judge(&set, reference, own);
            const Finding *x = find(&f, arena_print(own, "cervical.%s", test), 0);
            cr_assert_not_null(x, "%s", set.now);
            cr_expect_str_eq(x->row, table_cell(t, due, 0), "%s: %s", set.now, x->row);
            cr_expect_str_eq(x->detail, table_get(t, due, "detail"), "%s: %s", set.now, x->detail);
            cr_expect_str_eq(answer_code(x->answer), table_get(t, due, "answer"), "%s", set.now);
            cr_expect_str_eq(x->table, "cervical/classes");
            arena_reset(own);
        }
    arena_free(own);
    arena_free(arena);
}
