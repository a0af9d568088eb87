/* Declares the handlers of the route table. Each parses the request, makes one
 * domain call and writes the response; dispatch.c sends the error response for
 * any result but ERR_OK. handle_* are in api/json/, page_* in api/pages/. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "base/error.h"

struct call;

/* A handler may serve several routes. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wredundant-decls"
#define R(method, pattern, credentials, scope, dialect, body, flags, handler) \
	enum err handler(struct call *c) MUST_CHECK;
#define V1 R
#define API R
#include "api/routes.def"
#undef API
#undef V1
#undef R
#pragma GCC diagnostic pop

#endif
