/* Error responses, in the format of each API. */
#ifndef API_DIALECT_H
#define API_DIALECT_H

#include "api/call.h"

/* The error response of a failed call, in the words of its route's API. The
 * cause of an internal error is logged only. */
struct dialect_answer {
	int status;
	const char *field; /* NULL: none */
	const char *text;
};

/* The response for the result e and the call's reason; the text is allocated
 * in the arena. */
void dialect_answer(const struct call *c, enum err e,
    struct dialect_answer *ret);

/* Sends the error response of a failed call: status, headers (Retry-After,
 * Allow) and a body in the route's dialect, or an HTML page to a browser.
 * allow: the set of enum http_method for ERR_METHOD. Nothing may have been sent
 * before. */
void dialect_error(struct call *c, enum err e, unsigned allow);

#endif
