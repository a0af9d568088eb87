/* Sharing by link and to the community (seed 000). */
#ifndef CORE_COMMUNITY_MEDIA_SHARE_H
#define CORE_COMMUNITY_MEDIA_SHARE_H

#include "core/community/request.h"
#include "core/env.h"
#include "model/media.h"
#include "model/share.h"
#include "model/user.h"

/*
 * Makes the media's share code where it has none, and puts it into the
 * community or takes it out. Idempotent; safe in any number of processes at
 * once. ERR_INVALID with the field: no consent, no or unknown or too many
 * tags, a file that cannot be marked. ERR_CONFLICT: unshared meanwhile.
 * Nothing has changed after a failure.
 */
enum err media_share(struct env *env, const struct caller *c, uint64_t id,
    const struct share_request *r, struct share_result *ret) MUST_CHECK;

/* The same by storage path; the record is made where it is missing. */
enum err media_share_path(struct env *env, const struct caller *c,
    const char *path, const struct share_request *r,
    struct share_result *ret) MUST_CHECK;

/* Takes all of it back: out of the community, and the code is revoked. */
enum err media_unshare(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

#endif
