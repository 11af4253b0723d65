#include "abif_writer.h"
#include "pipeline/readers/abif_directory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static const int32_t trace[] = {0, 5, -3, 32767, -32768, 12, 7};
enum { N_TRACE = sizeof trace / sizeof *trace, ENTRIES = 8 };

/* DATA 1, DATA 105, Dye# 1, StdF 1, OfSc 1, Peak 12 (double), S/N% 1 (float), DyeB 1 (char). */
static AbifWriter small_file(unsigned version)
{
    static const unsigned char doubles[] = {0x40, 0x59, 0, 0, 0, 0, 0, 0,
                                            0x7f, 0xf8, 0, 0, 0, 0, 0, 0};
    static const unsigned char single[] = {0x3f, 0x80, 0, 0};
    static const int32_t five = 5, off[] = {70000, 70001};
    AbifWriter w = {0};
    writer_start(&w, version);
    writer_shorts(&w, "DATA", 1, trace, N_TRACE);
    writer_shorts(&w, "DATA", 105, trace, 2);
    writer_shorts(&w, "Dye#", 1, &five, 1);
    writer_text(&w, "StdF", 1, " GS500(-250)LIZ ");
    writer_longs(&w, "OfSc", 1, off, 2);
    writer_put(&w, "Peak", 12, 8, 8, 2, doubles);
    writer_put(&w, "S/N%", 1, 7, 4, 1, single);
    writer_put(&w, "DyeB", 1, 2, 1, 1, (const unsigned char *)"S");
    writer_finish(&w);
    return w;
}

/* Parses an exact copy, so that a sanitizer sees one byte too far. */
static Status parse(AbifFile *f, const unsigned char *bytes, size_t n, Arena *arena, Note *why)
{
    unsigned char *copy = arena_alloc(arena, n + 1);
    memcpy(copy, bytes, n);
    return abif_parse(f, copy, n, arena, (Place){0}, why);
}

Test(abif, values_come_back)
{
    static const unsigned versions[] = {101, 300};
    for (size_t v = 0; v < 2; v++) {
        Arena *a = arena_new(NULL);
        AbifFile f = {0};
        Note why = {0};
        AbifWriter w = small_file(versions[v]);
        cr_assert_eq(parse(&f, w.bytes, w.n, a, &why), OK, "%s %s", why.code, why.field);
        cr_expect_eq(f.n_tags, ENTRIES);
        cr_expect_not(f.hid);
        const AbifTag *t = abif_find(&f, "DATA", 1);
        cr_assert_not_null(t);
        cr_expect_eq(t->count, N_TRACE);
        for (uint32_t i = 0; i < N_TRACE; i++)
            cr_expect_eq(abif_integer(t, i), trace[i], "scan %u", i);
        cr_expect_eq(abif_integer(t, N_TRACE), 0, "past the end");
        cr_expect(isnan(abif_number(t, N_TRACE)));
        cr_expect_eq(abif_integer(abif_find(&f, "Dye#", 1), 0), 5, "inside the entry");
        cr_expect_eq(abif_integer(abif_find(&f, "OfSc", 1), 1), 70001);
        cr_expect_str_eq(abif_text(abif_find(&f, "StdF", 1), a), "GS500(-250)LIZ");
        cr_expect_str_eq(abif_text(abif_find(&f, "DyeB", 1), a), "S");
        cr_expect_str_eq(abif_text(t, a), "", "numbers are no text");
        cr_expect_eq(abif_number(abif_find(&f, "Peak", 12), 0), 100.0);
        cr_expect(isnan(abif_number(abif_find(&f, "Peak", 12), 1)), "a NaN stays one");
        cr_expect_eq(abif_number(abif_find(&f, "S/N%", 1), 0), 1.0);
        cr_expect_null(abif_find(&f, "DATA", 2));
        cr_expect_null(abif_find(&f, "DAT", 1));
        free(w.bytes);
        arena_free(a);
    }
}

Test(abif, every_truncation_is_refused)
{
    AbifWriter w = small_file(101);
    Arena *a = arena_new(NULL);
    for (size_t n = 0; n < w.n; n++) {
        AbifFile f = {0};
        Note why = {0};
        cr_expect_neq(parse(&f, w.bytes, n, a, &why), OK, "%zu of %zu bytes", n, w.n);
        cr_expect_not_null(why.code, "%zu bytes", n);
        arena_reset(a);
    }
    free(w.bytes);
    arena_free(a);
}

Test(abif, every_single_byte_changed_is_read_or_refused)
{
    AbifWriter w = small_file(101);
    Arena *a = arena_new(NULL);
    for (size_t at = 0; at < w.n; at++)
        for (unsigned v = 0; v < 256; v += 51) {
            unsigned char was = w.bytes[at];
            AbifFile f = {0};
            Note why = {0};
            double sum = 0;
            w.bytes[at] = (unsigned char)v;
            if (parse(&f, w.bytes, w.n, a, &why) == OK)
                for (size_t t = 0; t < f.n_tags; t++)
                    for (uint32_t i = 0; i < f.tags[t].count && i < 100; i++)
                        sum += abif_integer(&f.tags[t], i) + (double)*abif_text(&f.tags[t], a);
            w.bytes[at] = was;
            cr_expect(!isnan(sum));
            arena_reset(a);
        }
    free(w.bytes);
    arena_free(a);
}

/* `bytes` at `offset` of entry `entry`: what makes of a good file a bad one. */
static const struct {
    size_t entry, offset;
    const char *bytes;
    size_t n;
    Status status;
    const char *code, *field;
} damages[] = {
    {0, 12, "\x7f\xff\xff\xff", 4, BAD_INPUT, "abif.tag", "DATA 1"}, /* count */
    {0, 12, "\x80\0\0\x07", 4, BAD_INPUT, "abif.tag", "DATA 1"},     /* 2 x count wraps */
    {0, 16, "\xff\xff\xff\xff", 4, BAD_INPUT, "abif.tag", "DATA 1"}, /* size */
    {0, 20, "\xff\xff\xff\xff", 4, BAD_INPUT, "abif.tag", "DATA 1"}, /* place */
    {0, 20, "\x7f\xff\xff\xff", 4, BAD_INPUT, "abif.tag", "DATA 1"},
    {0, 8, "\0\x05", 2, BAD_INPUT, "abif.tag", "DATA 1"},       /* type against item */
    {1, 10, "\0\0", 2, BAD_INPUT, "abif.tag", "DATA 105"},      /* item of no bytes */
    {1, 0, "\x01", 1, BAD_INPUT, "abif.tag", ""},               /* no printable name */
    {1, 4, "\0\0\0\x01", 4, BAD_INPUT, "abif.twice", "DATA 1"}, /* named twice */
    {4, 20, "DIR", 4, BAD_INPUT, "abif.overlap", "OfSc 1"},     /* into the directory */
    {5, 20, "DIR", 4, BAD_INPUT, "abif.overlap", "Peak 12"},
};

Test(abif, damaged_entries_are_named)
{
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        Arena *a = arena_new(NULL);
        AbifFile f = {0};
        Note why = {0};
        AbifWriter w = small_file(101);
        unsigned char *at = writer_entry(&w, damages[i].entry) + damages[i].offset;
        if (strcmp(damages[i].bytes, "DIR") == 0)
            writer_be(at, (uint32_t)w.directory, 4);
        else
            memcpy(at, damages[i].bytes, damages[i].n);
        cr_expect_eq(parse(&f, w.bytes, w.n, a, &why), damages[i].status, "row %zu", i);
        cr_assert_not_null(why.code, "row %zu", i);
        cr_expect_str_eq(why.code, damages[i].code, "row %zu: %s", i, why.code);
        cr_expect_str_eq(why.field, damages[i].field, "row %zu: %s", i, why.field);
        cr_expect_eq(f.n_tags, 0, "row %zu: nothing is handed out", i);
        free(w.bytes);
        arena_free(a);
    }
}

static const struct {
    size_t at;
    uint32_t value;
    size_t bytes;
    Status status;
    const char *code;
} headers[] = {
    {0, 'X', 1, BAD_INPUT, "abif.magic"},
    {4, 200, 2, REFUSED, "abif.version"},
    {4, 400, 2, REFUSED, "abif.version"},
    {4, 0, 2, REFUSED, "abif.version"},
    {18, 0, 4, BAD_INPUT, "abif.directory"},
    {18, 4097, 4, BAD_INPUT, "abif.directory"},
    {18, 0xffffffff, 4, BAD_INPUT, "abif.directory"},
    {18, ENTRIES + 1, 4, BAD_INPUT, "abif.directory"},
    {26, 0xffffffff, 4, BAD_INPUT, "abif.directory"},
    {26, 0x7fffffff, 4, BAD_INPUT, "abif.directory"},
};

Test(abif, headers)
{
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        Arena *a = arena_new(NULL);
        AbifFile f = {0};
        Note why = {0};
        AbifWriter w = small_file(101);
        writer_be(w.bytes + headers[i].at, headers[i].value, headers[i].bytes);
        cr_expect_eq(parse(&f, w.bytes, w.n, a, &why), headers[i].status, "row %zu", i);
        cr_expect_str_eq(why.code, headers[i].code, "row %zu: %s", i, why.code);
        free(w.bytes);
        arena_free(a);
    }
}

/* A scrambled outer directory; the plain one stands before it. */
Test(abif, a_scrambled_directory_is_looked_through)
{
    Arena *a = arena_new(NULL);
    AbifFile f = {0};
    Note why = {0};
    AbifWriter w = small_file(101);
    size_t outer = writer_room(&w, 2 * WRITER_ENTRY);
    memset(w.bytes + outer, 0xee, 2 * WRITER_ENTRY);
    writer_be(w.bytes + outer + 8, 28, 2);
    writer_be(w.bytes + 18, 2, 4);
    writer_be(w.bytes + 26, (uint32_t)outer, 4);
    cr_assert_eq(parse(&f, w.bytes, w.n, a, &why), OK, "%s", why.code);
    cr_expect(f.hid);
    cr_expect_eq(f.n_tags, ENTRIES);
    cr_expect_eq(abif_integer(abif_find(&f, "DATA", 1), 3), 32767);
    memcpy(writer_entry(&w, 0), "ATAD", 4);
    memcpy(writer_entry(&w, 1), "ATAD", 4);
    cr_expect_eq(parse(&f, w.bytes, w.n, a, &why), BAD_INPUT, "no DATA entry anywhere");
    cr_expect_str_eq(why.code, "abif.directory");
    free(w.bytes);
    arena_free(a);
}
