/* Taking published copies back. */
#ifndef CORE_COMMUNITY_WITHDRAW_H
#define CORE_COMMUNITY_WITHDRAW_H

#include "core/env.h"

/* Takes the copy out: from the feed, then the object, then the record. None
 * there is fine. */
enum err community_withdraw(struct env *env, uint64_t media_id) MUST_CHECK;

/* The same by the record's id, whatever its state. */
enum err community_withdraw_row(struct env *env, uint64_t id) MUST_CHECK;

/* For the worker: finishes withdrawals that failed half way, and gives back
 * claims of processes that died. */
enum err community_tend(struct env *env) MUST_CHECK;

/* Removes the objects (NULL: none) from wherever they lie. */
enum err community_remove_objects(struct env *env, const char *object,
    const char *thumb) MUST_CHECK;

#endif
