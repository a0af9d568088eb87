/* Uses of a share: what one visitor opens of it in half an hour is one use. */
#ifndef CORE_SHARE_VISIT_H
#define CORE_SHARE_VISIT_H

#include "core/env.h"
#include "model/share.h"

#define VISIT_SECONDS 1800

/*
 * Counts a visit that begins, with its line in the log. Where the share, or
 * one that it stands on, has a limit, the count is exact and durable when this
 * returns; all else is written within a second. Not where env->uncounted is
 * set. ERR_NOT_FOUND: the limit is reached.
 */
enum err visit_link(struct env *env, const struct share *s,
    uint64_t actor) MUST_CHECK;

/* The same for a recipient, whose visit is remembered with the share. */
enum err visit_recipient(struct env *env, const struct share *s,
    uint64_t user_id) MUST_CHECK;

#endif
