/* The public feed. */
#ifndef CORE_COMMUNITY_FEED_H
#define CORE_COMMUNITY_FEED_H

#include "core/env.h"
#include "model/share.h"

#define FEED_LIMIT 30
#define FEED_LIMIT_MOST 100

/* A page of the feed, newest first. tag NULL: all; cursor NULL: the first page.
 * *ret_next is NULL on the last page. ERR_INVALID: unknown tag or invalid
 * cursor. */
enum err community_feed(struct env *env, const char *tag, const char *cursor,
    uint64_t limit, struct community_item **ret, size_t *ret_n,
    const char **ret_next) MUST_CHECK;

/* The public address of an object in general/. */
const char *community_url(struct env *env, struct arena *a,
    const char *object_name);

#endif
