#include "config.h"

#include "core/share/url.h"

const char *
share_url(struct env *env, struct arena *a, const struct share *s)
{
	bool link = share_is_link(s);
	char text[UUID_TEXT];

	uuid_format(link ? &s->token : &s->uuid, text);
	return arena_printf(a, "%s/%s/%s", env->base->conf->site_base_url,
	    link ? "s" : "shares", text);
}

const char *
share_url_code(struct env *env, struct arena *a, const struct uuid *token)
{
	char text[UUID_TEXT];

	uuid_format(token, text);
	return arena_printf(a, "%s/shared/media/%s",
	    env->base->conf->site_base_url, text);
}

const char *
share_url_download(struct env *env, struct arena *a, const struct share *s)
{
	char key[UUID_TEXT];

	uuid_format(&s->token, key);
	return arena_printf(a, "%s/api/v2/shareable_links/%s",
	    env->base->conf->site_base_url, key);
}

const char *
share_url_sent(struct env *env, struct arena *a, const struct share *s)
{
	return s->origin == ORIGIN_LINK ? share_url_download(env, a, s) :
					  share_url(env, a, s);
}
