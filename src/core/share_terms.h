/* The rules for what is set of a share, for those who make and change it. */
#ifndef CORE_SHARE_TERMS_H
#define CORE_SHARE_TERMS_H

#include "core/share.h"

/* ERR_INVALID with the field of seed 002. */
enum err share_terms_check(struct env *env,
    const struct share_terms *t) MUST_CHECK;

#endif
