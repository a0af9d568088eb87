#include "config.h"

#include "base/clock.h"

#include <string.h>

#define YEAR_0 (INT64_C(-62167219200) * 1000)
#define YEAR_10000 (INT64_C(253402300800) * 1000)

static int64_t
read_clock(clockid_t id, int64_t per_second)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * per_second +
	    ts.tv_nsec / (1000000000 / per_second);
}

int64_t
clock_now(void)
{
	return read_clock(CLOCK_REALTIME, 1000);
}

int64_t
clock_tick(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000000);
}

void
clock_pause(int64_t ms)
{
	struct timespec ts = { (time_t)(ms / 1000),
		(long)(ms % 1000) * 1000000 };

	nanosleep(&ts, NULL);
}

/* A file's time may be past the year 2262, where nanoseconds overflow.
 * INT64_MIN is reserved for CLOCK_NONE. */
static int64_t
scale(int64_t seconds, int64_t factor, int64_t rest)
{
	int64_t v;

	if (__builtin_mul_overflow(seconds, factor, &v) ||
	    __builtin_add_overflow(v, rest, &v))
		return seconds < 0 ? INT64_MIN + 1 : INT64_MAX;
	return v;
}

int64_t
clock_of(struct timespec ts)
{
	return scale(ts.tv_sec, 1000, ts.tv_nsec / 1000000);
}

int64_t
clock_ns(struct timespec ts)
{
	return scale(ts.tv_sec, 1000000000, ts.tv_nsec);
}

/*
 * gmtime_r() and timegm() take five times as long as this calendar, and each
 * row of a list has three times to read and write. Years begin in March here,
 * so that the leap day comes last, and are counted from 400 years before year
 * 0, so that no number is negative.
 */
#define CYCLE 146097   /* days of 400 years */
#define MARCH_0 719468 /* days from 0000-03-01 to 1970-01-01 */

int64_t
clock_days(int year, int month, int day)
{
	int64_t y = year + 400 - (month < 3);
	int m = month < 3 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	    1 - CYCLE - MARCH_0;
}

/* The inverse of clock_days(). */
static void
set_day(int64_t days, struct tm *tm)
{
	int64_t since = days + MARCH_0 + CYCLE;
	int day = (int)(since % CYCLE); /* of its 400 years */
	int y = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int rest = day - (365 * y + y / 4 - y / 100);
	int m = (5 * rest + 2) / 153;

	tm->tm_wday = (int)((since + 3) % 7);
	tm->tm_mday = rest - (153 * m + 2) / 5 + 1;
	tm->tm_mon = (m + 2) % 12;
	tm->tm_year = (int)(since / CYCLE) * 400 + y - 400 + (m > 9) - 1900;
}

static void
split(int64_t ms, struct tm *tm, int *rest)
{
	int64_t days;
	int in_day;

	if (ms < YEAR_0)
		ms = YEAR_0;
	if (ms >= YEAR_10000)
		ms = YEAR_10000 - 1;
	days = ms / CLOCK_DAY - (ms % CLOCK_DAY < 0);
	in_day = (int)(ms - days * CLOCK_DAY);
	memset(tm, 0, sizeof(*tm));
	set_day(days, tm);
	tm->tm_hour = in_day / 3600000;
	tm->tm_min = in_day / 60000 % 60;
	tm->tm_sec = in_day / 1000 % 60;
	*rest = in_day % 1000;
}

/* Writes n digits of v and the character after them. */
static char *
put_digits(char *p, int n, int v, char last)
{
	for (int i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	p[n] = last;
	return p + n + 1;
}

void
clock_format(int64_t ms, char text[CLOCK_TEXT])
{
	struct tm tm;
	char *p = text;
	int rest;

	split(ms, &tm, &rest);
	p = put_digits(p, 4, tm.tm_year + 1900, '-');
	p = put_digits(p, 2, tm.tm_mon + 1, '-');
	p = put_digits(p, 2, tm.tm_mday, 'T');
	p = put_digits(p, 2, tm.tm_hour, ':');
	p = put_digits(p, 2, tm.tm_min, ':');
	p = put_digits(p, 2, tm.tm_sec, '.');
	p = put_digits(p, 3, rest, 'Z');
	*p = '\0';
}

void
clock_format_http(int64_t ms, char text[30])
{
	struct tm tm;
	int rest;

	split(ms, &tm, &rest);
	if (strftime(text, 30, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		text[0] = '\0';
}

/* timegm() would accept 30 February and count on. */
static bool
valid_day(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] + (leap && month == 2 ? 1 : 0);
}

/* Reads exactly n digits at *s and moves on. */
static bool
digits(const char **s, int n, int *ret)
{
	int v = 0;

	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		v = v * 10 + (**s - '0');
	}
	*ret = v;
	return true;
}

static bool
literal(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool
parse_fraction(const char **s, int *ret_ms)
{
	int scale = 100;

	*ret_ms = 0;
	if (**s != '.')
		return true;
	(*s)++;
	if (**s < '0' || **s > '9')
		return false;
	for (; **s >= '0' && **s <= '9'; (*s)++, scale /= 10)
		*ret_ms += (**s - '0') * scale;
	return true;
}

static bool
parse_offset(const char **s, int *ret_minutes)
{
	int sign, hours, minutes;

	*ret_minutes = 0;
	if (literal(s, 'Z') || literal(s, 'z'))
		return true;
	sign = **s == '-' ? -1 : 1;
	if (!literal(s, '+') && !literal(s, '-'))
		return false;
	if (!digits(s, 2, &hours) || !literal(s, ':') ||
	    !digits(s, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return true;
}

bool
clock_parse(const char *s, int64_t *ret_ms, bool *ret_date_only)
{
	struct tm tm = { 0 };
	int year, month, day, ms, offset;
	int64_t at;

	if (!digits(&s, 4, &year) || !literal(&s, '-') ||
	    !digits(&s, 2, &month) || !literal(&s, '-') ||
	    !digits(&s, 2, &day) || !valid_day(year, month, day))
		return false;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	if (*s == '\0') {
		*ret_date_only = true;
		*ret_ms = (int64_t)timegm(&tm) * 1000;
		return true;
	}
	if (!literal(&s, 'T') && !literal(&s, 't') && !literal(&s, ' '))
		return false;
	if (!digits(&s, 2, &tm.tm_hour) || !literal(&s, ':') ||
	    !digits(&s, 2, &tm.tm_min) || !literal(&s, ':') ||
	    !digits(&s, 2, &tm.tm_sec) || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 60)
		return false;
	if (!parse_fraction(&s, &ms) || !parse_offset(&s, &offset) ||
	    *s != '\0')
		return false;
	at = ((int64_t)timegm(&tm) - (int64_t)offset * 60) * 1000 + ms;
	if (at < 0 || at >= YEAR_10000)
		return false;
	*ret_date_only = false;
	*ret_ms = at;
	return true;
}

bool
clock_parse_http(const char *text, int64_t *ret_ms)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);

	if (end == NULL || *end != '\0')
		return false;
	*ret_ms = (int64_t)timegm(&tm) * 1000;
	return true;
}
