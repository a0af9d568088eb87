/* Collections: what is put together to be shared as one (seed 002). */
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

/* The caller's own, newest first, and how many there are in all. */
enum err collection_list(struct env *env, const struct caller *c,
    const struct share_page *p, struct collection **ret, size_t *ret_n,
    uint64_t *ret_total) MUST_CHECK;

/* One that he may see; *ret_share tells through what (id 0: it is his). */
enum err collection_get(struct env *env, const struct caller *c, const char *id,
    struct collection *ret, struct share *ret_share) MUST_CHECK;

/* What it holds, newest first, as share_items() tells it. */
enum err collection_items(struct env *env, const struct collection *k,
    const struct share *s, uint64_t before, uint64_t limit,
    struct share_item **ret, size_t *ret_n, uint64_t *ret_before) MUST_CHECK;

/* Its owner's alone. NULL: stays; description "": taken off. */
enum err collection_update(struct env *env, const struct caller *c,
    const char *id, const char *name, const char *description,
    struct collection *ret) MUST_CHECK;

/* Its owner's alone: its shares are revoked. */
enum err collection_delete(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

/* Its owner's, and of those to whom it is shared with can_edit; everybody may
 * take out what is his own. To put in what is there is no fault;
 * ERR_NOT_FOUND: to take out what is not. */
enum err collection_put(struct env *env, const struct caller *c, const char *id,
    const char *media) MUST_CHECK;
enum err collection_take(struct env *env, const struct caller *c,
    const char *id, const char *media) MUST_CHECK;

#endif
