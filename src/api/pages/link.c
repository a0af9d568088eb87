/* The page of a link or of a share with an account. */
#include "config.h"

#include <inttypes.h>

#include "core/share/items.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/visitor.h"
#include "base/clock.h"
#include "core/share/access.h"
#include "core/delivery/delivery.h"
#include "core/community/media_share.h"
#include "http/accept.h"
#include "http/body.h"

#define PER_PAGE 60

/* One page of a share's content. */
struct showing {
	struct call *call;
	const struct share *share;
	const struct share_item *items;
	size_t n;
	size_t one;	    /* the item that is shown large; n: show all */
	const char *cursor; /* of this page of a collection; NULL: the first */
	uint64_t before;    /* cursor of the next page; 0: this is the last */
	int64_t until;	    /* when signed addresses expire; Unix seconds */
	const char *path;   /* of the page itself */
	const char *url;    /* for Open Graph; NULL: not a public link */
	bool closed;	    /* the items are withheld: only the title shows */
};

static bool
is_single(const struct showing *p)
{
	return p->share->target_type == SHARE_MEDIA && p->n == 1;
}

static const char *
title_of(const struct showing *p)
{
	const struct share *s = p->share;

	if (p->closed && share_name(s) == NULL && !is_single(p))
		return "Shared with you";
	return html_share_name(p->call->env.arena, s,
	    p->n > 0 ? &p->items[0] : NULL, p->n);
}

/* Sets p->one by the query's item; an unknown item shows all of them. */
static void
choose(struct showing *p)
{
	const char *item = http_query(p->call->req, "item");
	struct uuid uuid;

	p->one = is_single(p) ? 0 : p->n;
	if (item == NULL || !uuid_from_text(item, &uuid))
		return;
	for (size_t i = 0; i < p->n; i++)
		if (uuid_equal(&p->items[i].uuid, &uuid))
			p->one = i;
}

/* The path of the page that shows item i large; p->n: of all items. */
static const char *
path_of(const struct showing *p, size_t i)
{
	struct arena *a = p->call->env.arena;
	const char *cursor =
	    p->cursor == NULL ? "" : arena_printf(a, "cursor=%s", p->cursor);
	char item[UUID_TEXT];

	if (i == p->n)
		return arena_printf(a, "%s%s%s", p->path,
		    cursor[0] != '\0' ? "?" : "", cursor);
	uuid_format(&p->items[i].uuid, item);
	return arena_printf(a, "%s?item=%s%s%s", p->path, item,
	    cursor[0] != '\0' ? "&" : "", cursor);
}

static enum media_type
type_of(const struct share_item *i)
{
	return media_type_of_mime(i->mime);
}

/* ---- Open Graph ---- */

/* The preview is the thumbnail, whose longer side is image.thumbnail. No
 * preview for a link with a password or limit: fetching it would bypass both. */
static void
set_preview(const struct showing *p, struct html_head *head)
{
	uint64_t side = (uint64_t)p->call->env.base->conf->image_thumbnail;
	const struct share_item *i = &p->items[0];
	uint64_t longer = i->width > i->height ? i->width : i->height;

	if (p->n == 0 || !media_type_is_image(type_of(i)) ||
	    p->share->password_hash != NULL || share_has_limit(p->share))
		return;
	head->og_image = arena_printf(p->call->env.arena, "%s/preview", p->url);
	if (longer == 0)
		return;
	if (side > longer)
		side = longer;
	head->og_width = (uint32_t)((i->width * side + longer / 2) / longer);
	head->og_height = (uint32_t)((i->height * side + longer / 2) / longer);
}

static const char *
describe(const struct showing *p)
{
	if (p->n == 1 && p->items[0].caption != NULL)
		return p->items[0].caption;
	return arena_printf(p->call->env.arena, "Shared by %s",
	    p->share->owner_name);
}

/* ---- one media ---- */

static void
put_picture(struct buf *b, const struct share_item *i, const char *src,
    const char *href)
{
	if (href != NULL) {
		buf_lit(b, "<a");
		html_attr(b, "href", href);
		buf_lit(b, ">");
	}
	buf_lit(b, "<img");
	html_attr(b, "src", src);
	html_attr(b, "alt",
	    i->caption != NULL ? i->caption : share_item_name(i));
	if (i->width > 0 && i->height > 0)
		buf_putf(b, " width=\"%u\" height=\"%u\"", i->width, i->height);
	buf_lit(b, ">");
	buf_raw(b, href != NULL ? "</a>\n" : "\n");
}

/* The item as large as the window allows. */
static void
put_stage(struct buf *b, const struct share_item *i,
    const struct delivery_urls *urls)
{
	buf_lit(b, "<div class=\"stage\">\n");
	if (type_of(i) == MEDIA_UNKNOWN) {
		buf_lit(b,
		    "<span class=\"tile\">This kind of file cannot be "
		    "shown here</span>\n");
	} else if (media_type_is_image(type_of(i))) {
		put_picture(b, i, urls->view, urls->view);
	} else {
		buf_lit(b, "<video controls preload=\"metadata\"");
		html_attr(b, "src", urls->view);
		html_attr(b, "aria-label", share_item_name(i));
		buf_lit(b, "></video>\n");
	}
	buf_lit(b, "</div>\n");
}

static void
put_item_facts(struct buf *b, const struct share_item *i)
{
	buf_html(b, html_kind(i->mime));
	if (i->width > 0 && i->height > 0)
		buf_putf(b, ", %u × %u", i->width, i->height);
	buf_lit(b, ", ");
	html_size(b, i->size);
}

static void
put_step(const struct showing *p, struct buf *b, bool there, size_t i,
    const char *rel, const char *text)
{
	if (!there) {
		buf_putf(b, "<span class=\"step\">%s</span>\n", text);
		return;
	}
	buf_lit(b, "<a class=\"step\"");
	html_attr(b, "href", path_of(p, i));
	buf_putf(b, "%s>%s</a>\n", rel, text);
}

/* Links to the previous and next item, and to all of them. */
static void
put_steps(const struct showing *p, struct buf *b)
{
	if (is_single(p))
		return;
	buf_lit(b, "<nav class=\"steps\" aria-label=\"Files\">\n");
	put_step(p, b, p->one > 0, p->one - 1, " rel=\"prev\"", "Previous");
	put_step(p, b, true, p->n, "", "Show all");
	put_step(p, b, p->one + 1 < p->n, p->one + 1, " rel=\"next\"", "Next");
	buf_lit(b, "</nav>\n");
}

/* A single file is titled by its share. */
static const char *
head_of(const struct showing *p)
{
	return p->one == p->n || is_single(p) ?
	    title_of(p) :
	    share_item_name(&p->items[p->one]);
}

static void
put_one(struct showing *p, struct buf *b)
{
	const struct share_item *i = &p->items[p->one];
	struct delivery_urls urls;

	delivery_share_urls(&p->call->env, p->call->env.arena, p->share, i,
	    p->until, &urls);
	put_stage(b, i, &urls);
	put_steps(p, b);
	buf_lit(b, "<h1 dir=\"auto\">");
	buf_html(b, head_of(p));
	buf_lit(b, "</h1>\n");
	if (i->caption != NULL) {
		buf_lit(b, "<p class=\"caption\" dir=\"auto\">");
		buf_html(b, i->caption);
		buf_lit(b, "</p>\n");
	}
	buf_lit(b, "<p class=\"small\">");
	put_item_facts(b, i);
	buf_lit(b, "</p>\n");
	if (urls.download == NULL) {
		buf_putf(b,
		    "<p class=\"small\">Downloads are turned off for this "
		    "%s.</p>\n",
		    share_is_link(p->share) ? "link" : "share");
		return;
	}
	buf_lit(b, "<p class=\"ways\"><a class=\"button\"");
	html_attr(b, "href", urls.download);
	buf_lit(b, ">Download</a></p>\n");
}

static void
put_about(const struct showing *p, struct buf *b)
{
	const struct share *s = p->share;

	if (s->note != NULL) {
		buf_lit(b, "<p class=\"caption note\" dir=\"auto\">");
		buf_html(b, s->note);
		buf_lit(b, "</p>\n");
	}
	buf_lit(b, "<p class=\"small\">");
	if (p->one == p->n && p->n > 0 && p->cursor == NULL && p->before == 0 &&
	    share_name(s) != NULL)
		buf_putf(b, "%zu file%s, shared by ", p->n,
		    p->n == 1 ? "" : "s");
	else
		buf_lit(b, "Shared by ");
	buf_lit(b, "<bdi class=\"who\">");
	buf_html(b, s->owner_name);
	buf_lit(b, "</bdi>, ");
	html_date(b, s->created_at);
	if (s->expires_at != CLOCK_NONE) {
		buf_lit(b, "; expires ");
		html_time(b, s->expires_at);
	}
	buf_lit(b, ".</p>\n");
}

/* ---- many of them ---- */

static void
put_card(struct showing *p, struct buf *b, size_t at)
{
	const struct share_item *i = &p->items[at];
	const char *name = share_item_name(i);
	struct delivery_urls urls;

	delivery_share_urls(&p->call->env, p->call->env.arena, p->share, i,
	    p->until, &urls);
	buf_lit(b, "<li class=\"card\">\n");
	buf_lit(b, "<a class=\"picture\"");
	html_attr(b, "href", path_of(p, at));
	buf_lit(b, "><span class=\"unseen\">Open ");
	buf_html(b, name);
	buf_lit(b, " </span>");
	html_thumb(b, urls.thumb, "", i->mime, i->width, i->height);
	buf_lit(b, "</a>\n");
	buf_lit(b, "<div class=\"about\">\n<h2 class=\"name\" dir=\"auto\">");
	buf_html(b, name);
	buf_lit(b, "</h2>\n<p class=\"small\">");
	put_item_facts(b, i);
	buf_lit(b, "</p>\n");
	if (urls.download != NULL) {
		buf_lit(b, "<p class=\"links\"><a");
		html_attr(b, "href", urls.download);
		buf_lit(b, ">Download<span class=\"unseen\"> ");
		buf_html(b, name);
		buf_lit(b, "</span></a></p>\n");
	}
	buf_lit(b, "</div>\n</li>\n");
}

static void
put_many(struct showing *p, struct buf *b)
{
	buf_lit(b, "<h1 dir=\"auto\">");
	buf_html(b, title_of(p));
	buf_lit(b, "</h1>\n");
	put_about(p, b);
	if (p->n == 0)
		buf_lit(b,
		    "<div class=\"empty\">\n<p>There are no files here "
		    "yet.</p>\n</div>\n");
	buf_lit(b, "<ul class=\"grid\">\n");
	for (size_t i = 0; i < p->n; i++)
		put_card(p, b, i);
	buf_lit(b, "</ul>\n");
	html_pages(b, p->cursor != NULL ? p->path : NULL,
	    p->before == 0 ? NULL :
			     arena_printf(p->call->env.arena,
				 "%s?cursor=%" PRIu64, p->path, p->before));
}

/* Links for the owner, and for an account that may reshare or edit. */
static void
put_rights(const struct showing *p, struct buf *b)
{
	const struct share *s = p->share;
	bool own = p->call->caller.user.id == s->owner_id;
	char id[UUID_TEXT], target[UUID_TEXT];

	if (p->call->caller.user.id == 0 || (share_is_link(s) && !own))
		return;
	uuid_format(&s->uuid, id);
	uuid_format(&s->target_uuid, target);
	buf_lit(b, "<p class=\"links\">");
	if (own)
		buf_putf(b, "<a href=\"/shares/%s/log\">Activity</a>\n", id);
	else if (s->can_reshare)
		buf_putf(b, "<a href=\"/shares/new?share=%s\">Reshare</a>\n",
		    id);
	if (s->collection_id != 0 && (own || s->can_edit))
		buf_putf(b, "<a href=\"/collections/%s\">Edit collection</a>\n",
		    target);
	buf_lit(b, "</p>\n");
}

static enum err
write_page(struct showing *p)
{
	struct html_head head = { .private_page = true };
	struct buf *b;

	choose(p);
	head.title = head_of(p);

	if (p->url != NULL) {
		head.og_url = p->url;
		head.og_description = describe(p);
		set_preview(p, &head);
	}
	http_response_text(p->call->resp, "Cache-Control", "private, no-store");
	b = html_begin(p->call, 200, &head);
	buf_lit(b, "<article class=\"showing\">\n");
	if (p->one < p->n) {
		put_one(p, b);
		put_about(p, b);
	} else if (!p->closed) {
		put_many(p, b);
	} else {
		buf_lit(b, "<h1>Shared with you</h1>\n");
		put_about(p, b);
	}
	put_rights(p, b);
	buf_lit(b, "</article>\n");
	return html_end(p->call);
}

/* ---- the password ---- */

/* wrong: why the form is shown again; NULL: it is shown for the first time. */
static enum err
write_lock(struct call *c, int status, const char *wrong)
{
	struct html_head head = { .title = "This link is password-protected",
		.private_page = true };
	struct buf *b;

	http_response_text(c->resp, "Cache-Control", "private, no-store");
	b = html_begin(c, status, &head);
	buf_lit(b,
	    "<div class=\"narrow\">\n"
	    "<h1>This link is password-protected</h1>\n");
	html_wrong(b, wrong);
	buf_lit(b, "<form class=\"panel stack\" method=\"post\"");
	html_attr(b, "action", c->req->target);
	buf_lit(b,
	    ">\n<label>Password\n<input name=\"password\" "
	    "type=\"password\" required autofocus "
	    "autocomplete=\"off\" maxlength=\"1024\"");
	buf_raw(b, wrong != NULL ? " aria-describedby=\"wrong\"" : "");
	buf_lit(b,
	    "></label>\n<button>Open</button>\n</form>\n"
	    "<p class=\"small\">Ask the sender for the password.</p>\n"
	    "</div>\n");
	return html_end(c);
}

/* Without the form: any password would be refused for now. */
static enum err
write_wait(struct call *c, unsigned seconds)
{
	struct html_head head = { .title = "Too many wrong passwords",
		.private_page = true };
	struct buf *b;

	http_response_header(c->resp, "Retry-After", "%u", seconds);
	http_response_text(c->resp, "Cache-Control", "private, no-store");
	b = html_begin(c, 429, &head);
	buf_lit(b,
	    "<div class=\"narrow\">\n"
	    "<h1>Too many wrong passwords</h1>\n");
	buf_putf(b, "<p class=\"lead\" role=\"alert\">%s</p>\n",
	    html_wait(c->env.arena, seconds));
	buf_lit(b,
	    "<p>If you do not know the password, ask the sender.</p>\n"
	    "<p class=\"ways\"><a class=\"button\"");
	html_attr(b, "href", c->req->target);
	buf_lit(b, ">Try again</a></p>\n</div>\n");
	return html_end(c);
}

static enum err
refuse(struct call *c, enum err e, bool tried)
{
	if (e == ERR_LIMITED)
		return write_wait(c, c->env.why.retry_after);
	http_response_header(c->resp, "WWW-Authenticate",
	    "Bearer realm=\"vitrine\"");
	return write_lock(c, 401, tried ? "Wrong password. Try again." : NULL);
}

/* ---- the pages ---- */

static enum err
open_link(struct call *c, struct opening *l, bool *ret_tried)
{
	struct gate_visitor v = { 0 };
	uint64_t before;
	enum err e = call_cursor(c, &before);

	if (e != ERR_OK)
		return e;
	visitor_read(c, c->args[0], &v);
	*ret_tried = v.password != NULL;
	return gate_open(&c->env, &c->caller, c->args[0], &v, before, PER_PAGE,
	    l);
}

static enum err
show_link(struct call *c, const char *page)
{
	struct showing p = { .call = c };
	struct opening l;
	bool tried;
	enum err e = open_link(c, &l, &tried);

	if (e == ERR_UNAUTH || e == ERR_LIMITED)
		return refuse(c, e, tried);
	if (e != ERR_OK)
		return e;
	visitor_remember(c, c->args[0], &l);
	p.share = &l.share;
	p.items = l.items;
	p.n = l.nitems;
	p.before = l.before;
	p.cursor = http_query(c->req, "cursor");
	p.until = l.until;
	p.closed = l.closed;
	p.path = c->req->target;
	p.url = arena_printf(c->env.arena, "%s%s/%s",
	    c->env.base->conf->site_base_url, page, c->args[0]);
	return write_page(&p);
}

enum err
page_link(struct call *c)
{
	return show_link(c, "/s");
}

/* The share code's JSON answer (seed 000). */
static enum err
write_json(struct call *c, const struct opening *l)
{
	const struct share_item *i = &l->items[0];
	struct delivery_urls urls = { 0 };
	char code[UUID_TEXT];
	struct json_out w;

	uuid_format(&l->share.token, code);
	if (l->nitems > 0)
		delivery_share_urls(&c->env, c->env.arena, &l->share, i,
		    l->until, &urls);
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "shareCode", code);
	if (l->nitems > 0) {
		jw_text(&w, "name", share_item_name(i));
		jw_text(&w, "caption", i->caption);
		jw_text(&w, "mimeType", i->mime);
		jw_int(&w, "size", i->size);
		jw_uint_or_null(&w, "width", i->width);
		jw_uint_or_null(&w, "height", i->height);
		jw_text(&w, "url", urls.view);
		jw_text(&w, "thumbnailUrl", urls.thumb);
	}
	jw_text(&w, "sharedBy", l->share.owner_name);
	jw_time(&w, "createdAt", l->share.created_at);
	jw_end(&w);
	return call_json_done(c);
}

enum err
page_shared_media(struct call *c)
{
	struct opening l;
	bool tried;
	enum err e;

	http_response_header(c->resp, "Vary", "Accept");
	if (http_wants_html(c->req))
		return show_link(c, "/shared/media");
	if ((e = open_link(c, &l, &tried)) != ERR_OK)
		return e;
	visitor_remember(c, c->args[0], &l);
	http_response_header(c->resp, "Cache-Control", "private, no-store");
	return write_json(c, &l);
}

enum err
page_unlock_form(struct call *c)
{
	struct gate_visitor v = { 0 };
	const struct http_pair *form;
	struct opening l;
	size_t n;
	enum err e;

	e = http_form(c->req, c->route->body_limit, &form, &n, &c->env.why);
	if (e != ERR_OK)
		return e;
	visitor_read(c, c->args[0], &v);
	v.password = http_pair_value(form, n, "password");
	e = gate_unlock(&c->env, &c->caller, c->args[0], &v, &l);
	if (e == ERR_UNAUTH || e == ERR_LIMITED)
		return refuse(c, e, v.password != NULL);
	if (e != ERR_OK)
		return e;
	visitor_remember(c, c->args[0], &l);
	return call_redirect(c, c->req->target);
}

/* The page of a share for its recipient and its owner. */
enum err
page_share(struct call *c)
{
	struct showing p = { .call = c };
	uint64_t before;
	struct share_item *items;
	struct share s = { 0 };
	enum err e;

	if ((e = call_cursor(c, &before)) != ERR_OK ||
	    (e = access_share_visit(&c->env, &c->caller, c->args[0], &s)) !=
		ERR_OK ||
	    (e = share_items(&c->env, &s, before, PER_PAGE, &items, &p.n,
		 &p.before)) != ERR_OK)
		return e;
	p.share = &s;
	p.items = items;
	p.cursor = http_query(c->req, "cursor");
	p.until = s.shown_until;
	p.path = c->req->target;
	return write_page(&p);
}
