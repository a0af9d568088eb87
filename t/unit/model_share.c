/* How shares stand, and what they let somebody do. */
#include "config.h"

#include "model/share.h"

#include <check.h>
#include <stdlib.h>

static const struct {
	enum share_status own, chain, is;
	const char *name;
} states[] = {
	{ SHARE_ACTIVE, SHARE_ACTIVE, SHARE_ACTIVE, "active" },
	{ SHARE_EXPIRED, SHARE_ACTIVE, SHARE_EXPIRED, "expired" },
	{ SHARE_ACTIVE, SHARE_EXPIRED, SHARE_EXPIRED, "expired" },
	{ SHARE_EXHAUSTED, SHARE_ACTIVE, SHARE_EXHAUSTED, "exhausted" },
	{ SHARE_ACTIVE, SHARE_EXHAUSTED, SHARE_EXHAUSTED, "exhausted" },
	{ SHARE_REVOKED, SHARE_ACTIVE, SHARE_REVOKED, "revoked" },
	{ SHARE_ACTIVE, SHARE_REVOKED, SHARE_REVOKED, "revoked" },
	/* Who is in stays only where nothing worse has come. */
	{ SHARE_EXHAUSTED, SHARE_EXPIRED, SHARE_EXPIRED, "expired" },
	{ SHARE_EXHAUSTED, SHARE_REVOKED, SHARE_REVOKED, "revoked" },
	{ SHARE_EXPIRED, SHARE_REVOKED, SHARE_REVOKED, "revoked" },
	{ SHARE_REVOKED, SHARE_EXHAUSTED, SHARE_REVOKED, "revoked" },
};

START_TEST(state)
{
	struct share s = { .own_state = states[_i].own,
		.chain_state = states[_i].chain };

	ck_assert_int_eq(share_status(&s), states[_i].is);
	ck_assert_str_eq(share_status_name(share_status(&s)), states[_i].name);
}
END_TEST

START_TEST(permissions)
{
	struct share s = { .can_view = _i & CAN_VIEW,
		.can_download = _i & CAN_DOWNLOAD,
		.can_edit = _i & CAN_EDIT,
		.can_reshare = _i & CAN_RESHARE };

	ck_assert_uint_eq(share_permissions(&s), (unsigned)_i);
}
END_TEST

START_TEST(link)
{
	struct share s = { .recipient_type = RECIPIENT_LINK };

	ck_assert(!share_is_link(&s));
	s.token = uuid_random();
	ck_assert(share_is_link(&s));
}
END_TEST

START_TEST(name)
{
	struct share_item i = { .file_name = "a.jpg" };

	ck_assert_str_eq(share_item_name(&i), "a.jpg");
	i.title = "A walk";
	ck_assert_str_eq(share_item_name(&i), "A walk");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("model_share");
	TCase *t = tcase_create("share");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, state, 0,
	    (int)(sizeof(states) / sizeof(states[0])));
	tcase_add_loop_test(t, permissions, 0, CAN_ALL + 1);
	tcase_add_test(t, link);
	tcase_add_test(t, name);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
