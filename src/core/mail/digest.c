#include "config.h"

#include "core/mail/digest.h"

#include <string.h>

#include "core/auth/secrets.h"
#include "core/mail/mail.h"
#include "core/share/notification.h"
#include "db/notification_db.h"
#include "db/user_db.h"

#define ACCOUNTS_AT_ONCE 100
#define LINES_MOST 50 /* in one mail */
#define LINE_TEXTS 2

static const char *
unsubscribe_text(struct arena *a, const char *user)
{
	return arena_printf(a, "unsubscribe\n%s", user);
}

static const char *
unsubscribe_url(struct env *env, const struct uuid *user)
{
	char text[UUID_TEXT];

	uuid_format(user, text);
	return arena_printf(env->arena, "%s/unsubscribe?u=%s&k=%s",
	    env->base->conf->site_base_url, text,
	    secrets_sign(env->base->secrets, env->arena,
		unsubscribe_text(env->arena, text)));
}

/* Describes a notification in one sentence. */
static const char *
sentence(struct arena *a, const struct notification *n)
{
	const char *what = n->share_name != NULL ? n->share_name :
	    n->target_type == SHARE_SET		 ? "several files" :
						   "something";

	if (strcmp(n->kind, NOTIFY_CREATED) == 0)
		return arena_printf(a, "%s shared with you: %s", n->owner_name,
		    what);
	if (strcmp(n->kind, NOTIFY_FIRST_ACCESS) == 0)
		return arena_printf(a,
		    "Your link was opened for the first time: %s", what);
	return arena_printf(a, "Wrong password entered for your link: %s",
	    what);
}

static struct mail_item *
lines(struct env *env, const struct notification *v, size_t n)
{
	struct mail_item *items = arena_array(env->arena, n, sizeof(*items));

	for (size_t i = 0; i < n; i++) {
		struct mail_text *t =
		    arena_array(env->arena, LINE_TEXTS, sizeof(*t));
		char id[UUID_TEXT];

		uuid_format(&v[i].share_uuid, id);
		t[0] =
		    (struct mail_text){ "text", sentence(env->arena, &v[i]) };
		t[1] = (struct mail_text){ "url",
			arena_printf(env->arena, "%s/shares/%s",
			    env->base->conf->site_base_url, id) };
		items[i] = (struct mail_item){ LINE_TEXTS, t };
	}
	return items;
}

struct bundle {
	struct env *env;
	uint64_t user_id;
};

/* Locks the account, so that two workers cannot send the same digest. */
static enum err
send_bundle(const struct db *db, void *arg)
{
	struct bundle *b = arg;
	struct env *env = b->env;
	struct notification *v;
	struct user u = { 0 };
	struct mail_text name;
	struct mail m = { .kind = "notifications" };
	uint64_t id;
	size_t n;
	enum err e;

	if ((e = user_db_lock(db, b->user_id)) != ERR_OK ||
	    (e = user_db_by_id(db, b->user_id, &u)) != ERR_OK ||
	    (e = notification_db_unmailed(db, b->user_id, LINES_MOST, &v,
		 &n)) != ERR_OK)
		return e;
	if (n == 0) /* another worker was faster, or they were read */
		return ERR_OK;
	if ((e = notification_db_mailed(db, b->user_id)) != ERR_OK)
		return e;
	name = (struct mail_text){ "name", u.display_name };
	m.recipient = u.email;
	m.data = (struct mail_data){ 1, &name, "notifications", n,
		lines(env, v, n) };
	m.unsubscribe = unsubscribe_url(env, &u.uuid);
	return mail_queue(env, &m, &id);
}

enum err
digest_tend(struct env *env)
{
	struct bundle b = { .env = env };
	struct share_id *users;
	const struct db *db = &env->db;
	size_t n;
	enum err e;

	if (!mail_conf_enabled(env->base->conf))
		return ERR_OK;
	e = notification_db_to_mail(db, env->base->conf->mail_bundle,
	    ACCOUNTS_AT_ONCE, &users, &n);
	for (size_t i = 0; e == ERR_OK && i < n; i++) {
		b.user_id = users[i].id;
		e = db_transaction(db, send_bundle, &b);
	}
	return e;
}

enum err
digest_wanted(struct env *env, const struct caller *c, bool *ret)
{
	return user_db_wants_mail(&env->db, c->user.id, ret);
}

enum err
digest_want(struct env *env, const struct caller *c, bool wanted)
{
	return user_db_set_wants_mail(&env->db, c->user.id, wanted);
}

enum err
digest_check_link(struct env *env, const char *user, const char *signature)
{
	if (user == NULL || signature == NULL ||
	    !secrets_signed(env->base->secrets, env->arena,
		unsubscribe_text(env->arena, user), signature))
		return ERR_NOT_FOUND;
	return ERR_OK;
}

enum err
digest_unsubscribe(struct env *env, const char *user, const char *signature)
{
	struct user u = { 0 };
	struct uuid uuid;
	enum err e = digest_check_link(env, user, signature);

	if (e != ERR_OK || !uuid_from_text(user, &uuid) ||
	    (e = user_db_by_uuid(&env->db, &uuid, &u)) != ERR_OK)
		return e != ERR_OK ? e : ERR_NOT_FOUND;
	return user_db_set_wants_mail(&env->db, u.id, false);
}
