#include "config.h"

#include "core/community/mark.h"

/* Several processes may do this at once: all produce the same file. */
static enum err
render(struct env *env, const struct image_mark *m, const char *path,
    int *ret_fd)
{
	struct store_temp *t;
	enum err e;

	if ((e = store_temp(env->base->store, env->arena, &t, &env->why)) !=
		ERR_OK ||
	    (e = image_mark_render(env->base->image, m, t->fd, &env->why)) !=
		ERR_OK ||
	    (e = store_replace(t, path, &env->why)) != ERR_OK)
		return e;
	*ret_fd = t->fd;
	return ERR_OK;
}

enum err
mark_open(struct env *env, int *ret_fd)
{
	struct store_info info;
	struct image_mark *m;
	const char *path;
	enum err e;

	e = image_mark_plan(env->base->image, env->arena, &m, &env->why);
	if (e != ERR_OK)
		return e;
	path = arena_printf(env->arena, "marks/%s", image_mark_name(m));
	e = store_read(env->base->store, path, ret_fd, &info, &env->why);
	if (e == ERR_OK) {
		arena_defer_close(env->arena, *ret_fd);
		if (image_mark_is_whole(*ret_fd))
			return ERR_OK;
	} else if (e != ERR_NOT_FOUND) {
		return e;
	}
	return render(env, m, path, ret_fd);
}
