/*
 * The only module that uses libfcgi: a worker's loop that serves a listening
 * socket and the connections the web server keeps open to it.
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include <stdbool.h>

#include "http/request.h"

struct fcgi_options {
	int listen_fd;	       /* bound and listening; made non-blocking */
	unsigned max_requests; /* exit after this number; 0: never */
	unsigned keep;	       /* connections kept open at once; 0: none */
	unsigned read_timeout; /* seconds in which the server neither sends nor
				* accepts a byte */
	/* Called between requests with the argument of handle(), for deferred
	 * work. Returns the us until its next call, or -1: after the next
	 * request. May be NULL. */
	int64_t (*tend)(void *arg);
};

/*
 * Serves until SIGTERM, SIGINT or max_requests. It then answers the pending
 * requests, gives kept connections a moment for their next one, and returns.
 * handle() is called for every request and must send the whole answer before it
 * returns.
 * A connection is never kept after a request whose body was not read to its
 * end: libfcgi would take the rest of the body for FastCGI records.
 * Both signals are blocked while handle() runs, so a child that it starts must
 * reset its signal mask.
 */
void fcgi_serve(const struct fcgi_options *o,
    void (*handle)(void *arg, const struct http_io *io), void *arg);

#endif
