#include "config.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* The length of a UTF-8 sequence by its first byte, and the lowest code point
 * it may encode; 0: not a valid first byte. */
static size_t
sequence(unsigned char c, uint32_t *least, uint32_t *bits)
{
	if (c < 0x80) {
		*least = 0;
		*bits = c;
		return 1;
	}
	if (c >= 0xc2 && c <= 0xdf) {
		*least = 0x80;
		*bits = c & 0x1f;
		return 2;
	}
	if (c >= 0xe0 && c <= 0xef) {
		*least = 0x800;
		*bits = c & 0x0f;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		*least = 0x10000;
		*bits = c & 0x07;
		return 4;
	}
	return 0;
}

bool
text_utf8(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	const unsigned char *end = p + n;

	while (p < end) {
		uint32_t least, c;
		size_t len = sequence(*p, &least, &c);

		if (len == 0 || len > (size_t)(end - p) || *p == '\0')
			return false;
		for (size_t i = 1; i < len; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return false;
			c = c << 6 | (p[i] & 0x3f);
		}
		if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
		p += len;
	}
	return true;
}

size_t
text_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		if (((unsigned char)*s & 0xc0) != 0x80)
			n++;
	return n;
}

bool
text_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

bool
text_has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (text_is_control(*s))
			return true;
	return false;
}

bool
text_lines_have_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (text_is_control(*s) && strchr("\t\r\n", *s) == NULL)
			return true;
	return false;
}

bool
text_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

const char *
text_extension(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && dot != name ? dot + 1 : "";
}
