/* vitrine-worker: background jobs. Any number of them, on any host. */
#include "config.h"

#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sec.h"
#include "core/env.h"
#include "core/job.h"
#include "core/mail_conf.h"
#include "core/worker.h"

#define PROGRAM_ARENA (64 << 20)
#define JOB_ARENA (256 << 20)
#define SECOND INT64_C(1000000) /* of clock_tick() */
#define EXPIRE_EVERY (60 * SECOND)

static volatile sig_atomic_t stop;

static void
on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

struct worker {
	struct base *base;
	struct arena *arena; /* of the job at hand */
	struct uuid id;
	sigset_t waiting; /* the signals that are let in while it waits */
	int64_t expired;  /* when job_expire() ran last, … */
	int64_t seen;	  /* … and worker_seen() */
};

/* The signals come only while it waits, so none is missed between a look at
 * `stop` and the wait. */
static void
catch_signals(struct worker *w)
{
	const struct sigaction sa = { .sa_handler = on_stop };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, &w->waiting);
	sigdelset(&w->waiting, SIGTERM);
	sigdelset(&w->waiting, SIGINT);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static void
wait_seconds(struct worker *w, int64_t seconds)
{
	struct timespec ts = { (time_t)seconds, 0 };

	ppoll(NULL, 0, &ts, &w->waiting);
}

/* Whether so much time has passed since *last, which is now then. */
static bool
is_time(int64_t *last, int64_t every)
{
	if (clock_tick() - *last <= every)
		return false;
	*last = clock_tick();
	return true;
}

static enum err
work(struct worker *w)
{
	struct env env = { .base = w->base, .arena = w->arena,
		.address = "" };
	enum err e = ERR_OK;

	if (is_time(&w->seen, WORKER_SEEN_EVERY * SECOND))
		e = worker_seen(&env, &w->id);
	if (e == ERR_OK && is_time(&w->expired, EXPIRE_EVERY))
		e = job_expire(&env);
	if (e == ERR_OK)
		e = job_run_next(&env, &w->id);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		log_warn("work", "error=%s why=%s", log_quote(err_text(e)),
		    log_quote(env.why.detail));
	db_clean(w->base->db);
	arena_reset(w->arena);
	return e;
}

/* Where the database is away, its row tells that it was not seen since. */
static void
leave(struct worker *w)
{
	struct env env = { .base = w->base, .arena = w->arena,
		.address = "" };

	if (worker_left(&env, &w->id) != ERR_OK)
		log_warn("leave", "why=%s", log_quote(env.why.detail));
	arena_reset(w->arena);
}

static void
run(struct worker *w)
{
	int64_t pause = w->base->conf->worker_pause;
	struct why why = { 0 };

	/* Not the end: mail waits, and the rest has to be done. */
	if (mail_conf_ready(w->base->conf, &why) != ERR_OK)
		log_warn("mail_folder", "why=%s", log_quote(why.detail));
	log_info("start", "pause=%lld", (long long)pause);
	while (!stop) {
		enum err e = work(w);

		/* Also with work at hand: a chance for a signal. */
		wait_seconds(w, e == ERR_OK ? 0 : pause > 0 ? pause : 1);
	}
	leave(w);
	log_info("stop", "signal=1");
}

int
main(int argc, char **argv)
{
	static const struct option names[] = {
		{ "config", required_argument, NULL, 'c' },
		{ NULL, 0, NULL, 0 },
	};
	struct worker w = { .expired = INT64_MIN / 2, .seen = INT64_MIN / 2 };
	struct arena *a = arena_new(PROGRAM_ARENA);
	const char *config = NULL;
	struct why why = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (c != 'c') {
			fputs("usage: vitrine-worker [--config FILE]\n",
			    stderr);
			return 2;
		}
		config = optarg;
	}
	log_open("vitrine-worker", LOG_INFO);
	sec_init();
	umask(027);
	catch_signals(&w);
	w.id = uuid_random();
	w.arena = arena_new(JOB_ARENA);
	if (base_open(a, config, &w.base, &why) != ERR_OK) {
		fprintf(stderr, "vitrine-worker: %s\n", why.text);
		return 1;
	}
	run(&w);
	base_close(w.base);
	arena_free(w.arena);
	arena_free(a);
	return 0;
}
