#include "config.h"

#include "core/vault/access.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "core/vault/category.h"
#include "db/media_db.h"

static enum err
not_found(struct env *env)
{
	return why_set(&env->why, WHY_NO_MEDIA);
}

static bool
is_own(const struct caller *c, const struct media *m, enum media_state state)
{
	return c->user.id != 0 && m->user_id == c->user.id && m->state == state;
}

static enum err
own_media(struct env *env, const struct caller *c, uint64_t id,
    enum media_state state, struct media *ret)
{
	struct media m = { 0 };
	enum err e = media_db_by_id(&env->db, id, &m);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && !is_own(c, &m, state)))
		return not_found(env);
	if (e == ERR_OK)
		*ret = m;
	return e;
}

enum err
access_media(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret)
{
	return own_media(env, c, id, MEDIA_LIVE, ret);
}

enum err
access_trashed(struct env *env, const struct caller *c, uint64_t id,
    struct media *ret)
{
	return own_media(env, c, id, MEDIA_TRASHED, ret);
}

/* The category of a path in the caller's own folders, or NULL. */
static const struct category *
own_folder(struct env *env, const struct caller *c, const char *path)
{
	const struct categories *all = env->base->categories;
	const char *mine =
	    arena_printf(env->arena, "users/%" PRIu64 "/", c->user.id);

	if (!text_starts(path, mine))
		return NULL;
	path += strlen(mine);
	for (size_t i = 0; i < all->n; i++) {
		size_t n = strlen(all->v[i].folder);

		if (strncmp(path, all->v[i].folder, n) == 0 && path[n] == '/' &&
		    media_name_is_listed(path + n + 1) &&
		    strchr(path + n + 1, '/') == NULL)
			return &all->v[i];
	}
	return NULL;
}

enum err
access_media_path(struct env *env, const struct caller *c, const char *path,
    const struct category **ret_category, struct media *ret)
{
	const struct category *category = own_folder(env, c, path);
	struct media m = { 0 };
	enum err e;

	if (category == NULL)
		return not_found(env);
	e = media_db_by_path(&env->db, path, &m);
	if (e == ERR_OK && !is_own(c, &m, MEDIA_LIVE))
		return not_found(env);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	*ret_category = category;
	*ret = m;
	return ERR_OK;
}

bool
access_is_moderator(const struct caller *c)
{
	return c->user.id != 0 && c->credential != CRED_KEY &&
	    role_moderates(c->user.role);
}

enum err
access_moderator(struct env *env, const struct caller *c)
{
	if (access_is_moderator(c))
		return ERR_OK;
	return why_set(&env->why, WHY_MODERATORS_ONLY);
}
