#include "config.h"

#include "core/share/mail.h"

#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/share/url.h"
#include "core/mail/mail.h"

#define LINK_TEXTS 3

enum err
share_mail_recipients(struct env *env, enum about about, const char *const *in,
    size_t n, const char ***ret)
{
	const char **v = arena_array(env->arena, n, sizeof(*v));
	enum err e;

	if (n == 0)
		return why_with(&env->why, WHY_NO_ENTRIES, .about = about);
	if (n > SHARE_MAIL_RECIPIENTS_MOST)
		return why_with(&env->why, WHY_TOO_MANY, .about = about,
		    .most = SHARE_MAIL_RECIPIENTS_MOST);
	for (size_t i = 0; i < n; i++) {
		e = mail_address_check(env->arena, &env->why, about, in[i],
		    &v[i]);
		if (e != ERR_OK)
			return e;
		for (size_t k = 0; k < i; k++)
			if (strcasecmp(v[k], v[i]) == 0)
				return why_with(&env->why, WHY_DUPLICATE,
				    .about = about, .word = v[i]);
	}
	*ret = v;
	return ERR_OK;
}

enum err
share_mail_message(struct env *env, const char *message)
{
	if (message == NULL)
		return ERR_OK;
	if (text_length(message) > SHARE_MAIL_MESSAGE_MOST)
		return why_with(&env->why, WHY_TOO_LONG, .about = ABOUT_MESSAGE,
		    .most = SHARE_MAIL_MESSAGE_MOST);
	if (text_lines_have_control(message))
		return why_with(&env->why, WHY_CONTROL_CHARACTERS,
		    .about = ABOUT_MESSAGE);
	return ERR_OK;
}

/* ---- the mail's text ---- */

static const char *
name_of(struct env *env, const struct share *s)
{
	if (s->file_name != NULL)
		return s->file_name;
	if (share_name(s) != NULL)
		return share_name(s);
	return arena_printf(env->arena, "Shared by %s", s->owner_name);
}

/* "17 Aug 2026, 10:30 UTC" */
static const char *
expiry_of(struct env *env, const struct share *s)
{
	time_t t = (time_t)(s->expires_at / 1000);
	char text[64];
	struct tm tm;

	if (s->expires_at == CLOCK_NONE || gmtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof(text), "%d %b %Y, %H:%M UTC", &tm) == 0)
		return NULL;
	return arena_strdup(env->arena, text);
}

static struct mail_item *
links(struct env *env, const struct share_mail *m)
{
	struct mail_item *items =
	    arena_array(env->arena, m->nshares, sizeof(*items));

	for (size_t i = 0; i < m->nshares; i++) {
		const struct share *s = &m->shares[i];
		struct mail_text *t =
		    arena_array(env->arena, LINK_TEXTS, sizeof(*t));

		t[0] = (struct mail_text){ "name", name_of(env, s) };
		t[1] = (struct mail_text){ "url",
			share_url_sent(env, env->arena, s) };
		t[2] = (struct mail_text){ "expires", expiry_of(env, s) };
		items[i] = (struct mail_item){ LINK_TEXTS, t };
	}
	return items;
}

static const uint64_t *
ids_of(struct env *env, const struct share_mail *m)
{
	uint64_t *ids = arena_array(env->arena, m->nshares, sizeof(*ids));

	for (size_t i = 0; i < m->nshares; i++)
		ids[i] = m->shares[i].id;
	return ids;
}

enum err
share_mail_queue(struct env *env, const struct caller *c,
    const struct share_mail *m)
{
	const struct mail_text texts[] = { { "sender", c->user.display_name },
		{ "message", m->message } };
	struct mail mail = { .user_id = c->user.id,
		.kind = "links",
		.data = { 2, texts, "links", m->nshares, links(env, m) },
		.shares = ids_of(env, m),
		.nshares = m->nshares };
	uint64_t id;
	enum err e;

	if (!mail_conf_enabled(env->base->conf))
		return why_set(&env->why, WHY_MAIL_OFF);
	e = mail_allow(env, c->user.id, m->nrecipients);
	for (size_t i = 0; e == ERR_OK && i < m->nrecipients; i++) {
		mail.recipient = m->recipients[i];
		e = mail_queue(env, &mail, &id);
	}
	return e;
}
