/* Decides by the Accept header whether a client prefers HTML or JSON. */
#include "config.h"

#include "http/accept.h"

#include <string.h>
#include <strings.h>

/* What the list says about one media type so far. */
struct wish {
	int weight;    /* q in thousandths; 0: not wanted */
	int closeness; /* 3 the type itself, 2 type/ *, 1 all; 0: not named */
	unsigned place;
};

/* q in thousandths (RFC 9110, 12.4.2); a malformed q counts as 1. */
static int
parse_weight(const char *s, size_t n)
{
	int v, scale = 100;

	if (n == 0 || (s[0] != '0' && s[0] != '1'))
		return 1000;
	v = (s[0] - '0') * 1000;
	if (n == 1 || s[1] != '.')
		return v;
	for (size_t i = 2; i < n && i < 5; i++, scale /= 10) {
		if (s[i] < '0' || s[i] > '9')
			break;
		v += (s[i] - '0') * scale;
	}
	return v > 1000 ? 1000 : v;
}

/* The q among the parameters that follow a media range. */
static int
weight_of(const char *s, size_t n)
{
	const char *end = s + n;

	while ((s = memchr(s, ';', (size_t)(end - s))) != NULL) {
		s++;
		while (s < end && (*s == ' ' || *s == '\t'))
			s++;
		if (end - s >= 2 && (*s == 'q' || *s == 'Q') && s[1] == '=')
			return parse_weight(s + 2, (size_t)(end - s) - 2);
	}
	return 1000;
}

static void
consider(struct wish *w, int closeness, int weight, unsigned place)
{
	if (closeness <= w->closeness)
		return;
	w->closeness = closeness;
	w->weight = weight;
	w->place = place;
}

static bool
is(const char *s, size_t n, const char *type)
{
	return n == strlen(type) && strncasecmp(s, type, n) == 0;
}

static void
consider_range(struct wish *html, struct wish *json, const char *s, size_t n,
    unsigned place)
{
	size_t type = strcspn(s, ";, \t");
	int weight = weight_of(s, n);

	if (is(s, type, "*/*")) {
		consider(html, 1, weight, place);
		consider(json, 1, weight, place);
	} else if (is(s, type, "text/*")) {
		consider(html, 2, weight, place);
	} else if (is(s, type, "application/*")) {
		consider(json, 2, weight, place);
	} else if (is(s, type, "text/html")) {
		consider(html, 3, weight, place);
	} else if (is(s, type, "application/json") ||
	    (type > 5 && strncasecmp(s + type - 5, "+json", 5) == 0)) {
		consider(json, 3, weight, place);
	}
}

bool
http_wants_html(const struct http_request *r)
{
	struct wish html = { 0 }, json = { 0 };
	const char *s = http_header(r, "Accept");
	unsigned place = 0;

	if (s == NULL)
		return false;
	while (*s != '\0') {
		size_t n;

		s += strspn(s, " \t,");
		n = strcspn(s, ",");
		consider_range(&html, &json, s, n, place++);
		s += n;
	}
	if (html.weight != json.weight)
		return html.weight > json.weight;
	return html.weight > 0 && html.place < json.place;
}
