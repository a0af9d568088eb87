/*
 * Reads multipart/form-data (RFC 7578) as a stream: a part's bytes are passed
 * on as they arrive and not kept.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/request.h"

struct multipart_part {
	const char *name;     /* the field's name */
	const char *filename; /* NULL: a plain field. As sent, only checked to
			       * be UTF-8: it may be "" (no file chosen),
			       * "..", a path, or have control characters */
	const char *type;     /* its Content-Type, or NULL */
};

/*
 * The reader's callbacks. begin: a part's headers were read. data: its next
 * bytes. end: it is complete. A result other than ERR_OK stops the reader and
 * becomes the result of multipart_read().
 */
struct multipart_handler {
	void *arg;
	enum err (*begin)(void *arg, const struct multipart_part *part);
	enum err (*data)(void *arg, const void *p, size_t n);
	enum err (*end)(void *arg);
};

struct multipart_limits {
	uint64_t body; /* bytes of the whole body */
	size_t parts;
	size_t headers; /* bytes of one part's headers, at most 16 KiB */
};

/*
 * Reads the request's body. ERR_MEDIA_TYPE: not multipart/form-data.
 * ERR_INVALID: no boundary (or one over 70 characters, RFC 2046), malformed,
 * cut short, too many parts, or a name that is not UTF-8. ERR_TOO_LARGE: over a
 * limit. What follows the last boundary is read and ignored. Allocates 64 KiB
 * from the request's arena plus at most four times each part's headers, which
 * limits->parts and limits->headers bound.
 */
enum err multipart_read(struct http_request *r,
    const struct multipart_limits *limits,
    const struct multipart_handler *handler, struct why *why) MUST_CHECK;

#endif
