/* Compares the database's rows with the vaults' files. Rows are read in pages,
 * and no statement is open while files are checked. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "core/ops/doctor_look.h"
#include "core/vault/enrich.h"
#include "db/doctor_db.h"
#include "db/media_db.h"
#include "db/user_db.h"

#define PAGE 1000
#define PAGE_BYTES (64 << 20)
#define IDS_BYTES (PAGE * 24)

struct walk {
	struct doctor *d;
	struct arena *arena; /* of the current page */
	uint64_t user_id;
	char last[1024]; /* the path of the last row checked */
	uint64_t last_id;
	struct buf again; /* ids of media to be read again */
};

/* ---- one media ---- */

static void
tell_missing(struct walk *w, const struct doctor_media *m, const char *subject)
{
	doctor_found(w->d, m->old ? FINDING_MISSING_LONG : FINDING_MISSING,
	    false, subject, "The file is gone but is still in the database");
}

/* Adds the media to the list of those that --fix queues to be read again. */
static bool
read_again(struct walk *w, uint64_t id)
{
	if (!w->d->o->fix)
		return false;
	buf_putf(&w->again, "%s%" PRIu64, w->again.len == 0 ? "[" : ",", id);
	return true;
}

static enum err
look_at(struct walk *w, const struct doctor_media *m)
{
	const char *subject = arena_printf(w->arena, "user-media/%s", m->path);
	struct env *env = &w->d->env;
	struct store_info now;
	enum err e;

	e = store_stat(env->base->store, subject, &now, &env->why);
	if (e == ERR_NOT_FOUND) {
		tell_missing(w, m, subject);
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	/* If a missing file is back or was replaced, the sync finds it. A file
	 * that is being read may be newer than its row. */
	if (m->state == MEDIA_MISSING || !enrichment_has_ended(m->enrichment))
		return ERR_OK;
	if (now.size != m->size || clock_ns(now.mtime) != m->mtime)
		doctor_found(w->d, FINDING_CHANGED, read_again(w, m->id),
		    subject, "The file has changed since it was read");
	else if (m->error != NULL && strcmp(m->error, ENRICH_FAULT) == 0)
		doctor_found(w->d, FINDING_READ_FAILED, read_again(w, m->id),
		    subject,
		    "It could not be read, perhaps not because of the file "
		    "itself");
	return ERR_OK;
}

/* ---- all media of an account ---- */

static enum err
settle_page(struct walk *w)
{
	struct env *env = &w->d->env;

	if (w->again.len == 0)
		return ERR_OK;
	buf_lit(&w->again, "]");
	AN(!buf_failed(&w->again));
	return media_db_changed(&env->db, w->user_id, buf_str(&w->again));
}

static enum err
look_at_page(struct walk *w, size_t *ret_n)
{
	struct env *env = &w->d->env;
	const struct db db = { env->db.connection, &env->why, w->arena };
	struct doctor_media *v;
	enum err e;
	size_t n;

	arena_reset(w->arena);
	buf_init(&w->again, w->arena, IDS_BYTES);
	e = doctor_db_media(&db, w->user_id, w->last, w->last_id,
	    env->base->conf->storage_trash_keep, PAGE, &v, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		doctor_steps(w->d, "media", 1);
		e = look_at(w, &v[i]);
		AN(strlen(v[i].path) < sizeof(w->last));
		memcpy(w->last, v[i].path, strlen(v[i].path) + 1);
		w->last_id = v[i].id;
	}
	if (e == ERR_OK)
		e = settle_page(w);
	*ret_n = n;
	return e;
}

static enum err
look_at_account(struct walk *w)
{
	size_t n = 0;
	enum err e;

	w->last[0] = '\0';
	w->last_id = 0;
	do
		e = look_at_page(w, &n);
	while (e == ERR_OK && n == PAGE);
	return e;
}

struct ids {
	struct arena *arena;
	uint64_t *v;
	size_t n, size;
};

static enum err
take_id(void *arg, const void *row)
{
	struct ids *ids = arg;

	if (ids->n == ids->size) {
		size_t size = ids->size == 0 ? 64 : 2 * ids->size;
		uint64_t *more = arena_array(ids->arena, size, sizeof(*more));

		if (ids->n > 0)
			memcpy(more, ids->v, ids->n * sizeof(*more));
		ids->v = more;
		ids->size = size;
	}
	ids->v[ids->n++] = ((const struct user *)row)->id;
	return ERR_OK;
}

enum err
look_media(struct doctor *d)
{
	struct walk w = { .d = d, .arena = arena_new(PAGE_BYTES) };
	struct ids ids = { .arena = d->env.arena };
	enum err e = user_db_list(&d->env.db, take_id, &ids);

	for (size_t i = 0; e == ERR_OK && i < ids.n; i++) {
		w.user_id = ids.v[i];
		e = look_at_account(&w);
	}
	arena_free(w.arena);
	return e;
}
