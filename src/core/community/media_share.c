#include "config.h"

#include "core/community/media_share.h"

#include "core/share/end.h"
#include "core/vault/access.h"
#include "core/community/check.h"
#include "core/community/source.h"
#include "core/community/withdraw.h"
#include "core/community/publish.h"
#include "core/share/code.h"
#include "core/vault/category.h"
#include "core/vault/sync.h"
#include "db/community_db.h"
#include "db/media_db.h"
#include "db/share_db.h"

#define REMOVE_TRIES 100

struct record {
	struct env *env;
	const struct media *media;
	struct share_result *result;
};

static enum err
record_link(const struct db *db, void *arg)
{
	struct record *r = arg;

	(void)db;
	return share_code_make(r->env, r->media, r->result->in_community,
	    &r->result->token);
}

/* Only creates the share code; the community is not changed here. */
static enum err
link_only(struct env *env, const struct media *m, struct share_result *ret)
{
	struct record record = { env, m, ret };
	struct community_row row = { 0 };
	enum err e;

	e = community_db_by_media(&env->db, m->id, false, &row);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_OK && row.state == COMMUNITY_READY) {
		ret->in_community = true;
		ret->community_id = row.id;
		ret->object_name = row.object_name;
	}
	return db_transaction(&env->db, record_link, &record);
}

static enum err
share_checked(struct env *env, const struct media *m,
    const struct share_request *r, struct share_result *ret)
{
	struct community_source source;
	enum err e;

	if (r->community == COMMUNITY_YES) {
		if ((e = community_open_source(env, m, &source)) != ERR_OK ||
		    (e = community_check(env, m, source.type, r)) != ERR_OK)
			return e;
		return community_publish(env, m, &source, r, ret);
	}
	if (r->community == COMMUNITY_NO &&
	    (e = community_withdraw(env, m->id)) != ERR_OK)
		return e;
	return link_only(env, m, ret);
}

enum err
media_share(struct env *env, const struct caller *c, uint64_t id,
    const struct share_request *r, struct share_result *ret)
{
	struct share_result result = { 0 };
	struct media m = { 0 };
	enum err e;

	if ((e = access_media(env, c, id, &m)) != ERR_OK ||
	    (e = share_checked(env, &m, r, &result)) != ERR_OK)
		return e;
	*ret = result;
	return ERR_OK;
}

enum err
media_share_path(struct env *env, const struct caller *c, const char *path,
    const struct share_request *r, struct share_result *ret)
{
	const struct category *category;
	struct sync_result synced;
	struct share_result result = { 0 };
	struct media m = { 0 };
	enum err e;

	e = access_media_path(env, c, path, &category, &m);
	if (e == ERR_OK && m.id == 0) {
		if ((e = sync_user(env, c->user.id, &synced)) != ERR_OK)
			return e;
		e = access_media_path(env, c, path, &category, &m);
	}
	if (e != ERR_OK)
		return e;
	if (m.id == 0)
		return why_with(&env->why, WHY_NO_MEDIA,
		    .about = ABOUT_FILE_PATH);
	if ((e = share_checked(env, &m, r, &result)) != ERR_OK)
		return e;
	*ret = result;
	return ERR_OK;
}

/* Revokes the code, unless the media was published again in the meantime. */
static enum err
revoke_code(const struct db *db, void *arg)
{
	struct record *r = arg;
	struct community_row row = { 0 };
	struct uuid token;
	uint64_t id;
	enum err e;

	e = share_db_code(db, r->media->id, true, &id, &token);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	e = community_db_by_media(db, r->media->id, true, &row);
	if (e != ERR_NOT_FOUND)
		return e == ERR_OK ? ERR_CONFLICT : e;
	if ((e = share_end(r->env, id, r->media->user_id, r->media->user_id)) !=
	    ERR_OK)
		return e;
	return share_code_log(r->env, r->media, "media_unshared", &token,
	    false);
}

enum err
media_unshare(struct env *env, const struct caller *c, uint64_t id)
{
	struct media m = { 0 };
	struct record record = { env, &m, NULL };
	enum err e;

	if ((e = access_media(env, c, id, &m)) != ERR_OK)
		return e;
	for (int i = 0; i < REMOVE_TRIES; i++) {
		if ((e = community_withdraw(env, id)) != ERR_OK)
			return e;
		e = db_transaction(&env->db, revoke_code, &record);
		if (e != ERR_CONFLICT)
			return e;
	}
	env->why.retry_after = 1;
	return ERR_RETRY;
}
