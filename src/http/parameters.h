/* "value; name=text; name=\"text\"", as in Content-Type and
 * Content-Disposition; only src/http uses it. */
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
 * Reads the parameters behind the value, at most max of them. browser: quoted
 * text is what browsers make of form fields (HTML, 4.10.22.8): %22, %0D and
 * %0A stand for a quote, CR and LF, and a backslash for itself unless a quote
 * or another backslash follows it. Else it is a quoted-string of RFC 9110.
 * -1: malformed, one name twice, or too many.
 */
int http_parameters(struct arena *a, const char *s, bool browser,
    struct http_parameter *ret, size_t max);

/* The value of a name, in any case; NULL if it is not there. */
const char *http_parameter(const struct http_parameter *p, int n,
    const char *name);

#endif
