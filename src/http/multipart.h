/*
 * multipart/form-data (RFC 7578), read as a stream: a part's bytes are handed
 * on as they come and never held.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/request.h"

struct multipart_part {
	const char *name;     /* the field's name */
	const char *filename; /* NULL: a plain field. Taken as sent, UTF-8
				 * checked: it may be "" (no file chosen),
				 * "..", a path, or hold control characters */
	const char *type;     /* its Content-Type, or NULL */
};

/*
 * What the reader calls. begin: a part's headers are read. data: the next
 * bytes of it. end: it is whole. Any result but ERR_OK ends the reading and is
 * the result of multipart_read().
 */
struct multipart_handler {
	void *arg;
	enum err (*begin)(void *arg, const struct multipart_part *part);
	enum err (*data)(void *arg, const void *p, size_t n);
	enum err (*end)(void *arg);
};

struct multipart_limits {
	uint64_t body; /* bytes of the whole */
	size_t parts;
	size_t headers; /* bytes of one part's headers, at most 16 KiB */
};

/*
 * Reads the request's body. ERR_MEDIA_TYPE: it is no multipart/form-data;
 * ERR_INVALID: no boundary (or one over 70 characters, RFC 2046), malformed,
 * cut short, too many parts, a name that is no UTF-8; ERR_TOO_LARGE.
 * The last boundary must have come; what follows it is read and left. Allocates
 * 64 KiB from the request's arena, and for a part at most four times its
 * headers: limits->parts and ->headers bound that.
 */
enum err multipart_read(struct http_request *r,
    const struct multipart_limits *limits,
    const struct multipart_handler *handler, struct why *why) MUST_CHECK;

#endif
