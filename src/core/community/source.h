/* The file of a media that is to be published. */
#ifndef CORE_COMMUNITY_SOURCE_H
#define CORE_COMMUNITY_SOURCE_H

#include "core/env.h"
#include "model/media.h"

/* Whether the media is a user's own, and so is marked. */
bool community_is_upload(const struct media *m);

/* The media's file, closed with the arena, and its type by its bytes. */
enum err community_open_source(struct env *env, const struct media *m,
    int *ret_fd, enum media_type *ret_type) MUST_CHECK;

#endif
