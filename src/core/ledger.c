#include "config.h"

#include "core/ledger.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "core/activity.h"
#include "core/notification.h"
#include "db/share_db.h"

#define WAIT INT64_C(400000)   /* us until a line is written */
#define AGAIN INT64_C(1000000) /* us after a failure */
#define ENOUGH 256	       /* lines that are written at once */
#define MOST 4096	       /* that are kept while the database is away */
#define LINES_ARENA (16 << 20)
#define JSON_CAP (16 << 20)

struct line {
	struct line *next;
	struct uuid uuid;
	uint64_t share_id;
	uint64_t actor;
	int64_t tick;
	const char *address;
	const char *action;
	const char *details;
};

struct ledger {
	struct arena *arena; /* of the lines */
	struct line *lines; /* in the order of what came */
	struct line **last; /* where the next one is hung */
	size_t n;
	uint64_t lost; /* lines for which there was no room */
	int64_t due;   /* clock_tick() */
};

struct ledger *
ledger_new(struct arena *program)
{
	struct ledger *l = arena_new_struct(program, struct ledger);

	l->arena = arena_new(LINES_ARENA);
	l->last = &l->lines;
	return l;
}

void
ledger_free(struct ledger *l)
{
	arena_free(l->arena);
}

static const char *
copy(struct ledger *l, const char *s)
{
	return s != NULL ? arena_strdup(l->arena, s) : NULL;
}

void
ledger_add(struct env *env, uint64_t share_id, uint64_t actor,
    const char *action, const char *details)
{
	struct ledger *l = env->base->ledger;
	struct line *line;

	if (l->n == MOST) {
		l->lost++;
		return;
	}
	line = arena_new_struct(l->arena, struct line);
	line->uuid = uuid_random();
	line->share_id = share_id;
	line->actor = actor;
	line->tick = clock_tick();
	line->address = copy(l, activity_address(env));
	line->action = copy(l, action);
	line->details = copy(l, details);
	line->next = NULL;
	*l->last = line;
	l->last = &line->next;
	if (l->n++ == 0)
		l->due = line->tick + WAIT;
}

/* ---- what is written ---- */

static int64_t
age_ms(const struct line *line)
{
	return (clock_tick() - line->tick) / 1000;
}

static const char *
lines_json(struct env *env)
{
	char uuid[2 * UUID_BYTES + 1];
	struct json_out w;
	struct buf b;

	buf_init(&b, env->arena, JSON_CAP);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (const struct line *i = env->base->ledger->lines; i != NULL;
	     i = i->next) {
		hex_format(i->uuid.b, UUID_BYTES, uuid);
		jw_object(&w, NULL);
		jw_text(&w, "u", uuid);
		jw_uint(&w, "s", i->share_id);
		jw_uint(&w, "a", i->actor);
		jw_text(&w, "i", i->address);
		jw_text(&w, "k", i->action);
		jw_text(&w, "d", i->details);
		jw_int(&w, "t", age_ms(i));
		jw_end(&w);
	}
	jw_end(&w);
	AN(!buf_failed(&b));
	return buf_str(&b);
}

static int
by_share(const void *p, const void *q)
{
	const struct line *a = *(const struct line *const *)p;
	const struct line *b = *(const struct line *const *)q;

	if (a->share_id != b->share_id)
		return a->share_id > b->share_id ? 1 : -1;
	return (a->tick < b->tick) - (a->tick > b->tick);
}

/* The openings, share by share in the order of their ids, the newest of each
 * first: processes that write at the same time take their rows in the same
 * order. */
static const struct line **
openings(struct env *env, size_t *ret_n)
{
	struct ledger *l = env->base->ledger;
	const struct line **v = arena_array(env->arena, l->n, sizeof(*v));
	size_t n = 0;

	for (const struct line *i = l->lines; i != NULL; i = i->next)
		if (strcmp(i->action, LEDGER_ACCESSED) == 0)
			v[n++] = i;
	qsort(v, n, sizeof(*v), by_share);
	*ret_n = n;
	return v;
}

static const char *
counts_json(struct env *env)
{
	const struct line **v;
	struct json_out w;
	struct buf b;
	size_t n, k;

	v = openings(env, &n);
	buf_init(&b, env->arena, JSON_CAP);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i = k) {
		for (k = i + 1; k < n && v[k]->share_id == v[i]->share_id;)
			k++;
		jw_object(&w, NULL);
		jw_uint(&w, "s", v[i]->share_id);
		jw_uint(&w, "n", k - i);
		jw_int(&w, "t", age_ms(v[i]));
		jw_end(&w);
	}
	jw_end(&w);
	AN(!buf_failed(&b));
	return buf_str(&b);
}

struct writing {
	struct env *env;
	const char *lines, *counts;
};

static enum err
write_lines(struct db *db, void *arg)
{
	struct writing *w = arg;
	struct share_owned *first;
	size_t n;
	enum err e;

	e = share_db_gathered(db, &w->env->why, w->env->arena, w->lines,
	    w->counts, &first, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = notify_owner(w->env, first[i].id, first[i].owner_id,
		    NOTIFY_FIRST_ACCESS);
	return e;
}

static void
forget(struct ledger *l)
{
	if (l->lost > 0)
		log_error("ledger_lost", "lines=%" PRIu64, l->lost);
	l->lines = NULL;
	l->last = &l->lines;
	l->n = 0;
	l->lost = 0;
	arena_reset(l->arena);
}

static int64_t
flush(struct env *env)
{
	struct writing w = { env, lines_json(env), counts_json(env) };
	struct ledger *l = env->base->ledger;
	enum err e = db_transaction(env->base->db, &env->why, write_lines,
	    &w);

	/* What may have been written is never written again. */
	if (e != ERR_RETRY) {
		if (e != ERR_OK)
			log_error("ledger", "lines=%zu error=%s", l->n,
			    log_quote(env->why.detail));
		forget(l);
		return -1;
	}
	log_warn("ledger", "lines=%zu error=%s", l->n,
	    log_quote(env->why.detail));
	l->due = clock_tick() + AGAIN;
	return AGAIN;
}

int64_t
ledger_tend(struct env *env, bool all)
{
	struct ledger *l = env->base->ledger;
	int64_t left;

	if (l->n == 0)
		return -1;
	left = l->due - clock_tick();
	if (!all && left > 0 && l->n != ENOUGH)
		return left;
	return flush(env);
}
