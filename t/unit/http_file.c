/* Conditional requests and ranges for a file, and how it is sent. */
#include "config.h"

#include "http/file.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sec.h"
#include "http/conditions.h"
#include "http_fake.h"

#define MTIME 1700000000 /* 0x6553f100, Tue, 14 Nov 2023 22:13:20 GMT */
#define TAG "\"6553f100-64\""
#define DATE "Tue, 14 Nov 2023 22:13:20 GMT"
#define BEFORE "Tue, 14 Nov 2023 22:13:19 GMT"
#define AFTER "Tue, 14 Nov 2023 22:13:21 GMT"

static struct arena *arena;
static struct fake fake;
static struct http_request req;
static const char *params[20];
static size_t nparams;
static char path[32];
static int fd;

static void
set_up(void)
{
	char data[100];

	sec_init();
	arena = arena_new(16 << 20);
	nparams = 0;
	snprintf(path, sizeof(path), "/tmp/http_file.XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)('0' + i % 10);
	ck_assert_int_eq(write(fd, data, sizeof(data)), 100);
}

static void
tear_down(void)
{
	close(fd);
	unlink(path);
	fake_free(&fake);
	arena_free(arena);
}

static void
with(const char *name, const char *value)
{
	if (value == NULL)
		return;
	params[nparams++] = name;
	params[nparams++] = value;
}

static void
ask(const char *method)
{
	with("REQUEST_METHOD", method);
	with("REQUEST_URI", "/");
	params[nparams] = NULL;
	fake_init(&fake, params);
	http_request_init(&req, arena, &fake.io);
}

static const struct {
	const char *match, *none_match, *unmodified, *modified;
	int status;
} conditions[] = {
	{ NULL, NULL, NULL, NULL, 200 },
	{ TAG, NULL, NULL, NULL, 200 },
	{ "*", NULL, NULL, NULL, 200 },
	{ "\"x\", " TAG, NULL, NULL, NULL, 200 },
	{ "\"x\"", NULL, NULL, NULL, 412 },
	{ "W/" TAG, NULL, NULL, NULL, 412 },
	{ "nonsense", NULL, NULL, NULL, 412 },
	{ TAG, NULL, BEFORE, NULL, 200 },
	{ NULL, NULL, BEFORE, NULL, 412 },
	{ NULL, NULL, DATE, NULL, 200 },
	{ NULL, NULL, AFTER, NULL, 200 },
	{ NULL, NULL, "nonsense", NULL, 200 },
	{ NULL, TAG, NULL, NULL, 304 },
	{ NULL, "W/" TAG, NULL, NULL, 304 },
	{ NULL, "*", NULL, NULL, 304 },
	{ NULL, " \"a,b\" ,,W/\"\"," TAG, NULL, NULL, 304 },
	{ NULL, "\"x\"", NULL, NULL, 200 },
	{ NULL, "\"x\"", NULL, DATE, 200 },
	{ NULL, "", NULL, DATE, 200 },
	{ NULL, "\"6553f100-64", NULL, NULL, 200 },
	{ NULL, NULL, NULL, DATE, 304 },
	{ NULL, NULL, NULL, AFTER, 304 },
	{ NULL, NULL, NULL, BEFORE, 200 },
	{ NULL, NULL, NULL, "nonsense", 200 },
	{ "\"x\"", TAG, NULL, NULL, 412 },
	{ TAG, TAG, NULL, NULL, 304 },
};

static int
evaluate(uint64_t size, struct http_span *span)
{
	const struct timespec mtime = { .tv_sec = MTIME, .tv_nsec = 999999999 };
	struct http_validator v;

	http_validator_of(&v, size, mtime);
	if (size == 100)
		ck_assert_str_eq(v.etag, TAG);
	return http_conditions(&req, &v, span);
}

START_TEST(condition)
{
	struct http_span span;

	with("HTTP_IF_MATCH", conditions[_i].match);
	with("HTTP_IF_NONE_MATCH", conditions[_i].none_match);
	with("HTTP_IF_UNMODIFIED_SINCE", conditions[_i].unmodified);
	with("HTTP_IF_MODIFIED_SINCE", conditions[_i].modified);
	ask("GET");
	ck_assert_int_eq(evaluate(100, &span), conditions[_i].status);
}
END_TEST

static const struct {
	const char *range, *if_range;
	uint64_t size;
	int status;
	uint64_t start, length;
} ranges[] = {
	{ "bytes=0-", NULL, 100, 206, 0, 100 },
	{ "bytes=0-0", NULL, 100, 206, 0, 1 },
	{ "bytes=99-", NULL, 100, 206, 99, 1 },
	{ "bytes=10-19", NULL, 100, 206, 10, 10 },
	{ "Bytes= 10-19 ", NULL, 100, 206, 10, 10 },
	{ "bytes=90-1000", NULL, 100, 206, 90, 10 },
	{ "bytes=0-18446744073709551615", NULL, 100, 206, 0, 100 },
	{ "bytes=-1", NULL, 100, 206, 99, 1 },
	{ "bytes=-100", NULL, 100, 206, 0, 100 },
	{ "bytes=-1000", NULL, 100, 206, 0, 100 },
	{ "bytes=-0", NULL, 100, 416, 0, 100 },
	{ "bytes=100-", NULL, 100, 416, 0, 100 },
	{ "bytes=100-200", NULL, 100, 416, 0, 100 },
	{ "bytes=0-", NULL, 0, 416, 0, 0 },
	{ "bytes=-1", NULL, 0, 416, 0, 0 },
	{ "bytes=5-2", NULL, 100, 416, 0, 100 },
	{ "bytes=", NULL, 100, 416, 0, 100 },
	{ "bytes=-", NULL, 100, 416, 0, 100 },
	{ "bytes=a-b", NULL, 100, 416, 0, 100 },
	{ "bytes=1", NULL, 100, 416, 0, 100 },
	{ "bytes=1-2x", NULL, 100, 416, 0, 100 },
	{ "bytes=0-99999999999999999999", NULL, 100, 416, 0, 100 },
	{ "bytes=18446744073709551616-", NULL, 100, 416, 0, 100 },
	{ "bytes=0-1,5-6", NULL, 100, 200, 0, 100 },
	{ "bytes=0-1 , -1", NULL, 100, 200, 0, 100 },
	{ "bytes=0-1,200-", NULL, 100, 206, 0, 2 },
	{ "bytes=200-,300-", NULL, 100, 416, 0, 100 },
	{ "bytes=0-1,x", NULL, 100, 416, 0, 100 },
	{ "lines=0-1", NULL, 100, 200, 0, 100 },
	{ "", NULL, 100, 200, 0, 100 },
	{ "bytes=0-1", TAG, 100, 206, 0, 2 },
	{ "bytes=0-1", "W/" TAG, 100, 200, 0, 100 },
	{ "bytes=0-1", "\"x\"", 100, 200, 0, 100 },
	{ "bytes=0-1", DATE, 100, 206, 0, 2 },
	{ "bytes=0-1", AFTER, 100, 200, 0, 100 },
	{ "bytes=0-1", BEFORE, 100, 200, 0, 100 },
	{ "bytes=0-1", "nonsense", 100, 200, 0, 100 },
	{ "bytes=200-", "\"x\"", 100, 200, 0, 100 },
};

START_TEST(range)
{
	struct http_span span;

	with("HTTP_RANGE", ranges[_i].range);
	with("HTTP_IF_RANGE", ranges[_i].if_range);
	ask("GET");
	ck_assert_int_eq(evaluate(ranges[_i].size, &span), ranges[_i].status);
	ck_assert_uint_eq(span.start, ranges[_i].start);
	ck_assert_uint_eq(span.length, ranges[_i].length);
}
END_TEST

START_TEST(no_range_for_head)
{
	struct http_span span;

	with("HTTP_RANGE", "bytes=0-1");
	ask("HEAD");
	ck_assert_int_eq(evaluate(100, &span), 200);
	ck_assert_uint_eq(span.length, 100);
}
END_TEST

START_TEST(condition_before_range)
{
	struct http_span span;

	with("HTTP_RANGE", "bytes=0-1");
	with("HTTP_IF_NONE_MATCH", TAG);
	ask("GET");
	ck_assert_int_eq(evaluate(100, &span), 304);
}
END_TEST

/* The answer for the file at `path`, which has 100 bytes. */
static void
answer_as(const char *method, const char *name)
{
	const struct timespec times[2] = { { .tv_sec = MTIME },
		{ .tv_sec = MTIME } };
	struct http_response resp;
	struct http_file file = { .fd = fd,
		.type = "image/jpeg",
		.accel_path = name,
		.root = "/srv/a b" };
	struct stat st;

	ck_assert_int_eq(futimens(fd, times), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	file.size = (uint64_t)st.st_size;
	file.mtime = st.st_mtim;
	ask(method);
	http_response_init(&resp, &req, 1000);
	http_file_send(&resp, &file);
	ck_assert_ptr_nonnull(fake.out);
}

static void
answer(const char *method)
{
	answer_as(method, "u/1/a b%\xc3\xa4?#+\".jpg");
}

static void
has(const char *text)
{
	ck_assert_msg(strstr(fake.out, text) != NULL, "no %s in %s", text,
	    fake.out);
}

static void
lacks(const char *text)
{
	ck_assert_msg(strstr(fake.out, text) == NULL, "%s in %s", text,
	    fake.out);
}

START_TEST(whole)
{
	answer("GET");
	has("Status: 200 OK\r\n");
	has("ETag: " TAG "\r\n");
	has("Last-Modified: " DATE "\r\n");
	has("Accept-Ranges: bytes\r\n");
	has("Content-Type: image/jpeg\r\n");
	has("Content-Length: 100\r\n");
	ck_assert_uint_eq(strlen(strstr(fake.out, "\r\n\r\n") + 4), 100);
}
END_TEST

START_TEST(part)
{
	with("HTTP_RANGE", "bytes=95-");
	answer("GET");
	has("Status: 206 Partial Content\r\n");
	has("Content-Range: bytes 95-99/100\r\n");
	has("Content-Length: 5\r\n");
	ck_assert_str_eq(strstr(fake.out, "\r\n\r\n") + 4, "56789");
}
END_TEST

START_TEST(head)
{
	with("VITRINE_SENDFILE", "x-accel-redirect");
	answer("HEAD");
	has("Status: 200 OK\r\n");
	has("Content-Length: 100\r\n");
	lacks("X-Accel-Redirect");
	ck_assert_str_eq(strstr(fake.out, "\r\n\r\n") + 4, "");
}
END_TEST

START_TEST(unsatisfiable)
{
	with("HTTP_RANGE", "bytes=100-");
	with("VITRINE_SENDFILE", "x-accel-redirect");
	answer("GET");
	has("Status: 416 Range Not Satisfiable\r\n");
	has("Content-Range: bytes */100\r\n");
	lacks("X-Accel-Redirect");
}
END_TEST

START_TEST(not_modified)
{
	with("HTTP_IF_NONE_MATCH", TAG);
	with("VITRINE_SENDFILE", "x-sendfile");
	answer("GET");
	has("Status: 304 Not Modified\r\n");
	has("ETag: " TAG "\r\n");
	lacks("X-Sendfile");
	lacks("Content-Length");
}
END_TEST

START_TEST(to_nginx)
{
	with("HTTP_RANGE", "bytes=0-1");
	with("VITRINE_SENDFILE", "x-accel-redirect");
	answer("GET");
	has("Status: 200 OK\r\n");
	has("X-Accel-Redirect: /-/storage/u/1/a%20b%25%C3%A4%3F%23%2B%22.jpg"
	    "\r\n");
	lacks("Sendfile");
	lacks("Content-Length");
	ck_assert_str_eq(strstr(fake.out, "\r\n\r\n") + 4, "");
}
END_TEST

START_TEST(to_apache)
{
	with("VITRINE_SENDFILE", "x-sendfile");
	answer("GET");
	has("X-Sendfile: /srv/a b/u/1/a b%\xc3\xa4?#+\".jpg\r\n");
	has("Accept-Ranges: bytes\r\n");
	lacks("Accel");
	ck_assert_str_eq(strstr(fake.out, "\r\n\r\n") + 4, "");
}
END_TEST

/* The name must not inject a header for another file. */
START_TEST(not_to_apache)
{
	static const char *const bad[] = { "u/a\nb", "u/a ", "u/a\x7f", "" };

	with("VITRINE_SENDFILE", "x-sendfile");
	answer_as("GET", bad[_i]);
	lacks("X-Sendfile");
	has("Content-Length: 100\r\n");
}
END_TEST

/* A client's header cannot request the hand-over. */
START_TEST(not_by_header)
{
	with("HTTP_VITRINE_SENDFILE", "x-sendfile");
	answer("GET");
	lacks("X-Sendfile");
	has("Content-Length: 100\r\n");
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("http_file");
	TCase *t = tcase_create("file");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, condition, 0, COUNT(conditions));
	tcase_add_loop_test(t, range, 0, COUNT(ranges));
	tcase_add_test(t, no_range_for_head);
	tcase_add_test(t, condition_before_range);
	tcase_add_test(t, whole);
	tcase_add_test(t, part);
	tcase_add_test(t, head);
	tcase_add_test(t, unsatisfiable);
	tcase_add_test(t, not_modified);
	tcase_add_test(t, to_nginx);
	tcase_add_test(t, to_apache);
	tcase_add_loop_test(t, not_to_apache, 0, 4);
	tcase_add_test(t, not_by_header);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
