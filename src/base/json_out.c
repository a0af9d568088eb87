#include "config.h"

#include "base/json_out.h"

#include <string.h>

#include "base/clock.h"

#define KEY_MOST 64

void
jw_init(struct json_out *w, struct buf *b)
{
	w->buf = b;
	w->depth = 0;
	w->comma = false;
}

/* Writes the comma and key before a value in one append: appending each part
 * costs more than writing a short value. */
static void
lead(struct json_out *w, const char *key)
{
	char text[KEY_MOST + 4];
	size_t n = 0, len;

	if (w->comma)
		text[n++] = ',';
	w->comma = true;
	/* A member of an object has a key; nothing else does. */
	AN((key != NULL) == (w->depth > 0 && w->close[w->depth - 1] == '}'));
	if (key != NULL) {
		len = strlen(key);
		AN(len <= KEY_MOST);
		text[n++] = '"';
		memcpy(text + n, key, len);
		n += len;
		text[n++] = '"';
		text[n++] = ':';
	}
	buf_mem(w->buf, text, n);
}

static void
jw_open(struct json_out *w, const char *key, char first, char last)
{
	lead(w, key);
	AN(w->depth < JSON_OUT_DEPTH);
	buf_char(w->buf, first);
	w->close[w->depth++] = last;
	w->comma = false;
}

void
jw_object(struct json_out *w, const char *key)
{
	jw_open(w, key, '{', '}');
}

void
jw_array(struct json_out *w, const char *key)
{
	jw_open(w, key, '[', ']');
}

void
jw_end(struct json_out *w)
{
	AN(w->depth > 0);
	buf_char(w->buf, w->close[--w->depth]);
	w->comma = true;
}

void
jw_text(struct json_out *w, const char *key, const char *s)
{
	if (s == NULL) {
		jw_null(w, key);
		return;
	}
	lead(w, key);
	buf_json(w->buf, s);
}

void
jw_int(struct json_out *w, const char *key, int64_t v)
{
	lead(w, key);
	buf_int(w->buf, v);
}

void
jw_uint(struct json_out *w, const char *key, uint64_t v)
{
	lead(w, key);
	buf_uint(w->buf, v);
}

void
jw_uint_or_null(struct json_out *w, const char *key, uint64_t v)
{
	if (v > 0)
		jw_uint(w, key, v);
	else
		jw_null(w, key);
}

void
jw_bool(struct json_out *w, const char *key, bool v)
{
	lead(w, key);
	buf_raw(w->buf, v ? "true" : "false");
}

void
jw_null(struct json_out *w, const char *key)
{
	lead(w, key);
	buf_lit(w->buf, "null");
}

/* Writes a text of n characters that need no escaping. */
static void
put_plain(struct json_out *w, const char *key, const char *s, size_t n)
{
	lead(w, key);
	buf_lit(w->buf, "\"");
	buf_mem(w->buf, s, n);
	buf_lit(w->buf, "\"");
}

void
jw_time(struct json_out *w, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (ms == CLOCK_NONE) {
		jw_null(w, key);
		return;
	}
	clock_format(ms, text);
	put_plain(w, key, text, CLOCK_TEXT - 1);
}

void
jw_uuid(struct json_out *w, const char *key, const struct uuid *u)
{
	char text[UUID_TEXT];

	if (uuid_is_nil(u)) {
		jw_null(w, key);
		return;
	}
	uuid_format(u, text);
	put_plain(w, key, text, UUID_TEXT - 1);
}
