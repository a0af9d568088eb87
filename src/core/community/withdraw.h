/* Removing published copies. */
#ifndef CORE_COMMUNITY_WITHDRAW_H
#define CORE_COMMUNITY_WITHDRAW_H

#include "core/env.h"

/* Removes a media's copy: from the feed, then the objects, then the record.
 * ERR_OK if there is none. */
enum err community_withdraw(struct env *env, uint64_t media_id) MUST_CHECK;

/* The same by the record's id, in any state. */
enum err community_withdraw_row(struct env *env, uint64_t id) MUST_CHECK;

/* For the worker: finishes interrupted removals, and releases claims of
 * processes that died. */
enum err community_tend(struct env *env) MUST_CHECK;

/* Removes the objects (NULL: none) from general/ and hidden/. */
enum err community_remove_objects(struct env *env, const char *object,
    const char *thumb) MUST_CHECK;

#endif
