#include "config.h"

#include "core/share/list.h"

#include "core/share/access.h"

enum err
share_list_outgoing(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	const struct db *db = &env->db;
	enum err e = share_db_outgoing(db, c->user.id, p, ret, ret_n);

	if (e != ERR_OK)
		return e;
	return share_db_outgoing_count(db, c->user.id, ret_total);
}

enum err
share_list_incoming(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	const struct db *db = &env->db;
	enum err e = share_db_incoming(db, c->user.id, p, ret, ret_n);

	if (e != ERR_OK)
		return e;
	return share_db_incoming_count(db, c->user.id, ret_total);
}

enum err
share_list_activity(struct env *env, const struct caller *c, const char *id,
    const struct share_page *p, struct share_activity **ret, size_t *ret_n,
    uint64_t *ret_total)
{
	const struct db *db = &env->db;
	struct share s = { 0 };
	enum err e;

	if ((e = access_share(env, c, id, &s)) != ERR_OK ||
	    (e = share_db_activity(db, s.id, p, ret, ret_n)) != ERR_OK)
		return e;
	return share_db_activity_count(db, s.id, ret_total);
}

/* ---- for the administrator ---- */

enum err
share_find(struct env *env, const char *id, struct share *ret)
{
	struct uuid uuid;
	enum err e = ERR_NOT_FOUND;

	if (uuid_from_text(id, &uuid))
		e = share_db_by_uuid(&env->db, &uuid, ret);
	if (e == ERR_NOT_FOUND)
		return why_with(&env->why, WHY_NO_SHARE_ID, .word = id);
	return e;
}

enum err
share_list_all(struct env *env, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n)
{
	return share_db_all(&env->db, user_id, before, limit, ret, ret_n);
}
