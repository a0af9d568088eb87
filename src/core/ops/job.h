/* Background jobs: what the workers run. */
#ifndef CORE_OPS_JOB_H
#define CORE_OPS_JOB_H

#include "core/env.h"
#include "db/job_db.h"

#define JOB_ENRICH "enrich"   /* ref: a media */
#define JOB_MAIL "mail"	      /* ref: a row of the outbox */
#define JOB_ORPHANS "orphans" /* once an hour, on one of the hosts */

/* A job that a worker is running. */
struct job_run {
	const struct job *job;
	const struct uuid *owner;
	bool last;     /* there will be no further try */
	bool hopeless; /* each try so far killed its worker */
};

/* Extends the job's lease by that many seconds; call it before each step of
 * long work. ERR_CONFLICT: another worker has the job now, so stop. */
enum err job_hold(struct env *env, const struct job_run *run,
    int64_t seconds) MUST_CHECK;

/* Takes the next due job and runs it. ERR_NOT_FOUND: none is due. A job that
 * fails is retried with growing pauses up to worker.tries times, or without a
 * limit if something is unavailable or busy (ERR_RETRY). */
enum err job_run_next(struct env *env, const struct uuid *owner) MUST_CHECK;

/* Does what is due by time: removes expired sessions, failed logins, trash and
 * logs, cleans up after killed processes, and queues recurring jobs. */
enum err job_expire(struct env *env) MUST_CHECK;

#endif
