#include "config.h"

#include "prog/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FREE 3 /* the lowest descriptor after the standard ones */

static enum err
failed(const char *what, const char *where, struct why *why)
{
	enum err e = errno == EADDRINUSE ? ERR_CONFLICT : ERR_INTERNAL;

	return why_log(why, e, "%s: %s: %s", where, what, strerror(errno));
}

/* Removes a socket file on which no process listens. */
static enum err
remove_stale(const char *path, const struct sockaddr_un *sa, struct why *why)
{
	struct stat st;
	int fd, r;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? ERR_OK : failed("lstat", path, why);
	if (!S_ISSOCK(st.st_mode))
		return why_log(why, ERR_INVALID,
		    "%s exists and is not a socket", path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return failed("socket", path, why);
	r = connect(fd, (const struct sockaddr *)sa, sizeof(*sa));
	if (r != 0 && errno == ECONNREFUSED)
		r = unlink(path) == 0 || errno == ENOENT ? 1 : -1;
	else if (r == 0 || errno == EAGAIN)
		errno = EADDRINUSE;
	close(fd);
	return r == 1 ? ERR_OK : failed("in use", path, why);
}

static enum err
listen_path(const char *path, mode_t mode, int *ret_fd, struct why *why)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	mode_t mask;
	enum err e;
	int fd, r;

	if (strlen(path) >= sizeof(sa.sun_path))
		return why_log(why, ERR_INVALID,
		    "%s: a socket's path must have at most %zu bytes", path,
		    sizeof(sa.sun_path) - 1);
	memcpy(sa.sun_path, path, strlen(path) + 1);
	if ((e = remove_stale(path, &sa, why)) != ERR_OK)
		return e;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return failed("socket", path, why);
	mask = umask(0777 & ~mode);
	r = bind(fd, (const struct sockaddr *)&sa, sizeof(sa));
	umask(mask);
	if (r != 0 || listen(fd, SOMAXCONN) != 0) {
		e = failed("listen", path, why);
		close(fd);
		return e;
	}
	*ret_fd = fd;
	return ERR_OK;
}

/* Splits "host:port"; the host may be in brackets. */
static bool
split_address(const char *where, char host[256], char port[16])
{
	const char *colon = strrchr(where, ':');
	size_t n;

	if (colon == NULL || colon[1] == '\0' ||
	    strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strlen(colon + 1) > 5 || strtoul(colon + 1, NULL, 10) > 65535)
		return false;
	snprintf(port, 16, "%s", colon + 1);
	n = (size_t)(colon - where);
	if (n >= 2 && where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	} else if (memchr(where, ':', n) != NULL) {
		return false;
	}
	if (n >= 256)
		return false;
	memcpy(host, where, n);
	host[n] = '\0';
	return true;
}

static enum err
listen_address(const char *where, const struct addrinfo *ai, int *ret_fd,
    struct why *why)
{
	const int on = 1;
	enum err e;
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return failed("socket", where, why);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 ||
	    listen(fd, SOMAXCONN) != 0) {
		e = failed("listen", where, why);
		close(fd);
		return e;
	}
	*ret_fd = fd;
	return ERR_OK;
}

static enum err
listen_tcp(const char *where, int *ret_fd, struct why *why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	char host[256], port[16];
	enum err e;
	int r;

	if (!split_address(where, host, port))
		return why_log(why, ERR_INVALID, "%s: not a path or host:port",
		    where);
	/* Without AI_PASSIVE, no host means the loopback address. */
	r = getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &list);
	if (r != 0)
		return why_log(why, ERR_INVALID, "%s: %s", where,
		    gai_strerror(r));
	e = listen_address(where, list, ret_fd, why);
	freeaddrinfo(list);
	return e;
}

enum err
listen_on(const char *where, mode_t mode, int *ret_fd, struct why *why)
{
	if (strchr(where, '/') != NULL)
		return listen_path(where, mode, ret_fd, why);
	return listen_tcp(where, ret_fd, why);
}

enum err
listen_inherited(int *ret_fd, struct why *why)
{
	int listening = 0, fd, null;
	socklen_t n = sizeof(listening);

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &listening,
		&n) != 0 ||
	    !listening)
		return why_log(why, ERR_INVALID,
		    "descriptor 0 is not a listening socket");
	fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, FIRST_FREE);
	null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0)
		return failed("descriptor 0", "inherited socket", why);
	close(null);
	*ret_fd = fd;
	return ERR_OK;
}
