/* cervical_rounds - what does the cervical assay say about a woman's results, date by date?
 *
 *     cervical_rounds REFERENCE < women.tsv
 *
 * One woman a line: id, birth date, then events "YYYY-MM-DD code=value" in any order, all
 * separated by tabs. Results of one date are one sample and one case; the newest is judged, the
 * others are her history. Prints id, recommendation, answer, table, row. */
#include "../../lab/assays/assay.h"
#include "../../pipeline/release.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EVENTS = 64, DATE_LENGTH = 10 };

static Sample *sample_on(Sample *samples, size_t *n, const char *date, Arena *arena)
{
    Instant at;
    if (!instant_parse(&at, date, 480)) return NULL;
    for (size_t i = 0; i < *n; i++)
        if (samples[i].collected == at) return &samples[i];
    Sample *s = &samples[(*n)++];
    *s = (Sample){.person = "P",
                  .id = date,
                  .case_id = date,
                  .revision = 1,
                  .subject = SUBJECT_WOMAN,
                  .material = MATERIAL_CERVICAL,
                  .assay = "cervical",
                  .collected = at};
    s->evidence.results = arena_alloc(arena, MOST_EVENTS * sizeof *s->evidence.results);
    return s;
}

/* "YYYY-MM-DD code=value"; false = not of that form. */
static bool add_event(Sample *samples, size_t *n, char *text, Arena *arena)
{
    char *equals = strchr(text, '=');
    if (strlen(text) <= DATE_LENGTH || text[DATE_LENGTH] != ' ' || equals == NULL) return false;
    text[DATE_LENGTH] = *equals = '\0';
    Sample *s = sample_on(samples, n, text, arena);
    if (s == NULL) return false;
    s->evidence.results[s->evidence.n_results++] = (Result){.specimen = "",
                                                            .code = text + DATE_LENGTH + 1,
                                                            .value = equals + 1,
                                                            .unit = "",
                                                            .time = INSTANT_NONE};
    return true;
}

static int newest_first(const void *a, const void *b)
{
    Instant x = ((const Sample *)a)->collected, y = ((const Sample *)b)->collected;
    return (x < y) - (x > y);
}

static bool judge_line(char *line, const Reference *reference, Arena *arena)
{
    char *cursor = line, *id = NULL, *born = NULL, *field;
    Sample *samples = arena_alloc(arena, MOST_EVENTS * sizeof *samples);
    size_t n = 0;
    line[strcspn(line, "\n")] = '\0';
    for (size_t f = 0; cursor != NULL && f < MOST_EVENTS; f++) {
        field = cursor;
        cursor = strchr(cursor, '\t');
        if (cursor != NULL) *cursor++ = '\0';
        if (f == 0)
            id = field;
        else if (f == 1)
            born = field;
        else if (field[0] != '\0' && !add_event(samples, &n, field, arena))
            return false;
    }
    if (born == NULL || n == 0) return false;
    qsort(samples, n, sizeof *samples, newest_first);
    Fact fact = {.owner = SUBJECT_WOMAN,
                 .code = "birth_date",
                 .value = born,
                 .number = NAN,
                 .time = INSTANT_NONE};
    Case c = {.id = samples[0].case_id,
              .samples = samples,
              .n_samples = 1,
              .history = samples + 1,
              .n_history = n - 1,
              .facts = &fact,
              .n_facts = 1,
              .offset_minutes = 480};
    Findings out = {.arena = arena};
    if (assay_find("cervical")->interpret(&out, &c, reference, arena, NULL) != OK) return false;
    for (size_t i = 0; i < out.n; i++)
        if (strcmp(out.items[i].code, "cervical.recommendation") == 0)
            (void)printf("%s\t%s\t%s\t%s\t%s\n", id, out.items[i].detail,
                         answer_code(out.items[i].answer), out.items[i].table, out.items[i].row);
    return true;
}

int main(int argc, char **argv)
{
    Arena *arena = arena_new(NULL), *scratch = arena_new(NULL);
    Reference *reference = NULL;
    Note why = {.code = "usage"};
    char line[16384];
    if (argc != 2 || release_open(&reference, argv[1], false, arena, &why) != OK) {
        (void)fprintf(stderr, "%s %s %s\n", why.code, why.file, why.detail);
        return 2;
    }
    int rc = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        arena_reset(scratch);
        if (!judge_line(line, reference, scratch)) {
            (void)fprintf(stderr, "not understood: %s\n", line);
            rc = 1;
        }
    }
    arena_free(scratch);
    arena_free(arena);
    return rc;
}
