/* Sharing by link and to the community (seed 000). */
#ifndef CORE_COMMUNITY_MEDIA_SHARE_H
#define CORE_COMMUNITY_MEDIA_SHARE_H

#include "core/community/request.h"
#include "core/env.h"
#include "model/media.h"
#include "model/share.h"
#include "model/user.h"

/*
 * Creates the media's share code if it has none, and publishes it to the
 * community or removes it from there. Repeating it is fine, and any number of
 * processes may do so at once. A failure changes nothing.
 *
 * Fails with ERR_INVALID, naming the field, without consent or tags, with
 * unknown or too many tags, or for a file that cannot be marked; with
 * ERR_CONFLICT if another request stopped the sharing in the meantime.
 */
enum err media_share(struct env *env, const struct caller *c, uint64_t id,
    const struct share_request *r, struct share_result *ret) MUST_CHECK;

/* The same by storage path; adds the media's row if it has none yet. */
enum err media_share_path(struct env *env, const struct caller *c,
    const char *path, const struct share_request *r,
    struct share_result *ret) MUST_CHECK;

/* Stops sharing: removes the media from the community and revokes its share
 * code. */
enum err media_unshare(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

#endif
