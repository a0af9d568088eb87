#include "config.h"

#include "core/share/download_link.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/share/create.h"
#include "core/vault/access.h"
#include "core/json_list.h"
#include "core/mail/mail.h"
#include "core/share/mail.h"

/* A valid file name: one line, no path. */
static enum err
check_name(struct env *env, const char *name)
{
	if (text_length(name) > SHAREABLE_NAME_MOST)
		return why_with(&env->why, WHY_TOO_LONG,
		    .about = ABOUT_FILE_NAME, .most = SHAREABLE_NAME_MOST);
	if (text_has_control(name) || strpbrk(name, "/\\") != NULL ||
	    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return why_set(&env->why, WHY_BAD_FILE_NAME);
	return ERR_OK;
}

/* Whether the text is this UUID, in its usual form or as base64url. */
static bool
names_asset(struct arena *a, const char *text, const struct uuid *uuid)
{
	struct uuid other;

	if (uuid_from_text(text, &other))
		return uuid_equal(&other, uuid);
	return strcmp(text, sec_base64url(a, uuid->b, UUID_BYTES)) == 0;
}

static enum err
no_asset(struct env *env)
{
	return why_set(&env->why, WHY_NO_MEDIA);
}

static enum err
find_asset(struct env *env, const struct caller *c,
    const struct shareable_new *n, struct media *ret)
{
	enum err e = ERR_NOT_FOUND;

	if (n->media_id > 0)
		e = access_media(env, c, (uint64_t)n->media_id, ret);
	if (e == ERR_OK && n->asset_id != NULL &&
	    !names_asset(env->arena, n->asset_id, &ret->uuid))
		e = ERR_NOT_FOUND;
	return e == ERR_NOT_FOUND ? no_asset(env) : e;
}

enum err
download_link_create(struct env *env, const struct caller *c,
    const struct shareable_new *n, struct share *ret)
{
	struct share_new new = { .origin = ORIGIN_LINK,
		.target_type = SHARE_MEDIA,
		.ntargets = 1,
		.link = true,
		.file_name = n->file_name };
	struct media m = { 0 };
	enum err e;

	if ((e = check_name(env, n->file_name)) != ERR_OK)
		return e;
	if (n->expires_at <= clock_now())
		return why_set(&env->why, WHY_IN_PAST);
	if ((e = find_asset(env, c, n, &m)) != ERR_OK)
		return e;
	new.targets = &m.uuid;
	new.terms.permissions = CAN_DOWNLOAD;
	new.terms.expiry_given = true;
	new.terms.expires_at = n->expires_at;
	new.terms.max_uses = n->limit;
	e = share_create(env, c, &new, ret);
	/* It has just been moved to the trash. */
	return e == ERR_NOT_FOUND ? no_asset(env) : e;
}

/* ---- by e-mail ---- */

struct sending {
	struct env *env;
	const struct caller *caller;
	struct share_mail mail;
	const char *ids; /* JSON */
	size_t nids;
};

static enum err
no_links(struct env *env)
{
	return why_set(&env->why, WHY_NO_LINKS);
}

/* Writes the ids without duplicates as JSON; false if one is invalid. */
static bool
read_ids(struct env *env, const struct shareable_mail *m, struct sending *s)
{
	struct share_target *v = arena_array(env->arena, m->nids, sizeof(*v));

	for (size_t i = 0; i < m->nids; i++) {
		bool known = false;

		if (m->ids[i] < 1)
			return false;
		for (size_t k = 0; k < s->nids; k++)
			known = known || v[k].id == (uint64_t)m->ids[i];
		if (!known)
			v[s->nids++].id = (uint64_t)m->ids[i];
	}
	s->ids = json_targets(env->arena, v, s->nids);
	return s->nids > 0;
}

static enum err
send_links(const struct db *db, void *arg)
{
	struct sending *s = arg;
	struct env *env = s->env;
	struct share *shares;
	size_t n;
	enum err e = share_db_links(db, s->ids, s->nids, s->caller->user.id,
	    &shares, &n);

	if (e != ERR_OK)
		return e;
	if (n != s->nids)
		return no_links(env);
	s->mail.shares = shares;
	s->mail.nshares = n;
	return share_mail_queue(env, s->caller, &s->mail);
}

enum err
download_link_send(struct env *env, const struct caller *c,
    const struct shareable_mail *m)
{
	struct sending s = { .env = env, .caller = c };
	enum err e;

	e = share_mail_recipients(env, ABOUT_ADDRESSES, m->recipients,
	    m->nrecipients, &s.mail.recipients);
	if (e != ERR_OK || (e = share_mail_message(env, m->message)) != ERR_OK)
		return e;
	if (!read_ids(env, m, &s))
		return no_links(env);
	s.mail.nrecipients = m->nrecipients;
	s.mail.message = m->message;
	return db_transaction(&env->db, send_links, &s);
}

enum err
download_link_deliveries(struct env *env, const struct caller *c, uint64_t id,
    struct mail_row **ret, size_t *ret_n)
{
	struct share s = { 0 };
	enum err e = share_db_by_id(&env->db, id, &s);

	if (e == ERR_NOT_FOUND ||
	    (e == ERR_OK &&
		(s.owner_id != c->user.id || s.origin != ORIGIN_LINK)))
		return why_set(&env->why, WHY_NO_LINK);
	if (e != ERR_OK)
		return e;
	return mail_of_share(env, c->user.id, id, ret, ret_n);
}
