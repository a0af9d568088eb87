/* The arena: zeroed and aligned memory, the cap, the deferred calls. */
#include "config.h"

#include "base/arena.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAP 100000

static struct arena *arena;
static char calls[32];
static char letters[] = "abcdlmn"; /* one for each deferred call */

static void
set_up(void)
{
	arena = arena_new(CAP);
	calls[0] = '\0';
}

static void
tear_down(void)
{
	arena_free(arena);
}

static void
note(void *arg)
{
	strncat(calls, arg, 1);
}

static bool
all_are(const unsigned char *p, size_t n, int c)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != c)
			return false;
	return true;
}

static const size_t sizes[] = { 0, 1, 7, 16, 17, 4096, 16383, 16384, 16385,
	50000 };

START_TEST(zeroed_and_aligned)
{
	for (int round = 0; round < 3; round++) {
		for (int k = 0; k < 2; k++) {
			unsigned char *p = arena_alloc(arena, sizes[_i]);

			ck_assert_ptr_nonnull(p);
			ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t),
			    0);
			ck_assert(all_are(p, sizes[_i], 0));
			memset(p, 0xff, sizes[_i]);
			if (sizes[_i] > CAP / 4)
				break;
		}
		arena_reset(arena);
	}
}
END_TEST

/* Blocks of all sizes must not overlap. */
START_TEST(apart)
{
	struct {
		unsigned char *p;
		size_t n;
	} v[60];
	struct arena *a = arena_new(4 << 20);

	for (size_t i = 0; i < 60; i++) {
		v[i].n = i % 7 == 3 ? 20000 + i : 100 * i + 1;
		v[i].p = arena_alloc(a, v[i].n);
		memset(v[i].p, (int)i + 1, v[i].n);
	}
	for (size_t i = 0; i < 60; i++)
		ck_assert(all_are(v[i].p, v[i].n, (int)i + 1));
	arena_free(a);
}
END_TEST

#ifndef ARENA_MALLOC
/* The rest of a small block is still used after a large one was added. */
START_TEST(big_behind_small)
{
	char *first = arena_alloc(arena, 16), *big, *second;

	big = arena_alloc(arena, 40000);
	memset(big, 1, 40000);
	second = arena_alloc(arena, 16);
	ck_assert_ptr_eq(second, first + 16);
}
END_TEST
#endif

/* Allocated memory counts against the cap, and a reset releases it. */
START_TEST(within_cap)
{
	for (int round = 0; round < 20; round++) {
		memset(arena_alloc(arena, 60000), 1, 60000);
		memset(arena_alloc(arena, 20000), 1, 20000);
		arena_reset(arena);
	}
}
END_TEST

START_TEST(over_cap_at_once)
{
	arena_alloc(arena, CAP + 1);
}
END_TEST

START_TEST(over_cap_bit_by_bit)
{
	for (int i = 0; i < CAP / 100 + 1; i++)
		arena_alloc(arena, 100);
}
END_TEST

START_TEST(absurd_size)
{
	arena_alloc(arena, SIZE_MAX);
}
END_TEST

START_TEST(absurd_array)
{
	arena_array(arena, SIZE_MAX / 8 + 2, 8);
}
END_TEST

START_TEST(copies)
{
	static const char text[] = "a\0b";
	char *s = arena_strdup(arena, "word");

	ck_assert_str_eq(s, "word");
	ck_assert_str_eq(arena_strdup(arena, ""), "");
	ck_assert_str_eq(arena_strndup(arena, "words", 4), "word");
	ck_assert_str_eq(arena_strndup(arena, "x", 0), "");
	ck_assert_mem_eq(arena_memdup(arena, text, 4), text, 4);
	ck_assert_ptr_nonnull(arena_memdup(arena, NULL, 0));
	ck_assert_str_eq(arena_printf(arena, "%s-%05d", s, 42), "word-00042");
	ck_assert_uint_eq(strlen(arena_printf(arena, "%30000s", "x")), 30000);
	ck_assert_str_eq(s, "word");
}
END_TEST

START_TEST(defers_newest_first)
{
	arena_defer(arena, note, &letters[0]);
	arena_defer(arena, note, &letters[1]);
	arena_defer(arena, note, &letters[2]);
	ck_assert_str_eq(calls, "");
	arena_reset(arena);
	ck_assert_str_eq(calls, "cba");
	arena_reset(arena);
	ck_assert_str_eq(calls, "cba");
	arena_defer(arena, note, &letters[3]);
	arena_free(arena);
	ck_assert_str_eq(calls, "cbad");
	arena = NULL;
}
END_TEST

static void
defer_more(void *arg)
{
	strcat(calls, "m");
	arena_defer(arg, note, &letters[6]);
}

START_TEST(deferred_while_resetting)
{
	arena_defer(arena, note, &letters[0]);
	arena_defer(arena, defer_more, arena);
	arena_reset(arena);
	ck_assert_str_eq(calls, "mna");
}
END_TEST

/* Memory that a deferred call uses is still valid when it runs. */
static void
look_at(void *arg)
{
	ck_assert_str_eq(arg, "kept");
	strcat(calls, "l");
}

START_TEST(memory_outlives_defers)
{
	arena_defer(arena, look_at, arena_strdup(arena, "kept"));
	memset(arena_alloc(arena, 50000), 'x', 50000);
	arena_reset(arena);
	ck_assert_str_eq(calls, "l");
}
END_TEST

START_TEST(closes)
{
	int fd = open("/dev/null", O_RDONLY);

	ck_assert_int_ge(fd, 0);
	arena_defer_close(arena, fd);
	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	arena_reset(arena);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

START_TEST(nothing_to_free)
{
	arena_free(NULL);
	arena_reset(arena);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_arena");
	TCase *t = tcase_create("arena");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, zeroed_and_aligned, 0, COUNT(sizes));
	tcase_add_test(t, apart);
#ifndef ARENA_MALLOC
	tcase_add_test(t, big_behind_small);
#endif
	tcase_add_test(t, within_cap);
	tcase_add_test_raise_signal(t, over_cap_at_once, SIGABRT);
	tcase_add_test_raise_signal(t, over_cap_bit_by_bit, SIGABRT);
	tcase_add_test_raise_signal(t, absurd_size, SIGABRT);
	tcase_add_test_raise_signal(t, absurd_array, SIGABRT);
	tcase_add_test(t, copies);
	tcase_add_test(t, defers_newest_first);
	tcase_add_test(t, deferred_while_resetting);
	tcase_add_test(t, memory_outlives_defers);
	tcase_add_test(t, closes);
	tcase_add_test(t, nothing_to_free);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
