#include "config.h"

#include "core/share/change.h"

#include <string.h>

#include "base/buf.h"
#include "core/share/items.h"
#include "core/share/recipients.h"
#include "core/share/terms.h"
#include "core/auth/password.h"
#include "core/share/access.h"
#include "core/share/activity.h"
#include "core/share/notification.h"

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
	return why_set(&env->why, WHY_NO_SHARE);
}

/* The list of changed settings, for the log; NULL if there are none. */
static const char *
changed_terms(struct env *env, const struct share_terms *t)
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

/* A reshare cannot grant permissions that its owner does not have. */
static enum err
check_held(struct env *env, const struct share *s)
{
	struct share_line line = { 0 };
	enum err e;

	if (s->parent_id == 0)
		return ERR_OK;
	e = share_db_lock_line(&env->db, s->parent_id, &line);
	if (e != ERR_OK)
		return e;
	if (line.state == SHARE_REVOKED ||
	    (s->can_download && !line.can_download) ||
	    (s->can_edit && !line.can_edit))
		return why_set(&env->why, WHY_PERMISSIONS_NOT_HELD);
	return ERR_OK;
}

static enum err
update(const struct db *db, void *arg)
{
	struct change *c = arg;
	struct env *env = c->env;
	struct share s = { 0 };
	unsigned before;
	enum err e;
	bool up;

	e = share_db_lock(db, c->share->id);
	if (e == ERR_OK)
		e = share_db_by_id(db, c->share->id, &s);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? revoked(env) : e;
	before = share_permissions(&s);
	set_terms(&s, c->terms, c->hash);
	if ((share_permissions(&s) & ~before) != 0 &&
	    (e = check_held(env, &s)) != ERR_OK)
		return e;
	up = c->terms->password_given || c->terms->limit_given ||
	    share_permissions(&s) != before;
	if ((e = share_db_update(db, &s, up)) != ERR_OK ||
	    (e = share_items_change(env, c->caller, &s, c->terms)) != ERR_OK ||
	    (e = share_db_narrow(db, &s)) != ERR_OK ||
	    (e = activity_log(env, s.id, c->actor, "updated",
		 changed_terms(env, c->terms))) != ERR_OK ||
	    (e = share_recipients_drop(env, &s, c->terms)) != ERR_OK ||
	    (e = notification_to_recipients(env, s.id, NOTIFY_UPDATED)) !=
		ERR_OK)
		return e;
	return share_recipients_add(env, &s, c->terms);
}

enum err
share_change(struct env *env, const struct caller *c, const char *id,
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
		return why_set(&env->why, WHY_SHARE_KIND_FIXED);
	if (changed_terms(env, t) == NULL) { /* nothing to change */
		*ret = s;
		return ERR_OK;
	}
	if ((e = share_terms_check(env, t)) != ERR_OK)
		return e;
	if (t->password != NULL && !share_is_link(&s))
		return why_set(&env->why, WHY_PASSWORD_ON_LINKS);
	if (t->password != NULL) {
		if ((e = password_hash(env, t->password, hash)) != ERR_OK)
			return e;
		change.hash = hash;
	}
	e = db_transaction(&env->db, update, &change);
	if (e != ERR_OK)
		return e;
	memset(ret, 0, sizeof(*ret));
	return share_db_by_id(&env->db, s.id, ret);
}
