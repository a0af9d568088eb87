/*
 * What the processes of a pool keep of links and vaults, to spare the database
 * the same question. It is never wrong about a change that one of them has
 * made, and about any other for a second at most: each value belongs to an
 * account, whose version (db_exec_shown()) is looked at as often.
 */
#ifndef CORE_POOL_MEMO_H
#define CORE_POOL_MEMO_H

#include "base/sec.h"
#include "core/env.h"

struct memo_pool;

/* For the pool, before it forks: so many bytes of values. NULL, with errno:
 * there is no memory for it. */
struct memo_pool *memo_new(size_t bytes);

/* For each of its processes, which has opened base. Where nobody has called it
 * nothing is kept. */
void memo_use(struct memo_pool *s, struct base *b);

/* The key of a thing of that kind. */
struct hash memo_key(struct env *env, const char *kind, const void *p,
    size_t n);

/* What was kept, in the request's arena, no older than max_age (us; -1: however
 * old); NULL: nothing that is still good. */
void *memo_get(struct env *env, const struct hash *key, int64_t max_age,
    size_t *ret_n);

/* To be asked before the database is, and given to memo_put() with what came;
 * 0: it cannot be kept. */
uint64_t memo_as_of(struct env *env);

/* Whether a server that tells this version of the account is behind what this
 * pool has seen of it already, as one of several may be: what it tells besides
 * is not to be kept, for no change is to come that would end that. */
bool memo_is_behind(struct env *env, uint64_t user_id, uint64_t version);

void memo_put(struct env *env, const struct hash *key, uint64_t user_id,
    uint64_t as_of, const void *p, size_t n);

void memo_drop(struct env *env, const struct hash *key);

/* Looks at the account's version now: what is kept of it is right about all
 * that was changed before. */
enum err memo_look(struct env *env, uint64_t user_id) MUST_CHECK;

/* Waits, behind a change that a process of no pool has made, until all pools
 * know of it. */
void memo_wait(void);

/* The database's clock as it was last seen, ms; rather ahead than behind. */
int64_t memo_clock(const struct env *env);

#endif
