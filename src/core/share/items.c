#include "config.h"

#include "core/share/items.h"

#include "core/share/terms.h"
#include "core/json_list.h"

enum err
share_items(struct env *env, const struct share *s, uint64_t before,
    uint64_t limit, struct share_item **ret, size_t *ret_n,
    uint64_t *ret_before)
{
	enum err e;

	*ret_before = 0;
	if (s->collection_id == 0)
		return share_db_items(&env->db, s->id, ret, ret_n);
	/* One row more shows whether there is a next page. */
	e = share_db_collection_items(&env->db, s->collection_id, s->id, before,
	    limit + 1, ret, ret_n);
	if (e == ERR_OK && *ret_n > limit) {
		*ret_n = limit;
		*ret_before = (*ret)[limit - 1].media_id;
	}
	return e;
}

enum err
share_previews(struct env *env, const struct share *shares, size_t n,
    struct share_preview **ret)
{
	uint64_t *ids = arena_array(env->arena, n, sizeof(*ids));
	struct share_preview *v;
	size_t nv = 0;
	enum err e;

	*ret = arena_array(env->arena, n, sizeof(**ret));
	if (n == 0)
		return ERR_OK;
	for (size_t i = 0; i < n; i++)
		ids[i] = shares[i].id;
	e = share_db_previews(&env->db, json_ids(env->arena, ids, n), n, &v,
	    &nv);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		for (size_t k = 0; k < nv; k++)
			if (v[k].share_id == ids[i])
				(*ret)[i] = v[k];
	return e;
}

enum err
share_items_not_found(struct env *env, size_t n)
{
	return why_with(&env->why, WHY_NO_MEDIA,
	    .about = n > 1 ? ABOUT_TARGETS : ABOUT_TARGET);
}

/* Whether the share has exactly these media in this order. Clients send back
 * the list that they received. */
static enum err
shows_these(struct env *env, const struct share *s, const struct share_terms *t,
    bool *ret)
{
	struct share_item *items;
	uint64_t rest;
	size_t n;
	enum err e =
	    share_items(env, s, INT64_MAX, SHARE_ITEMS_MOST, &items, &n, &rest);

	if (e != ERR_OK)
		return e;
	*ret = n == t->ntargets;
	for (size_t i = 0; *ret && i < n; i++)
		*ret = uuid_equal(&items[i].uuid, &t->targets[i]);
	return ERR_OK;
}

enum err
share_items_change(struct env *env, const struct caller *c,
    const struct share *s, const struct share_terms *t)
{
	const struct db *db = &env->db;
	struct share_target *v;
	bool same = false;
	size_t n;
	enum err e;

	if (t->ntargets == 0)
		return ERR_OK;
	if ((e = shows_these(env, s, t, &same)) != ERR_OK || same)
		return e;
	/* A share code belongs to its media (seed 000). */
	if (s->parent_id != 0 || s->collection_id != 0 ||
	    s->origin == ORIGIN_CODE)
		return why_set(&env->why, WHY_SHARE_FIXED);
	e = share_db_targets(db,
	    json_uuids(env->arena, t->targets, t->ntargets), &v, &n);
	if (e != ERR_OK)
		return e;
	if (n != t->ntargets)
		return share_items_not_found(env, t->ntargets);
	for (size_t i = 0; i < n; i++)
		if (v[i].user_id != c->user.id)
			return share_items_not_found(env, n);
	return share_db_replace_items(db, s, n > 1 ? SHARE_SET : SHARE_MEDIA,
	    json_targets(env->arena, v, n));
}
