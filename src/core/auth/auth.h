/* Signing in and out: sessions, access tokens, API keys. */
#ifndef CORE_AUTH_AUTH_H
#define CORE_AUTH_AUTH_H

#include "core/env.h"
#include "model/user.h"

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 1024

/* Checks name and password. ERR_UNAUTH: wrong password, unknown name or
 * disabled account, indistinguishable for the client. ERR_LIMITED: too many
 * wrong passwords from this address. */
enum err auth_password(struct env *env, const char *name, const char *password,
    struct user *ret) MUST_CHECK;

/* Opens a session for the account. *ret_cookie is the cookie's value; only its
 * hash is stored. */
enum err auth_open_session(struct env *env, const struct user *u,
    const char *agent, const char **ret_cookie) MUST_CHECK;

/* Finds the account of a credential. ERR_UNAUTH: the credential is unknown,
 * expired or revoked, or its account is disabled. */
enum err auth_session(struct env *env, const char *cookie,
    struct caller *ret) MUST_CHECK;
enum err auth_token(struct env *env, const char *token,
    struct caller *ret) MUST_CHECK;
enum err auth_key(struct env *env, const char *key,
    struct caller *ret) MUST_CHECK;

/* Ends the caller's own session. */
enum err auth_logout(struct env *env, const struct caller *c) MUST_CHECK;

/* Lists the caller's sessions, and ends one of them. */
enum err auth_sessions(struct env *env, const struct caller *c,
    struct session **ret, size_t *ret_n) MUST_CHECK;
enum err auth_end_session(struct env *env, const struct caller *c,
    uint64_t id) MUST_CHECK;

/* Changes the caller's password, and ends all access tokens and all of their
 * sessions except the current one. ERR_FORBIDDEN: the current password is
 * wrong. */
enum err auth_change_password(struct env *env, const struct caller *c,
    const char *current, const char *password) MUST_CHECK;

/* Forgets wrong passwords for the account from the caller's address, after they
 * have proved their identity in another way. */
enum err auth_forget_tries(struct env *env, const struct user *u) MUST_CHECK;

/* Creates an API key for the account: a name of 1 to 128 characters, scopes as
 * bits, expires_at CLOCK_NONE for never. *ret_key is the key; only its hash is
 * stored. */
enum err auth_key_add(struct env *env, uint64_t user_id, const char *name,
    unsigned scopes, int64_t expires_at, uint64_t *ret_id,
    const char **ret_key) MUST_CHECK;
enum err auth_key_list(struct env *env, uint64_t user_id, struct api_key **ret,
    size_t *ret_n) MUST_CHECK;

/* Revokes a key of this account; with user_id 0 (the administrator) of any
 * account. */
enum err auth_key_revoke(struct env *env, uint64_t user_id,
    uint64_t id) MUST_CHECK;

/* Checks a new password: its length, and no control characters. */
enum err auth_password_rule(enum about about, const char *password,
    struct why *why) MUST_CHECK;

#endif
