#include "config.h"

#include "core/community/moderation.h"

#include <inttypes.h>

#include "base/log.h"
#include "base/text.h"
#include "core/vault/access.h"
#include "core/community/withdraw.h"

#define REPORTS_LISTED 200

static enum err
not_there(struct env *env)
{
	return why_set(&env->why, WHY_NOT_IN_COMMUNITY);
}

static enum err
find(struct env *env, uint64_t id, struct community_row *ret)
{
	enum err e = community_db_by_id(&env->db, id, false, ret);

	return e == ERR_NOT_FOUND ? not_there(env) : e;
}

enum err
moderation_report(struct env *env, const struct caller *c, uint64_t id,
    const char *reason)
{
	struct community_row row = { 0 };
	enum err e;

	if (text_length(reason) > REPORT_MOST)
		return why_with(&env->why, WHY_TOO_LONG, .about = ABOUT_REPORT,
		    .most = REPORT_MOST);
	if (text_lines_have_control(reason))
		return why_with(&env->why, WHY_CONTROL_CHARACTERS,
		    .about = ABOUT_REPORT);
	if ((e = find(env, id, &row)) != ERR_OK)
		return e;
	if (row.state != COMMUNITY_READY)
		return not_there(env);
	e = report_db_add(&env->db, id, c->user.id, reason);
	/* The foreign key failed: it was withdrawn just now. */
	return e == ERR_CONFLICT ? not_there(env) : e;
}

enum err
moderation_reports(struct env *env, const struct caller *c, struct report **ret,
    size_t *ret_n)
{
	enum err e = access_moderator(env, c);

	if (e != ERR_OK)
		return e;
	return report_db_list(&env->db, REPORTS_LISTED, ret, ret_n);
}

/* Moves an object between general/ and hidden/; fine if it is there already. */
static enum err
move_object(struct env *env, const char *name, const char *from, const char *to)
{
	enum err e;

	if (name == NULL)
		return ERR_OK;
	e = store_move(env->base->store,
	    arena_printf(env->arena, "%s/%s", from, name),
	    arena_printf(env->arena, "%s/%s", to, name), &env->why);
	return e == ERR_NOT_FOUND || e == ERR_CONFLICT ? ERR_OK : e;
}

static enum err
move_objects(struct env *env, const struct community_row *row, const char *from,
    const char *to)
{
	enum err e = move_object(env, row->object_name, from, to);

	return e != ERR_OK ? e : move_object(env, row->thumb_name, from, to);
}

struct change {
	struct env *env;
	const struct caller *caller;
	uint64_t id;
	bool block;
};

static enum err
hide(const struct db *db, void *arg)
{
	struct change *x = arg;
	enum err e = community_db_hide(db, x->id);

	/* It may be hidden already: a repeated call can still add the block. */
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (!x->block)
		return ERR_OK;
	e = block_db_remove(db, x->id);
	return e != ERR_OK ? e : block_db_add(db, x->id, x->caller->user.id);
}

enum err
moderation_take_down(struct env *env, const struct caller *c, uint64_t id,
    bool block)
{
	struct change x = { env, c, id, block };
	struct community_row row = { 0 };
	enum err e;

	if ((e = access_moderator(env, c)) != ERR_OK ||
	    (e = find(env, id, &row)) != ERR_OK)
		return e;
	if (row.state == COMMUNITY_MAKING)
		return not_there(env);
	/* Move the objects first, so that nobody sees them whatever fails
	 * afterwards, and once more in case another moderator restored them in
	 * between. */
	if ((e = move_objects(env, &row, "general", "hidden")) != ERR_OK ||
	    (e = db_transaction(&env->db, hide, &x)) != ERR_OK ||
	    (e = move_objects(env, &row, "general", "hidden")) != ERR_OK)
		return e;
	log_info("take_down", "community=%" PRIu64 " by=%" PRIu64 " block=%d",
	    id, c->user.id, block);
	return ERR_OK;
}

static enum err
show(const struct db *db, void *arg)
{
	struct change *x = arg;
	enum err e;

	if ((e = community_db_show(db, x->id)) != ERR_OK ||
	    (e = block_db_remove(db, x->id)) != ERR_OK)
		return e;
	return report_db_clear(db, x->id);
}

enum err
moderation_restore(struct env *env, const struct caller *c, uint64_t id)
{
	struct change x = { env, c, id, false };
	struct community_row row = { 0 };
	enum err e;

	if ((e = access_moderator(env, c)) != ERR_OK ||
	    (e = find(env, id, &row)) != ERR_OK)
		return e;
	if (row.state != COMMUNITY_HIDDEN)
		return why_set(&env->why, WHY_NOT_TAKEN_DOWN);
	/* Move the objects first, so that the feed never shows missing
	 * files. */
	if ((e = move_objects(env, &row, "hidden", "general")) != ERR_OK)
		return e;
	e = db_transaction(&env->db, show, &x);
	if (e == ERR_OK)
		log_info("restore", "community=%" PRIu64 " by=%" PRIu64, id,
		    c->user.id);
	return e == ERR_NOT_FOUND ? not_there(env) : e;
}

enum err
moderation_remove(struct env *env, const struct caller *c, uint64_t id)
{
	struct community_row row = { 0 };
	enum err e;

	if ((e = find(env, id, &row)) != ERR_OK)
		return e;
	if (row.user_id != c->user.id && !access_is_moderator(c))
		return not_there(env);
	return community_withdraw_row(env, id);
}
