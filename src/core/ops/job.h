/* Background jobs: what the workers run. */
#ifndef CORE_OPS_JOB_H
#define CORE_OPS_JOB_H

#include "core/env.h"
#include "db/job_db.h"

#define JOB_ENRICH "enrich"   /* ref: a media */
#define JOB_MAIL "mail"	      /* ref: a row of the outbox */
#define JOB_ORPHANS "orphans" /* once an hour, on one of the hosts */

/* A job in a worker's hands. */
struct job_run {
	const struct job *job;
	const struct uuid *owner;
	bool last;     /* no further try is to come */
	bool hopeless; /* each try so far has been the end of a worker */
};

/* For long work, before each of its steps: keeps the job for so many seconds
 * more. ERR_CONFLICT: it is another's by now; to be left alone. */
enum err job_hold(struct env *env, const struct job_run *run,
    int64_t seconds) MUST_CHECK;

/* Takes the next due job and does it. ERR_NOT_FOUND: nothing is due. A job
 * that fails is tried again with growing pauses, worker.tries times; as long
 * as need be where something is away or busy (ERR_RETRY). */
enum err job_run_next(struct env *env, const struct uuid *owner) MUST_CHECK;

/* What is due by time rather than by a row: sessions and wrong tries that
 * have run out, what killed processes have left half done, the trash and the
 * logs that have been kept long enough; and that the jobs which come round
 * again and again are there. */
enum err job_expire(struct env *env) MUST_CHECK;

#endif
