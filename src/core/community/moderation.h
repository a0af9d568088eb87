/* Care for the community: reports, take-down, the block list. */
#ifndef CORE_COMMUNITY_MODERATION_H
#define CORE_COMMUNITY_MODERATION_H

#include "core/env.h"
#include "db/community_db.h"
#include "model/user.h"

#define REPORT_MOST 1000 /* characters of a reason */

/* Tells the moderators of a record in the feed; a second report of the same
 * account replaces its first. */
enum err moderation_report(struct env *env, const struct caller *c, uint64_t id,
    const char *reason) MUST_CHECK;

/* For moderators: what was reported, newest first. */
enum err moderation_reports(struct env *env, const struct caller *c,
    struct report **ret, size_t *ret_n) MUST_CHECK;

/* For moderators: out of the feed and of general/, and, with block, refused
 * when it is shared again. Idempotent. */
enum err moderation_take_down(struct env *env, const struct caller *c,
    uint64_t id, bool block) MUST_CHECK;

/* For moderators: back into the feed, off the block list, its reports gone. */
enum err moderation_restore(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

/* The sharer or a moderator takes a record out for good. ERR_NOT_FOUND: none,
 * or another's. */
enum err moderation_remove(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

#endif
