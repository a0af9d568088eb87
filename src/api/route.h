/* The route table: the whole API on one screen, in routes.def. */
#ifndef API_ROUTE_H
#define API_ROUTE_H

#include <stddef.h>

#include "base/error.h"
#include "http/request.h"

struct call;

/* What a caller must present. */
enum credentials {
	OPEN = 1, /* nothing */
	KNOWN,	  /* nothing, but who signed in is told to the handler */
	SIGNED,	  /* an address that we have signed: the handler checks it */
	ACCOUNT,  /* a cookie, a token or an API key with the route's scope */
	PERSON,	  /* a cookie or a token: never an API key */
};

/* In whose words errors are told. */
enum dialect {
	MESSAGE, /* {"message": …}: signing in, seeds 000 and 001 */
	ERROR,	 /* {"error": …}: seeds 002 and 003 */
	PROBLEM, /* application/problem+json (RFC 9457): seed 004 */
	PAGE,	 /* HTML for a browser, {"message": …} for others */
};

enum route_flags {
	LONG = 1 << 0, /* may take a while: the site files send it to the
			* pool's second socket */
	/* What a fault of ours is called, in the seeds' words: */
	FETCHES = 1 << 1, /* seed 001 */
	SHARES = 1 << 2,  /* seed 000 */
};

#define ROUTE_ARGS 4

struct route {
	enum http_method method;
	const char *pattern; /* ":name" stands for one segment */
	enum credentials credentials;
	unsigned scope; /* that an API key needs; 0 where none can come */
	enum dialect dialect;
	size_t body_limit; /* bytes; 0: a body is not read. Streamed ones have
			      * limits of their own */
	unsigned flags;
	enum err (*handler)(struct call *c);
};

/* All routes; the last one's pattern is NULL. */
extern const struct route routes[];

/*
 * Finds the request's route; args takes what its ":name" segments hold. A HEAD
 * is a GET's. ERR_NOT_FOUND: no pattern fits; *ret is NULL. ERR_METHOD: one
 * does, but not with this method; *ret_allow is the set of those that do, and
 * *ret a route of one, in whose words that is told.
 */
enum err route_find(const struct http_request *r, const struct route **ret,
    const char *args[ROUTE_ARGS], unsigned *ret_allow) MUST_CHECK;

#endif
