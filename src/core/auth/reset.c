#include "config.h"

#include "core/auth/reset.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "core/auth/auth.h"
#include "core/mail/mail.h"
#include "core/auth/password.h"
#include "core/auth/throttle.h"
#include "db/auth_db.h"
#include "db/user_db.h"

#define HOUR 3600

/* One network address may be an office, so it gets a multiple of the limit of
 * one e-mail address. */
#define ADDRESS_FACTOR 4

/* ---- requests ---- */

static enum err
queue(const struct db *db, void *arg)
{
	struct env *env = ((void **)arg)[0];
	const struct mail *m = ((void **)arg)[1];
	uint64_t id;

	(void)db;
	return mail_queue(env, m, &id);
}

enum err
reset_ask(struct env *env, const char *email)
{
	uint64_t most = (uint64_t)env->base->conf->mail_hourly_resets;
	struct mail m = { .kind = MAIL_RESET };
	void *args[] = { env, &m };
	enum err e;

	if (!mail_conf_enabled(env->base->conf))
		return why_set(&env->why, WHY_NO_MAIL_SITE);
	if ((e = mail_address_check(env->arena, &env->why, ABOUT_EMAIL, email,
		 &m.recipient)) != ERR_OK ||
	    (e = throttle_use(env, "reset", true, most * ADDRESS_FACTOR,
		 HOUR)) != ERR_OK ||
	    (e = throttle_use(env,
		 arena_printf(env->arena, "reset\n%s", m.recipient), false,
		 most, HOUR)) != ERR_OK)
		return e;
	return db_transaction(&env->db, queue, args);
}

/* ---- the mail ---- */

static const char *
link_of(struct env *env, const char *token)
{
	return arena_printf(env->arena, "%s/reset?token=%s",
	    env->base->conf->site_base_url, token);
}

enum err
reset_make(struct env *env, const struct mail_row *row, const char **ret_to,
    const char **ret_subject, const char **ret_message)
{
	const char *token = sec_token(env->arena);
	struct hash h = sec_hash(token, strlen(token));
	const struct db *db = &env->db;
	struct user u = { 0 };
	struct mail m = { .kind = row->kind };
	enum err e;

	e = user_db_by_email(db, row->recipient, &u);
	if (e != ERR_OK)
		return e;
	/* The recorded address counts. One from an earlier release may not be
	 * in the normal form. */
	if (mail_address_check(env->arena, &env->why, ABOUT_EMAIL, u.email,
		&m.recipient) != ERR_OK) {
		log_warn("reset_no_address", "user=%" PRIu64, u.id);
		return ERR_NOT_FOUND;
	}
	if ((e = reset_db_add(db, &h, &u, HOUR)) != ERR_OK)
		return e;
	m.data.n = 3;
	m.data.texts = (const struct mail_text[]){ { "name", u.display_name },
		{ "username", u.username }, { "url", link_of(env, token) } };
	*ret_to = m.recipient;
	return mail_make(env, &m, &row->uuid, ret_subject, ret_message);
}

/* ---- the link ---- */

static enum err
no_good(struct env *env)
{
	return why_set(&env->why, WHY_RESET_EXPIRED);
}

enum err
reset_look(struct env *env, const char *token, struct user *ret)
{
	struct hash h = sec_hash(token, strlen(token));
	enum err e = reset_db_user(&env->db, &h, ret);

	return e == ERR_NOT_FOUND ? no_good(env) : e;
}

struct confirm {
	struct env *env;
	const struct hash *token;
	const struct user *user;
	const char *password_hash;
};

static enum err
set_password(const struct db *db, void *arg)
{
	struct confirm *c = arg;
	struct user now = { 0 };
	enum err e;

	/* In this order, so that the account cannot change and no other request
	 * can use the link. */
	if ((e = user_db_lock(db, c->user->id)) != ERR_OK ||
	    (e = reset_db_user(db, c->token, &now)) != ERR_OK ||
	    (e = reset_db_take(db, c->token)) != ERR_OK ||
	    (e = user_db_set_password(db, c->user->id, c->password_hash)) !=
		ERR_OK)
		return e;
	return session_db_delete_others(db, c->user->id, 0);
}

enum err
reset_confirm(struct env *env, const char *token, const char *password)
{
	struct hash h = sec_hash(token, strlen(token));
	char hash[PASSWORD_HASH_SIZE];
	struct user u = { 0 };
	struct confirm c = { env, &h, &u, hash };
	enum err e;

	if ((e = auth_password_rule(ABOUT_PASSWORD, password, &env->why)) !=
		ERR_OK ||
	    (e = reset_look(env, token, &u)) != ERR_OK ||
	    (e = password_hash(env, password, hash)) != ERR_OK)
		return e;
	e = db_transaction(&env->db, set_password, &c);
	if (e == ERR_NOT_FOUND)
		return no_good(env);
	/* Let them sign in even if they tried too many wrong passwords
	 * before. */
	return e != ERR_OK ? e : auth_forget_tries(env, &u);
}
