/* Counts of a sample as one line of the ledger: they come back to the last read, and no text is taken that would not have been printed. */
#include "lab/bins.h"
#include "lab/variant.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static unsigned seed = 3;

static unsigned any(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return seed / 65536u % below;
}

/* The cells of a printed line; it begins with a tab. */
static size_t cells_of(const char **cells, const char *line, Arena *arena)
{
    size_t n = 0;
    char *copy = arena_copy(arena, line + 1);
    cr_assert_eq(line[0], '\t');
    for (char *p = copy; p != NULL && n < 20; n++) {
        char *tab = strchr(p, '\t');
        if (tab != NULL) *tab = '\0';
        cells[n] = p;
        p = tab != NULL ? tab + 1 : NULL;
    }
    return n;
}

static Bins *sample(uint32_t size, bool gc, bool shorts, Arena *arena)
{
    Bins *b = bins_new(BUILD_GRCH37, size, gc, shorts, arena);
    b->paired = gc;
    b->examined = 123456789012345678u;
    b->ambiguous = 7;
    b->duplicates = 0;
    b->filtered = 99;
    b->instrument = "nb-500.x_1+";
    b->aligner = "bwa";
    for (uint32_t i = 0; i < b->n; i++) {
        b->reads[i] = any(4) == 0 ? 0 : any(3000);
        if (i == 1) b->reads[i] = gc ? 40000000u : UINT32_MAX;
        if (gc) b->gc[i] = b->reads[i] / 100 * (30 + any(20)) + any(3);
        if (shorts) b->shorts[i] = any(50);
    }
    for (size_t i = 0; i < BINS_LENGTHS; i++)
        b->lengths[i] = any(100000);
    return b;
}

static bool same(const uint32_t *a, const uint32_t *b, size_t n)
{
    return a == NULL || b == NULL ? a == b : memcmp(a, b, n * sizeof *a) == 0;
}

Test(bins, what_was_counted_comes_back)
{
    for (int kind = 0; kind < 4; kind++) {
        Arena *arena = arena_new(NULL);
        const char *cells[20];
        Bins *back;
        const Bins *b = sample(1000000, kind & 1, kind & 2, arena);
        const char *line = bins_print(b, arena);
        cr_assert_eq(cells_of(cells, line, arena), 14U);
        cr_assert(bins_parse(&back, cells, 14, arena), "%d", kind);
        cr_expect(back->build == b->build && back->size == b->size && back->n == b->n &&
                  back->paired == b->paired && back->examined == b->examined &&
                  back->ambiguous == b->ambiguous && back->duplicates == b->duplicates &&
                  back->filtered == b->filtered);
        cr_expect_str_eq(back->instrument, b->instrument);
        cr_expect_str_eq(back->aligner, "bwa");
        cr_expect_str_eq(back->protocol, "");
        cr_expect(same(back->reads, b->reads, b->n) && same(back->gc, b->gc, b->n) &&
                      same(back->shorts, b->shorts, b->n) &&
                      same(back->lengths, b->lengths, BINS_LENGTHS),
                  "%d", kind);
        cr_expect_str_eq(bins_print(back, arena), line);
        cr_expect_eq(cells[11][0] == '-', !(kind & 1));
        cr_expect_eq(cells[12][0] == '-', !(kind & 2));
        arena_free(arena);
    }
}

/* Chromosomes lie one behind the other, each rounded up to whole bins. */
Test(bins, chromosomes_lie_one_behind_the_other)
{
    static const uint32_t sizes[] = {5000, 50000, 999983, 5000000};
    for (int build = BUILD_GRCH37; build <= BUILD_GRCH38; build++)
        for (size_t k = 0; k < COUNT(sizes); k++) {
            uint64_t first = 0;
            for (int chrom = 1; chrom <= AUTOSOMES + 1; chrom++) {
                cr_expect_eq(bins_first((Build)build, sizes[k], chrom), first, "%d", chrom);
                if (chrom > AUTOSOMES) break;
                const uint64_t length = (uint64_t)chrom_length((Build)build, chrom);
                while (length > (first - bins_first((Build)build, sizes[k], chrom)) * sizes[k])
                    first++;
            }
            Arena *arena = arena_new(NULL);
            cr_expect_eq(bins_new((Build)build, sizes[k], false, false, arena)->n, first);
            arena_free(arena);
        }
}

Test(bins, a_cell_that_was_never_printed_is_refused)
{
    static const struct {
        size_t cell;
        const char *text;
        bool good;
    } rows[] = {
        {0, "0", false}, /* no build */
        {0, "2", true},  /* another build has other bins: see below */
        {0, "3", false},
        {1, "4999", false},
        {1, "5000001", false},
        {2, "0", true},
        {2, "1", true},
        {2, "2", false},
        {3, "0", true},
        {3, "00", false},
        {3, "07", false},
        {3, "", false},
        {3, "-1", false},
        {3, "7x", false},
        {3, "999999999999999999", true},
        {3, "1000000000000000000", false}, /* nineteen digits */
        {6, "x", false},
        {6, "01", false},
        {7, "Upper", false},
        {7, "a b", false},
        {7, "", true},
        {8, "az09._+-", true},
        {9, "a/b", false},
        {9, "123456789012345678901234567890123456789012345678901234567890123", true},
        {9, "1234567890123456789012345678901234567890123456789012345678901234", false},
        {10, "-", false},
        {10, "", false},
        {11, "", false},
        {12, "", false},
        {13, "-", false},
        {13, "", false},
    };
    Arena *arena = arena_new(NULL);
    const char *line = bins_print(sample(5000000, true, true, arena), arena);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *cells[20];
        Bins *back;
        cr_assert_eq(cells_of(cells, line, arena), 14U);
        cells[rows[i].cell] = rows[i].text;
        if (rows[i].cell == 0 && rows[i].good) continue;
        cr_expect_eq(bins_parse(&back, cells, 14, arena), rows[i].good, "row %zu", i);
        cr_expect_not(bins_parse(&back, cells, 13, arena));
        cr_expect_not(bins_parse(&back, cells, 15, arena));
    }
    /* one value too few, one too many: the counts of another size of bins */
    const char *cells[20], *others[20];
    Bins *back;
    cr_assert_eq(cells_of(others, bins_print(sample(4900000, true, true, arena), arena), arena),
                 14U);
    for (size_t i = 10; i < 13; i++) {
        (void)cells_of(cells, line, arena);
        cells[i] = others[i];
        cr_expect_not(bins_parse(&back, cells, 14, arena), "cell %zu", i);
        (void)cells_of(cells, line, arena);
        cells[i] = cells[13]; /* of lengths there are 401 */
        cr_expect_not(bins_parse(&back, cells, 14, arena), "cell %zu", i);
    }
    arena_free(arena);
}
