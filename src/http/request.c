#include "config.h"

#include "http/request.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/id.h"
#include "base/sec.h"
#include "base/text.h"

static const char *
param(const struct http_request *r, const char *name)
{
	return r->io->param(r->io->arg, name);
}

static enum http_method
method_of(const char *name)
{
	static const char *const names[] = { "GET", "HEAD", "POST", "PUT",
		"PATCH", "DELETE", "OPTIONS" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return (enum http_method)(1 << i);
	return HTTP_OTHER;
}

/* -1 if it is missing, empty or not a number: the body is read to its end. */
static int64_t
length_of(const char *text)
{
	uint64_t v = 0;

	if (text == NULL || *text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || v > INT64_MAX / 10 - 1)
			return -1;
		v = v * 10 + (uint64_t)(*text - '0');
	}
	return (int64_t)v;
}

static bool
is_https(const struct http_request *r)
{
	const char *v = param(r, "HTTPS");

	if (v != NULL && (strcasecmp(v, "on") == 0 || strcmp(v, "1") == 0))
		return true;
	v = param(r, "REQUEST_SCHEME");
	return v != NULL && strcasecmp(v, "https") == 0;
}

/* Whether the decoded path has a segment "." or "..", where an encoded slash
 * separates segments, too. */
static bool
has_dots(const char *path)
{
	while (*path == '/') {
		size_t n = strcspn(++path, "/");

		if (n <= 2 && strspn(path, ".") == n && n > 0)
			return true;
		path += n;
	}
	return false;
}

/* Copies the text with its NUL; returns the NUL's position. */
static char *
append(char *end, const char *text)
{
	size_t n = strlen(text);

	memcpy(end, text, n + 1);
	return end + n;
}

static bool
split_path(struct http_request *r)
{
	const char *segments[HTTP_MAX_SEGMENTS], *s = r->target;
	char *path = arena_alloc(r->arena, strlen(s) + 1), *end = path;
	size_t n = 0;

	if (*s != '/' || strchr(s, '#') != NULL)
		return false;
	while (*s == '/') {
		size_t len = strcspn(++s, "/");

		if (n == HTTP_MAX_SEGMENTS)
			return false;
		segments[n] = http_decode(r->arena, s, len, false);
		if (segments[n] == NULL || text_has_control(segments[n]))
			return false;
		*end++ = '/';
		end = append(end, segments[n++]);
		s += len;
	}
	if (has_dots(path))
		return false;
	r->path = path;
	r->nsegments = n;
	r->segments = arena_memdup(r->arena, segments, n * sizeof(*segments));
	return true;
}

static void
parse_target(struct http_request *r, const char *uri)
{
	size_t n = strcspn(uri, "?");

	r->query = uri[n] == '?' ? uri + n + 1 : "";
	r->target = arena_strndup(r->arena, uri, n);
	if (n > HTTP_MAX_TARGET || strlen(r->query) > HTTP_MAX_QUERY ||
	    !http_pairs(r->arena, r->query, HTTP_MAX_PAIRS, &r->pairs,
		&r->npairs))
		return;
	if (!split_path(r))
		r->path = NULL;
}

void
http_request_init(struct http_request *r, struct arena *a,
    const struct http_io *io)
{
	unsigned char id[16];
	const char *v;

	memset(r, 0, sizeof(*r));
	r->arena = a;
	r->io = io;
	sec_random(id, sizeof(id));
	hex_format(id, sizeof(id), r->id);
	v = param(r, "REQUEST_METHOD");
	r->method_name = v != NULL ? v : "";
	r->method = method_of(r->method_name);
	v = param(r, "REMOTE_ADDR");
	r->address = v != NULL ? v : "";
	r->https = is_https(r);
	r->content_length = length_of(param(r, "CONTENT_LENGTH"));
	v = param(r, "REQUEST_URI");
	parse_target(r, v != NULL ? v : "");
}

const char *
http_header(const struct http_request *r, const char *name)
{
	char variable[80] = "HTTP_";
	size_t n = strlen("HTTP_");
	const char *v;

	/* nginx passes these two as empty when the client sent none. */
	if (strcasecmp(name, "Content-Type") == 0 ||
	    strcasecmp(name, "Content-Length") == 0) {
		v = param(r,
		    strcasecmp(name, "Content-Type") == 0 ? "CONTENT_TYPE" :
							    "CONTENT_LENGTH");
		return v != NULL && *v != '\0' ? v : NULL;
	}
	AN(strlen(name) < sizeof(variable) - n);
	for (; *name != '\0'; name++)
		variable[n++] =
		    *name == '-' ? '_' : (char)toupper((unsigned char)*name);
	variable[n] = '\0';
	return param(r, variable);
}

const char *
http_cookie(const struct http_request *r, const char *name)
{
	const char *s = http_header(r, "Cookie");
	size_t n = strlen(name);

	while (s != NULL && *s != '\0') {
		size_t len;

		s += strspn(s, " \t;");
		len = strcspn(s, ";");
		if (len > n && s[n] == '=' && strncmp(s, name, n) == 0) {
			s += n + 1;
			len -= n + 1;
			while (len > 0 &&
			    (s[len - 1] == ' ' || s[len - 1] == '\t'))
				len--;
			if (len >= 2 && s[0] == '"' && s[len - 1] == '"') {
				s++;
				len -= 2;
			}
			return arena_strndup(r->arena, s, len);
		}
		s += len;
	}
	return NULL;
}

const char *
http_query(const struct http_request *r, const char *name)
{
	return http_pair_value(r->pairs, r->npairs, name);
}

bool
http_content_is(const struct http_request *r, const char *type)
{
	const char *v = http_header(r, "Content-Type"), *star;
	size_t n, tail;

	if (v == NULL)
		return false;
	v += strspn(v, " \t");
	n = strcspn(v, "; \t");
	star = strchr(type, '*');
	if (star == NULL)
		return n == strlen(type) && strncasecmp(v, type, n) == 0;
	tail = strlen(star + 1);
	return n > (size_t)(star - type) + tail &&
	    strncasecmp(v, type, (size_t)(star - type)) == 0 &&
	    strncasecmp(v + n - tail, star + 1, tail) == 0;
}
