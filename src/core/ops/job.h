/* Background jobs: what the workers run. */
#ifndef CORE_OPS_JOB_H
#define CORE_OPS_JOB_H

#include "core/env.h"

/* Takes the next due job and runs it. ERR_NOT_FOUND: none is due. A job that
 * fails is retried with growing pauses up to worker.tries times, or without a
 * limit if something is unavailable or busy (ERR_RETRY). */
enum err job_run_next(struct env *env, const struct uuid *owner) MUST_CHECK;

/* Does what is due by time: removes expired sessions, failed logins, trash and
 * logs, cleans up after killed processes, and queues recurring jobs. A
 * failure is logged and does not stop the others. ERR_RETRY: the database is
 * unavailable. */
enum err job_expire(struct env *env) MUST_CHECK;

#endif
