/* Times: formatting and parsing, HTTP dates, and times of files. */
#include "config.h"

#include "base/clock.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAST INT64_C(253402300799999) /* the end of the year 9999 */

static const struct {
	int64_t ms;
	const char *text;
} formats[] = {
	{ 0, "1970-01-01T00:00:00.000Z" },
	{ 1, "1970-01-01T00:00:00.001Z" },
	{ -1, "1969-12-31T23:59:59.999Z" },
	{ -1000, "1969-12-31T23:59:59.000Z" },
	{ 999, "1970-01-01T00:00:00.999Z" },
	{ 951782400000, "2000-02-29T00:00:00.000Z" },
	{ 1709893834567, "2024-03-08T10:30:34.567Z" },
	{ 4107542399999, "2100-02-28T23:59:59.999Z" },
	{ 4107542400000, "2100-03-01T00:00:00.000Z" },
	{ 2147483648000, "2038-01-19T03:14:08.000Z" },
	{ LAST, "9999-12-31T23:59:59.999Z" },
	{ LAST + 1, "9999-12-31T23:59:59.999Z" },
	{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
	{ INT64_C(-62167219200000), "0000-01-01T00:00:00.000Z" },
	{ INT64_C(-62167219200001), "0000-01-01T00:00:00.000Z" },
	{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
};

START_TEST(format)
{
	char text[CLOCK_TEXT];
	int64_t ms = -1;
	bool date = true;

	clock_format(formats[_i].ms, text);
	ck_assert_str_eq(text, formats[_i].text);
	if (formats[_i].ms < 0 || formats[_i].ms > LAST)
		return;
	ck_assert(clock_parse(text, &ms, &date));
	ck_assert_int_eq(ms, formats[_i].ms);
	ck_assert(!date);
}
END_TEST

/* Compares the calendar with the system's, from year 0 to 9999. */
START_TEST(every_year)
{
	char text[CLOCK_TEXT], http[30], want[80];

	for (int64_t day = -719528; day < 2932897; day += 97) {
		time_t s = (time_t)(day * 86400 + 43200);
		struct tm tm;

		ck_assert_ptr_nonnull(gmtime_r(&s, &tm));
		ck_assert_int_eq(clock_days(tm.tm_year + 1900, tm.tm_mon + 1,
				     tm.tm_mday),
		    day);
		snprintf(want, sizeof(want), "%04d-%02d-%02dT12:00:00.000Z",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		clock_format((int64_t)s * 1000, text);
		ck_assert_str_eq(text, want);
		strftime(want, sizeof(want), "%a, %d %b %Y 12:00:00 GMT", &tm);
		clock_format_http((int64_t)s * 1000, http);
		ck_assert_str_eq(http, want);
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t ms;
	bool date;
} times[] = {
	{ "1970-01-01", 0, true },
	{ "2023-11-28", 1701129600000, true },
	{ "2000-02-29", 951782400000, true },
	{ "2024-02-29", 1709164800000, true },
	{ "9999-12-31", 253402214400000, true },
	{ "1970-01-01T00:00:00Z", 0, false },
	{ "1970-01-01t00:00:01z", 1000, false },
	{ "1970-01-01 00:00:01Z", 1000, false },
	{ "2024-03-08T10:30:34.567Z", 1709893834567, false },
	{ "2024-03-08T10:30:34.5Z", 1709893834500, false },
	{ "2024-03-08T10:30:34.56789012345678901234567890Z", 1709893834567,
	    false },
	{ "2024-03-08T11:30:34.567+01:00", 1709893834567, false },
	{ "2024-03-08T05:00:34.567-05:30", 1709893834567, false },
	{ "2024-03-09T10:29:34.567+23:59", 1709893834567, false },
	{ "2024-03-08T10:30:34.567-00:00", 1709893834567, false },
	{ "2024-02-29T23:30:00-01:00", 1709253000000, false },
	{ "1970-01-01T01:00:00+01:00", 0, false },
	{ "2016-12-31T23:59:60Z", 1483228800000, false },
	{ "9999-12-31T23:59:59.999Z", LAST, false },
};

START_TEST(parse)
{
	int64_t ms = -1;
	bool date = !times[_i].date;

	ck_assert(clock_parse(times[_i].text, &ms, &date));
	ck_assert_int_eq(ms, times[_i].ms);
	ck_assert_int_eq(date, times[_i].date);
}
END_TEST

static const char *const rubbish[] = {
	"",
	" ",
	"x",
	"2024",
	"2024-03",
	"2024-03-",
	"2024-3-8",
	"24-03-08",
	"02024-03-08",
	"2024-03-08x",
	"2024-03-08 ",
	" 2024-03-08",
	"2024-03-08T",
	"2024-03-08TZ",
	"2024-03-08T10",
	"2024-03-08T10:30Z",
	"2024-03-08T10:30:34",
	"2024-03-08T10:30:34.Z",
	"2024-03-08T10:30:34,5Z",
	"2024-03-08T10:30:34Zx",
	"2024-03-08T10:30:34+1:00",
	"2024-03-08T10:30:34+0100",
	"2024-03-08T10:30:34+01",
	"2024-03-08T10:30:34+24:00",
	"2024-03-08T10:30:34+01:60",
	"2024-03-08T10:30:34 +01:00",
	"2024-03-08T24:00:00Z",
	"2024-03-08T25:00:00Z",
	"2024-03-08T10:60:00Z",
	"2024-03-08T10:30:61Z",
	"2024-00-08",
	"2024-13-08",
	"2024-03-00",
	"2024-03-32",
	"2024-04-31",
	"2023-02-29",
	"2100-02-29",
	"1900-02-29",
	"2024-02-30",
	"1969-12-31",
	"0000-01-01",
	"10000-01-01",
	"-001-01-01",
	"+2024-03-08",
	"2024-03-08T-1:00:00Z",
	"2024-03-08T10:30:34.5",
	"1970-01-01T00:00:00+00:01",
	"9999-12-31T23:59:59-00:01",
	"9999-12-31T23:59:60Z",
	"2024/03/08",
	"20240308",
	"1709893834567",
	"\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa4-03-08",
};

START_TEST(refuse)
{
	int64_t ms = 42;
	bool date;

	ck_assert_msg(!clock_parse(rubbish[_i], &ms, &date), "%s is taken",
	    rubbish[_i]);
	ck_assert_int_eq(ms, 42);
}
END_TEST

/* Each day of four centuries, and what follows the last of each month. */
START_TEST(calendar)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int64_t want = 0;

	for (int year = 1970; year < 2405; year++)
		for (int month = 1; month <= 12; month++) {
			bool leap = year % 400 == 0 ||
			    (year % 4 == 0 && year % 100 != 0);
			int last =
			    days[month - 1] + (month == 2 && leap ? 1 : 0);

			for (int day = 1; day <= 32; day++) {
				char text[32];
				int64_t ms = 0;
				bool date;

				snprintf(text, sizeof(text), "%04d-%02d-%02d",
				    year, month, day);
				if (clock_parse(text, &ms, &date) !=
				    (day <= last))
					ck_abort_msg("%s", text);
				if (day > last)
					continue;
				if (ms != want)
					ck_abort_msg("%s: %" PRId64, text, ms);
				want += CLOCK_DAY;
			}
		}
}
END_TEST

static const struct {
	int64_t ms;
	const char *text;
} dates[] = {
	{ 784111777000, "Sun, 06 Nov 1994 08:49:37 GMT" },
	{ 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
	{ 1709164800000, "Thu, 29 Feb 2024 00:00:00 GMT" },
	{ 253402300799000, "Fri, 31 Dec 9999 23:59:59 GMT" },
};

START_TEST(http_date)
{
	int64_t ms = -1;
	char text[30];

	clock_format_http(dates[_i].ms + 999, text);
	ck_assert_str_eq(text, dates[_i].text);
	ck_assert(clock_parse_http(text, &ms));
	ck_assert_int_eq(ms, dates[_i].ms);
}
END_TEST

START_TEST(http_date_far)
{
	char text[30];

	clock_format_http(INT64_MAX, text);
	ck_assert_str_eq(text, "Fri, 31 Dec 9999 23:59:59 GMT");
	clock_format_http(INT64_MIN, text);
	ck_assert_uint_lt(strlen(text), 30);
}
END_TEST

static const char *const bad_dates[] = {
	"",
	"x",
	"Sun, 06 Nov 1994 08:49:37",
	"Sun, 06 Nov 1994 08:49:37 CET",
	"Sun, 06 Nov 1994 08:49:37 GMTx",
	"Sun, 06 Nov 1994 25:49:37 GMT",
	"Sunday, 06-Nov-94 08:49:37 GMT",
	"Sun Nov  6 08:49:37 1994",
	"Sun, 32 Nov 1994 08:49:37 GMT",
	"1994-11-06T08:49:37Z",
	"784111777",
};

START_TEST(refuse_http_date)
{
	int64_t ms;

	ck_assert_msg(!clock_parse_http(bad_dates[_i], &ms), "%s is taken",
	    bad_dates[_i]);
}
END_TEST

static const struct {
	time_t s;
	long ns;
	int64_t in_ms, in_ns;
} stamps[] = {
	{ 0, 0, 0, 0 },
	{ 1, 999999999, 1999, 1999999999 },
	{ -1, 500000000, -500, -500000000 },
	{ 9223372036, 854775807, 9223372036854, INT64_MAX },
	{ 9223372036, 854775808, 9223372036854, INT64_MAX },
	{ 13569465600, 0, 13569465600000, INT64_MAX },
	{ -13569465600, 0, -13569465600000, INT64_MIN + 1 },
	{ INT64_MAX, 999999999, INT64_MAX, INT64_MAX },
	{ INT64_MIN, 0, INT64_MIN + 1, INT64_MIN + 1 },
};

START_TEST(of_file)
{
	struct timespec ts = { stamps[_i].s, stamps[_i].ns };

	ck_assert_int_eq(clock_of(ts), stamps[_i].in_ms);
	ck_assert_int_eq(clock_ns(ts), stamps[_i].in_ns);
}
END_TEST

START_TEST(runs)
{
	int64_t tick = clock_tick(), now = clock_now();

	ck_assert_int_le(INT64_C(1700000000000), now);
	ck_assert_int_le(llabs(now - (int64_t)time(NULL) * 1000), 60000);
	clock_pause(20);
	ck_assert_int_ge(clock_tick() - tick, 20000);
	ck_assert_int_ge(clock_now() - now, 19);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_clock");
	TCase *t = tcase_create("clock");
	SRunner *r;
	int failed;

	/* Only UTC is used, wherever the test runs. */
	setenv("TZ", "America/New_York", 1);
	tzset();
	tcase_add_loop_test(t, format, 0, COUNT(formats));
	tcase_add_test(t, every_year);
	tcase_add_loop_test(t, parse, 0, COUNT(times));
	tcase_add_loop_test(t, refuse, 0, COUNT(rubbish));
	tcase_add_test(t, calendar);
	tcase_add_loop_test(t, http_date, 0, COUNT(dates));
	tcase_add_test(t, http_date_far);
	tcase_add_loop_test(t, refuse_http_date, 0, COUNT(bad_dates));
	tcase_add_loop_test(t, of_file, 0, COUNT(stamps));
	tcase_add_test(t, runs);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
