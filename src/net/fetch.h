/*
 * Asks another server by HTTP. It is trusted with what it is sent and with
 * nothing else: an answer has its limits in time and size, is never followed
 * to another address, and comes over a valid certificate, or not at all.
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
	int64_t timeout_ms; /* of the whole, from the name's look-up on */
	size_t most;	    /* bytes of the answer's body */
	bool head;	    /* fetch_get(): by HEAD, without a body */
	/* Any certificate will do: for what is no secret, where the answer
	 * proves itself. */
	bool any_peer;
	bool loopback; /* connects to this host, whatever the name says */
};

struct fetched {
	long status;
	const char *body; /* NUL-terminated */
	size_t n;
	const char *location; /* of a redirect; else NULL */
};

/* Posts the body. Whatever the status, an answer is ERR_OK. ERR_RETRY: none
 * came, or not in time; ERR_TOO_LARGE: it went beyond `most`. */
enum err fetch_post(struct arena *a, const struct fetch *f, struct fetched *ret,
    struct why *why) MUST_CHECK;

/* Asks for it by GET or HEAD; results as those of fetch_post(). */
enum err fetch_get(struct arena *a, const struct fetch *f, struct fetched *ret,
    struct why *why) MUST_CHECK;

#endif
