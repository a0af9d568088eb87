#include "config.h"

#include "core/share/gate.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "core/auth/secrets.h"
#include "core/share/items.h"
#include "core/share/terms.h"
#include "core/share/activity.h"
#include "core/delivery/delivery.h"
#include "core/share/gate_memo.h"
#include "core/pool/memo.h"
#include "core/share/notification.h"
#include "core/auth/password.h"
#include "core/auth/throttle.h"
#include "core/share/visit.h"
#include "db/share_db.h"

#define UNLOCKED_SECONDS (12 * 3600)
#define SIGNED_SECONDS 3600
#define TAKEN_SECONDS 900
#define COOKIE_NAME_BYTES 12
#define UP_TO_DATE INT64_C(1000000) /* us; where the number of uses is shown */
#define HOWEVER_OLD (-1)

/* ---- the cookie: when the visit ends, and until when the password counts
 * ---- */

struct pass {
	int64_t visit; /* seconds since 1970; 0: never */
	int64_t unlocked;
	bool changed; /* since the request, so it must be set again */
};

const char *
gate_cookie_name(struct arena *a, const char *token)
{
	struct hash h = sec_hash(token, strlen(token));

	return arena_printf(a, "vitrine-%s",
	    sec_base64url(a, h.b, COOKIE_NAME_BYTES));
}

static const char *
pass_text(struct env *env, const struct share *s, const struct pass *p)
{
	char uuid[UUID_TEXT];

	uuid_format(&s->uuid, uuid);
	return arena_printf(env->arena,
	    "link\n%s\n%" PRIu32 "\n%" PRId64 "\n%" PRId64, uuid, s->generation,
	    p->visit, p->unlocked);
}

static bool
read_seconds(const char *s, size_t n, struct arena *a, int64_t *ret)
{
	uint64_t v = 0;

	if (!(n == 1 && s[0] == '0') &&
	    !decimal_parse(arena_strndup(a, s, n), INT64_MAX / 1000, &v))
		return false;
	*ret = (int64_t)v;
	return true;
}

/* Ignores cookies with an invalid signature or of an earlier generation. */
static void
read_pass(struct env *env, const struct share *s, const char *cookie,
    struct pass *ret)
{
	struct pass p = { 0 };
	const char *dot, *last;

	memset(ret, 0, sizeof(*ret));
	if (cookie == NULL || (dot = strchr(cookie, '.')) == NULL ||
	    (last = strchr(dot + 1, '.')) == NULL ||
	    !read_seconds(cookie, (size_t)(dot - cookie), env->arena,
		&p.visit) ||
	    !read_seconds(dot + 1, (size_t)(last - dot - 1), env->arena,
		&p.unlocked))
		return;
	if (secrets_signed(env->base->secrets, env->arena,
		pass_text(env, s, &p), last + 1))
		*ret = p;
}

static void
write_pass(struct env *env, const struct pass *p, struct opening *l)
{
	int64_t now = clock_now() / 1000;
	int64_t end = p->visit > p->unlocked ? p->visit : p->unlocked;

	l->cookie = arena_printf(env->arena, "%" PRId64 ".%" PRId64 ".%s",
	    p->visit, p->unlocked,
	    secrets_sign(env->base->secrets, env->arena,
		pass_text(env, &l->share, p)));
	l->cookie_age = end - now;
}

/* ---- the password ---- */

struct failure {
	struct env *env;
	const struct share *share;
};

/* Locks the share first, so that many failures at once notify its owner
 * once. */
static enum err
log_failure(const struct db *db, void *arg)
{
	struct failure *f = arg;
	enum err e;

	if ((e = share_db_lock(db, f->share->id)) != ERR_OK ||
	    (e = activity_log(f->env, f->share->id, 0, "password_failed",
		 NULL)) != ERR_OK)
		return e;
	return notification_to_owner(f->env, f->share->id, f->share->owner_id,
	    NOTIFY_PASSWORD_FAILED);
}

static enum err
wrong_password(struct env *env, const struct share *s, const char *what)
{
	struct failure f = { env, s };
	enum err e;

	if ((e = throttle_failed(env, what)) != ERR_OK ||
	    (e = db_transaction(&env->db, log_failure, &f)) != ERR_OK)
		return e;
	return why_set(&env->why, WHY_PASSWORD_WRONG);
}

static enum err
check_password(struct env *env, const struct share *s, const char *password)
{
	char uuid[UUID_TEXT];
	const char *what;
	bool right;
	enum err e;

	if (password == NULL)
		return why_set(&env->why, WHY_PASSWORD_NEEDED);
	uuid_format(&s->uuid, uuid);
	what = arena_printf(env->arena, "link\n%s", uuid);
	if ((e = throttle_check(env, what)) != ERR_OK)
		return e;
	if (strlen(password) > SHARE_PASSWORD_MOST)
		return wrong_password(env, s, what);
	e = password_check(env, s->password_hash, password, &right);
	if (e != ERR_OK)
		return e;
	return right ? throttle_passed(env, what) :
		       wrong_password(env, s, what);
}

/* ---- the gate ---- */

static enum err
look_up(struct env *env, const struct uuid *token, struct opening *ret)
{
	uint64_t as_of = memo_as_of(env);
	struct share_row *rows;
	size_t n;
	enum err e;

	memset(ret, 0, sizeof(*ret));
	e = share_db_open(&env->db, token, &rows, &n);
	if (e != ERR_OK)
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	ret->share = rows[0].share;
	ret->items = arena_array(env->arena, n, sizeof(*ret->items));
	for (size_t i = 0; i < n; i++)
		if (rows[i].item.media_id != 0)
			ret->items[ret->nitems++] = rows[i].item;
	gate_memo_put(env, token, as_of, rows[0].version, ret);
	return ERR_OK;
}

/* Finds the link, at most max_age us old. The cache does not know whether a
 * limit is reached; normally the counting statement does, so where nothing is
 * counted the database must be asked. */
static enum err
find(struct env *env, const char *token, int64_t max_age, struct opening *ret)
{
	struct uuid uuid;

	memset(ret, 0, sizeof(*ret));
	if (!uuid_from_text(token, &uuid))
		return ERR_NOT_FOUND;
	memo_refresh(env);
	if (gate_memo_get(env, &uuid, max_age, ret) &&
	    !(env->uncounted && share_has_limit(&ret->share)))
		return ERR_OK;
	return look_up(env, &uuid, ret);
}

/* A link whose media are all gone counts as revoked, but a collection may be
 * empty. */
static bool
is_good(const struct opening *l, const struct pass *p)
{
	if (l->nitems == 0 && l->share.collection_id == 0)
		return false;
	return share_is_open(&l->share, p->visit > clock_now() / 1000);
}

static enum err
no_longer_open(struct env *env, const struct caller *c, const struct share *s)
{
	enum share_status status = share_status(s);

	if (c->user.id != s->owner_id)
		return ERR_NOT_FOUND;
	if (status == SHARE_ACTIVE)
		return why_set(&env->why, WHY_LINK_TARGET_GONE);
	return why_set(&env->why,
	    status == SHARE_EXPIRED	? WHY_LINK_EXPIRED :
		status == SHARE_REVOKED ? WHY_LINK_REVOKED :
					  WHY_LINK_EXHAUSTED);
}

/* The visit could not be counted, so the cached state is outdated: read it
 * again for the error. */
static enum err
refused(struct env *env, const struct caller *c, const char *token,
    struct opening *l)
{
	struct uuid uuid;
	enum err e;

	AN(uuid_from_text(token, &uuid));
	gate_memo_drop(env, &uuid);
	e = look_up(env, &uuid, l);
	return e != ERR_OK ? e : no_longer_open(env, c, &l->share);
}

/* Checks state and password. */
static enum err
pass_gate(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, struct opening *l, struct pass *p)
{
	int64_t now = clock_now() / 1000;
	enum err e;

	if ((e = find(env, token, UP_TO_DATE, l)) != ERR_OK)
		return e;
	read_pass(env, &l->share, v->cookie, p);
	if (!is_good(l, p))
		return no_longer_open(env, c, &l->share);
	if (v->head) {
		l->closed = true;
		return ERR_OK;
	}
	if (l->share.password_hash == NULL || p->unlocked > now)
		return ERR_OK;
	e = check_password(env, &l->share, v->password);
	if (e == ERR_OK) {
		p->unlocked = now + UNLOCKED_SECONDS;
		p->changed = true;
	}
	return e;
}

enum err
gate_unlock(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, struct opening *ret)
{
	struct pass p = { 0 };
	enum err e = pass_gate(env, c, token, v, ret, &p);

	if (e == ERR_OK && ret->share.password_hash != NULL)
		write_pass(env, &p, ret);
	return e;
}

/* Counts a visit, unless one is still running. */
static enum err
count(struct env *env, const struct caller *c, const char *token,
    struct opening *l, struct pass *p)
{
	int64_t now = clock_now() / 1000;
	enum err e;

	if (p->visit <= now) {
		e = visit_link(env, &l->share, c->user.id);
		if (e != ERR_OK)
			return e == ERR_NOT_FOUND ? refused(env, c, token, l) :
						    e;
		if (env->uncounted)
			return ERR_OK;
		p->visit = now + VISIT_SECONDS;
		p->changed = true;
	}
	if (p->changed)
		write_pass(env, p, l);
	return ERR_OK;
}

enum err
gate_open(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, uint64_t before, uint64_t limit,
    struct opening *ret)
{
	struct pass p = { 0 };
	enum err e;

	if ((e = pass_gate(env, c, token, v, ret, &p)) != ERR_OK)
		return e;
	if (v->robot &&
	    (share_has_limit(&ret->share) || ret->share.password_hash != NULL))
		ret->closed = true;
	if (ret->closed) {
		ret->nitems = 0;
		return ERR_OK;
	}
	if ((e = count(env, c, token, ret, &p)) != ERR_OK)
		return e;
	ret->until = share_has_limit(&ret->share) ?
	    p.visit :
	    clock_now() / 1000 + SIGNED_SECONDS;
	if (ret->share.collection_id == 0)
		return ERR_OK;
	return share_items(env, &ret->share, before, limit, &ret->items,
	    &ret->nitems, &ret->before);
}

/* Whether the link is for a single file that may be downloaded. */
static bool
is_file(const struct opening *l)
{
	return l->share.collection_id == 0 && l->nitems == 1 &&
	    l->share.can_download && l->share.password_hash == NULL;
}

enum err
gate_download(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, struct opening *ret, const char **ret_url)
{
	const struct pass none = { 0 };
	enum err e;

	*ret_url = NULL;
	if ((e = find(env, token, HOWEVER_OLD, ret)) != ERR_OK)
		return e;
	if (!is_file(ret) || !is_good(ret, &none))
		return no_longer_open(env, c, &ret->share);
	if (v->head || v->robot) {
		ret->closed = true;
		return ERR_OK;
	}
	e = visit_link(env, &ret->share, c->user.id);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? refused(env, c, token, ret) : e;
	ret->until = clock_now() / 1000 + TAKEN_SECONDS;
	*ret_url = delivery_share_download(env, &ret->share, &ret->items[0],
	    ret->until);
	return ERR_OK;
}

enum err
gate_open_preview(struct env *env, const char *token, struct opening *ret)
{
	struct pass none = { 0 };
	enum err e = find(env, token, UP_TO_DATE, ret);

	if (e != ERR_OK)
		return e;
	if (!is_good(ret, &none) || share_has_limit(&ret->share) ||
	    ret->share.password_hash != NULL)
		return ERR_NOT_FOUND;
	ret->until = clock_now() / 1000 + SIGNED_SECONDS;
	if (ret->share.collection_id == 0)
		return ERR_OK;
	return share_items(env, &ret->share, INT64_MAX, 1, &ret->items,
	    &ret->nitems, &ret->before);
}
