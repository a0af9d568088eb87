/* Identifiers: UUIDs, and bytes as text. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define UUID_BYTES 16
#define UUID_TEXT 37

struct uuid {
	unsigned char b[UUID_BYTES];
};

/* A random UUID (version 4, RFC 9562): 122 random bits. */
struct uuid uuid_random(void);

/* Whether all its bytes are zero, which is how an SQL NULL is read. */
bool uuid_is_nil(const struct uuid *u);

bool uuid_equal(const struct uuid *u, const struct uuid *v);

/* Lower-case canonical text. */
void uuid_format(const struct uuid *u, char text[UUID_TEXT]);

/* Parses the canonical form, any case. False if it is not a UUID. */
bool uuid_from_text(const char *text, struct uuid *ret);

/* Parses n bytes of lower- or upper-case hex. False unless text is exactly
 * 2n digits. */
bool hex_parse(const char *text, unsigned char *ret, size_t n);

/* The same for the 2n characters from p on, whatever follows them. */
bool hex_parse_part(const char *p, unsigned char *ret, size_t n);

/* Writes n bytes as lower-case hex; text must have room for 2n + 1. */
void hex_format(const unsigned char *p, size_t n, char *text);

/* Parses a positive decimal integer up to max, without sign, space or leading
 * zero: ids in paths, numbers in queries. False for anything else. */
bool decimal_parse(const char *text, uint64_t max, uint64_t *ret);

/* Where a page of a list begins: the id after which it goes on, downwards.
 * NULL is the first page, INT64_MAX. ERR_INVALID: not a cursor. */
enum err cursor_parse(const char *text, uint64_t *ret,
    struct why *why) MUST_CHECK;

#endif
