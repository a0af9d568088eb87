/*
 * The trash keeps deleted media for storage.trash_keep, so that they can be
 * restored. A row in the trash keeps its path, but its path hash, which
 * reserves the name, is set only while the file is being moved.
 */
#ifndef CORE_VAULT_TRASH_H
#define CORE_VAULT_TRASH_H

#include "core/env.h"
#include "model/media.h"
#include "model/user.h"

/* Moves the caller's media to the trash: marks the row, revokes its share code
 * and moves the file. A copy in the community stays (seed 000). */
enum err trash_put(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

/* Restores a media, under a numbered name if its own is taken. ERR_NOT_FOUND:
 * it is not in the caller's trash. */
enum err trash_restore(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret) MUST_CHECK;

/* For the worker: finishes moves that a killed process left behind, and
 * permanently deletes media that were kept long enough. */
enum err trash_tend(struct env *env) MUST_CHECK;

#endif
