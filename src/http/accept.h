/* The type of answer that a client prefers (RFC 9110, 12.5.1). */
#ifndef HTTP_ACCEPT_H
#define HTTP_ACCEPT_H

#include "http/request.h"

/* Whether the client prefers HTML to JSON, by the order and q values of Accept;
 * false without that header. */
bool http_wants_html(const struct http_request *r);

#endif
