#include "config.h"

#include "core/share/code.h"

#include "base/buf.h"
#include "base/json_out.h"
#include "core/share/activity.h"
#include "db/activity_db.h"
#include "db/share_db.h"

enum err
share_code_log(struct env *env, const struct media *m, const char *action,
    const struct uuid *token, bool in_community)
{
	char text[UUID_TEXT];
	struct json_out w;
	struct buf b;

	uuid_format(token, text);
	buf_init(&b, env->arena, 512);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	jw_uint(&w, "mediaId", m->id);
	jw_text(&w, "shareCode", text);
	jw_bool(&w, "sharedToCommunity", in_community);
	jw_end(&w);
	return activity_db_add(&env->db, m->user_id, action, "media_gallery",
	    buf_str(&b));
}

static enum err
add_code(struct env *env, const struct media *m, struct uuid *ret_token)
{
	struct uuid uuid = uuid_random(), token = uuid_random();
	const struct db *db = &env->db;
	uint64_t id;
	enum err e;

	e = share_db_add_code(db, m->id, &uuid, &token, &id);
	if (e == ERR_CONFLICT) /* another process just created it */
		return share_db_code(db, m->id, true, &id, ret_token);
	if (e == ERR_OK)
		e = activity_log(env, id, m->user_id, "created", NULL);
	if (e == ERR_OK)
		*ret_token = token;
	return e;
}

enum err
share_code_make(struct env *env, const struct media *m, bool in_community,
    struct uuid *ret_token)
{
	uint64_t id;
	enum err e;

	e = share_db_code(&env->db, m->id, true, &id, ret_token);
	if (e == ERR_NOT_FOUND)
		e = add_code(env, m, ret_token);
	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, WHY_NO_MEDIA);
	if (e != ERR_OK)
		return e;
	return share_code_log(env, m, "media_shared", ret_token, in_community);
}
