/* Requests that are refused before the database is queried. It is unavailable
 * here, so ERR_RETRY shows that the rules passed. */
#include "config.h"

#include "core/env.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/vault/access.h"
#include "core/auth/account.h"
#include "core/auth/auth.h"
#include "core/community/feed.h"
#include "core/share/gate.h"
#include "core/community/media_share.h"
#include "core/vault/category.h"
#include "core/vault/upload.h"
#include "core/vault/vault.h"
#include "store/fs.h"

#define EMOJI "\xf0\x9f\x98\x80"
#define HELD ERR_RETRY

static struct conf conf;
static struct base base;
static struct env env;
static struct caller caller;
static char root[32], tmp[48], slots[48];

static void
set_up(void)
{
	struct why why = { 0 };
	struct categories *categories;

	memset(&base, 0, sizeof(base));
	conf.database_socket = "/nonexistent/socket";
	conf.database_host = conf.database_user = conf.database_name = "x";
	conf.database_password_file = "";
	conf.upload_max_size = 1000;
	base.conf = &conf;
	base.connection = db_open(&conf);
	env_init(&env, &base, arena_new(16 << 20));
	ck_assert_int_eq(categories_parse(env.arena,
			     "upload:Uploads babecock:Babecocks", &categories,
			     &why),
	    ERR_OK);
	base.categories = categories;
	snprintf(root, sizeof(root), "/tmp/core_rules.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(tmp, sizeof(tmp), "%s/tmp", root);
	snprintf(slots, sizeof(slots), "%s/slots", root);
	ck_assert_int_eq(mkdir(tmp, 0700), 0);
	ck_assert_int_eq(fs_open(env.arena, root, &base.store, &why), ERR_OK);
	base.slots = slots;
	env.address = "192.0.2.1";
	memset(&caller, 0, sizeof(caller));
	caller.credential = CRED_SESSION;
	caller.scopes = SCOPE_ALL;
	caller.user.id = 42;
	caller.user.role = ROLE_USER;
}

static void
tear_down(void)
{
	char place[80];

	arena_free(env.arena);
	db_close(base.connection);
	/* The slot used for hashing a password stays. */
	for (int i = 0; i < 64; i++) {
		snprintf(place, sizeof(place), "%s/password-%d", slots, i);
		unlink(place);
	}
	rmdir(slots);
	/* Uploads leave nothing behind. */
	ck_assert_int_eq(rmdir(tmp), 0);
	ck_assert_int_eq(rmdir(root), 0);
}

/* The same text n times. */
static const char *
repeat(const char *text, size_t n)
{
	size_t len = strlen(text);
	char *s = arena_alloc(env.arena, n * len + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(s + i * len, text, len);
	return s;
}

static const struct {
	const char *path;
	bool own;
} paths[] = {
	{ "users/42/Uploads/a.jpg", true },
	{ "users/42/Babecocks/a b.MP4", true },
	{ "users/42/Uploads/\xc3\xa4.png", true },
	{ "", false },
	{ "/users/42/Uploads/a.jpg", false },
	{ "users/42/Uploads/", false },
	{ "users/42/Uploads", false },
	{ "users/42/Uploads/.a.jpg", false },
	{ "users/42/Uploads/a.json", false },
	{ "users/42/Uploads/a", false },
	{ "users/42/Uploads//a.jpg", false },
	{ "users/42/Uploads/x/a.jpg", false },
	{ "users/42/Uploads/../a.jpg", false },
	{ "users/42/Uploads/../../4/Uploads/a.jpg", false },
	{ "users/42/uploads/a.jpg", false },
	{ "users/42/Uploadsx/a.jpg", false },
	{ "users/42/Upload/a.jpg", false },
	{ "users/42/a.jpg", false },
	{ "users/42/upload/a.jpg", false },
	{ "users/4/Uploads/a.jpg", false },
	{ "users/421/Uploads/a.jpg", false },
	{ "users/042/Uploads/a.jpg", false },
	{ "Users/42/Uploads/a.jpg", false },
	{ "user-media/users/42/Uploads/a.jpg", false },
	{ "./users/42/Uploads/a.jpg", false },
	{ "general/a.jpg", false },
};

START_TEST(path)
{
	const struct category *category = NULL;
	struct media m;

	ck_assert_int_eq(access_media_path(&env, &caller, paths[_i].path,
			     &category, &m),
	    paths[_i].own ? HELD : ERR_NOT_FOUND);
	ck_assert_ptr_null(category);
	if (!paths[_i].own)
		ck_assert_int_eq(env.why.reason, WHY_NO_MEDIA);
}
END_TEST

static const struct {
	uint64_t id;
	enum credential credential;
	enum role role;
	enum err e;
} moderators[] = {
	{ 1, CRED_SESSION, ROLE_MODERATOR, ERR_OK },
	{ 1, CRED_TOKEN, ROLE_MODERATOR, ERR_OK },
	{ 1, CRED_SESSION, ROLE_ADMIN, ERR_OK },
	{ 1, CRED_KEY, ROLE_MODERATOR, ERR_FORBIDDEN },
	{ 1, CRED_KEY, ROLE_ADMIN, ERR_FORBIDDEN },
	{ 1, CRED_SESSION, ROLE_USER, ERR_FORBIDDEN },
	{ 1, CRED_SESSION, 0, ERR_FORBIDDEN },
	{ 0, CRED_NONE, 0, ERR_FORBIDDEN },
};

START_TEST(moderator)
{
	caller.user.id = moderators[_i].id;
	caller.user.role = moderators[_i].role;
	caller.credential = moderators[_i].credential;
	ck_assert_int_eq(access_moderator(&env, &caller), moderators[_i].e);
}
END_TEST

START_TEST(password)
{
	static const char *const bad[] = { "", "short", "1234567",
		"with\ncontrol characters", "with\177delete", "no\xffutf-8",
		"no\xc0\xafutf-8" };
	struct why why = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(auth_password_rule(ABOUT_NEW_PASSWORD, bad[i],
				     &why),
		    ERR_INVALID);
		ck_assert_int_eq(why.about, ABOUT_NEW_PASSWORD);
	}
	ck_assert_int_eq(auth_password_rule(ABOUT_NEW_PASSWORD,
			     repeat("x", PASSWORD_LEAST), &why),
	    ERR_OK);
	ck_assert_int_eq(auth_password_rule(ABOUT_NEW_PASSWORD,
			     repeat(EMOJI, PASSWORD_LEAST - 1), &why),
	    ERR_INVALID);
	ck_assert_int_eq(auth_password_rule(ABOUT_NEW_PASSWORD,
			     repeat("x", PASSWORD_MOST), &why),
	    ERR_OK);
	ck_assert_int_eq(auth_password_rule(ABOUT_NEW_PASSWORD,
			     repeat("x", PASSWORD_MOST + 1), &why),
	    ERR_INVALID);
	ck_assert_int_eq(auth_password_rule(ABOUT_NEW_PASSWORD,
			     " all kinds of \"'`; \xc3\xa4", &why),
	    ERR_OK);
}
END_TEST

static const struct {
	const char *username, *email, *display_name;
	enum about wrong; /* ABOUT_NONE: nothing */
} accounts[] = {
	{ "anna", "anna@example.org", NULL, ABOUT_NONE },
	{ "anna",
	    "anna@b\xc3\xbc"
	    "cher.example",
	    "J\xc3\xbcrgen " EMOJI, ABOUT_NONE },
	{ "anna", "\"a@b\"@example.org", NULL, ABOUT_EMAIL },
	{ "", "anna@example.org", NULL, ABOUT_USERNAME },
	{ "a b", "anna@example.org", NULL, ABOUT_USERNAME },
	{ "anna", "", NULL, ABOUT_EMAIL },
	{ "anna", "anna", NULL, ABOUT_EMAIL },
	{ "anna", "@example.org", NULL, ABOUT_EMAIL },
	{ "anna", "anna@", NULL, ABOUT_EMAIL },
	{ "anna", "anna @example.org", NULL, ABOUT_EMAIL },
	{ "anna", "anna@example.org\nBcc: x@y", NULL, ABOUT_EMAIL },
	{ "anna", "\xff@example.org", NULL, ABOUT_EMAIL },
	{ "anna", "anna@example.org", "", ABOUT_DISPLAY_NAME },
	{ "anna", "anna@example.org", "a\tb", ABOUT_DISPLAY_NAME },
	{ "anna", "anna@example.org", "\xff", ABOUT_DISPLAY_NAME },
};

START_TEST(account)
{
	struct account_new n = { accounts[_i].username, accounts[_i].email,
		accounts[_i].display_name, "long enough" };
	struct user u;

	ck_assert_int_eq(account_add(&env, &n, &u),
	    accounts[_i].wrong != ABOUT_NONE ? ERR_INVALID : HELD);
	if (accounts[_i].wrong != ABOUT_NONE)
		ck_assert_int_eq(env.why.about, accounts[_i].wrong);
}
END_TEST

START_TEST(account_lengths)
{
	struct account_new n = { "anna", "anna@example.org", NULL,
		"long enough" };
	struct user u;

	n.display_name = repeat(EMOJI, 129);
	ck_assert_int_eq(account_add(&env, &n, &u), ERR_INVALID);
	n.display_name = repeat(EMOJI, 128);
	ck_assert_int_eq(account_add(&env, &n, &u), HELD);
	n.email = arena_printf(env.arena, "%s@x.org", repeat("a", 65));
	ck_assert_int_eq(account_add(&env, &n, &u), ERR_INVALID);
	n.email += 1;
	ck_assert_int_eq(account_add(&env, &n, &u), HELD);
	n.password = "short";
	ck_assert_int_eq(account_add(&env, &n, &u), ERR_INVALID);
}
END_TEST

START_TEST(api_key)
{
	int64_t later = clock_now() + CLOCK_MINUTE;
	const char *key = NULL;
	uint64_t id;

	ck_assert_int_eq(auth_key_add(&env, 42, "my key", SCOPE_DEFAULT,
			     CLOCK_NONE, &id, &key),
	    HELD);
	ck_assert_int_eq(auth_key_add(&env, 42, repeat(EMOJI, 128),
			     SCOPE_SHARES, later, &id, &key),
	    HELD);
	ck_assert_int_eq(auth_key_add(&env, 42, repeat(EMOJI, 129),
			     SCOPE_SHARES, later, &id, &key),
	    ERR_INVALID);
	ck_assert_int_eq(auth_key_add(&env, 42, "", SCOPE_SHARES, CLOCK_NONE,
			     &id, &key),
	    ERR_INVALID);
	ck_assert_int_eq(auth_key_add(&env, 42, "a\nb", SCOPE_SHARES,
			     CLOCK_NONE, &id, &key),
	    ERR_INVALID);
	ck_assert_int_eq(auth_key_add(&env, 42, "a", 0, CLOCK_NONE, &id, &key),
	    ERR_INVALID);
	ck_assert_int_eq(auth_key_add(&env, 42, "a", SCOPE_SHARES,
			     clock_now() - 1, &id, &key),
	    ERR_INVALID);
	ck_assert_ptr_null(key);
}
END_TEST

static const struct {
	struct vault_query query;
	enum about wrong; /* ABOUT_NONE: nothing */
} queries[] = {
	{ { .limit = 0 }, ABOUT_NONE },
	{ { "", "", "", "", 10 }, ABOUT_NONE },
	{ { "all", "all", "x", NULL, 0 }, ABOUT_NONE },
	{ { "upload", "today", "%_|", NULL, 0 }, ABOUT_NONE },
	{ { "babecock", "week", NULL, "1700000000000.17", 0 }, ABOUT_NONE },
	{ { NULL, "month", NULL, NULL, 0 }, ABOUT_NONE },
	{ { NULL, "year", NULL, NULL, 0 }, ABOUT_NONE },
	{ { .category = "Upload" }, ABOUT_CATEGORY },
	{ { .category = "uploads" }, ABOUT_CATEGORY },
	{ { .category = "' OR 1=1" }, ABOUT_CATEGORY },
	{ { .category = "ALL" }, ABOUT_CATEGORY },
	{ { .date_range = "Today" }, ABOUT_DATE_RANGE },
	{ { .date_range = "yesterday" }, ABOUT_DATE_RANGE },
	{ { .date_range = "2024-01-01" }, ABOUT_DATE_RANGE },
	{ { .cursor = "x" }, ABOUT_CURSOR },
	{ { .cursor = "." }, ABOUT_CURSOR },
	{ { .cursor = "1" }, ABOUT_CURSOR },
	{ { .cursor = "1." }, ABOUT_CURSOR },
	{ { .cursor = ".1" }, ABOUT_CURSOR },
	{ { .cursor = "1.2.3" }, ABOUT_CURSOR },
	{ { .cursor = "0.1" }, ABOUT_CURSOR },
	{ { .cursor = "-1.1" }, ABOUT_CURSOR },
	{ { .cursor = "1.-1" }, ABOUT_CURSOR },
	{ { .cursor = "1.1 " }, ABOUT_CURSOR },
	{ { .cursor = "1e3.1" }, ABOUT_CURSOR },
	{ { .cursor = "9223372036854775808.1" }, ABOUT_CURSOR },
	{ { .cursor = "1.9223372036854775808" }, ABOUT_CURSOR },
};

START_TEST(list)
{
	static const struct vault_reader reader;

	ck_assert_int_eq(vault_list(&env, &caller, &queries[_i].query, &reader),
	    queries[_i].wrong != ABOUT_NONE ? ERR_INVALID : HELD);
	if (queries[_i].wrong != ABOUT_NONE)
		ck_assert_int_eq(env.why.about, queries[_i].wrong);
}
END_TEST

START_TEST(search_length)
{
	static const struct vault_reader reader;
	struct vault_query q = { .search = repeat(EMOJI, 200) };

	ck_assert_int_eq(vault_list(&env, &caller, &q, &reader), HELD);
	q.search = repeat("%", 200);
	ck_assert_int_eq(vault_list(&env, &caller, &q, &reader), HELD);
	q.search = repeat("x", 201);
	ck_assert_int_eq(vault_list(&env, &caller, &q, &reader), ERR_INVALID);
	ck_assert_int_eq(env.why.about, ABOUT_SEARCH);
}
END_TEST

START_TEST(feed)
{
	static const char *const bad[] = { "x", "0", "-1", "1 ", "1.1",
		"9223372036854775808" };
	struct community_item *items;
	const char *next;
	size_t n;

	ck_assert_int_eq(community_feed(&env, NULL, NULL, 1, &items, &n, &next),
	    HELD);
	ck_assert_int_eq(community_feed(&env, "", "", FEED_LIMIT_MOST, &items,
			     &n, &next),
	    HELD);
	ck_assert_int_eq(community_feed(&env, NULL, NULL, 0, &items, &n, &next),
	    ERR_INVALID);
	ck_assert_int_eq(community_feed(&env, NULL, NULL, FEED_LIMIT_MOST + 1,
			     &items, &n, &next),
	    ERR_INVALID);
	ck_assert_int_eq(community_feed(&env, NULL, NULL, UINT64_MAX, &items,
			     &n, &next),
	    ERR_INVALID);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(community_feed(&env, NULL, bad[i], 1, &items,
				     &n, &next),
		    ERR_INVALID);
}
END_TEST

/* Not a token: the database is not queried. */
START_TEST(link_token)
{
	struct opening l;

	ck_assert_int_eq(gate_open_preview(&env, "", &l), ERR_NOT_FOUND);
	ck_assert_int_eq(gate_open_preview(&env, "17", &l), ERR_NOT_FOUND);
	ck_assert_int_eq(gate_open_preview(&env,
			     "123e4567-e89b-42d3-a456-42661417400g", &l),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(gate_open_preview(&env,
			     "123e4567-e89b-42d3-a456-426614174000", &l),
	    HELD);
}
END_TEST

static const struct {
	const char *name;
	bool taken;
} names[] = {
	{ "a.jpg", true },
	{ "a.JPEG", true },
	{ "a b.webm", true },
	{ "\xc3\xa4" EMOJI ".png", true },
	{ "a..jpg", true },
	{ "a'b\"c.gif", true },
	{ "C:a.jpg", true },
	{ "", false },
	{ ".jpg", false },
	{ ".a.jpg", false },
	{ "..", false },
	{ "a", false },
	{ "a.svg", false },
	{ "a.html", false },
	{ "a.jpg.html", false },
	{ "a.json", false },
	{ "a/b.jpg", false },
	{ "../a.jpg", false },
	{ "a\\b.jpg", false },
	{ "/a.jpg", false },
	{ "a\nb.jpg", false },
	{ "a\x7f.jpg", false },
	{ "\xff.jpg", false },
	{ "\xc0\xae\xc0\xae.jpg", false },
	{ "a.jpg ", false },
};

START_TEST(upload_name)
{
	struct upload u;

	ck_assert_int_eq(upload_begin(&env, &caller, NULL, &u), ERR_OK);
	ck_assert_int_eq(upload_start(&u, names[_i].name),
	    names[_i].taken ? ERR_OK : ERR_INVALID);
}
END_TEST

START_TEST(upload_rules)
{
	struct upload u;
	struct media *m;

	ck_assert_int_eq(upload_begin(&env, &caller, "none", &u), ERR_INVALID);
	ck_assert_int_eq(upload_begin(&env, &caller, "babecock", &u), ERR_OK);
	caller.scopes = SCOPE_DEFAULT;
	ck_assert_int_eq(upload_begin(&env, &caller, "babecock", &u),
	    ERR_FORBIDDEN);
	ck_assert_int_eq(upload_begin(&env, &caller, "upload", &u), ERR_OK);
	ck_assert_uint_eq(u.room, UINT64_MAX);
	ck_assert_int_eq(upload_finish(&u, &m), ERR_INVALID);
	ck_assert_int_eq(upload_start(&u,
			     arena_printf(env.arena, "%s.jpg",
				 repeat("x", 252))),
	    ERR_INVALID);
	ck_assert_int_eq(upload_start(&u,
			     arena_printf(env.arena, "%s.jpg",
				 repeat("x", 251))),
	    ERR_OK);
	caller.user.quota = 1;
	ck_assert_int_eq(upload_begin(&env, &caller, NULL, &u), HELD);
}
END_TEST

START_TEST(upload_size)
{
	static const char block[1001];
	struct upload u;

	ck_assert_int_eq(upload_begin(&env, &caller, NULL, &u), ERR_OK);
	ck_assert_int_eq(upload_start(&u, "a.jpg"), ERR_OK);
	ck_assert_int_eq(upload_data(&u, block, 1001), ERR_TOO_LARGE);
	ck_assert_int_eq(upload_data(&u, block, 0), ERR_OK);
	ck_assert_int_eq(upload_data(&u, block, 600), ERR_OK);
	ck_assert_int_eq(upload_data(&u, block, 401), ERR_TOO_LARGE);
	ck_assert_int_eq(upload_data(&u, block, 400), ERR_OK);
	ck_assert_int_eq(upload_data(&u, block, 1), ERR_TOO_LARGE);
	ck_assert_int_eq(upload_data(&u, block, SIZE_MAX), ERR_TOO_LARGE);
	/* A thousand NULs are not a picture under any name. */
	ck_assert_int_eq(upload_end(&u), ERR_INVALID);
	ck_assert_int_eq(upload_start(&u, "b.jpg"), ERR_OK);
	u.room = 100;
	ck_assert_int_eq(upload_data(&u, block, 101), ERR_FULL);
	ck_assert_int_eq(upload_data(&u, block, 100), ERR_OK);
	ck_assert_int_eq(upload_data(&u, block, 1), ERR_FULL);
	/* An empty file is invalid too. */
	ck_assert_int_eq(upload_start(&u, "c.jpg"), ERR_OK);
	ck_assert_int_eq(upload_end(&u), ERR_INVALID);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static void
add_tests(TCase *t)
{
	tcase_add_loop_test(t, path, 0, COUNT(paths));
	tcase_add_loop_test(t, moderator, 0, COUNT(moderators));
	tcase_add_test(t, password);
	tcase_add_loop_test(t, account, 0, COUNT(accounts));
	tcase_add_test(t, account_lengths);
	tcase_add_test(t, api_key);
	tcase_add_loop_test(t, list, 0, COUNT(queries));
	tcase_add_test(t, search_length);
	tcase_add_test(t, feed);
	tcase_add_test(t, link_token);
	tcase_add_loop_test(t, upload_name, 0, COUNT(names));
	tcase_add_test(t, upload_rules);
	tcase_add_test(t, upload_size);
}

int
main(void)
{
	Suite *s = suite_create("core_rules");
	TCase *t = tcase_create("rules");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	add_tests(t);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
