/* The cache, with a simulated database: one of several servers, which may be
 * behind, or slow. */
#include "config.h"

#include "core/pool/memo.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/version_db.h"

#define OWNER 7
#define KEPT "what is kept"

static struct conf conf;
static struct base base;
static struct env env;
static struct hash key;
static uint64_t theirs; /* version that the server returns */
static int64_t ahead;	/* ms, of the server's clock */
static unsigned slow;	/* us, until it answers */

/* ---- in place of db/version_db.c ---- */

extern const struct db_row row_account_version;
const struct db_row row_account_version = { NULL, 0 };

enum err
version_db_all(const struct db *db, struct account_version **ret, size_t *ret_n,
    int64_t *ret_now)
{
	*ret = arena_new_struct(db->arena, struct account_version);
	(*ret)->slot = OWNER;
	(*ret)->version = theirs;
	*ret_n = 1;
	*ret_now = clock_now() + ahead;
	usleep(slow);
	return ERR_OK;
}

enum err
version_db_one(const struct db *db, unsigned slot, uint64_t *ret)
{
	(void)db;
	*ret = slot == OWNER ? theirs : 0;
	return ERR_OK;
}

/* ---- */

static void
set_up(void)
{
	struct memo_pool *s = memo_new(1 << 20);

	ck_assert_ptr_nonnull(s);
	conf.database_socket = conf.database_host = conf.database_name = "x";
	base.arena = arena_new(1 << 20);
	base.conf = &conf;
	base.connection = db_open(&conf);
	env_init(&env, &base, arena_new(1 << 20));
	memo_use(s, &base);
	key = memo_key(&env, "thing", "a", 1);
	theirs = 1;
	ahead = 0;
	slow = 0;
}

static void
tear_down(void)
{
	db_close(base.connection);
	arena_free(env.arena);
	arena_free(base.arena);
}

static bool
is_kept(void)
{
	size_t n;

	memo_refresh(&env);
	return memo_get(&env, &key, -1, &n) != NULL;
}

static void
put(void)
{
	memo_put(&env, &key, OWNER, memo_as_of(&env), KEPT, sizeof(KEPT));
}

START_TEST(as_long_as_the_version)
{
	ck_assert(!is_kept());
	put();
	ck_assert(is_kept());
	ck_assert_int_eq(memo_refresh_account(&env, OWNER), ERR_OK);
	ck_assert(is_kept());
	theirs = 2;
	ck_assert_int_eq(memo_refresh_account(&env, OWNER), ERR_OK);
	ck_assert(!is_kept());
	put();
	theirs = 3;
	for (int i = 0; i < 100 && is_kept(); i++)
		usleep(10000);
	ck_assert(!is_kept());
}
END_TEST

/* Values queried before a change was known are not cached after it. */
START_TEST(asked_before)
{
	uint64_t as_of;

	ck_assert(!is_kept());
	as_of = memo_as_of(&env);
	theirs = 2;
	ck_assert_int_eq(memo_refresh_account(&env, OWNER), ERR_OK);
	memo_put(&env, &key, OWNER, as_of, KEPT, sizeof(KEPT));
	ck_assert(!is_kept());
}
END_TEST

START_TEST(behind)
{
	ck_assert(!is_kept());
	ck_assert(!memo_is_behind(&env, OWNER, 1));
	theirs = 5;
	ck_assert_int_eq(memo_refresh_account(&env, OWNER), ERR_OK);
	ck_assert(memo_is_behind(&env, OWNER, 4));
	ck_assert(!memo_is_behind(&env, OWNER, 5));
	/* The server is ahead of the pool: the next look will show it. */
	ck_assert(!memo_is_behind(&env, OWNER, 6));
	ck_assert(!memo_is_behind(&env, OWNER + 1, 0));
	base.memo = NULL;
	ck_assert(!memo_is_behind(&env, OWNER, 4));
}
END_TEST

/* However long the answer took, the clock is not behind. */
START_TEST(clock_is_not_behind)
{
	ahead = _i * INT64_C(3600000);
	slow = 300000;
	ck_assert(!is_kept());
	ck_assert_int_ge(memo_clock(&env), clock_now() + ahead);
	ck_assert_int_le(memo_clock(&env), clock_now() + ahead + 200);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("core_memo");
	TCase *t = tcase_create("memo");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, as_long_as_the_version);
	tcase_add_test(t, asked_before);
	tcase_add_test(t, behind);
	tcase_add_loop_test(t, clock_is_not_behind, -1, 2);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
