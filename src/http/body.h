/* The body of a request, read as a whole or as it comes. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/request.h"

/* The whole body, at most `limit` bytes; ERR_TOO_LARGE beyond it,
 * ERR_INVALID when it is cut short. NUL-terminated behind its n bytes. Memory
 * grows as bytes come, up to three times the body. */
enum err http_body(struct http_request *r, size_t limit, const char **ret,
    size_t *ret_n, struct why *why) MUST_CHECK;

/* Up to n bytes of the body as they come, 0 at the end. ERR_INVALID: cut
 * short (fewer than content_length) or the client is too slow. */
enum err http_body_read(struct http_request *r, void *p, size_t n,
    size_t *ret_n, struct why *why) MUST_CHECK;

/* Reads a body of type application/x-www-form-urlencoded (any other:
 * ERR_MEDIA_TYPE); at most `limit` bytes and HTTP_MAX_FIELDS pairs. */
enum err http_form(struct http_request *r, size_t limit,
    const struct http_pair **ret, size_t *ret_n, struct why *why) MUST_CHECK;

#endif
