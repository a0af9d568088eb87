/* The responder's loop, tested with the protocol of a web server. */
#include "config.h"

#include "http/body.h"
#include "http/fcgi.h"

#include <check.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/sec.h"
#include "http/response.h"

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

/* What the server's process reports to the test. */
struct shared {
	atomic_int requests;
	atomic_int smuggled;
	atomic_int cut; /* bodies that were late */
	atomic_int unsent;
};

static struct arena *arena;
static struct shared *shared;
static char path[64];
static int listener;
static pid_t server;

/* Short and long texts, of lengths around the ends of records; byte i of all is
 * i % 251. */
static const size_t pieces[] = { 1, 100, 8191, 8192, 8193, 3, 65527, 65528,
	65529, 140000, 5, 8192, 8192 };
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

static void
write_pieces(struct http_response *resp)
{
	unsigned char *p = arena_alloc(arena, 140000);
	size_t at = 0;

	for (size_t i = 0; i < PIECES; i++) {
		for (size_t k = 0; k < pieces[i]; k++)
			p[k] = (unsigned char)(at++ % 251);
		if (!http_response_write(resp, p, pieces[i]))
			return;
	}
}

static void
handle(void *arg, const struct http_io *io)
{
	struct http_request req;
	struct http_response resp;
	struct why why = { 0 };
	const char *body;
	char few[10];
	size_t n = 0;

	(void)arg;
	http_request_init(&req, arena, io);
	http_response_init(&resp, &req, 100000);
	atomic_fetch_add(&shared->requests, 1);
	if (strcmp(req.target, "/smuggled") == 0)
		atomic_fetch_add(&shared->smuggled, 1);
	if (strcmp(req.target, "/read") == 0 &&
	    http_body(&req, 1 << 20, &body, &n, &why) != ERR_OK)
		atomic_fetch_add(&shared->cut, 1);
	if (strcmp(req.target, "/few") == 0 &&
	    http_body_read(&req, few, sizeof(few), &n, &why) != ERR_OK)
		atomic_fetch_add(&shared->cut, 1);
	if (strcmp(req.target, "/slow") == 0)
		usleep(300000);
	if (strncmp(req.target, "/much", 5) == 0) {
		size_t size = req.target[5] == '/' ? 100000 : 64;

		http_response_stream(&resp);
		while (
		    http_response_write(&resp, arena_alloc(arena, size), size))
			continue;
		atomic_fetch_add(&shared->unsent, 1);
	} else if (strcmp(req.target, "/pieces") == 0) {
		http_response_stream(&resp);
		write_pieces(&resp);
	} else {
		buf_putf(&resp.body, "%s %zu from %s", req.target, n,
		    req.address);
		http_response_send(&resp);
	}
	arena_reset(arena);
}

static void
start(unsigned keep, unsigned max_requests)
{
	struct fcgi_options o = { listener, max_requests, keep, 1, NULL };

	server = fork();
	ck_assert_int_ge(server, 0);
	if (server > 0)
		return;
	fcgi_serve(&o, handle, NULL);
	_exit(0);
}

static void
set_up(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	sec_init();
	signal(SIGPIPE, SIG_IGN);
	arena = arena_new(16 << 20);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(shared != MAP_FAILED);
	snprintf(path, sizeof(path), "/tmp/http_fcgi.%d", (int)getpid());
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	unlink(path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(listener, (struct sockaddr *)&sa, sizeof(sa)), 0);
	ck_assert_int_eq(listen(listener, 64), 0);
	server = 0;
}

/* The server's exit status; it must have ended by itself or by SIGTERM. */
static int
reap(void)
{
	int status = -1;

	ck_assert_int_eq(waitpid(server, &status, 0), server);
	server = 0;
	return status;
}

static void
tear_down(void)
{
	if (server > 0) {
		kill(server, SIGTERM);
		ck_assert_int_eq(reap(), 0);
	}
	close(listener);
	unlink(path);
	arena_free(arena);
}

static int
dial(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	return fd;
}

static void
put_record(struct buf *b, int type, const void *p, size_t n)
{
	const unsigned char head[8] = { 1, (unsigned char)type, 0, 1,
		(unsigned char)(n >> 8), (unsigned char)n, 0, 0 };

	buf_mem(b, head, sizeof(head));
	buf_mem(b, p, n);
}

/* A whole request except its body. length NULL: without a length. */
static void
put_request(struct buf *b, const char *method, const char *uri,
    const char *address, const char *length)
{
	const unsigned char begin[8] = { 0, 1, 1 };
	const char *const params[] = { "REQUEST_METHOD", method, "REQUEST_URI",
		uri, "REMOTE_ADDR", address, "CONTENT_LENGTH", length };
	struct buf p;

	buf_init(&p, arena, 1000);
	for (size_t i = 0; i < 8 && params[i + 1] != NULL; i += 2) {
		buf_char(&p, (char)strlen(params[i]));
		buf_char(&p, (char)strlen(params[i + 1]));
		buf_raw(&p, params[i]);
		buf_raw(&p, params[i + 1]);
	}
	put_record(b, BEGIN, begin, sizeof(begin));
	put_record(b, PARAMS, p.data, p.len);
	put_record(b, PARAMS, "", 0);
}

static void
send_all(int fd, const struct buf *b)
{
	ck_assert_int_eq(write(fd, b->data, b->len), (ssize_t)b->len);
}

static void
take(int fd, void *p, size_t n)
{
	ck_assert_int_eq(recv(fd, p, n, MSG_WAITALL), (ssize_t)n);
}

/* Reads a whole answer and returns its body and length. */
static const char *
whole_answer(int fd, size_t *ret_n)
{
	unsigned char head[8], content[65536 + 256];
	struct buf out;
	const char *body;

	buf_init(&out, arena, 1 << 20);
	do {
		take(fd, head, sizeof(head));
		take(fd, content, (size_t)(head[4] << 8 | head[5]) + head[6]);
		if (head[1] == STDOUT)
			buf_mem(&out, content,
			    (size_t)(head[4] << 8 | head[5]));
	} while (head[1] != END);
	body = strstr(buf_str(&out), "\r\n\r\n");
	ck_assert_ptr_nonnull(body);
	*ret_n = (size_t)(out.data + out.len - body) - 4;
	return body + 4;
}

static const char *
answer(int fd)
{
	size_t n;

	return whole_answer(fd, &n);
}

/* Whether the server has closed, or does so within a second. */
static bool
closed(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&p, 1, 1000) == 1 && recv(fd, &byte, 1, 0) <= 0;
}

static bool
open_still(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 200) == 0;
}

static void
get(int fd, const char *uri)
{
	struct buf b;

	buf_init(&b, arena, 10000);
	put_request(&b, "GET", uri, "192.0.2.1", NULL);
	put_record(&b, STDIN, "", 0);
	send_all(fd, &b);
}

START_TEST(kept)
{
	int fd;

	start(4, 0);
	fd = dial();
	for (int i = 0; i < 20; i++) {
		get(fd, "/a");
		ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
	}
	ck_assert(open_still(fd));
	close(fd);
}
END_TEST

/* The maximum of kept connections and one more, all at once with one
 * process. */
START_TEST(many)
{
	int fd[5];

	start(4, 0);
	for (int i = 0; i < 5; i++)
		fd[i] = dial();
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 4; i++)
			get(fd[i], "/a");
		for (int i = 0; i < 4; i++)
			ck_assert_str_eq(answer(fd[i]), "/a 0 from 192.0.2.1");
	}
	get(fd[4], "/b");
	ck_assert_str_eq(answer(fd[4]), "/b 0 from 192.0.2.1");
	ck_assert(closed(fd[4]));
	ck_assert(open_still(fd[0]));
	close(fd[0]);
	fd[0] = dial();
	get(fd[0], "/c");
	ck_assert_str_eq(answer(fd[0]), "/c 0 from 192.0.2.1");
	ck_assert(open_still(fd[0]));
}
END_TEST

START_TEST(none_kept)
{
	int fd;

	start(0, 0);
	for (int i = 0; i < 3; i++) {
		fd = dial();
		get(fd, "/a");
		ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
		ck_assert(closed(fd));
		close(fd);
	}
}
END_TEST

/* The record that ends the (empty) body comes late, as Apache sends it. */
START_TEST(late_end)
{
	struct buf b;
	int fd;

	start(4, 0);
	fd = dial();
	for (int i = 0; i < 3; i++) {
		buf_init(&b, arena, 10000);
		put_request(&b, "GET", "/a", "192.0.2.1", "");
		send_all(fd, &b);
		usleep(50000); /* the rest comes by itself */
		buf_clear(&b);
		put_record(&b, STDIN, "", 0);
		send_all(fd, &b);
		ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
	}
	ck_assert(open_still(fd));
}
END_TEST

static const struct {
	const char *method;
	const char *uri;
	const char *length;
	const char *answer;
	bool stays; /* the body was due, and is read to its end */
} smugglers[] = {
	{ "POST", "/a", "60000", "/a 0 from 192.0.2.1", true },
	{ "POST", "/few", "60000", "/few 10 from 192.0.2.1", true },
	{ "POST", "/a", NULL, "/a 0 from 192.0.2.1", true },
	{ "POST", "/a", "", "/a 0 from 192.0.2.1", true },
	{ "POST", "/a", "0", "/a 0 from 192.0.2.1", false },
	{ "POST", "/few", "10", "/few 10 from 192.0.2.1", false },
	{ "GET", "/a", NULL, "/a 0 from 192.0.2.1", false },
	{ "GET", "/a", "60000", "/a 0 from 192.0.2.1", true },
	{ "DELETE", "/a", "-1", "/a 0 from 192.0.2.1", false },
};

/*
 * A body that the handler leaves unread holds a request of its own, where
 * libfcgi would go on reading: it drops what lies in its buffer of 8 KiB, which
 * the body's beginning fills.
 */
START_TEST(smuggled)
{
	struct buf b, body;
	bool stays = smugglers[_i].stays;
	int fd;

	buf_init(&b, arena, 200000);
	put_request(&b, smugglers[_i].method, smugglers[_i].uri, "192.0.2.1",
	    smugglers[_i].length);
	buf_init(&body, arena, 60000);
	while (b.len + 8 + body.len < 8192)
		buf_lit(&body, "x");
	put_request(&body, "GET", "/smuggled", "127.0.0.1", NULL);
	put_record(&body, STDIN, "", 0);
	while (body.len < 60000)
		buf_lit(&body, "x");
	put_record(&b, STDIN, body.data, body.len);
	put_record(&b, STDIN, "", 0);
	start(4, 0);
	fd = dial();
	send_all(fd, &b);
	ck_assert_str_eq(answer(fd), smugglers[_i].answer);
	if (stays) {
		buf_clear(&b);
		put_request(&b, "GET", "/b", "192.0.2.2", NULL);
		put_record(&b, STDIN, "", 0);
		send_all(fd, &b);
		ck_assert_str_eq(answer(fd), "/b 0 from 192.0.2.2");
	} else {
		ck_assert(closed(fd));
	}
	close(fd);
	ck_assert_int_eq(atomic_load(&shared->smuggled), 0);
	ck_assert_int_eq(atomic_load(&shared->requests), stays ? 2 : 1);
}
END_TEST

/* A body that was read keeps the connection, and its content is only text. */
START_TEST(body_read)
{
	struct buf b, body;
	int fd;

	buf_init(&body, arena, 60000);
	put_request(&body, "GET", "/smuggled", "127.0.0.1", NULL);
	put_record(&body, STDIN, "", 0);
	buf_init(&b, arena, 100000);
	put_request(&b, "POST", "/read", "192.0.2.1",
	    arena_printf(arena, "%zu", body.len));
	put_record(&b, STDIN, body.data, body.len);
	put_record(&b, STDIN, "", 0);
	start(4, 0);
	fd = dial();
	for (int i = 0; i < 3; i++) {
		send_all(fd, &b);
		ck_assert_str_eq(answer(fd),
		    arena_printf(arena, "/read %zu from 192.0.2.1", body.len));
	}
	ck_assert(open_still(fd));
	ck_assert_int_eq(atomic_load(&shared->smuggled), 0);
}
END_TEST

/* Waits up to four seconds for a number to become one. */
static void
await(atomic_int *n)
{
	for (int i = 0; i < 400 && atomic_load(n) == 0; i++)
		usleep(10000);
	ck_assert_int_eq(atomic_load(n), 1);
}

/* A web server that stops in the middle of a body, or sends a byte now and
 * then, blocks the process no longer than the time limit. */
START_TEST(slow_body)
{
	int64_t since = clock_tick();
	struct buf b;
	int fd, other;

	start(4, 0);
	fd = dial();
	buf_init(&b, arena, 10000);
	put_request(&b, "POST", "/read", "192.0.2.1", "1000");
	put_record(&b, STDIN, "half", 4);
	send_all(fd, &b);
	for (int i = 0; _i == 1 && i < 40 && atomic_load(&shared->cut) == 0;
	     i++) {
		buf_clear(&b);
		put_record(&b, STDIN, "x", 1);
		if (write(fd, b.data, b.len) < 0)
			break;
		usleep(100000);
	}
	await(&shared->cut);
	ck_assert_int_lt(clock_tick() - since, 3000000);
	other = dial();
	get(other, "/a");
	ck_assert_str_eq(answer(other), "/a 0 from 192.0.2.1");
}
END_TEST

START_TEST(in_pieces)
{
	size_t n, want = 0;
	const unsigned char *p;
	int fd;

	for (size_t i = 0; i < PIECES; i++)
		want += pieces[i];
	start(4, 0);
	fd = dial();
	for (int round = 0; round < 3; round++) {
		get(fd, "/pieces");
		p = (const unsigned char *)whole_answer(fd, &n);
		ck_assert_uint_eq(n, want);
		for (size_t i = 0; i < n; i++)
			ck_assert_uint_eq(p[i], i % 251);
	}
	get(fd, "/a");
	ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
}
END_TEST

/* The web server does not read the answer, with short texts and long. */
START_TEST(slow_reader)
{
	int fd, other;

	start(4, 0);
	fd = dial();
	get(fd, _i == 0 ? "/much" : "/much/long");
	await(&shared->unsent);
	other = dial();
	get(other, "/a");
	ck_assert_str_eq(answer(other), "/a 0 from 192.0.2.1");
}
END_TEST

START_TEST(gone_reader)
{
	int fd, other;

	start(4, 0);
	fd = dial();
	get(fd, _i == 0 ? "/much" : "/much/long");
	close(fd);
	await(&shared->unsent);
	other = dial();
	get(other, "/a");
	ck_assert_str_eq(answer(other), "/a 0 from 192.0.2.1");
}
END_TEST

/* Silent connections do not delay others. */
START_TEST(silent)
{
	int fd, other;

	start(4, 0);
	for (int i = 0; i < 3; i++)
		dial();
	usleep(50000); /* accepted, most likely; if not, the test is easier */
	fd = dial();
	get(fd, "/a");
	ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
	other = dial();
	ck_assert_int_eq(write(other, "\x07 no FastCGI", 12), 12);
	ck_assert(closed(other));
	get(fd, "/a");
	ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
}
END_TEST

START_TEST(stopped)
{
	int fd, idle;

	start(4, 0);
	idle = dial();
	get(idle, "/a");
	answer(idle);
	fd = dial();
	atomic_store(&shared->requests, 0);
	get(fd, "/slow");
	await(&shared->requests);
	kill(server, _i == 0 ? SIGTERM : SIGINT);
	ck_assert_str_eq(answer(fd), "/slow 0 from 192.0.2.1");
	ck_assert(closed(fd));
	ck_assert(closed(idle));
	ck_assert_int_eq(reap(), 0);
}
END_TEST

/* A signal is noticed even under constant load. */
START_TEST(stopped_under_load)
{
	int fd;

	start(4, 0);
	fd = dial();
	get(fd, "/a");
	answer(fd);
	if (fork() == 0) {
		struct buf b;

		buf_init(&b, arena, 1000000);
		put_request(&b, "GET", "/a", "192.0.2.1", NULL);
		put_record(&b, STDIN, "", 0);
		for (int i = 0; i < 100000; i++)
			if (write(fd, b.data, b.len) < 0 ||
			    recv(fd, path, 1, 0) < 0)
				break;
		_exit(0);
	}
	for (int i = 0; i < 400 && atomic_load(&shared->requests) < 100; i++)
		usleep(10000);
	kill(server, SIGTERM);
	close(fd);
	ck_assert_int_eq(reap(), 0);
	wait(NULL);
}
END_TEST

START_TEST(recycled)
{
	int fd;

	start(4, 3);
	fd = dial();
	for (int i = 0; i < 3; i++) {
		get(fd, "/a");
		ck_assert_str_eq(answer(fd), "/a 0 from 192.0.2.1");
	}
	ck_assert(closed(fd));
	ck_assert_int_eq(reap(), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("http_fcgi");
	TCase *t = tcase_create("fcgi");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, kept);
	tcase_add_test(t, many);
	tcase_add_test(t, none_kept);
	tcase_add_test(t, late_end);
	tcase_add_loop_test(t, smuggled, 0,
	    (int)(sizeof(smugglers) / sizeof(smugglers[0])));
	tcase_add_test(t, body_read);
	tcase_add_loop_test(t, slow_body, 0, 2);
	tcase_add_test(t, in_pieces);
	tcase_add_loop_test(t, slow_reader, 0, 2);
	tcase_add_loop_test(t, gone_reader, 0, 2);
	tcase_add_test(t, silent);
	tcase_add_loop_test(t, stopped, 0, 2);
	tcase_add_test(t, stopped_under_load);
	tcase_add_test(t, recycled);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
