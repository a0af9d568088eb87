/*
 * Connections are accepted here and passed to libfcgi, each in its own
 * FCGX_Request: libfcgi's accept blocks up to two seconds for a connection's
 * first byte and sets no timeouts, and its close waits for the server's. This
 * sets three fields of the request, which all 2.4 releases have: ipcFd (the
 * connection), keepConnection (FCGX_Finish_r() and FCGX_Accept_r() leave it
 * open) and detached (a failing one is closed at once). listen_sock is -1, so
 * that FCGX_Accept_r() fails for a kept connection that was closed, instead of
 * accepting another.
 */
#include "config.h"

#include "http/fcgi.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <fastcgi.h>
#include <fcgiapp.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/stop.h"

#define RESPONDER 1		      /* FCGI_RESPONDER */
#define FRESH_LIMIT INT64_C(5000000)  /* us for the first byte */
#define LINGER_LIMIT INT64_C(1000000) /* us for the server to close */
#define LEAVE_LIMIT INT64_C(300000)   /* us for idle connections on exit */
#define LEAVE_STEP 20000000	      /* ns */
#define LEAST_RATE 1024	   /* bytes per second that a peer must manage */
#define LONG_TEXT 8192	   /* the size of libfcgi's own buffer */
#define RECORD_MOST 65528  /* a multiple of 8, so that none needs padding */
#define DRAIN_MOST 1048576 /* bytes of an unread body that are discarded */

struct conn {
	FCGX_Request fcgx;
	int64_t opened;	   /* clock_tick() */
	bool fresh;	   /* no byte received yet */
	int64_t waited;	   /* us spent waiting for the peer in this request */
	uint64_t consumed; /* bytes of the body read */
	uint64_t moved;	   /* bytes in either direction */
	int64_t patience;  /* us */
};

struct worker {
	const struct fcgi_options *options;
	void (*handle)(void *arg, const struct http_io *io);
	void *arg;
	struct conn *conns;
	size_t nconns;
	size_t top;	    /* one past the last open one: few are open, and
			     * each request goes through all of them */
	struct pollfd *fds; /* the listening socket, and one for each */
	unsigned served;
};

static const char *
io_param(void *arg, const char *name)
{
	struct conn *c = arg;

	return FCGX_GetParam(name, c->fcgx.envp);
}

/* Adds the time of the last exchange. A peer that moves single bytes stays
 * within the limit of each exchange, so the sum has a limit, too. */
static bool
in_time(struct conn *c, int64_t since, size_t moved)
{
	c->waited += clock_tick() - since;
	c->moved += moved;
	return c->waited <
	    c->patience + (int64_t)(c->moved / LEAST_RATE) * 1000000;
}

/* Reads what is available, up to n bytes: FCGX_GetStr() would wait for n. */
static long
io_read(void *arg, void *p, size_t n)
{
	struct conn *c = arg;
	FCGX_Stream *in = c->fcgx.in;
	int64_t since = clock_tick();
	char *to = p;
	size_t got = 0;
	int byte;

	if (n == 0)
		return 0;
	if (in->rdNext == in->stop) {
		byte = FCGX_GetChar(in);
		if (byte == EOF)
			return FCGX_GetError(in) != 0 ? -1 : 0;
		to[got++] = (char)byte;
	}
	if (n - got > (size_t)(in->stop - in->rdNext))
		n = got + (size_t)(in->stop - in->rdNext);
	got += (size_t)FCGX_GetStr(to + got, (int)(n - got), in);
	c->consumed += got;
	return in_time(c, since, got) ? (long)got : -1;
}

/* Writes all of it, in as many calls as it takes. */
static bool
send_all(int fd, struct iovec *v, int n)
{
	while (n > 0) {
		ssize_t sent = writev(fd, v, n);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		for (; n > 0 && (size_t)sent >= v->iov_len; v++, n--)
			sent -= (ssize_t)v->iov_len;
		if (n > 0) {
			v->iov_base = (char *)v->iov_base + sent;
			v->iov_len -= (size_t)sent;
		}
	}
	return true;
}

/* Writes a record directly, after what libfcgi has buffered: libfcgi would
 * split a long text into records of 8 kB with a system call for each. */
static bool
put_record(const struct conn *c, const char *p, size_t n)
{
	const FCGX_Request *q = &c->fcgx;
	FCGI_Header head = { .version = FCGI_VERSION_1,
		.type = FCGI_STDOUT,
		.requestIdB1 = (unsigned char)(q->requestId >> 8),
		.requestIdB0 = (unsigned char)q->requestId,
		.contentLengthB1 = (unsigned char)(n >> 8),
		.contentLengthB0 = (unsigned char)n };
	struct iovec v[] = { { &head, sizeof(head) },
		{ (void *)(size_t)p, n } };

	return FCGX_FFlush(q->out) == 0 && send_all(q->ipcFd, v, 2);
}

static bool
put(const struct conn *c, const char *p, size_t n)
{
	return n < LONG_TEXT ? FCGX_PutStr(p, (int)n, c->fcgx.out) == (int)n :
			       put_record(c, p, n);
}

static bool
io_write(void *arg, const void *p, size_t n)
{
	struct conn *c = arg;
	const char *from = p;

	while (n > 0) {
		size_t m = n < RECORD_MOST ? n : RECORD_MOST;
		int64_t since = clock_tick();

		if (!put(c, from, m) || !in_time(c, since, m))
			return false;
		from += m;
		n -= m;
	}
	return true;
}

/* Whether more of the body is to come, by the request's variables. */
static bool
body_owed(const struct conn *c)
{
	const char *length = FCGX_GetParam("CONTENT_LENGTH", c->fcgx.envp);
	const char *method = FCGX_GetParam("REQUEST_METHOD", c->fcgx.envp);

	if (length != NULL && *length >= '0' && *length <= '9')
		return c->consumed < strtoull(length, NULL, 10);
	return method == NULL || method[0] == 'P';
}

/*
 * Whether the record that ends the body was read. Only then does the next byte
 * on the connection begin a new request. Waits for the record if the whole body
 * was read or there is none: it comes at once, and a byte in its place means
 * that there is an unread body.
 */
static bool
body_ended(struct conn *c)
{
	FCGX_Stream *in = c->fcgx.in;

	if (!FCGX_HasSeenEOF(in) &&
	    (in->rdNext != in->stop || body_owed(c) || FCGX_GetChar(in) != EOF))
		return false;
	return FCGX_HasSeenEOF(in) && FCGX_GetError(in) == 0;
}

/*
 * Reads what the handler left of the body, so that the connection can be kept.
 * Closing it after the answer is the last resort: the server may already have
 * sent its next request on it, and answers 502 for a POST lost this way.
 */
static void
drain(struct conn *c)
{
	const struct timeval soon = { .tv_sec = 1 };
	const struct timeval limit = { .tv_sec = c->patience / 1000000 };
	int64_t until = clock_tick() + LINGER_LIMIT;
	char trash[8192];
	size_t n = 0;
	long got = 1;

	/* A server that has the rest sends it at once. */
	(void)setsockopt(c->fcgx.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &soon,
	    sizeof(soon));
	while (got > 0 && n < DRAIN_MOST && clock_tick() < until) {
		got = io_read(c, trash, sizeof(trash));
		n += got > 0 ? (size_t)got : 0;
	}
	(void)setsockopt(c->fcgx.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &limit,
	    sizeof(limit));
}

/* Gives the server a bounded time to read the answer before the connection
 * closes while it is still sending the body. */
static void
linger(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t until = clock_tick() + LINGER_LIMIT;
	char trash[8192];
	int64_t left;

	if (shutdown(fd, SHUT_WR) != 0)
		return;
	while ((left = until - clock_tick()) > 0 &&
	    poll(&p, 1, (int)(left / 1000) + 1) > 0 &&
	    recv(fd, trash, sizeof(trash), MSG_DONTWAIT) > 0)
		continue;
}

static void
drop(struct conn *c)
{
	if (c->fcgx.ipcFd >= 0)
		close(c->fcgx.ipcFd);
	c->fcgx.ipcFd = -1;
}

static size_t
kept(const struct worker *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->top; i++)
		n += w->conns[i].fcgx.ipcFd >= 0 && !w->conns[i].fresh;
	return n;
}

/* Sends the rest of the answer, then keeps or closes the connection. */
static void
finish(struct conn *c, bool keep)
{
	FCGX_Request *q = &c->fcgx;
	bool ended;

	if (keep && !FCGX_HasSeenEOF(q->in) && body_owed(c))
		drain(c);
	ended = body_ended(c);
	q->keepConnection = 1;
	q->detached = 1;
	FCGX_Finish_r(q);
	if (q->ipcFd < 0 || (keep && ended))
		return;
	if (!ended)
		linger(q->ipcFd);
	drop(c);
}

/* Serves one request on a connection that is readable or at its end. */
static void
serve(struct worker *w, struct conn *c, bool last)
{
	FCGX_Request *q = &c->fcgx;
	struct http_io io = { c, io_param, io_read, io_write };
	bool keep;

	q->keepConnection = 1;
	q->detached = 1;
	if (FCGX_Accept_r(q) != 0) {
		drop(c);
		return;
	}
	c->fresh = false;
	c->waited = 0;
	c->consumed = c->moved = 0;
	c->patience = (int64_t)w->options->read_timeout * 1000000;
	keep = q->keepConnection != 0 && !last;
	if (q->role == RESPONDER)
		w->handle(w->arg, &io);
	w->served++;
	finish(c, keep && kept(w) <= w->options->keep);
}

static struct conn *
free_slot(struct worker *w)
{
	for (size_t i = 0; i < w->nconns; i++)
		if (w->conns[i].fcgx.ipcFd < 0)
			return &w->conns[i];
	return NULL;
}

static void
set_limits(const struct worker *w, int fd)
{
	const struct timeval limit = { .tv_sec = w->options->read_timeout };
	const int on = 1;

	/* TCP_NODELAY fails on a Unix socket, which does not need it. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		log_warn("fcgi-no-time-limit", "errno=%d", errno);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

/* Accepts a new connection; often another process was faster. */
static void
accept_one(struct worker *w)
{
	struct conn *c = free_slot(w);
	int fd = accept4(w->options->listen_fd, NULL, NULL, SOCK_CLOEXEC);

	AN(c != NULL);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			log_error("accept", "errno=%d", errno);
			usleep(100000);
		}
		return;
	}
	set_limits(w, fd);
	if (c == &w->conns[w->top])
		w->top++;
	c->fcgx.ipcFd = fd;
	c->fresh = true;
	c->opened = clock_tick();
}

/* Closes connections that sent nothing in time; true if some still may. */
static bool
drop_silent(struct worker *w)
{
	int64_t now = clock_tick();
	bool any = false;

	for (size_t i = 0; i < w->top; i++) {
		struct conn *c = &w->conns[i];

		if (c->fcgx.ipcFd < 0 || !c->fresh)
			continue;
		if (now - c->opened > FRESH_LIMIT)
			drop(c);
		else
			any = true;
	}
	return any;
}

/* How long to wait; false: without limit. */
static bool
time_to_wait(struct worker *w, struct timespec *ret)
{
	int64_t us = drop_silent(w) ? 1000000 : -1;
	int64_t tend = w->options->tend != NULL ? w->options->tend(w->arg) : -1;

	if (tend >= 0 && (us < 0 || tend < us))
		us = tend;
	ret->tv_sec = (time_t)(us / 1000000);
	ret->tv_nsec = (long)(us % 1000000) * 1000;
	return us >= 0;
}

/* Waits for requests and new connections; false: none came. mask NULL: the
 * process is exiting, so waits only briefly and for kept connections only. */
static bool
wait_for_work(struct worker *w, const sigset_t *mask)
{
	const struct timespec moment = { .tv_nsec = LEAVE_STEP };
	struct timespec pause;
	bool waits = time_to_wait(w, &pause);

	while (w->top > 0 && w->conns[w->top - 1].fcgx.ipcFd < 0)
		w->top--;
	w->fds[0].fd =
	    mask != NULL && free_slot(w) != NULL ? w->options->listen_fd : -1;
	w->fds[0].events = POLLIN;
	for (size_t i = 0; i < w->top; i++) {
		w->fds[i + 1].fd = w->conns[i].fcgx.ipcFd;
		w->fds[i + 1].events = POLLIN;
	}
	return ppoll(w->fds, w->top + 1,
		   mask == NULL ? &moment :
		       waits	? &pause :
				  NULL,
		   mask) > 0;
}

static bool
stopping(const struct worker *w)
{
	if (w->options->max_requests != 0 &&
	    w->served >= w->options->max_requests)
		return true;
	return stop_asked();
}

/* Serves one request of each ready connection, then accepts one new connection,
 * so that each waits at most one round. */
static void
serve_round(struct worker *w, bool last)
{
	for (size_t i = 0; i < w->top; i++)
		if (w->fds[i + 1].fd >= 0 && w->fds[i + 1].revents != 0)
			serve(w, &w->conns[i], last || stopping(w));
	if (w->fds[0].fd >= 0 && w->fds[0].revents != 0)
		accept_one(w);
}

static bool
any_open(const struct worker *w)
{
	for (size_t i = 0; i < w->top; i++)
		if (w->conns[i].fcgx.ipcFd >= 0)
			return true;
	return false;
}

/*
 * Closes the connections. The server may be about to send on an idle one, and a
 * POST sent on a closed connection is lost. So each is closed after the answer
 * to its next request, or once it has been idle for a moment.
 */
static void
leave(struct worker *w)
{
	int64_t until = clock_tick() + LEAVE_LIMIT;
	bool ready = true;

	while (any_open(w) && (ready || clock_tick() < until))
		if ((ready = wait_for_work(w, NULL)))
			serve_round(w, true);
	for (size_t i = 0; i < w->nconns; i++)
		drop(&w->conns[i]);
}

static void
loop(struct worker *w, const sigset_t *mask)
{
	while (!stopping(w))
		if (wait_for_work(w, mask))
			serve_round(w, false);
	leave(w);
}

static void
init_conns(struct worker *w)
{
	w->nconns = (size_t)w->options->keep + 1;
	w->conns = calloc(w->nconns, sizeof(*w->conns));
	w->fds = calloc(w->nconns + 1, sizeof(*w->fds));
	if (w->conns == NULL || w->fds == NULL)
		die("out of memory");
	for (size_t i = 0; i < w->nconns; i++)
		if (FCGX_InitRequest(&w->conns[i].fcgx, -1,
			FCGI_FAIL_ACCEPT_ON_INTR) != 0)
			die("libfcgi: request");
}

void
fcgi_serve(const struct fcgi_options *o,
    void (*handle)(void *arg, const struct http_io *io), void *arg)
{
	struct worker w = { .options = o, .handle = handle, .arg = arg };
	struct stop stop;
	int flags = fcntl(o->listen_fd, F_GETFL);

	if (flags < 0 || fcntl(o->listen_fd, F_SETFL, flags | O_NONBLOCK) < 0)
		die("listening socket: %s", strerror(errno));
	if (FCGX_Init() != 0)
		die("libfcgi cannot start");
	init_conns(&w);
	stop_catch(&stop);

	loop(&w, &stop.waiting);

	stop_release(&stop);
	free(w.conns);
	free(w.fds);
}
