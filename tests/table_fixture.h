/* A reference made of tables that stand in the test, so that each rule is asked with numbers of its own:
 *
 *     Reference *r = reference_new(arena, "test", true);
 *     fixture_network(r, "", arena);                                  // wording, site, domains and centres
 *     fixture_table(r, "qc/rules", "local", "analyte\tcontrols\n...", arena);
 *     fixture_finish(r); */
#ifndef SCREENLAB_TABLE_FIXTURE_H
#define SCREENLAB_TABLE_FIXTURE_H

#include "../lab/reference.h"

#include <criterion/criterion.h>
#include <string.h>

static inline void fixture_table(Reference *r, const char *name, const char *status,
                                 const char *text, Arena *arena)
{
    TableInfo info = {
        .name = name, .path = name, .version = "1", .valid_from = "2026-01-01", .status = status};
    Table *t;
    Note why = {0};
    cr_assert_eq(table_parse(&t, &info, text, strlen(text), arena, &why), OK, "%s: %s", name,
                 why.code);
    cr_assert_eq(reference_add(r, t, NULL), OK, "%s", name);
}

/* Two districts below a city, two townships below D1 and one below D2; children stand before and behind their parents. `domains`: rows of that
 * table. */
static inline void fixture_network(Reference *r, const char *domains, Arena *arena)
{
    fixture_table(r, "wording", "local", "key\tzh\ten\nlevel.1\t一\tone\n", arena);
    fixture_table(r, "site", "local", "key\tvalue\nutc_offset_minutes\t480\n", arena);
    fixture_table(r, "domains", "local", arena_print(arena, "table\tinput\tvalues\n%s", domains),
                  arena);
    fixture_table(r, "centres", "local",
                  "id\tlevel\tparent\tcapabilities\tvalid_from\tvalid_until\tzh\ten\n"
                  "T1\t1\tD1\t\t\t\t甲\ta\nD1\t2\tCITY\t\t\t\t乙\tb\nCITY\t3\t\t\t\t\t市\tc\n"
                  "D2\t2\tCITY\tcolpo\t\t\t丙\td\nT2\t1\tD1\t\t\t\t丁\te\nT3\t1\tD2\t\t\t\t戊\tf\n",
                  arena);
}

static inline void fixture_finish(Reference *r)
{
    Note why = {0};
    cr_assert_eq(reference_finish(r, &why), OK, "%s %s %s", why.code, why.field, why.detail);
}

#endif
