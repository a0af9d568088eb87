/*
 * Limits on wrong passwords. They block the pair of account and address, and
 * only slow the account down, so that nobody can lock others out. An address
 * that tries many names is blocked too.
 *
 * The counts are in the database and apply to all processes and hosts.
 */
#ifndef CORE_AUTH_THROTTLE_H
#define CORE_AUTH_THROTTLE_H

#include "core/env.h"

/* Call this before hashing a password. Sleeps a moment if the account is under
 * attack from many addresses. ERR_LIMITED, with retry_after: the address has
 * tried too often. */
enum err throttle_check(struct env *env, const char *what) MUST_CHECK;

/* Records a wrong password for `what` from the caller's address. */
enum err throttle_failed(struct env *env, const char *what) MUST_CHECK;

/* Records a right password: clears the address's count. */
enum err throttle_passed(struct env *env, const char *what) MUST_CHECK;

/*
 * Limits actions whether they succeed or not: counts one more of `what`, from
 * the caller's address only if by_address. ERR_LIMITED, with retry_after: there
 * were more than `most` within `seconds` of the first one.
 */
enum err throttle_use(struct env *env, const char *what, bool by_address,
    uint64_t most, int64_t seconds) MUST_CHECK;

#endif
