/* What a worker records of itself, so that anybody who asks the database knows
 * whether background jobs are done. */
#ifndef CORE_OPS_WORKER_H
#define CORE_OPS_WORKER_H

#include "core/env.h"

#define WORKER_SEEN_EVERY 20 /* seconds */

/* A worker that was not seen for so long and holds no job has stopped. */
#define WORKER_LOST_AFTER 120 /* seconds */

/* It runs; to be called every WORKER_SEEN_EVERY seconds. */
enum err worker_seen(struct env *env, const struct uuid *id) MUST_CHECK;

/* It is about to end. */
enum err worker_left(struct env *env, const struct uuid *id) MUST_CHECK;

#endif
