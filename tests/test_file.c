#include "pipeline/file.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int folder;
static Arena *arena;

static void set_up(void)
{
    char path[TEMPORARY];
    temporary_folder(path, "file");
    cr_assert_eq(file_open_folder(&folder, path, NULL), OK);
    arena = arena_new(NULL);
}

static void put(const char *name, const char *text)
{
    cr_assert_eq(file_write(folder, name, text, strlen(text), NULL), OK);
}

static bool exists(const char *name)
{
    return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Test(file, names)
{
    static const struct {
        const char *name;
        bool ok;
    } rows[] = {
        {"S2026000123.vcf.gz", true},
        {"a", true},
        {"A_b-c.1", true},
        {"", false},
        {".hidden", false},
        {"-rf", false},
        {"a/b", false},
        {"../a", false},
        {"a..b", false},
        {"http:x", false},
        {"a b", false},
        {"a\nb", false},
        {"\xe6\xa0\xb7.csv", false},
        {"_a", false},
        {NULL, false},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "01234567890",
         true},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901",
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(file_name_ok(rows[i].name), rows[i].ok, "row %zu", i);
}

Test(file, only_regular_files_within_the_ceiling_open, .init = set_up)
{
    put("plain", "12345");
    cr_assert_eq(symlinkat("plain", folder, "link"), 0);
    cr_assert_eq(mkdirat(folder, "sub", 0700), 0);
    cr_assert_eq(mkfifoat(folder, "pipe", 0600), 0);
    static const struct {
        const char *name;
        int64_t ceiling;
        Status status;
        const char *code;
    } rows[] = {
        {"plain", 5, OK, ""},
        {"plain", 4, TOO_LARGE, "file.too_large"},
        {"link", 99, REFUSED, "file.link"},
        {"sub", 99, REFUSED, "file.not_regular"},
        {"pipe", 99, REFUSED, "file.not_regular"},
        {"absent", 99, NOT_FOUND, "file.missing"},
        {"../plain", 99, REFUSED, "file.name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int fd = -1;
        Note why = {.code = ""};
        Place place = {.file = "results.csv", .row = 7};
        cr_expect_eq(file_open(&fd, folder, rows[i].name, rows[i].ceiling, place, &why),
                     rows[i].status, "row %zu", i);
        cr_expect_str_eq(why.code, rows[i].code, "row %zu", i);
        cr_expect_eq(fd >= 0, rows[i].status == OK, "row %zu", i);
        cr_expect(rows[i].status == OK || why.row == 7, "row %zu", i);
    }
}

Test(file, content_and_checksum, .init = set_up)
{
    put("abc", "abc");
    int fd;
    char hex[SHA256_HEX];
    Content content;
    cr_assert_eq(file_open(&fd, folder, "abc", 3, (Place){0}, NULL), OK);
    cr_assert_eq(file_sha256(hex, fd, (Place){0}, NULL), OK);
    /* FIPS 180-2, appendix B.1 */
    cr_expect_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    cr_assert_eq(file_read(&content, fd, 3, arena, (Place){0}, NULL), OK);
    cr_expect_eq(content.size, 3);
    cr_expect_str_eq(content.bytes, "abc");
    cr_expect_eq(file_read(&content, fd, 2, arena, (Place){0}, NULL), TOO_LARGE);
    bytes_sha256(hex, "", 0);
    cr_expect_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

Test(file, an_equal_file_is_left_alone_and_another_is_replaced, .init = set_up)
{
    struct stat first, second, third;
    put("doc", "same");
    cr_assert_eq(fstatat(folder, "doc", &first, 0), 0);
    put("doc", "same");
    cr_assert_eq(fstatat(folder, "doc", &second, 0), 0);
    cr_expect_eq(first.st_ino, second.st_ino);
    put("doc", "else");
    cr_assert_eq(fstatat(folder, "doc", &third, 0), 0);
    cr_expect_neq(first.st_ino, third.st_ino);
    cr_expect_eq(file_write(folder, "../doc", "x", 1, NULL), REFUSED);
}

Test(file, a_killed_writer_leaves_nothing_after_the_sweep, .init = set_up)
{
    int fd = openat(folder, ".unfinished-doc", O_CREAT | O_WRONLY, 0600);
    cr_assert_geq(fd, 0);
    put("doc", "whole");
    cr_expect_not(exists(".unfinished-doc"), "the leftover of the same name is replaced");
    fd = openat(folder, ".unfinished-other", O_CREAT | O_WRONLY, 0600);
    file_sweep(folder);
    cr_expect_not(exists(".unfinished-other"));
    cr_expect(exists("doc"));
}

Test(file, a_link_is_never_written_through, .init = set_up)
{
    put("victim", "keep");
    cr_assert_eq(symlinkat("victim", folder, "doc"), 0);
    put("doc", "new");
    int fd;
    Content content;
    cr_assert_eq(file_open(&fd, folder, "victim", 99, (Place){0}, NULL), OK);
    cr_assert_eq(file_read(&content, fd, 99, arena, (Place){0}, NULL), OK);
    cr_expect_str_eq(content.bytes, "keep");
}

Test(file, folders_are_made_once_and_never_through_a_link, .init = set_up)
{
    int sub = -1, again = -1;
    cr_expect_eq(file_make_folder(&sub, folder, "referrals", NULL), OK);
    cr_expect_eq(file_make_folder(&again, folder, "referrals", NULL), OK);
    cr_expect(sub >= 0 && again >= 0);
    cr_expect_eq(file_sync_folder(sub, NULL), OK);
    cr_assert_eq(symlinkat("/tmp", folder, "out"), 0);
    cr_expect_neq(file_make_folder(&again, folder, "out", NULL), OK);
}

/* ---- a library that gets no memory ---- */

static bool memory_is_out;

static void *some_malloc(size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return memory_is_out ? NULL : malloc(n);
}

static void *some_realloc(void *p, size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return memory_is_out ? NULL : realloc(p, n);
}

static void some_free(void *p, const char *file, int line)
{
    (void)file, (void)line;
    free(p);
}

/* libcrypto takes other functions only before its first allocation, which comes before any constructor of this program. */
static void take_over(void)
{
    (void)CRYPTO_set_mem_functions(some_malloc, some_realloc, some_free);
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(void) = take_over;

/* A document was recorded with an empty checksum once, and no rerun put it right. */
Test(file, a_checksum_that_gets_no_memory_stops_the_program, .exit_code = 3)
{
    char hex[SHA256_HEX];
    bytes_sha256(hex, "abc", 3);
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    memory_is_out = true;
    bytes_sha256(hex, "abc", 3);
}
