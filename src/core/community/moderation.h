/* Moderation of the community: reports, take-down, the block list. */
#ifndef CORE_COMMUNITY_MODERATION_H
#define CORE_COMMUNITY_MODERATION_H

#include "core/env.h"
#include "db/community_db.h"
#include "model/user.h"

#define REPORT_MOST 1000 /* characters of a reason */

/* Reports a record in the feed to the moderators. Another report by the same
 * account replaces its first. */
enum err moderation_report(struct env *env, const struct caller *c, uint64_t id,
    const char *reason) MUST_CHECK;

/* For moderators: lists reported records, newest first. */
enum err moderation_reports(struct env *env, const struct caller *c,
    struct report **ret, size_t *ret_n) MUST_CHECK;

/* For moderators: removes a record from the feed and general/. With `block` its
 * picture cannot be published again. Repeating it is fine. */
enum err moderation_take_down(struct env *env, const struct caller *c,
    uint64_t id, bool block) MUST_CHECK;

/* For moderators: puts a record back into the feed, takes it off the block list
 * and deletes its reports. */
enum err moderation_restore(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

/* Removes a record for good; for the sharer and moderators. ERR_NOT_FOUND:
 * there is none, or it belongs to someone else. */
enum err moderation_remove(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

#endif
