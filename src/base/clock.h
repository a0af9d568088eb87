/* Time: milliseconds since 1970 UTC, and its RFC 3339 text. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define CLOCK_TEXT 25 /* 2024-03-08T10:30:34.567Z and the NUL */
#define CLOCK_NONE INT64_MIN
#define CLOCK_SECOND INT64_C(1000)
#define CLOCK_MINUTE (60 * CLOCK_SECOND)
#define CLOCK_HOUR (60 * CLOCK_MINUTE)
#define CLOCK_DAY (24 * CLOCK_HOUR)

/* Wall clock, ms. */
int64_t clock_now(void);

/* A clock that only goes forward, us, for durations. */
int64_t clock_tick(void);

/* Sleeps. */
void clock_pause(int64_t ms);

/* RFC 3339, UTC, with milliseconds. What lies outside the years 0 to 9999 is
 * written as the first or last moment of them. */
void clock_format(int64_t ms, char text[CLOCK_TEXT]);

/* Days since 1970 of a day in the proleptic Gregorian calendar: what timegm()
 * tells, without its tables of time zones. month 1 to 12. */
int64_t clock_days(int year, int month, int day);

/* An HTTP date (RFC 9110, 5.6.7), 30 bytes with the NUL. */
void clock_format_http(int64_t ms, char text[30]);

/* Reads an RFC 3339 time (any offset) or a plain date, which stands for its
 * first millisecond in UTC; 1970 to 9999, in UTC as well. False: it is
 * neither. */
bool clock_parse(const char *text, int64_t *ret_ms, bool *ret_date_only);

/* Reads an IMF-fixdate; the two obsolete forms are not sent by anybody. */
bool clock_parse_http(const char *text, int64_t *ret_ms);

/* ms, or ns, since 1970 of a timespec; a file's time may be anything, so what
 * does not fit becomes the largest or smallest number. */
int64_t clock_of(struct timespec ts);
int64_t clock_ns(struct timespec ts);

#endif
