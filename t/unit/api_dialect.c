/* How each API answers each reason: dialect_words.h. */
#include "config.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "api/dialect_words.h"

static struct dialect_words
words_of(enum dialect d, enum reason reason)
{
	struct dialect_words w;
	struct why why = { 0 };
	enum err e = why_set(&why, reason);

	dialect_words_find(d, &why, e, &w);
	return w;
}

/* Whether each placeholder of the API's sentence is in the plain one, for
 * which the reason has the details. */
static bool
is_served(const char *sentence, const char *plain)
{
	char name[32];

	for (const char *s = sentence; (s = strchr(s, '{')) != NULL; s++) {
		size_t n = strcspn(s, "}") + 1;

		ck_assert_uint_lt(n, sizeof(name));
		memcpy(name, s, n);
		name[n] = '\0';
		if (strcmp(name, "{field}") != 0 && strstr(plain, name) == NULL)
			return false;
	}
	return true;
}

/* The statuses that differ from that of the reason's class, and why. */
static bool
is_exception(enum dialect d, enum reason reason, const char *field)
{
	/* Seed 003: 422 for a member, 400 for media that are not there. */
	if (d == LINKS && reason == WHY_NO_MEDIA)
		return true;
	if (d == LINKS && reason_err(reason) == ERR_INVALID && field != NULL)
		return true;
	/* Seed 004 knows no share that belongs to someone else. */
	return d == PROBLEM && reason == WHY_SHARE_NOT_YOURS;
}

START_TEST(each_reason)
{
	enum reason reason = (enum reason)_i;
	int status = err_status(reason_err(reason));

	for (int d = 0; d < DIALECT__MAX; d++) {
		struct dialect_words w = words_of((enum dialect)d, reason);

		ck_assert_str_ne(w.sentence, "");
		ck_assert(is_served(w.sentence, reason_sentence(reason)));
		ck_assert_ptr_nonnull(w.name);
		if (w.field != NULL)
			ck_assert_str_ne(w.field, "");
		ck_assert_msg(w.status == status ||
			is_exception((enum dialect)d, reason, w.field),
		    "reason %d, dialect %d: %d", _i, d, w.status);
	}
}
END_TEST

START_TEST(each_class)
{
	struct why why = { 0 };
	struct dialect_words w;

	for (int d = 0; d < DIALECT__MAX; d++) {
		dialect_words_find((enum dialect)d, &why, (enum err)_i, &w);
		ck_assert_int_eq(w.status, err_status((enum err)_i));
		ck_assert_ptr_null(w.field);
		ck_assert_str_ne(w.sentence, "");
	}
}
END_TEST

static const struct {
	enum dialect dialect;
	enum reason reason;
	int status;
	const char *field, *sentence; /* NULL: that of reasons.def */
} answers[] = {
	{ ERROR, WHY_NO_USER, 400, "recipient_username", NULL },
	{ ERROR, WHY_NO_USER_ID, 400, "recipient_user_id", NULL },
	{ PROBLEM, WHY_NO_USER_ID, 400, "nomadUsers.id", NULL },
	{ PAGE, WHY_NO_USER, 400, "username", NULL },
	{ ERROR, WHY_IN_PAST, 400, "expires_at", NULL },
	{ LINKS, WHY_IN_PAST, 422, "expiry_date", NULL },
	{ PROBLEM, WHY_IN_PAST, 400, "expirationDate", NULL },
	{ MESSAGE, WHY_IN_PAST, 400, "expiresAt", NULL },
	{ LINKS, WHY_NO_MEDIA, 400, "payload.media_id", "asset not found" },
	{ MESSAGE, WHY_NO_MEDIA, 404, NULL, "Media not found or unauthorized" },
	{ LINKS, WHY_NO_LINKS, 400, "shareable_link_ids",
	    "No shareable links found" },
	{ LINKS, WHY_NO_LINK, 404, NULL, "No shareable links found" },
	{ LINKS, WHY_BAD_LINK_ID, 400, "id", NULL },
	{ LINKS, WHY_JSON_COMMA, 400, NULL, NULL },
	{ LINKS, WHY_LINK_REVOKED, 404, NULL, "Link not found or has expired" },
	{ ERROR, WHY_LINK_REVOKED, 404, NULL, NULL },
	{ ERROR, WHY_SHARE_NOT_YOURS, 403, NULL, NULL },
	{ PROBLEM, WHY_SHARE_NOT_YOURS, 404, "id", "Share not found" },
	{ PROBLEM, WHY_NO_SHARE, 404, "id", NULL },
	{ ERROR, WHY_NO_SHARE, 404, NULL, NULL },
};

START_TEST(answer)
{
	struct dialect_words w =
	    words_of(answers[_i].dialect, answers[_i].reason);

	ck_assert_int_eq(w.status, answers[_i].status);
	ck_assert_pstr_eq(w.field, answers[_i].field);
	ck_assert_str_eq(w.sentence,
	    answers[_i].sentence != NULL ? answers[_i].sentence :
					   reason_sentence(answers[_i].reason));
}
END_TEST

/* What an API itself parsed is answered by the field's own path. */
START_TEST(own_field)
{
	struct why why = { 0 };
	struct dialect_words w;
	enum err e;

	e = why_with(&why, WHY_MISSING, .field = "payload.media_id");
	dialect_words_find(LINKS, &why, e, &w);
	ck_assert_int_eq(w.status, 422);
	ck_assert_str_eq(w.field, "payload.media_id");
	ck_assert_str_eq(w.name, "payload.media_id");
	e = why_with(&why, WHY_JSON_DUPLICATE, .field = "x", .word = "x");
	dialect_words_find(LINKS, &why, e, &w);
	ck_assert_int_eq(w.status, 400);
	/* A reason of another result does not count. */
	dialect_words_find(LINKS, &why, ERR_NOT_FOUND, &w);
	ck_assert_int_eq(w.status, 404);
	ck_assert_ptr_null(w.field);
	ck_assert_str_eq(w.sentence, "Link not found or has expired");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("dialect");
	TCase *t = tcase_create("dialect");
	SRunner *r;
	int failed;

	tcase_add_loop_test(t, each_reason, WHY_NONE + 1, WHY__MAX);
	tcase_add_loop_test(t, each_class, ERR_OK + 1, ERR__MAX);
	tcase_add_loop_test(t, answer, 0, sizeof(answers) / sizeof(answers[0]));
	tcase_add_test(t, own_field);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
