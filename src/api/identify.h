/* Who is calling, by the credentials of a request. */
#ifndef API_IDENTIFY_H
#define API_IDENTIFY_H

#include "api/call.h"

/*
 * Looks at the request's credentials and holds them against the route's.
 * ERR_UNAUTH: none, or none that holds, where one is needed. ERR_FORBIDDEN: an
 * API key without the scope or on a route for people; or a cookie with a
 * request that changes something and that another site has caused.
 */
enum err identify(struct call *c) MUST_CHECK;

#endif
