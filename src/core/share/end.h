/* How shares end: revoked or expired. */
#ifndef CORE_SHARE_END_H
#define CORE_SHARE_END_H

#include "core/env.h"
#include "model/share.h"
#include "model/user.h"

/* Takes it back, with its log and notifications, within a transaction of the
 * caller's. actor 0: the administrator. */
enum err share_end(struct env *env, uint64_t id, uint64_t owner_id,
    uint64_t actor) MUST_CHECK;

/* Takes a share of the caller's back, and all that pass it on. */
enum err share_revoke(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

/* All of them or none. ERR_FORBIDDEN: one is not the caller's, or revoked. */
enum err share_revoke_batch(struct env *env, const struct caller *c,
    const struct uuid *ids, size_t n) MUST_CHECK;

enum err share_revoke_any(struct env *env, const char *id) MUST_CHECK;

/* Ends it now, for whoever may: actor 0 is the administrator. ERR_NOT_FOUND:
 * it is over already. */
enum err share_expire(struct env *env, const char *id,
    uint64_t actor) MUST_CHECK;

#endif
