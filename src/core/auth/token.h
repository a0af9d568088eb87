/* Our access tokens: JWT (RFC 7519), HS256, with the account's generation. */
#ifndef CORE_AUTH_TOKEN_H
#define CORE_AUTH_TOKEN_H

#include "core/env.h"
#include "model/user.h"

/* A token for the account, good for session.token_lifetime. */
enum err token_make(struct env *env, const struct user *u,
    const char **ret) MUST_CHECK;

/* Checks signature, algorithm, exp, nbf, iss and aud, and tells the account
 * and the generation it was made for. ERR_UNAUTH: it does not hold. */
enum err token_check(struct env *env, const char *token, uint64_t *ret_user,
    uint32_t *ret_generation) MUST_CHECK;

#endif
