/* Mail into a folder: complete files with unique names, or none. */
#include "config.h"

#include "net/maildir.h"

#include <check.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FROM "site@vitrine.example"
#define TO "ann@example.org"
#define MESSAGE "Subject: Hello\r\n\r\nlong=20text=\r\n and \xff more\r\n"
#define ENVELOPE "Return-Path: <" FROM ">\r\nDelivered-To: " TO "\r\n"
#define PATH 256

static char top[] = "/tmp/maildir-XXXXXX", dir[PATH];
static struct why why;

static void
set_up(void)
{
	memset(&why, 0, sizeof(why));
	strcpy(top + strlen(top) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(dir, sizeof(dir), "%s/mail", top);
}

static void
tear_down(void)
{
	char command[PATH + 16];

	snprintf(command, sizeof(command), "rm -r '%s'", top);
	ck_assert_int_eq(system(command), 0);
}

static const char *
below(const char *name)
{
	static char path[2 * PATH];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static enum err
deliver(void)
{
	return maildir_send(dir, FROM, TO, MESSAGE, strlen(MESSAGE), &why);
}

/* The number of files in one of the folders, and the last one's name. */
static int
count(const char *folder, char name[PATH])
{
	DIR *d = opendir(below(folder));
	struct dirent *entry;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, PATH, "%s/%.200s", folder, entry->d_name);
		n++;
	}
	closedir(d);
	return n;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
put_file(const char *path)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fclose(f);
}

START_TEST(one_mail)
{
	char name[PATH], got[1024];
	FILE *f;
	size_t n;

	ck_assert_int_eq(deliver(), ERR_OK);
	ck_assert_int_eq(count("new", name), 1);
	ck_assert_int_eq(mode_of(below(name)), 0600);
	f = fopen(below(name), "r");
	ck_assert_ptr_nonnull(f);
	n = fread(got, 1, sizeof(got) - 1, f);
	fclose(f);
	got[n] = '\0';
	ck_assert_str_eq(got, ENVELOPE MESSAGE);
	ck_assert_int_eq(count("tmp", name), 0);
	ck_assert_int_eq(count("cur", name), 0);
	ck_assert_int_eq(mode_of(dir), 0700);
	ck_assert_int_eq(mode_of(below("new")), 0700);
}
END_TEST

START_TEST(many_mails)
{
	char name[PATH];

	for (int i = 0; i < 50; i++)
		ck_assert_int_eq(deliver(), ERR_OK);
	ck_assert_int_eq(count("new", name), 50);
}
END_TEST

/* Obstacles: in the folder above, and within it. */
static const char *const obstacles[] = { "", "tmp", "new" };

START_TEST(refused)
{
	char name[PATH];

	if (obstacles[_i][0] == '\0') {
		put_file(dir);
	} else {
		ck_assert_int_eq(mkdir(dir, 0700), 0);
		put_file(below(obstacles[_i]));
	}
	ck_assert_int_eq(maildir_check(dir, &why), ERR_INVALID);
	ck_assert_ptr_nonnull(strstr(why.detail, dir));
	ck_assert_int_eq(why.reason, WHY_NONE);
	why_clear(&why);
	ck_assert_int_eq(deliver(), ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(why.detail, dir));
	ck_assert_int_eq(why.reason, WHY_MAIL_FOLDER);
	if (strcmp(obstacles[_i], "new") == 0)
		ck_assert_int_eq(count("tmp", name), 0);
}
END_TEST

START_TEST(made_or_not)
{
	ck_assert_int_eq(maildir_check(dir, &why), ERR_OK);
	ck_assert_int_eq(access(dir, F_OK), -1);
	ck_assert_int_eq(deliver(), ERR_OK);
	ck_assert_int_eq(maildir_check(dir, &why), ERR_OK);
	strcat(dir, "/not/there");
	ck_assert_int_eq(maildir_check(dir, &why), ERR_INVALID);
	ck_assert_int_eq(deliver(), ERR_RETRY);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("net_maildir");
	TCase *t = tcase_create("maildir");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, one_mail);
	tcase_add_test(t, many_mails);
	tcase_add_loop_test(t, refused, 0,
	    (int)(sizeof(obstacles) / sizeof(obstacles[0])));
	tcase_add_test(t, made_or_not);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
