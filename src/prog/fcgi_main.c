/* vitrine.fcgi: the responder pool. */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/dispatch.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/sec.h"
#include "base/slots.h"
#include "core/base.h"
#include "core/share/ledger.h"
#include "core/pool/memo.h"
#include "core/pool/pipe.h"
#include "http/fcgi.h"
#include "prog/listen.h"
#include "prog/scribe.h"
#include "prog/start.h"
#include "prog/supervise.h"

#define PROGRAM_ARENA (64 << 20)
#define REQUEST_ARENA (256 << 20)
#define KEEP 64 /* connections of the short socket kept by each process */
#define READ_TIMEOUT 60
#define FOR_EACH_CORE 2 /* processes per socket */
#define LEAST_WORKERS 4
#define LEAST_LONG_WORKERS 8
#define LONG_GROUP "long" /* uses a connection for each request */
#define SCRIBE_GROUP "scribe"
#define WATCH_GROUP "watch" /* waits for an unavailable database */
#define WATCH_PAUSE CLOCK_SECOND

struct options {
	const char *config;
	const char *listen;
	const char *listen_long;
	unsigned workers; /* 0: serve in this process */
	unsigned long_workers;
	unsigned max_requests;
	unsigned memo_size; /* MB */
	mode_t mode;
};

/* What the processes of the pool share. */
struct pool {
	const struct options *o;
	struct arena *arena;	/* of base */
	struct base *base;	/* each process works on its own copy */
	bool away;		/* the database was unavailable at the start */
	struct memo_pool *memo; /* NULL: none */
	int ledger[2];		/* a pipe; -1: none */
};

static const char usage[] =
    "usage: vitrine.fcgi [--config FILE] [--listen WHERE] "
    "[--listen-long WHERE]\n"
    "       [--workers N] [--long-workers N] [--max-requests N]\n"
    "       [--socket-mode MODE] [--memo MEGABYTES]\n"
    "\n"
    "Serves FastCGI at WHERE (a socket's path or host:port), or, without\n"
    "--listen, on the socket at descriptor 0 (spawn-fcgi, mod_fcgid, systemd).\n"
    "--listen-long adds a second socket with its own workers, for uploads,\n"
    "shares and long lists. --workers and --long-workers set the number of\n"
    "processes for each: by default two per core, but at least 4 and 8. Without\n"
    "--listen, --listen-long and --workers, this process serves alone.\n"
    "--memo is the size of the cache that the workers share (default: 64);\n"
    "use 0, no cache, for several pools of one site on one host.\n"
    "SIGHUP reloads the configuration, if the new one is valid. SIGTERM\n"
    "finishes the current requests and exits. Exit status 78: fix the\n"
    "configuration or the database schema first.\n";

static unsigned
number(const char *name, const char *text)
{
	uint64_t v;

	if (!decimal_parse(text, 1000000, &v)) {
		fprintf(stderr, "vitrine.fcgi: --%s: \"%s\" is not a number\n",
		    name, text);
		exit(2);
	}
	return (unsigned)v;
}

static mode_t
file_mode(const char *text)
{
	char *end;
	unsigned long v = strtoul(text, &end, 8);

	if (end == text || *end != '\0' || v > 0777) {
		fprintf(stderr,
		    "vitrine.fcgi: --socket-mode: \"%s\" is not a mode\n",
		    text);
		exit(2);
	}
	return (mode_t)v;
}

/* The default number of processes. Most wait for the database or a client, so
 * there are more than cores. */
static unsigned
at_least(unsigned least)
{
	unsigned n = FOR_EACH_CORE * (unsigned)slots_cores();

	return n > least ? n : least;
}

static void
read_options(int argc, char **argv, struct options *o)
{
	static const struct option names[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "listen", required_argument, NULL, 'l' },
		{ "listen-long", required_argument, NULL, 'L' },
		{ "long-workers", required_argument, NULL, 'W' },
		{ "max-requests", required_argument, NULL, 'm' },
		{ "memo", required_argument, NULL, 'M' },
		{ "socket-mode", required_argument, NULL, 's' },
		{ "version", no_argument, NULL, 'v' },
		{ "workers", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 'l':
			o->listen = optarg;
			break;
		case 'L':
			o->listen_long = optarg;
			break;
		case 'w':
			o->workers = number("workers", optarg);
			break;
		case 'W':
			o->long_workers = number("long-workers", optarg);
			break;
		case 'm':
			o->max_requests = number("max-requests", optarg);
			break;
		case 'M':
			o->memo_size = strcmp(optarg, "0") != 0 ?
			    number("memo", optarg) :
			    0;
			break;
		case 's':
			o->mode = file_mode(optarg);
			break;
		case 'v':
			puts("vitrine.fcgi " VERSION);
			exit(0);
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		exit(2);
	}
	if (o->workers == 0 && (o->listen != NULL || o->listen_long != NULL))
		o->workers = at_least(LEAST_WORKERS);
	if (o->long_workers == 0)
		o->long_workers = at_least(LEAST_LONG_WORKERS);
}

static void
close_site(struct pool *p)
{
	base_close(p->base);
	arena_free(p->arena);
}

struct service {
	struct base *base;
	struct arena *arena; /* of the current request */
};

static void
handle(void *arg, const struct http_io *io)
{
	struct service *s = arg;

	dispatch(s->base, s->arena, io);
	arena_reset(s->arena);
}

static int64_t
tend(void *arg)
{
	struct service *s = arg;

	return scribe_write(s->base, s->arena, false);
}

/* Reopens the site. The database may become available later; until then
 * requests are answered with 503. */
static bool
open_site(struct pool *p)
{
	struct arena *a = arena_new(PROGRAM_ARENA);
	struct why why = { 0 };
	struct base *b;
	enum err e;

	if (!start_open(a, p->o->config, start_log_fault, NULL, &b)) {
		arena_free(a);
		return false;
	}
	e = start_check_schema(b, &why);
	start_log_schema(e, &why);
	/* A failed reload must not break a working pool. */
	if (e != ERR_OK && (e != ERR_RETRY || p->base != NULL)) {
		base_close(b);
		arena_free(a);
		return false;
	}
	if (p->base != NULL)
		close_site(p);
	p->arena = a;
	p->base = b;
	p->away = e == ERR_RETRY;
	log_least((enum log_level)b->conf->log_level);
	conf_warn(a, b->conf, start_log_warning, NULL);
	return true;
}

static bool
reload(void *arg)
{
	return open_site(arg);
}

static void
answer(struct pool *p, struct service *s, const struct pool_group *group)
{
	const struct fcgi_options options = { group->listen_fd,
		p->o->max_requests,
		strcmp(group->name, LONG_GROUP) == 0 ? 0 : KEEP, READ_TIMEOUT,
		tend };

	/* Close the reading end, so that a write fails once the scribe has
	 * died. */
	if (p->ledger[0] >= 0)
		close(p->ledger[0]);
	ledger_send(s->base->ledger, p->ledger[1]);
	fcgi_serve(&options, handle, s);
	scribe_write(s->base, s->arena, true);
}

/* Waits for the database and then checks its schema. */
static int
watch(struct pool *p)
{
	struct why why = { 0 };
	enum err e;

	do {
		clock_pause(WATCH_PAUSE);
		e = start_check_schema(p->base, &why);
	} while (e == ERR_RETRY);
	if (e != ERR_OK) {
		start_log_schema(e, &why);
		return SUPERVISE_HOPELESS;
	}
	log_warn("database-back", "note=%s",
	    log_quote("requests are served again"));
	return 0;
}

/* One process of the pool, or the only process without a supervisor. */
static int
serve(void *arg, const struct pool_group *group)
{
	struct pool *p = arg;
	struct service s = { p->base, arena_new(REQUEST_ARENA) };
	int status = 0;

	base_use(p->base);
	if (p->memo != NULL)
		memo_use(p->memo, p->base);
	supervise_ready();
	if (strcmp(group->name, SCRIBE_GROUP) == 0)
		scribe_run(s.base, s.arena, p->ledger[0]);
	else if (strcmp(group->name, WATCH_GROUP) == 0)
		status = watch(p);
	else
		answer(p, &s, group);
	arena_free(s.arena);
	close_site(p);
	return status;
}

static int
open_socket(const char *where, mode_t mode)
{
	struct why why = { 0 };
	char text[WHY_SENTENCE];
	enum err e;
	int fd;

	e = where != NULL ? listen_on(where, mode, &fd, &why) :
			    listen_inherited(&fd, &why);
	if (e != ERR_OK) {
		fprintf(stderr, "vitrine.fcgi: %s\n",
		    why_sentence(&why, e, text));
		exit(1);
	}
	return fd;
}

/* Makes what the processes of a pool share: the cache, and the pipe to the
 * scribe. A process without a pool (mod_fcgid starts several) gets no cache,
 * since it would not notice at once what the others change. */
static void
make_shared(struct pool *p, struct pool_group *scribe)
{
	const struct pool_group group = { .name = SCRIBE_GROUP,
		.listen_fd = -1,
		.workers = 1,
		.last = true };
	size_t size = p->o->memo_size;

	if (size > 0 && (p->memo = memo_new(size << 20)) == NULL)
		log_warn("memo", "errno=%d", errno);
	if (!pipe_open(p->ledger))
		die("pipe: %s", strerror(errno));
	*scribe = group;
}

static int
run_pool(struct pool *p)
{
	const struct options *o = p->o;
	struct pool_group groups[4] = { { .name = "short",
	    .listen_fd = open_socket(o->listen, o->mode),
	    .workers = o->workers > 0 ? o->workers : 1 } };
	const struct pool_work work = { serve, reload, p };
	size_t n = 1;
	int status;

	if (o->listen_long != NULL)
		groups[n++] = (struct pool_group){ .name = LONG_GROUP,
			.listen_fd = open_socket(o->listen_long, o->mode),
			.workers = o->long_workers,
			.drain = 120 };
	if (n == 1 && o->workers == 0)
		return serve(p, &groups[0]);
	if (n > 1 || groups[0].workers > 1)
		make_shared(p, &groups[n++]);
	if (p->away)
		groups[n++] = (struct pool_group){ .name = WATCH_GROUP,
			.listen_fd = -1,
			.workers = 1,
			.once = true };
	status = supervise(groups, n, &work);
	close_site(p);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = { .max_requests = 20000,
		.memo_size = 64,
		.mode = 0660 };
	struct pool p = { .o = &o, .ledger = { -1, -1 } };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	read_options(argc, argv, &o);
	log_open("vitrine.fcgi", LOG_INFO);
	sec_init();
	umask(027);
	sigaction(SIGPIPE, &ignore, NULL);
	/* Ignored until the pool handles it. */
	sigaction(SIGHUP, &ignore, NULL);
	return open_site(&p) ? run_pool(&p) : EX_CONFIG;
}
