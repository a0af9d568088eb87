#include "config.h"

#include "core/share/ledger.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "core/pool/pipe.h"
#include "core/share/activity.h"
#include "core/share/notification.h"
#include "db/share_db.h"

#define WAIT INT64_C(400000)   /* us until an entry is written */
#define AGAIN INT64_C(1000000) /* us until a retry after a failure */
#define ENOUGH 128	       /* entries that are written right away */
#define MOST 4096 /* entries kept while the database is unavailable */
#define LINES_ARENA (16 << 20)
#define RECEIVED 64		 /* entries read from the pipe at once */
#define FULL_WAIT INT64_C(50000) /* us to wait for room in the pipe */
#define JSON_CAP (16 << 20)

struct entry {
	uint64_t share_id;
	uint64_t actor;	 /* 0: not signed in */
	int64_t tick;	 /* clock_tick(), the same in all processes */
	bool downloaded; /* else it is an opening */
	bool first;	 /* the first opening, as far as known */
	bool counted;	 /* the use is counted already */
	char address[INET6_ADDRSTRLEN]; /* "": none */
};

/* An entry in the pipe. It is small so that the pipe holds thousands and a short
 * pause of the database delays nobody. */
struct message {
	struct entry entry;
	char details[96]; /* "": none */
};

struct line {
	struct line *next;
	struct entry entry;
	const char *details; /* NULL: none */
};

struct ledger {
	struct arena *arena; /* holds the lines */
	struct line *lines;  /* in the order of arrival */
	struct line **last;  /* where the next one is linked */
	size_t n;
	uint64_t lost; /* entries dropped for lack of room */
	int64_t due;   /* clock_tick() */
	int pipe;      /* tried first; -1: none */
};

struct ledger *
ledger_new(struct arena *program)
{
	struct ledger *l = arena_new_struct(program, struct ledger);

	l->arena = arena_new(LINES_ARENA);
	l->last = &l->lines;
	l->pipe = -1;
	return l;
}

void
ledger_free(struct ledger *l)
{
	arena_free(l->arena);
}

/* Appends a line. */
static void
add(struct ledger *l, const struct entry *e, const char *details)
{
	struct line *line;

	if (l->n == MOST) {
		l->lost++;
		return;
	}
	line = arena_new_struct(l->arena, struct line);
	line->entry = *e;
	if (details != NULL && details[0] != '\0')
		line->details = arena_strdup(l->arena, details);
	*l->last = line;
	l->last = &line->next;
	l->n++;
	if (l->n == 1 || l->n == ENOUGH)
		l->due = clock_tick() + (l->n == 1 ? WAIT : 0);
}

/* Waits a little if the pipe is full: writing to the database here would take
 * longer and slow down the process that empties the pipe. */
static bool
hand_over(const struct ledger *l, const struct entry *e, const char *details)
{
	struct message m = { .entry = *e };

	if (l->pipe < 0 || strlen(details) >= sizeof(m.details))
		return false;
	memcpy(m.details, details, strlen(details));
	return pipe_put(l->pipe, &m, sizeof(m), FULL_WAIT);
}

/* Entries that do not fit into the pipe are written by this process. */
static void
note(struct env *env, struct entry *e, const char *details)
{
	const char *address = activity_address(env);
	struct ledger *l = env->base->ledger;

	e->tick = clock_tick();
	if (address != NULL)
		snprintf(e->address, sizeof(e->address), "%s", address);
	if (!hand_over(l, e, details))
		add(l, e, details);
}

void
ledger_opened(struct env *env, const struct share *s, uint64_t actor,
    bool counted)
{
	struct entry e = { .share_id = s->id,
		.actor = actor,
		.first = s->uses == 0 && !counted,
		.counted = counted };

	note(env, &e, "");
}

void
ledger_downloaded(struct env *env, uint64_t share_id, uint64_t actor,
    const char *details)
{
	struct entry e = { .share_id = share_id,
		.actor = actor,
		.downloaded = true };

	note(env, &e, details != NULL ? details : "");
}

/* ---- passing entries on in a pool ---- */

void
ledger_send(struct ledger *l, int fd)
{
	l->pipe = fd;
}

bool
ledger_is_full(const struct ledger *l)
{
	return l->n > MOST - RECEIVED;
}

bool
ledger_receive(struct ledger *l, int fd)
{
	struct message v[RECEIVED];
	size_t n =
	    ledger_is_full(l) ? 0 : pipe_take(fd, v, sizeof(v[0]), RECEIVED);

	for (size_t i = 0; i < n; i++)
		add(l, &v[i].entry, v[i].details);
	return n > 0;
}

/* ---- writing ---- */

static int64_t
age_ms(const struct line *line)
{
	return (clock_tick() - line->entry.tick) / 1000;
}

static const char *
lines_json(struct env *env)
{
	struct json_out w;
	struct buf b;

	buf_init(&b, env->arena, JSON_CAP);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (const struct line *i = env->base->ledger->lines; i != NULL;
	     i = i->next) {
		const struct entry *o = &i->entry;

		jw_object(&w, NULL);
		jw_uint(&w, "s", o->share_id);
		jw_uint(&w, "a", o->actor);
		jw_text(&w, "i", o->address[0] != '\0' ? o->address : NULL);
		jw_text(&w, "k", o->downloaded ? "downloaded" : "accessed");
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
	const struct entry *a = &(*(const struct line *const *)p)->entry;
	const struct entry *b = &(*(const struct line *const *)q)->entry;

	if (a->share_id != b->share_id)
		return a->share_id > b->share_id ? 1 : -1;
	return (a->tick < b->tick) - (a->tick > b->tick);
}

/* The uses in the order of the shares' ids, the newest of each share first, so
 * that processes writing at the same time lock rows in the same order. */
static const struct line **
uses(struct env *env, size_t *ret_n)
{
	struct ledger *l = env->base->ledger;
	const struct line **v = arena_array(env->arena, l->n, sizeof(*v));
	size_t n = 0;

	for (const struct line *i = l->lines; i != NULL; i = i->next)
		if (!i->entry.downloaded && !i->entry.counted)
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

	v = uses(env, &n);
	buf_init(&b, env->arena, JSON_CAP);
	jw_init(&w, &b);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i = k) {
		uint64_t share = v[i]->entry.share_id;

		for (k = i + 1; k < n && v[k]->entry.share_id == share;)
			k++;
		jw_object(&w, NULL);
		jw_uint(&w, "s", share);
		jw_uint(&w, "n", k - i);
		jw_int(&w, "t", age_ms(v[i]));
		jw_end(&w);
	}
	jw_end(&w);
	AN(!buf_failed(&b));
	return buf_str(&b);
}

static bool
any_first(const struct ledger *l)
{
	for (const struct line *i = l->lines; i != NULL; i = i->next)
		if (i->entry.first)
			return true;
	return false;
}

struct writing {
	struct env *env;
	const char *lines, *counts;
	bool first;
};

/* Notifies the owners of shares that were opened for the first time. */
static enum err
tell_first(struct writing *w)
{
	struct share_owned *first;
	size_t n;
	enum err e = share_db_first_opened(&w->env->db, w->counts, &first, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = notification_to_owner(w->env, first[i].id,
		    first[i].owner_id, NOTIFY_FIRST_ACCESS);
	return e;
}

static enum err
write_lines(const struct db *db, void *arg)
{
	struct writing *w = arg;
	enum err e = share_db_gathered(db, w->lines, w->counts);

	return e == ERR_OK && w->first ? tell_first(w) : e;
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
	struct ledger *l = env->base->ledger;
	struct writing w = { env, lines_json(env), counts_json(env),
		any_first(l) };
	enum err e = db_transaction(&env->db, write_lines, &w);

	/* Entries that may have been written are not written again. */
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
	if (!all && left > 0)
		return left;
	return flush(env);
}
