/* The site's own access tokens: JWT (RFC 7519), HS256, with the account's
 * generation. */
#ifndef CORE_AUTH_TOKEN_H
#define CORE_AUTH_TOKEN_H

#include "core/env.h"
#include "model/user.h"

/* Makes a token for the account, valid for session.token_lifetime. */
enum err token_make(struct env *env, const struct user *u,
    const char **ret) MUST_CHECK;

/* Checks signature, algorithm, exp, nbf, iss and aud, and returns the account
 * and the generation that the token was made for. ERR_UNAUTH: it is invalid. */
enum err token_check(struct env *env, const char *token, uint64_t *ret_user,
    uint32_t *ret_generation) MUST_CHECK;

#endif
