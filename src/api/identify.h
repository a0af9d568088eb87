/* Identifies the caller by the request's credentials. */
#ifndef API_IDENTIFY_H
#define API_IDENTIFY_H

#include "api/call.h"

/*
 * Sets c->caller and checks that the credentials satisfy the route.
 * ERR_UNAUTH: missing or invalid credentials. ERR_FORBIDDEN: an API key without
 * the scope or on a route for people; or a request that changes something, with
 * a cookie or to an open route, and comes from another site.
 */
enum err identify(struct call *c) MUST_CHECK;

#endif
