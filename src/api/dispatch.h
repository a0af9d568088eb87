/* Runs a request through its route to a response. */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include "core/env.h"
#include "http/request.h"

/* Finds the route, identifies the caller, runs the handler, sends an error
 * response if it failed, and logs one line. */
void dispatch(struct base *base, struct arena *a, const struct http_io *io);

#endif
