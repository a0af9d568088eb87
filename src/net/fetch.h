/*
 * HTTP requests to other servers, which are not trusted: an answer is limited
 * in time and size, redirects are not followed, and certificates are verified.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct fetch {
	const char *url; /* http:// or https://, without a password in it */
	const char *const *headers; /* "Name: value" …, NULL-terminated */
	const void *body;
	size_t n;
	int64_t timeout_ms; /* of the whole request, with the name lookup */
	size_t most;	    /* limit of the answer's body, bytes */
	bool head;	    /* fetch_get() sends HEAD */
	/* Accepts any certificate. Only where nothing sent is secret and the
	 * answer itself proves where it is from. */
	bool any_peer;
	bool loopback; /* connects to this host instead of the URL's */
};

struct fetched {
	long status;
	const char *body; /* NUL-terminated */
	size_t n;
	const char *location; /* of a redirect; else NULL */
};

/* Sends the body by POST. An answer with any status is ERR_OK. ERR_RETRY: no
 * answer in time; ERR_TOO_LARGE: its body exceeds `most`. The answer is in the
 * arena. */
enum err fetch_post(struct arena *a, const struct fetch *f, struct fetched *ret,
    struct why *why) MUST_CHECK;

/* Sends a GET or HEAD; the results are those of fetch_post(). */
enum err fetch_get(struct arena *a, const struct fetch *f, struct fetched *ret,
    struct why *why) MUST_CHECK;

#endif
