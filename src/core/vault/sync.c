#include "config.h"

#include "core/vault/sync.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_out.h"
#include "base/log.h"
#include "base/text.h"
#include "core/auth/account.h"
#include "core/vault/category.h"
#include "db/media_db.h"
#include "model/media.h"

#define BATCH 500 /* rows of one INSERT */
/* Each row contains the name (255 bytes) twice, with every byte written as
 * \u0001 at worst. */
#define BATCH_BYTES (BATCH * (2 * 6 * 255 + 512))
#define FILES_MOST (SIZE_MAX / 2) /* bytes of one listing's arena */

/* A folder that changed more recently may change again within one tick of the
 * file system's clock, so its stamp is not kept. */
#define STAMP_MARGIN (2 * CLOCK_SECOND)

struct file {
	const char *name;
	uint64_t size;
	int64_t mtime; /* ns */
	bool known;    /* has a row */
};

/* One folder's listing. It has its own arena because it can be long. */
struct listing {
	struct env *env;
	struct arena *arena;
	uint64_t user_id;
	const struct category *category;
	bool preview;	  /* count changes only */
	const char *path; /* users/{id}/{Folder}/ */
	struct file *files;
	size_t n, size;
	size_t next; /* in the merge */
	/* ids, with commas */
	struct buf gone, back, gave_way, changed;
	struct sync_result *result;
};

static enum err
take_file(void *arg, const char *name, const struct store_info *info)
{
	struct listing *l = arg;
	struct file *f;

	/* Skip names that are not UTF-8; the doctor reports them. */
	if (!media_name_is_listed(name) || !text_utf8(name, strlen(name)))
		return ERR_OK;
	if (l->n == l->size) {
		size_t size = l->size == 0 ? 256 : 2 * l->size;
		struct file *more = arena_array(l->arena, size, sizeof(*more));

		if (l->n > 0)
			memcpy(more, l->files, l->n * sizeof(*more));
		l->files = more;
		l->size = size;
	}
	f = &l->files[l->n++];
	f->name = arena_strdup(l->arena, name);
	f->size = info->size;
	f->mtime = clock_ns(info->mtime);
	return ERR_OK;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name,
	    ((const struct file *)b)->name);
}

static void
put_id(struct buf *b, uint64_t id)
{
	buf_putf(b, "%s%" PRIu64, b->len == 0 ? "[" : ",", id);
}

/* Compares a row with its file, if there is one. */
static void
compare(struct listing *l, const struct media_path *row, struct file *f)
{
	bool live = row->state == MEDIA_LIVE, same;

	if (f == NULL) {
		if (live) {
			put_id(&l->gone, row->id);
			l->result->gone++;
		}
		return;
	}
	f->known = true;
	same = row->size == f->size && row->mtime == f->mtime;
	if (live && !same)
		put_id(&l->changed, row->id);
	if (row->state != MEDIA_MISSING)
		return;
	if (same) {
		put_id(&l->back, row->id);
		l->result->back++;
		return;
	}
	/* Another file under the same name: links to the old file must not show
	 * the new one, so the old row gives up its path. */
	put_id(&l->gave_way, row->id);
	f->known = false;
}

/* Merges rows and files in one pass; both are sorted by bytes. */
static enum err
merge_row(void *arg, const void *row)
{
	const struct media_path *m = row;
	struct listing *l = arg;
	const char *name = m->path + strlen(l->path);
	struct file *match = NULL;

	while (l->next < l->n) {
		int c = strcmp(l->files[l->next].name, name);

		if (c > 0)
			break;
		if (c == 0)
			match = &l->files[l->next];
		l->next++;
	}
	compare(l, m, match);
	return ERR_OK;
}

/* A file's mtime can be any value; the list uses only times between 1970 and
 * now. */
static int64_t
created_at(const struct file *f)
{
	int64_t ms = f->mtime / 1000000, now = clock_now();

	return ms < 1 ? 1 : ms > now ? now : ms;
}

static void
put_found(struct listing *l, struct json_out *w, const struct file *f)
{
	struct uuid uuid = uuid_random();
	char hex[2 * UUID_BYTES + 1];

	hex_format(uuid.b, UUID_BYTES, hex);
	jw_object(w, NULL);
	jw_text(w, "u", hex);
	jw_text(w, "p", arena_printf(l->arena, "%s%s", l->path, f->name));
	jw_text(w, "n", f->name);
	jw_uint(w, "s", f->size);
	jw_int(w, "t", f->mtime);
	jw_int(w, "c", created_at(f));
	jw_end(w);
	l->result->added++;
}

struct insert {
	struct listing *l;
	const char *metadata;
	const char *files;
};

static enum err
insert_batch(const struct db *db, void *arg)
{
	struct insert *i = arg;

	return media_db_found(db, i->l->user_id, i->l->category->name,
	    i->metadata, i->files);
}

/* The record's metadata in the form of seed 001. */
static const char *
metadata(struct listing *l)
{
	struct json_out w;
	struct buf b;

	buf_init(&b, l->arena, 256);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_text(&w, "tool", l->category->name);
	jw_time(&w, "backfilledAt", clock_now());
	jw_end(&w);
	return buf_str(&b);
}

static enum err
add_found(struct listing *l)
{
	struct insert i = { l, metadata(l), NULL };
	enum err e = ERR_OK;
	size_t k = 0;

	while (e == ERR_OK && k < l->n) {
		struct json_out w;
		struct buf b;
		size_t n = 0;

		buf_init(&b, l->arena, BATCH_BYTES);
		jw_init(&w, &b);
		jw_array(&w, NULL);
		for (; k < l->n && n < BATCH; k++) {
			if (l->files[k].known)
				continue;
			put_found(l, &w, &l->files[k]);
			n++;
		}
		jw_end(&w);
		AN(!buf_failed(&b));
		i.files = buf_str(&b);
		if (n > 0)
			e = db_transaction(&l->env->db, insert_batch, &i);
	}
	return e;
}

typedef enum err ids_fn(const struct db *db, uint64_t user_id, const char *ids);

static enum err
apply_ids(struct listing *l, struct buf *ids, ids_fn *fn)
{
	if (ids->len == 0)
		return ERR_OK;
	buf_lit(ids, "]");
	AN(!buf_failed(ids));
	return fn(&l->env->db, l->user_id, buf_str(ids));
}

static enum err
bring_in_line(struct listing *l)
{
	struct env *env = l->env;
	enum err e;

	if (l->n > 1)
		qsort(l->files, l->n, sizeof(*l->files), by_name);
	e = media_db_paths(&env->db, l->user_id, l->path, merge_row, l);
	if (e == ERR_OK && l->preview) {
		for (size_t i = 0; i < l->n; i++)
			l->result->added += !l->files[i].known;
		return ERR_OK;
	}
	if (e != ERR_OK ||
	    (e = apply_ids(l, &l->gone, media_db_gone)) != ERR_OK ||
	    (e = apply_ids(l, &l->back, media_db_back)) != ERR_OK ||
	    (e = apply_ids(l, &l->changed, media_db_changed)) != ERR_OK ||
	    (e = apply_ids(l, &l->gave_way, media_db_gave_way)) != ERR_OK)
		return e;
	return add_found(l);
}

static enum err
list_folder(struct env *env, uint64_t user_id, const struct category *c,
    const char *folder, bool preview, struct sync_result *result)
{
	struct listing l = { .env = env,
		.arena = arena_new(FILES_MOST),
		.user_id = user_id,
		.category = c,
		.preview = preview,
		.result = result };
	enum err e;

	l.path =
	    arena_printf(l.arena, "users/%" PRIu64 "/%s/", user_id, c->folder);
	buf_init(&l.gone, l.arena, FILES_MOST);
	buf_init(&l.back, l.arena, FILES_MOST);
	buf_init(&l.gave_way, l.arena, FILES_MOST);
	buf_init(&l.changed, l.arena, FILES_MOST);
	result->listed++;
	e = store_list(env->base->store, folder, take_file, &l, &env->why);
	if (e == ERR_OK)
		e = bring_in_line(&l);
	arena_free(l.arena);
	return e;
}

/* Saves the folder's stamp from before the listing, unless it may change again
 * within the clock's tick. */
static enum err
keep_stamp(struct env *env, uint64_t user_id, const struct vault_stamp *now)
{
	int64_t age = clock_now() - now->mtime / 1000000;

	/* A time far in the future was not set by the clock, so it is as safe
	 * as an old one. */
	if (age < STAMP_MARGIN && age > -STAMP_MARGIN)
		return stamp_db_clear(&env->db, user_id, now->folder);
	return stamp_db_set(&env->db, user_id, now);
}

static bool
unchanged(const struct vault_stamp *old, size_t n,
    const struct vault_stamp *now)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(old[i].folder, now->folder) == 0)
			return old[i].inode == now->inode &&
			    old[i].mtime == now->mtime;
	return false;
}

/* Reads the folder's stamp. A folder that is missing, because it was never made
 * or was removed by hand, is created and counts as empty. But unavailable
 * storage must not empty the vault. */
static enum err
take_stamp(struct env *env, const char *path, struct store_stamp *ret)
{
	struct store *s = env->base->store;
	enum err e = store_stamp(s, path, ret, &env->why);

	if (e != ERR_NOT_FOUND)
		return e;
	if ((e = store_ping(s, &env->why)) != ERR_OK)
		return e;
	e = store_mkdir(s, path, &env->why);
	if (e == ERR_OK)
		e = store_stamp(s, path, ret, &env->why);
	/* Its place is taken by a file or a link; the administrator must fix
	 * that. */
	return e == ERR_NOT_FOUND || e == ERR_CONFLICT ? ERR_INTERNAL : e;
}

static enum err
sync_folder(struct env *env, uint64_t user_id, const struct category *c,
    const struct vault_stamp *old, size_t n, struct sync_result *result)
{
	const char *path = account_folder(env->arena, user_id, c);
	struct vault_stamp now = { .folder = c->folder };
	struct store_stamp stamp;
	enum err e;

	if ((e = take_stamp(env, path, &stamp)) != ERR_OK)
		return e;
	now.inode = stamp.inode;
	now.mtime = clock_ns(stamp.mtime);
	if (stamp.known && unchanged(old, n, &now))
		return ERR_OK;
	e = list_folder(env, user_id, c, path, false, result);
	/* It has just disappeared: do not conclude that its files are gone. */
	if (e == ERR_NOT_FOUND)
		return ERR_RETRY;
	return e == ERR_OK && stamp.known ? keep_stamp(env, user_id, &now) : e;
}

enum err
sync_user(struct env *env, uint64_t user_id, struct sync_result *ret)
{
	const struct categories *c = env->base->categories;
	struct sync_result result = { 0 };
	struct vault_stamp *old;
	size_t n;
	enum err e;

	e = stamp_db_list(&env->db, user_id, &old, &n);
	for (size_t i = 0; e == ERR_OK && i < c->n; i++)
		e = sync_folder(env, user_id, &c->v[i], old, n, &result);
	if (e != ERR_OK)
		return e;
	if (result.listed > 0)
		log_debug("sync",
		    "user=%" PRIu64 " listed=%u added=%" PRIu64 " gone=%" PRIu64
		    " back=%" PRIu64,
		    user_id, result.listed, result.added, result.gone,
		    result.back);
	*ret = result;
	return ERR_OK;
}

enum err
sync_preview(struct env *env, uint64_t user_id, struct sync_result *ret)
{
	const struct categories *c = env->base->categories;
	struct sync_result result = { 0 };
	enum err e;

	for (size_t i = 0; i < c->n; i++) {
		e = list_folder(env, user_id, &c->v[i],
		    account_folder(env->arena, user_id, &c->v[i]), true,
		    &result);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
	}
	*ret = result;
	return ERR_OK;
}
