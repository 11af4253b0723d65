/* Karyotypes that come back: thousands that are put together from items whose meaning is known, and each rule on its boundary. */
#include "arena_suite.h"
#include "chance.h"
#include "lab/sex.h"

#include <stdio.h>
#include <string.h>

ARENA_SUITE(sex_karyotype);

typedef struct Item {
    const char *written, *kept; /* kept "" = not understood */
    int gain;
} Item;

static const Item ITEMS[] = {
    {"+21", "+21", 1},
    {"+1", "+1", 1},
    {"+22", "+22", 1},
    {"-13", "-13", -1},
    {"t(9;22)(q34;q11.2)", "t(9;22)", 0},
    {"t(1;2;3)(p1;q2;q3)", "t(1;2;3)", 0},
    {"t(9;22)(q34,q11)", "t(9;22)", 0}, /* a comma between parentheses parts nothing */
    {"del(5)(p15.2)", "del(5)", 0},
    {"dup(1)(q21q31)", "dup(1)", 0},
    {"inv(9)(p12q13)", "inv(9)", 0},
    {"ins(5;2)(p14;q22q32)", "ins(5;2)", 0},
    {"add(19)(p13)", "add(19)", 0},
    {"i(17)(q10)", "i(17)", 0},
    {"i(13;14)", "i(13;14)", 0},
    {"r(20)", "r(20)", 0},
    {"der(1)t(1;3)(p3;q2)", "der(1)", 0},
    {"der(13;14)(q10;q10)", "der(13;14)", -1}, /* one that stands for two */
    {"rob(14;21)(q10;q10)", "rob(14;21)", -1},
    {"+der(22)t(11;22)(q23;q11)", "+der(22)", 1},
    {"+der(14;21)(q10;q10)", "+der(14;21)", 1},
    {"-del(5)(p14)", "-del(5)", -1},
    {"+mar", "", 0},
    {"+23", "", 0},
    {"+0", "", 0},
    {"+121", "", 0},
};
enum { N_ITEMS = sizeof ITEMS / sizeof *ITEMS, UNDERSTOOD = N_ITEMS - 4 };

static const struct {
    const char *written;
    int count; /* -1 = not asked */
} SEXES[] = {{"XX", 2},   {"XY", 2}, {"X", 1},  {"XXY", 3}, {"Y", 1},   {"XXXXY", 5},
             {"XN", -1},  {"N", -1}, {"U", -1}, {"?", -1},  {"X?", -1}, {"X,idic(Y)(q11.2)", -1},
             {"Y,+X", -1}};

typedef struct Clone {
    char text[600], kept[400];
    int gains;
    size_t n;
    bool other;
} Clone;

static void make(Clone *c, size_t most)
{
    char items[500] = "";
    *c = (Clone){.n = 0};
    for (uint32_t left = chance((uint32_t)most + 1); left > 0; left--) {
        const Item *item = &ITEMS[chance(chance(6) ? UNDERSTOOD : N_ITEMS)];
        (void)snprintf(items + strlen(items), sizeof items - strlen(items), "%s%s",
                       chance(2) ? "," : ", ", item->written);
        c->gains += item->gain;
        c->other = c->other || item->kept[0] == '\0';
        if (item->kept[0] == '\0') continue;
        (void)snprintf(c->kept + strlen(c->kept), sizeof c->kept - strlen(c->kept), ",%s",
                       item->kept);
        c->n++;
    }
    const size_t sex = chance(sizeof SEXES / sizeof *SEXES);
    const int wrong = chance(5) == 0 ? (int)chance(3) - 1 : 0;
    const int stated = 44 + (SEXES[sex].count < 0 ? 2 : SEXES[sex].count) + c->gains + wrong;
    if (wrong != 0 && SEXES[sex].count >= 0) c->other = true;
    (void)snprintf(c->text, sizeof c->text, "%d,%s%s%s", stated, SEXES[sex].written, items,
                   chance(3) ? "" : "[12]");
}

Test(sex_karyotype, put_together_and_read)
{
    for (int round = 0; round < 6000; round++) {
        Clone clones[3];
        const size_t n = 1 + chance(3) * chance(2);
        char given[2000] = "", wanted[800];
        size_t most = 0;
        bool mosaic = false, other = false;
        if (n > 1 && chance(2))
            (void)snprintf(given, sizeof given, "%s", chance(2) ? "mos " : "chi");
        for (size_t i = 0; i < n; i++) {
            make(&clones[i], chance(3) ? 3 : 1);
            if (i > 0 && chance(3) == 0) clones[i] = clones[0];
            (void)snprintf(given + strlen(given), sizeof given - strlen(given), "%s%s",
                           i > 0 ? "/" : "", clones[i].text);
            if (clones[i].n > clones[most].n) most = i;
            mosaic = mosaic || strcmp(clones[i].kept, clones[0].kept) != 0;
            other = other || clones[i].other;
        }
        (void)snprintf(wanted, sizeof wanted, "%s%d,XN%s%s", mosaic ? "mos " : "",
                       46 + clones[most].gains, clones[most].kept, other ? ",other" : "");
        cr_assert_str_eq(sex_karyotype(given, arena), wanted, "%s gives %s", given,
                         sex_karyotype(given, arena));
        if (round % 100 == 99) arena_reset(arena);
    }
}

/* Items one by one, of a woman's cells, with the number that they make and with others. */
Test(sex_karyotype, numbers_must_add_up)
{
    for (size_t i = 0; i < N_ITEMS; i++)
        for (int stated = 40; stated < 52; stated++) {
            const int number = 46 + ITEMS[i].gain;
            const bool good = stated == number && ITEMS[i].kept[0] != '\0';
            const char *given = arena_print(arena, "%d,XX,%s", stated, ITEMS[i].written);
            const char *wanted =
                arena_print(arena, "%d,XN%s%s%s", number, ITEMS[i].kept[0] ? "," : "",
                            ITEMS[i].kept, good ? "" : ",other");
            cr_expect_str_eq(sex_karyotype(given, arena), wanted, "%s gives %s", given,
                             sex_karyotype(given, arena));
        }
    static const char *const rows[][2] = {
        {"046,XX", "46,XN"},
        {"0046,XX", "46,XN,other"},
        {"46", "46,XN,other"},
        {"XX", "46,XN,other"},
        {"46,,XX", "46,XN,other"},
        {"45~47,XX", "46,XN,other"},
        {"45~47,XN", "46,XN"},
        {"<46>,XN", "46,XN"},
        {"46,XX,t(9;22", "46,XN,other"},
        {"46,XX,t(9;22))", "46,XN,t(9;22),other"},
        {"46,XX,)t(9;22)", "46,XN,other"},
        {"46,X,X", "46,XN"},
        {"46,X,Y", "46,XN"},
        {"47,XX,Y", "46,XN"},
        {"46,xx", "46,XN"},
        {"46,XX,t", "46,XN,other"},
        {"46,XX,t(", "46,XN,other"},
        {"46,XX,t()", "46,XN,other"},
        {"46,XX,t(1)", "46,XN,t(1)"},
        {"46,XX,t(1;)", "46,XN,other"},
        {"46,XX,t(;1)", "46,XN,other"},
        {"46,XX,t(1;22;)", "46,XN,other"},
        {"46,XX,t(01)", "46,XN,other"},
        {"46,XX,t(1:2)", "46,XN,other"},
        {"46,XX,t[1]", "46,XN,other"},
        {"46,XX,t1", "46,XN,other"},
        {"46,XX,t(22)", "46,XN,t(22)"},
        {"46,XX,t(23)", "46,XN,other"},
        {"46,XX,t(122)", "46,XN,other"},
        {"46,XX,+", "46,XN,other"},
        {"46,XX,-", "46,XN,other"},
        {"47,XX,+21 ", "47,XN,+21"},
        {"47,XX,+21p", "46,XN,other"},
        {"47,XX,21", "46,XN,other"},
        {"46,XX,?", "46,XN"},
        {"mos", "46,XN,other"},
        {"mo46,XX", "46,XN,other"},
        {"chi46,XX", "46,XN"},
        {"46,XX/", "46,XN,other"},
        {"/46,XX", "46,XN,other"},
        {"[3]46,XX", "46,XN,other"},
        {"46,XX[3],+21", "46,XN,other"},
        {"46,XX[3", "46,XN,other"},
        {"46,XX[3]4", "46,XN,other"},
        {"47,XX,+21[3]", "47,XN,+21"},
        {"47,XX,+21/46,XX/47,XX,+21", "mos 47,XN,+21"},
        {"46,XX/46,XX/47,XX,+8", "mos 47,XN,+8"},
        {"47,XX,+8/47,XX,+8/46,XX", "mos 47,XN,+8"},
        {"47,XX,+8/46,XX,t(1;2)", "mos 47,XN,+8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int male = 0; male < 2; male++) { /* the twin of the other sex reads the same */
            char *given = arena_copy(arena, rows[i][0]);
            for (char *at = given; male && (at = strstr(at, "XX")) != NULL;)
                at[1] = 'Y';
            cr_expect_str_eq(sex_karyotype(given, arena), rows[i][1], "%s gives %s", given,
                             sex_karyotype(given, arena));
        }
}

/* Twelve items of 23 signs are kept, and what is more is told as not understood. */
Test(sex_karyotype, as_many_items_as_are_kept)
{
    for (int n = 10; n < 16; n++) {
        const char *given = arena_print(arena, "46,XX"), *kept = "";
        for (int i = 1; i <= n; i++) {
            given = arena_print(arena, "%s,r(%d)", given, i);
            if (i <= 12) kept = arena_print(arena, "%s,r(%d)", kept, i);
        }
        cr_expect_str_eq(sex_karyotype(given, arena),
                         arena_print(arena, "46,XN%s%s", kept, n > 12 ? ",other" : ""), "%d", n);
    }
    static const char *const long_ones[] = {"t(1;2;3;4;5;6;7;8;9;10)",
                                            "t(1;2;3;4;5;6;7;8;10;11)"}; /* 23 and 24 */
    for (size_t i = 0; i < 2; i++)
        cr_expect_str_eq(sex_karyotype(arena_print(arena, "46,XX,%s", long_ones[i]), arena),
                         i == 0 ? arena_print(arena, "46,XN,%s", long_ones[i]) : "46,XN,other");
}
