/* Permission checks for shares, and for the media and collections reached
 * through them. */
#ifndef CORE_SHARE_ACCESS_H
#define CORE_SHARE_ACCESS_H

#include "core/env.h"
#include "db/share_db.h"
#include "model/media.h"
#include "model/user.h"

/*
 * Finds a live media on which the caller has all `permissions`: their own media
 * (ret_share->id is 0), or one shared with them. In that case *ret_share is the
 * share used, and their visit is counted.
 *
 * Fails with ERR_NOT_FOUND if the caller may not view the media, with
 * ERR_FORBIDDEN if they may view it but lack a permission.
 */
enum err access_media_as(struct env *env, const struct caller *c, uint64_t id,
    unsigned permissions, struct media *ret,
    struct share *ret_share) MUST_CHECK;

/* The same for a collection, by its UUID. */
enum err access_collection_as(struct env *env, const struct caller *c,
    const char *id, unsigned permissions, struct collection *ret,
    struct share *ret_share) MUST_CHECK;

/* Finds the caller's own collection. ERR_FORBIDDEN: it is only shared with
 * them. */
enum err access_collection(struct env *env, const struct caller *c,
    const char *id, struct collection *ret) MUST_CHECK;

/* Finds a share that the caller made. Seed 002 asks for 403 if it belongs to
 * someone else, and 404 if it is unknown. */
enum err access_share(struct env *env, const struct caller *c, const char *id,
    struct share *ret) MUST_CHECK;

/* Finds a share that the caller made or received; *ret_recipient is true for a
 * received one. */
enum err access_share_seen(struct env *env, const struct caller *c,
    const char *id, struct share *ret, bool *ret_recipient) MUST_CHECK;

/* Like access_share_seen(), for showing its contents: a recipient's visit is
 * counted. ERR_NOT_FOUND: the share has ended. */
enum err access_share_visit(struct env *env, const struct caller *c,
    const char *id, struct share *ret) MUST_CHECK;

/*
 * Checks that the caller may share all n media, or the collection, with these
 * permissions. Call it within the transaction that makes the share. *ret_parent
 * is the share being passed on, or 0 if the caller owns everything.
 *
 * Fails with ERR_NOT_FOUND if the caller may not view them, with ERR_FORBIDDEN
 * if they may not reshare them, or not with all of the permissions.
 */
enum err access_share_media(struct env *env, const struct caller *c,
    const struct share_target *media, size_t n, unsigned permissions,
    uint64_t *ret_parent) MUST_CHECK;
enum err access_share_collection(struct env *env, const struct caller *c,
    const struct collection *k, unsigned permissions,
    uint64_t *ret_parent) MUST_CHECK;

/* Checks that the caller may add the media to a collection. Only its owner may:
 * a media that is merely shared with them would stay visible there after the
 * share has ended. */
enum err access_collect(struct env *env, const struct caller *c,
    const struct share_target *m) MUST_CHECK;

#endif
