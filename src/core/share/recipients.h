/* The recipients of a share. */
#ifndef CORE_SHARE_RECIPIENTS_H
#define CORE_SHARE_RECIPIENTS_H

#include "db/share_db.h"
#include "model/user.h"
#include "core/share/terms.h"

/* Finds a recipient by UUID or, if that is NULL, by user name. ERR_INVALID:
 * there is no such account, or it is the caller's. */
enum err share_recipients_find(struct env *env, const struct caller *c,
    const char *uuid, const char *username, uint64_t *ret) MUST_CHECK;

/* Removes recipients that are not in the new list, or adds those that are
 * missing, and notifies them. Call both within the transaction that changes the
 * share. */
enum err share_recipients_drop(struct env *env, const struct share *s,
    const struct share_terms *t) MUST_CHECK;
enum err share_recipients_add(struct env *env, const struct share *s,
    const struct share_terms *t) MUST_CHECK;

#endif
