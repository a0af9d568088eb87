#include "config.h"

#include "core/community/source.h"
#include "core/vault/category.h"

#include <string.h>
#include <unistd.h>

bool
community_is_upload(const struct media *m)
{
	return strcmp(m->source, CATEGORY_UPLOAD) == 0;
}

enum err
community_open_source(struct env *env, const struct media *m,
    struct community_source *ret)
{
	unsigned char head[64];
	struct store_info st;
	ssize_t n;
	enum err e;

	e = store_read(env->base->store,
	    arena_printf(env->arena, "user-media/%s", m->path), &ret->fd, &st,
	    &env->why);
	if (e == ERR_NOT_FOUND)
		return why_set(&env->why, WHY_NO_MEDIA);
	if (e != ERR_OK)
		return e;
	arena_defer_close(env->arena, ret->fd);
	n = pread(ret->fd, head, sizeof(head), 0);
	ret->type = n > 0 ? image_sniff(head, (size_t)n) : MEDIA_UNKNOWN;
	return ERR_OK;
}
