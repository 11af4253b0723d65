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
