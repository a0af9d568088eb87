#include "config.h"

#include "base/json_out.h"

#include <inttypes.h>

#include "base/clock.h"

void
jw_init(struct json_out *w, struct buf *b)
{
	w->buf = b;
	w->depth = 0;
	w->comma = false;
}

static void
lead(struct json_out *w, const char *key)
{
	if (w->comma)
		buf_lit(w->buf, ",");
	w->comma = true;
	/* A member has a key, and nothing else has. */
	AN((key != NULL) == (w->depth > 0 && w->close[w->depth - 1] == '}'));
	if (key != NULL) {
		buf_json(w->buf, key);
		buf_lit(w->buf, ":");
	}
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
	buf_putf(w->buf, "%" PRId64, v);
}

void
jw_uint(struct json_out *w, const char *key, uint64_t v)
{
	lead(w, key);
	buf_putf(w->buf, "%" PRIu64, v);
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

void
jw_time(struct json_out *w, const char *key, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (ms == CLOCK_NONE) {
		jw_null(w, key);
		return;
	}
	clock_format(ms, text);
	jw_text(w, key, text);
}

void
jw_uuid(struct json_out *w, const char *key, const struct uuid *u)
{
	char text[UUID_TEXT];

	uuid_format(u, text);
	jw_text(w, key, uuid_is_nil(u) ? NULL : text);
}
