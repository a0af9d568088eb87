/* The route table, which routes.def fills. */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include <stddef.h>

#include "base/error.h"
#include "http/request.h"

struct call;

/* The credentials that a route requires. */
enum credentials {
	OPEN = 1, /* none; any that are sent are ignored */
	KNOWN,	  /* none; if valid ones are sent, c->caller is set */
	SIGNED,	  /* an address signed by this site; the handler checks it */
	ACCOUNT,  /* a cookie, a token, or an API key with the route's scope */
	PERSON,	  /* a cookie or a token, but not an API key */
};

/* The words of error responses: dialect_words.c. */
enum dialect {
	MESSAGE, /* {"message": …}: signing in, seeds 000 and 001 */
	ERROR,	 /* {"error": …}: seed 002 */
	LINKS, /* the same, with 422 for what is wrong with a member: seed 003 */
	PROBLEM, /* application/problem+json (RFC 9457): seed 004 */
	PAGE,	 /* HTML for a browser, {"message": …} for others */
	DIALECT__MAX
};

enum route_flags {
	LONG = 1 << 0, /* slow: the web server's site files send these routes
			* to the pool's second socket */
	/* Which seed's message is sent for an internal error: */
	FETCHES = 1 << 1, /* seed 001 */
	SHARES = 1 << 2,  /* seed 000 */
};

#define ROUTE_ARGS 4

struct route {
	enum http_method method;
	const char *pattern; /* ":name" matches one segment */
	enum credentials credentials;
	unsigned scope; /* required of an API key; 0: keys are not accepted */
	enum dialect dialect;
	size_t body_limit; /* bytes; 0: no body, or a streamed one, which has
			      * its own limit */
	unsigned flags;
	enum err (*handler)(struct call *c);
};

/* All routes; the last one's pattern is NULL. */
extern const struct route routes[];

/*
 * Finds the request's route and sets args to the values of its ":name"
 * segments. HEAD uses the route of GET. ERR_NOT_FOUND: no pattern matches, *ret
 * is NULL. ERR_METHOD: a pattern matches, but not with this method; *ret_allow
 * is the set of allowed methods, and *ret a matching route, whose dialect the
 * error response uses.
 */
enum err route_find(const struct http_request *r, const struct route **ret,
    const char *args[ROUTE_ARGS], unsigned *ret_allow) MUST_CHECK;

#endif
