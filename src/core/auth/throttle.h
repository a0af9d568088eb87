/*
 * Wrong passwords: they block the pair of account and
 * address, and slow the account down, so that nobody can lock another out; an
 * address that tries many names is blocked as well.
 * The counts lie in the database and hold for all processes and hosts.
 */
#ifndef CORE_AUTH_THROTTLE_H
#define CORE_AUTH_THROTTLE_H

#include "core/env.h"

/* To be asked before a password is hashed. ERR_LIMITED with retry_after: the
 * address has tried too often. Sleeps a moment when the account is under
 * attack from many addresses. */
enum err throttle_check(struct env *env, const char *what) MUST_CHECK;

/* A wrong password for `what` from the caller's address. */
enum err throttle_failed(struct env *env, const char *what) MUST_CHECK;

/* The right one: the address starts afresh. */
enum err throttle_passed(struct env *env, const char *what) MUST_CHECK;

/*
 * For what is limited however it ends: one more of `what`, of the caller's
 * address alone where by_address. ERR_LIMITED with retry_after: it is more
 * than `most` within so many seconds from the first of them.
 */
enum err throttle_use(struct env *env, const char *what, bool by_address,
    uint64_t most, int64_t seconds) MUST_CHECK;

#endif
