/* The canonical tags of the community. */
#ifndef CORE_COMMUNITY_TAG_H
#define CORE_COMMUNITY_TAG_H

#include "core/env.h"
#include "model/share.h"

/* Finds the tag with exactly this slug. ERR_NOT_FOUND: there is none. */
enum err community_tag_find(struct env *env, const char *slug,
    struct tag *ret) MUST_CHECK;

enum err community_tags(struct env *env, struct tag **ret,
    size_t *ret_n) MUST_CHECK;

/* Changes the canonical tags. A slug has 1 to 64 of a-z, 0-9 and dashes, a name
 * 1 to 64 characters. On ERR_INVALID, ERR_NOT_FOUND and ERR_CONFLICT env->why
 * explains it to the administrator. */
enum err community_tag_add(struct env *env, const char *slug,
    const char *name) MUST_CHECK;
enum err community_tag_rename(struct env *env, const char *slug,
    const char *new_slug, const char *name) MUST_CHECK;
enum err community_tag_merge(struct env *env, const char *from,
    const char *into) MUST_CHECK;

#endif
