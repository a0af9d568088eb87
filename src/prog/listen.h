/* Listening sockets. */
#ifndef PROG_LISTEN_H
#define PROG_LISTEN_H

#include <sys/types.h>

#include "base/error.h"

/*
 * Opens a listening, close-on-exec socket, which the caller closes. `where` is
 * a path if it has a '/': the socket is made with the given mode, replacing a
 * socket file on which no process listens. Otherwise it is host:port
 * ("127.0.0.1:9000", "[::1]:9000"; without a host, the loopback address).
 * ERR_CONFLICT: the address is in use. ERR_INVALID: not an address, the path is
 * too long, or there is a file that is not a socket. ERR_INTERNAL.
 */
enum err listen_on(const char *where, mode_t mode, int *ret_fd,
    struct why *why) MUST_CHECK;

/* Takes the listening socket that spawn-fcgi, mod_fcgid or systemd passed as
 * descriptor 0, which becomes /dev/null. ERR_INVALID: there is none. */
enum err listen_inherited(int *ret_fd, struct why *why) MUST_CHECK;

#endif
