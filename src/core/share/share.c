#include "config.h"

#include "core/share/share.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "core/share/access.h"
#include "core/share/activity.h"
#include "core/json_list.h"
#include "core/share/notification.h"
#include "core/auth/password.h"
#include "core/share/terms.h"

/* ---- changes ---- */

struct change {
	struct env *env;
	const struct caller *caller;
	uint64_t actor;
	const struct share_terms *terms;
	const char *hash; /* of the new password */
	struct share *share;
};

static enum err
revoked(struct env *env)
{
	return why_set(&env->why, ERR_NOT_FOUND, NULL, "Share not found");
}

/* What was changed, for the log. */
static const char *
told(struct env *env, const struct share_terms *t)
{
	const struct {
		bool given;
		const char *name;
	} parts[] = { { t->given != 0, "permissions" },
		{ t->name_given, "name" }, { t->note_given, "note" },
		{ t->password_given, "password" },
		{ t->expiry_given, "expires_at" },
		{ t->limit_given, "max_uses" }, { t->ntargets > 0, "media" },
		{ t->recipients_given, "recipients" } };
	struct buf b;

	buf_init(&b, env->arena, 256);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].given)
			buf_putf(&b, "%s%s", b.len > 0 ? ", " : "",
			    parts[i].name);
	return b.len > 0 ? buf_str(&b) : NULL;
}

static void
set_permissions(struct share *s, const struct share_terms *t)
{
	unsigned now = (share_permissions(s) & ~t->given) | t->permissions;

	s->can_download = (now & CAN_DOWNLOAD) != 0;
	s->can_edit = (now & CAN_EDIT) != 0;
	s->can_reshare = (now & CAN_RESHARE) != 0;
}

static void
set_terms(struct share *s, const struct share_terms *t, const char *hash)
{
	set_permissions(s, t);
	if (t->name_given)
		s->name = t->name;
	if (t->note_given)
		s->note = t->note;
	if (t->password_given)
		s->password_hash = hash;
	if (t->expiry_given)
		s->expires_at = t->expires_at;
	if (t->limit_given)
		s->max_uses = t->max_uses;
}

/* Nobody grants what he does not hold. */
static enum err
check_held(struct env *env, const struct share *s)
{
	struct share_line line = { 0 };
	enum err e;

	if (s->parent_id == 0)
		return ERR_OK;
	e = share_db_lock_line(env->base->db, &env->why, s->parent_id, &line);
	if (e != ERR_OK)
		return e;
	if (line.state == SHARE_REVOKED ||
	    (s->can_download && !line.can_download) ||
	    (s->can_edit && !line.can_edit))
		return why_set(&env->why, ERR_FORBIDDEN, "permissions",
		    "You do not hold these permissions yourself");
	return ERR_OK;
}

static enum err
update(struct db *db, void *arg)
{
	struct change *c = arg;
	struct env *env = c->env;
	struct share s = { 0 };
	unsigned before;
	enum err e;
	bool up;

	e = share_db_lock(db, &env->why, c->share->id);
	if (e == ERR_OK)
		e = share_db_by_id(db, &env->why, env->arena, c->share->id, &s);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? revoked(env) : e;
	before = share_permissions(&s);
	set_terms(&s, c->terms, c->hash);
	if ((share_permissions(&s) & ~before) != 0 &&
	    (e = check_held(env, &s)) != ERR_OK)
		return e;
	up = c->terms->password_given || c->terms->limit_given ||
	    share_permissions(&s) != before;
	if ((e = share_db_update(db, &env->why, &s, up)) != ERR_OK ||
	    (e = share_change_media(env, c->caller, &s, c->terms)) != ERR_OK ||
	    (e = share_db_narrow(db, &env->why, &s)) != ERR_OK ||
	    (e = activity_log(env, s.id, c->actor, "updated",
		 told(env, c->terms))) != ERR_OK ||
	    (e = share_drop_recipients(env, &s, c->terms)) != ERR_OK ||
	    (e = notification_to_recipients(env, s.id, NOTIFY_UPDATED)) !=
		ERR_OK)
		return e;
	return share_add_recipients(env, &s, c->terms);
}

enum err
share_update(struct env *env, const struct caller *c, const char *id,
    const struct share_terms *t, struct share *ret)
{
	char hash[PASSWORD_HASH_SIZE];
	struct share s = { 0 };
	struct change change = { env, c, c->user.id, t, NULL, &s };
	enum err e;

	if ((e = access_share(env, c, id, &s)) != ERR_OK)
		return e;
	if (s.own_state == SHARE_REVOKED)
		return revoked(env);
	if (t->kind_given && t->link != share_is_link(&s))
		return why_set(&env->why, ERR_INVALID, "recipient_type",
		    "A share stays a link, or one to accounts");
	if (told(env, t) == NULL) { /* nothing is to be changed */
		*ret = s;
		return ERR_OK;
	}
	if ((e = share_terms_check(env, t)) != ERR_OK)
		return e;
	if (t->password != NULL && !share_is_link(&s))
		return why_set(&env->why, ERR_INVALID, "password",
		    "A password is for links; an account signs in");
	if (t->password != NULL) {
		if ((e = password_hash(env, t->password, hash)) != ERR_OK)
			return e;
		change.hash = hash;
	}
	e = db_transaction(env->base->db, &env->why, update, &change);
	if (e != ERR_OK)
		return e;
	memset(ret, 0, sizeof(*ret));
	return share_db_by_id(env->base->db, &env->why, env->arena, s.id, ret);
}

/* ---- the end ---- */

enum err
share_end(struct env *env, uint64_t id, uint64_t owner_id, uint64_t actor)
{
	enum err e = notification_to_recipients(env, id, NOTIFY_REVOKED);

	if (e != ERR_OK)
		return e;
	return share_db_revoke(env->base->db, &env->why, id, owner_id, actor,
	    activity_address(env));
}

static enum err
revoke(struct db *db, void *arg)
{
	struct change *c = arg;
	enum err e = share_db_lock(db, &c->env->why, c->share->id);

	if (e == ERR_NOT_FOUND)
		return revoked(c->env);
	return e != ERR_OK ?
	    e :
	    share_end(c->env, c->share->id, c->share->owner_id, c->actor);
}

enum err
share_revoke(struct env *env, const struct caller *c, const char *id)
{
	struct share s = { 0 };
	struct change change = { .env = env, .actor = c->user.id, .share = &s };
	enum err e = access_share(env, c, id, &s);

	if (e != ERR_OK)
		return e;
	return db_transaction(env->base->db, &env->why, revoke, &change);
}

struct batch {
	struct env *env;
	uint64_t user_id;
	const char *ids; /* JSON: UUIDs in hex */
	size_t n;
};

static enum err
revoke_batch(struct db *db, void *arg)
{
	struct batch *b = arg;
	struct env *env = b->env;
	struct share_id *rows;
	size_t n;
	enum err e = share_db_batch(db, &env->why, env->arena, b->ids,
	    b->user_id, &rows, &n);

	if (e != ERR_OK)
		return e;
	if (n != b->n)
		return why_set(&env->why, ERR_FORBIDDEN, "share_ids",
		    "One of the shares is not yours, or not there");
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
	return db_transaction(env->base->db, &env->why, revoke_batch, &b);
}

/* ---- lists ---- */

enum err
share_list_outgoing(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	struct db *db = env->base->db;
	enum err e = share_db_outgoing(db, &env->why, env->arena, c->user.id, p,
	    ret, ret_n);

	if (e != ERR_OK)
		return e;
	return share_db_outgoing_count(db, &env->why, c->user.id, ret_total);
}

enum err
share_list_incoming(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	struct db *db = env->base->db;
	enum err e = share_db_incoming(db, &env->why, env->arena, c->user.id, p,
	    ret, ret_n);

	if (e != ERR_OK)
		return e;
	return share_db_incoming_count(db, &env->why, c->user.id, ret_total);
}

enum err
share_activity(struct env *env, const struct caller *c, const char *id,
    const struct share_page *p, struct share_activity **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	struct db *db = env->base->db;
	struct share s = { 0 };
	enum err e;

	if ((e = access_share(env, c, id, &s)) != ERR_OK ||
	    (e = share_db_activity(db, &env->why, env->arena, s.id, p, ret,
		 ret_n)) != ERR_OK)
		return e;
	return share_db_activity_count(db, &env->why, s.id, ret_total);
}

enum err
share_items(struct env *env, const struct share *s, uint64_t before,
    uint64_t limit, struct share_item **ret, size_t *ret_n,
    uint64_t *ret_before)
{
	enum err e;

	*ret_before = 0;
	if (s->collection_id == 0)
		return share_db_items(env->base->db, &env->why, env->arena,
		    s->id, ret, ret_n);
	/* One more tells whether there are more. */
	e = share_db_collection_items(env->base->db, &env->why, env->arena,
	    s->collection_id, s->id, before, limit + 1, ret, ret_n);
	if (e == ERR_OK && *ret_n > limit) {
		*ret_n = limit;
		*ret_before = (*ret)[limit - 1].media_id;
	}
	return e;
}

/* ---- for the administrator ---- */

enum err
share_find(struct env *env, const char *id, struct share *ret)
{
	struct uuid uuid;
	enum err e = ERR_NOT_FOUND;

	if (uuid_from_text(id, &uuid))
		e = share_db_by_uuid(env->base->db, &env->why, env->arena,
		    &uuid, ret);
	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, e, NULL, "There is no share %s", id);
	return e;
}

enum err
share_list_all(struct env *env, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n)
{
	return share_db_all(env->base->db, &env->why, env->arena, user_id,
	    before, limit, ret, ret_n);
}

enum err
share_revoke_any(struct env *env, const char *id)
{
	struct share s = { 0 };
	struct change change = { .env = env, .share = &s };
	enum err e = share_find(env, id, &s);

	if (e != ERR_OK)
		return e;
	return db_transaction(env->base->db, &env->why, revoke, &change);
}

static enum err
expire(struct db *db, void *arg)
{
	struct change *c = arg;
	struct env *env = c->env;
	enum err e = share_db_expire(db, &env->why, c->share);

	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, e, NULL, "It is over already");
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
	struct change change = { .env = env, .actor = actor, .share = &s };
	enum err e = share_find(env, id, &s);

	if (e != ERR_OK)
		return e;
	return db_transaction(env->base->db, &env->why, expire, &change);
}

const char *
share_url(struct env *env, struct arena *a, const struct share *s)
{
	bool link = share_is_link(s);
	char text[UUID_TEXT];

	uuid_format(link ? &s->token : &s->uuid, text);
	return arena_printf(a, "%s/%s/%s", env->base->conf->site_base_url,
	    link ? "s" : "shares", text);
}
