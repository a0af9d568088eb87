#include "config.h"

#include <string.h>

#include "api/json/codec_share.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "core/vault/collection.h"

struct body {
	struct json_text name;
	struct json_text description;
};

static const struct json_field fields[] = {
	JSON_FIELD(struct body, name, "name", JSON_TEXT, 1,
	    4 * COLLECTION_NAME_MOST, 0),
	JSON_FIELD(struct body, description, "description", JSON_TEXT, 0,
	    4 * COLLECTION_DESCRIPTION_MOST, 0),
};

static enum err
write_collection(struct call *c, const struct collection *k)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	codec_collection(&w, k);
	return call_json_done(c);
}

enum err
handle_collection_add(struct call *c)
{
	struct collection k = { 0 };
	struct body in = { 0 };
	const char *description;
	enum err e;

	if ((e = call_json(c, false, fields, 2, &in)) != ERR_OK)
		return e;
	if (in.name.seen != JSON_THERE)
		return why_with(&c->env.why, WHY_MISSING, .field = "name");
	description = in.description.s;
	if (description != NULL && description[0] == '\0')
		description = NULL;
	e = collection_add(&c->env, &c->caller, in.name.s, description, &k);
	return e != ERR_OK ? e : write_collection(c, &k);
}

enum err
handle_collection_list(struct call *c)
{
	struct share_page p = { 0 };
	struct collection *v;
	size_t n, shown;
	struct json_out w;
	uint64_t total;
	enum err e;

	if ((e = paging_read(c, &p)) != ERR_OK ||
	    (e = collection_list(&c->env, &c->caller, &p, &v, &n, &total)) !=
		ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	call_json_begin(c, 200, &w);
	paging_headers(c, &p, n, shown > 0 ? v[shown - 1].id : 0, total);
	jw_array(&w, NULL);
	for (size_t i = 0; i < shown; i++)
		codec_collection(&w, &v[i]);
	jw_end(&w);
	return call_json_done(c);
}

/* The owner's view includes the files that others have added. */
static void
write_own_items(struct call *c, struct json_out *w, const struct collection *k,
    const struct share_item *items, size_t n, uint64_t rest)
{
	struct delivery_urls urls;

	jw_array(w, "items");
	for (size_t i = 0; i < n; i++) {
		delivery_collection_urls(&c->env, c->env.arena, k, &items[i],
		    &urls);
		codec_share_item(w, &items[i], &urls, true);
	}
	jw_end(w);
	codec_next_cursor(c, w, rest);
}

enum err
handle_collection_get(struct call *c)
{
	uint64_t before, limit, rest;
	struct share_item *items;
	struct collection k = { 0 };
	struct share s;
	struct json_out w;
	size_t n;
	enum err e;

	if ((e = codec_share_part(c, &before, &limit)) != ERR_OK ||
	    (e = collection_get(&c->env, &c->caller, c->args[0], &k, &s)) !=
		ERR_OK ||
	    (e = collection_items(&c->env, &k, &s, before, limit, &items, &n,
		 &rest)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	codec_collection_members(&w, &k);
	if (s.id == 0)
		write_own_items(c, &w, &k, items, n, rest);
	else
		codec_share_items(c, &w, &s, items, n, rest, s.shown_until,
		    true);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_collection_update(struct call *c)
{
	struct collection k = { 0 };
	struct body in = { 0 };
	enum err e;

	if ((e = call_json(c, false, fields, 2, &in)) != ERR_OK)
		return e;
	if (in.name.seen == JSON_NULL)
		return why_with(&c->env.why, WHY_NOT_STRING, .field = "name");
	e = collection_update(&c->env, &c->caller, c->args[0], in.name.s,
	    in.description.seen == JSON_NULL ? "" : in.description.s, &k);
	return e != ERR_OK ? e : write_collection(c, &k);
}

enum err
handle_collection_delete(struct call *c)
{
	enum err e = collection_delete(&c->env, &c->caller, c->args[0]);

	return e != ERR_OK ? e : call_no_content(c);
}

enum err
handle_collection_put(struct call *c)
{
	enum err e =
	    collection_put(&c->env, &c->caller, c->args[0], c->args[1]);

	return e != ERR_OK ? e : call_no_content(c);
}

enum err
handle_collection_take(struct call *c)
{
	enum err e =
	    collection_take(&c->env, &c->caller, c->args[0], c->args[1]);

	return e != ERR_OK ? e : call_no_content(c);
}
