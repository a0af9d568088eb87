/* Identifiers: UUIDs, and bytes as text. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_BYTES 16
#define UUID_TEXT 37

struct uuid {
	unsigned char b[UUID_BYTES];
};

/* A random UUID (version 4, RFC 9562): 122 random bits. */
struct uuid uuid_random(void);

/* Whether all its bytes are zero, as those of an SQL NULL. */
bool uuid_is_nil(const struct uuid *u);

bool uuid_equal(const struct uuid *u, const struct uuid *v);

/* Lower-case canonical text. */
void uuid_format(const struct uuid *u, char text[UUID_TEXT]);

/* Reads the canonical form, any case; false: it is none. */
bool uuid_from_text(const char *text, struct uuid *ret);

/* Reads n bytes of lower- or upper-case hex; false unless text is exactly
 * 2n digits. */
bool hex_parse(const char *text, unsigned char *ret, size_t n);

/* Lower-case hex of n bytes; text takes 2n + 1. */
void hex_format(const unsigned char *p, size_t n, char *text);

/* A positive decimal integer up to max with no sign, space or leading zero;
 * false: it is none. Ids in paths and numbers in queries are read by this. */
bool decimal_parse(const char *text, uint64_t max, uint64_t *ret);

#endif
