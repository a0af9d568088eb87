#include "config.h"

#include "base/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define PAUSE_MS 10

long
slots_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t mine;

	if (sched_getaffinity(0, sizeof(mine), &mine) == 0)
		n = CPU_COUNT(&mine);
	return n > 0 ? n : 1;
}

/* Tries each slot once. -1: all are taken; -2: the folder cannot be used. */
static int
try_all(const char *folder, const char *name, long places)
{
	char path[PATH_MAX];
	long first = getpid() % places;

	for (long i = 0; i < places; i++) {
		int fd;

		if (snprintf(path, sizeof(path), "%s/%s-%ld", folder, name,
			(first + i) % places) >= (int)sizeof(path))
			return -2;
		/* Read-only, since a lock works on a storage that has become
		 * read-only, too. */
		fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0600);
		if (fd == -1)
			return -2;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		close(fd);
	}
	return -1;
}

enum err
slots_take(const char *folder, const char *name, long places, int64_t wait_ms,
    int *ret_fd, struct why *why)
{
	int64_t end = clock_tick() + wait_ms * 1000;
	int fd;

	if (places < 1)
		places = 1;
	if (mkdir(folder, 0700) == -1 && errno != EEXIST)
		return why_log(why, ERR_RETRY, "%s: %s", log_quote(folder),
		    strerror(errno));
	while ((fd = try_all(folder, name, places)) == -1) {
		if (clock_tick() >= end) {
			why->retry_after =
			    wait_ms > 1000 ? (unsigned)(wait_ms / 1000) : 1;
			return why_log(why, ERR_RETRY,
			    "no slot for %s became free", name);
		}
		clock_pause(PAUSE_MS);
	}
	if (fd == -2)
		return why_log(why, ERR_RETRY, "cannot lock in %s: %s",
		    log_quote(folder), strerror(errno));
	*ret_fd = fd;
	return ERR_OK;
}
