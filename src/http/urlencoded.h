/* Percent-encoding and name=value pairs. */
#ifndef HTTP_URLENCODED_H
#define HTTP_URLENCODED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct http_pair {
	const char *name;
	const char *value;
};

/* Decodes n bytes at s; plus: '+' means a space. NULL if it has a bad %XX or a
 * NUL or is not UTF-8. */
char *http_decode(struct arena *a, const char *s, size_t n, bool plus);

/* Splits and decodes "a=b&c=d", skipping empty pairs. False if one does not
 * decode or there are more than max. */
bool http_pairs(struct arena *a, const char *s, size_t max,
    const struct http_pair **ret, size_t *ret_n);

/* The value of the first pair of that name, or NULL. */
const char *http_pair_value(const struct http_pair *pairs, size_t n,
    const char *name);

#endif
