#include "config.h"

#include "core/share/asset_share.h"

#include <string.h>

#include "core/share/change.h"
#include "core/share/create.h"
#include "core/share/end.h"
#include "core/share/items.h"
#include "core/share/terms.h"
#include "core/share/access.h"
#include "core/share/notification.h"
#include "core/share/mail.h"

static enum err
fill(struct env *env, struct asset_share *s)
{
	const struct db *db = &env->db;
	struct share_item *items;
	uint64_t rest;
	size_t n;
	enum err e;

	e = share_items(env, &s->share, INT64_MAX, SHARE_ITEMS_MOST, &items, &n,
	    &rest);
	if (e != ERR_OK)
		return e;
	s->contents = arena_array(env->arena, n, sizeof(*s->contents));
	s->ncontents = n;
	for (size_t i = 0; i < n; i++)
		s->contents[i] = items[i].uuid;
	return share_db_recipients(db, s->share.id, &s->recipients,
	    &s->nrecipients);
}

enum err
asset_share_get(struct env *env, const struct caller *c, const char *id,
    struct asset_share *ret)
{
	enum err e;

	memset(ret, 0, sizeof(*ret));
	e = access_share(env, c, id, &ret->share);
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
	if ((e = access_share(env, c, id, &ret->share)) != ERR_OK)
		return e;
	memset(ret, 0, sizeof(*ret));
	e = share_change(env, c, id, t, &ret->share);
	return e != ERR_OK ? e : fill(env, ret);
}

enum err
asset_share_delete(struct env *env, const struct caller *c, const char *id)
{
	return share_revoke(env, c, id);
}

enum err
asset_share_expire(struct env *env, const struct caller *c, const char *id)
{
	struct share s = { 0 };
	enum err e = access_share(env, c, id, &s);

	if (e != ERR_OK || share_status(&s) != SHARE_ACTIVE)
		return e;
	return share_expire(env, id, c->user.id);
}

/* ---- notifications ---- */

struct notifying {
	struct env *env;
	const struct caller *caller;
	const struct asset_share_notice *notice;
	struct share_mail mail;
	const struct share *share;
};

static bool
is_recipient(const struct share_recipient *v, size_t n, uint64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].id == id)
			return true;
	return false;
}

static enum err
tell_users(struct notifying *t)
{
	struct env *env = t->env;
	const struct db *db = &env->db;
	struct share_recipient *now;
	size_t n;
	enum err e = share_db_recipients(db, t->share->id, &now, &n);

	if (e == ERR_OK && n + t->notice->nusers > SHARE_RECIPIENTS_MOST)
		return why_with(&env->why, WHY_TOO_MANY_RECIPIENTS,
		    .most = SHARE_RECIPIENTS_MOST);
	for (size_t i = 0; e == ERR_OK && i < t->notice->nusers; i++) {
		uint64_t id = t->notice->users[i];

		if (!is_recipient(now, n, id))
			e = share_db_add_recipient(db, t->share->id, id);
		if (e == ERR_OK)
			e = notification_to_user(env, t->share->id, id,
			    NOTIFY_CREATED);
	}
	return e;
}

static enum err
tell(const struct db *db, void *arg)
{
	struct notifying *t = arg;
	enum err e = share_db_lock(db, t->share->id);

	if (e == ERR_NOT_FOUND)
		return why_set(&t->env->why, WHY_NO_SHARE);
	if (e != ERR_OK)
		return e;
	if ((e = tell_users(t)) != ERR_OK || t->notice->naddresses == 0)
		return e;
	return share_mail_queue(t->env, t->caller, &t->mail);
}

static enum err
ended(struct env *env, enum share_status status)
{
	return why_set(&env->why,
	    status == SHARE_EXPIRED	? WHY_SHARE_EXPIRED :
		status == SHARE_REVOKED ? WHY_SHARE_REVOKED :
					  WHY_SHARE_EXHAUSTED);
}

enum err
asset_share_notify(struct env *env, const struct caller *c, const char *id,
    const struct asset_share_notice *n)
{
	struct share s = { 0 };
	struct notifying t = { .env = env,
		.caller = c,
		.notice = n,
		.share = &s };
	enum err e;

	if ((e = access_share(env, c, id, &s)) != ERR_OK)
		return e;
	if (share_status(&s) != SHARE_ACTIVE)
		return ended(env, share_status(&s));
	if (n->naddresses > 0 && !share_is_link(&s))
		return why_set(&env->why, WHY_GUESTS_NEED_LINK);
	if (n->naddresses > 0 &&
	    (e = share_mail_recipients(env, ABOUT_ADDRESSES, n->addresses,
		 n->naddresses, &t.mail.recipients)) != ERR_OK)
		return e;
	t.mail.nrecipients = n->naddresses;
	t.mail.shares = &s;
	t.mail.nshares = 1;
	return db_transaction(&env->db, tell, &t);
}
