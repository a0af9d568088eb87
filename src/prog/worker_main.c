/* vitrine-worker: runs background jobs. Any number may run, on any host. */
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
#include "base/stop.h"
#include "core/base.h"
#include "core/ops/job.h"
#include "core/mail/conf.h"
#include "core/ops/worker.h"
#include "prog/notify.h"
#include "prog/start.h"

#define PROGRAM_ARENA (64 << 20)
#define JOB_ARENA (256 << 20)
#define SECOND INT64_C(1000000) /* of clock_tick() */
#define EXPIRE_EVERY (60 * SECOND)

static const char usage[] =
    "usage: vitrine-worker [--config FILE]\n"
    "\n"
    "Runs background jobs: thumbnails, scans for new files, mail. Any number of\n"
    "workers may run, on any host of the site. SIGTERM makes it exit after the\n"
    "current job. Exit status 78: fix the configuration or the database schema\n"
    "first.\n";

struct worker {
	struct base *base;
	struct arena *arena; /* of the current job */
	struct uuid id;
	struct stop stop;
	int64_t expired; /* when job_expire() last ran */
	int64_t seen;	 /* when worker_seen() last ran */
};

static void
catch_signals(struct worker *w)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	stop_catch(&w->stop);
	sigaction(SIGPIPE, &ignore, NULL);
}

static void
wait_seconds(struct worker *w, int64_t seconds)
{
	struct timespec ts = { (time_t)seconds, 0 };

	ppoll(NULL, 0, &ts, &w->stop.waiting);
}

/* Whether that much time has passed since *last; if so, sets *last to now. */
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
	struct env env;
	enum err e = ERR_OK;

	env_init(&env, w->base, w->arena);
	if (is_time(&w->seen, WORKER_SEEN_EVERY * SECOND))
		e = worker_seen(&env, &w->id);
	if (e == ERR_OK && is_time(&w->expired, EXPIRE_EVERY))
		e = job_expire(&env);
	if (e == ERR_OK)
		e = job_run_next(&env, &w->id);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		log_warn("work", "error=%s why=%s", log_quote(err_text(e)),
		    log_quote(env.why.detail));
	db_clean(w->base->connection);
	arena_reset(w->arena);
	return e;
}

/* If the database is unavailable, the worker's row stays and shows when it was
 * last seen. */
static void
leave(struct worker *w)
{
	struct env env;

	env_init(&env, w->base, w->arena);
	if (worker_left(&env, &w->id) != ERR_OK)
		log_warn("leave", "why=%s", log_quote(env.why.detail));
	arena_reset(w->arena);
}

static void
run(struct worker *w)
{
	int64_t pause = w->base->conf->worker_pause;
	struct why why = { 0 };

	/* Not fatal: mail waits, and other jobs can run. */
	if (mail_conf_ready(w->base->conf, &why) != ERR_OK)
		log_warn("mail_folder", "why=%s", log_quote(why.detail));
	log_info("start", "pause=%lld", (long long)pause);
	while (!stop_asked()) {
		enum err e = work(w);

		/* Also when there is work, so that signals are delivered. */
		wait_seconds(w, e == ERR_OK ? 0 : pause);
	}
	leave(w);
	log_info("stop", "signal=1");
}

/* Waits for the database; false if its schema is not the one needed. */
static bool
wait_for_database(struct worker *w)
{
	bool away = false;
	struct why why = { 0 };
	enum err e;

	for (;;) {
		e = start_check_schema(w->base, &why);
		if (e != ERR_RETRY || stop_asked())
			break;
		if (!away)
			start_log_schema(e, &why);
		/* Report readiness now: the database may take any time. */
		notify_ready();
		away = true;
		wait_seconds(w, w->base->conf->worker_pause);
	}
	if (e != ERR_OK && e != ERR_RETRY)
		start_log_schema(e, &why);
	else if (away && e == ERR_OK)
		log_warn("database-back", "note=%s",
		    log_quote("jobs are processed again"));
	return e == ERR_OK || e == ERR_RETRY;
}

static const char *
read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	const char *config = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (c) {
		case 'c':
			config = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		case 'v':
			puts("vitrine-worker " VERSION);
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
	return config;
}

int
main(int argc, char **argv)
{
	const char *config = read_options(argc, argv);
	struct worker w = { .expired = INT64_MIN / 2, .seen = INT64_MIN / 2 };
	struct arena *a = arena_new(PROGRAM_ARENA);
	int status = EX_CONFIG;

	log_open("vitrine-worker", LOG_INFO);
	sec_init();
	umask(027);
	catch_signals(&w);
	w.id = uuid_random();
	if (!start_open(a, config, start_log_fault, NULL, &w.base)) {
		arena_free(a);
		return status;
	}
	base_use(w.base);
	log_least((enum log_level)w.base->conf->log_level);
	conf_warn(a, w.base->conf, start_log_warning, NULL);
	w.arena = arena_new(JOB_ARENA);
	if (wait_for_database(&w)) {
		notify_ready();
		run(&w);
		status = 0;
	}
	base_close(w.base);
	arena_free(w.arena);
	arena_free(a);
	return status;
}
