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

/* Ends of the day, of fractions and of offsets; the same in both forms. */
Test(date, clocks_and_offsets_at_their_ends)
{
    static const struct {
        const char *text;
        int seconds; /* behind the midnight of UTC that begins 2026-11-23; -1 = refused */
        bool refused;
    } rows[] = {
        {"2026-11-23T00:00:00Z", 0, false},
        {"2026-11-23T23:59:59Z", 86399, false},
        {"2026-11-23T23:59:59.Z", 86399, false},
        {"2026-11-23T23:59.5Z", 86340, false},
        {"2026-11-23T23:59:59.999999Z", 86399, false},
        {"2026-11-23T00:00:01.0Z", 1, false},
        {"2026-11-23T00:00:01.90090Z", 1, false},
        {"20261123000001.000+0000", 1, false},
        {"2026-11-23T00:00:01.0/Z", 0, true},
        {"2026-11-23T00:00:01.9:Z", 0, true},
        {"2026-11-23T24:00:00Z", 0, true},
        {"2026-11-23T00:60:00Z", 0, true},
        {"2026-11-23T00:00:60Z", 0, true},
        {"2026-11-23T01:00:00+01:00", 0, false},
        {"2026-11-23T01:00:00+0100", 0, false},
        {"2026-11-22T22:30:00-01:30", 0, false},
        {"2026-11-23T14:00:00+14:00", 0, false},
        {"2026-11-23T14:59:00+14:59", 0, false},
        {"2026-11-23T15:00:00+15:00", 0, true},
        {"2026-11-23T01:00:00+01:60", 0, true},
        {"2026-11-23T01:00:00+01", 0, true},
        {"2026-11-23T01:00:00+1:00", 0, true},
        {"2026-11-23T01:00:00 +01:00", 0, true},
        {"2026-11-23T01:00:00ZZ", 0, true},
        {"2026-11-23T01:00:00Z+01:00", 0, true},
        {"2026-11-23T01:00:00+01:00Z", 0, true},
        {"2026-11-23T1:00:00Z", 0, true},
        {"2026-11-23T", 0, true},
        {"2026-11-23X01:00", 0, true},
        {"2026-11-23Z", 0, false},
        {"2026-11-23+08:00", -28800, false},
        {"20261123Z", 0, false},
        {"20261123T010000Z", 0, true},
        {"20261123010203Z", 3723, false},
        {"202611230102Z", 3720, false},
        {"2026112301Z", 0, true},
        {"20261123240000Z", 0, true},
        {"20261123000060Z", 0, true},
        {"20261123006000Z", 0, true},
        {"2026112301:02:03Z", 0, true},
        {"2026-11-23T010203Z", 0, true},
        {"2026-1123T01:02Z", 0, true},
    };
    const Instant midnight = (Instant)date_from(2026, 11, 23) * 86400;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Instant at = INSTANT_NONE;
        cr_expect_eq(instant_parse(&at, rows[i].text, 777), !rows[i].refused, "%s", rows[i].text);
        cr_expect_eq(at, rows[i].refused ? INSTANT_NONE : midnight + rows[i].seconds, "%s: %lld",
                     rows[i].text, (long long)(at - midnight));
    }
    Instant at = 1;
    cr_expect(!instant_parse(&at, NULL, 0) && at == 1);
    Date day = 1;
    cr_expect(!date_parse(&day, NULL) && day == 1);
}

/* What is printed at an offset is read back, on both sides of midnight, of a year and of 1970. */
Test(date, printed_instants_come_back)
{
    static const int offsets[] = {0, 480, -480, 330, -330, 840, -1, 59};
    static const Instant instants[] = {0,          -1,         1,           86399,
                                       86400,      -86400,     -86401,      1795393800,
                                       1798761599, 1798761600, -2208902400, 7258032000};
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++) {
            char text[INSTANT_TEXT];
            Instant back;
            instant_print(text, instants[i], offsets[k]);
            cr_assert(instant_parse(&back, text, 1), "%s", text);
            cr_expect_eq(back, instants[i], "%s", text);
            instant_print_hl7(text, instants[i], offsets[k]);
            cr_assert(instant_parse(&back, text, 1), "%s", text);
            cr_expect_eq(back, instants[i], "%s", text);
            Instant local = instants[i] + 60 * offsets[k];
            Date day = date_of(instants[i], offsets[k]);
            cr_expect((Instant)day * 86400 <= local && local < (Instant)(day + 1) * 86400, "%s",
                      text);
        }
    char text[INSTANT_TEXT];
    instant_print(text, 0, -330);
    cr_expect_str_eq(text, "1969-12-31T18:30:00-05:30");
    instant_print_hl7(text, 3661, 59);
    cr_expect_str_eq(text, "19700101020001+0059");
}

/* Months, years and days of the week by a calendar that is walked day by day. */
Test(date, a_calendar_walked_by_foot)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1900, month = 1, day = 1;
    for (Date d = date_from(1900, 1, 1); year < 2200; d++) {
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int length = month == 2 && leap ? 29 : lengths[month - 1];
        int y, m, dd;
        date_split(d, &y, &m, &dd);
        cr_assert(y == year && m == month && dd == day, "%d-%d-%d", y, m, dd);
        cr_assert_eq(date_from(year, month, day), d);
        cr_assert_eq(date_weekday(d), (int)((d - date_from(1900, 1, 1)) % 7),
                     "1900-01-01 was a Monday");
        if (day == length) cr_assert_eq(date_from(year, month, day + 1), DATE_NONE);
        if (++day > length) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
    static const struct {
        int from[3], months, to[3];
    } rows[] = {{{2026, 1, 31}, 1, {2026, 2, 28}},    {{2027, 12, 31}, 2, {2028, 2, 29}},
                {{2026, 12, 1}, 1, {2027, 1, 1}},     {{2026, 1, 1}, -1, {2025, 12, 1}},
                {{2026, 11, 30}, 12, {2027, 11, 30}}, {{2026, 11, 30}, -12, {2025, 11, 30}},
                {{2026, 5, 31}, -1, {2026, 4, 30}},   {{2026, 5, 31}, 0, {2026, 5, 31}},
                {{2026, 1, 15}, 11, {2026, 12, 15}},  {{2026, 2, 15}, 11, {2027, 1, 15}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(date_add_months(date_from(rows[i].from[0], rows[i].from[1], rows[i].from[2]),
                                     rows[i].months),
                     date_from(rows[i].to[0], rows[i].to[1], rows[i].to[2]), "row %zu", i);
    static const struct {
        int born[3], on[3], years;
    } ages[] = {{{1990, 5, 20}, {2026, 5, 19}, 35}, {{1990, 5, 20}, {2026, 5, 20}, 36},
                {{1990, 5, 20}, {2026, 4, 30}, 35}, {{1990, 5, 20}, {2026, 6, 1}, 36},
                {{2000, 2, 29}, {2018, 2, 28}, 17}, {{2000, 2, 29}, {2018, 3, 1}, 18},
                {{2026, 5, 20}, {2026, 5, 20}, 0}};
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
        cr_expect_eq(date_years(date_from(ages[i].born[0], ages[i].born[1], ages[i].born[2]),
                                date_from(ages[i].on[0], ages[i].on[1], ages[i].on[2])),
                     ages[i].years, "row %zu", i);
    cr_expect_eq(date_from(2026, 0, 1), DATE_NONE);
    cr_expect_eq(date_from(2026, 13, 1), DATE_NONE);
    cr_expect_eq(date_from(2026, 1, 0), DATE_NONE);
    cr_expect_eq(date_from(1899, 12, 31), DATE_NONE);
    cr_expect_eq(date_from(2200, 1, 1), DATE_NONE);
    cr_expect_neq(date_from(1900, 1, 1), DATE_NONE);
    cr_expect_neq(date_from(2199, 12, 31), DATE_NONE);
}

/* A day number from whatever source has one day, also where no calendar of ours begins: the same calendar, walked backwards to the year -800. */
Test(date, days_before_the_first_year)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1900, month = 1, day = 1;
    for (Date d = date_from(1900, 1, 1); year > -800; d--) {
        int y, m, dd;
        date_split(d, &y, &m, &dd);
        cr_assert(y == year && m == month && dd == day, "%d: %d-%d-%d", (int)d, y, m, dd);
        if (--day > 0) continue;
        if (--month == 0) {
            month = 12;
            year--;
        }
        const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        day = month == 2 && leap ? 29 : lengths[month - 1];
    }
}
