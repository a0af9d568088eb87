/* Checks of texts that several layers need. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether n bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing
 * overlong, at most U+10FFFF) without a NUL. */
bool text_utf8(const char *s, size_t n);

/* The number of code points of valid UTF-8. */
size_t text_length(const char *s);

/* Whether s has a control character (C0 or DEL). */
bool text_has_control(const char *s);

/* The same for a text of several lines: tabs and line ends do not count. */
bool text_lines_have_control(const char *s);

/* Whether it is a control character (C0 or DEL). */
bool text_is_control(char c);

/* Whether s begins with the other string. */
bool text_starts(const char *s, const char *prefix);

/* The part after the last dot, or "". A leading dot does not count. */
const char *text_extension(const char *name);

#endif
