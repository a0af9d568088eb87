/* Reads the body of a request, as a whole or as it arrives. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/request.h"

/* Reads the whole body into the arena, NUL-terminated after its n bytes.
 * ERR_TOO_LARGE: over `limit` bytes; ERR_INVALID: cut short. Memory is
 * allocated as bytes arrive, up to three times the body. */
enum err http_body(struct http_request *r, size_t limit, const char **ret,
    size_t *ret_n, struct why *why) MUST_CHECK;

/* Reads up to n bytes of the body as they arrive; 0 at its end. ERR_INVALID:
 * cut short (fewer than content_length) or the client is too slow. */
enum err http_body_read(struct http_request *r, void *p, size_t n,
    size_t *ret_n, struct why *why) MUST_CHECK;

/* Reads a body of type application/x-www-form-urlencoded, at most `limit` bytes
 * and HTTP_MAX_FIELDS pairs. ERR_MEDIA_TYPE: of another type. */
enum err http_form(struct http_request *r, size_t limit,
    const struct http_pair **ret, size_t *ret_n, struct why *why) MUST_CHECK;

#endif
