/* Valid configurations of mail, and the name for HELO. */
#include "config.h"

#include "core/mail/conf.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "net/smtp.h"

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
	const char *server;
	enum smtp_tls tls;
	const char *user, *password_file, *from;
	const char *wrong; /* the setting; NULL: none */
} settings[] = {
	{ "", SMTP_TLS_REQUIRED, "", "", "", NULL },
	{ "", SMTP_TLS_NONE, "me", "", "nobody", NULL },
	{ "smtp://localhost", SMTP_TLS_REQUIRED, "", "", "a@b.example", NULL },
	{ "smtp://localhost:25", SMTP_TLS_NONE, "", "", "a@b.example", NULL },
	{ "smtps://mail.example:465", SMTP_TLS_NONE, "me", "/p", "a@b.example",
	    NULL },
	{ "smtp://localhost:587", SMTP_TLS_REQUIRED, "me", "/p", "a@b.example",
	    NULL },
	{ "smtp://localhost:587", SMTP_TLS_OPTIONAL, "me", "/p", "a@b.example",
	    "user" },
	{ "smtp://localhost:587", SMTP_TLS_NONE, "me", "/p", "a@b.example",
	    "user" },
	{ "smtp://localhost:587", SMTP_TLS_REQUIRED, "me", "", "a@b.example",
	    "password_file" },
	{ "smtp://localhost", SMTP_TLS_REQUIRED, "", "", "", "from" },
	{ "smtp://localhost", SMTP_TLS_REQUIRED, "", "", "Site <a@b.example>",
	    "from" },
	{ "maildir:/srv/mail", SMTP_TLS_REQUIRED, "", "", "a@b.example", NULL },
	{ "maildir:/srv/mail", SMTP_TLS_REQUIRED, "", "", "", "from" },
};

START_TEST(check)
{
	enum err e;

	conf.mail_server = settings[_i].server;
	conf.mail_tls = settings[_i].tls;
	conf.mail_user = settings[_i].user;
	conf.mail_password_file = settings[_i].password_file;
	conf.mail_from = settings[_i].from;
	e = mail_conf_check(arena, &conf, &why);
	ck_assert_int_eq(e, settings[_i].wrong ? ERR_INVALID : ERR_OK);
	if (settings[_i].wrong != NULL)
		ck_assert_str_eq(why.field, settings[_i].wrong);
	ck_assert_int_eq(mail_conf_enabled(&conf),
	    settings[_i].server[0] != '\0');
}
END_TEST

static const struct {
	const char *base_url;
	const char *name;
} names[] = {
	{ "http://localhost", "localhost" },
	{ "https://vitrine.example", "vitrine.example" },
	{ "https://vitrine.example:8443", "vitrine.example" },
	{ "http://192.0.2.1:8080", "%5B192.0.2.1%5D" },
	{ "http://[2001:db8::1]", "%5BIPv6%3A2001%3Adb8%3A%3A1%5D" },
	{ "http://[2001:db8::1]:8080", "%5BIPv6%3A2001%3Adb8%3A%3A1%5D" },
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
