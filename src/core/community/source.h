/* The source file of a published copy. */
#ifndef CORE_COMMUNITY_SOURCE_H
#define CORE_COMMUNITY_SOURCE_H

#include "core/env.h"
#include "model/media.h"

/* Whether the media is an upload; uploads get the watermark. */
bool community_is_upload(const struct media *m);

/* Opens the media's file, closed with the arena, and sniffs its type. */
enum err community_open_source(struct env *env, const struct media *m,
    int *ret_fd, enum media_type *ret_type) MUST_CHECK;

#endif
