#include "config.h"

#include "core/community/feed.h"

#include <inttypes.h>

#include "base/buf.h"
#include "core/community/tag.h"
#include "db/community_db.h"

enum err
community_feed(struct env *env, const char *tag, const char *cursor,
    uint64_t limit, struct community_item **ret, size_t *ret_n,
    const char **ret_next)
{
	uint64_t before;
	struct tag t = { 0 };
	enum err e;

	if (limit == 0 || limit > FEED_LIMIT_MOST)
		return why_with(&env->why, WHY_OUT_OF_RANGE,
		    .about = ABOUT_LIMIT, .least = 1, .most = FEED_LIMIT_MOST);
	if (cursor != NULL && cursor[0] == '\0')
		cursor = NULL;
	if ((e = cursor_parse(cursor, &before, &env->why)) != ERR_OK)
		return e;
	if (tag != NULL && tag[0] != '\0') {
		e = community_tag_find(env, tag, &t);
		if (e == ERR_NOT_FOUND)
			return why_set(&env->why, WHY_NO_SUCH_TAG);
		if (e != ERR_OK)
			return e;
	}
	/* One row more shows whether there is a next page. */
	e = community_db_feed(&env->db, t.id, before, limit + 1, ret, ret_n);
	if (e != ERR_OK)
		return e;
	*ret_next = NULL;
	if (*ret_n > limit) {
		*ret_n = limit;
		*ret_next =
		    arena_printf(env->arena, "%" PRIu64, (*ret)[limit - 1].id);
	}
	return ERR_OK;
}

const char *
community_url(struct env *env, struct arena *a, const char *object_name)
{
	struct buf b;

	buf_init(&b, a, 1024);
	buf_putf(&b, "%s/general/", env->base->conf->site_base_url);
	buf_urlpath(&b, object_name);
	return buf_str(&b);
}
