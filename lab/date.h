/* date - civil dates and instants without clock, locale or time zone database.
 *
 * Dates are days since 1970-01-01 in the proleptic Gregorian calendar; instants are UTC seconds. The offset at
 * which an instant is read and printed (+08:00 in China) is given, never guessed. */
#ifndef SCREENLAB_DATE_H
#define SCREENLAB_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t Date;    /* days since 1970-01-01 */
typedef int64_t Instant; /* seconds since 1970-01-01T00:00:00Z */

#define DATE_NONE    INT32_MIN
#define INSTANT_NONE INT64_MIN

enum { DATE_TEXT = 11, INSTANT_TEXT = 26 }; /* capacity of printed forms, NUL included */

/* "2026-11-23" or "20261123"; years 1900 to 2199; false (and *out untouched) for all else, "2026-02-30" too. */
bool date_parse(Date *out, const char *text);

/* ISO 8601 "2026-11-23T08:30[:00]", 'T' or one space, with "Z", "+08:00", "+0800" or, without any,
 * `offset_minutes`; a date alone is its midnight. Also HL7 v2 "20261123083000[+0800]". */
bool instant_parse(Instant *out, const char *text, int offset_minutes);

void date_print(char out[DATE_TEXT], Date date); /* 2026-11-23 */
void instant_print(char out[INSTANT_TEXT], Instant instant,
                   int offset_minutes); /* 2026-11-23T08:30:00+08:00 */
void instant_print_hl7(char out[INSTANT_TEXT], Instant instant,
                       int offset_minutes); /* 20261123083000+0800 */

Date date_of(Instant instant, int offset_minutes);
Date date_from(int year, int month, int day); /* DATE_NONE when there is no such day */
void date_split(Date date, int *year, int *month, int *day);
int date_weekday(Date date); /* 0 = Monday ... 6 = Sunday */

/* `months` later; a day that month lacks becomes its last day (31 January + 1 = 28 or 29 February). */
Date date_add_months(Date date, int months);
/* Completed years from `born` to `on`, as age is counted in law; 29 February counts from 1 March. */
int date_years(Date born, Date on);

#endif
