/* Shareable links (seed 003). */
#include "config.h"

#include <string.h>

#include "core/share/url.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/visitor.h"
#include "base/clock.h"
#include "core/share/mail.h"
#include "core/share/download_link.h"

struct payload {
	enum json_seen seen;
	struct json_int media_id;
	struct json_text asset_id;
	struct json_text filename;
};

static const struct json_field payload_fields[] = {
	JSON_FIELD(struct payload, media_id, "media_id", JSON_INT,
	    INT64_MIN + 1, INT64_MAX - 1, 0),
	JSON_FIELD(struct payload, asset_id, "asset_id", JSON_TEXT, 0, 4096, 0),
	JSON_FIELD(struct payload, filename, "filename", JSON_TEXT, 1, 4096, 0),
};

struct create {
	struct json_text expiry;
	struct json_int limit;
	struct payload payload;
};

static const struct json_field create_fields[] = {
	JSON_FIELD(struct create, expiry, "expiry_date", JSON_TEXT, 1, 64, 0),
	JSON_FIELD(struct create, limit, "limit", JSON_INT, 1, INT64_MAX - 1,
	    0),
	JSON_MEMBERS(struct create, payload, "payload", payload_fields),
};

static enum err
need(struct call *c, enum json_seen seen, const char *name)
{
	if (seen == JSON_THERE)
		return ERR_OK;
	return why_with(&c->env.why, WHY_MISSING, .field = name);
}

static enum err
need_all(struct call *c, const struct create *in)
{
	enum err e;

	if ((e = need(c, in->expiry.seen, "expiry_date")) != ERR_OK ||
	    (e = need(c, in->limit.seen, "limit")) != ERR_OK ||
	    (e = need(c, in->payload.seen, "payload")) != ERR_OK ||
	    (e = need(c, in->payload.media_id.seen, "payload.media_id")) !=
		ERR_OK)
		return e;
	return need(c, in->payload.filename.seen, "payload.filename");
}

static enum err
read_create(struct call *c, struct shareable_new *ret)
{
	struct create in = { 0 };
	bool date_only;
	enum err e;

	if ((e = call_json(c, true, create_fields,
		 sizeof(create_fields) / sizeof(create_fields[0]), &in)) !=
		ERR_OK ||
	    (e = need_all(c, &in)) != ERR_OK)
		return e;
	if (!clock_parse(in.expiry.s, &ret->expires_at, &date_only))
		return why_with(&c->env.why, WHY_NOT_TIME,
		    .field = "expiry_date");
	if (date_only) /* through the end of that day */
		ret->expires_at += CLOCK_DAY - 1;
	ret->media_id = in.payload.media_id.v;
	ret->asset_id = in.payload.asset_id.s;
	ret->file_name = in.payload.filename.s;
	ret->limit = (uint64_t)in.limit.v;
	return ERR_OK;
}

enum err
handle_link_create(struct call *c)
{
	struct shareable_new n = { 0 };
	struct share s = { 0 };
	struct json_out w;
	enum err e;

	if ((e = read_create(c, &n)) != ERR_OK ||
	    (e = download_link_create(&c->env, &c->caller, &n, &s)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "id", s.id);
	jw_text(&w, "url", share_url_download(&c->env, c->env.arena, &s));
	jw_text(&w, "filename", s.file_name);
	jw_end(&w);
	return call_json_done(c);
}

/* The seed's body. Robots and HEAD do not get the address, since they do not
 * count as a use. */
static enum err
write_opened(struct call *c, const struct opening *l, const char *url)
{
	struct buf *b = &c->resp->body;

	c->resp->status = url != NULL ? 302 : 200;
	http_response_text(c->resp, "Content-Type", "text/html; charset=utf-8");
	http_response_text(c->resp, "Cache-Control", "private, no-store");
	if (url != NULL) {
		http_response_text(c->resp, "Location", url);
		buf_lit(b, "<html><body>You are being <a");
		html_attr(b, "href", url);
		buf_lit(b, ">redirected</a>.</body></html>");
	} else {
		buf_lit(b, "<html><body>");
		buf_html(b,
		    l->share.file_name != NULL ? l->share.file_name :
						 share_item_name(&l->items[0]));
		buf_lit(b, "</body></html>");
	}
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
handle_link_open(struct call *c)
{
	struct gate_visitor v = { 0 };
	const char *url;
	struct opening l;
	enum err e;

	if (c->env.base->conf->links_key_required && c->caller.user.id == 0)
		return ERR_UNAUTH;
	visitor_read(c, c->args[0], &v);
	e = gate_download(&c->env, &c->caller, c->args[0], &v, &l, &url);
	return e != ERR_OK ? e : write_opened(c, &l, url);
}

/* ---- by e-mail ---- */

struct sending {
	struct json_text message;
	struct json_texts recipients;
	struct json_ints ids;
};

/* Above the domain's own limits, whose messages are more specific. */
#define RECIPIENTS_READ 1000

static const struct json_field send_fields[] = {
	JSON_FIELD(struct sending, message, "message", JSON_TEXT, 0, 1 << 18,
	    0),
	JSON_FIELD(struct sending, recipients, "recipients", JSON_TEXTS, 0,
	    4096, RECIPIENTS_READ),
	JSON_FIELD(struct sending, ids, "shareable_link_ids", JSON_IDS, 0, 0,
	    SHARE_MAIL_LINKS_MOST),
};

enum err
handle_link_send(struct call *c)
{
	struct shareable_mail m = { 0 };
	struct sending in = { 0 };
	struct json_out w;
	enum err e;

	if ((e = call_json(c, true, send_fields, 3, &in)) != ERR_OK ||
	    (e = need(c, in.recipients.seen, "recipients")) != ERR_OK)
		return e;
	m.recipients = in.recipients.s;
	m.nrecipients = in.recipients.n;
	m.ids = in.ids.v;
	m.nids = in.ids.n;
	if (in.message.s != NULL && in.message.s[0] != '\0')
		m.message = in.message.s;
	if ((e = download_link_send(&c->env, &c->caller, &m)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "message", "Shareable links sent");
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_link_deliveries(struct call *c)
{
	struct mail_row *mails;
	struct json_out w;
	uint64_t id;
	size_t n;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_LINK_ID, &id)) != ERR_OK ||
	    (e = download_link_deliveries(&c->env, &c->caller, id, &mails,
		 &n)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		jw_object(&w, NULL);
		jw_uint(&w, "id", mails[i].id);
		jw_text(&w, "recipient", mails[i].recipient);
		jw_text(&w, "state", words_word(&mail_states, mails[i].state));
		jw_uint(&w, "attempts", mails[i].attempts);
		jw_text(&w, "error", mails[i].last_error);
		jw_time(&w, "created_at", mails[i].created_at);
		jw_time(&w, "sent_at", mails[i].sent_at);
		jw_end(&w);
	}
	jw_end(&w);
	return call_json_done(c);
}
