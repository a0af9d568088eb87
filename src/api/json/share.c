#include "config.h"

#include <string.h>

#include "core/share/change.h"
#include "core/share/create.h"
#include "core/share/end.h"
#include "core/share/items.h"
#include "core/share/list.h"
#include "core/share/terms.h"
#include "api/json/codec_share.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "core/share/access.h"

static enum err
write_share(struct call *c, const struct share *s)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	codec_share(c, &w, NULL, s, false);
	return call_json_done(c);
}

enum err
handle_share_create(struct call *c)
{
	struct share_new n = { 0 };
	struct share s = { 0 };
	enum err e;

	if ((e = codec_share_new(c, &n)) != ERR_OK ||
	    (e = share_create(&c->env, &c->caller, &n, &s)) != ERR_OK)
		return e;
	return write_share(c, &s);
}

enum err
handle_share_get(struct call *c)
{
	struct share s = { 0 };
	bool recipient;
	enum err e;

	e = access_share_seen(&c->env, &c->caller, c->args[0], &s, &recipient);
	return e != ERR_OK ? e : write_share(c, &s);
}

enum err
handle_share_update(struct call *c)
{
	struct share_terms t = { 0 };
	struct share s = { 0 };
	enum err e;

	if ((e = codec_share_terms(c, &t)) != ERR_OK ||
	    (e = share_change(&c->env, &c->caller, c->args[0], &t, &s)) !=
		ERR_OK)
		return e;
	return write_share(c, &s);
}

enum err
handle_share_delete(struct call *c)
{
	enum err e = share_revoke(&c->env, &c->caller, c->args[0]);

	return e != ERR_OK ? e : call_no_content(c);
}

/* ---- lists ---- */

typedef enum err list_fn(struct env *env, const struct caller *c,
    const struct share_page *p, struct share **ret, size_t *ret_n,
    uint64_t *ret_total);

static enum err
list(struct call *c, list_fn *fn)
{
	struct share_page p = { 0 };
	struct share *shares;
	size_t n, shown;
	struct json_out w;
	uint64_t total;
	enum err e;

	if ((e = paging_read(c, &p)) != ERR_OK ||
	    (e = fn(&c->env, &c->caller, &p, &shares, &n, &total)) != ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	call_json_begin(c, 200, &w);
	paging_headers(c, &p, n, shown > 0 ? shares[shown - 1].id : 0, total);
	jw_array(&w, NULL);
	for (size_t i = 0; i < shown; i++)
		codec_share(c, &w, NULL, &shares[i], false);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_share_outgoing(struct call *c)
{
	return list(c, share_list_outgoing);
}

enum err
handle_share_incoming(struct call *c)
{
	return list(c, share_list_incoming);
}

enum err
handle_share_activity(struct call *c)
{
	struct share_page p = { 0 };
	struct share_activity *lines;
	size_t n, shown;
	struct json_out w;
	uint64_t total;
	enum err e;

	if ((e = paging_read(c, &p)) != ERR_OK ||
	    (e = share_list_activity(&c->env, &c->caller, c->args[0], &p,
		 &lines, &n, &total)) != ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	call_json_begin(c, 200, &w);
	paging_headers(c, &p, n, shown > 0 ? lines[shown - 1].id : 0, total);
	jw_array(&w, NULL);
	for (size_t i = 0; i < shown; i++)
		codec_activity(&w, &lines[i]);
	jw_end(&w);
	return call_json_done(c);
}

/* The share's items, for its recipient and its owner. */
enum err
handle_share_items(struct call *c)
{
	uint64_t before, limit, rest;
	struct share_item *items;
	struct share s = { 0 };
	struct json_out w;
	size_t n;
	enum err e;

	if ((e = codec_share_part(c, &before, &limit)) != ERR_OK ||
	    (e = access_share_visit(&c->env, &c->caller, c->args[0], &s)) !=
		ERR_OK ||
	    (e = share_items(&c->env, &s, before, limit, &items, &n, &rest)) !=
		ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	codec_share_items(c, &w, &s, items, n, rest, s.shown_until, true);
	jw_end(&w);
	return call_json_done(c);
}

/* ---- batches ---- */

struct batch {
	struct json_texts ids;
};

static const struct json_field batch_fields[] = {
	JSON_FIELD(struct batch, ids, "share_ids", JSON_TEXTS, 1, 64,
	    SHARE_ITEMS_MOST),
};

enum err
handle_share_batch_delete(struct call *c)
{
	struct batch in = { 0 };
	struct json_out w;
	struct uuid *ids;
	enum err e;

	if ((e = call_json(c, false, batch_fields, 1, &in)) != ERR_OK ||
	    (e = call_uuids(c, "share_ids", &in.ids, &ids)) != ERR_OK ||
	    (e = share_revoke_batch(&c->env, &c->caller, ids, in.ids.n)) !=
		ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "deleted", in.ids.n);
	jw_end(&w);
	return call_json_done(c);
}
