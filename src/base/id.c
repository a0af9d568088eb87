#include "config.h"

#include "base/id.h"

#include <string.h>
#include <uuid/uuid.h>

#include "base/sec.h"

struct uuid
uuid_random(void)
{
	struct uuid u;

	sec_random(u.b, sizeof(u.b));
	u.b[6] = (unsigned char)((u.b[6] & 0x0f) | 0x40); /* version 4 */
	u.b[8] = (unsigned char)((u.b[8] & 0x3f) | 0x80); /* variant */
	return u;
}

bool
uuid_equal(const struct uuid *u, const struct uuid *v)
{
	return memcmp(u->b, v->b, UUID_BYTES) == 0;
}

bool
uuid_is_nil(const struct uuid *u)
{
	static const struct uuid nil;

	return uuid_equal(u, &nil);
}

void
uuid_format(const struct uuid *u, char text[UUID_TEXT])
{
	/* The number of bytes between the dashes. uuid_unparse_lower() takes
	 * four times as long, and one answer can hold hundreds of ids. */
	static const unsigned char groups[] = { 4, 2, 2, 2, 6 };
	const unsigned char *p = u->b;

	for (size_t i = 0; i < sizeof(groups); i++) {
		hex_format(p, groups[i], text);
		p += groups[i];
		text += 2 * groups[i];
		*text++ = '-';
	}
	text[-1] = '\0';
}

bool
uuid_from_text(const char *text, struct uuid *ret)
{
	/* uuid_parse() accepts only the 36-character form. */
	return strlen(text) == UUID_TEXT - 1 && uuid_parse(text, ret->b) == 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
hex_parse(const char *text, unsigned char *ret, size_t n)
{
	if (strlen(text) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(text[2 * i]);
		int lo = hex_digit(text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		ret[i] = (unsigned char)(hi << 4 | lo);
	}
	return true;
}

void
hex_format(const unsigned char *p, size_t n, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	text[2 * n] = '\0';
}

bool
decimal_parse(const char *text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;

	if (*text < '1' || *text > '9')
		return false;
	for (; *text != '\0'; text++) {
		uint64_t d;

		if (*text < '0' || *text > '9')
			return false;
		d = (uint64_t)(*text - '0');
		if (d > max || v > (max - d) / 10)
			return false;
		v = v * 10 + d;
	}
	*ret = v;
	return true;
}

enum err
cursor_parse(const char *text, uint64_t *ret, struct why *why)
{
	*ret = INT64_MAX;
	if (text != NULL && !decimal_parse(text, INT64_MAX, ret))
		return why_set(why, WHY_BAD_CURSOR);
	return ERR_OK;
}
