/*
 * A key-value cache in memory that the process which makes it shares with all
 * its children. New values evict old ones. A process that dies while writing
 * cannot leave a partial value behind.
 */
#ifndef BASE_CACHE_H
#define BASE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sec.h"

struct cache;

/* Metadata stored with each value. */
struct cache_note {
	uint64_t as_of; /* the caller's */
	int64_t tick;	/* clock_tick() when stored; set by cache_put() */
	uint32_t owner; /* the caller's */
};

/* bytes: the total capacity for values; pages are committed on use. NULL, with
 * errno set, if there is not enough memory. */
struct cache *cache_new(size_t bytes);

/* A copy of the value in the arena, aligned for any type; NULL: not cached. */
void *cache_get(struct cache *c, const struct hash *key, struct arena *a,
    size_t *ret_n, struct cache_note *ret_note);

/* Stores a value, replacing any with the same key. A value larger than an
 * eighth of a part of the cache is silently not stored. */
void cache_put(struct cache *c, const struct hash *key, const void *p, size_t n,
    const struct cache_note *note);

void cache_drop(struct cache *c, const struct hash *key);

#endif
