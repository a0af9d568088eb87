/* UUIDs, hex and decimal numbers. */
#include "config.h"

#include "base/id.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sec.h"

START_TEST(uuid_both_ways)
{
	struct uuid u = uuid_random(), v;
	char text[UUID_TEXT];

	uuid_format(&u, text);
	ck_assert_uint_eq(strlen(text), UUID_TEXT - 1);
	ck_assert_uint_eq(strspn(text, "0123456789abcdef-"), UUID_TEXT - 1);
	ck_assert(text[14] == '4');
	ck_assert_ptr_nonnull(strchr("89ab", text[19]));
	ck_assert(uuid_from_text(text, &v));
	ck_assert_mem_eq(u.b, v.b, UUID_BYTES);
	for (char *p = text; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'f')
			*p = (char)(*p - 32);
	memset(&v, 0, sizeof(v));
	ck_assert(uuid_from_text(text, &v));
	ck_assert_mem_eq(u.b, v.b, UUID_BYTES);
}
END_TEST

/* 122 bits vary, and the version bits do not. */
START_TEST(uuid_varies)
{
	unsigned char any[UUID_BYTES] = { 0 }, all[UUID_BYTES];

	memset(all, 0xff, sizeof(all));
	for (int i = 0; i < 200; i++) {
		struct uuid u = uuid_random();

		for (size_t k = 0; k < UUID_BYTES; k++) {
			any[k] |= u.b[k];
			all[k] &= u.b[k];
		}
	}
	for (size_t k = 0; k < UUID_BYTES; k++) {
		ck_assert_uint_eq(any[k], k == 6 ? 0x4f : k == 8 ? 0xbf : 0xff);
		ck_assert_uint_eq(all[k], k == 6 ? 0x40 : k == 8 ? 0x80 : 0);
	}
}
END_TEST

static const char *const no_uuids[] = {
	"",
	"x",
	"0",
	"123e4567-e89b-42d3-a456-42661417400",
	"123e4567-e89b-42d3-a456-4266141740000",
	"123e4567-e89b-42d3-a456-42661417400g",
	"123e4567e89b42d3a456426614174000",
	"{123e4567-e89b-42d3-a456-42661417400",
	"123e4567-e89b-42d3-a456_426614174000",
	"123e4567--e89b42d3-a456-426614174000",
	" 23e4567-e89b-42d3-a456-426614174000",
	"+23e4567-e89b-42d3-a456-426614174000",
	"0x3e4567-e89b-42d3-a456-426614174000",
	"123e4567-e89b-42d3-a456-42661417400\n",
	"------------------------------------",
};

START_TEST(no_uuid)
{
	struct uuid u;

	ck_assert(!uuid_from_text(no_uuids[_i], &u));
}
END_TEST

START_TEST(hex)
{
	unsigned char b[4];
	char text[9];

	ck_assert(hex_parse("00aBcDff", b, 4));
	ck_assert_mem_eq(b, "\x00\xab\xcd\xff", 4);
	hex_format(b, 4, text);
	ck_assert_str_eq(text, "00abcdff");
	hex_format(b, 0, text);
	ck_assert_str_eq(text, "");
	ck_assert(hex_parse("", b, 0));
	ck_assert(!hex_parse("", b, 1));
	ck_assert(!hex_parse("00abcdf", b, 4));
	ck_assert(!hex_parse("00abcdff0", b, 4));
	ck_assert(!hex_parse("00abcdfg", b, 4));
	ck_assert(!hex_parse("0x000000", b, 4));
	ck_assert(!hex_parse(" 0000000", b, 4));
	ck_assert(!hex_parse("-1000000", b, 4));
	ck_assert(!hex_parse("@`/:GA00", b, 4));
}
END_TEST

static const struct {
	const char *text;
	uint64_t max;
	uint64_t v; /* 0: refused */
} numbers[] = {
	{ "1", 1, 1 },
	{ "1", UINT64_MAX, 1 },
	{ "9", 9, 9 },
	{ "10", 10, 10 },
	{ "99", 100, 99 },
	{ "100", 100, 100 },
	{ "4294967295", UINT32_MAX, UINT32_MAX },
	{ "9223372036854775807", INT64_MAX, INT64_MAX },
	{ "18446744073709551615", UINT64_MAX, UINT64_MAX },
	{ "18446744073709551614", UINT64_MAX - 1, UINT64_MAX - 1 },
	{ "", 100, 0 },
	{ "0", 100, 0 },
	{ "00", 100, 0 },
	{ "01", 100, 0 },
	{ "-1", 100, 0 },
	{ "+1", 100, 0 },
	{ " 1", 100, 0 },
	{ "1 ", 100, 0 },
	{ "1\n", 100, 0 },
	{ "1e1", 100, 0 },
	{ "1e9", UINT64_MAX, 0 },
	{ "1.0", 100, 0 },
	{ "0x1", 100, 0 },
	{ "1x", 100, 0 },
	{ "1/", 100, 0 },
	{ "1:", 100, 0 },
	{ "\xd9\xa1", 100, 0 },
	{ "1", 0, 0 },
	{ "2", 1, 0 },
	{ "10", 9, 0 },
	{ "11", 10, 0 },
	{ "101", 100, 0 },
	{ "77", 5, 0 },
	{ "4294967296", UINT32_MAX, 0 },
	{ "9223372036854775808", INT64_MAX, 0 },
	{ "18446744073709551615", UINT64_MAX - 1, 0 },
	{ "18446744073709551616", UINT64_MAX, 0 },
	{ "18446744073709551617", UINT64_MAX, 0 },
	{ "18446744073709551620", UINT64_MAX, 0 },
	{ "18446744073709551626", UINT64_MAX, 0 },
	{ "28446744073709551615", UINT64_MAX, 0 },
	{ "18446744073709551617", 5, 0 },
	{ "99999999999999999999999999999999999999999", UINT64_MAX, 0 },
	{ "99999999999999999999999999999999999999999", 8, 0 },
};

START_TEST(decimal)
{
	uint64_t v = 0;
	bool taken = decimal_parse(numbers[_i].text, numbers[_i].max, &v);

	ck_assert_msg(taken == (numbers[_i].v != 0), "%s up to %" PRIu64,
	    numbers[_i].text, numbers[_i].max);
	ck_assert_uint_eq(v, numbers[_i].v);
}
END_TEST

/* Around every limit up to three digits. */
START_TEST(limits)
{
	for (uint64_t max = 0; max < 300; max++)
		for (uint64_t n = 0; n < 1100; n++) {
			uint64_t v = 0;
			char text[24];

			snprintf(text, sizeof(text), "%" PRIu64, n);
			if (decimal_parse(text, max, &v) !=
				(n > 0 && n <= max) ||
			    v != (n <= max ? n : 0))
				ck_abort_msg("%s up to %" PRIu64, text, max);
		}
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_id");
	TCase *t = tcase_create("id");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_test(t, uuid_both_ways);
	tcase_add_test(t, uuid_varies);
	tcase_add_loop_test(t, no_uuid, 0, COUNT(no_uuids));
	tcase_add_test(t, hex);
	tcase_add_loop_test(t, decimal, 0, COUNT(numbers));
	tcase_add_test(t, limits);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
