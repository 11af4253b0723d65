/* What a release must hold before anything is judged by it, and how its words are filled. */
#include "table_fixture.h"

Test(reference, the_clock_of_the_site)
{
    static const struct {
        const char *row;
        Status status;
        int minutes;
    } rows[] = {
        {"utc_offset_minutes\t480\n", OK, 480},
        {"utc_offset_minutes\t840\n", OK, 840},
        {"utc_offset_minutes\t-840\n", OK, -840},
        {"utc_offset_minutes\t0\n", OK, 0},
        {"other\t1\nutc_offset_minutes\t60\n", OK, 60},
        {"utc_offset_minutes\t841\n", BAD_INPUT, 0},
        {"utc_offset_minutes\t-841\n", BAD_INPUT, 0},
        {"utc_offset_minutes\t\n", BAD_INPUT, 0},
        {"utc_offset_minutes\teight\n", BAD_INPUT, 0},
        {"other\t480\n", BAD_INPUT, 0},
        {"", BAD_INPUT, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Arena *arena = arena_new(NULL);
        Reference *r = reference_new(arena, "test", false);
        Note why = {.code = ""};
        fixture_table(r, "wording", "local", "key\tzh\ten\nlevel.1\t一\tone\n", arena);
        fixture_table(r, "domains", "local", "table\tinput\tvalues\n", arena);
        fixture_table(r, "centres", "local",
                      "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_until\tzh\ten\n"
                      "CITY\t3\t\t\t\t\t市\tc\n",
                      arena);
        fixture_table(r, "site", "local", arena_print(arena, "key\tvalue\n%s", rows[i].row), arena);
        cr_expect_eq(reference_finish(r, &why), rows[i].status, "row %zu: %s", i, why.code);
        if (rows[i].status == OK)
            cr_expect_eq(reference_offset_minutes(r), rows[i].minutes, "row %zu", i);
        else
            cr_expect_str_eq(why.code, "site.offset");
        arena_free(arena);
    }
}

Test(reference, words_are_filled_by_name)
{
    static const char *const pairs[] = {"a", "one", "bb", "", "c", "{a}", NULL};
    static const char *const rows[][2] = {{"", ""},
                                          {"plain", "plain"},
                                          {"{a}", "one"},
                                          {"x{a}y{a}", "xoneyone"},
                                          {"{bb}!", "!"},
                                          {"{c}", "{a}"},
                                          {"{b}", "{b}"},
                                          {"{aa}", "{aa}"},
                                          {"{", "{"},
                                          {"}{a", "}{a"},
                                          {"{{a}}", "{one}"},
                                          {"{}", "{}"},
                                          {"{d}{a}", "{d}one"}};
    Arena *arena = arena_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(word_fill(rows[i][0], pairs, arena), rows[i][1], "%s", rows[i][0]);
    arena_free(arena);
}
