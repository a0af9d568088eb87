/* What the client wants to be answered with (RFC 9110, 12.5.1). */
#ifndef HTTP_ACCEPT_H
#define HTTP_ACCEPT_H

#include "http/request.h"

/* Whether the client rather wants HTML than JSON (Accept, by its order and
 * q values; nothing said: JSON). */
bool http_wants_html(const struct http_request *r);

#endif
