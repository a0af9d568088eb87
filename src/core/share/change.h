/* Changing the terms of a share. */
#ifndef CORE_SHARE_CHANGE_H
#define CORE_SHARE_CHANGE_H

#include "model/user.h"
#include "core/share/terms.h"

/* Changes a share that the caller made. A new password, other permissions or
 * another limit end all visits in progress. ERR_NOT_FOUND: it is revoked. */
enum err share_change(struct env *env, const struct caller *c, const char *id,
    const struct share_terms *t, struct share *ret) MUST_CHECK;

#endif
