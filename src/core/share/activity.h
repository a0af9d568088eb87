/* The log of a share (seed 002), and what is left of addresses in it. */
#ifndef CORE_SHARE_ACTIVITY_H
#define CORE_SHARE_ACTIVITY_H

#include "core/env.h"

/* The caller's address as the settings let it be kept; NULL: not at all. */
const char *activity_address(struct env *env);

/* A line in the share's log; within a transaction or by itself. actor 0:
 * nobody signed in; details may be NULL. */
enum err activity_log(struct env *env, uint64_t share_id, uint64_t actor,
    const char *action, const char *details) MUST_CHECK;

/* Removes what has been kept for long enough. */
enum err activity_tend(struct env *env) MUST_CHECK;

#endif
