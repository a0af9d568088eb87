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
#include "base/log.h"
#include "base/sec.h"
#include "core/env.h"
#include "core/ledger.h"
#include "core/memo.h"
#include "db/migrate.h"
#include "http/fcgi.h"
#include "prog/listen.h"
#include "prog/scribe.h"
#include "prog/supervise.h"

#define PROGRAM_ARENA (64 << 20)
#define REQUEST_ARENA (256 << 20)
#define KEEP 64 /* connections of the short socket in one process */
#define READ_TIMEOUT 60
#define LONG_GROUP "long" /* a connection for each request there */
#define SCRIBE_GROUP "scribe"

struct options {
	const char *config;
	const char *listen;
	const char *listen_long;
	unsigned workers; /* 0: serve in this process */
	unsigned long_workers;
	unsigned max_requests;
	unsigned memo_size; /* MB */
	mode_t mode;
	struct memo_pool *memo; /* of the pool; NULL: none */
	int ledger[2];	   /* the pool's pipe; -1: none */
};

static const char usage[] =
    "usage: vitrine.fcgi [--config FILE] [--listen WHERE] "
    "[--listen-long WHERE]\n"
    "       [--workers N] [--long-workers N] [--max-requests N]\n"
    "       [--socket-mode MODE] [--memo MEGABYTES]\n"
    "\n"
    "Serves FastCGI at WHERE (a socket's path, or host:port), or, without\n"
    "--listen, on the socket at descriptor 0 (spawn-fcgi, mod_fcgid, systemd);\n"
    "there it serves by itself unless --workers is given. --listen-long is\n"
    "for uploads, shares and long lists: a socket with workers of its own.\n"
    "--memo is for what the workers of a pool keep of open links (64); 0, keep\n"
    "nothing, is for several pools of one site on one host.\n"
    "SIGHUP reloads, SIGTERM drains and ends.\n";

static unsigned
number(const char *name, const char *text)
{
	uint64_t v;

	if (!decimal_parse(text, 1000000, &v)) {
		fprintf(stderr, "vitrine.fcgi: --%s: \"%s\" is no number\n",
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
		fprintf(stderr, "vitrine.fcgi: --socket-mode: \"%s\" is no "
		    "mode\n", text);
		exit(2);
	}
	return (mode_t)v;
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
			    number("memo", optarg) : 0;
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
	if (o->listen != NULL && o->workers == 0)
		o->workers = 4;
}

struct service {
	struct base *base;
	struct arena *arena; /* of the request at hand */
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

static enum log_level
level_of(const char *name)
{
	static const char *const names[] = { "debug", "info", "warn" };

	for (int i = 0; i < 3; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum log_level)i;
	return LOG_ERROR;
}

/* The schema must be the one that this program was made for. */
static enum err
check_schema(struct base *b, struct why *why)
{
	size_t pending = 0;
	enum err e = migrate_pending(b->db, b->conf->database_migrations,
	    &pending, why);

	/* The database may come later: requests answer 503 until then. */
	if (e == ERR_RETRY) {
		why_clear(why);
		return ERR_OK;
	}
	if (e == ERR_OK && pending > 0)
		return why_set(why, ERR_INVALID, NULL,
		    "%zu migrations are pending: run \"vitrine migrate\"",
		    pending);
	return e;
}

/* One process of the pool; also the only one, when nobody supervises. */
static int
serve(void *arg, const struct pool_group *group)
{
	const struct options *o = arg;
	struct arena *a = arena_new(PROGRAM_ARENA);
	struct service s = { NULL, arena_new(REQUEST_ARENA) };
	struct fcgi_options options = { group->listen_fd, o->max_requests,
		strcmp(group->name, LONG_GROUP) == 0 ? 0 : KEEP,
		READ_TIMEOUT, tend };
	struct why why = { 0 };

	if (base_open(a, o->config, &s.base, &why) != ERR_OK ||
	    check_schema(s.base, &why) != ERR_OK) {
		log_error("start", "error=%s",
		    log_quote(why.text[0] ? why.text : why.detail));
		arena_free(s.arena);
		arena_free(a);
		return SUPERVISE_HOPELESS;
	}
	if (o->memo != NULL)
		memo_use(o->memo, s.base);
	log_open("vitrine.fcgi", level_of(s.base->conf->log_level));
	supervise_ready();
	if (strcmp(group->name, SCRIBE_GROUP) == 0) {
		scribe_run(s.base, s.arena, o->ledger[0]);
	} else {
		/* A pipe that nobody reads any more is to be known as one. */
		if (o->ledger[0] >= 0)
			close(o->ledger[0]);
		ledger_send(s.base->ledger, o->ledger[1]);
		fcgi_serve(&options, handle, &s);
		scribe_write(s.base, s.arena, true);
	}
	base_close(s.base);
	arena_free(s.arena);
	arena_free(a);
	return 0;
}

static int
open_socket(const char *where, mode_t mode)
{
	struct why why = { 0 };
	int fd;

	if ((where != NULL ? listen_on(where, mode, &fd, &why) :
			     listen_inherited(&fd, &why)) != ERR_OK) {
		fprintf(stderr, "vitrine.fcgi: %s\n",
		    why.text[0] ? why.text : why.detail);
		exit(1);
	}
	return fd;
}

/* What the processes of a pool share, and the one that writes for the others. A
 * pool of one, as mod_fcgid starts several of, keeps nothing: it would not learn
 * at once of what the others change. */
static void
make_shared(struct options *o, struct pool_group *scribe)
{
	const struct pool_group group = { .name = SCRIBE_GROUP,
		.listen_fd = -1, .workers = 1, .last = true };

	if (o->memo_size > 0 &&
	    (o->memo = memo_new((size_t)o->memo_size << 20)) == NULL)
		log_warn("memo", "errno=%d", errno);
	if (!ledger_pipe(o->ledger))
		die("pipe: %s", strerror(errno));
	*scribe = group;
}

int
main(int argc, char **argv)
{
	struct options o = { .long_workers = 8, .max_requests = 20000,
		.memo_size = 64, .mode = 0660, .ledger = { -1, -1 } };
	struct pool_group groups[3] = { { .name = "short" },
		{ .name = LONG_GROUP, .drain = 120 } };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	size_t n = 1;

	read_options(argc, argv, &o);
	log_open("vitrine.fcgi", LOG_INFO);
	sec_init();
	umask(027);
	sigaction(SIGPIPE, &ignore, NULL);
	groups[0].listen_fd = open_socket(o.listen, o.mode);
	groups[0].workers = o.workers;
	if (o.listen_long != NULL) {
		groups[1].listen_fd = open_socket(o.listen_long, o.mode);
		groups[1].workers = o.long_workers;
		n = 2;
	}
	if (o.workers == 0 && n == 1)
		return serve(&o, &groups[0]);
	if (groups[0].workers == 0)
		groups[0].workers = 1;
	if (n > 1 || groups[0].workers > 1)
		make_shared(&o, &groups[n++]);
	return supervise(groups, n, serve, &o);
}
