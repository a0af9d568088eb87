/* Background jobs: what the workers run. */
#ifndef CORE_JOB_H
#define CORE_JOB_H

#include "core/env.h"

#define JOB_ENRICH "enrich" /* ref: a media */

/* Takes the next due job and does it. ERR_NOT_FOUND: nothing is due. A job
 * that fails is tried again with growing pauses, worker.tries times. */
enum err job_run_next(struct env *env, const struct uuid *owner) MUST_CHECK;

/* What is due by time rather than by a row: sessions and wrong tries that
 * have run out, the trash that has been kept long enough. */
enum err job_expire(struct env *env) MUST_CHECK;

#endif
