/* Who may do what with media: their owners. Through shares:
 * core/share/access.h. */
#ifndef CORE_VAULT_ACCESS_H
#define CORE_VAULT_ACCESS_H

#include "core/env.h"
#include "core/vault/category.h"
#include "model/media.h"
#include "model/user.h"

/* The caller's own live media. ERR_NOT_FOUND: another's, gone, or none
 * (seed 000: "404 if it doesn't exist or belongs to another user"). */
enum err access_media(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret) MUST_CHECK;

/* The caller's own media that lies in the trash. */
enum err access_trashed(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret) MUST_CHECK;

/* The same by storage path (users/{id}/{Folder}/{name}), which must lie in one
 * of the caller's own folders; ret_category tells in which. The row may be
 * missing: ERR_OK with ret->id 0. */
enum err access_media_path(struct env *env, const struct caller *c,
    const char *path, const struct category **ret_category,
    struct media *ret) MUST_CHECK;

/* Whether the caller is a moderator or an administrator; signed in as a
 * person, since an API key never acts as one. */
bool access_is_moderator(const struct caller *c);

/* ERR_FORBIDDEN: he is none. */
enum err access_moderator(struct env *env, const struct caller *c) MUST_CHECK;

#endif
