#include "config.h"

#include "core/community/withdraw.h"

#include "db/community_db.h"

#define STALE_BATCH 100
#define SEIZE_SECONDS 30

static enum err
remove_object(struct env *env, const char *folder, const char *name)
{
	if (name == NULL)
		return ERR_OK;
	return store_remove(env->base->store,
	    arena_printf(env->arena, "%s/%s", folder, name), &env->why);
}

enum err
community_remove_objects(struct env *env, const char *object, const char *thumb)
{
	static const char *const folders[] = { "general", "hidden" };
	enum err e = ERR_OK;

	for (int i = 0; e == ERR_OK && i < 2; i++) {
		e = remove_object(env, folders[i], object);
		if (e == ERR_OK)
			e = remove_object(env, folders[i], thumb);
	}
	return e;
}

enum err
community_withdraw_row(struct env *env, uint64_t id)
{
	struct uuid owner = uuid_random();
	struct community_row row = { 0 };
	const struct db *db = &env->db;
	enum err e;

	e = community_db_seize(db, id, &owner, SEIZE_SECONDS);
	if (e == ERR_OK)
		e = community_db_by_id(db, id, false, &row);
	if (e == ERR_NOT_FOUND) /* gone, or removed by another request */
		return ERR_OK;
	if (e != ERR_OK ||
	    (e = community_remove_objects(env, row.object_name,
		 row.thumb_name)) != ERR_OK)
		return e;
	return community_db_release(db, id, &owner);
}

enum err
community_withdraw(struct env *env, uint64_t media_id)
{
	struct community_row row = { 0 };
	enum err e;

	e = community_db_by_media(&env->db, media_id, false, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	return e != ERR_OK ? e : community_withdraw_row(env, row.id);
}

enum err
community_tend(struct env *env)
{
	struct community_row *rows;
	size_t n;
	enum err e;

	e = community_db_stale(&env->db, STALE_BATCH, &rows, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = community_withdraw_row(env, rows[i].id);
	return e;
}
