/* The configuration file: each kind of value, and how a fault is told. */
#include "config.h"

#include "base/conf.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
	return conf_load(arena, path, &conf, &why);
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
	ck_assert_ptr_nonnull(strstr(conf->vault_categories,
	    "upload:Uploads"));
}
END_TEST

START_TEST(values)
{
	ck_assert_int_eq(load("; a comment\n# another\n\n"
	    "[site]\nname=My = vault: all of it\nbase_url = https://x.org ; c\n"
	    "[database]\r\nport=1\r\nsocket=\r\n"
	    "[upload]\nmax_size = 3M\nquota=17\n"
	    "[session]\nlifetime=2h\ntoken_lifetime = 90\n"
	    "[watermark]\nopacity = .5\nsize=1\n"
	    "[site]\ntime_zone = Europe/Berlin"), ERR_OK);
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
	{ "0", 0 }, { "1", 1 }, { "1K", 1024 }, { "1M", 1048576 },
	{ "1G", 1073741824 }, { "100G", INT64_C(107374182400) },
	{ "9223372036854775807", INT64_MAX },
	{ "8589934591G", INT64_C(8589934591) << 30 },
};

START_TEST(a_size)
{
	ck_assert_int_eq(load(arena_printf(arena, "[upload]\nmax_size=%s\n",
	    bytes[_i].text)), ERR_OK);
	ck_assert_int_eq(conf->upload_max_size, bytes[_i].v);
}
END_TEST

static const struct {
	const char *text;
	int64_t v;
} seconds[] = {
	{ "0", 0 }, { "5", 5 }, { "5s", 5 }, { "5m", 300 }, { "5h", 18000 },
	{ "5d", 432000 }, { "36500d", INT64_C(3153600000) },
};

START_TEST(a_time)
{
	ck_assert_int_eq(load(arena_printf(arena, "[session]\nlifetime=%s\n",
	    seconds[_i].text)), ERR_OK);
	ck_assert_int_eq(conf->session_lifetime, seconds[_i].v);
}
END_TEST

/* What is on the third line, and the setting that must be named. */
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
	    "[upload]\nquota = 1\n%s\n[site]\nname=x\n", faults[_i].line)),
	    ERR_INVALID);
	ck_assert_ptr_null(conf);
	for (const char *p = faults[_i].line; last != NULL && *p; p++)
		line += *p == '\n';
	ck_assert_msg(strstr(why.text, path) != NULL &&
	    strstr(why.text, arena_printf(arena, "line %d:", line)) != NULL &&
	    strstr(why.text, faults[_i].setting) != NULL, "%s", why.text);
}
END_TEST

/* A line that begins with a space would become the value of the one before. */
START_TEST(indented)
{
	ck_assert_int_eq(load("[session]\ncookie = a\n  lifetime = 5m\n"),
	    ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.text, "line 3"));
	ck_assert_ptr_nonnull(strstr(why.text, "space"));
}
END_TEST

/* The first fault is told, whatever follows. */
START_TEST(two_faults)
{
	ck_assert_int_eq(load("[upload]\nquota=x\nmax_size=y\n"), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.text, "line 2"));
	ck_assert_str_eq(why.field, "quota");
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
	ck_assert_ptr_nonnull(strstr(why.text, "line 2"));
	/* In a comment as well: what is behind would be a setting. */
	memset(&why, 0, sizeof(why));
	memset(text, '#', sizeof(text) - 1);
	memcpy(text + 199, "\nx=y", 4);
	text[203] = '\0';
	ck_assert_int_eq(load(text), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.text, "line 1"));
}
END_TEST

START_TEST(no_file)
{
	unlink(path);
	ck_assert_int_eq(conf_load(arena, path, &conf, &why), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.text, path));
	ck_assert_ptr_nonnull(strstr(why.text, "No such file"));
	ck_assert_ptr_null(conf);
}
END_TEST

/* It must not pass for an empty file. */
START_TEST(a_folder)
{
	ck_assert_int_eq(conf_load(arena, "/tmp", &conf, &why), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.text, "/tmp"));
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
	ck_assert_int_eq(conf_load(arena, NULL, &conf, &why), ERR_OK);
	ck_assert_str_eq(conf->site_name, "by the environment");
}
END_TEST

/* Every setting that there is can be given, as it is by default. */
START_TEST(each_setting)
{
	size_t n = 0;

	for (; conf_settings[n].section != NULL; n++) {
		ck_assert_int_eq(load(arena_printf(arena, "[%s]\n%s=%s\n",
		    conf_settings[n].section, conf_settings[n].name,
		    conf_settings[n].def)), ERR_OK);
	}
	ck_assert_uint_gt(n, 40);
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
