/* Managing accounts, for the administrator. */
#ifndef CORE_AUTH_ACCOUNT_H
#define CORE_AUTH_ACCOUNT_H

#include "core/env.h"
#include "core/vault/category.h"
#include "model/user.h"

struct account_new {
	const char *username;
	const char *email;
	const char *display_name; /* NULL: the user name */
	const char *password;
};

/* Creates an account and its vault folders. ERR_INVALID, ERR_CONFLICT: env->why
 * explains it to the administrator. */
enum err account_add(struct env *env, const struct account_new *n,
    struct user *ret) MUST_CHECK;

/* Finds an account by its user name. ERR_NOT_FOUND: env->why is set. */
enum err account_find(struct env *env, const char *username,
    struct user *ret) MUST_CHECK;

enum err account_set_password(struct env *env, const struct user *u,
    const char *password) MUST_CHECK;

/* Disables or enables an account. Sessions, tokens and links of a disabled
 * account stop working at once. */
enum err account_set_disabled(struct env *env, const struct user *u,
    bool disabled) MUST_CHECK;
enum err account_set_role(struct env *env, const struct user *u,
    const char *role) MUST_CHECK;
enum err account_set_quota(struct env *env, const struct user *u,
    uint64_t bytes) MUST_CHECK;

/* The folder of a category in the account's vault, below the storage root:
 * user-media/users/{id}/{Folder}. */
const char *account_folder(struct arena *a, uint64_t user_id,
    const struct category *c);

#endif
