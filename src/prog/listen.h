/* Listening sockets. */
#ifndef PROG_LISTEN_H
#define PROG_LISTEN_H

#include <sys/types.h>

#include "base/error.h"

/*
 * Opens a listening socket, close-on-exec: at a path (it has a '/'; made with
 * the given mode; a socket file that nobody answers on is replaced), or at
 * host:port ("127.0.0.1:9000", "[::1]:9000"; no host: the loopback address).
 * ERR_CONFLICT: somebody listens there. ERR_INVALID: it is no address, or the
 * path is too long or something else than a socket. ERR_INTERNAL.
 */
enum err listen_on(const char *where, mode_t mode, int *ret_fd,
    struct why *why) MUST_CHECK;

/* Takes the listening socket that a starter (spawn-fcgi, mod_fcgid, systemd)
 * left on descriptor 0, which becomes /dev/null. ERR_INVALID: there is
 * none. */
enum err listen_inherited(int *ret_fd, struct why *why) MUST_CHECK;

#endif
