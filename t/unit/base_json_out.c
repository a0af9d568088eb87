/* Writing JSON: commas, nesting, and invalid calls. */
#include "config.h"

#include "base/json_out.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"

static struct arena *arena;
static struct buf buf;
static struct json_out w;

static void
set_up(void)
{
	arena = arena_new(1 << 20);
	buf_init(&buf, arena, 1 << 16);
	jw_init(&w, &buf);
}

static void
tear_down(void)
{
	arena_free(arena);
}

START_TEST(all_kinds)
{
	jw_object(&w, NULL);
	jw_text(&w, "a", "x\"\xf0\x9f\x98\x80");
	jw_text(&w, "b", NULL);
	jw_int(&w, "c", INT64_MIN);
	jw_uint(&w, "d", UINT64_MAX);
	jw_bool(&w, "e", true);
	jw_bool(&w, "f", false);
	jw_null(&w, "g");
	jw_time(&w, "h", 1709893834567);
	jw_time(&w, "i", CLOCK_NONE);
	jw_end(&w);
	ck_assert(!buf_failed(&buf));
	ck_assert_str_eq(buf_str(&buf),
	    "{\"a\":\"x\\\"\xf0\x9f\x98\x80\",\"b\":null,"
	    "\"c\":-9223372036854775808,\"d\":18446744073709551615,"
	    "\"e\":true,\"f\":false,\"g\":null,"
	    "\"h\":\"2024-03-08T10:30:34.567Z\",\"i\":null}");
}
END_TEST

START_TEST(nesting)
{
	jw_array(&w, NULL);
	jw_object(&w, NULL);
	jw_end(&w);
	jw_array(&w, NULL);
	jw_end(&w);
	jw_object(&w, NULL);
	jw_array(&w, "a");
	jw_int(&w, NULL, 1);
	jw_text(&w, NULL, "2");
	jw_null(&w, NULL);
	jw_end(&w);
	jw_object(&w, "b");
	jw_int(&w, "c", 3);
	jw_end(&w);
	jw_int(&w, "d", 4);
	jw_end(&w);
	jw_end(&w);
	ck_assert_str_eq(buf_str(&buf),
	    "[{},[],{\"a\":[1,\"2\",null],"
	    "\"b\":{\"c\":3},\"d\":4}]");
}
END_TEST

START_TEST(bare_value)
{
	jw_text(&w, NULL, "x");
	ck_assert_str_eq(buf_str(&buf), "\"x\"");
}
END_TEST

START_TEST(deepest)
{
	for (int i = 0; i < JSON_OUT_DEPTH; i++)
		jw_array(&w, NULL);
	for (int i = 0; i < JSON_OUT_DEPTH; i++)
		jw_end(&w);
	ck_assert_uint_eq(buf.len, 2 * JSON_OUT_DEPTH);
}
END_TEST

START_TEST(too_deep)
{
	for (int i = 0; i < JSON_OUT_DEPTH + 1; i++)
		jw_array(&w, NULL);
}
END_TEST

START_TEST(nothing_to_end)
{
	jw_array(&w, NULL);
	jw_end(&w);
	jw_end(&w);
}
END_TEST

START_TEST(key_in_array)
{
	jw_array(&w, NULL);
	jw_int(&w, "a", 1);
}
END_TEST

START_TEST(key_at_top)
{
	jw_int(&w, "a", 1);
}
END_TEST

START_TEST(no_key_in_object)
{
	jw_object(&w, NULL);
	jw_int(&w, NULL, 1);
}
END_TEST

START_TEST(capped)
{
	buf_init(&buf, arena, 20);
	jw_array(&w, NULL);
	for (int i = 0; i < 1000; i++)
		jw_text(&w, NULL, "longer than that");
	jw_end(&w);
	ck_assert(buf_failed(&buf));
	ck_assert_uint_le(buf.len, 20);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base_json_out");
	TCase *t = tcase_create("json_out");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, all_kinds);
	tcase_add_test(t, nesting);
	tcase_add_test(t, bare_value);
	tcase_add_test(t, deepest);
	tcase_add_test_raise_signal(t, too_deep, SIGABRT);
	tcase_add_test_raise_signal(t, nothing_to_end, SIGABRT);
	tcase_add_test_raise_signal(t, key_in_array, SIGABRT);
	tcase_add_test_raise_signal(t, key_at_top, SIGABRT);
	tcase_add_test_raise_signal(t, no_key_in_object, SIGABRT);
	tcase_add_test(t, capped);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
