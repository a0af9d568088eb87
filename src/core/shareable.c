#include "config.h"

#include "core/shareable.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/access.h"
#include "core/share.h"

/* What a file can be saved as: no path, and one line. */
static enum err
check_name(struct env *env, const char *name)
{
	if (text_length(name) > SHAREABLE_NAME_MOST)
		return why_set(&env->why, ERR_UNPROCESSED, "payload.filename",
		    "filename has at most %d characters",
		    SHAREABLE_NAME_MOST);
	if (text_has_control(name) || strpbrk(name, "/\\") != NULL ||
	    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return why_set(&env->why, ERR_UNPROCESSED, "payload.filename",
		    "filename is a name without slashes and line breaks");
	return ERR_OK;
}

/* Whether a text stands for the UUID: as such, or its bytes as base64url. */
static bool
names_asset(struct arena *a, const char *text, const struct uuid *uuid)
{
	struct uuid told;

	if (uuid_from_text(text, &told))
		return uuid_equal(&told, uuid);
	return strcmp(text, sec_base64url(a, uuid->b, UUID_BYTES)) == 0;
}

static enum err
no_asset(struct env *env)
{
	return why_set(&env->why, ERR_INVALID, "payload.media_id",
	    "asset not found");
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
	if (e != ERR_NOT_FOUND)
		return e;
	why_clear(&env->why);
	return no_asset(env);
}

enum err
shareable_create(struct env *env, const struct caller *c,
    const struct shareable_new *n, struct share *ret)
{
	struct share_new new = { .origin = "link",
		.target_type = SHARE_MEDIA, .ntargets = 1, .link = true,
		.file_name = n->file_name };
	struct media m = { 0 };
	enum err e;

	if ((e = check_name(env, n->file_name)) != ERR_OK)
		return e;
	if (n->expires_at <= clock_now())
		return why_set(&env->why, ERR_UNPROCESSED, "expiry_date",
		    "expiry_date lies in the past");
	if ((e = find_asset(env, c, n, &m)) != ERR_OK)
		return e;
	new.targets = &m.uuid;
	new.terms.permissions = CAN_DOWNLOAD;
	new.terms.expiry_given = true;
	new.terms.expires_at = n->expires_at;
	new.terms.max_uses = n->limit;
	e = share_create(env, c, &new, ret);
	/* It went into the trash at this moment. */
	return e == ERR_NOT_FOUND ? no_asset(env) : e;
}

const char *
shareable_url(struct env *env, struct arena *a, const struct share *s)
{
	char key[UUID_TEXT];

	uuid_format(&s->token, key);
	return arena_printf(a, "%s/api/v2/shareable_links/%s",
	    env->base->conf->site_base_url, key);
}
