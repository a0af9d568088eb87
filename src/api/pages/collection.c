#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "core/share/list.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/pages/offer.h"
#include "api/paging.h"
#include "base/text.h"
#include "core/vault/collection.h"
#include "core/delivery/delivery.h"
#include "core/share/notification.h"
#include "http/body.h"

#define PER_PAGE 30
#define ITEMS_PER_PAGE 60
#define CHOICES 200

static const struct html_notice notices[] = {
	{ "made", "Collection created. Add files to it from your vault." },
	{ "changed", "Changes saved." },
	{ "put", "Added to the collection." },
	{ "taken", "Removed from the collection." },
	{ "deleted", "Collection deleted. Its files are still in the vault." },
};

#define NOTICES (sizeof(notices) / sizeof(notices[0]))

/* ---- the list ---- */

static void
put_fields(struct buf *b, const char *name, const char *description)
{
	buf_lit(b,
	    "<label>Name\n<input name=\"name\" required "
	    "maxlength=\"255\" dir=\"auto\"");
	html_attr(b, "value", name);
	buf_lit(b,
	    "></label>\n<label>Description (optional)\n"
	    "<textarea name=\"description\" rows=\"2\" maxlength=\"4000\" "
	    "dir=\"auto\">\n");
	buf_html(b, description != NULL ? description : "");
	buf_lit(b, "</textarea></label>\n");
}

static void
put_new(struct buf *b, bool open)
{
	buf_putf(b,
	    "<details class=\"upload\"%s>\n<summary>New collection</summary>\n"
	    "<form class=\"panel stack middle\" method=\"post\" "
	    "action=\"/collections\">\n",
	    open ? " open" : "");
	put_fields(b, "", NULL);
	buf_lit(b, "<button>Create collection</button>\n</form>\n</details>\n");
}

static void
put_entry(struct buf *b, const struct collection *k)
{
	char id[UUID_TEXT];

	uuid_format(&k->uuid, id);
	buf_putf(b,
	    "<li class=\"panel\">\n<h2 class=\"name\" dir=\"auto\">"
	    "<a href=\"/collections/%s\">",
	    id);
	buf_html(b, k->name);
	buf_lit(b, "</a></h2>\n");
	if (k->description != NULL) {
		buf_lit(b, "<p class=\"caption\" dir=\"auto\">");
		buf_html(b, k->description);
		buf_lit(b, "</p>\n");
	}
	buf_putf(b, "<p class=\"small\">%" PRIu64 " file%s, created ",
	    k->item_count, k->item_count == 1 ? "" : "s");
	html_date(b, k->created_at);
	buf_lit(b, "</p>\n</li>\n");
}

enum err
page_collections(struct call *c)
{
	struct html_head head = { .title = "Collections",
		.private_page = true };
	struct share_page p = { 0 };
	struct collection *v;
	uint64_t total;
	size_t n, shown;
	struct buf *b;
	enum err e;

	if ((e = paging_cursor(c, PER_PAGE, &p)) != ERR_OK ||
	    (e = collection_list(&c->env, &c->caller, &p, &v, &n, &total)) !=
		ERR_OK ||
	    (e = notification_count(&c->env, &c->caller, &head.unread)) !=
		ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	b = html_begin(c, 200, &head);
	buf_lit(b, "<h1>Collections</h1>\n");
	html_notices(c, b, notices, NOTICES);
	put_new(b, total == 0);
	if (total == 0)
		buf_lit(b,
		    "<div class=\"empty\">\n<p>You have no collections "
		    "yet.</p>\n<p>A collection is shared as a whole: files "
		    "that you add later are shared, too.</p>\n</div>\n");
	buf_lit(b, "<ul class=\"entries\">\n");
	for (size_t i = 0; i < shown; i++)
		put_entry(b, &v[i]);
	buf_lit(b, "</ul>\n");
	html_pages(b, p.before == INT64_MAX ? NULL : "/collections",
	    n <= shown ? NULL :
			 arena_printf(c->env.arena,
			     "/collections?cursor=%" PRIu64, v[shown - 1].id));
	return html_end(c);
}

/* ---- forms that change a collection ---- */

struct form {
	const struct http_pair *v;
	size_t n;
};

static enum err
read_form(struct call *c, struct form *ret)
{
	return http_form(c->req, c->route->body_limit, &ret->v, &ret->n,
	    &c->env.why);
}

static const char *
field(const struct form *f, const char *name)
{
	const char *value = http_pair_value(f->v, f->n, name);

	return value != NULL ? value : "";
}

static enum err
go_to(struct call *c, const struct collection *k, const char *done)
{
	char id[UUID_TEXT];

	uuid_format(&k->uuid, id);
	return call_redirect(c,
	    arena_printf(c->env.arena, "/collections/%s?done=%s", id, done));
}

static const char *
text_or_none(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

enum err
page_collection_add_form(struct call *c)
{
	struct collection k = { 0 };
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = collection_add(&c->env, &c->caller, field(&f, "name"),
		 text_or_none(field(&f, "description")), &k)) != ERR_OK)
		return e;
	return go_to(c, &k, "made");
}

enum err
page_collection_edit_form(struct call *c)
{
	struct collection k = { 0 };
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = collection_update(&c->env, &c->caller, c->args[0],
		 field(&f, "name"), field(&f, "description"), &k)) != ERR_OK)
		return e;
	return go_to(c, &k, "changed");
}

enum err
page_collection_delete_form(struct call *c)
{
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = collection_delete(&c->env, &c->caller, c->args[0])) != ERR_OK)
		return e;
	return call_redirect(c, "/collections?done=deleted");
}

enum err
page_collection_take_form(struct call *c)
{
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = collection_take(&c->env, &c->caller, c->args[0],
		 field(&f, "media"))) != ERR_OK)
		return e;
	return call_redirect(c,
	    arena_printf(c->env.arena, "/collections/%s?done=taken",
		c->args[0]));
}

/* ---- adding files ---- */

static void
put_option(struct buf *b, const struct uuid *uuid, const char *name,
    const char *owner, bool chosen)
{
	char id[UUID_TEXT];

	uuid_format(uuid, id);
	buf_putf(b, "<option value=\"%s\"%s>", id, chosen ? " selected" : "");
	buf_html(b, name);
	if (owner != NULL) {
		buf_lit(b, " (by ");
		buf_html(b, owner);
		buf_lit(b, ")");
	}
	buf_lit(b, "</option>\n");
}

/* The caller's collections, and those of others that they can edit. */
static enum err
put_options(struct call *c, struct buf *b)
{
	struct share_page p = { .before = INT64_MAX, .limit = CHOICES };
	struct collection *own;
	struct share *others;
	size_t n, nothers;
	uint64_t total;
	enum err e;

	if ((e = collection_list(&c->env, &c->caller, &p, &own, &n, &total)) !=
		ERR_OK ||
	    (e = share_list_incoming(&c->env, &c->caller, &p, &others, &nothers,
		 &total)) != ERR_OK)
		return e;
	for (size_t i = 0; i < n; i++)
		put_option(b, &own[i].uuid, own[i].name, NULL, i == 0);
	for (size_t i = 0; i < nothers; i++)
		if (others[i].can_edit && others[i].collection_id != 0 &&
		    others[i].target_name != NULL)
			put_option(b, &others[i].target_uuid,
			    others[i].target_name, others[i].owner_name, false);
	return ERR_OK;
}

enum err
page_collection_put(struct call *c)
{
	struct html_head head = { .title = "Add to collection",
		.private_page = true };
	struct offer o;
	struct buf *b;
	enum err e;

	if ((e = offer_read(c, c->req->pairs, c->req->npairs, true, &o)) !=
		ERR_OK ||
	    (e = notification_count(&c->env, &c->caller, &head.unread)) !=
		ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b,
	    "<div class=\"middle\">\n"
	    "<h1>Add to collection</h1>\n");
	offer_show(c, b, &o);
	buf_lit(b,
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/collections/put\">\n");
	offer_fields(b, &o);
	buf_lit(b, "<label>Collection\n<select name=\"into\">\n");
	if ((e = put_options(c, b)) != ERR_OK)
		return e;
	buf_lit(b,
	    "<option value=\"\">New collection</option>\n"
	    "</select></label>\n<label class=\"by-name\">Name of the new "
	    "collection\n<input name=\"name\" maxlength=\"255\" "
	    "dir=\"auto\"></label>\n<button>Add</button>\n</form>\n</div>\n");
	return html_end(c);
}

/* Finds the chosen collection, or creates a new one. */
static enum err
find_or_make(struct call *c, const struct form *f, struct collection *ret)
{
	const char *into = field(f, "into"), *name = field(f, "name");

	if (into[0] == '\0' && name[0] == '\0')
		return why_with(&c->env.why, WHY_COLLECTION_NAME_NEEDED,
		    .field = "name");
	if (into[0] == '\0')
		return collection_add(&c->env, &c->caller, name, NULL, ret);
	if (!uuid_from_text(into, &ret->uuid))
		return why_with(&c->env.why, WHY_NO_SUCH_COLLECTION,
		    .field = "into");
	return ERR_OK;
}

enum err
page_collection_put_form(struct call *c)
{
	struct collection k = { 0 };
	char id[UUID_TEXT], media[UUID_TEXT];
	struct offer o;
	struct form f;
	enum err e;

	if ((e = read_form(c, &f)) != ERR_OK ||
	    (e = offer_read(c, f.v, f.n, false, &o)) != ERR_OK)
		return e;
	if (o.items == NULL)
		return why_with(&c->env.why, WHY_FILES_ONLY, .field = "media");
	if ((e = find_or_make(c, &f, &k)) != ERR_OK)
		return e;
	uuid_format(&k.uuid, id);
	for (size_t i = 0; i < o.n; i++) {
		uuid_format(&o.targets[i], media);
		e = collection_put(&c->env, &c->caller, id, media);
		if (e != ERR_OK)
			return e;
	}
	return go_to(c, &k, "put");
}

/* ---- one collection ---- */

struct shown {
	struct call *call;
	struct collection k;
	struct share s; /* that gives access; id 0: the caller's collection */
	struct share_item *items;
	size_t n;
	uint64_t before;
	char id[UUID_TEXT];
};

static void
put_take(struct buf *b, const struct shown *p, const struct share_item *i)
{
	char media[UUID_TEXT];

	if (p->s.id != 0 && !p->s.can_edit &&
	    i->owner_id != p->call->caller.user.id)
		return;
	uuid_format(&i->uuid, media);
	buf_putf(b, "<form method=\"post\" action=\"/collections/%s/take\">\n",
	    p->id);
	html_hidden(b, "media", media);
	buf_lit(b,
	    "<button class=\"quiet little\">Remove<span "
	    "class=\"unseen\"> ");
	buf_html(b, share_item_name(i));
	buf_lit(b, "</span></button>\n</form>\n");
}

static void
put_item(struct buf *b, const struct shown *p, const struct share_item *i)
{
	struct call *c = p->call;
	struct delivery_urls urls;
	bool opens;

	if (p->s.id == 0)
		delivery_collection_urls(&c->env, c->env.arena, &p->k, i,
		    &urls);
	else
		delivery_share_urls(&c->env, c->env.arena, &p->s, i,
		    p->s.shown_until, &urls);
	opens = urls.view != NULL;
	buf_lit(b, "<li class=\"card\">\n");
	if (opens) {
		buf_lit(b, "<a class=\"picture\"");
		html_attr(b, "href", urls.view);
		buf_lit(b, "><span class=\"unseen\">Open ");
		buf_html(b, share_item_name(i));
		buf_lit(b, " </span>");
	} else {
		buf_lit(b, "<div class=\"picture\">");
	}
	html_thumb(b, urls.thumb, "", i->mime, i->width, i->height);
	buf_raw(b, opens ? "</a>\n" : "</div>\n");
	buf_lit(b, "<div class=\"about\">\n<h2 class=\"name\" dir=\"auto\">");
	buf_html(b, share_item_name(i));
	buf_lit(b, "</h2>\n");
	put_take(b, p, i);
	buf_lit(b, "</div>\n</li>\n");
}

static void
put_about(struct buf *b, const struct shown *p)
{
	const struct collection *k = &p->k;

	if (k->description != NULL) {
		buf_lit(b, "<p class=\"caption\" dir=\"auto\">");
		buf_html(b, k->description);
		buf_lit(b, "</p>\n");
	}
	buf_putf(b, "<p class=\"small\">%" PRIu64 " file%s", k->item_count,
	    k->item_count == 1 ? "" : "s");
	if (p->s.id != 0) {
		buf_lit(b, ", by <bdi>");
		buf_html(b, k->owner_name);
		buf_lit(b, "</bdi>");
	}
	buf_lit(b, "</p>\n<p class=\"ways\">");
	if (p->s.id == 0 || p->s.can_reshare)
		buf_putf(b,
		    "<a class=\"button\" "
		    "href=\"/shares/new?collection=%s\">Share</a>\n",
		    p->id);
	if (p->s.id == 0 || p->s.can_edit)
		buf_lit(b,
		    "<a href=\"/vault\">Add files from your vault</a>\n");
	buf_lit(b, "</p>\n");
}

static void
put_manage(struct buf *b, const struct shown *p)
{
	if (p->s.id != 0)
		return;
	buf_putf(b,
	    "<div class=\"middle stack\">\n<details class=\"manage\">\n"
	    "<summary>Edit name and description</summary>\n"
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/collections/%s/edit\">\n",
	    p->id);
	put_fields(b, p->k.name, p->k.description);
	buf_putf(b,
	    "<button>Save</button>\n</form>\n</details>\n"
	    "<details class=\"delete\">\n<summary>Delete collection"
	    "</summary>\n<form class=\"panel stack\" method=\"post\" "
	    "action=\"/collections/%s/delete\">\n"
	    "<p class=\"small\">Its shares are revoked. The files stay in the "
	    "vault.</p>\n<button class=\"danger\">Delete collection</button>\n"
	    "</form>\n</details>\n</div>\n",
	    p->id);
}

static enum err
read_shown(struct call *c, struct shown *p, const struct share_page *page)
{
	enum err e;

	if ((e = collection_get(&c->env, &c->caller, c->args[0], &p->k,
		 &p->s)) != ERR_OK ||
	    (e = collection_items(&c->env, &p->k, &p->s, page->before,
		 ITEMS_PER_PAGE, &p->items, &p->n, &p->before)) != ERR_OK)
		return e;
	p->call = c;
	uuid_format(&p->k.uuid, p->id);
	return ERR_OK;
}

enum err
page_collection(struct call *c)
{
	struct html_head head = { .private_page = true };
	struct share_page page = { 0 };
	struct shown p = { 0 };
	struct buf *b;
	enum err e;

	if ((e = paging_cursor(c, ITEMS_PER_PAGE, &page)) != ERR_OK ||
	    (e = read_shown(c, &p, &page)) != ERR_OK ||
	    (e = notification_count(&c->env, &c->caller, &head.unread)) !=
		ERR_OK)
		return e;
	head.title = p.k.name;
	b = html_begin(c, 200, &head);
	buf_lit(b, "<h1 dir=\"auto\">");
	buf_html(b, p.k.name);
	buf_lit(b, "</h1>\n");
	html_notices(c, b, notices, NOTICES);
	put_about(b, &p);
	if (p.n == 0)
		buf_lit(b,
		    "<div class=\"empty\">\n<p>This collection is "
		    "empty.</p>\n</div>\n");
	buf_lit(b, "<ul class=\"grid\">\n");
	for (size_t i = 0; i < p.n; i++)
		put_item(b, &p, &p.items[i]);
	buf_lit(b, "</ul>\n");
	html_pages(b, page.before == INT64_MAX ? NULL : c->req->target,
	    p.before == 0 ? NULL :
			    arena_printf(c->env.arena, "%s?cursor=%" PRIu64,
				c->req->target, p.before));
	put_manage(b, &p);
	return html_end(c);
}
