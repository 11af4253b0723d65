/* Exporters' tables: every layout of exporters.tsv, its controls, flags and errors, and what is refused. */
#include "reading.h"

#include <criterion/criterion.h>

extern const Reader reader_csv;

#define COBAS  "sample_id,target,result,flag,type,result_creation_datetime\n"
#define ABBOTT "SAMPLE ID,SAMPLE TYPE,ASSAY NAME,RESULT,INTERPRETATION,ERROR CODE/DESCRIPTION\n"
#define NILM_CN                                                                                    \
    "\xE6\x9C\xAA\xE8\xA7\x81\xE4\xB8\x8A\xE7\x9A\xAE\xE5\x86\x85\xE7\x97\x85\xE5\x8F\x98\xE6\x88" \
    "\x96\xE6\x81\xB6\xE6\x80\xA7\xE7\xBB\x86\xE8\x83\x9E"

typedef struct Row {
    const char *what, *text;
    Status status;
    const char *code, *results, *faults;
} Row;

static const Row rows[] = {
    {"cobas", COBAS "S000001,Other HR HPV,POS,,,2026-11-02 10:00\nS000001,HPV 16,NEG,,,\n", OK, "",
     "S000001 hpv.other=positive; S000001 hpv.16=negative; ", ""},
    {"cobas controls", COBAS "K,HPV 16,POS,,+,\nK,HPV 16,NEG,,-,\nS000001,HPV 16,Invalid,,,\n", OK,
     "", "S000001 hpv.16=invalid; ", ""},
    {"cobas flag", COBAS "S000001,HPV 16,NEG,C01H2,,\nS000001,HPV 18,NEG,-,,\n", OK, "",
     "S000001 hpv.18=negative; ", "S000001 csv.flagged flag; "},
    {"columns in another order and case", "TARGET,RESULT,SAMPLE_ID\nHPV 16,POS,S000001\n", OK, "",
     "S000001 hpv.16=positive; ", ""},
    {"semicolons", "sample_id;target;result\nS000001;HPV 16;POS\n", OK, "",
     "S000001 hpv.16=positive; ", ""},
    {"tabs", "sample_id\ttarget\tresult\nS000001\tHPV 16\tPOS\n", OK, "",
     "S000001 hpv.16=positive; ", ""},
    {"lines before the header", "Run,R7\nOperator,X\n\n" COBAS "S000001,HPV 16,POS,,,\n", OK, "",
     "S000001 hpv.16=positive; ", ""},
    {"Abbott", ABBOTT "S000001,PATIENT,HPV 16,,Detected,\nS000001,PATIENT,HPV 18,,Not detected,\n",
     OK, "", "S000001 hpv.16=positive; S000001 hpv.18=negative; ", ""},
    {"Abbott: word in RESULT", ABBOTT "S000001,PATIENT,HPV 16,Not detected,,\n", OK, "",
     "S000001 hpv.16=negative; ", ""},
    {"Abbott: error", ABBOTT "S000001,PATIENT,HPV 16,,Not detected,4442 internal control\n", OK, "",
     "S000001 hpv.16=failed; ", ""},
    {"Abbott: control", ABBOTT "NC,CONTROL,HPV 16,,Not detected,\n", OK, "", "", ""},
    {"genotype table of numbers", "sample,16,18,31\nS000001,+,NEG,(-)\n", OK, "",
     "S000001 hpv.16=positive; S000001 hpv.18=negative; ", "S000001 result.word result; "},
    {"genotype table of names", "sample,HPV16,HPV 18\nS000001,POS,NEG\nS000002,NEG,\n", OK, "",
     "S000001 hpv.16=positive; S000001 hpv.18=negative; S000002 hpv.16=negative; ", ""},
    {"genotype table, empty row", "sample,16,18\nS000001,,\n", OK, "", "",
     "S000001 result.none result; "},
    {"genotype table, controls",
     "sample,16,18\nNC,NEG,NEG\n\xE9\x98\xB3\xE6\x80\xA7\xE5\xAF\xB9\xE7\x85\xA7,POS,POS\nS000001,"
     "POS,NEG\n",
     OK, "", "S000001 hpv.16=positive; S000001 hpv.18=negative; ", ""},
    {"Chinese words",
     "\xE6\xA0\xB7\xE6\x9C\xAC\xE7\xBC\x96\xE5\x8F\xB7,HPV16\xE5\x9E\x8B\nS000001,"
     "\xE9\x98\xB3\xE6\x80\xA7\nS000002,\xE6\x9C\xAA\xE6\xA3\x80\xE5\x87\xBA\n",
     OK, "", "S000001 hpv.16=positive; S000002 hpv.16=negative; ", ""},
    {"cytology list",
     "sample,name,TBS\nS000001,somebody," NILM_CN "\nS000002,somebody,no evidence of HSIL\n", OK,
     "", "S000001 cytology=nilm; S000002 cytology=unmatched; ", ""},
    {"one item a row",
     "\xE6\x9D\xA1\xE7\xA0\x81\xE5\x8F\xB7,\xE5\x8D\x95\xE9\xA1\xB9\xE5\x90\x8D\xE7\xA7\xB0,"
     "\xE7\xBB\x93\xE6\x9E\x9C\nS000001,HPV16,\xE9\x98\xB3\xE6\x80\xA7\nS000001,HPV18,"
     "\xE9\x98\xB4\xE6\x80\xA7\n",
     OK, "", "S000001 hpv.16=positive; S000001 hpv.18=negative; ", ""},
    {"one item a row, GB18030",
     "\xCC\xF5\xC2\xEB\xBA\xC5,\xB5\xA5\xCF\xEE\xC3\xFB\xB3\xC6,\xBD\xE1\xB9\xFB\nS000001,HPV16,"
     "\xD1\xF4\xD0\xD4\n",
     OK, "", "S000001 hpv.16=positive; ", ""},
    {"unknown test", COBAS "S000001,HPV 999,POS,,,\n", OK, "", "S000001 test.unknown=HPV 999; ",
     "S000001 result.test_unknown target; "},
    {"unknown word", COBAS "S000001,HPV 16,perhaps,,,\n", OK, "", "",
     "S000001 result.word result; "},
    {"no word", COBAS "S000001,HPV 16,,,,\n", OK, "", "", "S000001 result.word result; "},
    {"a word of another test", COBAS "S000001,HPV 16,NEG HPV18,,,\n", OK, "", "",
     "S000001 result.contradiction result; "},
    {"a test of sex", COBAS "S000001,fetal sex,male,,,\nS000001,HPV 16,POS,,,\n", OK, "",
     "S000001 hpv.16=positive; ", ""},
    {"no specimen", COBAS ",HPV 16,POS,,,\n", OK, "", "", " csv.no_specimen specimen; "},
    {"too many cells", COBAS "S000001,HPV 16,POS,,,,x\nS000002,HPV 16,POS,,,\n", OK, "",
     "S000002 hpv.16=positive; ", " row.cells ; "},
    {"a broken quote", COBAS "S000001,HP\"V 16,POS,,,\nS000002,HPV 16,POS,,,\n", OK, "",
     "S000002 hpv.16=positive; ", " csv.syntax ; "},
    {"unknown header", "a,b,c\n1,2,3\n", REFUSED, "csv.header_unknown", "", ""},
    {"only a specimen's column", "sample,age\nS000001,30\n", REFUSED, "csv.header_unknown", "", ""},
    {"empty", "", REFUSED, "csv.header_unknown", "", ""},
};

Test(csv, one_row_for_every_situation)
{
    Fixture x;
    cr_assert(fixture_open(&x));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const Row *r = &rows[i];
        Reading got = reading_of(&x, &reader_csv, r->text, strlen(r->text), NULL);
        cr_expect(got.status == r->status, "row %zu %s: %d %s", i, r->what, (int)got.status,
                  got.why.code);
        cr_expect(r->status == OK || strcmp(got.why.code, r->code) == 0, "row %zu %s: %s", i,
                  r->what, got.why.code);
        cr_expect(strcmp(got.results, r->results) == 0, "row %zu %s: results %s", i, r->what,
                  got.results);
        cr_expect(strcmp(got.faults, r->faults) == 0, "row %zu %s: faults %s", i, r->what,
                  got.faults);
    }
    fixture_close(&x);
}

Test(csv, times_of_instruments)
{
    static const struct {
        const char *text;
        Instant time;
    } times[] = {{"2026-05-20 14:25:00", 1779258300}, {"2026/5/20 14:25", 1779258300},
                 {"2026/05/20", 1779206400},          {"20.05.2026", INSTANT_NONE},
                 {"2026/13/20", INSTANT_NONE},        {"", INSTANT_NONE}};
    Fixture x;
    cr_assert(fixture_open(&x));
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        Evidence e = {.status = OK};
        ReadFaults faults = {0};
        Note why;
        char *text = arena_print(x.arena, COBAS "S000001,HPV 16,POS,,,%s\n", times[i].text);
        int fd = reading_file(text, strlen(text));
        ReadJob job = {
            .fd = fd, .file = "x", .reference = x.reference, .arena = x.arena, .faults = &faults};
        cr_assert(reader_csv.read(&e, &job, &why) == OK && e.n_results == 1);
        (void)close(fd);
        cr_expect(e.results[0].time == times[i].time, "row %zu: %lld", i,
                  (long long)e.results[0].time);
    }
    fixture_close(&x);
}

/* Cut at every byte: no crash, and never a negative that the whole file does not hold. */
Test(csv, cut_at_every_byte)
{
    static const char text[] =
        COBAS "S000001,HPV 16,\"POS\",,,2026-11-02 10:00\r\nS000002,HPV 18,POS,,,\r\n";
    Fixture x;
    cr_assert(fixture_open(&x));
    for (size_t n = 0; n < sizeof text; n++) {
        Reading got = reading_of(&x, &reader_csv, text, n, NULL);
        cr_expect(strstr(got.results, "negative") == NULL, "cut at %zu: %s", n, got.results);
        cr_expect(got.status == OK || strcmp(got.why.code, "csv.header_unknown") == 0,
                  "cut at %zu: %s", n, got.why.code);
    }
    fixture_close(&x);
}

Test(csv, ten_megabytes_in_a_cell)
{
    Fixture x;
    cr_assert(fixture_open(&x));
    size_t big = 10 * 1024 * 1024;
    char *cell = malloc(big + 1);
    memset(cell, 'x', big);
    cell[big] = '\0';
    char *text = arena_print(
        x.arena, "sample_id,target,result,name\nS000001,HPV 16,%s,\nS000002,HPV 16,POS,%s\n", cell,
        cell);
    Reading got = reading_of(&x, &reader_csv, text, strlen(text), NULL);
    cr_expect(strcmp(got.results, "S000002 hpv.16=positive; ") == 0, "%s", got.results);
    cr_expect(strcmp(got.faults, "S000001 result.word result; ") == 0, "%s", got.faults);
    free(cell);
    fixture_close(&x);
}

Test(csv, sniffing)
{
    cr_expect(reader_csv.sniff((const unsigned char *)"a,b\n", 4));
    cr_expect(!reader_csv.sniff((const unsigned char *)"a\0b,", 4));
    cr_expect(!reader_csv.sniff((const unsigned char *)"\x1f\x8b,,", 4));
    cr_expect(!reader_csv.sniff((const unsigned char *)"word\n", 5));
}
