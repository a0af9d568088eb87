/* The activity log of shares (seed 002), and how much of an address is kept in
 * it. */
#ifndef CORE_SHARE_ACTIVITY_H
#define CORE_SHARE_ACTIVITY_H

#include "core/env.h"

/* The caller's address in the form that the settings allow to be kept; NULL if
 * it must not be kept. */
const char *activity_address(struct env *env);

/* Adds an entry to the share's log; works inside or outside a transaction.
 * actor 0: a visitor who is not signed in. details may be NULL. */
enum err activity_log(struct env *env, uint64_t share_id, uint64_t actor,
    const char *action, const char *details) MUST_CHECK;

/* Deletes entries that are older than the configured time. */
enum err activity_tend(struct env *env) MUST_CHECK;

#endif
