#include "config.h"

#include "core/share/notification.h"

#include "db/notification_db.h"

enum err
notification_to_recipients(struct env *env, uint64_t share_id, const char *kind)
{
	return notification_db_recipients(&env->db, share_id, kind);
}

enum err
notification_to_user(struct env *env, uint64_t share_id, uint64_t user_id,
    const char *kind)
{
	return notification_db_user(&env->db, share_id, user_id, kind);
}

enum err
notification_to_owner(struct env *env, uint64_t share_id, uint64_t owner_id,
    const char *kind)
{
	return notification_db_owner(&env->db, share_id, owner_id, kind);
}

enum err
notification_version(struct env *env, const struct caller *c, uint64_t *ret)
{
	return notification_db_version(&env->db, c->user.id, ret);
}

enum err
notification_list(struct env *env, const struct caller *c,
    const struct share_page *p, struct notification **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	const struct db *db = &env->db;
	enum err e = notification_db_list(db, c->user.id, p, ret, ret_n);

	if (e != ERR_OK)
		return e;
	return notification_db_count(db, c->user.id, ret_total);
}

enum err
notification_count(struct env *env, const struct caller *c, uint64_t *ret)
{
	return notification_db_count(&env->db, c->user.id, ret);
}

struct reading {
	struct env *env;
	uint64_t user_id;
	struct uuid uuid;
};

static enum err
read_one(const struct db *db, void *arg)
{
	struct reading *r = arg;

	return notification_db_read(db, &r->uuid, r->user_id);
}

enum err
notification_read(struct env *env, const struct caller *c, const char *id)
{
	struct reading r = { .env = env, .user_id = c->user.id };

	if (!uuid_from_text(id, &r.uuid))
		return why_with(&env->why, WHY_NOT_UUID, .about = ABOUT_ID);
	return db_transaction(&env->db, read_one, &r);
}

static enum err
read_all(const struct db *db, void *arg)
{
	struct reading *r = arg;

	return notification_db_read_all(db, r->user_id);
}

enum err
notification_read_all(struct env *env, const struct caller *c)
{
	struct reading r = { .env = env, .user_id = c->user.id };

	return db_transaction(&env->db, read_all, &r);
}
