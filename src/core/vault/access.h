/* Permission checks for a media's owner; those for shares are in
 * core/share/access.h. */
#ifndef CORE_VAULT_ACCESS_H
#define CORE_VAULT_ACCESS_H

#include "core/env.h"
#include "core/vault/category.h"
#include "model/media.h"
#include "model/user.h"

/* Finds the caller's own live media. ERR_NOT_FOUND: it is unknown, deleted, or
 * belongs to someone else (seed 000: "404 if it doesn't exist or belongs to
 * another user"). */
enum err access_media(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret) MUST_CHECK;

/* Finds the caller's own media in the trash. ERR_NOT_FOUND: it is not there. */
enum err access_trashed(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret) MUST_CHECK;

/* Finds a media by its storage path (users/{id}/{Folder}/{name}), which must be
 * in one of the caller's own folders; *ret_category is that folder's. If the
 * media has no row yet, the result is ERR_OK with ret->id 0. */
enum err access_media_path(struct env *env, const struct caller *c,
    const char *path, const struct category **ret_category,
    struct media *ret) MUST_CHECK;

/* Whether the caller is a moderator or an administrator and is signed in as a
 * person; an API key never has these rights. */
bool access_is_moderator(const struct caller *c);

/* ERR_FORBIDDEN: the caller is not a moderator. */
enum err access_moderator(struct env *env, const struct caller *c) MUST_CHECK;

#endif
