/* Reading requests: target, query, headers, cookies, preferences, body. */
#include "config.h"

#include "http/body.h"
#include "http/accept.h"
#include "http/request.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sec.h"
#include "http_fake.h"

static struct arena *arena;
static struct fake fake;
static struct http_request req;
static const char *params[32];

static void
set_up(void)
{
	sec_init();
	arena = arena_new(16 << 20);
}

static void
tear_down(void)
{
	fake_free(&fake);
	arena_free(arena);
}

/* A request with up to four variables. */
static void
ask(const char *n1, const char *v1, const char *n2, const char *v2)
{
	size_t n = 0;

	fake_free(&fake);
	params[n++] = "REQUEST_METHOD";
	params[n++] = "POST";
	if (strcmp(n1, "REQUEST_URI") != 0) {
		params[n++] = "REQUEST_URI";
		params[n++] = "/";
	}
	params[n++] = n1;
	params[n++] = v1;
	params[n++] = n2;
	params[n++] = v2;
	params[n] = NULL;
	fake_init(&fake, params);
	http_request_init(&req, arena, &fake.io);
}

static const struct {
	const char *uri;
	const char *path;     /* NULL: bad */
	const char *segments; /* joined by | */
} paths[] = {
	{ "/", "/", "" },
	{ "/a", "/a", "a" },
	{ "/a/", "/a/", "a|" },
	{ "//", "//", "|" },
	{ "//a", "//a", "|a" },
	{ "/a?b=c", "/a", "a" },
	{ "/a%20b/c", "/a b/c", "a b|c" },
	{ "/a+b", "/a+b", "a+b" },
	{ "/a%2Fb", "/a/b", "a/b" },
	{ "/a%5cb\\c", "/a\\b\\c", "a\\b\\c" },
	{ "/%F0%9F%98%80", "/\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	{ "/\xc3\xa4", "/\xc3\xa4", "\xc3\xa4" },
	{ "/...", "/...", "..." },
	{ "/.a/..b/c.", "/.a/..b/c.", ".a|..b|c." },
	{ "/%2525", "/%25", "%25" },
	{ "", NULL, NULL },
	{ "a", NULL, NULL },
	{ "*", NULL, NULL },
	{ "http://host/a", NULL, NULL },
	{ "/.", NULL, NULL },
	{ "/..", NULL, NULL },
	{ "/a/../b", NULL, NULL },
	{ "/a/./b", NULL, NULL },
	{ "/%2e%2E/b", NULL, NULL },
	{ "/a%2f..%2fb", NULL, NULL },
	{ "/a%2f..", NULL, NULL },
	{ "/..%2fa", NULL, NULL },
	{ "/a%00b", NULL, NULL },
	{ "/a%0ab", NULL, NULL },
	{ "/a%7f", NULL, NULL },
	{ "/a\tb", NULL, NULL },
	{ "/a%", NULL, NULL },
	{ "/a%4", NULL, NULL },
	{ "/a%4g", NULL, NULL },
	{ "/a%ff", NULL, NULL },
	{ "/%c0%af", NULL, NULL },
	{ "/%ed%a0%80", NULL, NULL },
	{ "/a#b", NULL, NULL },
	{ "/a?b=%", NULL, NULL },
	{ "/a?b=%00", NULL, NULL },
	{ "/a?%ff=1", NULL, NULL },
};

START_TEST(path)
{
	char joined[256] = "";

	ask("REQUEST_URI", paths[_i].uri, "X", "");
	if (paths[_i].path == NULL) {
		ck_assert_ptr_null(req.path);
		return;
	}
	ck_assert_ptr_nonnull(req.path);
	ck_assert_str_eq(req.path, paths[_i].path);
	for (size_t i = 0; i < req.nsegments; i++)
		snprintf(joined + strlen(joined),
		    sizeof(joined) - strlen(joined), "%s%s", i > 0 ? "|" : "",
		    req.segments[i]);
	ck_assert_str_eq(joined, paths[_i].segments);
}
END_TEST

/* A prefix, followed by n copies of the same text. */
static const char *
repeat(const char *start, const char *piece, size_t n)
{
	size_t len = strlen(piece), at = strlen(start);
	char *text = arena_alloc(arena, at + n * len + 1);

	memcpy(text, start, at);
	for (size_t i = 0; i < n; i++, at += len)
		memcpy(text + at, piece, len);
	return text;
}

START_TEST(target_limits)
{
	ask("REQUEST_URI", repeat("", "/a", HTTP_MAX_SEGMENTS), "X", "");
	ck_assert_ptr_nonnull(req.path);
	ck_assert_uint_eq(req.nsegments, HTTP_MAX_SEGMENTS);
	ask("REQUEST_URI", repeat("", "/a", HTTP_MAX_SEGMENTS + 1), "X", "");
	ck_assert_ptr_null(req.path);
	ask("REQUEST_URI", repeat("/", "a", HTTP_MAX_TARGET - 1), "X", "");
	ck_assert_ptr_nonnull(req.path);
	ask("REQUEST_URI", repeat("/", "a", HTTP_MAX_TARGET), "X", "");
	ck_assert_ptr_null(req.path);
	ask("REQUEST_URI", repeat("/?", "a", HTTP_MAX_QUERY), "X", "");
	ck_assert_ptr_nonnull(req.path);
	ask("REQUEST_URI", repeat("/?", "a", HTTP_MAX_QUERY + 1), "X", "");
	ck_assert_ptr_null(req.path);
	ask("REQUEST_URI", repeat("/?", "a&", HTTP_MAX_PAIRS), "X", "");
	ck_assert_ptr_nonnull(req.path);
	ask("REQUEST_URI", repeat("/?", "a&", HTTP_MAX_PAIRS + 1), "X", "");
	ck_assert_ptr_null(req.path);
	ask("REQUEST_URI", repeat("/?", "&", 5000), "X", "");
	ck_assert_ptr_nonnull(req.path);
	ck_assert_uint_eq(req.npairs, 0);
}
END_TEST

START_TEST(query)
{
	ask("REQUEST_URI", "/?a=1&b=x+y%2B%26&&c&=d&a=2&e==&f=?", "X", "");
	ck_assert_ptr_nonnull(req.path);
	ck_assert_uint_eq(req.npairs, 7);
	ck_assert_str_eq(http_query(&req, "a"), "1");
	ck_assert_str_eq(http_query(&req, "b"), "x y+&");
	ck_assert_str_eq(http_query(&req, "c"), "");
	ck_assert_str_eq(http_query(&req, ""), "d");
	ck_assert_str_eq(http_query(&req, "e"), "=");
	ck_assert_str_eq(http_query(&req, "f"), "?");
	ck_assert_ptr_null(http_query(&req, "A"));
	ck_assert_str_eq(req.target, "/");
	ask("REQUEST_URI", "/", "X", "");
	ck_assert_str_eq(req.query, "");
}
END_TEST

START_TEST(variables)
{
	char id[33];

	ask("HTTP_USER_AGENT", "me", "CONTENT_TYPE", "text/plain");
	ck_assert_str_eq(http_header(&req, "User-Agent"), "me");
	ck_assert_str_eq(http_header(&req, "user-agent"), "me");
	ck_assert_str_eq(http_header(&req, "Content-Type"), "text/plain");
	ck_assert_ptr_null(http_header(&req, "Accept"));
	ck_assert_int_eq(req.method, HTTP_POST);
	ck_assert_int_eq(req.content_length, -1);
	ck_assert(!req.https);
	ck_assert_str_eq(req.address, "");
	ck_assert_uint_eq(strspn(req.id, "0123456789abcdef"), 32);
	memcpy(id, req.id, sizeof(id));
	ask("HTTP_X_REQUEST_ID", "mine", "HTTPS", "on");
	ck_assert_str_ne(id, req.id);
	ck_assert_str_ne("mine", req.id);
	ck_assert(req.https);
	ask("HTTPS", "off", "CONTENT_TYPE", "");
	ck_assert(!req.https);
	ck_assert_ptr_null(http_header(&req, "Content-Type"));
	ask("REQUEST_SCHEME", "https", "X", "");
	ck_assert(req.https);
}
END_TEST

static const struct {
	const char *text;
	int64_t length;
} lengths[] = {
	{ "", -1 },
	{ "-1", -1 },
	{ "0", 0 },
	{ "17", 17 },
	{ "1x", -1 },
	{ " 1", -1 },
	{ "+1", -1 },
	{ "9223372036854775807", -1 },
	{ "99999999999999999999999", -1 },
	{ "2147483648", 2147483648 },
};

START_TEST(content_length)
{
	ask("CONTENT_LENGTH", lengths[_i].text, "X", "");
	ck_assert_int_eq(req.content_length, lengths[_i].length);
}
END_TEST

static const struct {
	const char *cookie;
	const char *value; /* of "sid" */
} cookies[] = {
	{ "sid=1", "1" },
	{ "a=b; sid=1", "1" },
	{ "a=b;sid=1 ; c=d", "1" },
	{ "sid=1; sid=2", "1" },
	{ "xsid=1", NULL },
	{ "sid", NULL },
	{ "SID=1", NULL },
	{ "sid=", "" },
	{ "sid=\"q\"", "q" },
	{ "sid=\"", "\"" },
	{ "sid=a=b", "a=b" },
	{ "; ;; sid=1", "1" },
	{ "", NULL },
	{ "sidx=2; sid=1", "1" },
};

START_TEST(cookie)
{
	const char *v;

	ask("HTTP_COOKIE", cookies[_i].cookie, "X", "");
	v = http_cookie(&req, "sid");
	if (cookies[_i].value == NULL)
		ck_assert_ptr_null(v);
	else
		ck_assert_pstr_eq(v, cookies[_i].value);
}
END_TEST

static const struct {
	const char *accept;
	bool html;
} wishes[] = {
	{ "", false },
	{ "*/*", false },
	{ "text/html", true },
	{ "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	    true },
	{ "application/json", false },
	{ "application/json, text/html", false },
	{ "text/html, application/json", true },
	{ "text/html;q=0.5, application/json", false },
	{ "application/json;q=0.5, text/html;q=0.6", true },
	{ "application/json;q=0.5,text/*", true },
	{ "text/html;q=0", false },
	{ "text/html;q=0, */*", false },
	{ "*/*, text/html;q=0.9", false },
	{ "*/*;q=0.1, text/html;q=0.9", true },
	{ "application/problem+json, text/html", false },
	{ "TEXT/HTML; charset=utf-8 ; Q=0.9, application/json;q=0.8", true },
	{ "image/png", false },
	{ ",,;q=;,", false },
	{ "text/html;q=0.001", true },
	{ "text/*;q=0.3, text/html;q=0.7, application/json;q=0.5", true },
};

START_TEST(wants_html)
{
	ask("HTTP_ACCEPT", wishes[_i].accept, "X", "");
	ck_assert_int_eq(http_wants_html(&req), wishes[_i].html);
}
END_TEST

START_TEST(content_is)
{
	ask("CONTENT_TYPE", "Application/JSON ;charset=x", "X", "");
	ck_assert(http_content_is(&req, "application/json"));
	ck_assert(!http_content_is(&req, "application/*+json"));
	ck_assert(!http_content_is(&req, "application/jso"));
	ask("CONTENT_TYPE", "application/problem+json", "X", "");
	ck_assert(http_content_is(&req, "application/*+json"));
	ck_assert(!http_content_is(&req, "application/json"));
	ask("CONTENT_TYPE", "application/+json", "X", "");
	ck_assert(!http_content_is(&req, "application/*+json"));
	ask("X", "", "Y", "");
	ck_assert(!http_content_is(&req, "application/json"));
}
END_TEST

/* A body of n bytes with the announced length. */
static enum err
take(size_t n, const char *length, size_t limit, size_t step, size_t *ret_n)
{
	struct why why = { 0 };
	const char *body = NULL;
	enum err e;

	ask("CONTENT_LENGTH", length, "X", "");
	fake.body = repeat("", "x", n);
	fake.body_len = n;
	fake.step = step;
	e = http_body(&req, limit, &body, ret_n, &why);
	if (e == ERR_OK) {
		ck_assert_uint_eq(strlen(body), *ret_n);
		ck_assert(req.body_ended);
	} else {
		ck_assert_int_ne(why.reason, WHY_NONE);
	}
	return e;
}

START_TEST(body)
{
	size_t n = 0;

	ck_assert_int_eq(take(10, "10", 10, 0, &n), ERR_OK);
	ck_assert_uint_eq(n, 10);
	ck_assert_int_eq(take(10, "", 10, 3, &n), ERR_OK);
	ck_assert_int_eq(take(0, "0", 10, 0, &n), ERR_OK);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(take(0, "-1", 0, 0, &n), ERR_OK);
	ck_assert_int_eq(take(11, "11", 10, 0, &n), ERR_TOO_LARGE);
	ck_assert_uint_eq(fake.at, 0);
	ck_assert_int_eq(take(11, "", 10, 0, &n), ERR_TOO_LARGE);
	ck_assert_int_eq(take(9, "10", 10, 0, &n), ERR_INVALID);
	ck_assert_int_eq(take(100000, "100000", 100000, 777, &n), ERR_OK);
	ck_assert_uint_eq(n, 100000);
	/* Bytes beyond the announced length are not part of the body. */
	ck_assert_int_eq(take(20, "10", 100, 0, &n), ERR_OK);
	ck_assert_uint_eq(n, 10);
	/* A huge announced length allocates no memory. */
	ck_assert_int_eq(take(5, "9000000000000", SIZE_MAX, 0, &n),
	    ERR_INVALID);
}
END_TEST

START_TEST(body_lost)
{
	struct why why = { 0 };
	const char *text;
	size_t n;

	ask("X", "", "Y", "");
	fake.lost = true;
	ck_assert_int_eq(http_body(&req, 10, &text, &n, &why), ERR_INVALID);
	ck_assert(!req.body_ended);
}
END_TEST

START_TEST(form)
{
	static const char text[] = "name=J%C3%BCrgen+M&x=1&x=2";
	const struct http_pair *pairs;
	struct why why = { 0 };
	size_t n;

	ask("CONTENT_TYPE", "application/x-www-form-urlencoded", "X", "");
	fake.body = text;
	fake.body_len = strlen(text);
	fake.step = 1;
	ck_assert_int_eq(http_form(&req, 100, &pairs, &n, &why), ERR_OK);
	ck_assert_uint_eq(n, 3);
	ck_assert_str_eq(http_pair_value(pairs, n, "name"), "J\xc3\xbcrgen M");
	ck_assert_str_eq(http_pair_value(pairs, n, "x"), "1");
	ck_assert_ptr_null(http_pair_value(pairs, n, "y"));
}
END_TEST

static const struct {
	const char *type;
	const char *body;
	size_t len;
	enum err e;
} bad_forms[] = {
	{ "text/plain", "a=b", 3, ERR_MEDIA_TYPE },
	{ "application/x-www-form-urlencoded", "a=%zz", 5, ERR_INVALID },
	{ "application/x-www-form-urlencoded", "a=\0b", 4, ERR_INVALID },
	{ "application/x-www-form-urlencoded", "a=\xff", 3, ERR_INVALID },
	{ "application/x-www-form-urlencoded", "aaaaaaaaaaaaaaaaaaaaa", 21,
	    ERR_TOO_LARGE },
};

START_TEST(bad_form)
{
	const struct http_pair *pairs;
	struct why why = { 0 };
	size_t n;

	ask("CONTENT_TYPE", bad_forms[_i].type, "X", "");
	fake.body = bad_forms[_i].body;
	fake.body_len = bad_forms[_i].len;
	ck_assert_int_eq(http_form(&req, 20, &pairs, &n, &why),
	    bad_forms[_i].e);
}
END_TEST

START_TEST(form_of_many)
{
	const struct http_pair *pairs;
	struct why why = { 0 };
	size_t n;

	ask("CONTENT_TYPE", "application/x-www-form-urlencoded", "X", "");
	fake.body = repeat("", "a&", HTTP_MAX_FIELDS + 1);
	fake.body_len = strlen(fake.body);
	ck_assert_int_eq(http_form(&req, 1 << 20, &pairs, &n, &why),
	    ERR_INVALID);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("http_request");
	TCase *t = tcase_create("request");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, path, 0, COUNT(paths));
	tcase_add_test(t, target_limits);
	tcase_add_test(t, query);
	tcase_add_test(t, variables);
	tcase_add_loop_test(t, content_length, 0, COUNT(lengths));
	tcase_add_loop_test(t, cookie, 0, COUNT(cookies));
	tcase_add_loop_test(t, wants_html, 0, COUNT(wishes));
	tcase_add_test(t, content_is);
	tcase_add_test(t, body);
	tcase_add_test(t, body_lost);
	tcase_add_test(t, form);
	tcase_add_loop_test(t, bad_form, 0, COUNT(bad_forms));
	tcase_add_test(t, form_of_many);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
