/* What the configuration may say of mail, and by what name we greet. */
#include "config.h"

#include "core/mail_conf.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static struct conf conf;
static struct why why;

static void
set_up(void)
{
	arena = arena_new(1 << 20);
	memset(&why, 0, sizeof(why));
	memset(&conf, 0, sizeof(conf));
}

static void
tear_down(void)
{
	arena_free(arena);
}

static const struct {
	const char *server, *tls, *user, *from;
	const char *wrong; /* the setting; NULL: none */
} settings[] = {
	{ "", "required", "", "", NULL },
	{ "", "perhaps", "", "", "tls" },
	{ "smtp://localhost", "required", "", "a@b.example", NULL },
	{ "smtp://localhost:25", "none", "", "a@b.example", NULL },
	{ "smtp://localhost:25", "optional", "", "a@b.example", NULL },
	{ "smtp://[::1]:25", "none", "", "a@b.example", NULL },
	{ "smtps://mail.example:465", "none", "me", "a@b.example", NULL },
	{ "smtp://localhost:587", "required", "me", "a@b.example", NULL },
	{ "smtp://localhost:587", "optional", "me", "a@b.example", "user" },
	{ "smtp://localhost:587", "none", "me", "a@b.example", "user" },
	{ "smtp://localhost", "required", "", "", "from" },
	{ "smtp://localhost", "required", "", "Site <a@b.example>", "from" },
	{ "maildir:/srv/mail", "required", "", "a@b.example", NULL },
	{ "maildir:/srv/mail", "required", "", "", "from" },
	{ "maildir:mail", "required", "", "a@b.example", "server" },
	{ "maildir:", "required", "", "a@b.example", "server" },
	{ "localhost", "required", "", "a@b.example", "server" },
	{ "http://localhost", "required", "", "a@b.example", "server" },
	{ "smtp://", "required", "", "a@b.example", "server" },
	{ "smtp://localhost/", "required", "", "a@b.example", "server" },
	{ "smtp://me:secret@localhost", "required", "", "a@b.example",
	    "server" },
	{ "smtp://local host", "required", "", "a@b.example", "server" },
};

START_TEST(check)
{
	enum err e;

	conf.mail_server = settings[_i].server;
	conf.mail_tls = settings[_i].tls;
	conf.mail_user = settings[_i].user;
	conf.mail_from = settings[_i].from;
	e = mail_conf_check(arena, &conf, &why);
	ck_assert_int_eq(e, settings[_i].wrong ? ERR_INVALID : ERR_OK);
	if (settings[_i].wrong != NULL)
		ck_assert_str_eq(why.field, settings[_i].wrong);
	ck_assert_int_eq(mail_enabled(&conf), settings[_i].server[0] != '\0');
}
END_TEST

static const struct {
	const char *base_url;
	const char *name;
} names[] = {
	{ "http://localhost", "localhost" },
	{ "https://vitrine.example", "vitrine.example" },
	{ "https://vitrine.example:8443/media", "vitrine.example" },
	{ "https://vitrine.example/", "vitrine.example" },
	{ "http://192.0.2.1:8080", "%5B192.0.2.1%5D" },
	{ "http://[2001:db8::1]:80/", "%5BIPv6%3A2001%3Adb8%3A%3A1%5D" },
	{ "https://", "localhost" },
	{ "http://a b/", "a%20b" },
};

START_TEST(helo)
{
	conf.site_base_url = names[_i].base_url;
	ck_assert_str_eq(mail_conf_helo(arena, &conf), names[_i].name);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_mail_conf");
	TCase *t = tcase_create("conf");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, check, 0, COUNT(settings));
	tcase_add_loop_test(t, helo, 0, COUNT(names));
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
