/* Answers: headers safe from injection, cookies, file names, the body. */
#include "config.h"

#include "http/response.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/sec.h"
#include "http_fake.h"

static struct arena *arena;
static struct fake fake;
static struct http_request req;
static struct http_response resp;
static const char *params[] = { "REQUEST_METHOD", "GET", "REQUEST_URI", "/",
	"HTTPS", "", NULL };

static void
begin(const char *method, const char *https)
{
	fake_free(&fake);
	params[1] = method;
	params[5] = https;
	fake_init(&fake, params);
	http_request_init(&req, arena, &fake.io);
	http_response_init(&resp, &req, 1000);
}

static void
set_up(void)
{
	sec_init();
	arena = arena_new(16 << 20);
	begin("GET", "");
}

static void
tear_down(void)
{
	fake_free(&fake);
	arena_free(arena);
}

/* The whole expected answer; %s is the request's id. */
static void
expect(const char *fmt)
{
	const char *at = strstr(fmt, "%s");

	ck_assert_ptr_nonnull(at);
	ck_assert_ptr_nonnull(fake.out);
	ck_assert_str_eq(fake.out,
	    arena_printf(arena, "%.*s%s%s", (int)(at - fmt), fmt, req.id,
		at + 2));
}

START_TEST(sent)
{
	http_response_header(&resp, "Content-Type", "text/%s", "plain");
	buf_lit(&resp.body, "hello");
	http_response_send(&resp);
	expect("Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
	       "5\r\nX-Request-Id: %s\r\n\r\nhello");
	ck_assert(resp.sent && !resp.failed);
	ck_assert_uint_eq(resp.body_sent, 5);
}
END_TEST

START_TEST(head)
{
	begin("HEAD", "");
	buf_lit(&resp.body, "hello");
	http_response_send(&resp);
	expect(
	    "Status: 200 OK\r\nContent-Length: 5\r\nX-Request-Id: %s\r\n\r\n");
	ck_assert_uint_eq(resp.body_sent, 0);
}
END_TEST

START_TEST(no_body)
{
	resp.status = _i;
	buf_lit(&resp.body, "hello");
	http_response_send(&resp);
	ck_assert_ptr_null(strstr(fake.out, "Content-Length"));
	ck_assert_ptr_null(strstr(fake.out, "hello"));
}
END_TEST

START_TEST(streamed)
{
	http_response_stream(&resp);
	ck_assert(http_response_write(&resp, "ab", 2));
	ck_assert(http_response_write(&resp, "c", 1));
	expect("Status: 200 OK\r\nX-Request-Id: %s\r\n\r\nabc");
	ck_assert_uint_eq(resp.body_sent, 3);
	begin("HEAD", "");
	http_response_stream(&resp);
	ck_assert(http_response_write(&resp, "ab", 2));
	expect("Status: 200 OK\r\nX-Request-Id: %s\r\n\r\n");
}
END_TEST

START_TEST(client_gone)
{
	fake.out_most = 100;
	http_response_stream(&resp);
	ck_assert(!http_response_write(&resp, params, sizeof(params)));
	ck_assert(resp.failed);
	ck_assert(!http_response_write(&resp, "a", 1));
}
END_TEST

static const struct {
	const char *value;
	const char *header;
} values[] = {
	{ "plain", "X: plain\r\n" },
	{ "tab\tstays", "X: tab\tstays\r\n" },
	{ "a\r\nSet-Cookie: x=y", "X: a\r\n" },
	{ "a\nSet-Cookie: x=y", "X: a\r\n" },
	{ "a\rb", "X: a\r\n" },
	{ "\r\n\r\n<script>", "X: \r\n" },
	{ "a\x7f"
	  "b",
	    "X: a\r\n" },
	{ "a\x01", "X: a\r\n" },
	{ "%s%n", "X: %s%n\r\n" },
	{ "\xc3\xa4", "X: \xc3\xa4\r\n" },
};

START_TEST(injection)
{
	http_response_header(&resp, "X", "%s", values[_i].value);
	ck_assert_str_eq(buf_str(&resp.headers), values[_i].header);
	http_response_clear(&resp);
	http_response_text(&resp, "X", values[_i].value);
	ck_assert_str_eq(buf_str(&resp.headers), values[_i].header);
	http_response_header(&resp, "Y", "1");
	ck_assert(http_response_has(&resp, "x"));
	ck_assert(http_response_has(&resp, "Y"));
	ck_assert(!http_response_has(&resp, "Set-Cookie"));
	ck_assert(!http_response_has(&resp, "plain"));
}
END_TEST

START_TEST(cleared)
{
	http_response_header(&resp, "X", "1");
	resp.status = 201;
	buf_lit(&resp.body, "x");
	http_response_clear(&resp);
	http_response_send(&resp);
	expect("Status: 200 OK\r\nContent-Length: 0\r\nX-Request-Id: %s\r\n"
	       "\r\n");
}
END_TEST

/* An answer must not be truncated at its cap. */
START_TEST(overflow)
{
	resp.status = 201;
	for (int i = 0; i < 1001; i++)
		buf_lit(&resp.body, "x");
	http_response_send(&resp);
	ck_assert_ptr_nonnull(strstr(fake.out, "Status: 500 "));
	ck_assert_ptr_null(strstr(fake.out, "xxx"));
	begin("GET", "");
	for (int i = 0; i < 2000; i++)
		http_response_header(&resp, "X", "0123456789");
	http_response_send(&resp);
	ck_assert_ptr_nonnull(strstr(fake.out, "Status: 500 "));
}
END_TEST

START_TEST(cookie)
{
	http_response_cookie(&resp, "connect.sid", "abc", 60, NULL);
	ck_assert_str_eq(buf_str(&resp.headers),
	    "Set-Cookie: connect.sid=abc;"
	    " Path=/; Max-Age=60; HttpOnly; SameSite=Lax\r\n");
	begin("GET", "on");
	http_response_cookie(&resp, "a", "", 0, "/s/x");
	ck_assert_str_eq(buf_str(&resp.headers),
	    "Set-Cookie: a=; Path=/s/x; "
	    "Max-Age=0; HttpOnly; SameSite=Lax; Secure\r\n");
	begin("GET", "");
	http_response_cookie(&resp, "a", "x; Domain=evil\r\nY: z\xc3\"", -1,
	    NULL);
	ck_assert_str_eq(buf_str(&resp.headers),
	    "Set-Cookie: a=x%3B%20Domain="
	    "evil%0D%0AY:%20z%C3%22; Path=/; HttpOnly; SameSite=Lax\r\n");
}
END_TEST

static const struct {
	const char *name;
	const char *value;
} names[] = {
	{ "", "attachment" },
	{ "a b.jpg", "attachment; filename=\"a b.jpg\"" },
	{ "a;b=c,'d'.jpg", "attachment; filename=\"a;b=c,'d'.jpg\"" },
	{ "q\"r.jpg",
	    "attachment; filename=\"q_r.jpg\"; "
	    "filename*=UTF-8''q%22r.jpg" },
	{ "100%25.jpg",
	    "attachment; filename=\"100_25.jpg\"; "
	    "filename*=UTF-8''100%2525.jpg" },
	{ "../a\\b.jpg", "attachment; filename=\".._a_b.jpg\"" },
	{ "a\r\nX: y.jpg", "attachment; filename=\"a__X: y.jpg\"" },
	{ "\xf0\x9f\x98\x80.jpg",
	    "attachment; filename=\"_.jpg\"; "
	    "filename*=UTF-8''%F0%9F%98%80.jpg" },
	{ "n\xc3\xa4h.jpg",
	    "attachment; filename=\"n_h.jpg\"; "
	    "filename*=UTF-8''n%C3%A4h.jpg" },
	{ "\xd7\x90.jpg",
	    "attachment; filename=\"_.jpg\"; "
	    "filename*=UTF-8''%D7%90.jpg" },
	{ "a\xe2\x80\xaegpj.exe", "attachment; filename=\"a_gpj.exe\"" },
	{ "a\xe2\x81\xa7gpj.exe", "attachment; filename=\"a_gpj.exe\"" },
	{ "a\xe2\x80\x8d"
	  "b",
	    "attachment; filename=\"a_b\"; "
	    "filename*=UTF-8''a%E2%80%8Db" },
	{ "a\xff.jpg", "attachment; filename=\"a_.jpg\"" },
	{ "a\xe2", "attachment; filename=\"a_\"" },
	{ "a\xe2\x80", "attachment; filename=\"a_\"" },
};

START_TEST(disposition)
{
	const char *start = "Content-Disposition: ";

	http_response_disposition(&resp, true, names[_i].name);
	ck_assert_str_eq(buf_str(&resp.headers),
	    arena_printf(arena, "%s%s\r\n", start, names[_i].value));
}
END_TEST

START_TEST(inline_name)
{
	http_response_disposition(&resp, false, "a");
	ck_assert_str_eq(buf_str(&resp.headers),
	    "Content-Disposition: inline; filename=\"a\"\r\n");
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("http_response");
	TCase *t = tcase_create("response");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, sent);
	tcase_add_test(t, head);
	tcase_add_loop_test(t, no_body, 204, 205);
	tcase_add_loop_test(t, no_body, 304, 305);
	tcase_add_test(t, streamed);
	tcase_add_test(t, client_gone);
	tcase_add_loop_test(t, injection, 0, COUNT(values));
	tcase_add_test(t, cleared);
	tcase_add_test(t, overflow);
	tcase_add_test(t, cookie);
	tcase_add_loop_test(t, disposition, 0, COUNT(names));
	tcase_add_test(t, inline_name);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
