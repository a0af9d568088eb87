#include "config.h"

#include "core/share/end.h"

#include "core/share/list.h"
#include "core/json_list.h"
#include "core/share/access.h"
#include "core/share/activity.h"
#include "core/share/notification.h"
#include "db/share_db.h"

struct ending {
	struct env *env;
	uint64_t actor; /* 0: the administrator */
	struct share *share;
};

enum err
share_end(struct env *env, uint64_t id, uint64_t owner_id, uint64_t actor)
{
	enum err e = notification_to_recipients(env, id, NOTIFY_REVOKED);

	if (e != ERR_OK)
		return e;
	return share_db_revoke(&env->db, id, owner_id, actor,
	    activity_address(env));
}

static enum err
revoke(const struct db *db, void *arg)
{
	struct ending *c = arg;
	enum err e = share_db_lock(db, c->share->id);

	if (e == ERR_NOT_FOUND)
		return why_set(&c->env->why, WHY_NO_SHARE);
	return e != ERR_OK ?
	    e :
	    share_end(c->env, c->share->id, c->share->owner_id, c->actor);
}

enum err
share_revoke(struct env *env, const struct caller *c, const char *id)
{
	struct share s = { 0 };
	struct ending ending = { .env = env, .actor = c->user.id, .share = &s };
	enum err e = access_share(env, c, id, &s);

	if (e != ERR_OK)
		return e;
	return db_transaction(&env->db, revoke, &ending);
}

struct batch {
	struct env *env;
	uint64_t user_id;
	const char *ids; /* JSON: UUIDs in hex */
	size_t n;
};

static enum err
revoke_batch(const struct db *db, void *arg)
{
	struct batch *b = arg;
	struct env *env = b->env;
	struct share_id *rows;
	size_t n;
	enum err e = share_db_batch(db, b->ids, b->user_id, &rows, &n);

	if (e != ERR_OK)
		return e;
	if (n != b->n)
		return why_set(&env->why, WHY_SHARES_NOT_YOURS);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = share_end(env, rows[i].id, b->user_id, b->user_id);
	return e;
}

enum err
share_revoke_batch(struct env *env, const struct caller *c,
    const struct uuid *ids, size_t n)
{
	struct batch b = { .env = env, .user_id = c->user.id, .n = n };

	b.ids = json_uuids(env->arena, ids, n);
	return db_transaction(&env->db, revoke_batch, &b);
}

enum err
share_revoke_any(struct env *env, const char *id)
{
	struct share s = { 0 };
	struct ending ending = { .env = env, .share = &s };
	enum err e = share_find(env, id, &s);

	if (e != ERR_OK)
		return e;
	return db_transaction(&env->db, revoke, &ending);
}

static enum err
expire(const struct db *db, void *arg)
{
	struct ending *c = arg;
	struct env *env = c->env;
	enum err e = share_db_expire(db, c->share);

	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, WHY_ALREADY_EXPIRED);
	if (e != ERR_OK ||
	    (e = activity_log(env, c->share->id, c->actor, "updated",
		 "expires_at")) != ERR_OK)
		return e;
	return notification_to_recipients(env, c->share->id, NOTIFY_UPDATED);
}

enum err
share_expire(struct env *env, const char *id, uint64_t actor)
{
	struct share s = { 0 };
	struct ending ending = { .env = env, .actor = actor, .share = &s };
	enum err e = share_find(env, id, &s);

	if (e != ERR_OK)
		return e;
	return db_transaction(&env->db, expire, &ending);
}
