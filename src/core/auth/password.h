/* Passwords of accounts and links. Each check or hash takes 19 MiB and a core
 * for a while, so a host runs at most one per core at a time. ERR_RETRY: no
 * slot became free in time. */
#ifndef CORE_AUTH_PASSWORD_H
#define CORE_AUTH_PASSWORD_H

#include "core/env.h"

/* Checks a password against a hash. With hash NULL it takes as long and the
 * result is false. */
enum err password_check(struct env *env, const char *hash, const char *password,
    bool *ret_right) MUST_CHECK;

enum err password_hash(struct env *env, const char *password,
    char ret[PASSWORD_HASH_SIZE]) MUST_CHECK;

#endif
