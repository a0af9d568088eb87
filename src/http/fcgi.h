/*
 * The one place that knows libfcgi: a worker's loop over a listening socket
 * and the connections that the web server keeps to it.
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include <stdbool.h>

#include "http/request.h"

struct fcgi_options {
	int listen_fd;	       /* bound and listening; made non-blocking */
	unsigned max_requests; /* leave after so many; 0: never */
	unsigned keep;	       /* connections kept at once; 0: none */
	unsigned read_timeout; /* seconds without a byte from the server, or
				 * without it taking one */
	/* Called between requests, with the argument of handle(): for work
	 * that waits. Returns in how many us it wants to be called again, -1:
	 * when there was another request. NULL: there is none. */
	int64_t (*tend)(void *arg);
};

/*
 * Serves until SIGTERM or SIGINT or until max_requests; answers the requests at
 * hand, gives kept connections a moment for their next one, then returns.
 * handle() is called for every request with the way to the server; it has sent
 * the whole answer when it returns.
 * A request whose body was not read to its end never keeps its connection: the
 * rest of the body would be taken for FastCGI records.
 * Both signals are blocked while handle() runs: a child that it starts resets
 * its mask.
 */
void fcgi_serve(const struct fcgi_options *o,
    void (*handle)(void *arg, const struct http_io *io), void *arg);

#endif
