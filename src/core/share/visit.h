/* Counting visits. All openings by one visitor within half an hour are one
 * visit, and count as one use. */
#ifndef CORE_SHARE_VISIT_H
#define CORE_SHARE_VISIT_H

#include "core/env.h"
#include "model/share.h"

#define VISIT_SECONDS 1800

/*
 * Counts a new visit and logs it. If the share, or one that it is a reshare of,
 * has a limit, the count is exact and durable on return; otherwise it is
 * written within a second. Does nothing if env->uncounted is set.
 * ERR_NOT_FOUND: the limit is reached.
 */
enum err visit_link(struct env *env, const struct share *s,
    uint64_t actor) MUST_CHECK;

/* The same for a recipient, whose visit is recorded with the share. */
enum err visit_recipient(struct env *env, const struct share *s,
    uint64_t user_id) MUST_CHECK;

#endif
