#include "config.h"

#include "core/job.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "core/enrich.h"
#include "core/trash.h"
#include "db/auth_db.h"
#include "db/job_db.h"

#define LEASE_SECONDS 600
#define PAUSE_SECONDS 10 /* after the first failure; doubles */
#define SOON_SECONDS 2

static enum err
work_on(struct env *env, const struct job *job, bool last, bool *ret_later)
{
	*ret_later = false;
	if (strcmp(job->kind, JOB_ENRICH) == 0)
		return enrich_media(env, job->ref_id, last, ret_later);
	return why_log(&env->why, ERR_INTERNAL, "a job of kind %s",
	    job->kind);
}

enum err
job_run_next(struct env *env, const struct uuid *owner)
{
	uint64_t tries = (uint64_t)env->base->conf->worker_tries;
	struct db *db = env->base->db;
	struct job job = { 0 };
	bool last, later;
	enum err e, done;

	e = job_db_take(db, &env->why, env->arena, owner, LEASE_SECONDS,
	    &job);
	if (e != ERR_OK)
		return e;
	last = job.attempts + 1 >= tries;
	done = work_on(env, &job, last, &later);
	if (done == ERR_OK && later)
		return job_db_again(db, &env->why, job.id, owner, NULL, false,
		    SOON_SECONDS);
	if (done == ERR_OK)
		return job_db_done(db, &env->why, job.id, owner);
	log_warn("job_failed", "kind=%s ref=%" PRIu64 " attempt=%u error=%s",
	    job.kind, job.ref_id, job.attempts + 1,
	    log_quote(env->why.detail[0] ? env->why.detail : err_text(done)));
	if (last)
		return job_db_done(db, &env->why, job.id, owner);
	return job_db_again(db, &env->why, job.id, owner, err_text(done),
	    true, PAUSE_SECONDS << (job.attempts < 10 ? job.attempts : 10));
}

enum err
job_expire(struct env *env)
{
	enum err e = auth_db_expire(env->base->db, &env->why);

	return e != ERR_OK ? e : trash_tend(env);
}
