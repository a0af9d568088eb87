/* The cache shared by processes: values are complete or missing, even with many
 * concurrent writers and processes that die. */
#include "config.h"

#include "base/cache.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define KEYS 3000
#define WRITERS 4

static struct arena *arena;

static void
set_up(void)
{
	arena = arena_new(64 << 20);
}

static void
tear_down(void)
{
	arena_free(arena);
}

static struct hash
key_of(unsigned n)
{
	return sec_hash(&n, sizeof(n));
}

/* A value that shows its key and whether it is complete: its key's number, its
 * length, and one repeated byte. */
static size_t
make_value(unsigned n, unsigned seed, unsigned char *ret)
{
	unsigned head[2] = { n, 20 + seed % 900 };

	memcpy(ret, head, sizeof(head));
	memset(ret + sizeof(head), (int)(seed % 251), head[1]);
	return sizeof(head) + head[1];
}

static bool
is_whole(unsigned n, const unsigned char *p, size_t size)
{
	unsigned head[2];

	memcpy(head, p, sizeof(head));
	if (head[0] != n || size != sizeof(head) + head[1])
		return false;
	for (size_t i = sizeof(head); i < size; i++)
		if (p[i] != p[sizeof(head)])
			return false;
	return true;
}

/* The number of keys with a value; each value must be complete and belong to
 * its key. */
static unsigned
count_whole(struct cache *c)
{
	struct cache_note note;
	unsigned there = 0;
	size_t n = 0;

	for (unsigned i = 0; i < KEYS; i++) {
		struct hash k = key_of(i);
		unsigned char *p = cache_get(c, &k, arena, &n, &note);

		if (p == NULL)
			continue;
		ck_assert(is_whole(i, p, n));
		there++;
	}
	return there;
}

START_TEST(put_and_get)
{
	struct cache *c = cache_new(1 << 20);
	struct cache_note note = { .as_of = 7, .owner = 3 }, found = { 0 };
	struct hash a = key_of(1), b = key_of(2);
	size_t n = 0;
	char *p;

	ck_assert_ptr_nonnull(c);
	ck_assert_ptr_null(cache_get(c, &a, arena, &n, &found));
	cache_put(c, &a, "one", 4, &note);
	ck_assert_ptr_null(cache_get(c, &b, arena, &n, &found));
	p = cache_get(c, &a, arena, &n, &found);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(p, "one");
	ck_assert_uint_eq(found.as_of, 7);
	ck_assert_uint_eq(found.owner, 3);
	ck_assert_int_le(clock_tick() - found.tick, 60000000);
	cache_put(c, &a, "another", 8, &note);
	ck_assert_str_eq(cache_get(c, &a, arena, &n, &found), "another");
	cache_drop(c, &a);
	ck_assert_ptr_null(cache_get(c, &a, arena, &n, &found));
	cache_drop(c, &b);
}
END_TEST

START_TEST(too_large)
{
	struct cache *c = cache_new(1 << 20);
	size_t room = (1 << 20) / 16, n = 0;
	struct cache_note note = { 0 };
	struct hash a = key_of(1);
	char *p = arena_alloc(arena, room);

	cache_put(c, &a, p, room / 8 + 1, &note);
	ck_assert_ptr_null(cache_get(c, &a, arena, &n, &note));
	cache_put(c, &a, p, room / 8, &note);
	ck_assert_ptr_nonnull(cache_get(c, &a, arena, &n, &note));
	ck_assert_uint_eq(n, room / 8);
	cache_put(c, &a, p, 0, &note);
	ck_assert_ptr_nonnull(cache_get(c, &a, arena, &n, &note));
}
END_TEST

/* Old values are evicted, the newest are there, and none belongs to another
 * key, for values of any size. */
START_TEST(gives_way)
{
	struct cache *c = cache_new((64 << 10) + (size_t)_i * 100);
	unsigned char value[2000];
	struct cache_note note = { 0 };
	unsigned there;
	size_t n = 0;

	for (unsigned i = 0; i < KEYS; i++) {
		struct hash k = key_of(i);
		unsigned char *p;

		cache_put(c, &k, value, make_value(i, i % 400, value), &note);
		p = cache_get(c, &k, arena, &n, &note);
		ck_assert_ptr_nonnull(p);
		ck_assert(is_whole(i, p, n));
	}
	there = count_whole(c);
	ck_assert_uint_gt(there, 50);
	ck_assert_uint_lt(there, KEYS / 2);
}
END_TEST

static void __attribute__((noreturn))
write_for_ever(struct cache *c, unsigned seed)
{
	unsigned char value[2000];
	struct cache_note note = { 0 };

	for (;;) {
		unsigned i = (seed = seed * 1103515245 + 12345) / 65536 % KEYS;
		struct hash k = key_of(i);

		cache_put(c, &k, value, make_value(i, seed, value), &note);
	}
}

START_TEST(killed_in_the_middle)
{
	struct cache *c = cache_new(256 << 10);
	pid_t kids[WRITERS] = { 0 };
	unsigned found = 0;

	for (unsigned round = 0; round < 200; round++) {
		pid_t *kid = &kids[round % WRITERS];

		if (*kid > 0) {
			kill(*kid, SIGKILL);
			waitpid(*kid, NULL, 0);
		}
		if ((*kid = fork()) == 0)
			write_for_ever(c, round);
		found += count_whole(c);
		arena_reset(arena);
	}
	for (unsigned i = 0; i < WRITERS; i++) {
		kill(kids[i], SIGKILL);
		waitpid(kids[i], NULL, 0);
	}
	ck_assert_uint_gt(found, KEYS);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base_cache");
	TCase *t = tcase_create("cache");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, put_and_get);
	tcase_add_test(t, too_large);
	tcase_add_loop_test(t, gives_way, 0, 2);
	tcase_add_test(t, killed_in_the_middle);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
