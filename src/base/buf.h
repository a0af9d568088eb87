/*
 * A growing byte buffer with a hard cap and a sticky error: append any number
 * of times, then check buf_failed() once. There is one appender for each
 * context that needs its own escaping.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct buf {
	struct arena *arena;
	char *data; /* always NUL-terminated */
	size_t len;
	size_t size;
	size_t cap;
	bool failed;
};

/* An empty buffer that holds up to cap bytes; its memory comes from arena a. */
void buf_init(struct buf *b, struct arena *a, size_t cap);

/* Clears the content and the error; keeps the memory. */
void buf_clear(struct buf *b);

/* Whether any append so far did not fit. */
bool buf_failed(const struct buf *b);

/* The content as a string. */
const char *buf_str(const struct buf *b);

void buf_mem(struct buf *b, const void *p, size_t n);
void buf_raw(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_putf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vputf(struct buf *b, const char *fmt, va_list ap) PRINTF(2, 0);

/* A number in decimal; many times faster than buf_putf(). */
void buf_uint(struct buf *b, uint64_t v);
void buf_int(struct buf *b, int64_t v);

/* A string literal only. */
#define buf_lit(b, s) buf_mem((b), "" s, sizeof(s) - 1)

/* HTML text or a quoted attribute: & < > " ' become references. */
void buf_html(struct buf *b, const char *s);

/* One URL path segment or query value: all but RFC 3986's unreserved
 * characters become %XX. */
void buf_url(struct buf *b, const char *s);

/* As buf_url(), with '/' left as it is: a whole path. */
void buf_urlpath(struct buf *b, const char *s);

/* A quoted-string of a header (RFC 9110, 5.6.4): \ and " escaped, control and
 * non-ASCII characters become '_'. Writes the quotes too. */
void buf_quoted(struct buf *b, const char *s);

/* A JSON string with its quotes (RFC 8259). s is valid UTF-8. */
void buf_json(struct buf *b, const char *s);

/* n bytes in lower-case hex. */
void buf_hex(struct buf *b, const void *p, size_t n);

#endif
