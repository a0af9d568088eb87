#include "config.h"

#include "core/share/visit.h"

#include "core/share/activity.h"
#include "core/share/ledger.h"
#include "core/share/notification.h"

struct visit {
	struct env *env;
	const struct share *share;
	uint64_t actor;
	bool recipient;
};

static enum err
limit_reached(struct env *env, uint64_t id, uint64_t owner_id)
{
	enum err e = activity_log(env, id, 0, "limit_reached", NULL);

	return e != ERR_OK ?
	    e :
	    notification_to_owner(env, id, owner_id, NOTIFY_LIMIT_REACHED);
}

/* Counts the use towards the limits of the shares that this one is a reshare
 * of. */
static enum err
count_line(const struct visit *v)
{
	struct env *env = v->env;
	const struct db *db = &env->db;
	struct share_owned *reached;
	size_t n;
	enum err e;

	e = share_db_use_line(db, v->share->id, v->share->limits, v->actor,
	    activity_address(env), &reached, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = limit_reached(env, reached[i].id, reached[i].owner_id);
	return e;
}

/* Notifies the owner of the first use and of the last. Both come from the
 * statement that counted: the share in memory may be outdated. */
static enum err
tell_owner(const struct visit *v, const struct share_used *used)
{
	const struct share *s = v->share;
	enum err e;

	if (used->first && !v->recipient &&
	    (e = notification_to_owner(v->env, s->id, s->owner_id,
		 NOTIFY_FIRST_ACCESS)) != ERR_OK)
		return e;
	return used->last ? limit_reached(v->env, s->id, s->owner_id) : ERR_OK;
}

static enum err
count(const struct db *db, void *arg)
{
	const struct visit *v = arg;
	const struct share *s = v->share;
	struct share_used used;
	enum err e;

	if (v->recipient) {
		e = share_db_visit(db, s->id, v->actor, VISIT_SECONDS);
		if (e != ERR_OK) /* another request just counted it */
			return e == ERR_NOT_FOUND ? ERR_OK : e;
	}
	if ((e = share_db_use(db, s->id, &used)) != ERR_OK)
		return e;
	if (s->limits > 0 && (e = count_line(v)) != ERR_OK)
		return e;
	if ((e = activity_log(v->env, s->id, v->actor, "accessed", NULL)) !=
	    ERR_OK)
		return e;
	return tell_owner(v, &used);
}

/* Counts a use in one statement if the owner need not be notified.
 * ERR_NOT_FOUND: it is the first or the last use, or the limit is reached. */
static enum err
count_alone(struct env *env, const struct share *s, uint64_t actor)
{
	enum err e = share_db_use_between(&env->db, s->id);

	if (e == ERR_OK)
		ledger_opened(env, s, actor, true);
	return e;
}

enum err
visit_link(struct env *env, const struct share *s, uint64_t actor)
{
	struct visit v = { env, s, actor, false };
	enum err e;

	if (env->uncounted)
		return ERR_OK;
	if (!share_has_limit(s)) {
		ledger_opened(env, s, actor, false);
		return ERR_OK;
	}
	if (s->limits == 0 && (e = count_alone(env, s, actor)) != ERR_NOT_FOUND)
		return e;
	return db_transaction(&env->db, count, &v);
}

enum err
visit_recipient(struct env *env, const struct share *s, uint64_t user_id)
{
	struct visit v = { env, s, user_id, true };

	if (env->uncounted)
		return ERR_OK;
	return db_transaction(&env->db, count, &v);
}
