/* The media of a share. */
#ifndef CORE_SHARE_ITEMS_H
#define CORE_SHARE_ITEMS_H

#include "db/share_db.h"
#include "model/user.h"
#include "core/share/terms.h"

/* Lists at most `limit` media of the share; of a collection, those older than
 * `before` (INT64_MAX: from the newest). *ret_before is the value for the next
 * call, or 0 after the last page. */
enum err share_items(struct env *env, const struct share *s, uint64_t before,
    uint64_t limit, struct share_item **ret, size_t *ret_n,
    uint64_t *ret_before) MUST_CHECK;

/* Finds the first media that each of n shares shows, and the number of its
 * media, by one statement. ret has n entries in the order of the shares; nitems
 * 0: the share shows nothing. */
enum err share_previews(struct env *env, const struct share *shares, size_t n,
    struct share_preview **ret) MUST_CHECK;

/* Records and returns the error for a request to share n media of which one
 * does not belong to the caller. */
enum err share_items_not_found(struct env *env, size_t n) MUST_CHECK;

/* Replaces the share's media; call it within the transaction that changes the
 * share. */
enum err share_items_change(struct env *env, const struct caller *c,
    const struct share *s, const struct share_terms *t) MUST_CHECK;

#endif
