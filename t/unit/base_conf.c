/* The configuration file: each kind of value, each check, how faults are
 * reported. */
#include "config.h"

#include "base/conf.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

static struct arena *arena;
static struct conf *conf;
static struct why why;
static char path[32];

static void
set_up(void)
{
	int fd;

	arena = arena_new(1 << 20);
	conf = NULL;
	memset(&why, 0, sizeof(why));
	snprintf(path, sizeof(path), "/tmp/base_conf.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void
tear_down(void)
{
	unlink(path);
	arena_free(arena);
}

static enum err
load(const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	return conf_load(arena, path, conf_tell_why, &why, &conf);
}

START_TEST(defaults)
{
	ck_assert_int_eq(load(""), ERR_OK);
	ck_assert_ptr_nonnull(conf);
	ck_assert_str_eq(conf->site_name, "Vitrine");
	ck_assert_str_eq(conf->storage_root, LOCALSTATEDIR "/lib/vitrine");
	ck_assert_int_eq(conf->database_port, 3306);
	ck_assert_int_eq(conf->upload_max_size, INT64_C(2) << 30);
	ck_assert_int_eq(conf->session_lifetime, 30 * 86400);
	ck_assert_int_eq(conf->session_login_window, 900);
	ck_assert_double_eq(conf->watermark_size, 0.25);
	ck_assert_str_eq(conf->watermark_picture, "");
	ck_assert_ptr_nonnull(strstr(conf->vault_categories, "upload:Uploads"));
}
END_TEST

START_TEST(values)
{
	ck_assert_int_eq(
	    load(
		"; a comment\n# another\n\n"
		"[site]\nname=My = vault: all of it\nbase_url = https://x.org ; c\n"
		"[database]\r\nport=1\r\nsocket=\r\n"
		"[upload]\nmax_size = 3M\nquota=17\n"
		"[session]\nlifetime=2h\ntoken_lifetime = 90\n"
		"[watermark]\nopacity = .5\nsize=1\n"
		"[site]\ntime_zone = Europe/Berlin"),
	    ERR_OK);
	ck_assert_str_eq(conf->site_name, "My = vault: all of it");
	ck_assert_str_eq(conf->site_base_url, "https://x.org");
	ck_assert_str_eq(conf->site_time_zone, "Europe/Berlin");
	ck_assert_int_eq(conf->database_port, 1);
	ck_assert_str_eq(conf->database_socket, "");
	ck_assert_int_eq(conf->upload_max_size, 3 << 20);
	ck_assert_int_eq(conf->upload_quota, 17);
	ck_assert_int_eq(conf->session_lifetime, 7200);
	ck_assert_int_eq(conf->session_token_lifetime, 90);
	ck_assert_double_eq(conf->watermark_opacity, 0.5);
	ck_assert_double_eq(conf->watermark_size, 1.0);
}
END_TEST

static const struct {
	const char *text;
	int64_t v;
} bytes[] = {
	{ "0", 0 },
	{ "1", 1 },
	{ "1K", 1024 },
	{ "1M", 1048576 },
	{ "1G", 1073741824 },
	{ "100G", INT64_C(107374182400) },
	{ "1048576G", INT64_C(1) << 50 },
};

START_TEST(a_size)
{
	ck_assert_int_eq(load(arena_printf(arena, "[upload]\nquota=%s\n",
			     bytes[_i].text)),
	    ERR_OK);
	ck_assert_int_eq(conf->upload_quota, bytes[_i].v);
}
END_TEST

static const struct {
	const char *text;
	int64_t v;
} seconds[] = {
	{ "0", 0 },
	{ "5", 5 },
	{ "5s", 5 },
	{ "5m", 300 },
	{ "5h", 18000 },
	{ "5d", 432000 },
	{ "3650d", INT64_C(315360000) },
};

START_TEST(a_time)
{
	ck_assert_int_eq(load(arena_printf(arena, "[storage]\ntrash_keep=%s\n",
			     seconds[_i].text)),
	    ERR_OK);
	ck_assert_int_eq(conf->storage_trash_keep, seconds[_i].v);
}
END_TEST

/* The third line, and the setting that the message must name. */
static const struct {
	const char *line, *setting;
} faults[] = {
	{ "max_size =", "[upload] max_size" },
	{ "max_size = x", "[upload] max_size" },
	{ "max_size = -1", "[upload] max_size" },
	{ "max_size = 1.5G", "[upload] max_size" },
	{ "max_size = 1k", "[upload] max_size" },
	{ "max_size = 1GB", "[upload] max_size" },
	{ "max_size = 1 G", "[upload] max_size" },
	{ "max_size = 1s", "[upload] max_size" },
	{ "max_size = 0x10", "[upload] max_size" },
	{ "max_size = 9223372036854775808", "[upload] max_size" },
	{ "max_size = 8589934592G", "[upload] max_size" },
	{ "max_files = 1K", "[upload] max_files" },
	{ "max_files = many", "[upload] max_files" },
	{ "[session]\nlifetime = 1M", "[session] lifetime" },
	{ "[session]\nlifetime = 1w", "[session] lifetime" },
	{ "[session]\nlifetime = forever", "[session] lifetime" },
	{ "[session]\nlifetime = 40000d", "[session] lifetime" },
	{ "[session]\nlifetime = 9223372036854775807", "[session] lifetime" },
	{ "[session]\nlifetime = 9223372036854775808d", "[session] lifetime" },
	{ "[watermark]\nsize = big", "[watermark] size" },
	{ "[watermark]\nsize = 0,5", "[watermark] size" },
	{ "[watermark]\nsize = -0.5", "[watermark] size" },
	{ "[watermark]\nsize = nan", "[watermark] size" },
	{ "[watermark]\nsize = inf", "[watermark] size" },
	{ "[watermark]\nsize = 1e999", "[watermark] size" },
	{ "[watermark]\nsize =", "[watermark] size" },
	{ "no_such = 1", "[upload] no_such" },
	{ "name = x", "[upload] name" },
	{ "Max_Size = 1", "[upload] Max_Size" },
	{ "max_size[] = 1", "[upload] max_size[]" },
	{ "[no_section]\nname = x", "[no_section] name" },
	{ "[Site]\nname = x", "[Site] name" },
	{ "[]\nname = x", "[] name" },
	{ "max_files = 1\nmax_files = 2", "[upload] max_files" },
	{ "[upload]\nquota = 5", "[upload] quota" },
	{ "[site]\nname = x\n cookie = y", "[site] name" },
	{ "nothing", "" },
	{ "[unclosed", "" },
	{ "= 5", "" },
};

START_TEST(fault)
{
	const char *last = strrchr(faults[_i].line, '\n');
	int line = 3;

	ck_assert_int_eq(load(arena_printf(arena,
			     "[upload]\nquota = 1\n%s\n[site]\nname=x\n",
			     faults[_i].line)),
	    ERR_INVALID);
	ck_assert_ptr_null(conf);
	for (const char *p = faults[_i].line; last != NULL && *p; p++)
		line += *p == '\n';
	ck_assert_msg(strstr(why.detail, path) != NULL &&
		strstr(why.detail, arena_printf(arena, "line %d:", line)) !=
		    NULL &&
		strstr(why.detail, faults[_i].setting) != NULL,
	    "%s", why.detail);
}
END_TEST

/* A value that is not allowed, and what the message must contain. */
static const struct {
	const char *section, *name, *value, *allowed;
} refused[] = {
	{ "log", "level", "warning", "must be debug, info, warn or error" },
	{ "log", "level", "Info", "must be debug, info, warn or error" },
	{ "log", "level", "", "must be debug, info, warn or error" },
	{ "activity", "address", "all", "must be full, shortened or none" },
	{ "mail", "tls", "starttls", "must be required, optional or none" },
	{ "issuer", "algorithm", "HS256", "must be RS256 or ES256" },
	{ "watermark", "kind", "image", "must be text or picture" },
	{ "watermark", "place", "middle", "center, right, bottom-left" },
	{ "watermark", "size", "0", "from 0.01 to 1" },
	{ "watermark", "size", "1.01", "from 0.01 to 1" },
	{ "watermark", "opacity", "0", "from 0.01 to 1" },
	{ "watermark", "margin", "0.5", "from 0 to 0.49" },
	{ "watermark", "text", "", "must not be empty" },
	{ "watermark", "text", "\xff\xfe", "must be UTF-8" },
	{ "links", "key_required", "true", "must be yes or no" },
	{ "upload", "max_size", "0", "from 1K to 1024G" },
	{ "upload", "max_files", "0", "a whole number from 1 to" },
	{ "session", "lifetime", "0", "from 1s to 3650d" },
	{ "session", "login_tries", "0", "from 1 to" },
	{ "image", "memory", "0", "from 64M to" },
	{ "image", "timeout", "0", "from 1s to 1h" },
	{ "image", "max_pixels", "0", "from 1 to" },
	{ "image", "thumbnail", "0", "from 16 to" },
	{ "worker", "pause", "0", "from 1s to 1h" },
	{ "mail", "tries", "0", "from 1 to" },
	{ "database", "port", "0", "from 1 to 65535" },
	{ "database", "port", "65536", "from 1 to 65535" },
	{ "site", "name", "", "must not be empty" },
	{ "site", "name", "a\tb", "without control characters" },
	{ "site", "time_zone", "Middle/Earth", "such as UTC" },
	{ "site", "time_zone", "../../../etc/passwd", "such as UTC" },
	{ "site", "time_zone", "Europe", "such as UTC" },
	{ "site", "time_zone", "", "such as UTC" },
	{ "session", "cookie", "", "letters, digits" },
	{ "session", "cookie", "a b", "letters, digits" },
	{ "session", "cookie", "a=b", "letters, digits" },
	{ "site", "base_url", "", "must be http:// or https://" },
	{ "site", "base_url", "localhost", "must be http:// or https://" },
	{ "site", "base_url", "ftp://localhost",
	    "must be http:// or https://" },
	{ "site", "base_url", "https://", "must be http:// or https://" },
	{ "site", "base_url", "https:///x", "must be http:// or https://" },
	{ "site", "base_url", "https://x:", "must be http:// or https://" },
	{ "site", "base_url", "https://x:0", "must be http:// or https://" },
	{ "site", "base_url", "https://x:65536",
	    "must be http:// or https://" },
	{ "site", "base_url", "https://x:8a", "must be http:// or https://" },
	{ "site", "base_url", "https://a b", "must be http:// or https://" },
	{ "site", "base_url", "https://a@b", "must be http:// or https://" },
	{ "site", "base_url", "https://[::1", "must be http:// or https://" },
	{ "site", "base_url", "https://[1.2]", "must be http:// or https://" },
	{ "site", "base_url", "https://\xc3\xa4.example", "(xn--...)" },
	{ "site", "base_url", "https://x/media", "below a path" },
	{ "site", "base_url", "https://x//", "below a path" },
	{ "site", "base_url", "https://x?y", "below a path" },
	{ "site", "base_url", "https://x/#y", "below a path" },
	{ "detector", "url", "look", "http:// or https://" },
	{ "mail", "server", "localhost", "smtp://HOST:PORT" },
	{ "mail", "server", "http://localhost", "smtp://HOST:PORT" },
	{ "mail", "server", "smtp://", "smtp://HOST:PORT" },
	{ "mail", "server", "smtp://localhost/", "smtp://HOST:PORT" },
	{ "mail", "server", "smtp://me:secret@localhost", "smtp://HOST:PORT" },
	{ "mail", "server", "smtp://local host", "smtp://HOST:PORT" },
	{ "mail", "server", "maildir:mail", "maildir:/DIR" },
	{ "mail", "server", "maildir:", "maildir:/DIR" },
	{ "secrets", "file", "secrets", "an absolute path" },
	{ "storage", "root", "storage", "other than /" },
	{ "storage", "root", "//", "other than /" },
	{ "database", "socket", "s.sock", "an absolute path" },
	{ "mail", "password_file", "password", "an absolute path" },
	{ "mail", "password_file", "/nowhere/x", "No such file" },
	{ "mail", "password_file", "/tmp", "is something else" },
	{ "mail", "templates", "/nowhere", "No such file" },
	{ "mail", "templates", "/dev/null", "is something else" },
	{ "image", "program", "/nowhere", "No such file" },
	{ "image", "program", "/etc/passwd", "can run" },
	{ "image", "program", "/tmp", "can run" },
};

START_TEST(refuse)
{
	const char *setting =
	    arena_printf(arena, "%s.%s", refused[_i].section, refused[_i].name);

	ck_assert_int_eq(load(arena_printf(arena, "# one\n[%s]\n%s = %s\n",
			     refused[_i].section, refused[_i].name,
			     refused[_i].value)),
	    ERR_INVALID);
	ck_assert_str_eq(why.field, setting);
	ck_assert_msg(strstr(why.detail,
			  arena_printf(arena, "%s, line 3: [%s] %s = \"", path,
			      refused[_i].section, refused[_i].name)) != NULL &&
		strstr(why.detail, refused[_i].allowed) != NULL,
	    "%s", why.detail);
}
END_TEST

/* Stored in the form that browsers send as Origin. */
static const struct {
	const char *given, *kept;
} urls[] = {
	{ "http://localhost", "http://localhost" },
	{ "https://x.example/", "https://x.example" },
	{ "https://x.example:443", "https://x.example" },
	{ "https://x.example:443/", "https://x.example" },
	{ "http://x.example:80", "http://x.example" },
	{ "http://x.example:080", "http://x.example" },
	{ "https://x.example:80", "https://x.example:80" },
	{ "http://x.example:443", "http://x.example:443" },
	{ "HTTPS://Media.Example.ORG:8443/", "https://media.example.org:8443" },
	{ "http://127.0.0.1:8080", "http://127.0.0.1:8080" },
	{ "http://[2001:DB8:0:0::1]:80", "http://[2001:db8::1]" },
	{ "https://xn--4ca.example", "https://xn--4ca.example" },
};

START_TEST(base_url)
{
	ck_assert_int_eq(load(arena_printf(arena, "[site]\nbase_url = %s\n",
			     urls[_i].given)),
	    ERR_OK);
	ck_assert_str_eq(conf->site_base_url, urls[_i].kept);
}
END_TEST

static const struct {
	const char *section, *name, *value;
} accepted[] = {
	{ "site", "time_zone", "Europe/Berlin" },
	{ "site", "time_zone", "Etc/GMT+1" },
	{ "site", "time_zone", "UTC" },
	{ "session", "cookie", "__Host-sid" },
	{ "site", "name", "\xc3\x9c ber: alles" },
	{ "detector", "url", "http://127.0.0.1:9/look?x=1" },
	{ "mail", "server", "smtp://localhost" },
	{ "mail", "server", "smtps://[::1]:465" },
	{ "mail", "server", "" },
	{ "mail", "server", "maildir:/srv/mail" },
	{ "mail", "password_file", "/etc/passwd" },
	{ "mail", "templates", "/tmp" },
	{ "image", "program", "/bin/true" },
	{ "storage", "trash_keep", "0" },
	{ "upload", "quota", "0" },
};

START_TEST(accept)
{
	ck_assert_msg(load(arena_printf(arena, "[%s]\n%s = %s\n",
			  accepted[_i].section, accepted[_i].name,
			  accepted[_i].value)) == ERR_OK,
	    "%s", why.detail);
}
END_TEST

/* Each word has its own number. */
START_TEST(words)
{
	static const char *const levels[] = { "debug", "info", "warn",
		"error" };

	for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
		ck_assert_int_eq(load(arena_printf(arena, "[log]\nlevel=%s\n",
				     levels[i])),
		    ERR_OK);
		ck_assert_int_eq(conf->log_level, i);
	}
	ck_assert_int_eq(
	    load("[watermark]\nkind = picture\n"
		 "[issuer]\nalgorithm = ES256\n[activity]\naddress = none\n"),
	    ERR_OK);
	ck_assert_int_eq(conf->watermark_kind, CONF_MARK_PICTURE);
	ck_assert_int_eq(conf->issuer_algorithm, CONF_ES256);
	ck_assert_int_eq(conf->activity_address, CONF_ADDRESS_NONE);
}
END_TEST

static void
count(void *arg, const char *setting, const char *text)
{
	int *n = arg;

	ck_assert_ptr_nonnull(strstr(text, path));
	ck_assert_ptr_nonnull(setting);
	(*n)++;
}

START_TEST(every_fault)
{
	int n = 0;

	ck_assert_int_ge(load("[log]\nlevel = x\n[upload]\nquota = y\n"
			      "none = 1\nrubbish\n"),
	    ERR_INVALID);
	ck_assert_int_eq(conf_load(arena, path, count, &n, &conf), ERR_INVALID);
	ck_assert_int_eq(n, 4);
}
END_TEST

START_TEST(warnings)
{
	int n = 0;

	ck_assert_int_eq(load("[site]\nname=x\n"), ERR_OK);
	conf_warn(arena, conf, conf_tell_why, &why);
	ck_assert_str_eq(why.field, "site.base_url");
	ck_assert_ptr_nonnull(strstr(why.detail, "still http://localhost"));
	ck_assert_int_eq(load("[site]\nbase_url=http://LOCALHOST:80/\n"),
	    ERR_OK);
	conf_warn(arena, conf, count, &n);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(load("[site]\nbase_url=http://x.example\n"), ERR_OK);
	conf_warn(arena, conf, count, &n);
	ck_assert_int_eq(n, 1);
}
END_TEST

/* Rules about several settings name the line too. */
START_TEST(fault_of_two)
{
	ck_assert_int_eq(load("[mail]\n\nuser = x\n"), ERR_OK);
	conf_fault(arena, conf, "mail", "user", "is odd", conf_tell_why, &why);
	ck_assert_str_eq(why.detail,
	    arena_printf(arena, "%s, line 3: [mail] user: is odd", path));
	why_clear(&why);
	conf_fault(arena, conf, "mail", "from", "is odd", conf_tell_why, &why);
	ck_assert_str_eq(why.detail,
	    arena_printf(arena, "%s: [mail] from: is odd", path));
}
END_TEST

/* A line that begins with a space would become the value of the one before. */
START_TEST(indented)
{
	ck_assert_int_eq(load("[session]\ncookie = a\n  lifetime = 5m\n"),
	    ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, "line 3"));
	ck_assert_ptr_nonnull(strstr(why.detail, "space"));
}
END_TEST

/* The first fault is reported, whatever follows. */
START_TEST(two_faults)
{
	ck_assert_int_eq(load("[upload]\nquota=x\nmax_size=y\n"), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, "line 2"));
	ck_assert_str_eq(why.field, "upload.quota");
}
END_TEST

START_TEST(long_line)
{
	char text[300];

	memset(text, 'x', sizeof(text));
	memcpy(text, "[site]\nname=", 12);
	text[7 + 198] = '\0';
	ck_assert_int_eq(load(text), ERR_OK);
	ck_assert_uint_eq(strlen(conf->site_name), 193);
	memset(text + 12, 'x', sizeof(text) - 12);
	text[sizeof(text) - 1] = '\0';
	conf = NULL;
	ck_assert_int_eq(load(text), ERR_INVALID);
	ck_assert_ptr_null(conf);
	ck_assert_ptr_nonnull(strstr(why.detail, "line 2"));
	/* In comments too, because the rest would be read as a setting. */
	memset(&why, 0, sizeof(why));
	memset(text, '#', sizeof(text) - 1);
	memcpy(text + 199, "\nx=y", 4);
	text[203] = '\0';
	ck_assert_int_eq(load(text), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, "line 1"));
}
END_TEST

START_TEST(no_file)
{
	unlink(path);
	ck_assert_int_eq(conf_load(arena, path, conf_tell_why, &why, &conf),
	    ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, path));
	ck_assert_ptr_nonnull(strstr(why.detail, "No such file"));
	ck_assert_ptr_null(conf);
}
END_TEST

/* It must not be treated as an empty file. */
START_TEST(a_folder)
{
	ck_assert_int_eq(conf_load(arena, "/tmp", conf_tell_why, &why, &conf),
	    ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, "/tmp"));
	ck_assert_ptr_null(conf);
}
END_TEST

START_TEST(where)
{
	unsetenv("VITRINE_CONFIG");
	ck_assert_str_eq(conf_path(NULL), SYSCONFDIR "/vitrine/vitrine.conf");
	setenv("VITRINE_CONFIG", path, 1);
	ck_assert_str_eq(conf_path(NULL), path);
	ck_assert_str_eq(conf_path("/x"), "/x");
	ck_assert_int_eq(load("[site]\nname=by the environment\n"), ERR_OK);
	conf = NULL;
	ck_assert_int_eq(conf_load(arena, NULL, conf_tell_why, &why, &conf),
	    ERR_OK);
	ck_assert_str_eq(conf->site_name, "by the environment");
}
END_TEST

/* Every setting can be given with its default value, except paths that may not
 * be installed yet. */
START_TEST(each_setting)
{
	size_t n = 0, missing = 0;

	for (; conf_settings[n].section != NULL; n++) {
		why_clear(&why);
		if (load(arena_printf(arena, "[%s]\n%s=%s\n",
			conf_settings[n].section, conf_settings[n].name,
			conf_settings[n].def)) == ERR_OK)
			continue;
		ck_assert_ptr_nonnull(strstr(why.detail, "No such file"));
		missing++;
	}
	ck_assert_uint_gt(n, 40);
	ck_assert_uint_le(missing, 4);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_conf");
	TCase *t = tcase_create("conf");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, defaults);
	tcase_add_test(t, values);
	tcase_add_loop_test(t, a_size, 0, COUNT(bytes));
	tcase_add_loop_test(t, a_time, 0, COUNT(seconds));
	tcase_add_loop_test(t, fault, 0, COUNT(faults));
	tcase_add_loop_test(t, refuse, 0, COUNT(refused));
	tcase_add_loop_test(t, base_url, 0, COUNT(urls));
	tcase_add_loop_test(t, accept, 0, COUNT(accepted));
	tcase_add_test(t, words);
	tcase_add_test(t, every_fault);
	tcase_add_test(t, warnings);
	tcase_add_test(t, fault_of_two);
	tcase_add_test(t, indented);
	tcase_add_test(t, two_faults);
	tcase_add_test(t, long_line);
	tcase_add_test(t, no_file);
	tcase_add_test(t, a_folder);
	tcase_add_test(t, where);
	tcase_add_test(t, each_setting);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
