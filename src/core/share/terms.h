/* The rules for what is set of a share, for those who make and change it. */
#ifndef CORE_SHARE_TERMS_H
#define CORE_SHARE_TERMS_H

#include "core/share/share.h"

/* One of n media that are to be shared is none of the caller's. */
enum err share_no_media(struct env *env, size_t n) MUST_CHECK;

/* Within the transaction that changes the share: other media; and those who
 * are no recipients any more, or are new ones, who are told. */
enum err share_change_media(struct env *env, const struct caller *c,
    const struct share *s, const struct share_terms *t) MUST_CHECK;
enum err share_drop_recipients(struct env *env, const struct share *s,
    const struct share_terms *t) MUST_CHECK;
enum err share_add_recipients(struct env *env, const struct share *s,
    const struct share_terms *t) MUST_CHECK;

/* At most so many characters, and no control characters but, where it has
 * lines, tabs and line ends. NULL is fine. */
enum err share_check_text(struct env *env, const char *field, const char *s,
    size_t most, bool lines) MUST_CHECK;

/* ERR_INVALID with the field of seed 002. */
enum err share_terms_check(struct env *env,
    const struct share_terms *t) MUST_CHECK;

#endif
