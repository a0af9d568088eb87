/*
 * What processes of one pool keep for each other: values by a key, in memory
 * that is shared by the process that makes it and all that it forks. Old values
 * give way to new ones; whatever happens to a process, a value that is found is
 * one that was put in whole.
 */
#ifndef BASE_CACHE_H
#define BASE_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sec.h"

struct cache;

/* What is told of a value beside it. */
struct cache_note {
	uint64_t as_of; /* the caller's */
	int64_t tick; /* clock_tick() when it was put in; cache_put() sets it */
	uint32_t owner; /* the caller's */
};

/* For values of so many bytes in all; memory is taken as it fills. NULL, with
 * errno: there is none. */
struct cache *cache_new(size_t bytes);

/* The value in the arena, aligned for any type; NULL: it is not there. */
void *cache_get(struct cache *c, const struct hash *key, struct arena *a,
    size_t *ret_n, struct cache_note *ret_note);

/* Puts it in, or in another's place. One that is larger than an eighth of a
 * part of the cache is not kept. */
void cache_put(struct cache *c, const struct hash *key, const void *p, size_t n,
    const struct cache_note *note);

void cache_drop(struct cache *c, const struct hash *key);

#endif
