/* Collections: groups of media that are shared as one (seed 002). */
#ifndef CORE_VAULT_COLLECTION_H
#define CORE_VAULT_COLLECTION_H

#include "core/share/items.h"
#include "core/env.h"
#include "db/share_db.h"
#include "model/share.h"
#include "model/user.h"

#define COLLECTION_NAME_MOST 255 /* characters */
#define COLLECTION_DESCRIPTION_MOST 4000

enum err collection_add(struct env *env, const struct caller *c,
    const char *name, const char *description,
    struct collection *ret) MUST_CHECK;

/* The caller's own collections, newest first. *ret_total is the number of all
 * of them. */
enum err collection_list(struct env *env, const struct caller *c,
    const struct share_page *p, struct collection **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

/* Finds a collection that the caller may view. *ret_share is the share that
 * allows it; its id is 0 if the caller owns the collection. */
enum err collection_get(struct env *env, const struct caller *c, const char *id,
    struct collection *ret, struct share *ret_share) MUST_CHECK;

/* The collection's media, newest first. Paging as in share_items(). */
enum err collection_items(struct env *env, const struct collection *k,
    const struct share *s, uint64_t before, uint64_t limit,
    struct share_item **ret, size_t *ret_n, uint64_t *ret_before) MUST_CHECK;

/* Changes name and description; only for the owner. NULL: unchanged;
 * description "": removed. */
enum err collection_update(struct env *env, const struct caller *c,
    const char *id, const char *name, const char *description,
    struct collection *ret) MUST_CHECK;

/* Deletes the collection and revokes its shares; only for the owner. */
enum err collection_delete(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

/* Adds a media to a collection, or removes it. Allowed for the owner and
 * recipients with can_edit; everyone may remove their own media. Adding a media
 * again is fine. Removing one that is not in the collection fails with
 * ERR_NOT_FOUND. */
enum err collection_put(struct env *env, const struct caller *c, const char *id,
    const char *media) MUST_CHECK;
enum err collection_take(struct env *env, const struct caller *c,
    const char *id, const char *media) MUST_CHECK;

#endif
