/* Requests to another server, and its answers: a test server in another process
 * answers as each case says. */
#include "config.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sec.h"
#include "net/fetch.h"

#define MOST 65536

static struct arena *arena;
static struct why why;
static struct fetched answer;
static pid_t server;
static char address[64];

static void
send_text(int fd, const char *s)
{
	ck_assert_int_eq(write(fd, s, strlen(s)), (ssize_t)strlen(s));
}

/* Sends n bytes of c, until the other side stops reading. */
static void
send_many(int fd, char c, size_t n)
{
	char block[4096];

	memset(block, c, sizeof(block));
	while (n > 0) {
		ssize_t w =
		    write(fd, block, n < sizeof(block) ? n : sizeof(block));

		if (w <= 0)
			return;
		n -= (size_t)w;
	}
}

/* Reads the request up to the end of its body. */
static size_t
read_request(int fd, char *p, size_t size)
{
	size_t n = 0, need = size - 1;
	const char *head;
	ssize_t r;

	while (n < need && (r = read(fd, p + n, need - n)) > 0) {
		n += (size_t)r;
		p[n] = '\0';
		head = strstr(p, "\r\n\r\n");
		if (head == NULL)
			continue;
		need = (size_t)(head + 4 - p);
		if (strstr(p, "Content-Length: ") != NULL)
			need += strtoul(strstr(p, "Content-Length: ") + 16,
			    NULL, 10);
	}
	return n;
}

typedef void answer_fn(int fd, const char *request, size_t n);

static int
listen_somewhere(unsigned *ret_port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(s, (struct sockaddr *)&sin, sizeof(sin)), 0);
	ck_assert_int_eq(listen(s, 16), 0);
	ck_assert_int_eq(getsockname(s, (struct sockaddr *)&sin, &len), 0);
	*ret_port = ntohs(sin.sin_port);
	return s;
}

/* Serves until it is killed. */
static void
serve(answer_fn *fn)
{
	static char request[100000];
	unsigned number;
	int s = listen_somewhere(&number), fd;

	snprintf(address, sizeof(address), "http://127.0.0.1:%u/detect",
	    number);
	server = fork();
	ck_assert_int_ge(server, 0);
	if (server > 0) {
		close(s);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	while ((fd = accept(s, NULL, NULL)) >= 0) {
		fn(fd, request, read_request(fd, request, sizeof(request)));
		close(fd);
	}
	_exit(1);
}

static enum err
post(const char *url, const char *body, size_t n, int64_t timeout_ms)
{
	static const char *const headers[] = { "Content-Type: image/jpeg",
		"X-Vitrine-Media: 1234", NULL };
	struct fetch f = { .url = url,
		.headers = headers,
		.body = body,
		.n = n,
		.timeout_ms = timeout_ms,
		.most = MOST };

	why_clear(&why);
	memset(&answer, 0, sizeof(answer));
	return fetch_post(arena, &f, &answer, &why);
}

static enum err
get(struct fetch f)
{
	f.timeout_ms = 5000;
	f.most = MOST;
	why_clear(&why);
	memset(&answer, 0, sizeof(answer));
	return fetch_get(arena, &f, &answer, &why);
}

static void
setup(void)
{
	sec_init();
	arena = arena_new(16 << 20);
	server = 0;
}

static void
teardown(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	arena_free(arena);
}

static void
say_back(int fd, const char *request, size_t n)
{
	char head[100];

	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu"
	    "\r\nConnection: close\r\n\r\n",
	    n);
	send_text(fd, head);
	ck_assert_int_eq(write(fd, request, n), (ssize_t)n);
}

START_TEST(what_is_sent)
{
	static const char body[] = "\xff\xd8\xff\0 bytes";

	/* None of these may have an effect. */
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	serve(say_back);
	ck_assert_int_eq(post(address, body, sizeof(body), 5000), ERR_OK);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_int_eq(strncmp(answer.body, "POST /detect HTTP/1.1\r\n", 23),
	    0);
	ck_assert_ptr_nonnull(
	    strstr(answer.body, "\r\nContent-Type: image/jpeg\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(answer.body, "\r\nX-Vitrine-Media: 1234\r\n"));
	ck_assert_ptr_nonnull(
	    strstr(answer.body, "\r\nContent-Length: 11\r\n"));
	ck_assert_ptr_null(strstr(answer.body, "Expect:"));
	ck_assert_ptr_null(strstr(answer.body, "Accept-Encoding:"));
	ck_assert_uint_gt(answer.n, sizeof(body));
	ck_assert_mem_eq(answer.body + answer.n - sizeof(body), body,
	    sizeof(body));
}
END_TEST

static void
redirect(int fd, const char *request, size_t n)
{
	(void)n;
	if (strncmp(request, "POST /detect ", 13) == 0)
		send_text(fd,
		    "HTTP/1.1 307 Elsewhere\r\n"
		    "Location: /other\r\nContent-Length: 0\r\n\r\n");
	else
		send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
}

START_TEST(stays_there)
{
	serve(redirect);
	ck_assert_int_eq(post(address, "x", 1, 5000), ERR_OK);
	ck_assert_int_eq(answer.status, 307);
	ck_assert_uint_eq(answer.n, 0);
	ck_assert_uint_gt(strlen(answer.location), sizeof("http://:1/other"));
	ck_assert_str_eq(strrchr(answer.location, '/'), "/other");
}
END_TEST

/* Checks the request line, also for HEAD. */
static void
say_line(int fd, const char *request, size_t n)
{
	size_t line = strcspn(request, "\r\n");
	char head[100];

	(void)n;
	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu"
	    "\r\nConnection: close\r\n\r\n",
	    line);
	send_text(fd, head);
	if (strncmp(request, "HEAD ", 5) != 0)
		ck_assert_int_eq(write(fd, request, line), (ssize_t)line);
}

START_TEST(is_asked_for)
{
	char elsewhere[100];

	serve(say_line);
	ck_assert_int_eq(get((struct fetch){ .url = address }), ERR_OK);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_str_eq(answer.body, "GET /detect HTTP/1.1");
	ck_assert_ptr_null(answer.location);
	ck_assert_int_eq(get((struct fetch){ .url = address, .head = true }),
	    ERR_OK);
	ck_assert_int_eq(answer.status, 200);
	ck_assert_uint_eq(answer.n, 0);

	snprintf(elsewhere, sizeof(elsewhere), "http://name.invalid%s",
	    strrchr(address, ':'));
	ck_assert_int_eq(get((struct fetch){ .url = elsewhere }), ERR_RETRY);
	ck_assert_int_eq(get((struct fetch){ .url = elsewhere,
			     .loopback = true }),
	    ERR_OK);
	ck_assert_str_eq(answer.body, "GET /detect HTTP/1.1");
}
END_TEST

static void
just_enough(int fd, const char *request, size_t n)
{
	(void)request, (void)n;
	send_text(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	send_many(fd, 'x', MOST);
}

static void
one_too_many(int fd, const char *request, size_t n)
{
	just_enough(fd, request, n);
	send_many(fd, 'x', 1);
}

static void
claims_much(int fd, const char *request, size_t n)
{
	(void)request, (void)n;
	send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
	send_many(fd, 'x', 1 << 24);
}

static void
heads_without_end(int fd, const char *request, size_t n)
{
	(void)request, (void)n;
	send_text(fd, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 100; i++) {
		send_text(fd, "X-Header: ");
		send_many(fd, 'x', 4000);
		send_text(fd, "\r\n");
	}
}

static void
hangs(int fd, const char *request, size_t n)
{
	(void)fd, (void)request, (void)n;
	sleep(30);
}

/* Each byte is in time, but the whole is not. */
static void
drips(int fd, const char *request, size_t n)
{
	(void)request, (void)n;
	send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
	for (int i = 0; i < 1000; i++) {
		if (write(fd, "x", 1) != 1)
			return;
		clock_pause(100);
	}
}

static void
breaks_off(int fd, const char *request, size_t n)
{
	(void)request, (void)n;
	send_text(fd, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
}

static void
other_tongue(int fd, const char *request, size_t n)
{
	(void)request, (void)n;
	send_text(fd, "SSH-2.0-OpenSSH_9.2\r\n");
}

static const struct {
	answer_fn *fn;
	enum err e;
} moods[] = {
	{ just_enough, ERR_OK },
	{ one_too_many, ERR_TOO_LARGE },
	{ claims_much, ERR_TOO_LARGE },
	{ heads_without_end, ERR_RETRY },
	{ hangs, ERR_RETRY },
	{ drips, ERR_RETRY },
	{ breaks_off, ERR_RETRY },
	{ other_tongue, ERR_RETRY },
};

START_TEST(limits)
{
	int64_t start = clock_tick();

	signal(SIGPIPE, SIG_IGN);
	serve(moods[_i].fn);
	ck_assert_int_eq(post(address, "x", 1, 1000), moods[_i].e);
	ck_assert_int_lt(clock_tick() - start, 3000000);
	if (moods[_i].e == ERR_OK)
		ck_assert_uint_eq(answer.n, MOST);
	else
		ck_assert_uint_gt(strlen(why.detail), 10);
}
END_TEST

static const char *const addresses[] = {
	"file:///etc/passwd",
	"ftp://127.0.0.1/x",
	"gopher://127.0.0.1:1/x",
	"dict://127.0.0.1:1/x",
	"http://127.0.0.1:1/nobody",
	"http://",
	"",
	"not an address",
	"http://user:password@127.0.0.1:1/",
	"http://name.invalid/x",
};

START_TEST(other_addresses)
{
	ck_assert_int_eq(post(addresses[_i], "x", 1, 5000), ERR_RETRY);
}
END_TEST

/* A self-signed certificate. */
START_TEST(strangers_certificate)
{
	char dir[] = "/tmp/vitrine-fetch-XXXXXX", line[1024], port[16];
	unsigned number;
	bool up = false;
	int status;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(line, sizeof(line),
	    "openssl req -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:prime256v1 -nodes -keyout %s/k -out %s/c "
	    "-days 2 -subj /CN=localhost 2>/dev/null",
	    dir, dir);
	ck_assert_int_eq(system(line), 0);
	close(listen_somewhere(&number));
	snprintf(port, sizeof(port), "%u", number);
	server = fork();
	if (server == 0) {
		ck_assert_int_eq(chdir(dir), 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("openssl", "openssl", "s_server", "-quiet", "-www",
		    "-accept", port, "-key", "k", "-cert", "c", (char *)NULL);
		_exit(127);
	}
	snprintf(address, sizeof(address), "https://localhost:%u/", number);
	for (int i = 0; i < 100 && !up; i++) {
		clock_pause(50);
		ck_assert_int_eq(post(address, "x", 1, 5000), ERR_RETRY);
		up = strstr(why.detail, "certificate") != NULL;
		ck_assert_int_eq(waitpid(server, &status, WNOHANG), 0);
	}
	ck_assert_msg(up, "%s", why.detail);
	ck_assert_int_eq(get((struct fetch){ .url = address }), ERR_RETRY);
	ck_assert_int_eq(get((
			     struct fetch){ .url = address, .any_peer = true }),
	    ERR_OK);
	ck_assert_int_eq(answer.status, 200);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	ck_assert_int_eq(system(line), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("net_fetch");
	TCase *t = tcase_create("all");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_sent);
	tcase_add_test(t, stays_there);
	tcase_add_test(t, is_asked_for);
	tcase_add_loop_test(t, limits, 0,
	    (int)(sizeof(moods) / sizeof(moods[0])));
	tcase_add_loop_test(t, other_addresses, 0,
	    (int)(sizeof(addresses) / sizeof(addresses[0])));
	tcase_add_test(t, strangers_certificate);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
