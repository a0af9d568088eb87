/* Passwords of accounts and links: each check or hash takes 19 MiB and a core
 * for a while, so no more run at once on a host than it has cores. ERR_RETRY:
 * no place became free in time. */
#ifndef CORE_AUTH_PASSWORD_H
#define CORE_AUTH_PASSWORD_H

#include "core/env.h"

/* Whether it is the one of the hash; hash NULL takes as long and is not. */
enum err password_check(struct env *env, const char *hash, const char *password,
    bool *ret_right) MUST_CHECK;

enum err password_hash(struct env *env, const char *password,
    char ret[PASSWORD_HASH_SIZE]) MUST_CHECK;

#endif
