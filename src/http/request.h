/*
 * One HTTP request as the web server passes it on. Nothing here depends on
 * FastCGI: struct http_io is the interface to the server, and tests implement
 * their own.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "http/urlencoded.h"

enum http_method {
	HTTP_GET = 1 << 0,
	HTTP_HEAD = 1 << 1,
	HTTP_POST = 1 << 2,
	HTTP_PUT = 1 << 3,
	HTTP_PATCH = 1 << 4,
	HTTP_DELETE = 1 << 5,
	HTTP_OPTIONS = 1 << 6,
	HTTP_OTHER = 1 << 7,
};

#define HTTP_MAX_TARGET 8192 /* bytes, without the query */
#define HTTP_MAX_QUERY 16384
#define HTTP_MAX_SEGMENTS 32
#define HTTP_MAX_PAIRS 100   /* of a query */
#define HTTP_MAX_FIELDS 1000 /* of a form */

/* The interface to the web server. */
struct http_io {
	void *arg;
	/* A CGI variable (RFC 3875), or NULL if it is not set. */
	const char *(*param)(void *arg, const char *name);
	/* Reads up to n bytes of the body; 0 at its end; -1 if the client is
	 * gone or too slow. */
	long (*read)(void *arg, void *p, size_t n);
	/* Writes all n bytes; false if the client is gone. */
	bool (*write)(void *arg, const void *p, size_t n);
};

struct http_request {
	struct arena *arena;
	const struct http_io *io;
	char id[33]; /* shown in the log and to the client */
	enum http_method method;
	const char *method_name;
	const char *target;    /* REQUEST_URI without the query, as sent */
	const char *path;      /* decoded, valid UTF-8, no control character,
				* no "." or ".." segment; NULL: the target or
				* the query is malformed */
	size_t nsegments;      /* of the path; 0 if it is NULL */
	const char **segments; /* decoded one by one, so that a %2F is part of
				* its segment. "/" has one empty segment; a
				* trailing slash makes an empty last one */
	const char *query;     /* without '?', never NULL */
	const char *address;   /* REMOTE_ADDR, never NULL */
	bool https;
	int64_t content_length; /* -1: unknown */
	uint64_t body_read;
	bool body_ended; /* the body was read to its end */
	size_t npairs;	 /* the query's pairs, decoded, in their order */
	const struct http_pair *pairs;
};

/*
 * Reads the variables (REQUEST_METHOD, REQUEST_URI, REMOTE_ADDR, …). If the
 * target or query is malformed (bad %XX, not UTF-8, NUL) or exceeds a limit,
 * path is NULL and the router answers 400. In path an encoded slash cannot be
 * told from a plain one, so match routes by segments.
 */
void http_request_init(struct http_request *r, struct arena *a,
    const struct http_io *io);

/* A request header by its usual name ("User-Agent"), or NULL. */
const char *http_header(const struct http_request *r, const char *name);

/* The value of the first cookie of that name (RFC 6265), or NULL. */
const char *http_cookie(const struct http_request *r, const char *name);

/* The value of the first query parameter of that name, or NULL. */
const char *http_query(const struct http_request *r, const char *name);

/* Whether the body's media type matches ("application/json"); a star matches
 * any text, as in "application/" "*+json". */
bool http_content_is(const struct http_request *r, const char *type);

#endif
