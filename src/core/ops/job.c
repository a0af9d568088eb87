#include "config.h"

#include "core/ops/job.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/share/activity.h"
#include "core/community/withdraw.h"
#include "core/mail/digest.h"
#include "core/vault/enrich.h"
#include "core/mail/send.h"
#include "core/ops/lease.h"
#include "core/ops/orphan.h"
#include "core/vault/trash.h"
#include "db/auth_db.h"
#include "db/job_db.h"
#include "db/worker_db.h"

#define PAUSE_SECONDS 10 /* after the first failure; doubles each time */
#define PAUSE_DOUBLINGS 6
#define ORPHANS_EVERY 3600
#define HOLD_EVERY (30 * INT64_C(1000000)) /* us */
#define HOLD_SECONDS 180

/* A sweep of many files takes longer than a lease, so it extends its lease. */
struct sweep {
	struct env *env;
	const struct job_run *run;
	int64_t held; /* clock_tick() when the lease was last extended */
};

static enum err
hold_sweep(void *arg, size_t files)
{
	struct sweep *s = arg;

	(void)files;
	if (clock_tick() - s->held < HOLD_EVERY)
		return ERR_OK;
	s->held = clock_tick();
	return lease_hold(s->env, s->run, HOLD_SECONDS);
}

static void
log_refused(void *arg, const char *place, uint64_t unknown, uint64_t files)
{
	(void)arg;
	log_error("orphans",
	    "place=%s files=%" PRIu64 " unknown=%" PRIu64 " text=%s", place,
	    files, unknown,
	    log_quote("too many to be orphans: check that this is the right "
		      "database; \"vitrine purge\" removes them"));
}

/* *ret_later: seconds until it must run again; 0: it is done. */
static enum err
sweep_orphans(struct env *env, const struct job_run *run, int64_t *ret_later)
{
	struct sweep s = { env, run, clock_tick() };
	const struct orphan_watch watch = { .refused = log_refused,
		.step = hold_sweep,
		.arg = &s };
	struct orphan_result r;
	enum err e = orphan_sweep(env, ORPHANS_REMOVE, &watch, &r);

	if (e == ERR_OK && (r.removed > 0 || r.refused > 0))
		log_info("orphans",
		    "removed=%" PRIu64 " found=%" PRIu64 " refused=%u",
		    r.removed, r.found, r.refused);
	*ret_later = ORPHANS_EVERY;
	return e;
}

typedef enum err job_fn(struct env *env, const struct job_run *run,
    int64_t *ret_later);

static const struct {
	const char *kind;
	job_fn *run;
} kinds[] = {
	{ JOB_ENRICH, enrich_media },
	{ JOB_MAIL, mail_send },
	{ JOB_ORPHANS, sweep_orphans },
};

static enum err
work_on(struct env *env, const struct job_run *run, int64_t *ret_later)
{
	*ret_later = 0;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(run->job->kind, kinds[i].kind) == 0)
			return kinds[i].run(env, run, ret_later);
	return why_log(&env->why, ERR_INTERNAL, "unknown job kind %s",
	    run->job->kind);
}

static int64_t
pause_after(const struct job *job)
{
	return PAUSE_SECONDS
	    << (job->attempts < PAUSE_DOUBLINGS ? job->attempts :
						  PAUSE_DOUBLINGS);
}

/* A job may process a picture twice, each time within its limits. If its worker
 * dies, another takes the job after this time. */
static int64_t
lease(const struct conf *conf)
{
	return 2 * (conf->image_timeout + conf->image_wait) + 60;
}

enum err
job_run_next(struct env *env, const struct uuid *owner)
{
	uint64_t tries = (uint64_t)env->base->conf->worker_tries;
	const struct db *db = &env->db;
	struct job job = { 0 };
	struct job_run run = { .job = &job, .owner = owner };
	int64_t later;
	enum err e, done;

	e = job_db_take(db, owner, lease(env->base->conf), &job);
	if (e != ERR_OK)
		return e;
	run.last = job.attempts + 1 >= tries;
	run.hopeless = job.abandoned && job.attempts >= tries;
	done = work_on(env, &run, &later);
	if (done == ERR_OK && later > 0)
		return job_db_again(db, job.id, owner, NULL, false, later);
	if (done == ERR_OK)
		return job_db_done(db, job.id, owner);
	log_warn("job_failed", "kind=%s ref=%" PRIu64 " attempt=%u error=%s",
	    job.kind, job.ref_id, job.attempts + 1,
	    log_quote(env->why.detail[0] ? env->why.detail : err_text(done)));
	if (done == ERR_CONFLICT) /* another worker has it */
		return ERR_OK;
	if (run.last && later == 0 && done != ERR_RETRY)
		return job_db_done(db, job.id, owner);
	return job_db_again(db, job.id, owner, err_text(done), true,
	    pause_after(&job));
}

static enum err
tend_logins(struct env *env)
{
	return auth_db_expire(&env->db);
}

static enum err
tend_jobs(struct env *env)
{
	return job_db_ensure(&env->db, JOB_ORPHANS);
}

static enum err
tend_workers(struct env *env)
{
	return worker_db_expire(&env->db);
}

static const struct {
	const char *name;
	enum err (*run)(struct env *env);
} tends[] = {
	{ "logins", tend_logins },
	{ "jobs", tend_jobs },
	{ "workers", tend_workers },
	{ "mail", mail_send_tend },
	{ "community", community_tend },
	{ "activity", activity_tend },
	{ "digest", digest_tend },
	{ "trash", trash_tend },
};

enum err
job_expire(struct env *env)
{
	for (size_t i = 0; i < sizeof(tends) / sizeof(tends[0]); i++) {
		enum err e = tends[i].run(env);

		if (e == ERR_OK)
			continue;
		log_warn("tend_failed", "what=%s error=%s", tends[i].name,
		    log_quote(
			env->why.detail[0] ? env->why.detail : err_text(e)));
		/* Without a database the others would only wait for it, too. */
		if (e == ERR_RETRY && db_ping(&env->db) != ERR_OK)
			return e;
	}
	return ERR_OK;
}
