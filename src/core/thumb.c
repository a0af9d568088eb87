#include "config.h"

#include "core/thumb.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

/* A changed file has another time, and so another thumbnail. */
static const char *
thumb_path(struct arena *a, const struct uuid *media, int64_t mtime)
{
	char text[UUID_TEXT];

	uuid_format(media, text);
	return arena_printf(a, "thumbs/%.2s/%s-%" PRIx64, text, text,
	    (uint64_t)mtime);
}

static enum err
make(struct env *env, int in, const struct uuid *media, const char *path)
{
	unsigned side = (unsigned)env->base->conf->image_thumbnail;
	struct image_info info;
	struct store_temp *t;
	char folder[16], text[UUID_TEXT];
	enum err e;

	uuid_format(media, text);
	snprintf(folder, sizeof(folder), "thumbs/%.2s", text);
	if ((e = store_mkdir(env->base->store, folder, &env->why)) !=
		ERR_OK ||
	    (e = store_temp(env->base->store, env->arena, &t, &env->why)) !=
		ERR_OK)
		return e;
	e = image_thumbnail(env->base->image, env->arena, in, t->fd, side,
	    &info, &env->why);
	if (e == ERR_INVALID || e == ERR_TOO_LARGE)
		return ERR_NOT_FOUND;
	if (e != ERR_OK)
		return e;
	e = store_commit(t, path, &env->why);
	/* Somebody else made it meanwhile. */
	return e == ERR_CONFLICT ? ERR_OK : e;
}

enum err
thumb_open(struct env *env, const struct uuid *media,
    const struct media_file *m, const char **ret_path, int *ret_fd,
    struct stat *ret_st)
{
	struct stat st;
	const char *path;
	int in;
	enum err e;

	/* The file itself tells its time: it may have changed since it was
	 * listed, and without it there is nothing to show. */
	e = store_read(env->base->store,
	    arena_printf(env->arena, "user-media/%s", m->path), &in, &st,
	    &env->why);
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, in);
	path = thumb_path(env->arena, media, clock_ns(st.st_mtim));
	e = store_read(env->base->store, path, ret_fd, ret_st, &env->why);
	if (e == ERR_NOT_FOUND) {
		why_clear(&env->why);
		if ((e = make(env, in, media, path)) != ERR_OK)
			return e;
		e = store_read(env->base->store, path, ret_fd, ret_st,
		    &env->why);
	}
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, *ret_fd);
	*ret_path = path;
	return ERR_OK;
}
