/*
 * The cache that a pool's processes share, for links and vaults. Every value
 * belongs to an account and is dropped when the account's version changes
 * (db_exec_shown()). Changes made by this pool are seen at once, all others
 * within a second.
 */
#ifndef CORE_POOL_MEMO_H
#define CORE_POOL_MEMO_H

#include "base/sec.h"
#include "core/env.h"

struct memo_pool;

/* Creates the cache for `bytes` of values; called by the pool before it forks.
 * NULL on failure, with errno set: there is not enough memory. */
struct memo_pool *memo_new(size_t bytes);

/* Makes a process of the pool use the cache, after it has opened base.
 * Processes that do not call it cache nothing. */
void memo_use(struct memo_pool *s, struct base *b);

/* The key for a value of this kind, identified by n bytes at p. */
struct hash memo_key(struct env *env, const char *kind, const void *p,
    size_t n);

/* Asks the database for the versions of all accounts, if that was last done more
 * than 0.4 s ago and no other process of the pool is doing it. Call it before
 * memo_get(). A failure is logged; cached values soon expire then. */
void memo_refresh(struct env *env);

/* Asks the database for the account's version, always: memo_get() then finds no
 * value of the account from before an earlier change by anyone. */
enum err memo_refresh_account(struct env *env, uint64_t user_id) MUST_CHECK;

/* Finds a value that is still valid and at most max_age us old (-1: any age);
 * copied into the request's arena. NULL: not cached. Reads the pool's memory
 * alone. */
void *memo_get(struct env *env, const struct hash *key, int64_t max_age,
    size_t *ret_n);

/* Call this before querying the database, and pass the result to memo_put(). 0:
 * the value cannot be cached. */
uint64_t memo_as_of(struct env *env);

/* Whether the server that returned this version of the account is behind the
 * version that the pool has seen, as a replica may be. Its data must not be
 * cached, since no later change would invalidate them. */
bool memo_is_behind(struct env *env, uint64_t user_id, uint64_t version);

void memo_put(struct env *env, const struct hash *key, uint64_t user_id,
    uint64_t as_of, const void *p, size_t n);

void memo_drop(struct env *env, const struct hash *key);

/* Waits until all pools know of a change; for processes outside a pool, after
 * making one. */
void memo_wait(void);

/* The database's time in ms, estimated from the last look; never behind, maybe
 * ahead. */
int64_t memo_clock(const struct env *env);

#endif
