/*
 * Writes JSON into a buffer in the order of the calls; takes care of commas and
 * nesting. Keys come from the code or the configuration, have at most 64
 * characters, and are written without escaping.
 */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/id.h"

#define JSON_OUT_DEPTH 16

struct json_out {
	struct buf *buf;
	unsigned depth;
	bool comma; /* a comma is due before the next value */
	char close[JSON_OUT_DEPTH];
};

void jw_init(struct json_out *w, struct buf *b);

/* Opens an object or array as the member `key`, which is NULL inside an array
 * and at the top. jw_end() closes the one that was opened last. */
void jw_object(struct json_out *w, const char *key);
void jw_array(struct json_out *w, const char *key);
void jw_end(struct json_out *w);

/* Write a value. A NULL text, CLOCK_NONE and the nil UUID become null. */
void jw_text(struct json_out *w, const char *key, const char *s);
void jw_int(struct json_out *w, const char *key, int64_t v);
void jw_uint(struct json_out *w, const char *key, uint64_t v);
/* 0 becomes null. */
void jw_uint_or_null(struct json_out *w, const char *key, uint64_t v);
void jw_bool(struct json_out *w, const char *key, bool v);
void jw_null(struct json_out *w, const char *key);
void jw_time(struct json_out *w, const char *key, int64_t ms);
void jw_uuid(struct json_out *w, const char *key, const struct uuid *u);

#endif
