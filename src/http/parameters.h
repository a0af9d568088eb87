/* Parses "value; name=text; name=\"text\"", as in Content-Type and
 * Content-Disposition. Used by src/http only. */
#ifndef HTTP_PARAMETERS_H
#define HTTP_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct http_parameter {
	const char *name; /* as written */
	const char *value;
};

/*
 * Reads the parameters after the value and returns their number, or -1 if they
 * are malformed, more than max, or one name is a duplicate. browser: a quoted
 * text is encoded as browsers do for form fields (HTML, 4.10.22.8): %22, %0D
 * and
 * %0A mean a quote, CR and LF, and a backslash means itself unless a quote or
 * another backslash follows it. Otherwise it is a quoted-string of RFC 9110.
 */
int http_parameters(struct arena *a, const char *s, bool browser,
    struct http_parameter *ret, size_t max);

/* The value of a name (any case), or NULL. */
const char *http_parameter(const struct http_parameter *p, int n,
    const char *name);

#endif
