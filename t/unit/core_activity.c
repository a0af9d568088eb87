/* How much of an address the log keeps, depending on the settings. */
#include "config.h"

#include "core/share/activity.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"

static const struct {
	const char *address, *shortened; /* NULL: not kept */
} addresses[] = {
	{ "203.0.113.77", "203.0.113.0" },
	{ "203.0.113.0", "203.0.113.0" },
	{ "255.255.255.255", "255.255.255.0" },
	{ "127.0.0.1", "127.0.0.0" },
	{ "2001:db8:1:2:3:4:5:6", "2001:db8:1::" },
	{ "2001:DB8:0001::6", "2001:db8:1::" },
	{ "2001:db8::1", "2001:db8::" },
	{ "::1", "::" },
	{ "fe80::1:2:3:4", "fe80::" },
	{ "::ffff:198.51.100.9", "198.51.100.0" },
	{ "::FFFF:c633:6409", "198.51.100.0" },
	{ LONGEST, "ffff:ffff:ffff::" },
	/* Without an address nothing is kept, and nothing is guessed. */
	{ "203.0.113", NULL },
	{ "203.0.113.256", NULL },
	{ "203.0.113.077", NULL },
	{ "1:2", NULL },
	{ ":::", NULL },
	{ "2001:db8:1:2:3:4:5:6:7", NULL },
	{ "abc", NULL },
	{ ".", NULL },
	{ "203.0.113.77:8080", NULL },
};

START_TEST(address)
{
	struct conf conf = { .activity_address = CONF_ADDRESS_SHORTENED };
	struct base base = { .conf = &conf };
	struct env env = { .base = &base,
		.arena = arena_new(1 << 16),
		.address = addresses[_i].address };

	ck_assert_pstr_eq(activity_address(&env), addresses[_i].shortened);
	conf.activity_address = CONF_ADDRESS_NONE;
	ck_assert_ptr_null(activity_address(&env));
	conf.activity_address = CONF_ADDRESS_FULL;
	ck_assert_str_eq(activity_address(&env), addresses[_i].address);
	ck_assert_uint_le(strlen(addresses[_i].address), 45);
	arena_free(env.arena);
}
END_TEST

START_TEST(unknown)
{
	struct conf conf = { .activity_address = _i };
	struct base base = { .conf = &conf };
	struct env env = { .base = &base,
		.arena = arena_new(1 << 16),
		.address = "" };

	ck_assert_ptr_null(activity_address(&env));
	arena_free(env.arena);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("core_activity");
	TCase *t = tcase_create("activity");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, address, 0,
	    (int)(sizeof(addresses) / sizeof(addresses[0])));
	tcase_add_loop_test(t, unknown, 0, 3);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
