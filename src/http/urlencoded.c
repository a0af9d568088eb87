#include "config.h"

#include "http/urlencoded.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"

char *
http_decode(struct arena *a, const char *s, size_t n, bool plus)
{
	char *text = arena_alloc(a, n + 1);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c;

		if (s[i] == '%') {
			if (n - i < 3 || !hex_parse_part(s + i + 1, &c, 1))
				return NULL;
			text[len++] = (char)c;
			i += 2;
		} else {
			text[len++] = plus && s[i] == '+' ? ' ' : s[i];
		}
	}
	text[len] = '\0';
	return text_utf8(text, len) ? text : NULL;
}

static size_t
count_pairs(const char *s)
{
	size_t n = 1;

	for (; (s = strchr(s, '&')) != NULL; s++)
		n++;
	return n;
}

bool
http_pairs(struct arena *a, const char *s, size_t max,
    const struct http_pair **ret, size_t *ret_n)
{
	struct http_pair *pairs;
	size_t room = count_pairs(s), n = 0;

	if (room > max)
		room = max;
	pairs = arena_array(a, room, sizeof(*pairs));
	while (*s != '\0') {
		size_t len = strcspn(s, "&");
		const char *equals = memchr(s, '=', len);
		size_t name = equals != NULL ? (size_t)(equals - s) : len;

		if (len > 0) {
			if (n == room)
				return false;
			pairs[n].name = http_decode(a, s, name, true);
			pairs[n].value = equals == NULL ?
			    "" :
			    http_decode(a, equals + 1, len - name - 1, true);
			if (pairs[n].name == NULL || pairs[n].value == NULL)
				return false;
			n++;
		}
		s += len;
		if (*s == '&')
			s++;
	}
	*ret = pairs;
	*ret_n = n;
	return true;
}

const char *
http_pair_value(const struct http_pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(pairs[i].name, name) == 0)
			return pairs[i].value;
	return NULL;
}
