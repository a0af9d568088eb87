/* From a request to its answer. */
#ifndef API_DISPATCH_H
#define API_DISPATCH_H

#include "core/env.h"
#include "http/request.h"

/* Finds the route, identifies the caller, runs the handler, answers whatever
 * comes of it and writes one line into the log. */
void dispatch(struct base *base, struct arena *a, const struct http_io *io);

#endif
