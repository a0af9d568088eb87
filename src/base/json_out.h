/*
 * Writes JSON into a buffer: commas and nesting are its own affair, the order
 * is that of the calls. A key is a word of ours, or of the configuration, of at
 * most 64 plain characters: it is written as it stands.
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
	bool comma; /* the next value needs a comma before it */
	char close[JSON_OUT_DEPTH];
};

void jw_init(struct json_out *w, struct buf *b);

/* Opens an object or array as the member `key`; NULL inside an array or at
 * the top. jw_end() closes what was opened last. */
void jw_object(struct json_out *w, const char *key);
void jw_array(struct json_out *w, const char *key);
void jw_end(struct json_out *w);

/* Values; a NULL text, CLOCK_NONE and the nil UUID are written as null. */
void jw_text(struct json_out *w, const char *key, const char *s);
void jw_int(struct json_out *w, const char *key, int64_t v);
void jw_uint(struct json_out *w, const char *key, uint64_t v);
void jw_bool(struct json_out *w, const char *key, bool v);
void jw_null(struct json_out *w, const char *key);
void jw_time(struct json_out *w, const char *key, int64_t ms);
void jw_uuid(struct json_out *w, const char *key, const struct uuid *u);

#endif
