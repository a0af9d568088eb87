/* What a failure is called in the API of its route. */
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

/* The dialect of the route; PAGE without a route. */
enum dialect dialect_of(const struct call *c);

/* The response for the result e and the call's reason; the text is allocated
 * in the arena. */
void dialect_answer(const struct call *c, enum err e,
    struct dialect_answer *ret);

#endif
