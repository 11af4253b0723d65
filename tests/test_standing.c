/* What stands of a row of results. "R:hpv=neg@1" is code hpv of run R, value neg at time 1; "C:" and "W:" in front correct and take back;
 * a value that begins with a digit is a number. */
#include "lab/standing.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Row {
    const char *what, *given, *stands, *taken; /* taken: one letter a result: . against gone */
} Row;

static const Row rows[] = {
    {"one", "hpv=neg@1", "hpv=neg", "."},
    {"the same again", "hpv=neg@1 hpv=neg@1", "hpv=neg hpv=neg", ".."},
    {"another test", "hpv=neg@1 cyt=lsil@1", "hpv=neg cyt=lsil", ".."},
    {"another run", "A:hpv=neg@1 B:hpv=pos@2", "hpv=neg hpv=pos", ".."},
    {"corrected", "hpv=neg@1 C:hpv=pos@1", "hpv=pos", ".."},
    {"corrected from positive", "hpv=pos@1 C:hpv=neg@2", "hpv=neg", ".."},
    {"corrected twice", "hpv=pos@1 C:hpv=neg@1 C:hpv=pos@1", "hpv=pos", "..."},
    {"a correction of another test", "hpv=neg@1 C:cyt=lsil@1", "hpv=neg cyt=lsil", ".."},
    {"a correction of another run", "A:hpv=neg@1 BC:hpv=pos@1", "hpv=neg hpv=pos", ".."},
    {"taken back", "hpv=neg@1 W:hpv=@1", "hpv=taken_back", ".."},
    {"taken back before it came", "W:hpv=@1", "hpv=taken_back", "."},
    {"taken back, then sent again", "hpv=neg@1 W:hpv=@1 hpv=neg@1", "hpv=taken_back", "..g"},
    {"taken back, then measured again", "hpv=neg@1 W:hpv=@1 hpv=neg@2", "hpv=neg", "..."},
    {"taken back, another test, then measured again", "hpv=neg@1 W:hpv=@1 cyt=lsil@1 hpv=pos@2",
     "cyt=lsil hpv=pos", "...."},
    {"taken back, then corrected", "hpv=neg@1 W:hpv=@1 C:hpv=neg@1", "hpv=neg", "..."},
    {"corrected, then the old one sent again", "hpv=neg@1 C:hpv=pos@1 hpv=neg@1", "hpv=pos", "..g"},
    {"corrected, then another final one", "hpv=pos@1 C:hpv=neg@1 hpv=pos@3",
     "hpv=neg hpv=pos hpv=contradicted", "..a"},
    {"another final one of the same time", "hpv=neg@1 hpv=pos@1",
     "hpv=neg hpv=pos hpv=contradicted", ".a"},
    {"another final one of another time", "hpv=pos@1 hpv=neg@2", "hpv=pos hpv=neg hpv=contradicted",
     ".a"},
    {"a third", "hpv=pos@1 hpv=neg@2 hpv=neg@3", "hpv=pos hpv=neg hpv=contradicted hpv=neg", ".aa"},
    {"contradicted, then corrected", "hpv=pos@1 hpv=neg@2 C:hpv=neg@2", "hpv=neg", ".a."},
    {"contradicted, then taken back", "hpv=pos@1 hpv=neg@2 W:hpv=@2", "hpv=taken_back", ".a."},
    {"an invalid test repeated", "hpv=invalid@1 hpv=neg@2", "hpv=invalid hpv=neg", ".."},
    {"an invalid test changed", "hpv=invalid@1 hpv=neg@1", "hpv=invalid hpv=neg hpv=contradicted",
     ".a"},
    {"numbers repeated", "afp=10@1 afp=11@2", "afp=10 afp=11", ".."},
    {"numbers of one time", "afp=10@1 afp=11@1", "afp=contradicted", ".a"},
    {"numbers of one time, the first again", "afp=10@1 afp=11@1 afp=10@1", "afp=contradicted",
     ".aa"},
    {"a number corrected", "afp=10@1 C:afp=11@1", "afp=11", ".."},
    {"a number taken back", "afp=10@1 W:afp=@1", "afp=taken_back", ".."},
    {"unknown tests never contradict", "test.unknown=A@1 test.unknown=B@1",
     "test.unknown=A test.unknown=B", ".."},
};

static Result result_of(const char *word, Arena *arena)
{
    size_t colon = strcspn(word, ":"), front = word[colon] == ':' ? colon : 0;
    const char *rest = word + (front > 0 ? front + 1 : 0), *equals = strchr(rest, '='),
               *at = strchr(rest, '@');
    const char *run = "";
    Result r = {.specimen = "", .unit = "", .well = ""};
    for (size_t i = 0; i < front; i++)
        if (word[i] == 'C')
            r.standing = RESULT_CORRECTED;
        else if (word[i] == 'W')
            r.standing = RESULT_WITHDRAWN;
        else
            run = arena_copy_n(arena, word + i, 1);
    r.run = run;
    r.code = arena_copy_n(arena, rest, (size_t)(equals - rest));
    r.value = arena_copy_n(arena, equals + 1, (size_t)(at - equals - 1));
    r.time = atol(at + 1);
    if (r.value[0] >= '0' && r.value[0] <= '9') {
        r.number = strtod(r.value, NULL);
        r.value = NULL;
    }
    return r;
}

Test(standing, what_stands)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        char stands[400] = "", taken[20] = "";
        Standing s;
        standing_begin(&s, 8, arena);
        for (const char *word = rows[i].given; *word != '\0';) {
            size_t n = strcspn(word, " ");
            Result r = result_of(arena_copy_n(arena, word, n), arena);
            taken[strlen(taken)] = ".ag"[standing_take(&s, &r)];
            word += n + (word[n] == ' ');
        }
        for (size_t k = 0; k < s.n; k++) {
            size_t n = strlen(stands);
            const Result *r = &s.items[k];
            if (r->value == NULL)
                (void)snprintf(stands + n, sizeof stands - n, "%s%s=%g", n ? " " : "", r->code,
                               r->number);
            else
                (void)snprintf(stands + n, sizeof stands - n, "%s%s=%s", n ? " " : "", r->code,
                               r->value);
        }
        cr_expect_str_eq(stands, rows[i].stands, "row %zu %s: %s", i, rows[i].what, stands);
        cr_expect_str_eq(taken, rows[i].taken, "row %zu %s: %s", i, rows[i].what, taken);
        arena_free(arena);
    }
}

/* ---- by fields ---- */

static Result number(double value, Instant time)
{
    return (Result){.specimen = "s",
                    .code = "afp",
                    .number = value,
                    .unit = "g",
                    .time = time,
                    .run = "r",
                    .well = "w"};
}

static Result word(const char *value, Instant time)
{
    Result r = number(0, time);
    r.value = value;
    return r;
}

/* The second of two results of one time: the same outcome stands twice, another one is against it, and another place is not its concern. */
Test(standing, same_place_same_outcome)
{
    const Result base = number(10, 5);
    for (int change = 0; change < 12; change++) {
        Arena *arena = arena_new(NULL);
        Standing s;
        Result other = base;
        if (change == 1) other.number = 9;
        if (change == 2) other.number = 11;
        if (change == 3) other.bound = '<';
        if (change == 4) other.bound = '>';
        if (change == 5) other.unit = "mg";
        if (change == 6) other.value = "10";
        if (change == 7) other.specimen = "t";
        if (change == 8) other.code = "hcg";
        if (change == 9) other.run = "q";
        if (change == 10) other.well = "v";
        if (change == 11) other.time = 6, other.number = 11;
        const bool against = change >= 1 && change <= 6, is_word = change == 6;
        standing_begin(&s, 2, arena);
        cr_expect_eq(standing_take(&s, &base), TAKEN);
        cr_expect_eq(standing_take(&s, &other), against ? TAKEN_AGAINST : TAKEN, "change %d",
                     change);
        cr_expect_eq(s.n,
                     against && !is_word ? 1U
                     : is_word           ? 3U
                                         : 2U,
                     "change %d: %zu", change, s.n);
        cr_expect_eq(s.n_gone, 0U);
        const Result *mark = &s.items[s.n - 1];
        cr_expect_eq(mark->value != NULL && strcmp(mark->value, RESULT_CONTRADICTED) == 0, against,
                     "change %d", change);
        if (against) {
            cr_expect(mark->number == 0 && mark->unit[0] == '\0' && mark->time == INSTANT_NONE &&
                      mark->standing == RESULT_FINAL);
            cr_expect(strcmp(mark->specimen, "s") == 0 && strcmp(mark->code, "afp") == 0 &&
                      strcmp(mark->run, "r") == 0 && strcmp(mark->well, "w") == 0);
        }
        arena_free(arena);
    }
}

/* No text and an empty one are the same place. */
Test(standing, absent_texts_are_empty_ones)
{
    Arena *arena = arena_new(NULL);
    Standing s;
    Result a = {.code = "afp", .number = 1, .time = 5}, b = a;
    b.specimen = b.run = b.well = b.unit = "";
    standing_begin(&s, 3, arena);
    cr_expect_eq(standing_take(&s, &a), TAKEN);
    cr_expect_eq(standing_take(&s, &b), TAKEN);
    b.number = 2;
    cr_expect_eq(standing_take(&s, &b), TAKEN_AGAINST);
    arena_free(arena);
}

/* A test that gave no answer may be repeated, before or after; each of the words that say so, and no other. */
Test(standing, words_without_an_answer)
{
    static const char *const words[] = {"invalid",        "failed",       "unmatched",
                                        "unsatisfactory", "insufficient", "inadequate",
                                        "negative",       "invalids",     ""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (int order = 0; order < 2; order++)
            for (int apart = 0; apart < 2; apart++) {
                Arena *arena = arena_new(NULL);
                Standing s;
                const Result one = word(order ? words[i] : "positive", 1),
                             two = word(order ? "positive" : words[i], 1 + apart);
                standing_begin(&s, 2, arena);
                cr_expect_eq(standing_take(&s, &one), TAKEN);
                cr_expect_eq(standing_take(&s, &two), apart && i < 6 ? TAKEN : TAKEN_AGAINST,
                             "%s, %d", words[i], apart);
                arena_free(arena);
            }
    Arena *arena = arena_new(NULL); /* a word and a number of two times are two measurements */
    Standing s;
    const Result one = word("positive", 1), two = number(4, 2);
    standing_begin(&s, 2, arena);
    cr_expect_eq(standing_take(&s, &one), TAKEN);
    cr_expect_eq(standing_take(&s, &two), TAKEN);
    arena_free(arena);
}

/* Results of one place among those of others, first, in the middle and last: taken back and measured again, the others stay as they were, in order. */
Test(standing, others_stay_in_order)
{
    for (int places = 1; places < 6; places++)
        for (int which = 0; which < places; which++)
            for (int timeless = 0; timeless < 2; timeless++) {
                Arena *arena = arena_new(NULL);
                static const char *const codes[] = {"a", "b", "c", "d", "e"};
                Standing s;
                standing_begin(&s, 16, arena);
                Result r[6];
                for (int i = 0; i < places; i++) {
                    r[i] = word("positive", 1);
                    r[i].code = codes[i];
                    cr_expect_eq(standing_take(&s, &r[i]), TAKEN);
                }
                Result back = r[which], again = r[which];
                back.standing = RESULT_WITHDRAWN;
                back.value = "";
                again.value = "negative";
                again.time = timeless ? INSTANT_NONE : 2;
                cr_expect_eq(standing_take(&s, &back), TAKEN);
                cr_assert(s.n == (size_t)places && s.n_gone == 1);
                const Result *mark = &s.items[places - 1];
                cr_expect(strcmp(mark->value, RESULT_TAKEN_BACK) == 0 &&
                          mark->standing == RESULT_WITHDRAWN && mark->time == INSTANT_NONE);
                cr_expect_eq(standing_take(&s, &r[which]), TAKEN_GONE, "sent again");
                cr_expect_eq(standing_take(&s, &again), TAKEN, "measured again");
                cr_assert_eq(s.n, (size_t)places);
                for (int i = 0, at = 0; i < places; i++)
                    if (i != which)
                        cr_expect_str_eq(s.items[at++].code, codes[i], "%d of %d", which, places);
                cr_expect_str_eq(s.items[places - 1].value, "negative");
                Result fixed =
                    again; /* a correction takes all of the place away, and what was taken away stays away */
                fixed.standing = RESULT_CORRECTED;
                fixed.value = "positive";
                cr_expect_eq(standing_take(&s, &fixed), TAKEN);
                cr_expect_eq(standing_take(&s, &again), TAKEN_GONE);
                cr_assert(s.n == (size_t)places && s.n_gone == 2);
                cr_expect_str_eq(s.items[places - 1].value, "positive");
                arena_free(arena);
            }
}

/* Contradicting numbers leave, others stay; the mark stands once and holds whatever comes, until a correction. */
Test(standing, contradicting_numbers_leave_alone_what_is_elsewhere)
{
    for (int which = 0; which < 4; which++) {
        Arena *arena = arena_new(NULL);
        static const char *const codes[] = {"a", "b", "c", "d"};
        Standing s;
        Result r = number(1, 1);
        standing_begin(&s, 16, arena);
        for (int i = 0; i < 4; i++) {
            r.code = codes[i];
            r.number = 10 + i;
            cr_expect_eq(standing_take(&s, &r), TAKEN);
        }
        r.code = codes[which];
        r.number = 99;
        cr_expect_eq(standing_take(&s, &r), TAKEN_AGAINST);
        cr_assert_eq(s.n, 4U);
        for (int i = 0, at = 0; i < 4; i++)
            if (i != which) {
                cr_expect_eq(s.items[at].number, 10 + i);
                cr_expect_str_eq(s.items[at++].code, codes[i]);
            }
        for (int again = 0; again < 3; again++) {
            r.number = 99 + again;
            r.time = again == 2 ? INSTANT_NONE : 7;
            cr_expect_eq(standing_take(&s, &r), TAKEN_AGAINST, "%d", again);
            cr_expect_eq(s.n, 4U);
        }
        cr_expect_str_eq(s.items[3].value, RESULT_CONTRADICTED);
        r.standing = RESULT_CORRECTED;
        cr_expect_eq(standing_take(&s, &r), TAKEN);
        cr_expect(s.n == 4 && s.items[3].value == NULL && s.items[3].number == 101 &&
                  s.n_gone == 0);
        arena_free(arena);
    }
}
