/* Slots that processes share: a limited number at once, freed when a holder
 * dies. */
#include "config.h"

#include "base/slots.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static char top[32], folder[48];
static struct why why;

static void
set_up(void)
{
	memset(&why, 0, sizeof(why));
	snprintf(top, sizeof(top), "/tmp/base_slots.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(folder, sizeof(folder), "%s/slots", top);
}

static void
tear_down(void)
{
	char path[80];

	for (int i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "%s/a-%d", folder, i);
		unlink(path);
		snprintf(path, sizeof(path), "%s/b-%d", folder, i);
		unlink(path);
	}
	rmdir(folder);
	ck_assert_int_eq(rmdir(top), 0);
}

START_TEST(so_many)
{
	int fds[3], fd;
	int64_t start;

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(slots_take(folder, "a", 3, 0, &fds[i], &why),
		    ERR_OK);
	start = clock_tick();
	ck_assert_int_eq(slots_take(folder, "a", 3, 60, &fd, &why), ERR_RETRY);
	ck_assert_int_ge(clock_tick() - start, 60000);
	ck_assert_uint_ge(why.retry_after, 1);
	/* Another name has its own slots. */
	ck_assert_int_eq(slots_take(folder, "b", 1, 0, &fd, &why), ERR_OK);
	close(fd);
	close(fds[1]);
	ck_assert_int_eq(slots_take(folder, "a", 3, 0, &fds[1], &why), ERR_OK);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}
END_TEST

/* Zero slots mean one. */
START_TEST(at_least_one)
{
	int fd, other;

	ck_assert_int_eq(slots_take(folder, "a", 0, 0, &fd, &why), ERR_OK);
	ck_assert_int_eq(slots_take(folder, "a", 0, 0, &other, &why),
	    ERR_RETRY);
	close(fd);
	ck_assert_int_ge(slots_cores(), 1);
}
END_TEST

START_TEST(free_when_its_holder_is_killed)
{
	pid_t pid;
	int fd, p[2];
	char c;

	ck_assert_int_eq(pipe(p), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (slots_take(folder, "a", 1, 0, &fd, &why) != ERR_OK ||
		    write(p[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	ck_assert_int_eq(read(p[0], &c, 1), 1);
	ck_assert_int_eq(slots_take(folder, "a", 1, 0, &fd, &why), ERR_RETRY);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_int_eq(slots_take(folder, "a", 1, 0, &fd, &why), ERR_OK);
	close(fd);
}
END_TEST

START_TEST(no_folder)
{
	int fd = -1;

	ck_assert_int_eq(slots_take("/proc/no/such", "a", 1, 0, &fd, &why),
	    ERR_RETRY);
	ck_assert_str_ne(why.detail, "");
	ck_assert_int_eq(fd, -1);
}
END_TEST

/* A link in the folder is not followed. */
START_TEST(a_link)
{
	char path[80], target[80];
	int fd = -1;

	ck_assert_int_eq(mkdir(folder, 0700), 0);
	snprintf(path, sizeof(path), "%s/a-0", folder);
	snprintf(target, sizeof(target), "%s/made", top);
	ck_assert_int_eq(symlink(target, path), 0);
	ck_assert_int_eq(slots_take(folder, "a", 1, 0, &fd, &why), ERR_RETRY);
	ck_assert_int_eq(access(target, F_OK), -1);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base_slots");
	TCase *t = tcase_create("slots");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, so_many);
	tcase_add_test(t, at_least_one);
	tcase_add_test(t, free_when_its_holder_is_killed);
	tcase_add_test(t, no_folder);
	tcase_add_test(t, a_link);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
