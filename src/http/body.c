#include "config.h"

#include "http/body.h"

#include <string.h>

enum err
http_body_read(struct http_request *r, void *p, size_t n, size_t *ret_n,
    struct why *why)
{
	long got = 0;

	if (r->content_length >= 0) {
		uint64_t left = (uint64_t)r->content_length - r->body_read;

		if (n > left)
			n = (size_t)left;
	}
	if (n > 0 && !r->body_ended)
		got = r->io->read(r->io->arg, p, n);
	if (got < 0)
		return why_set(why, WHY_BODY_SLOW);
	AN((size_t)got <= n);
	r->body_read += (size_t)got;
	if (got == 0 && r->content_length >= 0 &&
	    r->body_read < (uint64_t)r->content_length)
		return why_set(why, WHY_BODY_CUT_OFF);
	if (got == 0 ||
	    (r->content_length >= 0 &&
		r->body_read == (uint64_t)r->content_length))
		r->body_ended = true;
	*ret_n = (size_t)got;
	return ERR_OK;
}

static enum err
too_large(size_t limit, struct why *why)
{
	return why_with(why, WHY_BODY_TOO_LARGE, .most = (int64_t)limit);
}

enum err
http_body(struct http_request *r, size_t limit, const char **ret, size_t *ret_n,
    struct why *why)
{
	size_t size = 4096, n = 0, got;
	char *body;
	enum err e;

	if (r->content_length >= 0 && (uint64_t)r->content_length > limit)
		return too_large(limit, why);
	body = arena_alloc(r->arena, size);
	for (;;) {
		if (n == size - 1) {
			char *larger = arena_alloc(r->arena, size * 2);

			memcpy(larger, body, n);
			body = larger;
			size *= 2;
		}
		e = http_body_read(r, body + n, size - 1 - n, &got, why);
		if (e != ERR_OK)
			return e;
		if (got == 0)
			break;
		n += got;
		if (n > limit)
			return too_large(limit, why);
	}
	body[n] = '\0';
	*ret = body;
	*ret_n = n;
	return ERR_OK;
}

enum err
http_form(struct http_request *r, size_t limit, const struct http_pair **ret,
    size_t *ret_n, struct why *why)
{
	const char *body;
	size_t n;
	enum err e;

	if (!http_content_is(r, "application/x-www-form-urlencoded"))
		return why_set(why, WHY_BODY_NOT_FORM);
	if ((e = http_body(r, limit, &body, &n, why)) != ERR_OK)
		return e;
	if (memchr(body, '\0', n) != NULL ||
	    !http_pairs(r->arena, body, HTTP_MAX_FIELDS, ret, ret_n))
		return why_set(why, WHY_FORM_MALFORMED);
	return ERR_OK;
}
