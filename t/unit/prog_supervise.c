/* The pool: children are kept, replaced, reloaded, drained. */
#include "config.h"

#include "prog/supervise.h"

#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "prog/listen.h"

#define MOST 64

enum behaviour { SERVE, FAIL, HOPELESS, CRASH, STUBBORN, DONE };

struct shared {
	atomic_int behaviour; /* of children started from now on */
	atomic_int starts;
	atomic_int ready[2]; /* in each group, now */
	atomic_int least[2]; /* seen by the test */
	atomic_int pids[MOST];
	atomic_int newest[2];  /* the pid that started last, in each group */
	atomic_int other_open; /* children that held the other group's socket */
	atomic_int refuse;     /* the next reload */
	atomic_int reloads;
};

static struct shared *shared;
static struct pool_group groups[2];
static pid_t pool;
static atomic_int leaving;

static void
on_term(int sig)
{
	(void)sig;
	atomic_store(&leaving, 1);
}

static void
serve(size_t g, bool stubborn)
{
	const struct sigaction sa = { .sa_handler = on_term };
	sigset_t term;

	sigaction(SIGTERM, &sa, NULL);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_UNBLOCK, &term, NULL);
	atomic_fetch_add(&shared->ready[g], 1);
	supervise_ready();
	while (stubborn || !atomic_load(&leaving))
		usleep(1000);
	atomic_fetch_sub(&shared->ready[g], 1);
}

static int
child(void *arg, const struct pool_group *group)
{
	size_t g = group->name[0] == 'l' ? 1 : 0;
	int behaviour = atomic_load(&shared->behaviour);

	ck_assert_ptr_eq(arg, shared);
	atomic_store(&shared->pids[atomic_fetch_add(&shared->starts, 1) % MOST],
	    (int)getpid());
	atomic_store(&shared->newest[g], (int)getpid());
	if (fcntl(groups[1 - g].listen_fd, F_GETFD) >= 0 ||
	    fcntl(groups[g].listen_fd, F_GETFD) < 0)
		atomic_fetch_add(&shared->other_open, 1);
	switch ((enum behaviour)behaviour) {
	case FAIL:
		return 1;
	case HOPELESS:
		return SUPERVISE_HOPELESS;
	case CRASH:
		kill(getpid(), SIGKILL);
		return 1;
	case DONE:
		supervise_ready();
		return 0;
	case SERVE:
	case STUBBORN:
		break;
	}
	serve(g, behaviour == STUBBORN);
	return 0;
}

static bool
allow_reload(void *arg)
{
	ck_assert_ptr_eq(arg, shared);
	atomic_fetch_add(&shared->reloads, 1);
	return atomic_exchange(&shared->refuse, 0) == 0;
}

static void
start(unsigned short_workers, unsigned long_workers)
{
	groups[0].name = "short";
	groups[0].workers = short_workers;
	groups[1].name = "long";
	groups[1].workers = long_workers;
	groups[0].drain = groups[1].drain = 1;
	pool = fork();
	ck_assert_int_ge(pool, 0);
	if (pool == 0) {
		const struct pool_work work = { child, allow_reload, shared };

		_exit(supervise(groups, 2, &work));
	}
}

static void
set_up(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(shared != MAP_FAILED);
	for (size_t i = 0; i < 2; i++)
		groups[i].listen_fd = open("/dev/null", O_RDONLY);
}

static int
reap(void)
{
	int status;

	ck_assert_int_eq(waitpid(pool, &status, 0), pool);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Waits up to five seconds until this many are ready. */
static void
await(int short_ready, int long_ready)
{
	int i;

	for (i = 0; i < 5000 &&
	     (atomic_load(&shared->ready[0]) != short_ready ||
		 atomic_load(&shared->ready[1]) != long_ready);
	     i++)
		usleep(1000);
	ck_assert_int_eq(atomic_load(&shared->ready[0]), short_ready);
	ck_assert_int_eq(atomic_load(&shared->ready[1]), long_ready);
}

static void
await_starts(int n)
{
	for (int i = 0; i < 5000 && atomic_load(&shared->starts) < n; i++)
		usleep(1000);
	ck_assert_int_ge(atomic_load(&shared->starts), n);
}

static bool
alive(int i)
{
	return kill(atomic_load(&shared->pids[i]), 0) == 0;
}

START_TEST(stop)
{
	start(3, 2);
	await(3, 2);
	kill(pool, _i == 0 ? SIGTERM : SIGINT);
	ck_assert_int_eq(reap(), 0);
	ck_assert_int_eq(atomic_load(&shared->starts), 5);
	ck_assert_int_eq(atomic_load(&shared->other_open), 0);
	for (int i = 0; i < 5; i++)
		ck_assert(!alive(i));
}
END_TEST

START_TEST(replaced)
{
	start(2, 1);
	await(2, 1);
	/* One dies by a signal; one exits, like a recycled one. */
	kill(atomic_load(&shared->pids[0]), SIGKILL);
	await_starts(4);
	kill(atomic_load(&shared->pids[1]), SIGTERM);
	await_starts(5);
	usleep(50000); /* would it start more? */
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
	ck_assert_int_eq(atomic_load(&shared->starts), 5);
}
END_TEST

/* Children that cannot start do not keep the pool busy. */
START_TEST(back_off)
{
	atomic_store(&shared->behaviour, _i == 0 ? FAIL : CRASH);
	start(1, 0);
	sleep(2); /* its pauses are what is measured */
	ck_assert_int_ge(atomic_load(&shared->starts), 3);
	ck_assert_int_le(atomic_load(&shared->starts), 6);
	/* And it comes back as soon as they can. */
	atomic_store(&shared->behaviour, SERVE);
	await(1, 0);
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
}
END_TEST

START_TEST(hopeless)
{
	atomic_store(&shared->behaviour, HOPELESS);
	start(2, 1);
	ck_assert_int_eq(reap(), SUPERVISE_HOPELESS);
}
END_TEST

START_TEST(reload)
{
	int least = 2;

	start(2, 1);
	await(2, 1);
	kill(pool, SIGHUP);
	for (int i = 0; i < 5000 && atomic_load(&shared->starts) < 6; i++) {
		if (atomic_load(&shared->ready[0]) < least)
			least = atomic_load(&shared->ready[0]);
		usleep(1000);
	}
	ck_assert_int_eq(least, 2);
	ck_assert_int_eq(atomic_load(&shared->starts), 6);
	for (int i = 0; i < 5000 && (alive(0) || alive(1) || alive(2)); i++)
		usleep(1000);
	await(2, 1);
	for (int i = 0; i < 3; i++)
		ck_assert(!alive(i));
	for (int i = 3; i < 6; i++)
		ck_assert(alive(i));
	ck_assert_int_eq(atomic_load(&shared->starts), 6);
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
}
END_TEST

/* A reload that the pool refuses does not reach its children. */
START_TEST(reload_refused)
{
	start(2, 1);
	await(2, 1);
	atomic_store(&shared->refuse, 1);
	kill(pool, SIGHUP);
	for (int i = 0; i < 5000 && atomic_load(&shared->reloads) < 1; i++)
		usleep(1000);
	/* A child that is replaced later starts with the old configuration. */
	kill(atomic_load(&shared->pids[0]), SIGTERM);
	await_starts(4);
	await(2, 1);
	ck_assert(alive(1) && alive(2));
	ck_assert_int_eq(atomic_load(&shared->starts), 4);
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
}
END_TEST

/* A group that runs once is not restarted, and may end the pool. */
START_TEST(once)
{
	groups[1].once = true;
	start(1, 1);
	await(1, 1);
	kill(atomic_load(&shared->newest[1]), SIGKILL);
	await_starts(3);
	await(1, 2); /* the killed one counts */
	atomic_store(&shared->behaviour, _i == 0 ? DONE : HOPELESS);
	kill(atomic_load(&shared->newest[1]), SIGKILL);
	await_starts(4);
	if (_i == 0) {
		atomic_store(&shared->behaviour, SERVE);
		kill(atomic_load(&shared->newest[0]), SIGKILL);
		await_starts(5);
		usleep(500000); /* would it start more? */
		ck_assert_int_eq(atomic_load(&shared->starts), 5);
		kill(pool, SIGTERM);
	}
	ck_assert_int_eq(reap(), _i == 0 ? 0 : SUPERVISE_HOPELESS);
}
END_TEST

/* If new children do not start, the old ones continue. */
START_TEST(reload_fails)
{
	start(2, 1);
	await(2, 1);
	atomic_store(&shared->behaviour, HOPELESS);
	kill(pool, SIGHUP);
	await_starts(4);
	sleep(1); /* would it end the old ones? */
	for (int i = 0; i < 3; i++)
		ck_assert(alive(i));
	await(2, 1);
	ck_assert_int_le(atomic_load(&shared->starts), 5);
	/* The next one does. */
	atomic_store(&shared->behaviour, SERVE);
	kill(pool, SIGHUP);
	for (int i = 0; i < 3000 && (alive(0) || alive(1) || alive(2)); i++)
		usleep(1000);
	ck_assert(!alive(0) && !alive(1) && !alive(2));
	await(2, 1);
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
}
END_TEST

/* A child that does not exit is killed after its time limit. */
START_TEST(stubborn)
{
	int64_t since;

	atomic_store(&shared->behaviour, STUBBORN);
	start(1, 0);
	await(1, 0);
	since = clock_tick();
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
	ck_assert_int_ge(clock_tick() - since, 900000);
	ck_assert_int_le(clock_tick() - since, 4000000);
	ck_assert(!alive(0));
}
END_TEST

/* The last group stays until all others have ended. If one of it exits earlier,
 * as when a terminal signals all processes, it is replaced. */
START_TEST(last)
{
	int first;

	groups[1].last = true;
	start(1, 1);
	await(1, 1);
	first = atomic_load(&shared->newest[1]);
	kill(atomic_load(&shared->newest[0]), SIGSTOP);
	kill(pool, SIGTERM);
	usleep(200000); /* would it end the last group first? */
	await(1, 1);
	kill(first, SIGTERM);
	await_starts(3);
	await(1, 1);
	ck_assert_int_ne(atomic_load(&shared->newest[1]), first);
	ck_assert_int_eq(reap(), 0);
	ck_assert_int_eq(atomic_load(&shared->ready[1]), 0);
	ck_assert_int_eq(atomic_load(&shared->starts), 3);
	for (int i = 0; i < 3; i++)
		ck_assert(!alive(i));
}
END_TEST

/* One was about to be replaced when the pool had to stop: its replacement does
 * the remaining work. */
START_TEST(last_is_missing)
{
	groups[1].last = true;
	start(1, 1);
	await(1, 1);
	kill(atomic_load(&shared->newest[1]), SIGKILL);
	usleep(20000);
	kill(pool, SIGTERM);
	ck_assert_int_eq(reap(), 0);
	ck_assert_int_eq(atomic_load(&shared->starts), 3);
	ck_assert_int_eq(atomic_load(&shared->ready[1]), 1); /* the killed */
	for (int i = 0; i < 3; i++)
		ck_assert(!alive(i));
}
END_TEST

/* No child outlives the pool. */
START_TEST(orphans)
{
	int status;

	start(2, 1);
	await(2, 1);
	kill(pool, SIGKILL);
	ck_assert_int_eq(waitpid(pool, &status, 0), pool);
	await(0, 0);
}
END_TEST

static char path[64];

static enum err
open_at(const char *where, int *ret_fd)
{
	struct why why = { 0 };
	enum err e = listen_on(where, 0660, ret_fd, &why);

	if (e != ERR_OK)
		ck_assert_str_ne(why.detail, "");
	return e;
}

START_TEST(listen_path)
{
	char longest[120];
	struct stat st;
	int fd, other;

	snprintf(path, sizeof(path), "/tmp/prog_listen.%d", (int)getpid());
	unlink(path);
	ck_assert_int_eq(open_at(path, &fd), ERR_OK);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0660);
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(open_at(path, &other), ERR_CONFLICT);
	ck_assert_int_eq(stat(path, &st), 0);
	close(fd);
	/* A stale one is replaced, anything else is not. */
	ck_assert_int_eq(open_at(path, &fd), ERR_OK);
	close(fd);
	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	ck_assert_int_eq(open_at(path, &fd), ERR_INVALID);
	ck_assert_int_eq(stat(path, &st), 0);
	unlink(path);
	ck_assert_int_eq(open_at("/nonexistent/x", &fd), ERR_INTERNAL);
	memset(longest, 'a', sizeof(longest));
	longest[0] = '/';
	longest[108] = '\0';
	ck_assert_int_eq(open_at(longest, &fd), ERR_INVALID);
}
END_TEST

START_TEST(listen_port)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof(sa);
	char where[32];
	int fd, other;

	ck_assert_int_eq(open_at("127.0.0.1:0", &fd), ERR_OK);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&sa, &n), 0);
	snprintf(where, sizeof(where), "127.0.0.1:%d",
	    (int)(((unsigned char *)&sa)[2] << 8 | ((unsigned char *)&sa)[3]));
	ck_assert_int_eq(open_at(where, &other), ERR_CONFLICT);
	close(fd);
	ck_assert_int_eq(open_at(where, &fd), ERR_OK);
	close(fd);
	ck_assert_int_eq(open_at("", &fd), ERR_INVALID);
	ck_assert_int_eq(open_at("9000", &fd), ERR_INVALID);
	ck_assert_int_eq(open_at("127.0.0.1:", &fd), ERR_INVALID);
	ck_assert_int_eq(open_at("127.0.0.1:http", &fd), ERR_INVALID);
	ck_assert_int_eq(open_at("127.0.0.1:99999", &fd), ERR_INVALID);
	ck_assert_int_eq(open_at("::1:80", &fd), ERR_INVALID);
	ck_assert_int_eq(open_at("no.such.host.invalid:80", &fd), ERR_INVALID);
}
END_TEST

START_TEST(inherited)
{
	struct why why = { 0 };
	int fd, got;
	socklen_t n = sizeof(got);

	fd = open("/dev/null", O_RDONLY);
	dup2(fd, STDIN_FILENO);
	ck_assert_int_eq(listen_inherited(&got, &why), ERR_INVALID);
	ck_assert_int_eq(open_at("127.0.0.1:0", &fd), ERR_OK);
	dup2(fd, STDIN_FILENO);
	close(fd);
	ck_assert_int_eq(listen_inherited(&fd, &why), ERR_OK);
	ck_assert_int_ge(fd, 3);
	ck_assert_int_eq(getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &got, &n),
	    0);
	ck_assert_int_eq(got, 1);
	ck_assert_int_ne(getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN,
			     &got, &n),
	    0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("prog_supervise");
	TCase *t = tcase_create("supervise");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, stop, 0, 2);
	tcase_add_test(t, replaced);
	tcase_add_loop_test(t, back_off, 0, 2);
	tcase_add_test(t, hopeless);
	tcase_add_test(t, reload);
	tcase_add_test(t, reload_refused);
	tcase_add_loop_test(t, once, 0, 2);
	tcase_add_test(t, reload_fails);
	tcase_add_test(t, stubborn);
	tcase_add_test(t, last);
	tcase_add_test(t, last_is_missing);
	tcase_add_test(t, orphans);
	tcase_add_test(t, listen_path);
	tcase_add_test(t, listen_port);
	tcase_add_test(t, inherited);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
