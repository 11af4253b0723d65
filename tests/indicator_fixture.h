/* indicator_fixture - indicators over a network of six centres by tables that stand in the test: tags are letters, each of a sample's code.
 *
 *     IndicatorBench b = {.reference = indicator_reference(LETTERS, ITEMS "I\tg\tshare\ta\tb\t\t\t\t\t\n", NULL, arena)};
 *     indicator_open(&b, months, arena);
 *     indicator_put(&b, "T1", "ab", 3, 0, -1);                     // three cases of the first month, not sent */
#ifndef SCREENLAB_TESTS_INDICATOR_FIXTURE_H
#define SCREENLAB_TESTS_INDICATOR_FIXTURE_H

#include "../lab/indicators.h"
#include "table_fixture.h"

#define TAGS "tag\tsource\tcode\titem\tanswer\tvalue\n"
#define LETTERS                                                                                    \
    TAGS "a\tsample\ta\t\t\t\nb\tsample\tb\t\t\t\nc\tsample\tc\t\t\t\nd\tsample\td\t\t\t\n"
#define ITEMS "id\tgroup\tkind\tnumerator\tdenominator\tneeds\tlow\thigh\tnumber\tsource\n"

static inline const Reference *indicator_reference(const char *tags, const char *items,
                                                   const char *people, Arena *arena)
{
    Reference *r = reference_new(arena, "test", true);
    fixture_network(r, "", arena);
    fixture_table(r, "care/tags", "local", tags, arena);
    fixture_table(r, "care/indicators", "local", items, arena);
    fixture_table(r, "care/suppression", "local", "key\tvalue\nleast\t5\n", arena);
    if (people != NULL) fixture_table(r, "people", "local", people, arena);
    fixture_finish(r);
    return r;
}

typedef struct IndicatorBench {
    const Reference *reference;
    IndicatorBook *book;
    IndicatorCounts *counts;
} IndicatorBench;

static inline void indicator_open(IndicatorBench *b, size_t months, Arena *arena)
{
    Note why = {0};
    cr_assert_eq(indicators_open(&b->book, b->reference, arena, &why), OK, "%s %s", why.code,
                 why.detail);
    b->counts = indicators_new(b->book, b->reference, months, arena);
}

static inline uint64_t indicator_tags(const IndicatorBench *b, const char *letters)
{
    uint64_t tags = 0;
    for (const char *p = letters; *p != '\0'; p++) {
        const char code[2] = {*p, '\0'};
        tags |= indicators_tag(
            b->book, &(TagEvent){.source = TAG_SAMPLE, .code = code, .item = "", .value = ""});
    }
    return tags;
}

static inline const Centre *indicator_centre(const IndicatorBench *b, const char *id)
{
    return centre_find(reference_centres(b->reference), id);
}

static inline void indicator_put(const IndicatorBench *b, const char *id, const char *letters,
                                 size_t n, size_t month, int days)
{
    const size_t at = (size_t)(indicator_centre(b, id) - reference_centres(b->reference)->items);
    for (size_t i = 0; i < n; i++)
        indicators_count(b->counts, &(TaggedCase){indicator_tags(b, letters), at, month, days});
}

#endif
