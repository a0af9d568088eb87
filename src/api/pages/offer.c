#include "config.h"

#include "api/pages/offer.h"

#include <inttypes.h>
#include <string.h>

#include "core/share/items.h"
#include "api/pages/html.h"
#include "core/share/access.h"
#include "core/vault/access.h"
#include "core/vault/collection.h"
#include "core/delivery/delivery.h"

#define SHOWN 12

static struct share_item
item_of(const struct media *m)
{
	return (struct share_item){ .media_id = m->id,
		.uuid = m->uuid,
		.owner_id = m->user_id,
		.title = m->title,
		.file_name = m->file_name,
		.mime = m->mime,
		.width = m->width,
		.height = m->height };
}

static bool
is_there(const struct offer *o, uint64_t media)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->items[i].media_id == media)
			return true;
	return false;
}

static enum err
add_media(struct call *c, struct offer *o, const char *text)
{
	struct media m = { 0 };
	uint64_t id;
	enum err e;

	if (!decimal_parse(text, INT64_MAX, &id))
		return why_with(&c->env.why, WHY_NO_SUCH_FILE,
		    .field = "media");
	if (is_there(o, id))
		return ERR_OK;
	if (o->n == SHARE_ITEMS_MOST)
		return why_with(&c->env.why, WHY_TOO_MANY_SELECTED,
		    .field = "media", .most = SHARE_ITEMS_MOST);
	if ((e = access_media(&c->env, &c->caller, id, &m)) != ERR_OK)
		return e;
	o->items[o->n++] = item_of(&m);
	return ERR_OK;
}

static enum err
read_media(struct call *c, struct offer *o)
{
	enum err e;

	o->items = arena_array(c->env.arena, o->npairs + 1, sizeof(*o->items));
	for (size_t i = 0; i < o->npairs; i++)
		if (strcmp(o->pairs[i].name, "media") == 0 &&
		    (e = add_media(c, o, o->pairs[i].value)) != ERR_OK)
			return e;
	if (o->n == 0)
		return why_with(&c->env.why, WHY_NOTHING_SELECTED,
		    .field = "media");
	return ERR_OK;
}

static enum err
read_collection(struct call *c, struct offer *o, const char *id, bool look)
{
	struct collection k = { 0 };
	struct share s;
	enum err e;

	if (!uuid_from_text(id, &o->targets[0]))
		return why_with(&c->env.why, WHY_NO_SUCH_COLLECTION,
		    .field = "collection");
	o->type = SHARE_COLLECTION;
	o->n = 1;
	if (!look)
		return ERR_OK;
	e = collection_get(&c->env, &c->caller, id, &k, &s);
	if (e != ERR_OK)
		return e;
	o->name = k.name;
	if (s.id != 0)
		o->may = share_permissions(&s);
	return ERR_OK;
}

/* What was shared with the caller. Resharing a set shares its current items. */
static enum err
read_share(struct call *c, struct offer *o, const char *id)
{
	struct share s = { 0 };
	uint64_t rest;
	enum err e;

	e = access_share_visit(&c->env, &c->caller, id, &s);
	if (e != ERR_OK)
		return e;
	if (s.owner_id != c->caller.user.id)
		o->may = share_permissions(&s);
	if (s.collection_id != 0) {
		o->type = SHARE_COLLECTION;
		o->name = s.target_name;
		o->targets[0] = s.target_uuid;
		o->n = 1;
		return ERR_OK;
	}
	return share_items(&c->env, &s, INT64_MAX, SHARE_ITEMS_MOST, &o->items,
	    &o->n, &rest);
}

enum err
offer_read(struct call *c, const struct http_pair *pairs, size_t n, bool look,
    struct offer *ret)
{
	const char *collection = http_pair_value(pairs, n, "collection");
	const char *share = http_pair_value(pairs, n, "share");
	struct offer *o = ret;
	enum err e;

	*o = (struct offer){ .may = CAN_ALL, .pairs = pairs, .npairs = n };
	o->targets =
	    arena_array(c->env.arena, SHARE_ITEMS_MOST, sizeof(*o->targets));
	if (collection != NULL)
		return read_collection(c, o, collection, look);
	e = share != NULL ? read_share(c, o, share) : read_media(c, o);
	if (e != ERR_OK || o->type != 0)
		return e;
	if (o->n == 0)
		return why_set(&c->env.why, WHY_NOTHING_SHARED);
	for (size_t i = 0; i < o->n; i++)
		o->targets[i] = o->items[i].uuid;
	o->type = o->n == 1 ? SHARE_MEDIA : SHARE_SET;
	if (o->n == 1)
		o->name = share_item_name(&o->items[0]);
	return ERR_OK;
}

void
offer_fields(struct buf *b, const struct offer *o)
{
	for (size_t i = 0; i < o->npairs; i++)
		if (strcmp(o->pairs[i].name, "media") == 0 ||
		    strcmp(o->pairs[i].name, "collection") == 0 ||
		    strcmp(o->pairs[i].name, "share") == 0)
			html_hidden(b, o->pairs[i].name, o->pairs[i].value);
}

/* Thumbnails of the caller's own files only: other files need an address signed
 * for their share. */
static void
put_thumb(struct call *c, struct buf *b, const struct share_item *i)
{
	const struct media m = { .uuid = i->uuid, .file_name = i->file_name };
	bool seen = i->owner_id == c->caller.user.id &&
	    media_type_is_image(media_type_of_mime(i->mime));

	buf_lit(b, "<li class=\"picture\">");
	html_thumb(b,
	    seen ? delivery_own_url(&c->env, c->env.arena, &m, DELIVER_THUMB,
		       false) :
		   NULL,
	    "", i->mime, i->width, i->height);
	buf_lit(b, "</li>\n");
}

void
offer_show(struct call *c, struct buf *b, const struct offer *o)
{
	size_t shown = o->items == NULL ? 0 : o->n < SHOWN ? o->n : SHOWN;

	buf_lit(b, "<p class=\"lead\" dir=\"auto\">");
	if (o->name != NULL)
		buf_html(b, o->name);
	else
		buf_putf(b, "%zu files", o->n);
	buf_lit(b, "</p>\n");
	if (shown == 0)
		return;
	buf_lit(b, "<ul class=\"strip\">\n");
	for (size_t i = 0; i < shown; i++)
		put_thumb(c, b, &o->items[i]);
	if (shown < o->n)
		buf_putf(b, "<li>and %zu more</li>\n", o->n - shown);
	buf_lit(b, "</ul>\n");
}
