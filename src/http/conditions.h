/* Conditional requests and ranges (RFC 9110, 13 and 14) against one file. */
#ifndef HTTP_CONDITIONS_H
#define HTTP_CONDITIONS_H

#include <time.h>

#include "http/request.h"

struct http_validator {
	char etag[48]; /* with its quotes */
	int64_t mtime; /* ms, whole seconds */
	uint64_t size;
};

struct http_span {
	uint64_t start;
	uint64_t length;
};

/* The same validator that nginx gives the file. */
void http_validator_of(struct http_validator *v, uint64_t size,
    struct timespec mtime);

/*
 * Evaluates the request's conditions and range. Returns 200 (span is the whole
 * file), 206 (span is the range), 304, 412 or 416. Ranges count for GET only. A
 * request for several ranges gets the whole file. A byte range that does not
 * parse is 416, as with nginx.
 */
int http_conditions(const struct http_request *r,
    const struct http_validator *v, struct http_span *span);

#endif
