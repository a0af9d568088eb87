/* A job that a worker runs, and its lease on it. */
#ifndef CORE_OPS_LEASE_H
#define CORE_OPS_LEASE_H

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
enum err lease_hold(struct env *env, const struct job_run *run,
    int64_t seconds) MUST_CHECK;

#endif
