#include "config.h"

#include "core/share/access.h"

#include <string.h>

#include "base/clock.h"
#include "core/json_list.h"
#include "core/share/visit.h"
#include "db/collection_db.h"
#include "db/media_db.h"

/* Prefer the grant that costs no use, then the one with more permissions. */
static bool
is_better(const struct share_grant *a, const struct share_grant *b)
{
	if (a->visiting != b->visiting)
		return a->visiting;
	if ((a->share.max_uses == 0) != (b->share.max_uses == 0))
		return a->share.max_uses == 0;
	return a->share.can_download && !b->share.can_download;
}

/* The recipient's permissions on the media. Media that others added to a
 * collection can be viewed through it, but neither edited nor reshared, because
 * the collection's owner may not do so either. */
static unsigned
held(const struct share_grant *g, const struct share_target *media, size_t n)
{
	unsigned permissions = share_permissions(&g->share);

	for (size_t i = 0; i < n; i++)
		if (media[i].user_id != g->root_owner_id)
			permissions &= ~(unsigned)CAN_EDIT;
	return permissions;
}

/* Picks the best active grant with all permissions for the media (nmedia 0: for
 * the collection itself). ERR_NOT_FOUND: no active grant; ERR_FORBIDDEN: none
 * with all permissions. */
static enum err
choose(const struct share_grant *grants, size_t n,
    const struct share_target *media, size_t nmedia, unsigned permissions,
    const struct share_grant **ret)
{
	const struct share_grant *best = NULL;
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct share_grant *g = &grants[i];

		if (!share_is_open(&g->share, g->visiting))
			continue;
		any = true;
		if ((held(g, media, nmedia) & permissions) == permissions &&
		    (best == NULL || is_better(g, best)))
			best = g;
	}
	if (best == NULL)
		return any ? ERR_FORBIDDEN : ERR_NOT_FOUND;
	*ret = best;
	return ERR_OK;
}

/* URLs of a limited share expire with the counted visit. */
static int64_t
shown_until(const struct share_grant *g)
{
	return share_has_limit(&g->share) && g->visiting &&
		g->visited_until != CLOCK_NONE ?
	    g->visited_until / 1000 :
	    clock_now() / 1000 + VISIT_SECONDS;
}

static enum err
visit(struct env *env, const struct caller *c, const struct share_grant *g,
    struct share *ret)
{
	enum err e =
	    g->visiting ? ERR_OK : visit_recipient(env, &g->share, c->user.id);

	if (e == ERR_OK) {
		*ret = g->share;
		ret->shown_until = shown_until(g);
		ret->shown_to = c->user.id;
	}
	return e;
}

static enum err
not_allowed(struct env *env, enum err e, enum reason missing)
{
	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, missing);
	if (e == ERR_FORBIDDEN)
		return why_set(&env->why, WHY_SHARE_FORBIDS);
	return e;
}

static enum err
media_grant(struct env *env, const struct caller *c,
    const struct share_target *v, size_t n, unsigned permissions,
    const struct share_grant **ret)
{
	struct share_grant *grants;
	size_t ngrants;
	enum err e = share_db_grants(&env->db, json_targets(env->arena, v, n),
	    n, c->user.id, &grants, &ngrants);

	return e != ERR_OK ? e :
			     choose(grants, ngrants, v, n, permissions, ret);
}

static enum err
collection_grant(struct env *env, const struct caller *c, uint64_t id,
    unsigned permissions, const struct share_grant **ret)
{
	struct share_grant *grants;
	size_t n;
	enum err e =
	    share_db_collection_grants(&env->db, id, c->user.id, &grants, &n);

	return e != ERR_OK ? e : choose(grants, n, NULL, 0, permissions, ret);
}

/* ---- media and collections ---- */

enum err
access_media_as(struct env *env, const struct caller *c, uint64_t id,
    unsigned permissions, struct media *ret, struct share *ret_share)
{
	const struct share_grant *g;
	struct share_target target = { .id = id };
	struct media m = { 0 };
	enum err e;

	memset(ret_share, 0, sizeof(*ret_share));
	e = media_db_by_id(&env->db, id, &m);
	if (e == ERR_OK && m.state != MEDIA_LIVE)
		e = ERR_NOT_FOUND;
	if (e == ERR_OK && m.user_id != c->user.id) {
		target.user_id = m.user_id;
		e = media_grant(env, c, &target, 1, permissions, &g);
		if (e == ERR_OK)
			e = visit(env, c, g, ret_share);
	}
	if (e != ERR_OK)
		return not_allowed(env, e, WHY_NO_MEDIA);
	*ret = m;
	return ERR_OK;
}

static enum err
find_collection(struct env *env, const char *id, struct collection *ret)
{
	struct uuid uuid;

	if (!uuid_from_text(id, &uuid))
		return why_with(&env->why, WHY_NOT_UUID, .about = ABOUT_ID);
	return collection_db_by_uuid(&env->db, &uuid, ret);
}

enum err
access_collection_as(struct env *env, const struct caller *c, const char *id,
    unsigned permissions, struct collection *ret, struct share *ret_share)
{
	const struct share_grant *g;
	struct collection k = { 0 };
	enum err e;

	memset(ret_share, 0, sizeof(*ret_share));
	e = find_collection(env, id, &k);
	if (e == ERR_OK && k.owner_id != c->user.id) {
		e = collection_grant(env, c, k.id, permissions, &g);
		if (e == ERR_OK)
			e = visit(env, c, g, ret_share);
	}
	if (e != ERR_OK)
		return not_allowed(env, e, WHY_NO_COLLECTION);
	*ret = k;
	return ERR_OK;
}

enum err
access_collection(struct env *env, const struct caller *c, const char *id,
    struct collection *ret)
{
	const struct share_grant *g;
	struct collection k = { 0 };
	enum err e = find_collection(env, id, &k);

	if (e == ERR_OK && k.owner_id != c->user.id) {
		e = collection_grant(env, c, k.id, CAN_VIEW, &g);
		if (e == ERR_OK)
			return why_set(&env->why, WHY_OWNER_ONLY);
	}
	if (e != ERR_OK)
		return not_allowed(env, e, WHY_NO_COLLECTION);
	*ret = k;
	return ERR_OK;
}

/* ---- shares ---- */

static enum err
no_such_share(struct env *env)
{
	return why_set(&env->why, WHY_NO_SHARE);
}

static enum err
find_share(struct env *env, const char *id, struct share *ret)
{
	struct uuid uuid;
	enum err e;

	if (!uuid_from_text(id, &uuid))
		return why_with(&env->why, WHY_NOT_UUID, .about = ABOUT_ID);
	e = share_db_by_uuid(&env->db, &uuid, ret);
	return e == ERR_NOT_FOUND ? no_such_share(env) : e;
}

static enum err
not_yours(struct env *env)
{
	return why_set(&env->why, WHY_SHARE_NOT_YOURS);
}

enum err
access_share(struct env *env, const struct caller *c, const char *id,
    struct share *ret)
{
	struct share s = { 0 };
	enum err e = find_share(env, id, &s);

	if (e != ERR_OK)
		return e;
	if (s.owner_id != c->user.id)
		return not_yours(env);
	*ret = s;
	return ERR_OK;
}

/* Finds the share as a grant; the caller's own share costs no use. */
static enum err
seen(struct env *env, const struct caller *c, const char *id,
    struct share_grant *ret, bool *ret_recipient)
{
	struct share s = { 0 };
	enum err e = find_share(env, id, &s);

	if (e != ERR_OK)
		return e;
	*ret_recipient = s.owner_id != c->user.id;
	if (!*ret_recipient) {
		ret->share = s;
		ret->visiting = true;
		ret->visited_until = CLOCK_NONE;
		return ERR_OK;
	}
	e = share_db_grant(&env->db, &s.uuid, c->user.id, ret);
	return e == ERR_NOT_FOUND ? not_yours(env) : e;
}

enum err
access_share_seen(struct env *env, const struct caller *c, const char *id,
    struct share *ret, bool *ret_recipient)
{
	struct share_grant g = { 0 };
	enum err e = seen(env, c, id, &g, ret_recipient);

	if (e == ERR_OK)
		*ret = g.share;
	return e;
}

enum err
access_share_visit(struct env *env, const struct caller *c, const char *id,
    struct share *ret)
{
	struct share_grant g = { 0 };
	bool recipient;
	enum err e = seen(env, c, id, &g, &recipient);

	if (e != ERR_OK)
		return e;
	if (!share_is_open(&g.share, g.visiting) ||
	    (e = visit(env, c, &g, ret)) == ERR_NOT_FOUND)
		return no_such_share(env);
	return e;
}

/* ---- resharing ---- */

/* Reads the grant again under a lock: it may have been revoked or restricted
 * since. */
static enum err
hold(struct env *env, const struct caller *c, const struct share_grant *g,
    unsigned permissions, uint64_t *ret_parent)
{
	struct share_grant still = { 0 };
	struct share_line line = { 0 };
	unsigned held = CAN_VIEW | CAN_RESHARE;
	enum err e = share_db_lock_line(&env->db, g->share.id, &line);

	if (e == ERR_OK)
		e = share_db_grant(&env->db, &g->share.uuid, c->user.id,
		    &still);
	if (e != ERR_OK)
		return e;
	held |= line.can_download ? CAN_DOWNLOAD : 0;
	held |= line.can_edit ? CAN_EDIT : 0;
	if (line.state != SHARE_ACTIVE || (held & permissions) != permissions)
		return why_set(&env->why, WHY_CANNOT_RESHARE);
	if (line.length >= SHARE_LINE_MOST)
		return why_set(&env->why, WHY_RESHARE_LIMIT);
	*ret_parent = g->share.id;
	return ERR_OK;
}

static enum err
may_not_reshare(struct env *env, enum err e, enum reason missing)
{
	if (e == ERR_FORBIDDEN)
		return why_set(&env->why, WHY_CANNOT_RESHARE);
	return not_allowed(env, e, missing);
}

/* Returns the error for media of which the caller owns only some: a share has
 * at most one parent, so it cannot mix their own media with those of others. */
static enum err
mixed(struct env *env, const struct caller *c,
    const struct share_target *others, size_t n)
{
	const struct share_grant *g;
	enum err e = media_grant(env, c, others, n, CAN_VIEW, &g);

	if (e == ERR_OK)
		return why_set(&env->why, WHY_MIXED_OWNERS);
	return not_allowed(env, e, WHY_NO_MEDIA);
}

enum err
access_share_media(struct env *env, const struct caller *c,
    const struct share_target *media, size_t n, unsigned permissions,
    uint64_t *ret_parent)
{
	struct share_target *others =
	    arena_array(env->arena, n, sizeof(*others));
	const struct share_grant *g;
	size_t nothers = 0;
	enum err e;

	for (size_t i = 0; i < n; i++)
		if (media[i].user_id != c->user.id)
			others[nothers++] = media[i];
	*ret_parent = 0;
	if (nothers == 0)
		return ERR_OK;
	if (nothers < n)
		return mixed(env, c, others, nothers);
	e = media_grant(env, c, media, n, permissions | CAN_RESHARE, &g);
	if (e != ERR_OK)
		return may_not_reshare(env, e, WHY_NO_MEDIA);
	e = hold(env, c, g, permissions, ret_parent);
	return e == ERR_NOT_FOUND ? not_allowed(env, e, WHY_NO_MEDIA) : e;
}

enum err
access_share_collection(struct env *env, const struct caller *c,
    const struct collection *k, unsigned permissions, uint64_t *ret_parent)
{
	const struct share_grant *g;
	enum err e;

	*ret_parent = 0;
	if (k->owner_id == c->user.id)
		return ERR_OK;
	e = collection_grant(env, c, k->id, permissions | CAN_RESHARE, &g);
	if (e != ERR_OK)
		return may_not_reshare(env, e, WHY_NO_COLLECTION);
	e = hold(env, c, g, permissions, ret_parent);
	return e == ERR_NOT_FOUND ? not_allowed(env, e, WHY_NO_COLLECTION) : e;
}

enum err
access_collect(struct env *env, const struct caller *c,
    const struct share_target *m)
{
	const struct share_grant *g;
	enum err e;

	if (m->user_id == c->user.id)
		return ERR_OK;
	e = media_grant(env, c, m, 1, CAN_VIEW, &g);
	if (e == ERR_OK)
		return why_set(&env->why, WHY_ADD_OWN_ONLY);
	return not_allowed(env, e, WHY_NO_MEDIA);
}
