#include "config.h"

#include "http/conditions.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"

void
http_validator_of(struct http_validator *v, uint64_t size,
    struct timespec mtime)
{
	snprintf(v->etag, sizeof(v->etag), "\"%llx-%llx\"",
	    (unsigned long long)mtime.tv_sec, (unsigned long long)size);
	v->mtime = (int64_t)mtime.tv_sec * CLOCK_SECOND;
	v->size = size;
}

/* Whether the list is "*" or contains the tag. The list's weak tags match only
 * in a weak comparison. */
static bool
lists_etag(const char *list, const char *etag, bool weakly)
{
	list += strspn(list, " \t");
	if (*list == '*')
		return true;
	while (*list != '\0') {
		bool weak;
		size_t n;

		list += strspn(list, " \t,");
		weak = strncmp(list, "W/", 2) == 0;
		if (weak)
			list += 2;
		if (*list != '"')
			return false;
		n = strcspn(list + 1, "\"") + 2;
		if (list[n - 1] == '\0')
			return false;
		if (n == strlen(etag) && strncmp(list, etag, n) == 0 &&
		    (weakly || !weak))
			return true;
		list += n;
	}
	return false;
}

static bool
date_of(const struct http_request *r, const char *name, int64_t *ret)
{
	const char *s = http_header(r, name);

	return s != NULL && clock_parse_http(s, ret);
}

/* RFC 9110, 13.2.2, in its order; 200 if all conditions hold. */
static int
preconditions(const struct http_request *r, const struct http_validator *v)
{
	const char *tags;
	int64_t date;

	if ((tags = http_header(r, "If-Match")) != NULL) {
		if (!lists_etag(tags, v->etag, false))
			return 412;
	} else if (date_of(r, "If-Unmodified-Since", &date) &&
	    v->mtime > date) {
		return 412;
	}
	if ((tags = http_header(r, "If-None-Match")) != NULL)
		return lists_etag(tags, v->etag, true) ? 304 : 200;
	if (date_of(r, "If-Modified-Since", &date) && v->mtime <= date)
		return 304;
	return 200;
}

/* Whether the range applies: If-Range, if given, must name this very file. A
 * weak tag never matches. */
static bool
range_applies(const struct http_request *r, const struct http_validator *v)
{
	const char *s = http_header(r, "If-Range");
	int64_t date;

	if (s == NULL)
		return true;
	if (*s == '"')
		return strcmp(s, v->etag) == 0;
	return clock_parse_http(s, &date) && date == v->mtime;
}

/* Reads a number at *s; false if there is none or it is too large. */
static bool
number(const char **s, uint64_t *ret)
{
	uint64_t v = 0;

	if (**s < '0' || **s > '9')
		return false;
	for (; **s >= '0' && **s <= '9'; (*s)++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(**s - '0'), &v))
			return false;
	*ret = v;
	return true;
}

/* Reads one range at *s into the span; length 0 if it lies outside the file. */
static bool
one_range(const char **s, uint64_t size, struct http_span *span)
{
	uint64_t first, last;

	*s += strspn(*s, " \t");
	if (**s == '-') {
		(*s)++;
		if (!number(s, &last))
			return false;
		span->length = last < size ? last : size;
		span->start = size - span->length;
	} else {
		if (!number(s, &first) || *(*s)++ != '-')
			return false;
		if (**s < '0' || **s > '9')
			last = UINT64_MAX;
		else if (!number(s, &last) || last < first)
			return false;
		span->start = first;
		if (size == 0 || last > size - 1)
			last = size - 1;
		span->length = first < size ? last - first + 1 : 0;
	}
	*s += strspn(*s, " \t");
	return true;
}

static int
ranges(const char *s, uint64_t size, struct http_span *span)
{
	struct http_span one;
	size_t found = 0;

	for (;;) {
		if (!one_range(&s, size, &one))
			return 416;
		if (one.length > 0 && found++ == 0)
			*span = one;
		if (*s == '\0')
			break;
		if (*s++ != ',')
			return 416;
	}
	if (found == 0)
		return 416;
	return found == 1 ? 206 : 200;
}

int
http_conditions(const struct http_request *r, const struct http_validator *v,
    struct http_span *span)
{
	const struct http_span whole = { 0, v->size };
	const char *range = http_header(r, "Range");
	int status = preconditions(r, v);

	*span = whole;
	if (status != 200 || r->method != HTTP_GET || range == NULL ||
	    strncasecmp(range, "bytes=", 6) != 0 || !range_applies(r, v))
		return status;
	status = ranges(range + 6, v->size, span);
	if (status != 206)
		*span = whole;
	return status;
}
