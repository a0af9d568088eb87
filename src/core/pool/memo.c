/*
 * The pool numbers changes as it learns of them, from its own commits and by
 * reading the versions. Each account's slot holds the number of its last
 * change. A value is valid if that number is not above the one taken before the
 * value was queried.
 */
#include "config.h"

#include "core/pool/memo.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cache.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/version_db.h"

#define GOOD INT64_C(1000000) /* us for which the versions read are valid */
#define LOOK INT64_C(400000)  /* us after which they are read again */

/* The atomics are shared between processes. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "atomic without a lock");

struct slot {
	_Atomic uint64_t version;
	_Atomic uint64_t changed; /* the number of the last change */
};

struct memo_pool {
	_Atomic uint64_t changes; /* changes learnt of so far; starts at 1 */
	_Atomic int64_t looked;	  /* clock_tick() before the last reading */
	_Atomic int64_t begun; /* … before the reading that is in progress */
	_Atomic int64_t skew;  /* at least database's minus own clock, ms */
	struct slot slots[ACCOUNT_SLOTS];
	struct cache *cache;
};

struct memo {
	struct memo_pool *pool; /* shared by the pool's processes */
	struct hash salt;	/* identifies the database */
};

struct memo_pool *
memo_new(size_t bytes)
{
	struct memo_pool *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED || (s->cache = cache_new(bytes)) == NULL)
		return NULL;
	atomic_store(&s->changes, 1);
	atomic_store(&s->looked, -GOOD);
	atomic_store(&s->begun, -LOOK);
	return s;
}

/* ---- changes ---- */

static void
raise_to(_Atomic uint64_t *p, uint64_t v)
{
	uint64_t old = atomic_load(p);

	while (old < v && !atomic_compare_exchange_weak(p, &old, v))
		continue;
}

static void
note_change(void *arg, unsigned slot)
{
	struct memo_pool *s = arg;

	raise_to(&s->slots[slot].changed, atomic_fetch_add(&s->changes, 1) + 1);
}

static void
note_version(struct memo_pool *s, unsigned slot, uint64_t version)
{
	if (atomic_load(&s->slots[slot].version) == version)
		return;
	note_change(s, slot);
	atomic_store(&s->slots[slot].version, version);
}

/* Reads all versions. If that fails, nothing changes and cached values soon
 * expire. */
static void
refresh_all(struct env *env)
{
	struct memo_pool *s = env->base->memo->pool;
	int64_t begun = clock_tick(), wall = clock_now(), theirs;
	struct account_version *v;
	struct why why = { 0 };
	const struct db db = { env->db.connection, &why, env->arena };
	size_t n;

	if (version_db_all(&db, &v, &n, &theirs) != ERR_OK) {
		log_warn("memo", "error=%s", log_quote(why.detail));
		return;
	}
	/* An upper bound, since the database read its clock after `wall`. So no
	 * value stays valid longer than the database's own clock allows. */
	atomic_store(&s->skew, theirs - wall);
	for (size_t i = 0; i < n; i++)
		if (v[i].slot < ACCOUNT_SLOTS)
			note_version(s, v[i].slot, v[i].version);
	if (atomic_load(&s->looked) < begun)
		atomic_store(&s->looked, begun);
}

void
memo_refresh(struct env *env)
{
	int64_t now = clock_tick(), begun;
	struct memo_pool *s;

	if (env->base->memo == NULL)
		return;
	s = env->base->memo->pool;
	begun = atomic_load(&s->begun);
	if (now - atomic_load(&s->looked) > LOOK && now - begun > LOOK &&
	    atomic_compare_exchange_strong(&s->begun, &begun, now))
		refresh_all(env);
}

/* Whether all changes older than a second are known. */
static bool
is_fresh(const struct memo_pool *s)
{
	return clock_tick() - atomic_load(&s->looked) < GOOD;
}

enum err
memo_refresh_account(struct env *env, uint64_t user_id)
{
	unsigned slot = account_slot(user_id);
	uint64_t version;
	enum err e;

	if (env->base->memo == NULL)
		return ERR_OK;
	e = version_db_one(&env->db, slot, &version);
	if (e == ERR_OK)
		note_version(env->base->memo->pool, slot, version);
	return e;
}

void
memo_wait(void)
{
	clock_pause(GOOD / 1000);
}

int64_t
memo_clock(const struct env *env)
{
	return clock_now() + atomic_load(&env->base->memo->pool->skew);
}

/* ---- values ---- */

void
memo_use(struct memo_pool *s, struct base *b)
{
	struct memo *m = arena_new_struct(b->arena, struct memo);
	const struct conf *c = b->conf;
	const char *where = arena_printf(b->arena, "%s\n%s\n%lld\n%s",
	    c->database_socket, c->database_host, (long long)c->database_port,
	    c->database_name);

	/* A reload may have changed the database. */
	m->salt = sec_hash(where, strlen(where));
	m->pool = s;
	b->memo = m;
	db_on_change(b->connection, note_change, s);
}

struct hash
memo_key(struct env *env, const char *kind, const void *p, size_t n)
{
	const struct memo *m = env->base->memo;
	size_t kind_n = strlen(kind) + 1;
	unsigned char *text = arena_alloc(env->arena, HASH_BYTES + kind_n + n);

	if (m != NULL)
		memcpy(text, m->salt.b, HASH_BYTES);
	memcpy(text + HASH_BYTES, kind, kind_n);
	memcpy(text + HASH_BYTES + kind_n, p, n);
	return sec_hash(text, HASH_BYTES + kind_n + n);
}

void *
memo_get(struct env *env, const struct hash *key, int64_t max_age,
    size_t *ret_n)
{
	struct memo *m = env->base->memo;
	struct cache_note note;
	void *p;

	if (m == NULL || !is_fresh(m->pool) ||
	    (p = cache_get(m->pool->cache, key, env->arena, ret_n, &note)) ==
		NULL)
		return NULL;
	if (atomic_load(&m->pool->slots[note.owner].changed) > note.as_of ||
	    (max_age >= 0 && clock_tick() - note.tick > max_age))
		return NULL;
	return p;
}

uint64_t
memo_as_of(struct env *env)
{
	struct memo *m = env->base->memo;

	return m != NULL ? atomic_load(&m->pool->changes) : 0;
}

bool
memo_is_behind(struct env *env, uint64_t user_id, uint64_t version)
{
	const struct memo *m = env->base->memo;

	return m != NULL &&
	    version <
	    atomic_load(&m->pool->slots[account_slot(user_id)].version);
}

void
memo_put(struct env *env, const struct hash *key, uint64_t user_id,
    uint64_t as_of, const void *p, size_t n)
{
	const struct cache_note note = { .as_of = as_of,
		.owner = account_slot(user_id) };

	if (as_of != 0)
		cache_put(env->base->memo->pool->cache, key, p, n, &note);
}

void
memo_drop(struct env *env, const struct hash *key)
{
	if (env->base->memo != NULL)
		cache_drop(env->base->memo->pool->cache, key);
}
