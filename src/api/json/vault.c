#include "config.h"

#include "api/json/codec_media.h"
#include "api/call.h"
#include "api/handlers.h"
#include "core/share/access.h"
#include "core/vault/trash.h"
#include "core/vault/vault.h"

#define LIST_LIMIT_MOST 1000
#define FLUSH_AT 32768 /* bytes buffered before they are sent */
#define ROW_ARENA (1 << 20)

/* The state of a streamed list. The body is sent and emptied at FLUSH_AT, and
 * the rows' texts are in their own arena, so memory stays bounded. */
struct list {
	struct call *call;
	struct json_out json;
	struct arena *row;
};

static enum err
list_begin(void *arg)
{
	struct list *l = arg;

	call_json_begin(l->call, 200, &l->json);
	jw_object(&l->json, NULL);
	jw_array(&l->json, "files");
	return ERR_OK;
}

/* Sends the body so far. It fails if the client has closed the connection, so
 * that no more rows are read. */
static enum err
flush(struct list *l)
{
	struct http_response *resp = l->call->resp;

	if (!resp->sent) {
		http_response_header(resp, "Cache-Control", "no-store");
		http_response_stream(resp);
	}
	if (!http_response_write(resp, buf_str(&resp->body), resp->body.len))
		return ERR_INTERNAL;
	buf_clear(&resp->body);
	return ERR_OK;
}

static enum err
list_media(void *arg, const struct media *m)
{
	struct list *l = arg;

	codec_media_file(l->call, l->row, &l->json, NULL, m);
	arena_reset(l->row);
	return l->call->resp->body.len < FLUSH_AT ? ERR_OK : flush(l);
}

static enum err
list_end(void *arg, uint64_t total, const struct vault_count *v, size_t n,
    const char *next)
{
	struct list *l = arg;

	jw_end(&l->json);
	jw_uint(&l->json, "totalCount", total);
	jw_object(&l->json, "categories");
	for (size_t i = 0; i < n; i++)
		jw_uint(&l->json, v[i].category, v[i].count);
	jw_end(&l->json);
	if (next != NULL)
		jw_text(&l->json, "nextCursor", next);
	jw_end(&l->json);
	return l->call->resp->sent ? flush(l) : call_json_done(l->call);
}

static void
free_arena(void *arg)
{
	arena_free(arg);
}

enum err
handle_vault_list(struct call *c)
{
	struct list l = { .call = c, .row = arena_new(ROW_ARENA) };
	const struct vault_reader reader = { &l, list_begin, list_media,
		list_end };
	struct vault_query q = {
		.category = http_query(c->req, "category"),
		.date_range = http_query(c->req, "dateRange"),
		.search = http_query(c->req, "search"),
		.cursor = http_query(c->req, "cursor"),
	};
	enum err e;

	arena_defer(c->env.arena, free_arena, l.row);
	e = call_query_number(c, "limit", LIST_LIMIT_MOST, 0, &q.limit);
	if (e != ERR_OK)
		return e;
	return vault_list(&c->env, &c->caller, &q, &reader);
}

/* share->id 0: the media belongs to the caller. */
static enum err
write_media(struct call *c, const struct media *m, const struct share *share)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	if (share->id == 0)
		codec_media_file(c, c->env.arena, &w, NULL, m);
	else
		codec_media_shared_file(c, &w, m, share);
	return call_json_done(c);
}

enum err
handle_media_get(struct call *c)
{
	struct media m = { 0 };
	struct share share;
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MEDIA_ID, &id)) != ERR_OK ||
	    (e = access_media_as(&c->env, &c->caller, id, CAN_VIEW, &m,
		 &share)) != ERR_OK)
		return e;
	return write_media(c, &m, &share);
}

struct update_body {
	struct json_text title;
	struct json_text caption;
};

static const struct json_field update_fields[] = {
	JSON_FIELD(struct update_body, title, "title", JSON_TEXT, 0, 1020, 0),
	JSON_FIELD(struct update_body, caption, "caption", JSON_TEXT, 0, 20000,
	    0),
};

/* null removes a text, as "" does. */
static const char *
update_text(const struct json_text *t)
{
	return t->seen == JSON_NULL ? "" : t->s;
}

enum err
handle_media_update(struct call *c)
{
	struct update_body in = { 0 };
	struct media m = { 0 };
	struct share share;
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MEDIA_ID, &id)) != ERR_OK ||
	    (e = call_json(c, false, update_fields, 2, &in)) != ERR_OK ||
	    (e = vault_update(&c->env, &c->caller, id, update_text(&in.title),
		 update_text(&in.caption), &m, &share)) != ERR_OK)
		return e;
	return write_media(c, &m, &share);
}

enum err
handle_media_restore(struct call *c)
{
	const struct share own = { 0 };
	struct media m = { 0 };
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MEDIA_ID, &id)) != ERR_OK ||
	    (e = trash_restore(&c->env, &c->caller, id, &m)) != ERR_OK)
		return e;
	return write_media(c, &m, &own);
}

enum err
handle_media_delete(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MEDIA_ID, &id)) != ERR_OK ||
	    (e = trash_put(&c->env, &c->caller, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}
