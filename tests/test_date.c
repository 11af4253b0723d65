#include "lab/date.h"

#include <criterion/criterion.h>

Test(date, parses_only_real_days)
{
    static const struct {
        const char *text;
        int day;
    } rows[] = {
        {"1970-01-01", 0},         {"1970-01-02", 1},         {"2000-02-29", 11016},
        {"20261123", 20780},       {"1900-02-29", DATE_NONE}, {"2026-02-30", DATE_NONE},
        {"2026-13-01", DATE_NONE}, {"2026-1-1", DATE_NONE},   {"2026-11-23 ", DATE_NONE},
        {"26-11-23", DATE_NONE},   {"", DATE_NONE},           {"2026-11", DATE_NONE},
        {"1899-12-31", DATE_NONE}, {"2200-01-01", DATE_NONE}, {"2026-11-23T00:00", DATE_NONE},
        {"2026/11/23", DATE_NONE}, {"2026-1123", DATE_NONE},  {"-026-11-23", DATE_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Date d = DATE_NONE;
        bool ok = date_parse(&d, rows[i].text);
        cr_expect_eq(ok, rows[i].day != DATE_NONE, "row %zu", i);
        cr_expect_eq(d, rows[i].day, "row %zu: %d", i, (int)d);
    }
}

Test(date, every_day_of_three_centuries_comes_back)
{
    Date first = date_from(1900, 1, 1), last = date_from(2199, 12, 31);
    for (Date d = first; d <= last; d++) {
        char text[DATE_TEXT];
        Date back;
        date_print(text, d);
        cr_assert(date_parse(&back, text) && back == d, "%s", text);
    }
    cr_expect_eq(last - first + 1, 109573); /* 300 years, 73 leap days: not 1900, not 2100 */
}

Test(date, instants_with_and_without_offset)
{
    static const struct {
        const char *text;
        int offset;
        Instant at;
    } rows[] = {
        {"2026-11-23T08:30:00+08:00", 0, 1795393800},
        {"2026-11-23T08:30", 480, 1795393800},
        {"2026-11-23 08:30:00", 480, 1795393800},
        {"2026-11-23T00:30:00Z", 480, 1795393800},
        {"20261123083000+0800", 0, 1795393800},
        {"20261123083000", 480, 1795393800},
        {"202611230830", 480, 1795393800},
        {"20261123083000.123+0800", 0, 1795393800},
        {"2026-11-23", 480, 1795363200},
        {"2026-11-23T24:00", 480, INSTANT_NONE},
        {"2026-11-23T08:60", 480, INSTANT_NONE},
        {"2026-11-23T08", 480, INSTANT_NONE},
        {"2026-11-23T08:30:", 480, INSTANT_NONE},
        {"2026-11-23T08:30:5", 480, INSTANT_NONE},
        {"2026-11-23T08:30:60", 480, INSTANT_NONE},
        {"2026112308305", 480, INSTANT_NONE},
        {"2026-11-23T08:30+14:00", 0, 1795372200},
        {"2026-11-23T08:30-00:59", 0, 1795426140},
        {"2026-11-23T08:30+15:00", 0, INSTANT_NONE},
        {"2026-11-23T08:30+08:60", 0, INSTANT_NONE},
        {"2026-11-23T08:30+25:00", 480, INSTANT_NONE},
        {"2026-11-23T08:30 noon", 480, INSTANT_NONE},
        {"2026-11-23Z8", 480, INSTANT_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Instant at = INSTANT_NONE;
        cr_expect_eq(instant_parse(&at, rows[i].text, rows[i].offset), rows[i].at != INSTANT_NONE,
                     "row %zu", i);
        cr_expect_eq(at, rows[i].at, "row %zu: %lld", i, (long long)at);
    }
    char text[INSTANT_TEXT];
    instant_print(text, 1795393800, 480);
    cr_expect_str_eq(text, "2026-11-23T08:30:00+08:00");
    instant_print_hl7(text, 1795393800, 480);
    cr_expect_str_eq(text, "20261123083000+0800");
    cr_expect_eq(date_of(1795363199, 480), date_from(2026, 11, 22));
    cr_expect_eq(date_of(-1, 0), -1);
}

Test(date, months_years_weekdays)
{
    cr_expect_eq(date_add_months(date_from(2026, 1, 31), 1), date_from(2026, 2, 28));
    cr_expect_eq(date_add_months(date_from(2024, 2, 29), 12), date_from(2025, 2, 28));
    cr_expect_eq(date_add_months(date_from(2026, 11, 23), 60), date_from(2031, 11, 23));
    cr_expect_eq(date_add_months(date_from(2026, 1, 15), -1), date_from(2025, 12, 15));
    cr_expect_eq(date_years(date_from(1990, 11, 24), date_from(2026, 11, 23)), 35);
    cr_expect_eq(date_years(date_from(1990, 11, 23), date_from(2026, 11, 23)), 36);
    cr_expect_eq(date_years(date_from(2000, 2, 29), date_from(2001, 2, 28)), 0);
    cr_expect_eq(date_weekday(date_from(2026, 11, 23)), 0);
    cr_expect_eq(date_weekday(date_from(1969, 12, 31)), 2);
}
