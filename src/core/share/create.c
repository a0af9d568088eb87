#include "config.h"

#include "core/share/create.h"

#include "base/clock.h"
#include "core/share/items.h"
#include "core/share/terms.h"
#include "core/share/access.h"
#include "core/share/activity.h"
#include "core/json_list.h"
#include "core/share/notification.h"
#include "core/auth/password.h"
#include "db/collection_db.h"

struct creation {
	struct env *env;
	const struct caller *caller;
	const struct share_new *new;
	const char *targets; /* JSON: UUIDs in hex */
	struct share_values values;
	uint64_t id;
};

/* Finds the media and checks that they may be shared. *ret is the JSON list for
 * the set's statement. */
static enum err
find_media(struct creation *c, const char **ret)
{
	struct share_values *v = &c->values;
	struct env *env = c->env;
	struct share_target *targets;
	size_t n;
	enum err e;

	e = share_db_targets(&env->db, c->targets, &targets, &n);
	if (e != ERR_OK)
		return e;
	if (n != c->new->ntargets)
		return share_items_not_found(env, c->new->ntargets);
	*ret = json_targets(env->arena, targets, n);
	for (size_t i = 0; c->new->own &&i < n; i++)
		if (targets[i].user_id != c->caller->user.id)
			return share_items_not_found(env, n);
	return access_share_media(env, c->caller, targets, n, v->permissions,
	    &v->parent_id);
}

static enum err
find_collection(struct creation *c)
{
	struct share_values *v = &c->values;
	struct collection k = { 0 };
	struct env *env = c->env;
	enum err e;

	e = collection_db_by_uuid(&env->db, &c->new->targets[0], &k);
	if (e == ERR_OK)
		e = collection_db_lock(&env->db, k.id);
	if (e == ERR_NOT_FOUND)
		return why_with(&env->why, WHY_NO_COLLECTION,
		    .about = ABOUT_TARGET);
	if (e != ERR_OK)
		return e;
	v->collection_id = k.id;
	return access_share_collection(env, c->caller, &k, v->permissions,
	    &v->parent_id);
}

static enum err
add_rows(struct creation *c, const char *media)
{
	const struct share_new *n = c->new;
	const struct db *db = &c->env->db;
	enum err e;

	if ((e = share_db_add(db, &c->values, &c->id)) != ERR_OK)
		return e;
	if (media != NULL &&
	    (e = share_db_add_items(db, c->id, media)) != ERR_OK)
		return e;
	for (size_t i = 0; i < n->nrecipients; i++)
		if ((e = share_db_add_recipient(db, c->id, n->recipients[i])) !=
		    ERR_OK)
			return e;
	if (c->values.parent_id == 0)
		return ERR_OK;
	return share_db_add_ancestors(db, c->id, c->values.parent_id);
}

static enum err
create(const struct db *db, void *arg)
{
	struct creation *c = arg;
	const char *media = NULL;
	enum err e;

	(void)db;
	e = c->new->target_type == SHARE_COLLECTION ? find_collection(c) :
						      find_media(c, &media);
	if (e != ERR_OK || (e = add_rows(c, media)) != ERR_OK ||
	    (e = activity_log(c->env, c->id, c->caller->user.id, "created",
		 NULL)) != ERR_OK)
		return e;
	if (c->new->nrecipients == 0)
		return ERR_OK;
	return notification_to_recipients(c->env, c->id, NOTIFY_CREATED);
}

enum err
share_create(struct env *env, const struct caller *c, const struct share_new *n,
    struct share *ret)
{
	struct uuid token = uuid_random();
	struct creation creation = { .env = env, .caller = c, .new = n };
	struct share_values *v = &creation.values;
	const struct share_terms *t = &n->terms;
	char hash[PASSWORD_HASH_SIZE];
	enum err e;

	if ((e = share_terms_check(env, t)) != ERR_OK)
		return e;
	if (t->password != NULL && !n->link)
		return why_set(&env->why, WHY_PASSWORD_ON_LINKS);
	if (t->password != NULL &&
	    (e = password_hash(env, t->password, hash)) != ERR_OK)
		return e;
	creation.targets = json_uuids(env->arena, n->targets, n->ntargets);
	v->uuid = uuid_random();
	v->owner_id = c->user.id;
	v->origin = n->origin;
	v->target_type = n->target_type;
	v->recipient_type = n->link ? RECIPIENT_LINK : RECIPIENT_USER;
	v->token = n->link ? &token : NULL;
	v->name = t->name;
	v->note = t->note;
	v->file_name = n->file_name;
	v->permissions = CAN_VIEW | t->permissions;
	v->password_hash = t->password != NULL ? hash : NULL;
	v->expires_at = t->expiry_given ? t->expires_at : CLOCK_NONE;
	v->max_uses = t->max_uses;
	e = db_transaction(&env->db, create, &creation);
	if (e != ERR_OK)
		return e;
	return share_db_by_id(&env->db, creation.id, ret);
}
