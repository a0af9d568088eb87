/* Cached links, so that opening them again needs no query. Only links that
 * anyone may open and that have been opened before are cached. */
#ifndef CORE_SHARE_GATE_MEMO_H
#define CORE_SHARE_GATE_MEMO_H

#include "core/env.h"
#include "core/share/opening.h"

/* Looks a link up and sets ret's share and items. They are at most max_age us
 * old. With -1 any value from after the last change will do; then the number of
 * uses and the time of the last visit may be outdated. False: not cached. */
bool gate_memo_get(struct env *env, const struct uuid *token, int64_t max_age,
    struct opening *ret);

/* Caches a link if it qualifies. as_of: from memo_as_of(), taken before the
 * database was queried. version: that of the owner's account, read together
 * with the link. */
void gate_memo_put(struct env *env, const struct uuid *token, uint64_t as_of,
    uint64_t version, const struct opening *l);

/* Removes a link that turned out to be outdated. */
void gate_memo_drop(struct env *env, const struct uuid *token);

#endif
