#include "config.h"

#include "api/route.h"

#include <string.h>

#include "api/handlers.h"
#include "model/user.h"

#define KB(n) ((size_t)(n) * 1024)

const struct route routes[] = {
#define R(method, pattern, credentials, scope, dialect, body, flags, handler) \
	{ HTTP_##method, pattern, credentials, scope, dialect, body, flags, \
	    handler },
#define V1(method, path, ...) \
	R(method, "/api/v1" path, __VA_ARGS__) \
	R(method, "/api" path, __VA_ARGS__)
#define API(method, path, ...) \
	R(method, path, __VA_ARGS__) R(method, "/api" path, __VA_ARGS__)
#include "api/routes.def"
#undef API
#undef V1
#undef R
	{ 0, NULL, 0, 0, 0, 0, 0, NULL },
};

/* Whether the request's segments fit the pattern, one by one. */
static bool
fits(const char *pattern, const struct http_request *r,
    const char *args[ROUTE_ARGS])
{
	size_t nargs = 0, i = 0;

	for (; *pattern == '/' && i < r->nsegments; i++) {
		size_t n = strcspn(++pattern, "/");
		const char *segment = r->segments[i];

		if (*pattern == ':') {
			if (segment[0] == '\0')
				return false;
			AN(nargs < ROUTE_ARGS);
			args[nargs++] = segment;
		} else if (strlen(segment) != n ||
		    memcmp(segment, pattern, n) != 0) {
			return false;
		}
		pattern += n;
	}
	return *pattern == '\0' && i == r->nsegments;
}

enum err
route_find(const struct http_request *r, const struct route **ret,
    const char *args[ROUTE_ARGS], unsigned *ret_allow)
{
	enum http_method want = r->method == HTTP_HEAD ? HTTP_GET : r->method;
	const char *found[ROUTE_ARGS] = { NULL };

	*ret_allow = 0;
	for (const struct route *i = routes; i->pattern != NULL; i++) {
		if (!fits(i->pattern, r, found))
			continue;
		*ret_allow |= i->method;
		if (i->method == HTTP_GET)
			*ret_allow |= HTTP_HEAD;
		if (i->method != want)
			continue;
		memcpy(args, found, sizeof(found));
		*ret = i;
		return ERR_OK;
	}
	return *ret_allow != 0 ? ERR_METHOD : ERR_NOT_FOUND;
}
