/* User names, roles and the scopes of keys. */
#include "config.h"

#include "model/user.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS_64 \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"

static const struct {
	const char *name;
	bool valid;
} names[] = {
	{ "a", true },
	{ "A-b_c.9", true },
	{ "0", true },
	{ ".", true },
	{ "-", true },
	{ LETTERS_64, true },
	{ "", false },
	{ LETTERS_64 "x", false },
	{ " ", false },
	{ "a ", false },
	{ " a", false },
	{ "a b", false },
	{ "a\n", false },
	{ "a@b", false },
	{ "a/b", false },
	{ "a\\b", false },
	{ "a'b", false },
	{ "a%", false },
	{ "\xc3\xa4", false },
	{ "j\xc3\xbcrgen", false },
	{ "\xf0\x9f\x98\x80", false },
	{ "\xff", false },
	{ "a\x01", false },
};

START_TEST(name)
{
	ck_assert_int_eq(user_name_is_valid(names[_i].name), names[_i].valid);
}
END_TEST

static bool
is_role(const char *word)
{
	unsigned value;

	return words_find(&roles, word, strlen(word), &value);
}

START_TEST(role)
{
	ck_assert(is_role("user"));
	ck_assert(is_role("moderator"));
	ck_assert(is_role("admin"));
	ck_assert(!is_role(""));
	ck_assert(!is_role("Admin"));
	ck_assert(!is_role("admin "));
	ck_assert(!is_role("root"));
	ck_assert(!role_moderates(ROLE_USER));
	ck_assert(role_moderates(ROLE_MODERATOR));
	ck_assert(role_moderates(ROLE_ADMIN));
}
END_TEST

static const struct {
	const char *text;
	bool known;
	unsigned scopes;
} scopes[] = {
	{ "", true, 0 },
	{ "media:read", true, SCOPE_MEDIA_READ },
	{ "media:write", true, SCOPE_MEDIA_WRITE },
	{ "media:generated", true, SCOPE_MEDIA_GENERATED },
	{ "shares", true, SCOPE_SHARES },
	{ "links", true, SCOPE_LINKS },
	{ "community", true, SCOPE_COMMUNITY },
	{ "links,shares", true, SCOPE_LINKS | SCOPE_SHARES },
	{ "links,links", true, SCOPE_LINKS },
	{ "media:read,media:write,media:generated,shares,links,community", true,
	    SCOPE_ALL },
	{ ",", false, 99 },
	{ "links,", false, 99 },
	{ ",links", false, 99 },
	{ "links,,shares", false, 99 },
	{ "links, shares", false, 99 },
	{ " links", false, 99 },
	{ "links ", false, 99 },
	{ "Links", false, 99 },
	{ "link", false, 99 },
	{ "linkss", false, 99 },
	{ "media", false, 99 },
	{ "media:", false, 99 },
	{ "media:*", false, 99 },
	{ "all", false, 99 },
	{ "*", false, 99 },
	{ "links;shares", false, 99 },
	{ "links,unknown", false, 99 },
};

START_TEST(parse)
{
	unsigned v = 99;

	ck_assert_int_eq(scopes_parse(scopes[_i].text, &v), scopes[_i].known);
	ck_assert_uint_eq(v, scopes[_i].scopes);
}
END_TEST

/* Every set of them and back. */
START_TEST(format)
{
	unsigned v = 99;

	ck_assert(scopes_parse(scopes_format((unsigned)_i), &v));
	ck_assert_uint_eq(v, (unsigned)_i);
}
END_TEST

START_TEST(one)
{
	ck_assert_uint_eq(scope_of_name("media:generated"),
	    SCOPE_MEDIA_GENERATED);
	ck_assert_uint_eq(scope_of_name(""), 0);
	ck_assert_uint_eq(scope_of_name("links,shares"), 0);
	ck_assert_uint_eq(SCOPE_DEFAULT & SCOPE_MEDIA_GENERATED, 0);
	ck_assert_uint_eq(SCOPE_DEFAULT | SCOPE_MEDIA_GENERATED, SCOPE_ALL);
	ck_assert_str_eq(scopes_format(SCOPE_MEDIA_READ | SCOPE_SHARES),
	    "media:read,shares");
	ck_assert_str_eq(scopes_format(0), "");
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("model_user");
	TCase *t = tcase_create("user");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, name, 0, COUNT(names));
	tcase_add_test(t, role);
	tcase_add_loop_test(t, parse, 0, COUNT(scopes));
	tcase_add_loop_test(t, format, 0, SCOPE_ALL + 1);
	tcase_add_test(t, one);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
