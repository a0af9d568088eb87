/*
 * The cache is split into parts, each with a lock, a table of entries and a
 * ring of bytes. An entry records how many bytes had been written to the ring
 * before its value; the value is valid until the ring has wrapped past it.
 */
#include "config.h"

#include "base/cache.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"

#define PARTS 16    /* enough that processes seldom wait for a lock */
#define WAYS 8	    /* entries in which a key may be stored */
#define TYPICAL 256 /* size of a value, from which the entries are counted */

struct entry {
	struct hash key;
	uint64_t at; /* bytes written to the ring before this value */
	uint32_t n;  /* size in bytes; 0: empty */
	struct cache_note note;
};

#define ALIGNED _Alignof(struct entry)

struct part {
	pthread_mutex_t lock;
	uint64_t put;	       /* bytes ever written to the ring */
	struct entry *entries; /* at the same address in all processes */
	unsigned char *ring;
};

struct cache {
	size_t nsets; /* per part */
	size_t room;  /* bytes per ring */
	struct part parts[PARTS];
};

static void *
shared_memory(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct cache *
cache_new(size_t bytes)
{
	size_t room = bytes / PARTS / ALIGNED * ALIGNED;
	size_t nsets = room / (WAYS * TYPICAL) + 1;
	size_t part = nsets * WAYS * sizeof(struct entry) + room;
	struct cache *c = shared_memory(sizeof(*c));
	unsigned char *p = shared_memory(PARTS * part);
	pthread_mutexattr_t how;

	if (c == NULL || p == NULL)
		return NULL;
	pthread_mutexattr_init(&how);
	pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST);
	c->nsets = nsets;
	c->room = room;
	for (size_t i = 0; i < PARTS; i++, p += part) {
		c->parts[i].entries = (struct entry *)(void *)p;
		c->parts[i].ring = p + nsets * WAYS * sizeof(struct entry);
		pthread_mutex_init(&c->parts[i].lock, &how);
	}
	pthread_mutexattr_destroy(&how);
	return c;
}

/* Locks the part that the key belongs to. */
static struct part *
lock(struct cache *c, const struct hash *key)
{
	struct part *p = &c->parts[key->b[0] % PARTS];

	/* The holder died while writing: its part may be inconsistent. */
	if (pthread_mutex_lock(&p->lock) == EOWNERDEAD) {
		memset(p->entries, 0, c->nsets * WAYS * sizeof(*p->entries));
		pthread_mutex_consistent(&p->lock);
	}
	return p;
}

static struct entry *
places(const struct cache *c, const struct part *p, const struct hash *key)
{
	uint64_t h;

	memcpy(&h, key->b + 1, sizeof(h));
	return &p->entries[h % c->nsets * WAYS];
}

static bool
is_there(const struct cache *c, const struct part *p, const struct entry *e)
{
	return e->n > 0 && p->put - e->at <= c->room;
}

static struct entry *
find(const struct cache *c, const struct part *p, const struct hash *key)
{
	struct entry *e = places(c, p, key);

	for (size_t i = 0; i < WAYS; i++)
		if (is_there(c, p, &e[i]) &&
		    memcmp(&e[i].key, key, sizeof(*key)) == 0)
			return &e[i];
	return NULL;
}

/* The entry for a new value: a free one, or else the oldest. */
static struct entry *
victim(const struct cache *c, const struct part *p, const struct hash *key)
{
	struct entry *e = places(c, p, key), *oldest = e;

	for (size_t i = 0; i < WAYS; i++) {
		if (!is_there(c, p, &e[i]))
			return &e[i];
		if (e[i].at < oldest->at)
			oldest = &e[i];
	}
	return oldest;
}

void *
cache_get(struct cache *c, const struct hash *key, struct arena *a,
    size_t *ret_n, struct cache_note *ret_note)
{
	struct part *p = lock(c, key);
	const struct entry *e = find(c, p, key);
	void *value = NULL;

	if (e != NULL) {
		value = arena_memdup(a, p->ring + e->at % c->room, e->n);
		*ret_n = e->n;
		*ret_note = e->note;
	}
	pthread_mutex_unlock(&p->lock);
	return value;
}

/* Skips to the start of the ring where n bytes do not fit before its end. */
static void
make_room(const struct cache *c, struct part *p, size_t n)
{
	size_t left = c->room - p->put % c->room;

	if (n > left)
		p->put += left;
}

void
cache_put(struct cache *c, const struct hash *key, const void *value, size_t n,
    const struct cache_note *note)
{
	struct part *p;
	struct entry *e;

	if (n == 0 || n > c->room / 8)
		return;
	p = lock(c, key);
	if ((e = find(c, p, key)) == NULL)
		e = victim(c, p, key);
	make_room(c, p, n);
	e->key = *key;
	e->at = p->put;
	e->n = (uint32_t)n;
	e->note = *note;
	e->note.tick = clock_tick();
	p->put += n;
	memcpy(p->ring + e->at % c->room, value, n);
	pthread_mutex_unlock(&p->lock);
}

void
cache_drop(struct cache *c, const struct hash *key)
{
	struct part *p = lock(c, key);
	struct entry *e = find(c, p, key);

	if (e != NULL)
		e->n = 0;
	pthread_mutex_unlock(&p->lock);
}
