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

/* A monotonic clock, us, for durations. */
int64_t clock_tick(void);

void clock_pause(int64_t ms);

/* RFC 3339, UTC, with milliseconds. Times outside the years 0 to 9999 become
 * the first or last moment of that range. */
void clock_format(int64_t ms, char text[CLOCK_TEXT]);

/* Days from 1970-01-01 to a day of the proleptic Gregorian calendar, as
 * timegm() counts them but without its time zone tables. month: 1 to 12. */
int64_t clock_days(int year, int month, int day);

/* An HTTP date (RFC 9110, 5.6.7), 30 bytes with the NUL. */
void clock_format_http(int64_t ms, char text[30]);

/* Parses an RFC 3339 time (any offset) or a plain date, which means its first
 * millisecond in UTC. False if it is neither or not within 1970 to 9999 UTC. */
bool clock_parse(const char *text, int64_t *ret_ms, bool *ret_date_only);

/* Parses an IMF-fixdate; no client sends the two obsolete forms. */
bool clock_parse_http(const char *text, int64_t *ret_ms);

/* A timespec as ms or ns since 1970. A file's time may be any number, so one
 * that does not fit becomes the largest or smallest value. */
int64_t clock_of(struct timespec ts);
int64_t clock_ns(struct timespec ts);

#endif
