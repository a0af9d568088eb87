/* Background jobs: what the workers run. */
#ifndef CORE_JOB_H
#define CORE_JOB_H

#include "core/env.h"

#define JOB_ENRICH "enrich"   /* ref: a media */
#define JOB_ORPHANS "orphans" /* once an hour, on one of the hosts */

/* Takes the next due job and does it. ERR_NOT_FOUND: nothing is due. A job
 * that fails is tried again with growing pauses, worker.tries times. */
enum err job_run_next(struct env *env, const struct uuid *owner) MUST_CHECK;

/* What is due by time rather than by a row: sessions and wrong tries that
 * have run out, what killed processes have left half done, the trash that has
 * been kept long enough; and that the jobs
 * which come round again and again are there. */
enum err job_expire(struct env *env) MUST_CHECK;

#endif
