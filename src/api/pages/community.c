#include "config.h"

#include <string.h>

#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "core/community/feed.h"
#include "core/community/tag.h"

#define NEWEST 8 /* pictures on the home page */

/* The thumbnail, linked to the full-size picture. */
static void
put_picture(struct call *c, struct buf *b, const struct community_item *item)
{
	struct arena *a = c->env.arena;
	const char *thumb = item->thumb_name;
	const char *alt = arena_printf(a, "%s, shared by %s",
	    html_kind(item->mime), item->shared_by);

	buf_lit(b, "<a class=\"picture\"");
	html_attr(b, "href", community_url(&c->env, a, item->object_name));
	buf_lit(b, ">");
	html_thumb(b, thumb == NULL ? NULL : community_url(&c->env, a, thumb),
	    alt, item->mime, item->width, item->height);
	/* The kind of file alone would not tell one link from another. */
	if (thumb == NULL) {
		buf_lit(b, " <span class=\"unseen\">shared by ");
		buf_html(b, item->shared_by);
		buf_lit(b, "</span>");
	}
	buf_lit(b, "</a>\n");
}

/* ---- the home page ---- */

static void
put_newest(struct call *c, struct buf *b, const struct community_item *v,
    size_t n)
{
	if (n == 0)
		return;
	buf_lit(b,
	    "<section>\n<h2>New in the community</h2>\n"
	    "<ul class=\"grid wall\">\n");
	for (size_t i = 0; i < n; i++) {
		buf_lit(b, "<li class=\"card\">");
		put_picture(c, b, &v[i]);
		buf_lit(b, "</li>\n");
	}
	buf_lit(b,
	    "</ul>\n<p class=\"pages\"><a href=\"/community\">View all"
	    "<span class=\"unseen\"> in the community</span></a></p>\n"
	    "</section>\n");
}

enum err
page_home(struct call *c)
{
	struct html_head head = { .title = NULL };
	struct community_item *items;
	const char *next;
	struct buf *b;
	size_t n;
	enum err e;

	if (c->caller.user.id != 0)
		return call_redirect(c, "/vault");
	e = community_feed(&c->env, NULL, NULL, NEWEST, &items, &n, &next);
	if (e != ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b, "<div class=\"welcome\">\n<h1 dir=\"auto\">");
	buf_html(b, c->env.base->conf->site_name);
	buf_lit(b,
	    "</h1>\n<p class=\"lead\">A private vault for your pictures and "
	    "videos. Share them by link, or publish them to the "
	    "community.</p>\n"
	    "<p class=\"ways\"><a class=\"button\" href=\"/login\">Sign in</a>\n"
	    "<a href=\"/community\">Browse the community</a></p>\n</div>\n");
	put_newest(c, b, items, n);
	return html_end(c);
}

/* ---- the feed ---- */

static const char *
feed_path(struct arena *a, const char *tag, const char *cursor)
{
	struct buf b;

	buf_init(&b, a, HTTP_MAX_TARGET);
	buf_lit(&b, "/community");
	if (tag != NULL) {
		buf_lit(&b, "?tag=");
		buf_url(&b, tag);
	}
	if (cursor != NULL) {
		buf_raw(&b, tag != NULL ? "&cursor=" : "?cursor=");
		buf_url(&b, cursor);
	}
	return buf_str(&b);
}

/* One filter: a tag, or (slug NULL) all tags. */
static void
put_choice(struct call *c, struct buf *b, const char *slug, const char *name,
    bool current)
{
	buf_lit(b, "<li><a");
	html_attr(b, "href", feed_path(c->env.arena, slug, NULL));
	if (current)
		buf_lit(b, " aria-current=\"true\"");
	buf_lit(b, ">");
	buf_html(b, name);
	buf_lit(b, "</a></li>\n");
}

static bool
is_same(const char *p, const char *q)
{
	return p != NULL && q != NULL && strcmp(p, q) == 0;
}

static void
put_tags(struct call *c, struct buf *b, const struct tag *tags, size_t n,
    const char *chosen)
{
	buf_lit(b, "<nav aria-label=\"Tags\"><ul class=\"choices\">\n");
	put_choice(c, b, NULL, "All", chosen == NULL);
	for (size_t i = 0; i < n; i++)
		put_choice(c, b, tags[i].slug, tags[i].name,
		    is_same(tags[i].slug, chosen));
	buf_lit(b, "</ul></nav>\n");
}

/* The tag's name; the slug itself if the tag has been removed. */
static const char *
tag_name(const struct tag *tags, size_t n, const char *slug)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(tags[i].slug, slug) == 0)
			return tags[i].name;
	return slug;
}

static void
put_item_tags(struct call *c, struct buf *b, const char *slugs,
    const struct tag *tags, size_t n)
{
	char *rest, *slug;

	if (slugs == NULL)
		return;
	buf_lit(b, "<p class=\"tags\">");
	rest = arena_strdup(c->env.arena, slugs);
	while ((slug = strsep(&rest, ",")) != NULL) {
		buf_lit(b, "<a");
		html_attr(b, "href", feed_path(c->env.arena, slug, NULL));
		buf_lit(b, ">");
		buf_html(b, tag_name(tags, n, slug));
		buf_lit(b, "</a>\n");
	}
	buf_lit(b, "</p>\n");
}

static void
put_item(struct call *c, struct buf *b, const struct community_item *item,
    const struct tag *tags, size_t n)
{
	buf_lit(b, "<li class=\"card\">");
	put_picture(c, b, item);
	buf_lit(b,
	    "<div class=\"about\">\n<p class=\"small\">"
	    "<bdi class=\"who\">");
	buf_html(b, item->shared_by);
	buf_lit(b, "</bdi>, ");
	html_date(b, item->created_at);
	buf_lit(b, "</p>\n");
	put_item_tags(c, b, item->tags, tags, n);
	buf_lit(b, "</div></li>\n");
}

static void
put_nothing(struct call *c, struct buf *b, const char *tag)
{
	buf_lit(b, "<div class=\"empty\">\n<p>");
	if (tag != NULL)
		buf_lit(b,
		    "Nothing with this tag yet.</p>\n"
		    "<p><a href=\"/community\">Clear filter</a>");
	else if (c->caller.user.id != 0)
		buf_lit(b,
		    "Nothing has been published yet.</p>\n"
		    "<p>Choose a picture in <a href=\"/vault\">your vault</a> "
		    "and publish it to the community.");
	else
		buf_lit(b,
		    "Nothing has been published yet.</p>\n"
		    "<p><a href=\"/login\">Sign in</a> to publish the first "
		    "picture.");
	buf_lit(b, "</p>\n</div>\n");
}

static void
put_pages(struct call *c, struct buf *b, const char *tag, bool first,
    const char *next)
{
	struct arena *a = c->env.arena;

	html_pages(b, first ? NULL : feed_path(a, tag, NULL),
	    next == NULL ? NULL : feed_path(a, tag, next));
}

/* The query's value; NULL if it is missing or empty. */
static const char *
chosen(struct call *c, const char *name)
{
	const char *value = http_query(c->req, name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

enum err
page_community(struct call *c)
{
	const char *tag = chosen(c, "tag"), *cursor = chosen(c, "cursor");
	struct html_head head = { .title = "Community" };
	struct community_item *items;
	struct tag *tags;
	const char *next;
	size_t n, ntags;
	struct buf *b;
	enum err e;

	if ((e = community_tags(&c->env, &tags, &ntags)) != ERR_OK ||
	    (e = community_feed(&c->env, tag, cursor, FEED_LIMIT, &items, &n,
		 &next)) != ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b, "<h1>Community</h1>\n");
	put_tags(c, b, tags, ntags, tag);
	if (n == 0)
		put_nothing(c, b, tag);
	buf_lit(b, "<ul class=\"grid wall\">\n");
	for (size_t i = 0; i < n; i++)
		put_item(c, b, &items[i], tags, ntags);
	buf_lit(b, "</ul>\n");
	put_pages(c, b, tag, cursor == NULL, next);
	return html_end(c);
}
