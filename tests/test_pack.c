#include "lab/pack.h"

#include <criterion/criterion.h>
#include <string.h>

/* What was packed comes back, at every length of a number and on both sides of each step. */
Test(pack, numbers_come_back)
{
    static const uint32_t numbers[] = {
        0,     1,       127,     128,   129,     255,      256,       16383,       16384,
        16385, 2097151, 2097152, 49152, 2130706, 1U << 28, 268435455, 2147483648U, UINT32_MAX};
    static const int64_t wholes[] = {0,   1,    -1,   63,    64,         -64,        -65,
                                     128, -128, 8191, -8193, 2147483647, -2147483647};
    enum { N = sizeof numbers / sizeof *numbers, M = sizeof wholes / sizeof *wholes };
    Arena *arena = arena_new(NULL);
    Pack p = {.arena = arena};
    for (size_t i = 0; i < N; i++)
        pack_number(&p, numbers[i]);
    for (size_t i = 0; i < M; i++)
        pack_signed(&p, wholes[i]);
    Unpack u;
    cr_assert(unpack_open(&u, pack_text(&p), arena));
    for (size_t i = 0; i < N; i++)
        cr_expect_eq(unpack_number(&u), numbers[i], "%u", numbers[i]);
    for (size_t i = 0; i < M; i++)
        cr_expect_eq(unpack_signed(&u), wholes[i], "%ld", (long)wholes[i]);
    cr_expect(unpack_done(&u));
    cr_expect_eq(unpack_number(&u), 0U);
    cr_expect(!unpack_done(&u), "a number behind the end");
    arena_free(arena);
}

static const struct {
    const char *what;
    unsigned char bytes[8];
    size_t n;
    bool good;
    uint32_t value;
} sequences[] = {
    {"one byte", {127}, 1, true, 127},
    {"two bytes", {128, 1}, 2, true, 128},
    {"the largest", {255, 255, 255, 255, 15}, 5, true, UINT32_MAX},
    {"nothing", {0}, 0, false, 0},
    {"cut", {128}, 1, false, 0},
    {"cut later", {255, 255}, 2, false, 0},
    {"overlong", {129, 0}, 2, false, 0},
    {"overlong zero", {128, 0}, 2, false, 0},
    {"one too large", {128, 128, 128, 128, 16}, 5, false, 0},
    {"too large", {255, 255, 255, 255, 127}, 5, false, 0},
    {"six bytes", {128, 128, 128, 128, 128, 1}, 6, false, 0},
    {"a number and a byte more", {5, 6}, 2, false, 5},
};

Test(pack, one_way_to_write_a_number)
{
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        Unpack u;
        cr_assert(unpack_open(&u, base64_print(sequences[i].bytes, sequences[i].n, arena), arena));
        cr_expect_eq(unpack_number(&u), sequences[i].value, "%s", sequences[i].what);
        cr_expect_eq(unpack_done(&u), sequences[i].good, "%s", sequences[i].what);
    }
    arena_free(arena);
}

/* RFC 4648 section 10, in the alphabet of section 5 and without padding. */
Test(pack, base64)
{
    static const char *const pairs[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xff\xef\xbe", "_---"}};
    static const char *const bad[] = {"Z",     "Zg=",  "Zg==", "Zh",      "Zm9",
                                      "Zm9v ", "Zm+v", "Zm/v", "Zm9vYmF", "Zm9vY"};
    Arena *arena = arena_new(NULL);
    unsigned char *bytes;
    size_t size;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const size_t n = strlen(pairs[i][0]);
        cr_expect_str_eq(base64_print((const unsigned char *)pairs[i][0], n, arena), pairs[i][1]);
        cr_assert(base64_parse(&bytes, &size, pairs[i][1], arena), "%s", pairs[i][1]);
        cr_expect(size == n && memcmp(bytes, pairs[i][0], n) == 0, "%s", pairs[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect(!base64_parse(&bytes, &size, bad[i], arena), "%s", bad[i]);
    arena_free(arena);
}

/* Every sign of the alphabet at each of its four places, and nothing else. */
Test(pack, each_sign_of_the_alphabet)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    Arena *arena = arena_new(NULL);
    unsigned char *bytes;
    size_t size;
    for (unsigned v = 0; v < 64; v++)
        for (int place = 0; place < 4; place++) {
            char text[] = "AAAA";
            text[place] = signs[v];
            const uint32_t wanted = v << (18 - 6 * place);
            cr_assert(base64_parse(&bytes, &size, text, arena), "%s", text);
            cr_expect_eq(size, 3U);
            cr_expect_eq((uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2], wanted,
                         "%s", text);
            cr_expect_str_eq(base64_print(bytes, 3, arena), text);
        }
    for (unsigned c = 1; c < 256; c++) {
        const char text[] = {'A', (char)c, 'A', 'A', '\0'};
        cr_expect_eq(base64_parse(&bytes, &size, text, arena), strchr(signs, (int)c) != NULL, "%u",
                     c);
    }
    arena_free(arena);
}

/* A curve is its differences, whatever its length; what leaves its bounds is refused where it leaves them. */
Test(pack, curves_are_differences)
{
    static const size_t lengths[] = {0, 1, 2, 127, 128, 129, 255, 256, 257, 5000};
    static int32_t y[5000], back[5000];
    for (size_t i = 0; i < 5000; i++)
        y[i] = i % 7 == 0   ? INT32_MAX - 1000000 - (int32_t)i
               : i % 5 == 0 ? -1000000
                            : (int32_t)(i * i % 301) - 150;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        const size_t n = lengths[k];
        Arena *arena = arena_new(NULL);
        Pack curve = {.arena = arena}, one = {.arena = arena};
        pack_curve(&curve, y, n);
        for (size_t i = 0; i < n; i++)
            pack_signed(&one, (int64_t)y[i] - (i > 0 ? y[i - 1] : 0));
        cr_expect_str_eq(pack_text(&curve), pack_text(&one), "%zu", n);
        Unpack u;
        cr_assert(unpack_open(&u, pack_text(&curve), arena));
        unpack_curve(back, n, -1000000, &u);
        cr_expect(unpack_done(&u), "%zu", n);
        cr_expect_eq(memcmp(y, back, n * sizeof *y), 0, "%zu", n);
        arena_free(arena);
    }
    static const struct {
        int64_t steps[3];
        int32_t least;
        bool good;
    } rows[] = {{{-5, 1, 1}, -5, true},        {{-5, 1, 1}, -4, false},
                {{0, 0, -6}, -5, false},       {{INT32_MAX, 0, -1}, 0, true},
                {{INT32_MAX, 1, 0}, 0, false}, {{1, INT32_MAX, -3}, 0, false},
                {{7, -7, 0}, 0, true},         {{7, -8, 8}, 0, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Pack p = {.arena = arena};
        for (int k = 0; k < 3; k++)
            pack_signed(&p, rows[i].steps[k]);
        Unpack u;
        cr_assert(unpack_open(&u, pack_text(&p), arena));
        unpack_curve(back, 3, rows[i].least, &u);
        cr_expect_eq(unpack_done(&u), rows[i].good, "row %zu", i);
        arena_free(arena);
    }
}
