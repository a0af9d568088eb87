#include "config.h"

#include "http/parameters.h"

#include <string.h>
#include <strings.h>

static const char token[] =
    "!#$%&'*+-.^_`|~0123456789"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* The character that a browser's escape at s means, or 0. */
static char
browser_escape(const char *s)
{
	if (strncmp(s, "%22", 3) == 0)
		return '"';
	if (strncasecmp(s, "%0d", 3) == 0)
		return '\r';
	if (strncasecmp(s, "%0a", 3) == 0)
		return '\n';
	return '\0';
}

/* Whether the backslash at s escapes the next character. Browsers do not escape
 * a backslash, so one before the closing quote is a name's last character. */
static bool
escapes(const char *s, bool browser)
{
	if (!browser)
		return s[1] != '\0';
	if (s[1] == '"')
		return s[2 + strspn(s + 2, " \t")] != '\0';
	return s[1] == '\\';
}

/* Reads the quoted text that begins at *s. */
static const char *
quoted(struct arena *a, const char **s, bool browser)
{
	const char *in = *s + 1, *end;
	char *text, *out, c;

	for (end = in; *end != '"'; end++) {
		if (*end == '\0')
			return NULL;
		if (*end == '\\' && escapes(end, browser))
			end++;
	}
	text = out = arena_alloc(a, (size_t)(end - in) + 1);
	for (; in < end; in++) {
		if (*in == '\\' && escapes(in, browser)) {
			*out++ = *++in;
		} else if (browser && (c = browser_escape(in)) != '\0') {
			*out++ = c;
			in += 2;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
	*s = end + 1;
	return text;
}

/* Reads "name=value" at *s. */
static bool
one(struct arena *a, const char **s, bool browser, struct http_parameter *p)
{
	size_t n = strspn(*s, token);

	if (n == 0 || (*s)[n] != '=')
		return false;
	p->name = arena_strndup(a, *s, n);
	*s += n + 1;
	if (**s == '"') {
		p->value = quoted(a, s, browser);
		return p->value != NULL;
	}
	n = strspn(*s, token);
	p->value = arena_strndup(a, *s, n);
	*s += n;
	return n > 0;
}

int
http_parameters(struct arena *a, const char *s, bool browser,
    struct http_parameter *ret, size_t max)
{
	size_t n = 0;

	s += strcspn(s, ";");
	while (*s == ';') {
		s++;
		s += strspn(s, " \t");
		if (*s == ';' || *s == '\0')
			continue;
		if (n == max || !one(a, &s, browser, &ret[n]) ||
		    http_parameter(ret, (int)n, ret[n].name) != NULL)
			return -1;
		n++;
		s += strspn(s, " \t");
	}
	return *s == '\0' ? (int)n : -1;
}

const char *
http_parameter(const struct http_parameter *p, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcasecmp(p[i].name, name) == 0)
			return p[i].value;
	return NULL;
}
