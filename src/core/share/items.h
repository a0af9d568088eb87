/* The media that a share shows. */
#ifndef CORE_SHARE_ITEMS_H
#define CORE_SHARE_ITEMS_H

#include "db/share_db.h"
#include "model/user.h"
#include "core/share/terms.h"

/* What it shows, at most `limit`, behind the media `before` of a collection
 * (INT64_MAX: from the start). *ret_before: where the rest begins, 0: that is
 * all. */
enum err share_items(struct env *env, const struct share *s, uint64_t before,
    uint64_t limit, struct share_item **ret, size_t *ret_n,
    uint64_t *ret_before) MUST_CHECK;

/* One of n media that are to be shared is none of the caller's. */
enum err share_items_not_found(struct env *env, size_t n) MUST_CHECK;

/* Within the transaction that changes the share: shows other media. */
enum err share_items_change(struct env *env, const struct caller *c,
    const struct share *s, const struct share_terms *t) MUST_CHECK;

#endif
