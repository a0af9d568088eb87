#include "config.h"

#include "core/delivery/thumb.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

static const char *const
    places[] = { [RENDITION_THUMB] = "thumbs", [RENDITION_VIEW] = "views" };

/* The path contains the mtime, so a changed file gets new renditions. */
static const char *
rendition_path(struct arena *a, enum rendition r, const struct uuid *media,
    int64_t mtime)
{
	char text[UUID_TEXT];

	uuid_format(media, text);
	return arena_printf(a, "%s/%.2s/%s-%" PRIx64, places[r], text, text,
	    (uint64_t)mtime);
}

static const char *
rendition_folder(struct arena *a, enum rendition r, const struct uuid *media)
{
	char text[UUID_TEXT];

	uuid_format(media, text);
	return arena_printf(a, "%s/%.2s", places[r], text);
}

static unsigned
rendition_side(const struct conf *conf, enum rendition r)
{
	return (unsigned)(r == RENDITION_VIEW ? conf->image_view :
						conf->image_thumbnail);
}

static enum err
make(struct env *env, enum rendition r, const struct uuid *media, int in,
    const struct store_info *st, struct image_info *ret, int *ret_fd)
{
	const char *path =
	    rendition_path(env->arena, r, media, clock_ns(st->mtime));
	unsigned side = rendition_side(env->base->conf, r);
	struct store *s = env->base->store;
	struct store_temp *t;
	enum err e;

	if ((e = store_mkdir(s, rendition_folder(env->arena, r, media),
		 &env->why)) != ERR_OK ||
	    (e = store_temp(s, env->arena, &t, &env->why)) != ERR_OK ||
	    (e = image_thumbnail(env->base->image, env->arena, in, t->fd, side,
		 ret, &env->why)) != ERR_OK)
		return e;
	/* Replace an existing one: it may be from another file with the same
	 * mtime. */
	e = store_replace(t, path, &env->why);
	if (e == ERR_OK)
		*ret_fd = t->fd;
	return e;
}

enum err
thumb_make(struct env *env, const struct uuid *media, int in,
    const struct store_info *st, struct image_info *ret, int *ret_fd)
{
	return make(env, RENDITION_THUMB, media, in, st, ret, ret_fd);
}

enum err
thumb_open(struct env *env, enum rendition r, const struct uuid *media,
    const struct media_file *m, const char **ret_path, int *ret_fd,
    struct store_info *ret_st)
{
	struct image_info info;
	struct store_info st;
	const char *path;
	int in, made;
	enum err e;

	/* Take the mtime from the file, which may have changed since it was
	 * listed; if it is gone, there is nothing to show. */
	e = store_read(env->base->store,
	    arena_printf(env->arena, "user-media/%s", m->path), &in, &st,
	    &env->why);
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, in);
	path = rendition_path(env->arena, r, media, clock_ns(st.mtime));
	e = store_read(env->base->store, path, ret_fd, ret_st, &env->why);
	if (e == ERR_NOT_FOUND) {
		e = make(env, r, media, in, &st, &info, &made);
		if (e == ERR_INVALID || e == ERR_TOO_LARGE)
			return ERR_NOT_FOUND;
		if (e == ERR_OK)
			e = store_read(env->base->store, path, ret_fd, ret_st,
			    &env->why);
	}
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, *ret_fd);
	*ret_path = path;
	return ERR_OK;
}

struct forget {
	struct env *env;
	const char *folder;
	const char *prefix; /* the media's UUID */
	const char *kept;
};

static enum err
forget_one(void *arg, const char *name, const struct store_info *info)
{
	struct forget *f = arg;
	const char *path;

	(void)info;
	if (!text_starts(name, f->prefix))
		return ERR_OK;
	path = arena_printf(f->env->arena, "%s/%s", f->folder, name);
	if (strcmp(path, f->kept) == 0)
		return ERR_OK;
	return store_remove(f->env->base->store, path, &f->env->why);
}

static enum err
forget(struct env *env, enum rendition r, const struct uuid *media,
    int64_t mtime)
{
	struct forget f = { env, rendition_folder(env->arena, r, media), NULL,
		rendition_path(env->arena, r, media, mtime) };
	char text[UUID_TEXT];
	enum err e;

	uuid_format(media, text);
	f.prefix = text;
	e = store_list(env->base->store, f.folder, forget_one, &f, &env->why);
	if (e != ERR_NOT_FOUND)
		return e;
	return ERR_OK;
}

enum err
thumb_forget(struct env *env, const struct uuid *media, int64_t mtime)
{
	enum err e = forget(env, RENDITION_THUMB, media, mtime);

	return e != ERR_OK ? e : forget(env, RENDITION_VIEW, media, mtime);
}
