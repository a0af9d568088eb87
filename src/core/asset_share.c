#include "config.h"

#include "core/asset_share.h"

#include <string.h>

#include "core/access.h"

/* Seed 004 knows no share that is another's. */
static enum err
unknown(struct env *env, enum err e)
{
	if (e != ERR_FORBIDDEN && e != ERR_NOT_FOUND)
		return e;
	why_clear(&env->why);
	return why_set(&env->why, ERR_NOT_FOUND, "id", "Share not found");
}

static enum err
find(struct env *env, const struct caller *c, const char *id,
    struct share *ret)
{
	return unknown(env, access_share(env, c, id, ret));
}

static enum err
fill(struct env *env, struct asset_share *s)
{
	struct db *db = env->base->db;
	struct share_item *items;
	uint64_t rest;
	size_t n;
	enum err e;

	e = share_items(env, &s->share, INT64_MAX, SHARE_ITEMS_MOST, &items,
	    &n, &rest);
	if (e != ERR_OK)
		return e;
	s->contents = arena_array(env->arena, n, sizeof(*s->contents));
	s->ncontents = n;
	for (size_t i = 0; i < n; i++)
		s->contents[i] = items[i].uuid;
	return share_db_recipients(db, &env->why, env->arena, s->share.id,
	    &s->recipients, &s->nrecipients);
}

enum err
asset_share_get(struct env *env, const struct caller *c, const char *id,
    struct asset_share *ret)
{
	enum err e;

	memset(ret, 0, sizeof(*ret));
	e = find(env, c, id, &ret->share);
	return e != ERR_OK ? e : fill(env, ret);
}

enum err
asset_share_create(struct env *env, const struct caller *c,
    const struct share_new *n, struct asset_share *ret)
{
	enum err e;

	memset(ret, 0, sizeof(*ret));
	e = share_create(env, c, n, &ret->share);
	return e != ERR_OK ? e : fill(env, ret);
}

enum err
asset_share_update(struct env *env, const struct caller *c, const char *id,
    const struct share_terms *t, struct asset_share *ret)
{
	enum err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = find(env, c, id, &ret->share)) != ERR_OK)
		return e;
	memset(ret, 0, sizeof(*ret));
	e = share_update(env, c, id, t, &ret->share);
	return e != ERR_OK ? e : fill(env, ret);
}

enum err
asset_share_delete(struct env *env, const struct caller *c, const char *id)
{
	return unknown(env, share_revoke(env, c, id));
}

enum err
asset_share_expire(struct env *env, const struct caller *c, const char *id)
{
	struct share s = { 0 };
	enum err e = find(env, c, id, &s);

	if (e != ERR_OK || share_status(&s) != SHARE_ACTIVE)
		return e;
	return share_expire(env, id, c->user.id);
}
