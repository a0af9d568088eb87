/* Conditional requests and ranges (RFC 9110, 13 and 14) against one file. */
#ifndef HTTP_CONDITIONS_H
#define HTTP_CONDITIONS_H

#include <sys/stat.h>

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

/* The validator that nginx makes of the same file. */
void http_validator_of(struct http_validator *v, const struct stat *st);

/*
 * What the request's conditions and range come to: 200 (span is the whole),
 * 206 (span is the part), 304, 412 or 416. A range counts for GET alone. One
 * satisfiable range is served; of several only the whole is. A range of bytes
 * that does not parse is 416, as nginx has it.
 */
int http_conditions(const struct http_request *r,
    const struct http_validator *v, struct http_span *span);

#endif
