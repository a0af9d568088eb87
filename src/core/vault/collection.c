#include "config.h"

#include "core/vault/collection.h"

#include <string.h>

#include "base/text.h"
#include "core/share/end.h"
#include "core/share/items.h"
#include "core/share/terms.h"
#include "core/share/access.h"
#include "core/share/activity.h"
#include "core/json_list.h"
#include "db/collection_db.h"

static enum err
check_texts(struct env *env, const char *name, const char *description)
{
	if (name != NULL &&
	    (name[0] == '\0' || text_length(name) > COLLECTION_NAME_MOST ||
		text_has_control(name)))
		return why_with(&env->why, WHY_LENGTH, .about = ABOUT_NAME,
		    .least = 1, .most = COLLECTION_NAME_MOST);
	return share_terms_check_text(env, ABOUT_DESCRIPTION, description,
	    COLLECTION_DESCRIPTION_MOST, true);
}

enum err
collection_add(struct env *env, const struct caller *c, const char *name,
    const char *description, struct collection *ret)
{
	struct uuid uuid = uuid_random();
	const struct db *db = &env->db;
	enum err e;

	if ((e = check_texts(env, name, description)) != ERR_OK ||
	    (e = collection_db_add(db, &uuid, c->user.id, name, description)) !=
		ERR_OK)
		return e;
	return collection_db_by_uuid(db, &uuid, ret);
}

enum err
collection_list(struct env *env, const struct caller *c,
    const struct share_page *p, struct collection **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	const struct db *db = &env->db;
	enum err e = collection_db_list(db, c->user.id, p, ret, ret_n);

	if (e != ERR_OK)
		return e;
	return collection_db_count(db, c->user.id, ret_total);
}

enum err
collection_get(struct env *env, const struct caller *c, const char *id,
    struct collection *ret, struct share *ret_share)
{
	return access_collection_as(env, c, id, CAN_VIEW, ret, ret_share);
}

enum err
collection_items(struct env *env, const struct collection *k,
    const struct share *s, uint64_t before, uint64_t limit,
    struct share_item **ret, size_t *ret_n, uint64_t *ret_before)
{
	struct share own = { .id = s->id, .collection_id = k->id };

	return share_items(env, &own, before, limit, ret, ret_n, ret_before);
}

enum err
collection_update(struct env *env, const struct caller *c, const char *id,
    const char *name, const char *description, struct collection *ret)
{
	const struct db *db = &env->db;
	struct collection k = { 0 };
	enum err e;

	if ((e = access_collection(env, c, id, &k)) != ERR_OK ||
	    (e = check_texts(env, name, description)) != ERR_OK)
		return e;
	if (name != NULL)
		k.name = name;
	if (description != NULL)
		k.description = description[0] != '\0' ? description : NULL;
	e = collection_db_update(db, k.id, k.name, k.description);
	if (e != ERR_OK)
		return e;
	return collection_db_by_uuid(db, &k.uuid, ret);
}

struct change {
	struct env *env;
	const struct caller *caller;
	const struct collection *collection;
	struct uuid media;
	uint64_t share_id; /* that allows the change; 0: none needed */
};

static enum err
remove_all(const struct db *db, void *arg)
{
	struct change *r = arg;
	struct env *env = r->env;
	uint64_t id = r->collection->id;
	struct share_id *shares;
	size_t n;
	enum err e;

	if ((e = collection_db_lock(db, id)) != ERR_OK ||
	    (e = share_db_of_collection(db, id, &shares, &n)) != ERR_OK)
		return e;
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = share_end(env, shares[i].id, r->collection->owner_id,
		    r->caller->user.id);
	return e != ERR_OK ? e : collection_db_delete(db, id);
}

enum err
collection_delete(struct env *env, const struct caller *c, const char *id)
{
	struct collection k = { 0 };
	struct change r = { .env = env, .caller = c, .collection = &k };
	enum err e = access_collection(env, c, id, &k);

	if (e != ERR_OK)
		return e;
	return db_transaction(&env->db, remove_all, &r);
}

/* ---- contents ---- */

static enum err
read_media(struct env *env, const char *media, struct uuid *ret)
{
	if (!uuid_from_text(media, ret))
		return why_with(&env->why, WHY_NOT_UUID, .about = ABOUT_MEDIA);
	return ERR_OK;
}

static enum err
no_media(struct env *env)
{
	return why_with(&env->why, WHY_NO_MEDIA, .about = ABOUT_MEDIA);
}

/* Logged in the share, so that its owner sees who made the change. */
static enum err
log_change(const struct change *c, const char *details)
{
	if (c->share_id == 0)
		return ERR_OK;
	return activity_log(c->env, c->share_id, c->caller->user.id, "updated",
	    details);
}

/* Adding or removing shows nothing of the collection, so it never counts as a
 * visit, whether it succeeds or not. */
static enum err
find_to_edit(struct env *env, const struct caller *c, const char *id,
    struct collection *ret, struct share *ret_share)
{
	bool uncounted = env->uncounted;
	enum err e;

	env->uncounted = true;
	e = access_collection_as(env, c, id, CAN_VIEW | CAN_EDIT, ret,
	    ret_share);
	env->uncounted = uncounted;
	return e;
}

static enum err
put(const struct db *db, void *arg)
{
	struct change *p = arg;
	struct env *env = p->env;
	struct share_target *found;
	size_t n;
	enum err e;

	if ((e = collection_db_lock(db, p->collection->id)) != ERR_OK ||
	    (e = share_db_targets(db, json_uuids(env->arena, &p->media, 1),
		 &found, &n)) != ERR_OK)
		return e;
	if (n == 0)
		return no_media(env);
	e = access_collect(env, p->caller, &found[0]);
	if (e != ERR_OK)
		return e;
	e = collection_db_put(db, p->collection->id, found[0].id);
	return e != ERR_OK ? e : log_change(p, "media added");
}

enum err
collection_put(struct env *env, const struct caller *c, const char *id,
    const char *media)
{
	struct collection k = { 0 };
	struct change p = { .env = env, .caller = c, .collection = &k };
	struct share s;
	enum err e;

	if ((e = read_media(env, media, &p.media)) != ERR_OK ||
	    (e = find_to_edit(env, c, id, &k, &s)) != ERR_OK)
		return e;
	p.share_id = s.id;
	return db_transaction(&env->db, put, &p);
}

static enum err
take(const struct db *db, void *arg)
{
	struct change *t = arg;
	struct env *env = t->env;
	struct share_target m = { 0 };
	enum err e;

	e = collection_db_has(db, t->collection->id, &t->media, &m);
	if (e == ERR_NOT_FOUND)
		return no_media(env);
	if (e != ERR_OK)
		return e;
	e = collection_db_take(db, t->collection->id, m.id);
	return e != ERR_OK ? e : log_change(t, "media taken out");
}

/* People may remove their own media, even if they can no longer edit. */
static enum err
may_take(struct env *env, const struct caller *c, const char *id,
    const struct uuid *media, struct collection *ret)
{
	struct share_target m = { 0 };
	struct uuid uuid;
	enum err e;

	if (!uuid_from_text(id, &uuid))
		return why_with(&env->why, WHY_NOT_UUID, .about = ABOUT_ID);
	e = collection_db_by_uuid(&env->db, &uuid, ret);
	if (e == ERR_OK)
		e = collection_db_has(&env->db, ret->id, media, &m);
	if (e != ERR_OK)
		return e;
	return m.user_id == c->user.id ? ERR_OK : ERR_NOT_FOUND;
}

enum err
collection_take(struct env *env, const struct caller *c, const char *id,
    const char *media)
{
	struct collection k = { 0 };
	struct change t = { .env = env, .caller = c, .collection = &k };
	struct share s = { 0 };
	enum err e;

	if ((e = read_media(env, media, &t.media)) != ERR_OK)
		return e;
	e = may_take(env, c, id, &t.media, &k);
	if (e == ERR_NOT_FOUND)
		e = find_to_edit(env, c, id, &k, &s);
	if (e != ERR_OK)
		return e;
	t.share_id = s.id;
	return db_transaction(&env->db, take, &t);
}
