/* Error responses, in the format of each API. */
#ifndef API_ERROR_H
#define API_ERROR_H

#include "api/call.h"

/* Sends the error response of a failed call: status, headers (Retry-After,
 * Allow) and a body in the route's dialect, or an HTML page to a browser.
 * allow: the set of enum http_method for ERR_METHOD. Nothing may have been sent
 * before. */
void error_send(struct call *c, enum err e, unsigned allow);

#endif
