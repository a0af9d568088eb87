#include "config.h"

#include "core/vault/trash.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "core/share/end.h"
#include "core/vault/access.h"
#include "db/media_db.h"
#include "db/share_db.h"

#define BATCH 100
#define NUMBERS_MOST 10000

static const char *
trash_path(struct arena *a, const struct uuid *media)
{
	char text[UUID_TEXT];

	uuid_format(media, text);
	return arena_printf(a, "trash/%s", text);
}

static const char *
vault_path(struct arena *a, const char *path)
{
	return arena_printf(a, "user-media/%s", path);
}

struct deletion {
	struct env *env;
	const struct media *media;
};

static enum err
mark_trashed(const struct db *db, void *arg)
{
	struct deletion *d = arg;
	struct uuid token;
	uint64_t share;
	enum err e;

	if ((e = media_db_trash(db, d->media->id, d->media->user_id)) != ERR_OK)
		return e;
	e = share_db_code(db, d->media->id, false, &share, &token);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	return e != ERR_OK ?
	    e :
	    share_end(d->env, share, d->media->user_id, d->media->user_id);
}

/* The second half: moves the file, which frees its name. */
static enum err
move_away(struct env *env, uint64_t id, const struct uuid *uuid,
    const char *path)
{
	enum err e = store_move(env->base->store, vault_path(env->arena, path),
	    trash_path(env->arena, uuid), &env->why);

	/* The file was removed by hand, or moved by a process that died. */
	if (e != ERR_OK && e != ERR_NOT_FOUND && e != ERR_CONFLICT)
		return e;
	return media_db_trashed(&env->db, id);
}

enum err
trash_put(struct env *env, const struct caller *c, uint64_t id)
{
	struct media m = { 0 };
	struct deletion d = { env, &m };
	enum err e;

	if ((e = access_media(env, c, id, &m)) != ERR_OK ||
	    (e = db_transaction(&env->db, mark_trashed, &d)) != ERR_OK)
		return e;
	/* The media counts as deleted. If the storage fails now, the worker
	 * moves the file later. */
	if ((e = move_away(env, id, &m.uuid, m.path)) != ERR_OK) {
		log_warn("trash_move", "media=%" PRIu64 " error=%s", id,
		    log_quote(env->why.detail));
	}
	return ERR_OK;
}

/* Tries one name; ERR_CONFLICT if a row or a file has it. */
static enum err
move_back(struct env *env, const struct media *m, const char *path,
    const char *name)
{
	enum err e;

	e = media_db_untrash_claim(&env->db, m->id, path, name);
	if (e != ERR_OK)
		return e;
	e = store_move(env->base->store, trash_path(env->arena, &m->uuid),
	    vault_path(env->arena, path), &env->why);
	if (e == ERR_OK)
		return media_db_untrash(&env->db, m->id, m->user_id);
	if (e == ERR_CONFLICT || e == ERR_NOT_FOUND) {
		enum err undo = media_db_trashed(&env->db, m->id);

		if (undo != ERR_OK)
			return undo;
	}
	return e;
}

enum err
trash_restore(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret)
{
	struct media m = { 0 };
	const char *slash;
	enum err e;

	if ((e = access_trashed(env, c, id, &m)) != ERR_OK)
		return e;
	slash = strrchr(m.path, '/');
	AN(slash != NULL);
	e = ERR_CONFLICT;
	for (unsigned k = 1; e == ERR_CONFLICT && k < NUMBERS_MOST; k++) {
		const char *name =
		    media_numbered_name(env->arena, slash + 1, k);

		e = move_back(env, &m,
		    arena_printf(env->arena, "%.*s/%s", (int)(slash - m.path),
			m.path, name),
		    name);
	}
	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, WHY_NOT_IN_TRASH);
	if (e != ERR_OK)
		return e;
	return access_media(env, c, id, ret);
}

static enum err
finish_moves(struct env *env)
{
	struct media_trashed *rows;
	size_t n;
	enum err e;

	e = media_db_trash_unfinished(&env->db, BATCH, &rows, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		log_info("trash_finish", "media=%" PRIu64, rows[i].id);
		e = move_away(env, rows[i].id, &rows[i].uuid, rows[i].path);
	}
	return e;
}

static enum err
empty(struct env *env)
{
	int64_t keep = env->base->conf->storage_trash_keep;
	struct media_trashed *rows;
	size_t n;
	enum err e;

	e = media_db_trash_due(&env->db, keep, BATCH, &rows, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		e = store_remove(env->base->store,
		    trash_path(env->arena, &rows[i].uuid), &env->why);
		if (e == ERR_OK)
			e = media_db_delete(&env->db, rows[i].id);
	}
	return e;
}

enum err
trash_tend(struct env *env)
{
	enum err e = finish_moves(env);

	return e != ERR_OK ? e : empty(env);
}
