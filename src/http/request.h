/*
 * One HTTP request as the web server hands it over, and what is read from it.
 * Nothing here knows FastCGI: struct http_io is the way to the server, and
 * tests bring their own.
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

/* The way to the web server. */
struct http_io {
	void *arg;
	/* A CGI variable (RFC 3875), NULL where it is not set. */
	const char *(*param)(void *arg, const char *name);
	/* Up to n bytes of the body; 0 at its end; -1: the client is gone or
	 * too slow. */
	long (*read)(void *arg, void *p, size_t n);
	/* All n bytes; false: the client is gone. */
	bool (*write)(void *arg, const void *p, size_t n);
};

struct http_request {
	struct arena *arena;
	const struct http_io *io;
	char id[33]; /* of this request, for log and client */
	enum http_method method;
	const char *method_name;
	const char *target;    /* REQUEST_URI without the query, as sent */
	const char *path;      /* decoded, valid UTF-8, no control character,
				 * no "." or ".." segment; NULL: the target or
				 * the query is bad */
	size_t nsegments;      /* of the path, 0 when it is NULL */
	const char **segments; /* each decoded by itself: a %2F stays part of
				 * its segment. "/" has one, the empty one; a
				 * trailing slash is an empty last one */
	const char *query;     /* without '?', never NULL */
	const char *address;   /* REMOTE_ADDR, never NULL */
	bool https;
	int64_t content_length; /* -1: not told */
	uint64_t body_read;
	bool body_ended; /* the end of the body was seen */
	size_t npairs;	 /* the query, decoded, in its order */
	const struct http_pair *pairs;
};

/*
 * Reads the variables (REQUEST_METHOD, REQUEST_URI, REMOTE_ADDR, …). A target
 * or query that is malformed (bad %XX, no UTF-8, NUL) or over a limit is not an
 * error here: path is NULL then, and the router answers 400. An encoded slash
 * shows as a slash in path: routes are matched by segments.
 */
void http_request_init(struct http_request *r, struct arena *a,
    const struct http_io *io);

/* A request header by its usual name ("User-Agent"), NULL if absent. */
const char *http_header(const struct http_request *r, const char *name);

/* A cookie's value (RFC 6265), NULL if absent. The first of its name. */
const char *http_cookie(const struct http_request *r, const char *name);

/* A query parameter, NULL if absent; the first of its name. */
const char *http_query(const struct http_request *r, const char *name);

/* Whether the body's media type is the given one ("application/json"); a star
 * stands for anything, as in "application/" "*+json". */
bool http_content_is(const struct http_request *r, const char *type);

#endif
