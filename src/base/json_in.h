/*
 * Reads a JSON object into a plain struct by a table of its fields. json-c
 * parses it; a scan first rejects the invalid JSON that json-c accepts.
 */
#ifndef BASE_JSON_IN_H
#define BASE_JSON_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

#define JSON_IN_DEPTH 32

enum json_kind {
	JSON_TEXT,
	JSON_INT,
	JSON_BOOL,
	JSON_TEXTS,
	JSON_INTS,
	JSON_IDS, /* like INTS; anything but a positive number is read as 0 */
	JSON_OBJECT,  /* a struct whose first member is its `seen` */
	JSON_OBJECTS, /* an array of such structs; a plain text as an entry sets
		       * the first member */
};

/* Whether a member was present. Callers for which null has no meaning of its
 * own treat JSON_NULL like JSON_ABSENT. */
enum json_seen { JSON_ABSENT, JSON_NULL, JSON_THERE };

struct json_text {
	enum json_seen seen;
	const char *s;
};

struct json_int {
	enum json_seen seen;
	int64_t v;
};

struct json_bool {
	enum json_seen seen;
	bool v;
};

struct json_texts {
	enum json_seen seen;
	size_t n;
	const char **s;
};

struct json_ints {
	enum json_seen seen;
	size_t n;
	int64_t *v;
};

struct json_objects {
	enum json_seen seen;
	size_t n;
	void *v;
};

struct json_field {
	const char *name;
	enum json_kind kind;
	size_t offset;
	/* TEXT, TEXTS: the bounds of a text's length in bytes; INT, INTS: the
	 * bounds of a value (min is not INT64_MIN). */
	int64_t min, max;
	size_t max_items; /* of an array */
	/* OBJECT, OBJECTS: the members, which errors name "name.member", and
	 * the size of one struct. */
	const struct json_field *fields;
	size_t nfields;
	size_t size;
};

/* clang-format off */
#define JSON_FIELD(type, member, name, kind, min, max, items) \
	{ name, kind, offsetof(type, member), min, max, items, NULL, 0, 0 }
#define JSON_MEMBERS(type, member, name, table) \
	{ name, JSON_OBJECT, offsetof(type, member), 0, 0, 0, table, \
	    sizeof(table) / sizeof((table)[0]), 0 }
#define JSON_MEMBERS_LIST(type, member, name, table, of, items) \
	{ name, JSON_OBJECTS, offsetof(type, member), 0, 0, items, table, \
	    sizeof(table) / sizeof((table)[0]), sizeof(of) }
/* clang-format on */

/*
 * Reads body (n bytes) into the struct at `into`, whose members are of the
 * types above and zeroed. Unknown members are ignored. ERR_INVALID, with the
 * reason and the field's name in why: not JSON, not an object, a wrong type,
 * out of bounds, nested too deeply, a duplicate key, invalid UTF-8, a lone
 * surrogate, or a NUL in a text.
 */
enum err json_read(struct arena *a, const char *body, size_t n,
    const struct json_field *fields, size_t nfields, void *into,
    struct why *why) MUST_CHECK;

#endif
