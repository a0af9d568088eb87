#include "config.h"

#include "base/json_in.h"

#include <json-c/json.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"

/*
 * Rejects what json-c accepts although RFC 8259 does not: NaN and Infinity,
 * True, numbers such as 00 and 5., strings in single quotes, raw control
 * characters in strings, lone surrogates, comments, duplicate keys. json-c
 * finds all other errors. Its strict mode does not help: it accepts some of
 * these, and where char is signed, version 0.18 takes every byte from 0x80 in a
 * string for a control character.
 */
struct scan {
	struct arena *arena;
	const char *p;
	const char *end;
	struct why *why;
	unsigned depth;
};

struct key {
	struct key *next;
	const char *s;
	size_t n;
};

static void
skip_space(struct scan *s)
{
	while (
	    s->p < s->end && *s->p != '\0' && strchr(" \t\r\n", *s->p) != NULL)
		s->p++;
}

/* Four hex digits at p, or -1. */
static int
hex4(const char *p, const char *end)
{
	unsigned char v[2];

	if (end - p < 4 || !hex_parse_part(p, v, sizeof(v)))
		return -1;
	return v[0] << 8 | v[1];
}

static enum err
scan_escape(struct scan *s)
{
	int unit;

	s->p++;
	if (s->p >= s->end)
		return why_set(s->why, WHY_JSON_STRING_CUT_OFF);
	if (*s->p != 'u') {
		s->p++;
		return ERR_OK;
	}
	unit = hex4(s->p + 1, s->end);
	if (unit < 0)
		return why_set(s->why, WHY_JSON_ESCAPE);
	s->p += 5;
	if (unit == 0)
		return why_set(s->why, WHY_JSON_NUL);
	if (unit >= 0xdc00 && unit <= 0xdfff)
		return why_set(s->why, WHY_JSON_SURROGATE);
	if (unit < 0xd800 || unit > 0xdbff)
		return ERR_OK;
	if (s->end - s->p < 6 || s->p[0] != '\\' || s->p[1] != 'u')
		return why_set(s->why, WHY_JSON_SURROGATE);
	unit = hex4(s->p + 2, s->end);
	if (unit < 0xdc00 || unit > 0xdfff)
		return why_set(s->why, WHY_JSON_SURROGATE);
	s->p += 6;
	return ERR_OK;
}

static enum err
scan_string(struct scan *s)
{
	enum err e;

	for (s->p++; s->p < s->end;) {
		if (*s->p == '"') {
			s->p++;
			return ERR_OK;
		}
		if ((unsigned char)*s->p < 0x20)
			return why_set(s->why, WHY_JSON_CONTROL);
		if (*s->p == '\\') {
			if ((e = scan_escape(s)) != ERR_OK)
				return e;
		} else {
			s->p++;
		}
	}
	return why_set(s->why, WHY_JSON_STRING_CUT_OFF);
}

static enum err scan_value(struct scan *s);

/* A key may contain escapes, so duplicates are found in its decoded form. */
static enum err
scan_key(struct scan *s, struct key **keys)
{
	const char *start;
	struct json_object *o;
	struct key *k;
	enum err e;

	skip_space(s);
	if (s->p >= s->end || *s->p != '"')
		return why_set(s->why, WHY_JSON_KEY);
	start = s->p;
	if ((e = scan_string(s)) != ERR_OK)
		return e;
	k = arena_new_struct(s->arena, struct key);
	k->s = arena_strndup(s->arena, start, (size_t)(s->p - start));
	o = json_tokener_parse(k->s);
	if (o == NULL)
		return why_set(s->why, WHY_JSON_KEY);
	k->s = arena_strdup(s->arena, json_object_get_string(o));
	json_object_put(o);
	for (struct key *i = *keys; i != NULL; i = i->next)
		if (strcmp(i->s, k->s) == 0)
			return why_with(s->why, WHY_JSON_DUPLICATE,
			    .field = k->s, .word = k->s);
	k->next = *keys;
	*keys = k;
	skip_space(s);
	if (s->p >= s->end || *s->p != ':')
		return why_set(s->why, WHY_JSON_COLON);
	s->p++;
	return ERR_OK;
}

static enum err
scan_container(struct scan *s, char close)
{
	struct key *keys = NULL;
	unsigned nkeys = 0;
	enum err e;

	if (++s->depth > JSON_IN_DEPTH)
		return why_set(s->why, WHY_JSON_DEPTH);
	s->p++;
	skip_space(s);
	while (s->p < s->end && *s->p != close) {
		/* Also bounds the search for duplicate keys. */
		if (close == '}' && ++nkeys > 256)
			return why_set(s->why, WHY_JSON_KEYS);
		if (close == '}' && (e = scan_key(s, &keys)) != ERR_OK)
			return e;
		if ((e = scan_value(s)) != ERR_OK)
			return e;
		skip_space(s);
		if (s->p < s->end && *s->p == ',') {
			s->p++;
			skip_space(s);
			if (s->p < s->end && *s->p == close)
				return why_set(s->why, WHY_JSON_TRAILING_COMMA);
		} else if (s->p < s->end && *s->p != close) {
			return why_set(s->why, WHY_JSON_COMMA);
		}
	}
	if (s->p >= s->end)
		return why_set(s->why, WHY_JSON_CUT_OFF);
	s->p++;
	s->depth--;
	return ERR_OK;
}

static bool
scan_digits(struct scan *s)
{
	const char *start = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start;
}

static bool
scan_one_of(struct scan *s, char c, char d)
{
	if (s->p >= s->end || (*s->p != c && *s->p != d))
		return false;
	s->p++;
	return true;
}

static enum err
scan_number(struct scan *s)
{
	const char *start;

	(void)scan_one_of(s, '-', '-');
	start = s->p;
	if (!scan_digits(s) || (*start == '0' && s->p - start > 1))
		return why_set(s->why, WHY_JSON_NUMBER);
	if (scan_one_of(s, '.', '.') && !scan_digits(s))
		return why_set(s->why, WHY_JSON_NUMBER);
	if (scan_one_of(s, 'e', 'E')) {
		(void)scan_one_of(s, '+', '-');
		if (!scan_digits(s))
			return why_set(s->why, WHY_JSON_NUMBER);
	}
	return ERR_OK;
}

static enum err
scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return why_set(s->why, WHY_JSON_VALUE);
	s->p += n;
	return ERR_OK;
}

static enum err
scan_value(struct scan *s)
{
	skip_space(s);
	if (s->p >= s->end)
		return why_set(s->why, WHY_JSON_CUT_OFF);
	switch (*s->p) {
	case '{':
		return scan_container(s, '}');
	case '[':
		return scan_container(s, ']');
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		if (*s->p != '-' && (*s->p < '0' || *s->p > '9'))
			return why_set(s->why, WHY_JSON_VALUE);
		return scan_number(s);
	}
}

static enum err
take_text(struct arena *a, const char *name, struct json_object *o, int64_t min,
    int64_t max, const char **ret, struct why *why)
{
	int64_t n;

	if (!json_object_is_type(o, json_type_string))
		return why_with(why, WHY_NOT_STRING, .field = name);
	n = json_object_get_string_len(o);
	if (n < min)
		return why_with(why, min == 1 ? WHY_EMPTY : WHY_TOO_SHORT,
		    .field = name);
	if (n > max)
		return why_with(why, WHY_TOO_MANY_BYTES, .field = name,
		    .most = max);
	*ret = arena_strndup(a, json_object_get_string(o), (size_t)n);
	return ERR_OK;
}

static enum err
take_int(const char *name, struct json_object *o, int64_t min, int64_t max,
    int64_t *ret, struct why *why)
{
	if (!json_object_is_type(o, json_type_int))
		return why_with(why, WHY_NOT_INTEGER, .field = name);
	/* json-c saturates numbers outside the range. */
	*ret = json_object_get_int64(o);
	if (*ret < min || *ret > max || *ret == INT64_MIN ||
	    (*ret == INT64_MAX && json_object_get_uint64(o) > INT64_MAX))
		return why_with(why, WHY_OUT_OF_RANGE, .field = name,
		    .least = min, .most = max);
	return ERR_OK;
}

static enum err take_field(struct arena *a, const struct json_field *f,
    const char *name, struct json_object *o, char *place, struct why *why);
static enum err take_members(struct arena *a, const char *prefix,
    const struct json_field *fields, size_t n, struct json_object *o,
    char *into, struct why *why);

/* Reads an object into its struct, whose first member is its `seen`. */
static enum err
take_object(struct arena *a, const struct json_field *f, const char *name,
    struct json_object *o, char *place, struct why *why)
{
	enum err e;

	if (!json_object_is_type(o, json_type_object))
		return why_with(why, WHY_NOT_OBJECT, .field = name);
	e = take_members(a, name, f->fields, f->nfields, o, place, why);
	if (e == ERR_OK)
		*(enum json_seen *)(void *)place = JSON_THERE;
	return e;
}

/* Reads an entry of an array of structs; a plain text sets the first member. */
static enum err
take_struct(struct arena *a, const struct json_field *f, const char *name,
    struct json_object *o, char *place, struct why *why)
{
	const struct json_field *first = &f->fields[0];

	if (!json_object_is_type(o, json_type_string) ||
	    first->kind != JSON_TEXT)
		return take_object(a, f, name, o, place, why);
	return take_field(a, first, arena_printf(a, "%s.%s", name, first->name),
	    o, place + first->offset, why);
}

/* A number outside the range cannot be an id. */
static int64_t
id_of(struct json_object *o)
{
	int64_t v;

	if (!json_object_is_type(o, json_type_int))
		return 0;
	v = json_object_get_int64(o);
	return v < 1 || v == INT64_MAX ? 0 : v;
}

static enum err
take_entry(struct arena *a, const struct json_field *f, const char *name,
    struct json_object *o, char *place, size_t i, struct why *why)
{
	switch (f->kind) {
	case JSON_TEXTS:
		return take_text(a, name, o, f->min, f->max,
		    &((struct json_texts *)(void *)place)->s[i], why);
	case JSON_INTS:
		return take_int(name, o, f->min, f->max,
		    &((struct json_ints *)(void *)place)->v[i], why);
	case JSON_IDS:
		((struct json_ints *)(void *)place)->v[i] = id_of(o);
		return ERR_OK;
	case JSON_OBJECTS:
		return take_struct(a, f, name, o,
		    (char *)((struct json_objects *)(void *)place)->v +
			i * f->size,
		    why);
	case JSON_TEXT:
	case JSON_INT:
	case JSON_BOOL:
	case JSON_OBJECT:
		break;
	}
	die("%s is not a list", f->name);
}

static void
make_list(struct arena *a, const struct json_field *f, size_t n, char *place)
{
	struct json_texts *texts = (struct json_texts *)(void *)place;
	struct json_ints *ints = (struct json_ints *)(void *)place;
	struct json_objects *objects = (struct json_objects *)(void *)place;

	if (f->kind == JSON_TEXTS) {
		texts->n = n;
		texts->s = arena_array(a, n, sizeof(*texts->s));
	} else if (f->kind == JSON_INTS || f->kind == JSON_IDS) {
		ints->n = n;
		ints->v = arena_array(a, n, sizeof(*ints->v));
	} else {
		objects->n = n;
		objects->v = arena_array(a, n, f->size);
	}
}

static enum err
take_list(struct arena *a, const struct json_field *f, const char *name,
    struct json_object *o, char *place, struct why *why)
{
	enum err e = ERR_OK;
	size_t n;

	if (!json_object_is_type(o, json_type_array))
		return why_with(why, WHY_NOT_ARRAY, .field = name);
	n = json_object_array_length(o);
	if (n > f->max_items)
		return why_with(why, WHY_TOO_MANY, .field = name,
		    .most = (int64_t)f->max_items);
	make_list(a, f, n, place);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = take_entry(a, f, name, json_object_array_get_idx(o, i),
		    place, i, why);
	return e;
}

static enum err
take_field(struct arena *a, const struct json_field *f, const char *name,
    struct json_object *o, char *place, struct why *why)
{
	/* Every struct json_x begins with its `seen`. */
	enum json_seen *seen = (enum json_seen *)(void *)place;
	enum err e = ERR_OK;

	if (o == NULL) {
		*seen = JSON_NULL;
		return ERR_OK;
	}
	switch (f->kind) {
	case JSON_TEXT:
		e = take_text(a, name, o, f->min, f->max,
		    &((struct json_text *)(void *)place)->s, why);
		break;
	case JSON_INT:
		e = take_int(name, o, f->min, f->max,
		    &((struct json_int *)(void *)place)->v, why);
		break;
	case JSON_BOOL:
		if (!json_object_is_type(o, json_type_boolean))
			return why_with(why, WHY_NOT_BOOLEAN, .field = name);
		((struct json_bool *)(void *)place)->v =
		    json_object_get_boolean(o);
		break;
	case JSON_TEXTS:
	case JSON_INTS:
	case JSON_IDS:
	case JSON_OBJECTS:
		e = take_list(a, f, name, o, place, why);
		break;
	case JSON_OBJECT:
		e = take_object(a, f, name, o, place, why);
		break;
	}
	if (e == ERR_OK)
		*seen = JSON_THERE;
	return e;
}

static enum err
take_members(struct arena *a, const char *prefix,
    const struct json_field *fields, size_t n, struct json_object *o,
    char *into, struct why *why)
{
	enum err e;

	for (size_t i = 0; i < n; i++) {
		const char *name = fields[i].name;
		struct json_object *member;

		if (!json_object_object_get_ex(o, name, &member))
			continue;
		if (prefix != NULL)
			name = arena_printf(a, "%s.%s", prefix, name);
		e = take_field(a, &fields[i], name, member,
		    into + fields[i].offset, why);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

static void
put_object(void *o)
{
	json_object_put(o);
}

static enum err
parse(struct arena *a, const char *body, size_t n, struct json_object **ret,
    struct why *why)
{
	struct scan s = { a, body, body + n, why, 0 };
	struct json_tokener *tok;
	struct json_object *o;
	enum err e;

	if (!text_utf8(body, n))
		return why_set(why, WHY_JSON_NOT_UTF8);
	if ((e = scan_value(&s)) != ERR_OK)
		return e;
	skip_space(&s);
	if (s.p != s.end)
		return why_set(why, WHY_JSON_TRAILING);
	tok = json_tokener_new_ex(JSON_IN_DEPTH + 1);
	if (tok == NULL)
		die("out of memory");
	o = json_tokener_parse_ex(tok, body, (int)n);
	/* The tokener needs to see what follows a bare number to end it. */
	if (json_tokener_get_error(tok) == json_tokener_continue)
		o = json_tokener_parse_ex(tok, " ", 1);
	if (json_tokener_get_error(tok) != json_tokener_success) {
		const char *text =
		    json_tokener_error_desc(json_tokener_get_error(tok));

		json_tokener_free(tok);
		return why_with(why, WHY_JSON_SYNTAX, .word = text);
	}
	json_tokener_free(tok);
	if (o != NULL)
		arena_defer(a, put_object, o);
	if (!json_object_is_type(o, json_type_object))
		return why_set(why, WHY_BODY_NOT_OBJECT);
	*ret = o;
	return ERR_OK;
}

enum err
json_read(struct arena *a, const char *body, size_t n,
    const struct json_field *fields, size_t nfields, void *into,
    struct why *why)
{
	struct json_object *o = NULL;
	enum err e;

	if (n > (1 << 30))
		return ERR_TOO_LARGE;
	if ((e = parse(a, body, n, &o, why)) != ERR_OK)
		return e;
	return take_members(a, NULL, fields, nfields, o, into, why);
}
