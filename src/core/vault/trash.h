/*
 * The trash: where deleted media lie until storage.trash_keep is over, and
 * from where they come back. A row in the trash keeps its path; its hash, and
 * with it the claim on the name, is there only while the file moves.
 */
#ifndef CORE_VAULT_TRASH_H
#define CORE_VAULT_TRASH_H

#include "core/env.h"
#include "model/media.h"
#include "model/user.h"

/* Deletes the caller's media: the row is marked, its share code revoked, the
 * file moved. A community copy stays (seed 000). */
enum err trash_put(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

/* Brings it back, under a numbered name when its own is taken meanwhile.
 * ERR_NOT_FOUND: it is not in the caller's trash. */
enum err trash_restore(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret) MUST_CHECK;

/* For the worker: finishes what a killed process has begun, and removes for
 * good what has been kept long enough. */
enum err trash_tend(struct env *env) MUST_CHECK;

#endif
