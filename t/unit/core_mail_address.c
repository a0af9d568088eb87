/* Which addresses are accepted for mail, and in what form. */
#include "config.h"

#include "core/mail/address.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static struct why why;

static void
set_up(void)
{
	arena = arena_new(1 << 20);
	memset(&why, 0, sizeof(why));
}

static void
tear_down(void)
{
	arena_free(arena);
}

/* A character repeated n times. */
static const char *
many(char c, size_t n)
{
	char *s = arena_alloc(arena, n + 1);

	memset(s, c, n);
	return s;
}

static enum err
check(const char *address, const char **ret)
{
	return mail_address_check(arena, &why, ABOUT_EMAIL, address, ret);
}

static const struct {
	const char *given;
	const char *sent_to;
} good[] = {
	{ "ann@example.org", "ann@example.org" },
	{ "Ann.Other@Example.ORG", "Ann.Other@example.org" },
	{ "a@b", "a@b" },
	{ "ann@localhost", "ann@localhost" },
	{ "!#$%&'*+-/=?^_`{|}~@example.org",
	    "!#$%&'*+-/=?^_`{|}~@example.org" },
	{ "-ann-@a-b.example", "-ann-@a-b.example" },
	{ "1@1.example", "1@1.example" },
	{ "ann@1e2", "ann@1e2" },
	{ "ann@b\xc3\xbc"
	  "cher.example",
	    "ann@xn--bcher-kva.example" },
	{ "ann@B\xc3\x9c"
	  "CHER.example",
	    "ann@xn--bcher-kva.example" },
	/* The same in two characters. */
	{ "ann@bu\xcc\x88"
	  "cher.example",
	    "ann@xn--bcher-kva.example" },
	{ "ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example" },
	{ "ann@\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
	    "ann@xn--r8jz45g.xn--zckzah" },
	{ "ann@fa\xc3\x9f.example", "ann@xn--fa-hia.example" },
	/* A full stop of another script. */
	{ "ann@b\xc3\xbc"
	  "cher\xe3\x80\x82"
	  "example",
	    "ann@xn--bcher-kva.example" },
};

START_TEST(take)
{
	const char *ret = NULL;

	ck_assert_int_eq(check(good[_i].given, &ret), ERR_OK);
	ck_assert_str_eq(ret, good[_i].sent_to);
	/* The result is accepted again. */
	ck_assert_int_eq(check(ret, &ret), ERR_OK);
	ck_assert_str_eq(ret, good[_i].sent_to);
}
END_TEST

static const char *const bad[] = {
	"",
	"@",
	"ann",
	"ann@",
	"@example.org",
	"ann@@example.org",
	"ann@bob@example.org",
	" ann@example.org",
	"ann@example.org ",
	"ann @example.org",
	"ann@exam ple.org",
	"ann\t@example.org",
	".ann@example.org",
	"ann.@example.org",
	"ann..other@example.org",
	"ann@example..org",
	"ann@.example.org",
	"ann@example.org.",
	"ann@-example.org",
	"ann@example-.org",
	"ann@exam_ple.org",
	"ann@192.0.2.1",
	"ann@[192.0.2.1]",
	"ann@[IPv6:2001:db8::1]",
	"ann@example.org:25",
	"ann@example.org/x",
	"<ann@example.org>",
	"Ann <ann@example.org>",
	"ann@example.org>",
	"ann@example.org,bob@example.org",
	"ann@example.org;bob@example.org",
	"ann(comment)@example.org",
	"ann@example.org(comment)",
	"\"ann\"@example.org",
	"\"ann@bob\"@example.org",
	"\"\r\nBcc: bob\"@example.org",
	"ann\\@example.org",
	"ann\r\n@example.org",
	"ann@example.org\r\nBcc: bob@example.org",
	"ann@example.org\n",
	"ann\r@example.org",
	"ann\x01@example.org",
	"ann\x7f@example.org",
	"ann@exam\x01ple.org",
	/* Only ASCII before the @. */
	"\xc3\xa4nn@example.org",
	"\xd7\x90@example.org",
	"\xf0\x9f\x98\x80@example.org",
	("ann\xef\xbc\xa0"
	 "bob@example.org"),
	/* Invalid UTF-8; emoji and invisible characters in a domain. */
	"ann@\xff.example",
	"\xff@example.org",
	"ann@\xf0\x9f\x98\x80.example",
	"ann@exa\xe2\x80\x8bmple.org\xe2\x80\xae",
	"ann@xn--.example",
};

START_TEST(refuse)
{
	const char *ret = NULL;

	ck_assert_int_eq(check(bad[_i], &ret), ERR_INVALID);
	ck_assert_ptr_null(ret);
	ck_assert_int_eq(why.about, ABOUT_EMAIL);
}
END_TEST

START_TEST(lengths)
{
	const char *ret = NULL, *host;
	char *s;

	s = arena_printf(arena, "%s@example.org", many('a', 64));
	ck_assert_int_eq(check(s, &ret), ERR_OK);
	s = arena_printf(arena, "%s@example.org", many('a', 65));
	ck_assert_int_eq(check(s, &ret), ERR_INVALID);
	s = arena_printf(arena, "a@%s.org", many('b', 63));
	ck_assert_int_eq(check(s, &ret), ERR_OK);
	s = arena_printf(arena, "a@%s.org", many('b', 64));
	ck_assert_int_eq(check(s, &ret), ERR_INVALID);
	host = arena_printf(arena, "%s.%s.%s", many('b', 63), many('c', 63),
	    many('d', 61));
	s = arena_printf(arena, "%s@%s", many('a', 64), host);
	ck_assert_uint_eq(strlen(s), 254);
	ck_assert_int_eq(check(s, &ret), ERR_OK);
	s = arena_printf(arena, "%s@%sd", many('a', 64), host);
	ck_assert_int_eq(check(s, &ret), ERR_INVALID);
	s = arena_printf(arena, "a@%s", many('b', 100000));
	ck_assert_int_eq(check(s, &ret), ERR_INVALID);
	ck_assert_int_eq(check(many('a', 100000), &ret), ERR_INVALID);
	ck_assert_int_eq(check(many('@', 1000), &ret), ERR_INVALID);
	ck_assert_int_eq(check(many('.', 1000), &ret), ERR_INVALID);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_mail_address");
	TCase *t = tcase_create("address");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, take, 0, COUNT(good));
	tcase_add_loop_test(t, refuse, 0, COUNT(bad));
	tcase_add_test(t, lengths);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
