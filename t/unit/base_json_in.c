/* Parsing JSON: valid bodies, and every kind of refusal. */
#include "config.h"

#include "base/json_in.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define EMOJI "\xf0\x9f\x98\x80"
#define SLOW_US (20 * 1000 * 1000) /* far more than any body takes */

struct point {
	enum json_seen seen;
	struct json_int x;
	struct json_text label;
};

struct in {
	struct json_text text;
	struct json_int number;
	struct json_bool flag;
	struct json_texts words;
	struct json_ints ids;
	struct json_int any;
	struct point point;
	struct json_objects points;
};

static const struct json_field point_fields[] = {
	JSON_FIELD(struct point, x, "x", JSON_INT, 0, 9, 0),
	JSON_FIELD(struct point, label, "label", JSON_TEXT, 1, 4, 0),
};

static const struct json_field fields[] = {
	JSON_MEMBERS(struct in, point, "point", point_fields),
	JSON_MEMBERS_LIST(struct in, points, "points", point_fields,
	    struct point, 3),
	JSON_FIELD(struct in, text, "text", JSON_TEXT, 1, 8, 0),
	JSON_FIELD(struct in, number, "number", JSON_INT, -5, 1000, 0),
	JSON_FIELD(struct in, flag, "flag", JSON_BOOL, 0, 0, 0),
	JSON_FIELD(struct in, words, "words", JSON_TEXTS, 0, 4, 3),
	JSON_FIELD(struct in, ids, "ids", JSON_INTS, 1, INT64_MAX, 3),
	JSON_FIELD(struct in, any, "any", JSON_INT, INT64_MIN, INT64_MAX, 0),
};

static struct arena *arena;
static struct in in;
static struct why why;

static void
set_up(void)
{
	arena = arena_new(64 << 20);
	memset(&in, 0, sizeof(in));
	memset(&why, 0, sizeof(why));
}

static void
tear_down(void)
{
	arena_free(arena);
}

/* From memory of exactly that length, so that reads beyond it are detected. */
static enum err
read_n(const char *body, size_t n)
{
	char *copy = malloc(n > 0 ? n : 1);
	enum err e;

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, body, n);
	e = json_read(arena, copy, n, fields,
	    sizeof(fields) / sizeof(fields[0]), &in, &why);
	free(copy);
	return e;
}

static enum err
read_body(const char *body)
{
	return read_n(body, strlen(body));
}

START_TEST(all_kinds)
{
	ck_assert_int_eq(
	    read_body(
		" { \"text\" : \"a\\u00e4\\n\" ,\r\n\t"
		"\"number\": -5, \"flag\": true, \"words\": [\"a\", \"\", "
		"\"" EMOJI "\"], \"ids\": [1, 9223372036854775807], "
		"\"any\": -9223372036854775807 } \n"),
	    ERR_OK);
	ck_assert_int_eq(in.text.seen, JSON_THERE);
	ck_assert_str_eq(in.text.s, "a\xc3\xa4\n");
	ck_assert_int_eq(in.number.seen, JSON_THERE);
	ck_assert_int_eq(in.number.v, -5);
	ck_assert_int_eq(in.flag.seen, JSON_THERE);
	ck_assert(in.flag.v);
	ck_assert_int_eq(in.words.seen, JSON_THERE);
	ck_assert_uint_eq(in.words.n, 3);
	ck_assert_str_eq(in.words.s[0], "a");
	ck_assert_str_eq(in.words.s[1], "");
	ck_assert_str_eq(in.words.s[2], EMOJI);
	ck_assert_uint_eq(in.ids.n, 2);
	ck_assert_int_eq(in.ids.v[0], 1);
	ck_assert_int_eq(in.ids.v[1], INT64_MAX);
	ck_assert_int_eq(in.any.v, INT64_MIN + 1);
}
END_TEST

static const char *const empty[] = { "{}", " {} ", "\r\n\t{ }\n",
	"{\"unknown\":1}", "{\"Text\":1,\"texts\":2,\"\":3}",
	"{\"x\":{\"text\":1,\"flag\":[[],{}],\"a\":1e400,\"b\":-0.5e-7}}",
	"{\"x\":[1,-0,0,1.5,1E+2,true,false,null,\"\",[[[]]]]}",
	"{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}",
	"{\"x\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00\"}",
	"{\"x\":18446744073709551616,\"y\":-9223372036854775809}" };

/* Unknown members are ignored, whatever they are. */
START_TEST(nothing_of_ours)
{
	ck_assert_int_eq(read_body(empty[_i]), ERR_OK);
	ck_assert_int_eq(why.reason, WHY_NONE);
	ck_assert_int_eq(in.text.seen, JSON_ABSENT);
	ck_assert_int_eq(in.number.seen, JSON_ABSENT);
	ck_assert_int_eq(in.flag.seen, JSON_ABSENT);
	ck_assert_int_eq(in.words.seen, JSON_ABSENT);
	ck_assert_int_eq(in.ids.seen, JSON_ABSENT);
}
END_TEST

START_TEST(null_is_told)
{
	ck_assert_int_eq(read_body(
			     "{\"text\":null,\"number\":null,"
			     "\"flag\":null,\"words\":null,\"ids\":null}"),
	    ERR_OK);
	ck_assert_int_eq(in.text.seen, JSON_NULL);
	ck_assert_ptr_null(in.text.s);
	ck_assert_int_eq(in.number.seen, JSON_NULL);
	ck_assert_int_eq(in.flag.seen, JSON_NULL);
	ck_assert_int_eq(in.words.seen, JSON_NULL);
	ck_assert_uint_eq(in.words.n, 0);
	ck_assert_int_eq(in.ids.seen, JSON_NULL);
}
END_TEST

START_TEST(objects)
{
	const struct point *p;

	ck_assert_int_eq(
	    read_body("{\"point\":{\"label\":\"a\",\"x\":3,"
		      "\"z\":[{}]},\"points\":[{\"x\":1},{},{\"label\":null,"
		      "\"x\":9}]}"),
	    ERR_OK);
	ck_assert_int_eq(in.point.seen, JSON_THERE);
	ck_assert_int_eq(in.point.x.v, 3);
	ck_assert_str_eq(in.point.label.s, "a");
	ck_assert_int_eq(in.points.seen, JSON_THERE);
	ck_assert_uint_eq(in.points.n, 3);
	p = in.points.v;
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(p[i].seen, JSON_THERE);
	ck_assert_int_eq(p[0].x.v, 1);
	ck_assert_int_eq(p[0].label.seen, JSON_ABSENT);
	ck_assert_int_eq(p[1].x.seen, JSON_ABSENT);
	ck_assert_int_eq(p[2].x.v, 9);
	ck_assert_int_eq(p[2].label.seen, JSON_NULL);
	memset(&in, 0, sizeof(in));
	ck_assert_int_eq(read_body("{\"point\":null,\"points\":null}"), ERR_OK);
	ck_assert_int_eq(in.point.seen, JSON_NULL);
	ck_assert_int_eq(in.points.seen, JSON_NULL);
	ck_assert_uint_eq(in.points.n, 0);
	memset(&in, 0, sizeof(in));
	ck_assert_int_eq(read_body("{\"point\":{},\"points\":[]}"), ERR_OK);
	ck_assert_int_eq(in.point.seen, JSON_THERE);
	ck_assert_int_eq(in.point.x.seen, JSON_ABSENT);
	ck_assert_int_eq(in.points.seen, JSON_THERE);
	ck_assert_uint_eq(in.points.n, 0);
	memset(&in, 0, sizeof(in));
	/* Unknown members are ignored. */
	ck_assert_int_eq(read_body("{\"x\":\"y\",\"label\":5}"), ERR_OK);
	ck_assert_int_eq(in.point.seen, JSON_ABSENT);
}
END_TEST

START_TEST(empty_lists)
{
	ck_assert_int_eq(read_body("{\"words\":[],\"ids\":[]}"), ERR_OK);
	ck_assert_int_eq(in.words.seen, JSON_THERE);
	ck_assert_uint_eq(in.words.n, 0);
	ck_assert_int_eq(in.ids.seen, JSON_THERE);
	ck_assert_uint_eq(in.ids.n, 0);
}
END_TEST

START_TEST(surrogate_pair)
{
	ck_assert_int_eq(read_body("{\"text\":\"\\uD83D\\uDe00\"}"), ERR_OK);
	ck_assert_str_eq(in.text.s, EMOJI);
}
END_TEST

/* Not JSON (RFC 8259), or not accepted; why names no field. */
static const char *const broken[] = {
	"",
	" ",
	"\n",
	"x",
	"{",
	"}",
	"[",
	"]",
	"{]",
	"[}",
	"{{}}",
	",",
	":",
	"null",
	"true",
	"1",
	"\"text\"",
	"[]",
	"[{}]",
	"[1,2]",
	"-",
	"{} {}",
	"{}x",
	"{},",
	"{}\"\"",
	"{}]",
	"{}}",
	"[]{}",
	"{}//",
	"{\"a\"}",
	"{\"a\":}",
	"{\"a\":1,}",
	"{,}",
	"{,\"a\":1}",
	"{\"a\" 1}",
	"{\"a\":1 \"b\":2}",
	"{\"a\":1,,\"b\":2}",
	"{\"a\":1;\"b\":2}",
	"{\"a\"::1}",
	"{\"a\":1:2}",
	"{a:1}",
	"{1:1}",
	"{null:1}",
	"{'a':1}",
	"{\"a\":'b'}",
	"{\"a\":b}",
	"{[]:1}",
	"{\"a\":[1,]}",
	"{\"a\":[,1]}",
	"{\"a\":[,]}",
	"{\"a\":[1,,2]}",
	"{\"a\":[1 2]}",
	"{\"a\":[1",
	"{\"a\":[1,",
	"{\"a\":1",
	"{\"a\":1,",
	"{\"a\":",
	"{\"a\"",
	"{\"a",
	"{\"",
	"{\"a\":\"",
	"{\"a\":\"b",
	"{\"a\":\"\\",
	"{\"a\":\"\\u",
	"{\"a\":\"\\u0",
	"{\"a\":\"\\u00",
	"{\"a\":\"\\u004",
	"{\"a\":\"\\u0041",
	"{\"a\":\"\\ud83d",
	"{\"a\":\"\\ud83d\\",
	"{\"a\":\"\\ud83d\\ude0",
	"{\"a\":NaN}",
	"{\"a\":nan}",
	"{\"a\":-NaN}",
	"{\"a\":Infinity}",
	"{\"a\":-Infinity}",
	"{\"a\":-infinity}",
	"{\"a\":inf}",
	"{\"a\":True}",
	"{\"a\":TRUE}",
	"{\"a\":tru}",
	"{\"a\":truex}",
	"{\"a\":nul}",
	"{\"a\":NULL}",
	"{\"a\":nULL}",
	"{\"a\":faLse}",
	"{\"a\":nullnull}",
	"{\"a\":fals}",
	"{\"a\":undefined}",
	"{\"a\":01}",
	"{\"a\":-01}",
	"{\"a\":00}",
	"{\"a\":+1}",
	"{\"a\":.5}",
	"{\"a\":5.}",
	"{\"a\":-}",
	"{\"a\":--1}",
	"{\"a\":1-2}",
	"{\"a\":1+2}",
	"{\"a\":1e}",
	"{\"a\":1e+}",
	"{\"a\":1.e1}",
	"{\"a\":1.2.3}",
	"{\"a\":1e1e1}",
	"{\"a\":0x10}",
	"{\"a\":1_000}",
	"{\"a\":1a}",
	"{\"a\":-a}",
	"{\"a\":- 1}",
	"{\"a\":1.5e1.5}",
	"{\"a\":\"b\tc\"}",
	"{\"a\":\"b\nc\"}",
	"{\"a\":\"\x01\"}",
	"{\"a\":\"\x1f\"}",
	"{\"a\nb\":1}",
	"{\"a\":\"\\x41\"}",
	"{\"a\":\"\\a\"}",
	"{\"a\":\"\\'\"}",
	"{\"a\":\"\\0\"}",
	"{\"a\":\"\\U0041\"}",
	"{\"a\":\"\\u00g0\"}",
	"{\"a\":\"\\u 041\"}",
	"{\"a\":\"\\u-041\"}",
	"{\"\\q\":1}",
	"{\"a\":\"\\u0000\"}",
	"{\"a\":\"x\\u0000y\"}",
	"{\"a\\u0000\":1}",
	"{\"a\":\"\\ud83d\"}",
	"{\"a\":\"\\ud83dx\"}",
	"{\"a\":\"\\ud83d\\n\"}",
	"{\"a\":\"\\ud83d\\u0041\"}",
	"{\"a\":\"\\ud83d\\ud83d\"}",
	"{\"a\":\"\\ude00\"}",
	"{\"a\":\"\\ude00\\ud83d\"}",
	"{\"a\":\"\\uDFFF\"}",
	"{\"a\":\"\\uD800\"}",
	"{\"a\":\"\\ud83d \\ude00\"}",
	"{\"\\ud83d\":1}",
	"{\"a\":\"\xff\"}",
	"{\"a\":\"\xc3\"}",
	"{\"a\":\"\xc0\xaf\"}",
	"{\"a\":\"\xed\xa0\x80\"}",
	"{\"a\":\"\xf4\x90\x80\x80\"}",
	"{\"\xff\":1}",
	"\xff",
	"{}\xff",
	"\xef\xbb\xbf{}",
	"\xfe\xff",
	"{\"a\":1}/* */",
	"/**/{}",
	"{\"a\":/**/1}",
	"{\"a\":1//\n}",
	"{\v\"a\":1}",
	"{\f}",
	"\xc2\xa0{}",
	"{\"a\":1}\xe2\x80\xa8",
};

START_TEST(refuse)
{
	enum err e = read_body(broken[_i]);

	ck_assert_msg(e == ERR_INVALID, "%s comes to %d", broken[_i], e);
	ck_assert_int_ne(why.reason, WHY_NONE);
	ck_assert_str_eq(why.field, "");
}
END_TEST

/* Every truncation of a valid body, and copies with each byte changed to
 * NUL. */
START_TEST(cut)
{
	static const char body[] =
	    "{\"text\":\"\\ud83d\\ude00\",\"number\":"
	    "12,\"flag\":false,\"words\":[\"\xc3\xa4\"],\"x\":{\"y\":-1.5e7}}";
	size_t n = sizeof(body) - 1;
	char copy[sizeof(body)];

	ck_assert_int_eq(read_n(body, n), ERR_OK);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(read_n(body, i), ERR_INVALID);
		memcpy(copy, body, n);
		copy[i] = '\0';
		ck_assert_int_eq(read_n(copy, n), ERR_INVALID);
	}
	ck_assert_int_eq(read_n(body, n + 1), ERR_INVALID);
	ck_assert_int_eq(read_n("{\0}", 3), ERR_INVALID);
	ck_assert_int_eq(read_n("\0{}", 3), ERR_INVALID);
}
END_TEST

static const struct {
	const char *body, *field;
} doubled[] = {
	{ "{\"text\":\"a\",\"text\":\"b\"}", "text" },
	{ "{\"text\":\"a\",\"te\\u0078t\":\"b\"}", "text" },
	{ "{\"\\u0074ext\":\"a\",\"flag\":true,\"text\":\"b\"}", "text" },
	{ "{\"\\u00e4\":1,\"\xc3\xa4\":2}", "\xc3\xa4" },
	{ "{\"\\ud83d\\ude00\":1,\"" EMOJI "\":2}", EMOJI },
	{ "{\"a\\/b\":1,\"a/b\":2}", "a/b" },
	{ "{\"unknown\":1,\"unknown\":1}", "unknown" },
	{ "{\"x\":{\"a\":1,\"b\":2,\"a\":1}}", "a" },
	{ "{\"x\":[[{\"a\":1,\"a\":1}]]}", "a" },
	{ "{\"text\":null,\"text\":null}", "text" },
	{ "{\"\":1,\"\":1}", "" },
};

START_TEST(doubled_key)
{
	ck_assert_int_eq(read_body(doubled[_i].body), ERR_INVALID);
	ck_assert_str_eq(why.field, doubled[_i].field);
	ck_assert_int_eq(why.reason, WHY_JSON_DUPLICATE);
	ck_assert_int_eq(in.text.seen, JSON_ABSENT);
}
END_TEST

/* A key is part of the message, and cutting it must leave valid UTF-8. */
START_TEST(long_doubled_key)
{
	char body[4096] = "{\"", key[1024] = "";

	memset(key, 'a', (size_t)_i);
	for (int i = 0; i < 200; i++)
		strcat(key, EMOJI);
	strcat(body, key);
	strcat(body, "\":1,\"");
	strcat(body, key);
	strcat(body, "\":2}");
	ck_assert_int_eq(read_body(body), ERR_INVALID);
	ck_assert(text_utf8(why.word, strlen(why.word)));
	ck_assert(text_utf8(why.field, strlen(why.field)));
}
END_TEST

static const struct {
	const char *body, *field;
} mistyped[] = {
	{ "{\"text\":1}", "text" },
	{ "{\"text\":true}", "text" },
	{ "{\"text\":[]}", "text" },
	{ "{\"text\":[\"a\"]}", "text" },
	{ "{\"text\":{}}", "text" },
	{ "{\"text\":\"\"}", "text" },
	{ "{\"text\":\"123456789\"}", "text" },
	{ "{\"text\":\"12345" EMOJI "\"}", "text" },
	{ "{\"number\":\"1\"}", "number" },
	{ "{\"number\":true}", "number" },
	{ "{\"number\":1.5}", "number" },
	{ "{\"number\":1.0}", "number" },
	{ "{\"number\":1e2}", "number" },
	{ "{\"number\":1e400}", "number" },
	{ "{\"number\":[1]}", "number" },
	{ "{\"number\":{}}", "number" },
	{ "{\"number\":1001}", "number" },
	{ "{\"number\":-6}", "number" },
	{ "{\"number\":9223372036854775808}", "number" },
	{ "{\"number\":99999999999999999999999999}", "number" },
	{ "{\"number\":-99999999999999999999999999}", "number" },
	{ "{\"any\":9223372036854775808}", "any" },
	{ "{\"any\":18446744073709551615}", "any" },
	{ "{\"any\":18446744073709551616}", "any" },
	{ "{\"any\":-9223372036854775808}", "any" },
	{ "{\"any\":-9223372036854775809}", "any" },
	{ "{\"any\":-99999999999999999999999999}", "any" },
	{ "{\"flag\":0}", "flag" },
	{ "{\"flag\":1}", "flag" },
	{ "{\"flag\":\"true\"}", "flag" },
	{ "{\"flag\":[]}", "flag" },
	{ "{\"words\":\"a\"}", "words" },
	{ "{\"words\":{}}", "words" },
	{ "{\"words\":{\"0\":\"a\"}}", "words" },
	{ "{\"words\":true}", "words" },
	{ "{\"words\":[1]}", "words" },
	{ "{\"words\":[\"a\",null]}", "words" },
	{ "{\"words\":[\"a\",[\"b\"]]}", "words" },
	{ "{\"words\":[\"12345\"]}", "words" },
	{ "{\"words\":[\"a\",\"b\",\"c\",\"d\"]}", "words" },
	{ "{\"ids\":1}", "ids" },
	{ "{\"ids\":\"1\"}", "ids" },
	{ "{\"ids\":[\"1\"]}", "ids" },
	{ "{\"ids\":[1,null]}", "ids" },
	{ "{\"ids\":[1.5]}", "ids" },
	{ "{\"ids\":[0]}", "ids" },
	{ "{\"ids\":[9223372036854775808]}", "ids" },
	{ "{\"ids\":[1,2,3,4]}", "ids" },
	{ "{\"point\":[]}", "point" },
	{ "{\"point\":\"x\"}", "point" },
	{ "{\"point\":1}", "point" },
	{ "{\"point\":true}", "point" },
	{ "{\"point\":{\"x\":\"1\"}}", "point.x" },
	{ "{\"point\":{\"x\":10}}", "point.x" },
	{ "{\"point\":{\"x\":1,\"label\":\"\"}}", "point.label" },
	{ "{\"point\":{\"label\":{}}}", "point.label" },
	{ "{\"points\":{}}", "points" },
	{ "{\"points\":{\"x\":1}}", "points" },
	{ "{\"points\":1}", "points" },
	{ "{\"points\":[1]}", "points" },
	{ "{\"points\":[null]}", "points" },
	{ "{\"points\":[[]]}", "points" },
	{ "{\"points\":[{},\"x\"]}", "points" },
	{ "{\"points\":[{},{},{},{}]}", "points" },
	{ "{\"points\":[{\"x\":1},{\"x\":-1}]}", "points.x" },
	{ "{\"points\":[{\"label\":\"12345\"}]}", "points.label" },
};

START_TEST(wrong_type)
{
	char said[WHY_SENTENCE];

	ck_assert_int_eq(read_body(mistyped[_i].body), ERR_INVALID);
	ck_assert_str_eq(why.field, mistyped[_i].field);
	ck_assert_ptr_nonnull(
	    strstr(why_sentence(&why, ERR_INVALID, said), mistyped[_i].field));
}
END_TEST

/* The same text n times. */
static char *
repeat(const char *text, size_t n)
{
	size_t len = strlen(text);
	char *s = arena_alloc(arena, n * len + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(s + i * len, text, len);
	return s;
}

static const struct {
	const char *open, *close;
	size_t n;
	enum err e;
} nested[] = {
	{ "{\"a\":", "}", JSON_IN_DEPTH, ERR_OK },
	{ "{\"a\":", "}", JSON_IN_DEPTH + 1, ERR_INVALID },
	{ "{\"a\":", "}", 10000, ERR_INVALID },
	{ "[", "]", JSON_IN_DEPTH - 1, ERR_OK },
	{ "[", "]", JSON_IN_DEPTH, ERR_INVALID },
	{ "[", "]", 10000, ERR_INVALID },
	{ "[[],", "]", 10000, ERR_INVALID },
	{ "[", "]", 1 << 20, ERR_INVALID },
	{ "[", "", 1 << 20, ERR_INVALID },
	{ "{\"a\":", "", 1 << 18, ERR_INVALID },
	{ "{\"a\":[", "]}", 10000, ERR_INVALID },
};

START_TEST(deep)
{
	const char *body = arena_printf(arena, "%s%s1%s%s",
	    nested[_i].open[0] == '{' ? "" : "{\"x\":",
	    repeat(nested[_i].open, nested[_i].n),
	    repeat(nested[_i].close, nested[_i].n),
	    nested[_i].open[0] == '{' ? "" : "}");
	int64_t start = clock_tick();

	ck_assert_int_eq(read_body(body), nested[_i].e);
	ck_assert_int_lt(clock_tick() - start, SLOW_US);
}
END_TEST

/* The body without its last comma, between open and close. */
static enum err
read_many(const char *open, char *body, const char *close)
{
	body[strlen(body) - 1] = '\0';
	return read_body(arena_printf(arena, "%s%s%s", open, body, close));
}

/* n members with different names. */
static char *
members(size_t n)
{
	char *s = arena_alloc(arena, n * 16), *p = s;

	for (size_t i = 0; i < n; i++)
		p += sprintf(p, "\"k%06zu\":1,", i);
	return s;
}

START_TEST(many_keys)
{
	int64_t start = clock_tick();

	ck_assert_int_eq(read_many("{", members(256), "}"), ERR_OK);
	ck_assert_int_eq(read_many("{", members(257), "}"), ERR_INVALID);
	ck_assert_int_eq(read_many("{", members(200000), "}"), ERR_INVALID);
	ck_assert_int_eq(read_many("{", repeat("\"a\":1,", 200000), "}"),
	    ERR_INVALID);
	ck_assert_int_lt(clock_tick() - start, SLOW_US);
}
END_TEST

/* The largest amount of work in a body of the default limit: objects with the
 * maximum number of keys. */
START_TEST(many_objects)
{
	char *object = arena_printf(arena, "{%s", members(256));
	int64_t start;

	object[strlen(object) - 1] = '\0';
	object = arena_printf(arena, "%s},", object);
	start = clock_tick();
	ck_assert_int_eq(read_many("{\"x\":[", repeat(object, 25), "]}"),
	    ERR_OK);
	ck_assert_int_lt(clock_tick() - start, SLOW_US);
}
END_TEST

START_TEST(long_body)
{
	int64_t start = clock_tick();
	char *text = repeat("a", 1 << 20);

	ck_assert_int_eq(read_body(arena_printf(arena, "{\"x\":\"%s\"}", text)),
	    ERR_OK);
	ck_assert_int_eq(read_body(
			     arena_printf(arena, "{\"text\":\"%s\"}", text)),
	    ERR_INVALID);
	ck_assert_str_eq(why.field, "text");
	ck_assert_int_eq(read_body(arena_printf(arena, "{\"x\":%s}",
			     repeat("1", 1 << 20))),
	    ERR_OK);
	ck_assert_int_eq(read_many("{\"words\":[", repeat("\"\",", 200000),
			     "]}"),
	    ERR_INVALID);
	ck_assert_int_eq(read_body(repeat(" ", 1 << 20)), ERR_INVALID);
	ck_assert_int_eq(read_body(repeat("\\", 1 << 20)), ERR_INVALID);
	ck_assert_int_eq(read_body(repeat("\"", 1 << 20)), ERR_INVALID);
	ck_assert_int_lt(clock_tick() - start, SLOW_US);
}
END_TEST

/* No byte in any place makes it crash; the sanitizers check. */
START_TEST(any_byte_anywhere)
{
	static const char body[] = "{\"text\":\"\\ud83d\\ude00\",\"number\":"
				   "-1.5e7,\"flag\":false,\"words\":[\"a\"]}";
	static const char bytes[] = "{}[]\",:\\u0-+.eEtfnNaI/' \t\n\x01\x80"
				    "\xc3\xff";
	char copy[sizeof(body)];
	size_t n = sizeof(body) - 1;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(bytes); k++) {
			enum err e;

			memcpy(copy, body, n);
			copy[i] = bytes[k];
			memset(&in, 0, sizeof(in));
			why_clear(&why);
			e = read_n(copy, n);
			ck_assert(e == ERR_OK || e == ERR_INVALID);
			ck_assert((e == ERR_OK) == (why.reason == WHY_NONE));
			arena_reset(arena);
		}
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("base_json_in");
	TCase *t = tcase_create("json_in");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, all_kinds);
	tcase_add_loop_test(t, nothing_of_ours, 0, COUNT(empty));
	tcase_add_test(t, null_is_told);
	tcase_add_test(t, objects);
	tcase_add_test(t, empty_lists);
	tcase_add_test(t, surrogate_pair);
	tcase_add_loop_test(t, refuse, 0, COUNT(broken));
	tcase_add_test(t, cut);
	tcase_add_loop_test(t, doubled_key, 0, COUNT(doubled));
	tcase_add_loop_test(t, long_doubled_key, 0, 4);
	tcase_add_loop_test(t, wrong_type, 0, COUNT(mistyped));
	tcase_add_loop_test(t, deep, 0, COUNT(nested));
	tcase_add_test(t, many_keys);
	tcase_add_test(t, many_objects);
	tcase_add_test(t, long_body);
	tcase_add_test(t, any_byte_anywhere);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
