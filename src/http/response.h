/*
 * The answer to a request. It is built completely before the status line is
 * sent; only long lists and files are streamed.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/buf.h"
#include "http/request.h"

struct http_response {
	struct http_request *req;
	int status;	    /* 200 until set */
	struct buf headers; /* complete lines */
	struct buf body;
	bool sent;	    /* the status line was sent */
	bool failed;	    /* the client closed the connection */
	bool from_start;    /* a file is sent from its first byte on */
	uint64_t body_sent; /* bytes */
};

/* The reason phrase of a status (RFC 9110, 15); "Status" if unknown. */
const char *http_status_text(int status);

/* body_cap: the maximum size of the built body in bytes. */
void http_response_init(struct http_response *resp, struct http_request *req,
    size_t body_cap);

/* Clears headers and body, for an error in the middle of building an answer.
 * Nothing must have been sent. */
void http_response_clear(struct http_response *resp);

/* Adds a header; the name is a literal. The value is cut at the first control
 * character, so it can never inject a line. */
void http_response_header(struct http_response *resp, const char *name,
    const char *fmt, ...) PRINTF(3, 4);

/* The same with a plain value. */
void http_response_text(struct http_response *resp, const char *name,
    const char *value);

/* Whether a header with that name was added. */
bool http_response_has(const struct http_response *resp, const char *name);

/* Set-Cookie with HttpOnly, SameSite=Lax, and over TLS Secure. max_age in
 * seconds; 0 deletes the cookie, a negative one makes it last until the browser
 * closes. path NULL: "/". Characters not allowed in a value are
 * percent-encoded. */
void http_response_cookie(struct http_response *resp, const char *name,
    const char *value, int64_t max_age, const char *path);

/* Content-Disposition (RFC 6266): attachment or inline, with filename and,
 * where the name is not plain ASCII, filename* (RFC 8187). Slashes, control
 * characters and those that change the reading direction become '_'. */
void http_response_disposition(struct http_response *resp, bool attachment,
    const char *filename);

/* Sends the status line, headers (with Content-Length unless it was set) and
 * body; no body for HEAD, 204 and 304. If the answer outgrew its buffer, sends
 * a 500 instead. */
void http_response_send(struct http_response *resp);

/* Sends the status line and headers now, without adding a Content-Length; send
 * the body with http_response_write(). */
void http_response_stream(struct http_response *resp);

/* Sends more of a streamed body, but not for HEAD; false: the client is gone. */
bool http_response_write(struct http_response *resp, const void *p, size_t n);

#endif
