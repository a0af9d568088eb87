/* Workers record in the database that they are running, so that anyone can see
 * whether background jobs are processed. */
#ifndef CORE_OPS_WORKER_H
#define CORE_OPS_WORKER_H

#include "core/env.h"

#define WORKER_SEEN_EVERY 20 /* seconds */

/* A worker that was not seen for this long and holds no job has stopped. */
#define WORKER_LOST_AFTER 120 /* seconds */

/* Records that the worker runs. Call it every WORKER_SEEN_EVERY seconds. */
enum err worker_seen(struct env *env, const struct uuid *id) MUST_CHECK;

/* Records that the worker is about to exit. */
enum err worker_left(struct env *env, const struct uuid *id) MUST_CHECK;

#endif
