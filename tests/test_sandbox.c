/* Decoders: what comes through the sandbox is what the reader says, for every file of the fuzzers' corpora, as one sample's and as many
 * specimens'; and a refusal is a refusal twice. (In a build with sanitizers both ways are the same process.) Ways out are tried in tests/sandbox.sh. */
#include "lab/assays/assay.h"
#include "pipeline/decode.h"
#include "pipeline/release.h"
#include "pipeline/sandbox.h"

#include <htslib/hts_log.h>

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static Arena *arena;
static Reference *reference;

static void set_up(void)
{
    Note why = {0};
    hts_set_log_level(HTS_LOG_OFF);
    arena = arena_new(NULL);
    cr_assert_eq(release_open(&reference, "reference", true, arena, &why), OK, "%s", why.code);
}

static void tear_down(void)
{
    sandbox_stop();
    arena_free(arena);
}

TestSuite(sandbox, .init = set_up, .fini = tear_down);

/* Everything that was said of a file, as one text. */
static const char *told(const char *path, const char *specimen, bool fetal, const char *assay)
{
    Note why = {.code = ""};
    Evidence e = {.status = OK};
    ReadFaults faults = {0};
    int fd = open(path, O_RDONLY);
    cr_assert_geq(fd, 0, "%s", path);
    const ReadJob job = {.fd = fd,
                         .file = fetal ? "" : "a.file",
                         .fetal = fetal,
                         .specimen = specimen,
                         .assay = specimen ? assay_find(assay) : NULL,
                         .model = specimen ? reference_model(reference, assay) : NULL,
                         .reference = reference,
                         .arena = arena,
                         .kit = "example-qfpcr",
                         .run = "R1",
                         .well = "A01",
                         .faults = specimen ? NULL : &faults};
    Status s = decode_file(&e, &job, (Place){"results.csv", 7, "file"}, &why);
    (void)close(fd);
    const char *text = arena_print(arena, "%d %s|%s|%ld|%s|%s\n%s", s, why.code, why.file, why.row,
                                   why.field, why.detail, evidence_print(&e, arena));
    for (size_t i = 0; i < faults.n; i++) {
        const ReadFault *f = &faults.items[i];
        text = arena_print(arena, "%s%s %s %s %s\n", text, f->specimen, f->note.code, f->note.field,
                           f->note.detail);
    }
    return text;
}

typedef struct Way {
    const char *format, *specimen, *assay;
    bool fetal;
} Way;

static const Way WAYS[] = {
    {"vcf", "S1", "carrier", true}, {"vcf", "S1", "carrier", false},
    {"bins", "S", "nipt", true},    {"bam", "S", "nipt", true},
    {"hl7", NULL, "", true},        {"hl7", "S000001", "cervical", false},
    {"csv", NULL, "", true},        {"abif", "S", "carrier", true},
};
enum { MOST_FILES = 40 };

/* Texts of all files of the corpora; NULL at the end. */
static size_t tell_all(const char **texts, size_t capacity)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        const Way *c = &WAYS[i];
        DIR *folder = opendir(arena_print(arena, "tests/fuzz/corpus/%s", c->format));
        cr_assert_not_null(folder);
        int files = 0;
        for (const struct dirent *d;
             (d = readdir(folder)) != NULL && files < MOST_FILES && n < capacity;) {
            if (d->d_name[0] == '.') continue;
            files++;
            texts[n++] = told(arena_print(arena, "tests/fuzz/corpus/%s/%s", c->format, d->d_name),
                              c->specimen, c->fetal, c->assay);
        }
        (void)closedir(folder);
    }
    return n;
}

Test(sandbox, a_decoder_says_what_the_reader_says)
{
    enum { MOST = 400 };
    const char *here[MOST], *there[MOST];
    Note why = {0};
    size_t n = tell_all(here, MOST), read = 0;
    cr_assert_eq(sandbox_start(reference, &why), OK, "%s", why.code);
    cr_assert_eq(tell_all(there, MOST), n);
    for (size_t i = 0; i < n; i++) {
        cr_expect_str_eq(there[i], here[i]);
        cr_expect(strstr(there[i], "decoder.") == NULL, "%s", there[i]);
        read += there[i][0] == '0';
    }
    cr_expect_gt(n, 40);
    cr_expect_gt(read, 5, "%zu of %zu were read: refusing everything proves nothing", read, n);
}

Test(sandbox, a_request_that_is_too_long_is_refused)
{
    Note why = {0};
    char *specimen = arena_alloc(arena, 100001);
    memset(specimen, 'S', 100000);
    cr_assert_eq(sandbox_start(reference, &why), OK);
    const char *text = told("tests/fuzz/corpus/hl7/cobas4800", specimen, true, "cervical");
    cr_expect(strstr(text, "\nevidence") != NULL);
}

Test(sandbox, without_a_server_nothing_is_started)
{
    sandbox_stop();
    sandbox_stop();
    cr_expect(strlen(sandbox_means()) > 5);
}
