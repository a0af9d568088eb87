#include "config.h"

#include "core/share/terms.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/json_list.h"
#include "core/share/notification.h"

enum err
share_check_text(struct env *env, const char *field, const char *s, size_t most,
    bool lines)
{
	if (s == NULL)
		return ERR_OK;
	if (text_length(s) > most)
		return why_set(&env->why, ERR_INVALID, field,
		    "%s has at most %zu characters", field, most);
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 || *s == 0x7f) &&
		    !(lines && strchr("\t\r\n", *s) != NULL))
			return why_set(&env->why, ERR_INVALID, field,
			    "%s holds control characters", field);
	return ERR_OK;
}

enum err
share_check_expiry(struct env *env, const char *field, int64_t expires_at)
{
	if (expires_at != CLOCK_NONE && expires_at <= clock_now())
		return why_set(&env->why, ERR_INVALID, field,
		    "%s lies in the past", field);
	return ERR_OK;
}

enum err
share_terms_check(struct env *env, const struct share_terms *t)
{
	enum err e;

	if ((t->given & CAN_VIEW) != 0 && (t->permissions & CAN_VIEW) == 0)
		return why_set(&env->why, ERR_INVALID, "permissions.can_view",
		    "A share that may not be viewed is none; revoke it");
	if ((e = share_check_text(env, "name", t->name, SHARE_NAME_MOST,
		 false)) != ERR_OK ||
	    (e = share_check_text(env, "note", t->note, SHARE_NOTE_MOST,
		 true)) != ERR_OK)
		return e;
	return t->expiry_given ?
	    share_check_expiry(env, "expires_at", t->expires_at) :
	    ERR_OK;
}

enum err
share_no_media(struct env *env, size_t n)
{
	return why_set(&env->why, ERR_NOT_FOUND,
	    n > 1 ? "target_ids" : "target_id",
	    "Media not found or unauthorized");
}

/* Whether it shows just these, in this order: clients send back what they
 * got. */
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
share_change_media(struct env *env, const struct caller *c,
    const struct share *s, const struct share_terms *t)
{
	struct db *db = env->base->db;
	struct share_target *v;
	bool same = false;
	size_t n;
	enum err e;

	if (t->ntargets == 0)
		return ERR_OK;
	if ((e = shows_these(env, s, t, &same)) != ERR_OK || same)
		return e;
	/* A share code is its media's (seed 000). */
	if (s->parent_id != 0 || s->collection_id != 0 ||
	    strcmp(s->origin, "code") == 0)
		return why_set(&env->why, ERR_FORBIDDEN, NULL,
		    "What this share shows cannot be changed");
	e = share_db_targets(db, &env->why, env->arena,
	    json_uuids(env->arena, t->targets, t->ntargets), &v, &n);
	if (e != ERR_OK)
		return e;
	if (n != t->ntargets)
		return share_no_media(env, t->ntargets);
	for (size_t i = 0; i < n; i++)
		if (v[i].user_id != c->user.id)
			return share_no_media(env, n);
	return share_db_replace_items(db, &env->why, s,
	    n > 1 ? SHARE_SET : SHARE_MEDIA, json_targets(env->arena, v, n));
}

/* ---- recipients ---- */

/* What he has passed on ends with his own share. */
static enum err
remove_one(struct env *env, const struct share *s, uint64_t user_id)
{
	struct db *db = env->base->db;
	struct share_id *passed;
	size_t n;
	enum err e;

	e = share_db_passed_on(db, &env->why, env->arena, s->id, user_id,
	    &passed, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = share_end(env, passed[i].id, user_id, s->owner_id);
	if (e != ERR_OK ||
	    (e = share_db_remove_recipient(db, &env->why, s->id, user_id)) !=
		ERR_OK)
		return e;
	return notification_to_user(env, s->id, user_id, NOTIFY_REVOKED);
}

static enum err
add_one(struct env *env, const struct share *s, uint64_t user_id)
{
	enum err e =
	    share_db_add_recipient(env->base->db, &env->why, s->id, user_id);

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
	return share_db_recipients(env->base->db, &env->why, env->arena, s->id,
	    ret, ret_n);
}

enum err
share_drop_recipients(struct env *env, const struct share *s,
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
share_add_recipients(struct env *env, const struct share *s,
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
