#include "config.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

void
buf_init(struct buf *b, struct arena *a, size_t cap)
{
	memset(b, 0, sizeof(*b));
	b->arena = a;
	b->cap = cap;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

bool
buf_failed(const struct buf *b)
{
	return b->failed;
}

const char *
buf_str(const struct buf *b)
{
	return b->data != NULL ? b->data : "";
}

/* Makes room for n more bytes and the terminator. */
static bool
reserve(struct buf *b, size_t n)
{
	size_t want, size;
	char *data;

	if (b->failed)
		return false;
	if (n > b->cap - b->len) {
		b->failed = true;
		return false;
	}
	want = b->len + n + 1;
	if (want <= b->size)
		return true;
	size = b->size == 0 ? 256 : b->size * 2;
	if (size < want)
		size = want;
	data = arena_alloc(b->arena, size);
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	b->data = data;
	b->size = size;
	return true;
}

void
buf_mem(struct buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n > 0)
		memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_raw(struct buf *b, const char *s)
{
	buf_mem(b, s, strlen(s));
}

void
buf_char(struct buf *b, char c)
{
	buf_mem(b, &c, 1);
}

void
buf_vputf(struct buf *b, const char *fmt, va_list ap)
{
	size_t room = b->failed ? 0 : b->size - b->len;
	char *end = room > 0 ? b->data + b->len : NULL;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(end, room, fmt, again);
	va_end(again);
	AN(n >= 0);
	if ((size_t)n >= room || (size_t)n > b->cap - b->len) {
		/* It was cut: make room and format it again. */
		if (end != NULL)
			*end = '\0';
		if (!reserve(b, (size_t)n))
			return;
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	}
	b->len += (size_t)n;
}

void
buf_putf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vputf(b, fmt, ap);
	va_end(ap);
}

void
buf_uint(struct buf *b, uint64_t v)
{
	char text[20], *p = text + sizeof(text);

	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	buf_mem(b, p, (size_t)(text + sizeof(text) - p));
}

void
buf_int(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_lit(b, "-");
	buf_uint(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void
buf_html(struct buf *b, const char *s)
{
	for (;;) {
		size_t n = strcspn(s, "&<>\"'");

		buf_mem(b, s, n);
		switch (s[n]) {
		case '\0':
			return;
		case '&':
			buf_lit(b, "&amp;");
			break;
		case '<':
			buf_lit(b, "&lt;");
			break;
		case '>':
			buf_lit(b, "&gt;");
			break;
		case '"':
			buf_lit(b, "&quot;");
			break;
		default:
			buf_lit(b, "&#39;");
			break;
		}
		s += n + 1;
	}
}

static bool
unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

static void
percent_encode(struct buf *b, const char *s, bool keep_slash)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *run = s;
	char code[3] = "%";

	for (;; s++) {
		unsigned char c = (unsigned char)*s;

		if (unreserved(c) || (keep_slash && c == '/'))
			continue;
		buf_mem(b, run, (size_t)(s - run));
		if (c == '\0')
			return;
		code[1] = digits[c >> 4];
		code[2] = digits[c & 15];
		buf_mem(b, code, sizeof(code));
		run = s + 1;
	}
}

void
buf_url(struct buf *b, const char *s)
{
	percent_encode(b, s, false);
}

void
buf_urlpath(struct buf *b, const char *s)
{
	percent_encode(b, s, true);
}

void
buf_quoted(struct buf *b, const char *s)
{
	buf_lit(b, "\"");
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c >= 0x7f) {
			buf_lit(b, "_");
			continue;
		}
		if (c == '"' || c == '\\')
			buf_lit(b, "\\");
		buf_char(b, *s);
	}
	buf_lit(b, "\"");
}

/* Whether one of eight bytes is less than 0x20, '"' or '\\'. Each subtraction
 * sets the top bit of the bytes that match. */
static bool
any_escaped(const char *s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t v, quote, backslash;

	memcpy(&v, s, sizeof(v));
	quote = v ^ ones * '"';
	backslash = v ^ ones * '\\';
	return ((((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) |
		    ((backslash - ones) & ~backslash)) &
		   ones * 0x80) != 0;
}

void
buf_json(struct buf *b, const char *s)
{
	const char *run = s, *end = s + strlen(s);

	buf_lit(b, "\"");
	for (;; s++) {
		unsigned char c;

		while (end - s >= 8 && !any_escaped(s))
			s += 8;
		c = (unsigned char)*s;
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_mem(b, run, (size_t)(s - run));
		if (c == '\0')
			break;
		if (c == '"' || c == '\\') {
			buf_lit(b, "\\");
			buf_char(b, *s);
		} else if (c == '\n') {
			buf_lit(b, "\\n");
		} else {
			buf_putf(b, "\\u%04x", c);
		}
		run = s + 1;
	}
	buf_lit(b, "\"");
}

void
buf_hex(struct buf *b, const void *p, size_t n)
{
	const unsigned char *u = p;

	for (size_t i = 0; i < n; i++)
		buf_putf(b, "%02x", u[i]);
}
