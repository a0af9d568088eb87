/* Ending shares, by revoking or expiring them. */
#ifndef CORE_SHARE_END_H
#define CORE_SHARE_END_H

#include "core/env.h"
#include "model/share.h"
#include "model/user.h"

/* Revokes a share, logs it and notifies recipients, within the caller's
 * transaction. actor 0: the administrator. */
enum err share_end(struct env *env, uint64_t id, uint64_t owner_id,
    uint64_t actor) MUST_CHECK;

/* Revokes a share that the caller made, and all reshares of it. */
enum err share_revoke(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

/* Revokes all of the shares, or none of them on failure. ERR_FORBIDDEN: one
 * belongs to someone else or is revoked already. */
enum err share_revoke_batch(struct env *env, const struct caller *c,
    const struct uuid *ids, size_t n) MUST_CHECK;

enum err share_revoke_any(struct env *env, const char *id) MUST_CHECK;

/* Expires the share now. The caller has checked that the actor may do so; actor
 * 0 is the administrator. ERR_NOT_FOUND: it has ended already. */
enum err share_expire(struct env *env, const char *id,
    uint64_t actor) MUST_CHECK;

#endif
