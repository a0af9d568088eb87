#include "config.h"

#include "core/auth/account.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/auth/auth.h"
#include "core/auth/password.h"
#include "core/mail/address.h"
#include "core/vault/category.h"
#include "db/auth_db.h"
#include "db/user_db.h"

const char *
account_folder(struct arena *a, uint64_t user_id, const struct category *c)
{
	return arena_printf(a, "user-media/users/%" PRIu64 "/%s", user_id,
	    c->folder);
}

static enum err
check_names(const struct account_new *n, struct why *why)
{
	if (!user_name_is_valid(n->username))
		return why_set(why, WHY_BAD_USERNAME);
	if (n->display_name != NULL &&
	    (!text_utf8(n->display_name, strlen(n->display_name)) ||
		text_length(n->display_name) > 128 ||
		text_has_control(n->display_name) ||
		n->display_name[0] == '\0'))
		return why_set(why, WHY_BAD_DISPLAY_NAME);
	return ERR_OK;
}

enum err
account_add(struct env *env, const struct account_new *n, struct user *ret)
{
	const struct categories *c = env->base->categories;
	char hash[PASSWORD_HASH_SIZE];
	struct user u = { 0 };
	enum err e;

	if ((e = check_names(n, &env->why)) != ERR_OK ||
	    (e = mail_address_check(env->arena, &env->why, ABOUT_EMAIL,
		 n->email, &u.email)) != ERR_OK ||
	    (e = auth_password_rule(ABOUT_PASSWORD, n->password, &env->why)) !=
		ERR_OK ||
	    (e = password_hash(env, n->password, hash)) != ERR_OK)
		return e;
	u.uuid = uuid_random();
	u.username = n->username;
	u.display_name = n->display_name ? n->display_name : n->username;
	u.role = ROLE_USER;
	u.password_hash = arena_strdup(env->arena, hash);
	u.quota = (uint64_t)env->base->conf->upload_quota;
	u.disabled_at = CLOCK_NONE;
	e = user_db_add(&env->db, &u, &u.id);
	if (e == ERR_CONFLICT)
		return why_set(&env->why, WHY_ACCOUNT_TAKEN);
	for (size_t i = 0; e == ERR_OK && i < c->n; i++)
		e = store_mkdir(env->base->store,
		    account_folder(env->arena, u.id, &c->v[i]), &env->why);
	if (e == ERR_OK)
		*ret = u;
	return e;
}

enum err
account_find(struct env *env, const char *username, struct user *ret)
{
	enum err e = user_db_by_name(&env->db, username, ret);

	if (e == ERR_NOT_FOUND)
		return why_with(&env->why, WHY_NO_ACCOUNT, .word = username);
	return e;
}

enum err
account_set_password(struct env *env, const struct user *u,
    const char *password)
{
	char hash[PASSWORD_HASH_SIZE];
	enum err e;

	if ((e = auth_password_rule(ABOUT_PASSWORD, password, &env->why)) !=
		ERR_OK ||
	    (e = password_hash(env, password, hash)) != ERR_OK ||
	    (e = user_db_set_password(&env->db, u->id, hash)) != ERR_OK)
		return e;
	return session_db_delete_others(&env->db, u->id, 0);
}

enum err
account_set_disabled(struct env *env, const struct user *u, bool disabled)
{
	enum err e = user_db_set_disabled(&env->db, u->id, disabled);

	if (e != ERR_OK || !disabled)
		return e;
	return session_db_delete_others(&env->db, u->id, 0);
}

enum err
account_set_role(struct env *env, const struct user *u, const char *role)
{
	unsigned value;

	if (!words_find(&roles, role, strlen(role), &value))
		return why_set(&env->why, WHY_BAD_ROLE);
	return user_db_set_role(&env->db, u->id, value);
}

enum err
account_set_quota(struct env *env, const struct user *u, uint64_t bytes)
{
	return user_db_set_quota(&env->db, u->id, bytes);
}
