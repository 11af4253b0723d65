/* Every row of the risk tables of ASCCP 2019 is reached by the woman whom its key describes: T1 to T5, her past, her HPV test, her cytology. */
#include "cervical_fixture.h"
#include "lab/assays/cervical_guideline.h"

#include <stdio.h>

enum { PARTS = 5 };

typedef struct Key {
    const char *part[PARTS]; /* "T4", "low", "none", "negative", "nilm" */
    size_t n;
} Key;

static Key key_of(const char *text, Arena *arena)
{
    Key k = {.n = 0};
    while (*text != '\0' && k.n < PARTS) {
        const size_t n = strcspn(text, ":");
        k.part[k.n++] = arena_copy_n(arena, text, n);
        text += n + (text[n] == ':');
    }
    return k;
}

static const char *hpv_text(const char *word)
{
    static const char *const words[][2] = {{"negative", "16=- 18=- o=-"},
                                           {"positive", "16=- 18=- o=+"},
                                           {"hpv16", "16=+ 18=- o=-"},
                                           {"hpv18", "16=- 18=+ o=-"}};
    for (size_t i = 0; i < 4; i++)
        if (strcmp(words[i][0], word) == 0) return words[i][1];
    return "";
}

/* A test of one day; "low" and "high" are groups: `member` of them. */
static const char *visit(const char *hpv, const char *cytology, size_t member, Arena *arena)
{
    static const char *const low[] = {"lsil", "asc_us", "lsil"}, *const high[] = {"asc_h", "agc",
                                                                                  "hsil"};
    if (strcmp(cytology, "low") == 0) cytology = low[member];
    if (strcmp(cytology, "high") == 0) cytology = high[member];
    if (strcmp(cytology, "all") == 0 || cytology[0] == '\0') return hpv_text(hpv);
    return arena_print(arena, "%s cyt=%s", hpv_text(hpv), cytology);
}

/* Adds what the tables call an earlier test, "hpv_positive/nilm", "cotest_negative_x2": newest in `year`; returns the year before it. */
static int past(char *history, size_t size, const char *word, int year, size_t member, Arena *arena)
{
    const size_t n = strlen(word);
    if (strcmp(word, "none") == 0) return year;
    const int times = n > 3 && strncmp(word + n - 3, "_x", 2) == 0 ? word[n - 1] - '0' : 1;
    for (int i = 0; i < times; i++, year--) {
        const char *slash = strchr(word, '/');
        const char *what =
            strncmp(word, "cotest_negative", 15) == 0 ? visit("negative", "nilm", 0, arena)
            : slash == NULL                           ? visit("negative", "all", 0, arena)
            : strncmp(word, "hpv_positive", 12) == 0  ? visit("positive", slash + 1, member, arena)
                                                      : visit("negative", slash + 1, member, arena);
        const size_t at = strlen(history);
        (void)snprintf(history + at, size - at, "%s%d-06-01 c%d %s", at > 0 ? "; " : "", year,
                       2030 - year, what);
    }
    return year;
}

static void add(char *history, size_t size, const char *text)
{
    const size_t at = strlen(history);
    (void)snprintf(history + at, size - at, "%s%s", at > 0 ? "; " : "", text);
}

/* The referring test of a biopsy of May: "hpv_positive/lsil", "hpv_positive/nilm_x2", "asc_h". */
static void referring(char *history, size_t size, const char *word, int year, Arena *arena)
{
    const bool twice = strcmp(word, "hpv_positive/nilm_x2") == 0, any = strcmp(word, "any") == 0;
    const char *slash = strchr(word, '/');
    const char *what = any || twice ? visit("positive", "nilm", 0, arena)
                       : slash      ? visit("positive", slash + 1, 0, arena)
                                    : arena_print(arena, "cyt=%s", word);
    add(history, size, arena_print(arena, "%d-05-01 c1 %s", year, what));
    if (twice) add(history, size, arena_print(arena, "%d-05-01 c2 %s", year - 1, what));
}

static Setting woman(const Key *k, size_t member, Arena *arena)
{
    enum { SIZE = 1024 };
    char *history = arena_alloc(arena, SIZE);
    const char *hpv = k->n > 2 ? k->part[k->n - 2] : "", *cytology = k->part[k->n - 1];
    Setting set = {.facts = "birth_date=2000-05-01", .history = history};
    history[0] = '\0';
    set.now = visit(hpv, cytology, member, arena);
    switch (k->part[0][1]) {
    case '1':
        (void)past(history, SIZE, k->part[1], 2025, member, arena);
        break;
    case '2':
        (void)past(history, SIZE, k->part[1], past(history, SIZE, k->part[2], 2025, member, arena),
                   member, arena);
        break;
    case '3':
        set.now = arena_print(arena, "his=%s", cytology);
        referring(history, SIZE, k->part[1], 2026, arena);
        break;
    case '4':
        (void)past(history, SIZE, k->part[2], 2025, member, arena);
        add(history, SIZE, "2022-05-15 c3 his=cin1");
        referring(history, SIZE, strcmp(k->part[1], "low") == 0 ? "hpv_positive/nilm" : "asc_h",
                  2022, arena);
        break;
    default:
        if (strcmp(cytology, "-") == 0) { /* "hpv_negative_x3": this test and those before it */
            const bool alone = strncmp(hpv, "hpv", 3) == 0;
            char *fewer = arena_copy(arena, hpv);
            fewer[strlen(fewer) - 1]--;
            set.now = visit("negative", alone ? "all" : "nilm", 0, arena);
            (void)past(history, SIZE, fewer, 2025, 0, arena);
        }
        add(history, SIZE, "2022-06-15 c4 treatment=excision; 2022-05-15 c3 his=cin2");
        break;
    }
    return set;
}

/* What the tables of common results say of her, whatever rule speaks before them. */
static const char *risk_row(const Setting *set, const Reference *r, Arena *arena)
{
    const Table *risks = reference_table(r, "cervical/asccp/risk");
    Sample *now = arena_alloc(arena, MOST * sizeof *now),
           *history = arena_alloc(arena, MOST * sizeof *history);
    Fact *facts = arena_alloc(arena, MOST * sizeof *facts);
    Case c = {.id = "c0",
              .offset_minutes = 480,
              .samples = now,
              .history = history,
              .facts = facts,
              .n_samples = add_samples(now, set->now, MATERIAL_CERVICAL, "S", arena),
              .n_history = add_samples(history, set->history, MATERIAL_CERVICAL, "H", arena),
              .n_facts = add_facts(facts, set->facts, arena)};
    const Question question = {date_from(2026, 6, 1), "common"};
    const Advice a = cervical_ask(&c, r, "asccp2019", &question, arena);
    return a.risk < 0 ? "" : table_cell(risks, (size_t)a.risk, 0);
}

Test(cervical_risk, every_row_has_its_woman)
{
    Arena *arena = arena_new(NULL), *scratch = arena_new(NULL);
    const Reference *r = shipped(arena);
    const Table *t = reference_table(r, "cervical/asccp/risk");
    size_t unmanaged = 0;
    cr_assert_not_null(t);
    for (size_t i = 0; i < t->n_rows; i++) {
        const char *name = table_cell(t, i, 0);
        const bool managed = table_get(t, i, "action")[0] != '\0';
        const Key k = key_of(name, arena);
        bool hers = false;
        for (size_t member = 0; member < 3 && !hers; member++) {
            arena_reset(scratch);
            const Setting set = woman(&k, member, scratch);
            const char *row = risk_row(&set, r, scratch);
            hers = strcmp(row, name) == 0;
            cr_expect(hers || member < 2 || !managed, "%s: now %s, before %s: %s", name, set.now,
                      set.history, row);
        }
        unmanaged += managed ? 0 : 1;
        cr_expect(managed || !hers, "%s asks for nothing", name);
    }
    cr_expect_eq(unmanaged, 3U);
    arena_free(scratch);
    arena_free(arena);
}
