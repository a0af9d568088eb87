#include "config.h"

#include "core/pool/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

#define ROOM (1 << 20)

bool
pipe_open(int ret[2])
{
	if (pipe2(ret, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	/* The kernel may allow less, which only fills sooner. */
	(void)fcntl(ret[1], F_SETPIPE_SZ, ROOM);
	return true;
}

bool
pipe_put(int fd, const void *message, size_t size, int64_t wait)
{
	const int64_t until = clock_tick() + wait;
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int64_t left;

	/* POSIX: up to PIPE_BUF bytes are written at once. */
	AN(size <= PIPE_BUF);
	while (write(fd, message, size) != (ssize_t)size)
		if (errno != EAGAIN || (left = until - clock_tick()) <= 0 ||
		    poll(&p, 1, (int)(left / 1000) + 1) <= 0)
			return false;
	return true;
}

size_t
pipe_take(int fd, void *messages, size_t size, size_t most)
{
	ssize_t n = read(fd, messages, size * most);

	return n > 0 ? (size_t)n / size : 0;
}
