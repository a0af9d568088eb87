#include "config.h"

#include <string.h>

#include "api/call.h"
#include "api/handlers.h"
#include "core/community/feed.h"
#include "core/community/tag.h"

enum err
handle_tags(struct call *c)
{
	struct json_out w;
	struct tag *tags;
	size_t n;
	enum err e;

	if ((e = community_tags(&c->env, &tags, &n)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		jw_object(&w, NULL);
		jw_text(&w, "slug", tags[i].slug);
		jw_text(&w, "name", tags[i].name);
		jw_end(&w);
	}
	jw_end(&w);
	return call_json_done(c);
}

/* The database returns the slugs joined by commas, which no slug contains. */
static void
write_tags(struct call *c, struct json_out *w, const char *tags)
{
	char *rest = arena_strdup(c->env.arena, tags != NULL ? tags : "");
	char *slug;

	jw_array(w, "tags");
	while ((slug = strsep(&rest, ",")) != NULL)
		if (slug[0] != '\0')
			jw_text(w, NULL, slug);
	jw_end(w);
}

static void
write_item(struct call *c, struct json_out *w, const struct community_item *i)
{
	struct arena *a = c->env.arena;

	jw_object(w, NULL);
	jw_uint(w, "id", i->id);
	jw_text(w, "url", community_url(&c->env, a, i->object_name));
	jw_text(w, "thumbnailUrl",
	    i->thumb_name != NULL ? community_url(&c->env, a, i->thumb_name) :
				    NULL);
	jw_text(w, "mimeType", i->mime);
	jw_uint(w, "width", i->width);
	jw_uint(w, "height", i->height);
	write_tags(c, w, i->tags);
	jw_text(w, "sharedBy", i->shared_by);
	jw_time(w, "createdAt", i->created_at);
	jw_end(w);
}

enum err
handle_feed(struct call *c)
{
	struct community_item *items;
	struct json_out w;
	const char *next;
	uint64_t limit;
	size_t n;
	enum err e;

	e = call_query_number(c, "limit", FEED_LIMIT_MOST, FEED_LIMIT, &limit);
	if (e == ERR_OK)
		e = community_feed(&c->env, http_query(c->req, "tag"),
		    http_query(c->req, "cursor"), limit, &items, &n, &next);
	if (e != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_array(&w, "items");
	for (size_t i = 0; i < n; i++)
		write_item(c, &w, &items[i]);
	jw_end(&w);
	jw_text(&w, "nextCursor", next);
	jw_end(&w);
	return call_json_done(c);
}
