/* Errors in the words of each API. */
#ifndef API_DIALECT_H
#define API_DIALECT_H

#include "api/call.h"

/* Answers a failed call: status, headers (Retry-After, Allow) and a body in
 * the route's dialect, or for a browser a page. Nothing has been sent yet. */
void dialect_error(struct call *c, enum err e, unsigned allow);

#endif
