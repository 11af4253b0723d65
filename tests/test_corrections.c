/* An instrument takes back, corrects or contradicts what it said, in a later batch or later in the same one, and the case is judged anew.
 * Each message is of one specimen, with HPV channels as "16=NEG/F": test, flag, OBX-11. */
#include "batch_fixture.h"

TestSuite(corrections, .init = set_up);

static const char *message(const char *id, const char *says)
{
    const char *text =
        arena_print(arena,
                    "MSH|^~\\&|COBAS6800/"
                    "8800||LIS||20261112143000||OUL^R22|%s|P|2.5\rSPM||S2026001||CVX|||||||P\r"
                    "OBR|1|||71432-9^HPV-GT^LN|||||||A\r",
                    id);
    while (*says != '\0') {
        size_t n = strcspn(says, " "), equals = strcspn(says, "="), slash = strcspn(says, "/");
        const char *test = arena_copy_n(arena, says, equals);
        const char *name = strcmp(test, "o") == 0    ? "Other HR HPV"
                           : strcmp(test, "16") == 0 ? "HPV 16"
                           : strcmp(test, "18") == 0 ? "HPV 18"
                                                     : test;
        text = arena_print(arena,
                           "%sOBX|1|ST|%s^^99ROC||ValueNotSet|||%.*s|||%.*s|||||||C6800|"
                           "20261112142500\r",
                           text, name, (int)(slash - equals - 1), says + equals + 1,
                           (int)(n - slash - 1), says + slash + 1);
        says += n + (says[n] == ' ');
    }
    return text;
}

/* Adds messages to a batch, each a file of its own; `sample` "*" or the id. */
static void put_messages(const char *batch, const char *samples, const char *const *says,
                         const char *sample)
{
    const char *results = "";
    for (size_t i = 0; i < 2 && says[i] != NULL; i++) {
        char hex[SHA256_HEX];
        const char *name = arena_print(arena, "m%zu.hl7", i),
                   *text = message(arena_print(arena, "%s-%zu", batch, i), says[i]);
        bytes_sha256(hex, text, strlen(text));
        put(batch, name, "", text);
        results = arena_print(arena, "%s%s,,,,%s,%s,,,,\n", results, sample, name, hex);
    }
    put(batch, "submission.csv", SUBMISSION, samples);
    put(batch, "facts.csv", FACTS, samples[0] ? BORN_1 : "");
    put(batch, "results.csv", RESULTS, results);
}

#define ALL_NEG "o=NEG/F 16=NEG/F 18=NEG/F"
#define POS_16  "o=NEG/F 16=POS/F 18=NEG/F"

typedef struct Row {
    const char *what, *first, *second;
    Answer before, after; /* of cervical.recommendation */
    int version;
    const char *told; /* code of a rejection of the second batch; "" = none */
} Row;

static const Row rows[] = {
    {"the same again", ALL_NEG, ALL_NEG, ANSWER_NEGATIVE, ANSWER_NEGATIVE, 1, ""},
    {"negative corrected to positive", ALL_NEG, "16=POS/C", ANSWER_NEGATIVE, ANSWER_POSITIVE, 2,
     ""},
    {"positive corrected to negative", POS_16, "16=NEG/C", ANSWER_POSITIVE, ANSWER_NEGATIVE, 2, ""},
    {"negative corrected to invalid", ALL_NEG, "16=Invalid/C", ANSWER_NEGATIVE, ANSWER_INVALID, 2,
     ""},
    {"a correction that nobody understands", ALL_NEG, "16=MAYBE/C", ANSWER_NEGATIVE, ANSWER_INVALID,
     2, "result.word"},
    {"posted as wrong", ALL_NEG, "16=NEG/W", ANSWER_NEGATIVE, ANSWER_INVALID, 2, ""},
    {"all posted as wrong", ALL_NEG, "o=/W 16=/W 18=/W", ANSWER_NEGATIVE, ANSWER_INVALID, 2, ""},
    {"positive posted as wrong", POS_16, "16=POS/W", ANSWER_POSITIVE, ANSWER_INVALID, 2, ""},
    {"deleted", ALL_NEG, "18=/D", ANSWER_NEGATIVE, ANSWER_INVALID, 2, ""},
    {"none to be had", ALL_NEG, "18=/X", ANSWER_NEGATIVE, ANSWER_INVALID, 2, ""},
    {"preliminary changes nothing", ALL_NEG, "16=POS/P", ANSWER_NEGATIVE, ANSWER_NEGATIVE, 1,
     "hl7.not_final"},
    {"not verified changes nothing", POS_16, "16=NEG/R", ANSWER_POSITIVE, ANSWER_POSITIVE, 1,
     "hl7.not_final"},
    {"negative contradicted", ALL_NEG, "16=POS/F", ANSWER_NEGATIVE, ANSWER_POSITIVE, 2,
     "result.against"},
    {"positive contradicted", POS_16, "16=NEG/F", ANSWER_POSITIVE, ANSWER_POSITIVE, 2,
     "result.against"},
    {"negative contradicted by invalid", ALL_NEG, "16=Invalid/F", ANSWER_NEGATIVE, ANSWER_INVALID,
     2, "result.against"},
};

static void expect_row(const Row *r, bool one_batch, const char *sample)
{
    const char *const first[] = {r->first, one_batch ? r->second : NULL},
                      *second[] = {r->second, NULL};
    const char *last = one_batch ? "b1" : "b2";
    put_messages("b1", WOMAN_1, first, sample);
    (void)run("b1");
    if (!one_batch) {
        cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), r->before, "%s", r->what);
        put_messages("b2", "", second, sample);
        BatchResult result = run("b2");
        cr_expect_eq(result.tally.rejected, r->told[0] && sample[0] == '*' ? 1 : 0, "%s: %d told",
                     r->what, (int)result.tally.rejected);
        cr_expect_eq(version_of("C2026001"), r->version, "%s: version %d", r->what,
                     version_of("C2026001"));
        cr_expect(r->version == 1 || count_papers("C2026001", PAPER_RESULT, 2) == 1, "%s", r->what);
    }
    Answer after = answer_of("C2026001", "cervical.recommendation");
    cr_expect_eq(after, r->after, "%s, %s, %s: %s", r->what, one_batch ? "one batch" : "two",
                 sample, answer_code(after));
    cr_expect(sample[0] != '*' || rejected_with(last, r->told) == (r->told[0] != '\0'), "%s: told",
              r->what);
    cr_expect(run("b1").nothing_to_do && (one_batch || run("b2").nothing_to_do), "%s", r->what);
    cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), r->after, "%s, run again",
                 r->what);
    cr_expect(is_whole(), "%s", r->what);
    reset();
}

Test(corrections, in_a_later_batch)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_row(&rows[i], false, "*");
}

Test(corrections, later_in_the_same_batch)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_row(&rows[i], true, "*");
}

/* The row names the sample: the file is read when its case is visited. What is told is told by the paper then, and a file that holds
 * nothing usable makes the sample uninterpretable, which is no negative either. */
Test(corrections, of_a_file_that_names_its_sample)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const first[] = {rows[i].first, NULL}, *const second[] = {rows[i].second, NULL};
        put_messages("b1", WOMAN_1, first, "S2026001");
        put_messages("b2", "", second, "S2026001");
        (void)run("b1");
        cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), rows[i].before);
        (void)run("b2");
        Answer after = answer_of("C2026001", "cervical.recommendation");
        bool unusable =
            strcmp(rows[i].told, "hl7.not_final") == 0 || strcmp(rows[i].told, "result.word") == 0;
        cr_expect(unusable ? after != ANSWER_NEGATIVE : after == rows[i].after, "%s: %s",
                  rows[i].what, answer_code(after));
        cr_expect(run("b1").nothing_to_do && run("b2").nothing_to_do, "%s", rows[i].what);
        cr_expect(is_whole());
        reset();
    }
}

Test(corrections, what_was_taken_back_does_not_come_back_with_the_old_message)
{
    const char *const first[] = {ALL_NEG, NULL}, *const second[] = {"16=NEG/W", NULL},
                      *const third[] = {"16=NEG/F", NULL}, *const fourth[] = {"16=NEG/C", NULL};
    put_messages("b1", WOMAN_1, first, "*");
    put_messages("b2", "", second, "*");
    put_messages("b3", "", third, "*");
    put_messages("b4", "", fourth, "*");
    (void)run("b1");
    (void)run("b2");
    (void)run("b3");
    cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), ANSWER_INVALID);
    cr_expect(rejected_with("b3", "result.taken_back"));
    (void)run("b4");
    cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), ANSWER_NEGATIVE, "corrected");
    cr_expect(is_whole());
}

/* Sent before anybody registered the sample: the order of arrival is kept. */
Test(corrections, before_the_registration)
{
    const char *const both[] = {ALL_NEG, "16=POS/C"}, *const none[] = {NULL};
    put_messages("b1", "", both, "*");
    put_messages("b2", WOMAN_1, none, "*");
    (void)run("b1");
    (void)run("b2");
    cr_expect_eq(answer_of("C2026001", "cervical.recommendation"), ANSWER_POSITIVE);
    cr_expect(is_whole());
}

Test(corrections, a_test_that_nobody_knows_is_named)
{
    const char *const says[] = {ALL_NEG " CT-9=POS/F", NULL};
    put_messages("b1", WOMAN_1, says, "*");
    (void)run("b1");
    Ledger *ledger = open_ledger();
    ToldList told =
        ledger_findings(ledger, ledger_verdict(ledger, "C2026001").id, reference, arena);
    size_t n = 0;
    for (size_t i = 0; i < told.n; i++) {
        const Finding *f = &told.items[i].finding;
        if (strcmp(f->code, "test.unknown") != 0) continue;
        n++;
        cr_expect(strcmp(f->item, "CT-9") == 0 && f->answer == ANSWER_NOT_ASSESSED);
    }
    cr_expect_eq(n, 1);
    ledger_close(ledger);
    cr_expect(rejected_with("b1", "result.test_unknown"));
}

/* An earlier case's file of the same batch is history, wherever it stands in the batch. */
Test(corrections, history_includes_files_of_the_same_batch)
{
    static const char later[] =
        "P2026001,C2026002,S2026002,1,,,230103,230103,woman,cervical_cells,cervical,"
        "2026-11-20T08:30,P2026001,ZQ-2026-1,2026-11-09\n";
    static const char *const orders[] = {"earlier first", "later first"};
    for (size_t i = 0; i < 2; i++) {
        char hex[SHA256_HEX];
        const char *text = message("h", POS_16);
        bytes_sha256(hex, text, strlen(text));
        put("b1", "m.hl7", "", text);
        put("b1", "submission.csv", SUBMISSION,
            i == 0 ? arena_print(arena, "%s%s", WOMAN_1, later)
                   : arena_print(arena, "%s%s", later, WOMAN_1));
        put("b1", "facts.csv", FACTS, BORN_1 "C2026002,woman,birth_date,1980-04-18,,\n");
        put("b1", "results.csv", RESULTS,
            arena_print(arena, "S2026001,,,,m.hl7,%s,,,,\nS2026002,H,A1,,,,hpv.pooled,negative,,\n",
                        hex));
        (void)run("b1");
        /* HPV 16 and no colposcopy: a negative test thereafter is not routine (cervical/previous). */
        cr_expect_neq(answer_of("C2026002", "cervical.recommendation"), ANSWER_NEGATIVE, "%s",
                      orders[i]);
        cr_expect(run("b1").nothing_to_do);
        cr_expect(is_whole());
        reset();
    }
}
