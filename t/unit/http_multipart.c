/* multipart/form-data: what is accepted and refused, independent of how the
 * bytes arrive. */
#include "config.h"

#include "http/multipart.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/sec.h"
#include "http_fake.h"

static struct arena *arena;
static struct fake fake;
static struct buf seen; /* what the handler received, as text */
static bool stop_at_begin;

static void
set_up(void)
{
	sec_init();
	arena = arena_new(256 << 20);
	stop_at_begin = false;
}

static void
tear_down(void)
{
	fake_free(&fake);
	arena_free(arena);
}

static enum err
on_begin(void *arg, const struct multipart_part *part)
{
	(void)arg;
	buf_putf(&seen, "%s(%s,%s)=", part->name,
	    part->filename != NULL ? part->filename : "-",
	    part->type != NULL ? part->type : "-");
	return stop_at_begin ? ERR_FULL : ERR_OK;
}

static enum err
on_data(void *arg, const void *p, size_t n)
{
	(void)arg;
	ck_assert_uint_gt(n, 0);
	buf_mem(&seen, p, n);
	return ERR_OK;
}

static enum err
on_end(void *arg)
{
	(void)arg;
	buf_lit(&seen, ";");
	return ERR_OK;
}

static const struct multipart_handler handler = {
	.begin = on_begin,
	.data = on_data,
	.end = on_end,
};

static enum err
parse(const char *type, const char *body, size_t n, size_t step, size_t split)
{
	const char *params[] = { "REQUEST_METHOD", "POST", "REQUEST_URI", "/",
		"CONTENT_TYPE", type, NULL };
	const struct multipart_limits limits = { 1 << 20, 4, 200 };
	struct http_request req;
	struct why why = { 0 };
	enum err e;

	fake_free(&fake);
	fake_init(&fake, params);
	fake.body = body;
	fake.body_len = n;
	fake.step = step;
	fake.split = split;
	buf_init(&seen, arena, 4 << 20);
	http_request_init(&req, arena, &fake.io);
	e = multipart_read(&req, &limits, &handler, &why);
	if (e == ERR_OK)
		ck_assert(req.body_ended);
	else if (!stop_at_begin)
		ck_assert_int_ne(why.reason, WHY_NONE);
	return e;
}

#define CD "Content-Disposition: form-data; "
#define TYPE "multipart/form-data; boundary=B"

static const struct {
	const char *type;
	const char *body;
	const char *seen; /* NULL: refused */
} bodies[] = {
	{ TYPE, "--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B--\r\n", "a(-,-)=1;" },
	{ TYPE, "--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B--", "a(-,-)=1;" },
	{ TYPE, "--B\r\n" CD "name=a\r\n\r\n\r\n--B--", "a(-,-)=;" },
	{ TYPE, "--B\r\n" CD "name=a\r\n\r\n--B--", "a(-,-)=;" },
	{ TYPE,
	    "preamble\r\n--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B--\r\nepi"
	    "logue\r\n--B\r\n" CD "name=\"b\"\r\n\r\n2\r\n--B--",
	    "a(-,-)=1;" },
	{ TYPE,
	    "--B \t \r\n" CD "name=\"a\"\r\n\r\n1\r\n--B \r\n" CD
	    "name=\"b\"\r\n\r\n2\r\n--B-- \r\n",
	    "a(-,-)=1;b(-,-)=2;" },
	{ "Multipart/Form-Data; charset=utf-8; Boundary=\"a b'()+_,-./:=?\"",
	    "--a b'()+_,-./:=?\r\n" CD "name=\"a\"\r\n\r\n1\r\n"
	    "--a b'()+_,-./:=?--",
	    "a(-,-)=1;" },
	/* Text that only resembles a boundary is content. */
	{ TYPE,
	    "--B\r\n" CD "name=a\r\n\r\n--C\n--B\r--B\r\n--\r\n-\r\n"
	    "\r\n--C\r\n--B--",
	    "a(-,-)=--C\n--B\r--B\r\n--\r\n-\r\n\r\n--C;" },
	{ TYPE, "--B\r\n" CD "name=a\r\n\r\n\r\r\r\n\r\n--B--",
	    "a(-,-)=\r\r\r\n;" },
	{ TYPE,
	    "--B\r\ncontent-disposition:form-data;NAME=a;FileName=x.jpg"
	    "\r\nCONTENT-TYPE: image/jpeg\r\nX: y\r\n\r\nz\r\n--B--",
	    "a(x.jpg,image/jpeg)=z;" },
	/* File names as browsers and others send them. */
	{ TYPE,
	    "--B\r\n" CD "name=\"a%22b\"; filename=\"q%22r%0d%0A100%25.jpg"
	    "\"\r\n\r\n\r\n--B--",
	    "a\"b(q\"r\r\n100%25.jpg,-)=;" },
	{ TYPE,
	    "--B\r\n" CD "name=a; filename=\"q\\\"r;s.jpg\"\r\n\r\n\r\n"
	    "--B--",
	    "a(q\"r;s.jpg,-)=;" },
	{ TYPE,
	    "--B\r\n" CD "name=a; filename=\"C:\\dir\\x.jpg\"\r\n\r\n\r\n"
	    "--B--",
	    "a(C:\\dir\\x.jpg,-)=;" },
	{ TYPE,
	    "--B\r\n" CD "name=a; filename=\"../../etc/x.jpg\"\r\n\r\n\r\n"
	    "--B--",
	    "a(../../etc/x.jpg,-)=;" },
	{ TYPE, "--B\r\n" CD "name=a; filename=\"x\\\"\r\n\r\n\r\n--B--",
	    "a(x\\,-)=;" },
	{ TYPE, "--B\r\n" CD "name=a; filename=\"\"\r\n\r\n\r\n--B--",
	    "a(,-)=;" },
	{ TYPE,
	    "--B\r\n" CD "name=a; filename=\"\xf0\x9f\x98\x80.jpg\"; "
	    "filename*=UTF-8''evil.exe\r\n\r\n\r\n--B--",
	    "a(\xf0\x9f\x98\x80.jpg,-)=;" },
	{ TYPE, "--B\r\n" CD "name=a; filename*=UTF-8''x\r\n\r\n\r\n--B--",
	    "a(-,-)=;" },
	{ TYPE, "--B--", "" },
	{ TYPE, "\r\n--B--\r\n", "" },
	{ TYPE,
	    "--B\r\n" CD "name=a\r\nContent-Transfer-Encoding: Binary"
	    "\r\n\r\n1\r\n--B--",
	    "a(-,-)=1;" },
	/* Refused. */
	{ TYPE, "", NULL },
	{ TYPE, "--B", NULL },
	{ TYPE, "--B\r\n", NULL },
	{ TYPE, "--B-", NULL },
	{ TYPE, "--B\r\n" CD "name=\"a\"", NULL },
	{ TYPE, "--B\r\n" CD "name=\"a\"\r\n\r\n1", NULL },
	{ TYPE, "--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B\r\n", NULL },
	{ TYPE, "--B\r\n" CD "name=\"a\"\r\n\r\n1\r\n--", NULL },
	{ TYPE, "--B\n" CD "name=\"a\"\n\n1\n--B--\n", NULL },
	{ TYPE, "--B\r\n" CD "name=\"a\"\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--BB\r\n" CD "name=\"a\"\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\nContent-Type: a/b\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n" CD "filename=\"x\"\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--",
	    NULL },
	{ TYPE, "--B\r\nContent-Disposition: file; name=a\r\n\r\n1\r\n--B--",
	    NULL },
	{ TYPE,
	    "--B\r\nContent-Disposition: form-datax; name=a\r\n\r\n1"
	    "\r\n--B--",
	    NULL },
	{ TYPE, "--B\r\n" CD "name=a; name=b\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n" CD "name=a\r\n" CD "name=b\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n" CD "name=\"a\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n" CD "name=a;\r\n filename=x\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n" CD "name=\"\xff\"\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\n" CD "name=a b\r\n\r\n1\r\n--B--", NULL },
	{ TYPE, "--B\r\nno header\r\n" CD "name=a\r\n\r\n1\r\n--B--", NULL },
	{ TYPE,
	    "--B\r\n" CD "name=a\r\nContent-Transfer-Encoding: base64"
	    "\r\n\r\nMQ==\r\n--B--",
	    NULL },
	{ TYPE,
	    "--B\r\n" CD "name=a\r\nX: 12345678901234567890123456789012345"
	    "678901234567890123456789012345678901234567890123456789012345"
	    "678901234567890123456789012345678901234567890123456789012345"
	    "678901234567890\r\n\r\n1\r\n--B--",
	    NULL },
	{ "multipart/form-data", "--B--", NULL },
	{ "multipart/form-data; boundary=", "--B--", NULL },
	{ "multipart/form-data; boundary=\"\"", "--B--", NULL },
	{ "multipart/form-data; boundary=\"B", "--B--", NULL },
	{ "multipart/form-data; boundary=\"B \"", "--B --", NULL },
	{ "multipart/form-data; boundary=\"B\xff\"", "--B\xff--", NULL },
	{ "multipart/form-data; boundary=B; boundary=C", "--B--", NULL },
	{ "multipart/form-data; boundary=1234567890123456789012345678901234567"
	  "8901234567890123456789012345678901",
	    "--1234567890123456789012345678901234567890123456789012345678901"
	    "2345678901--",
	    NULL },
};

static void
check(int i, size_t step, size_t split)
{
	const char *body = bodies[i].body;
	enum err e = parse(bodies[i].type, body, strlen(body), step, split);

	if (bodies[i].seen == NULL) {
		ck_assert_int_eq(e, ERR_INVALID);
	} else {
		ck_assert_int_eq(e, ERR_OK);
		ck_assert_str_eq(buf_str(&seen), bodies[i].seen);
	}
}

/* Whole, byte by byte, and cut in two at each place. */
START_TEST(any_split)
{
	check(_i, 0, 0);
	check(_i, 1, 0);
	for (size_t at = 1; at < strlen(bodies[_i].body); at++)
		check(_i, 0, at);
}
END_TEST

/* Every truncation of a valid body is refused. */
START_TEST(cut)
{
	static const char body[] =
	    "--B\r\n" CD "name=a; filename=\"x\"\r\n\r\n"
	    "data\r\n--B\r\n" CD "name=b\r\n\r\n\r\n--B--";

	for (size_t n = 0; n < sizeof(body) - 1; n++)
		ck_assert_int_eq(parse(TYPE, body, n, 0, 0), ERR_INVALID);
	ck_assert_int_eq(parse(TYPE, body, sizeof(body) - 1, 0, 0), ERR_OK);
}
END_TEST

START_TEST(other_types)
{
	ck_assert_int_eq(parse("multipart/mixed; boundary=B", "--B--", 5, 0, 0),
	    ERR_MEDIA_TYPE);
	ck_assert_int_eq(parse("application/json", "{}", 2, 0, 0),
	    ERR_MEDIA_TYPE);
	ck_assert_int_eq(parse("", "", 0, 0, 0), ERR_MEDIA_TYPE);
}
END_TEST

START_TEST(parts)
{
	static const char part[] = "--B\r\n" CD "name=a\r\n\r\nx\r\n";
	struct buf b;

	buf_init(&b, arena, 1 << 20);
	for (int i = 0; i < 4; i++)
		buf_raw(&b, part);
	buf_lit(&b, "--B--");
	ck_assert_int_eq(parse(TYPE, b.data, b.len, 0, 0), ERR_OK);
	b.len -= 5;
	for (int i = 0; i < 10000; i++)
		buf_raw(&b, part);
	buf_lit(&b, "--B--");
	ck_assert_int_eq(parse(TYPE, b.data, b.len, 0, 0), ERR_INVALID);
	ck_assert_str_eq(buf_str(&seen),
	    "a(-,-)=x;a(-,-)=x;a(-,-)=x;a(-,-)=x;");
}
END_TEST

/* The handler's error ends the reading and is its result. */
START_TEST(stopped)
{
	stop_at_begin = true;
	ck_assert_int_eq(parse(TYPE, bodies[0].body, strlen(bodies[0].body), 0,
			     0),
	    ERR_FULL);
	ck_assert_str_eq(buf_str(&seen), "a(-,-)=");
}
END_TEST

/* Larger than the buffer, a boundary at every place around its end. */
START_TEST(large)
{
	size_t n = 65536 - 100 + (size_t)_i;
	char *data = arena_alloc(arena, n + 1);
	struct buf b;

	memset(data, '\r', n);
	for (size_t i = 0; i < n; i += 3)
		data[i] = '\n';
	buf_init(&b, arena, 1 << 20);
	buf_raw(&b, "--B\r\n" CD "name=a\r\n\r\n");
	buf_mem(&b, data, n);
	buf_raw(&b, "\r\n--B--");
	ck_assert_int_eq(parse(TYPE, b.data, b.len, 0, 0), ERR_OK);
	ck_assert_uint_eq(seen.len, 7 + n + 1);
	ck_assert_mem_eq(seen.data + 7, data, n);
}
END_TEST

START_TEST(limit)
{
	size_t n = (1 << 20) + 1;
	char *data = arena_alloc(arena, n);
	static const char head[] = "--B\r\n" CD "name=a\r\n\r\n";

	memset(data, 'x', n);
	memcpy(data, head, sizeof(head) - 1);
	ck_assert_int_eq(parse(TYPE, data, n, 0, 0), ERR_TOO_LARGE);
	/* An epilogue counts too. */
	memcpy(data, "--B--", 5);
	ck_assert_int_eq(parse(TYPE, data, n, 0, 0), ERR_TOO_LARGE);
}
END_TEST

/* Any bytes have the same result in one piece and in small ones; the sanitizer
 * checks. */
START_TEST(mutated)
{
	uint32_t x = 2463534242u + (uint32_t)_i;

	for (int round = 0; round < 300; round++) {
		const char *from =
		    bodies[(size_t)round % (sizeof(bodies) / sizeof(bodies[0]))]
			.body;
		size_t n = strlen(from);
		char *body = arena_strdup(arena, from);
		const char *whole;
		enum err e;

		for (int k = 0; k < 3 && n > 0; k++) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			body[x % n] = "\r\n-B\";=\0 %\xff"[x / 65536 % 11];
		}
		e = parse(TYPE, body, n, 0, 0);
		whole = arena_memdup(arena, buf_str(&seen), seen.len + 1);
		ck_assert_int_eq(parse(TYPE, body, n, 1 + x % 5, 0), e);
		if (e == ERR_OK)
			ck_assert_mem_eq(whole, buf_str(&seen), seen.len + 1);
		if (round % 50 == 49)
			arena_reset(arena);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("http_multipart");
	TCase *t = tcase_create("multipart");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, any_split, 0,
	    (int)(sizeof(bodies) / sizeof(bodies[0])));
	tcase_add_test(t, cut);
	tcase_add_test(t, other_types);
	tcase_add_test(t, parts);
	tcase_add_test(t, stopped);
	tcase_add_loop_test(t, large, 0, 120);
	tcase_add_test(t, limit);
	tcase_add_loop_test(t, mutated, 0, 20);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
