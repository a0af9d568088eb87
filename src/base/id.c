#include "config.h"

#include "base/id.h"

#include <sodium.h>
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
	uuid_unparse_lower(u->b, text);
}

bool
uuid_from_text(const char *text, struct uuid *ret)
{
	/* uuid_parse() accepts only the 36-character form. */
	return strlen(text) == UUID_TEXT - 1 && uuid_parse(text, ret->b) == 0;
}

bool
hex_parse(const char *text, unsigned char *ret, size_t n)
{
	return strlen(text) == 2 * n && hex_parse_part(text, ret, n);
}

bool
hex_parse_part(const char *p, unsigned char *ret, size_t n)
{
	return sodium_hex2bin(ret, n, p, 2 * n, NULL, NULL, NULL) == 0;
}

void
hex_format(const unsigned char *p, size_t n, char *text)
{
	sodium_bin2hex(text, 2 * n + 1, p, n);
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
