#include "config.h"

#include "core/auth/auth.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/auth/issuer.h"
#include "core/auth/password.h"
#include "core/auth/throttle.h"
#include "core/auth/token.h"
#include "db/auth_db.h"
#include "db/user_db.h"

#define KEY_PREFIX "vk_" /* lets scanners find leaked keys */

static enum err
wrong_password(struct env *env)
{
	return why_set(&env->why, WHY_LOGIN_WRONG);
}

enum err
auth_password(struct env *env, const char *name, const char *password,
    struct user *ret)
{
	const char *what = arena_printf(env->arena, "login\n%s", name);
	struct user u = { 0 };
	enum err e;
	bool known, right;

	if ((e = throttle_check(env, what)) != ERR_OK)
		return e;
	e = ERR_NOT_FOUND;
	if (user_name_is_valid(name))
		e = user_db_by_name(&env->db, name, &u);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	known = e == ERR_OK;
	known = known && u.disabled_at == CLOCK_NONE;
	/* Also for an unknown name, so that the time taken does not reveal
	 * which names exist. */
	e = password_check(env, known ? u.password_hash : NULL, password,
	    &right);
	if (e != ERR_OK)
		return e;
	if (!right) {
		if ((e = throttle_failed(env, what)) != ERR_OK)
			return e;
		return wrong_password(env);
	}
	if ((e = throttle_passed(env, what)) != ERR_OK)
		return e;
	*ret = u;
	return ERR_OK;
}

enum err
auth_open_session(struct env *env, const struct user *u, const char *agent,
    const char **ret_cookie)
{
	const char *cookie = sec_token(env->arena);
	struct hash h = sec_hash(cookie, strlen(cookie));
	enum err e;

	if (agent == NULL || !text_utf8(agent, strlen(agent)))
		agent = "";
	/* The column takes 255 characters, and no text has more characters than
	 * bytes. */
	if (strlen(agent) > 255) {
		size_t n = 255;

		while (((unsigned char)agent[n] & 0xc0) == 0x80)
			n--;
		agent = arena_strndup(env->arena, agent, n);
	}
	e = session_db_add(&env->db, u->id, &h, env->address, agent,
	    env->base->conf->session_lifetime);
	if (e == ERR_OK)
		*ret_cookie = cookie;
	return e;
}

static void
set_caller(struct caller *ret, enum credential how, const struct user *u,
    unsigned scopes)
{
	memset(ret, 0, sizeof(*ret));
	ret->credential = how;
	ret->user = *u;
	ret->scopes = scopes;
}

/* An unknown credential means ERR_UNAUTH. */
static enum err
unknown(enum err e)
{
	return e == ERR_NOT_FOUND ? ERR_UNAUTH : e;
}

enum err
auth_session(struct env *env, const char *cookie, struct caller *ret)
{
	struct hash h = sec_hash(cookie, strlen(cookie));
	struct auth_row row = { 0 };
	enum err e;

	e = session_db_by_token(&env->db, &h, &row);
	if (e != ERR_OK)
		return unknown(e);
	if (row.stale) {
		e = session_db_touch(&env->db, row.id, env->address,
		    env->base->conf->session_lifetime);
		if (e != ERR_OK)
			return e;
	}
	set_caller(ret, CRED_SESSION, &row.user, scopes_of_role(row.user.role));
	ret->session_id = row.id;
	ret->renewed = row.stale;
	return ERR_OK;
}

/* A token of this site is valid while it has the account's current
 * generation. */
static enum err
own_token(struct env *env, const char *token, struct user *ret)
{
	uint32_t generation;
	uint64_t id;
	enum err e;

	if ((e = token_check(env, token, &id, &generation)) != ERR_OK)
		return e;
	e = user_db_by_id(&env->db, id, ret);
	if (e == ERR_OK && ret->generation != generation)
		return ERR_UNAUTH;
	return e;
}

static enum err
foreign_token(struct env *env, const char *token, struct user *ret)
{
	const char *subject;
	enum err e;

	if ((e = issuer_check(env, token, &subject)) != ERR_OK)
		return e;
	return subject_db_user(&env->db, env->base->issuer->url, subject, ret);
}

enum err
auth_token(struct env *env, const char *token, struct caller *ret)
{
	struct user u = { 0 };
	enum err e = own_token(env, token, &u);

	if (e == ERR_UNAUTH)
		e = foreign_token(env, token, &u);
	if (e != ERR_OK)
		return unknown(e);
	if (u.disabled_at != CLOCK_NONE)
		return ERR_UNAUTH;
	set_caller(ret, CRED_TOKEN, &u, scopes_of_role(u.role));
	return ERR_OK;
}

enum err
auth_key(struct env *env, const char *key, struct caller *ret)
{
	struct hash h = sec_hash(key, strlen(key));
	struct auth_row row = { 0 };
	unsigned scopes;
	enum err e;

	e = key_db_by_hash(&env->db, &h, &row);
	if (e != ERR_OK)
		return unknown(e);
	if (!scopes_parse(row.scopes, &scopes))
		return ERR_INTERNAL;
	if (row.stale) {
		e = key_db_touch(&env->db, row.id);
		if (e != ERR_OK)
			return e;
	}
	set_caller(ret, CRED_KEY, &row.user, scopes);
	return ERR_OK;
}

enum err
auth_logout(struct env *env, const struct caller *c)
{
	enum err e = session_db_delete(&env->db, c->user.id, c->session_id);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
auth_sessions(struct env *env, const struct caller *c, struct session **ret,
    size_t *ret_n)
{
	return session_db_list(&env->db, c->user.id, ret, ret_n);
}

enum err
auth_end_session(struct env *env, const struct caller *c, uint64_t id)
{
	return session_db_delete(&env->db, c->user.id, id);
}

enum err
auth_password_rule(enum about about, const char *password, struct why *why)
{
	if (text_length(password) < PASSWORD_LEAST)
		return why_with(why, WHY_PASSWORD_SHORT, .about = about,
		    .least = PASSWORD_LEAST);
	if (strlen(password) > PASSWORD_MOST)
		return why_with(why, WHY_PASSWORD_LONG, .about = about,
		    .most = PASSWORD_MOST);
	if (text_has_control(password) ||
	    !text_utf8(password, strlen(password)))
		return why_with(why, WHY_PASSWORD_CONTROL, .about = about);
	return ERR_OK;
}

enum err
auth_forget_tries(struct env *env, const struct user *u)
{
	return throttle_passed(env,
	    arena_printf(env->arena, "login\n%s", u->username));
}

struct password_change {
	struct env *env;
	const struct caller *caller;
	const char *hash;
};

static enum err
change_password(const struct db *db, void *arg)
{
	struct password_change *p = arg;
	uint64_t id = p->caller->user.id;
	enum err e;

	e = user_db_set_password(db, id, p->hash);
	if (e != ERR_OK)
		return e;
	return session_db_delete_others(db, id, p->caller->session_id);
}

enum err
auth_change_password(struct env *env, const struct caller *c,
    const char *current, const char *password)
{
	const char *what =
	    arena_printf(env->arena, "login\n%s", c->user.username);
	char hash[PASSWORD_HASH_SIZE];
	struct password_change p = { env, c, hash };
	enum err e;
	bool right;

	if ((e = auth_password_rule(ABOUT_NEW_PASSWORD, password, &env->why)) !=
		ERR_OK ||
	    (e = throttle_check(env, what)) != ERR_OK ||
	    (e = password_check(env, c->user.password_hash, current, &right)) !=
		ERR_OK)
		return e;
	if (!right) {
		if ((e = throttle_failed(env, what)) != ERR_OK)
			return e;
		return why_set(&env->why, WHY_CURRENT_PASSWORD_WRONG);
	}
	if ((e = password_hash(env, password, hash)) != ERR_OK)
		return e;
	return db_transaction(&env->db, change_password, &p);
}

enum err
auth_key_add(struct env *env, uint64_t user_id, const char *name,
    unsigned scopes, int64_t expires_at, uint64_t *ret_id, const char **ret_key)
{
	const char *key =
	    arena_printf(env->arena, KEY_PREFIX "%s", sec_token(env->arena));
	struct hash h = sec_hash(key, strlen(key));
	enum err e;

	if (text_length(name) < 1 || text_length(name) > 128 ||
	    text_has_control(name))
		return why_with(&env->why, WHY_LENGTH, .about = ABOUT_NAME,
		    .least = 1, .most = 128);
	if (scopes == 0)
		return why_with(&env->why, WHY_NO_ENTRIES,
		    .about = ABOUT_SCOPES);
	if (expires_at != CLOCK_NONE && expires_at <= clock_now())
		return why_set(&env->why, WHY_IN_PAST);
	e = key_db_add(&env->db, user_id, name, &h, scopes_format(scopes),
	    expires_at, ret_id);
	if (e == ERR_OK)
		*ret_key = key;
	return e;
}

enum err
auth_key_list(struct env *env, uint64_t user_id, struct api_key **ret,
    size_t *ret_n)
{
	return key_db_list(&env->db, user_id, ret, ret_n);
}

enum err
auth_key_revoke(struct env *env, uint64_t user_id, uint64_t id)
{
	return key_db_revoke(&env->db, user_id, id);
}
