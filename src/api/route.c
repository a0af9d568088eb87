#include "config.h"

#include "api/route.h"

#include <string.h>

#include "api/handlers.h"
#include "model/user.h"

#define KB(n) ((size_t)(n)*1024)

const struct route routes[] = {
/* clang-format off */
#define R(method, pattern, credentials, scope, dialect, body, flags, handler) \
	{ HTTP_##method, pattern, credentials, scope, dialect, body, flags, \
	    handler },
/* clang-format on */
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

/* Whether the pattern's next segment equals `segment`; moves past what is
 * equal. */
static bool
skip(const char **pattern, const char *segment)
{
	const char *p = *pattern;

	for (; *segment != '\0' && *segment != '/' && *p == *segment; p++)
		segment++;
	*pattern = p;
	return *segment == '\0' && (*p == '/' || *p == '\0');
}

/* The number of segments of each pattern, counted once: comparing it rules out
 * most routes cheaply. */
static const unsigned char *
depths(void)
{
	static unsigned char n[sizeof(routes) / sizeof(routes[0])];

	if (n[0] == 0)
		for (size_t i = 0; routes[i].pattern != NULL; i++)
			for (const char *s = routes[i].pattern; *s != '\0'; s++)
				n[i] += *s == '/';
	return n;
}

/* Whether the request's path matches the pattern; sets args. */
static bool
fits(const char *pattern, const struct http_request *r,
    const char *args[ROUTE_ARGS])
{
	size_t nargs = 0, i = 0;

	for (; *pattern == '/' && i < r->nsegments; i++) {
		if (*++pattern == ':') {
			if (r->segments[i][0] == '\0')
				return false;
			AN(nargs < ROUTE_ARGS);
			args[nargs++] = r->segments[i];
			pattern += strcspn(pattern, "/");
		} else if (!skip(&pattern, r->segments[i])) {
			return false;
		}
	}
	return *pattern == '\0' && i == r->nsegments;
}

enum err
route_find(const struct http_request *r, const struct route **ret,
    const char *args[ROUTE_ARGS], unsigned *ret_allow)
{
	enum http_method want = r->method == HTTP_HEAD ? HTTP_GET : r->method;
	const char *found[ROUTE_ARGS] = { NULL };
	const unsigned char *depth = depths();

	*ret_allow = 0;
	*ret = NULL;
	for (const struct route *i = routes; i->pattern != NULL; i++) {
		if (depth[i - routes] != r->nsegments ||
		    !fits(i->pattern, r, found))
			continue;
		if (*ret == NULL)
			*ret = i;
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
