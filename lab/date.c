/* Day numbers by the era arithmetic of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013):
 * exact for every Gregorian date, no tables, no loops. */
#include "date.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199, DAY_SECONDS = 86400 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

Date date_from(int year, int month, int day)
{
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return DATE_NONE;
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void date_split(Date date, int *year, int *month, int *day)
{
    int shifted = date + 719468;
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int mp = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/* Reads exactly `digits` digits at *text and steps over them; false when there are fewer. */
static bool take_number(const char **text, int digits, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    *text += digits;
    *out = value;
    return true;
}

static bool take_char(const char **text, char wanted)
{
    if (**text != wanted) return false;
    (*text)++;
    return true;
}

static bool take_date(const char **text, Date *out, bool *compact)
{
    int year, month, day;
    if (!take_number(text, 4, &year)) return false;
    *compact = **text != '-';
    if (!*compact) (*text)++;
    if (!take_number(text, 2, &month) || (!*compact && !take_char(text, '-')) ||
        !take_number(text, 2, &day))
        return false;
    Date date = date_from(year, month, day);
    if (date == DATE_NONE) return false;
    *out = date;
    return true;
}

bool date_parse(Date *out, const char *text)
{
    Date date;
    bool compact;
    if (text == NULL || !take_date(&text, &date, &compact) || *text != '\0') return false;
    *out = date;
    return true;
}

static bool take_clock(const char **text, bool compact, int *seconds)
{
    int hour, minute, second = 0;
    if (!take_number(text, 2, &hour) || (!compact && !take_char(text, ':')) ||
        !take_number(text, 2, &minute))
        return false;
    bool has_seconds = compact ? **text >= '0' && **text <= '9' : take_char(text, ':');
    if (has_seconds && !take_number(text, 2, &second)) return false;
    if (take_char(text, '.')) /* fractions are read over: nothing here is finer than a second */
        while (**text >= '0' && **text <= '9')
            (*text)++;
    *seconds = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

static bool take_offset(const char **text, int *minutes)
{
    if (**text == '\0' || take_char(text, 'Z')) {
        *minutes = (*text)[0] == '\0' && (*text)[-1] == 'Z' ? 0 : *minutes;
        return true;
    }
    int sign = **text == '+' ? 1 : **text == '-' ? -1 : 0, hours, rest;
    if (sign == 0) return false;
    (*text)++;
    if (!take_number(text, 2, &hours)) return false;
    (void)take_char(text, ':');
    if (!take_number(text, 2, &rest) || hours > 14 || rest > 59) return false;
    *minutes = sign * (hours * 60 + rest);
    return true;
}

bool instant_parse(Instant *out, const char *text, int offset_minutes)
{
    Date date;
    bool compact;
    int seconds = 0, offset = offset_minutes;
    if (text == NULL || !take_date(&text, &date, &compact)) return false;
    bool has_clock = compact ? *text >= '0' && *text <= '9' : *text == 'T' || *text == ' ';
    if (has_clock && !compact) text++;
    if (has_clock && !take_clock(&text, compact, &seconds)) return false;
    if (!take_offset(&text, &offset) || *text != '\0') return false;
    *out = (Instant)date * DAY_SECONDS + seconds - (Instant)offset * 60;
    return true;
}

Date date_of(Instant instant, int offset_minutes)
{
    Instant local = instant + (Instant)offset_minutes * 60;
    return (Date)((local >= 0 ? local : local - (DAY_SECONDS - 1)) / DAY_SECONDS);
}

void date_print(char out[DATE_TEXT], Date date)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    (void)snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)year % 10000u,
                   (unsigned)month % 100u, (unsigned)day % 100u);
}

typedef struct Local {
    unsigned year, month, day, hour, minute, second, off_hours, off_minutes;
    char sign;
} Local;

static Local local_of(Instant instant, int offset_minutes)
{
    Date date = date_of(instant, offset_minutes);
    int year, month, day;
    date_split(date, &year, &month, &day);
    unsigned s = (unsigned)(instant + (Instant)offset_minutes * 60 - (Instant)date * DAY_SECONDS);
    unsigned off = (unsigned)(offset_minutes < 0 ? -offset_minutes : offset_minutes);
    return (Local){.year = (unsigned)year % 10000u,
                   .month = (unsigned)month % 100u,
                   .day = (unsigned)day % 100u,
                   .hour = s / 3600 % 24,
                   .minute = s / 60 % 60,
                   .second = s % 60,
                   .off_hours = off / 60 % 100,
                   .off_minutes = off % 60,
                   .sign = offset_minutes < 0 ? '-' : '+'};
}

void instant_print(char out[INSTANT_TEXT], Instant instant, int offset_minutes)
{
    Local t = local_of(instant, offset_minutes);
    (void)snprintf(out, INSTANT_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u", t.year, t.month,
                   t.day, t.hour, t.minute, t.second, t.sign, t.off_hours, t.off_minutes);
}

void instant_print_hl7(char out[INSTANT_TEXT], Instant instant, int offset_minutes)
{
    Local t = local_of(instant, offset_minutes);
    (void)snprintf(out, INSTANT_TEXT, "%04u%02u%02u%02u%02u%02u%c%02u%02u", t.year, t.month, t.day,
                   t.hour, t.minute, t.second, t.sign, t.off_hours, t.off_minutes);
}

int date_weekday(Date date)
{
    return (int)(((date + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

Date date_add_months(Date date, int months)
{
    int year, month, day;
    date_split(date, &year, &month, &day);
    int index = year * 12 + month - 1 + months;
    year = index / 12;
    month = index % 12 + 1;
    int last = days_in_month(year, month);
    return date_from(year, month, day < last ? day : last);
}

int date_years(Date born, Date on)
{
    int y0, m0, d0, y1, m1, d1;
    date_split(born, &y0, &m0, &d0);
    date_split(on, &y1, &m1, &d1);
    return y1 - y0 - (m1 < m0 || (m1 == m0 && d1 < d0) ? 1 : 0);
}
