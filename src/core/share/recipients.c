#include "config.h"

#include "core/share/recipients.h"

#include "base/clock.h"
#include "core/share/end.h"
#include "core/share/terms.h"
#include "core/share/notification.h"
#include "db/user_db.h"

enum err
share_recipients_find(struct env *env, const struct caller *c, const char *uuid,
    const char *username, uint64_t *ret)
{
	const struct db *db = &env->db;
	struct user u = { 0 };
	enum err e = ERR_NOT_FOUND;
	struct uuid id;

	if (uuid != NULL && !uuid_from_text(uuid, &id))
		return why_with(&env->why, WHY_NOT_UUID,
		    .about = ABOUT_RECIPIENT_ID);
	if (uuid != NULL)
		e = user_db_by_uuid(db, &id, &u);
	else if (user_name_is_valid(username))
		e = user_db_by_name(db, username, &u);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && u.disabled_at != CLOCK_NONE))
		return why_set(&env->why,
		    uuid != NULL ? WHY_NO_USER_ID : WHY_NO_USER);
	if (e != ERR_OK)
		return e;
	if (u.id == c->user.id)
		return why_with(&env->why, WHY_SHARE_WITH_SELF,
		    .about =
			uuid != NULL ? ABOUT_RECIPIENT_ID : ABOUT_RECIPIENT);
	*ret = u.id;
	return ERR_OK;
}

/* The recipient's reshares end too. */
static enum err
remove_one(struct env *env, const struct share *s, uint64_t user_id)
{
	const struct db *db = &env->db;
	struct share_id *passed;
	size_t n;
	enum err e;

	e = share_db_passed_on(db, s->id, user_id, &passed, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = share_end(env, passed[i].id, user_id, s->owner_id);
	if (e != ERR_OK ||
	    (e = share_db_remove_recipient(db, s->id, user_id)) != ERR_OK)
		return e;
	return notification_to_user(env, s->id, user_id, NOTIFY_REVOKED);
}

static enum err
add_one(struct env *env, const struct share *s, uint64_t user_id)
{
	enum err e = share_db_add_recipient(&env->db, s->id, user_id);

	return e != ERR_OK ?
	    e :
	    notification_to_user(env, s->id, user_id, NOTIFY_CREATED);
}

static bool
is_named(const struct share_terms *t, uint64_t id)
{
	for (size_t i = 0; i < t->nrecipients; i++)
		if (t->recipients[i] == id)
			return true;
	return false;
}

static bool
is_there(const struct share_recipient *v, size_t n, uint64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].id == id)
			return true;
	return false;
}

static enum err
list_recipients(struct env *env, const struct share *s,
    const struct share_terms *t, struct share_recipient **ret, size_t *ret_n)
{
	*ret_n = 0;
	if (!t->recipients_given)
		return ERR_OK;
	return share_db_recipients(&env->db, s->id, ret, ret_n);
}

enum err
share_recipients_drop(struct env *env, const struct share *s,
    const struct share_terms *t)
{
	struct share_recipient *now;
	size_t n;
	enum err e = list_recipients(env, s, t, &now, &n);

	for (size_t i = 0; e == ERR_OK && i < n; i++)
		if (!is_named(t, now[i].id))
			e = remove_one(env, s, now[i].id);
	return e;
}

enum err
share_recipients_add(struct env *env, const struct share *s,
    const struct share_terms *t)
{
	struct share_recipient *now;
	size_t n;
	enum err e = list_recipients(env, s, t, &now, &n);

	for (size_t i = 0; e == ERR_OK && i < t->nrecipients; i++)
		if (!is_there(now, n, t->recipients[i]))
			e = add_one(env, s, t->recipients[i]);
	return e;
}
