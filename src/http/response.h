/*
 * The answer: built whole before its status line is sent; long lists and
 * files stream once they have begun.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/buf.h"
#include "http/request.h"

struct http_response {
	struct http_request *req;
	int status;	    /* 200 until set */
	struct buf headers; /* whole lines */
	struct buf body;
	bool sent;	    /* the status line is out */
	bool failed;	    /* the client went away meanwhile */
	bool from_start;    /* a file goes out, with its first byte */
	uint64_t body_sent; /* bytes */
};

/* The reason phrase of a status (RFC 9110, 15), "Status" for an unknown one. */
const char *http_status_text(int status);

/* body_cap: the most bytes that the built body may take. */
void http_response_init(struct http_response *resp, struct http_request *req,
    size_t body_cap);

/* Forgets headers and body, for an error after a half-built answer; nothing
 * may be sent yet. */
void http_response_clear(struct http_response *resp);

/* Adds a header; its name is a literal. The value is cut at the first control
 * character (no CR or LF ever gets through). */
void http_response_header(struct http_response *resp, const char *name,
    const char *fmt, ...) PRINTF(3, 4);

/* The same with a value that is no format. */
void http_response_text(struct http_response *resp, const char *name,
    const char *value);

/* Whether a header of that name was added. */
bool http_response_has(const struct http_response *resp, const char *name);

/* Set-Cookie with HttpOnly, SameSite=Lax, and Secure behind TLS. max_age in
 * seconds; 0 deletes it, a negative one ends with the browser. path NULL: "/".
 * What a cookie's value may not hold is percent-encoded. */
void http_response_cookie(struct http_response *resp, const char *name,
    const char *value, int64_t max_age, const char *path);

/* Content-Disposition (RFC 6266): attachment or inline, with filename and,
 * where the name is not plain ASCII, filename* (RFC 8187). Slashes, control
 * characters and those that turn the reading direction become '_'. */
void http_response_disposition(struct http_response *resp, bool attachment,
    const char *filename);

/* Sends status line, headers (Content-Length too, unless it was set) and body.
 * For HEAD the body stays out. 204 and 304 have none. An answer that outgrew
 * its buffer goes out as a 500. */
void http_response_send(struct http_response *resp);

/* Sends the status line and headers now (no Content-Length unless it was set);
 * the rest goes through http_response_write(). */
void http_response_stream(struct http_response *resp);

/* More of a streamed body; false: the client is gone. Nothing for HEAD. */
bool http_response_write(struct http_response *resp, const void *p, size_t n);

#endif
