/* The accounts that a share is made to. */
#ifndef CORE_SHARE_RECIPIENTS_H
#define CORE_SHARE_RECIPIENTS_H

#include "db/share_db.h"
#include "model/user.h"
#include "core/share/terms.h"

/* Whom a share is made to, by UUID or (uuid NULL) user name. ERR_INVALID:
 * there is no such account, or it is the caller's own. */
enum err share_recipients_find(struct env *env, const struct caller *c,
    const char *uuid, const char *username, uint64_t *ret) MUST_CHECK;

/* Within the transaction that changes the share: removes those who are not
 * recipients any more, adds the new ones, and notifies both. */
enum err share_recipients_drop(struct env *env, const struct share *s,
    const struct share_terms *t) MUST_CHECK;
enum err share_recipients_add(struct env *env, const struct share *s,
    const struct share_terms *t) MUST_CHECK;

#endif
