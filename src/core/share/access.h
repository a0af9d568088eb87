/* Who may do what with shares, and with media and collections through them. */
#ifndef CORE_SHARE_ACCESS_H
#define CORE_SHARE_ACCESS_H

#include "core/env.h"
#include "db/share_db.h"
#include "model/media.h"
#include "model/user.h"

/*
 * A live media that the caller may treat as the permissions say: his own
 * (ret_share->id 0), or through a share with him, which *ret_share is; then his
 * visit is counted. ERR_NOT_FOUND: he may not even see it; ERR_FORBIDDEN: he
 * sees it, but may not do that.
 */
enum err access_media_as(struct env *env, const struct caller *c, uint64_t id,
    unsigned permissions, struct media *ret,
    struct share *ret_share) MUST_CHECK;

/* The same for a collection, by its UUID. */
enum err access_collection_as(struct env *env, const struct caller *c,
    const char *id, unsigned permissions, struct collection *ret,
    struct share *ret_share) MUST_CHECK;

/* The caller's own collection. ERR_FORBIDDEN: it is only shared with him. */
enum err access_collection(struct env *env, const struct caller *c,
    const char *id, struct collection *ret) MUST_CHECK;

/* A share that the caller made (seed 002: 403 for another's, 404 for an
 * unknown one). */
enum err access_share(struct env *env, const struct caller *c, const char *id,
    struct share *ret) MUST_CHECK;

/* One that he made or that was made to him; *ret_recipient tells which. */
enum err access_share_seen(struct env *env, const struct caller *c,
    const char *id, struct share *ret, bool *ret_recipient) MUST_CHECK;

/* The same, where he means to see what it shows: his visit is counted.
 * ERR_NOT_FOUND: it is over. */
enum err access_share_visit(struct env *env, const struct caller *c,
    const char *id, struct share *ret) MUST_CHECK;

/*
 * Whether the caller may share all n media, or the collection, with these
 * permissions, within the transaction that makes the share. *ret_parent is the
 * share that he passes on, 0: they are his own. ERR_NOT_FOUND: he may not see
 * them; ERR_FORBIDDEN: not pass them on, or not with all of that.
 */
enum err access_share_media(struct env *env, const struct caller *c,
    const struct share_target *media, size_t n, unsigned permissions,
    uint64_t *ret_parent) MUST_CHECK;
enum err access_share_collection(struct env *env, const struct caller *c,
    const struct collection *k, unsigned permissions,
    uint64_t *ret_parent) MUST_CHECK;

/* Whether the caller may put the media into a collection: his own alone, since
 * what was only shared with him would outlive the share there. */
enum err access_collect(struct env *env, const struct caller *c,
    const struct share_target *m) MUST_CHECK;

#endif
