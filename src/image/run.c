#include "config.h"

#include "image/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/slots.h"

#define SPAWN_LOW 16 /* above the helper's own descriptors */

void
run_request(const struct conf *conf, enum image_op op, enum media_type type,
    struct image_request *req)
{
	memset(req, 0, sizeof(*req));
	req->magic = IMAGE_MAGIC;
	req->op = op;
	req->type = type;
	req->timeout = (uint32_t)conf->image_timeout;
	req->max_pixels = (uint64_t)conf->image_max_pixels;
	req->max_side = (uint64_t)conf->image_max_side;
	req->memory = (uint64_t)conf->image_memory;
}

/* The helper shares the lock, so that its slot stays taken even if the caller
 * dies first. */
static enum err
slot_take(const struct conf *conf, const char *slots, int *ret, struct why *why)
{
	long places =
	    conf->image_processes > 0 ? conf->image_processes : slots_cores();
	enum err e = slots_take(slots, "image", places,
	    conf->image_wait * CLOCK_SECOND, ret, why);

	if (e == ERR_RETRY)
		return why_set(why, WHY_PICTURES_BUSY);
	return e;
}

/* First moves descriptors out of the range of the helper's: dup2() onto one
 * that is still needed would lose it. */
static bool
add_descriptors(posix_spawn_file_actions_t *fa, const int fds[IMAGE_FD__MAX],
    int moved[IMAGE_FD__MAX])
{
	int i;

	for (i = 0; i < IMAGE_FD__MAX; i++) {
		if (fds[i] == -1)
			continue;
		moved[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, SPAWN_LOW);
		if (moved[i] == -1)
			return false;
	}
	for (i = 0; i < IMAGE_FD__MAX; i++) {
		if (moved[i] == -1)
			posix_spawn_file_actions_addclose(fa, i);
		else if (posix_spawn_file_actions_adddup2(fa, moved[i], i) != 0)
			return false;
	}
	return posix_spawn_file_actions_addclosefrom_np(fa, IMAGE_FD__MAX) == 0;
}

/* Callers block SIGTERM and handle signals; the helper must not inherit it. */
static bool
set_signals(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	return posix_spawnattr_setflags(attr,
		   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
	    posix_spawnattr_setsigmask(attr, &none) == 0 &&
	    posix_spawnattr_setsigdefault(attr, &all) == 0;
}

static int
spawn(const struct conf *conf, const int fds[IMAGE_FD__MAX], pid_t *ret)
{
	char policy[PATH_MAX + 32];
	char name[] = "vitrine-image", threads[] = "MAGICK_THREAD_LIMIT=1",
	     omp[] = "OMP_NUM_THREADS=1", locale[] = "LC_ALL=C.UTF-8";
	char *argv[] = { name, NULL };
	char *envp[] = { policy, threads, omp, locale, NULL };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	int moved[IMAGE_FD__MAX], i, e = ENOMEM;

	for (i = 0; i < IMAGE_FD__MAX; i++)
		moved[i] = -1;
	snprintf(policy, sizeof(policy), "MAGICK_CONFIGURE_PATH=%s",
	    conf->image_policy);
	if (posix_spawn_file_actions_init(&fa) != 0)
		return ENOMEM;
	if (posix_spawnattr_init(&attr) != 0) {
		posix_spawn_file_actions_destroy(&fa);
		return ENOMEM;
	}
	if (set_signals(&attr) && add_descriptors(&fa, fds, moved))
		e = posix_spawn(ret, conf->image_program, &fa, &attr, argv,
		    envp);
	for (i = 0; i < IMAGE_FD__MAX; i++)
		if (moved[i] != -1)
			close(moved[i]);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	return e;
}

static int
left_ms(int64_t end)
{
	int64_t left = (end - clock_tick() + 999) / 1000;

	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Reads until the helper closes its end of the pipe by exiting, or has sent
 * more than a reply. False: timed out. */
static bool
read_reply(int fd, int64_t end, struct image_reply *rep, size_t *ret_len)
{
	struct pollfd pfd = { fd, POLLIN, 0 };
	char more[256], *p = (char *)rep;
	size_t len = 0;
	ssize_t n;
	int r;

	for (;;) {
		r = poll(&pfd, 1, left_ms(end));
		if (r == 0 || (r == -1 && errno != EINTR))
			return false;
		if (r == -1)
			continue;
		n = len < sizeof(*rep) ? read(fd, p + len, sizeof(*rep) - len) :
					 read(fd, more, sizeof(more));
		if (n > 0)
			len += (size_t)n;
		else if (n == 0 || errno != EINTR)
			break;
		if (len > sizeof(*rep))
			break;
	}
	*ret_len = len;
	return true;
}

/* Waits for the helper to exit and kills it at its deadline. False: it was
 * killed. If the caller ignores SIGCHLD, the kernel reaps it, and only the
 * reply shows how it ended. */
static bool
reap(pid_t pid, int64_t end, bool ended, int *ret_status)
{
	bool killed = !ended;
	pid_t r;

	*ret_status = 0;
	for (;;) {
		if (killed)
			kill(pid, SIGKILL);
		r = waitpid(pid, ret_status, killed ? 0 : WNOHANG);
		if (r == pid || (r == -1 && errno != EINTR))
			return !killed;
		if (left_ms(end) == 0)
			killed = true;
		else
			clock_pause(1);
	}
}

static enum err
judge(const struct conf *conf, int status, const struct image_reply *rep,
    size_t len, struct why *why)
{
	if (WIFSIGNALED(status)) {
		log_warn("image_helper_died", "signal=%d", WTERMSIG(status));
		/* By the kernel for a lack of memory, or by the administrator;
		 * or by this process, for too long a reply. */
		if (WTERMSIG(status) == SIGKILL && len <= sizeof(*rep)) {
			why->retry_after = 10;
			return why_log(why, ERR_RETRY,
			    "vitrine-image was killed");
		}
		return why_set(why, WHY_MEDIA_UNREADABLE);
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return why_log(why, ERR_INTERNAL, "%s ended with status %d%s",
		    conf->image_program, WEXITSTATUS(status),
		    WEXITSTATUS(status) == IMAGE_EXIT_LOCKDOWN ?
			" (lockdown failed)" :
			"");
	if (len != sizeof(*rep) || rep->magic != IMAGE_MAGIC)
		return why_log(why, ERR_INTERNAL,
		    "%s: invalid reply of %zu bytes", conf->image_program, len);
	return ERR_OK;
}

static enum err
talk(const struct conf *conf, const int given[IMAGE_FD__MAX], int request,
    int replies[2], struct image_reply *ret, struct why *why)
{
	int64_t end = clock_tick() + conf->image_timeout * 1000000;
	int fds[IMAGE_FD__MAX], status, e;
	size_t len = 0;
	bool ended;
	pid_t pid;

	memcpy(fds, given, sizeof(fds));
	fds[IMAGE_FD_REQUEST] = request;
	fds[IMAGE_FD_REPLY] = replies[1];
	fds[IMAGE_FD_LOG] = STDERR_FILENO;
	e = spawn(conf, fds, &pid);
	close(replies[1]);
	replies[1] = -1;
	if (e != 0)
		return why_log(why, ERR_INTERNAL, "%s: %s", conf->image_program,
		    strerror(e));
	ended = read_reply(replies[0], end, ret, &len);
	if (len > sizeof(*ret)) /* it would block on the full pipe */
		kill(pid, SIGKILL);
	if (!reap(pid, end, ended, &status)) {
		why->retry_after = 60;
		log_warn("image_helper_timeout", "seconds=%lld",
		    (long long)conf->image_timeout);
		return why_set(why, WHY_PICTURE_SLOW);
	}
	return judge(conf, status, ret, len, why);
}

enum err
run_helper(const struct conf *conf, const char *slots,
    const struct image_request *req, const int given[IMAGE_FD__MAX],
    struct image_reply *ret, bool *ret_busy, struct why *why)
{
	int fds[IMAGE_FD__MAX], requests[2] = { -1, -1 },
				replies[2] = { -1, -1 };
	enum err e;

	memcpy(fds, given, sizeof(fds));
	e = slot_take(conf, slots, &fds[IMAGE_FD_SLOT], why);
	*ret_busy = e == ERR_RETRY;
	if (e != ERR_OK)
		return e;
	/* The request fits into the pipe, so it can be written before the
	 * helper starts, which therefore cannot have died. */
	if (pipe2(requests, O_CLOEXEC) == -1 ||
	    pipe2(replies, O_CLOEXEC) == -1 ||
	    write(requests[1], req, sizeof(*req)) != (ssize_t)sizeof(*req)) {
		e = why_log(why, ERR_INTERNAL, "pipe: %s", strerror(errno));
	} else {
		close(requests[1]);
		requests[1] = -1;
		e = talk(conf, fds, requests[0], replies, ret, why);
	}
	close(fds[IMAGE_FD_SLOT]);
	for (int i = 0; i < 2; i++) {
		if (requests[i] != -1)
			close(requests[i]);
		if (replies[i] != -1)
			close(replies[i]);
	}
	return e;
}
