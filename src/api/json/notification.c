#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "api/json/codec_share.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/paging.h"
#include "core/mail/digest.h"
#include "core/share/notification.h"
#include "http/conditions.h"

/* Whether the client's copy is current, so that polling is cheap. */
static enum err
is_known(struct call *c, bool *ret)
{
	/* There is no modification time, and this one never matches. */
	struct http_validator v = { .mtime = INT64_MAX };
	struct http_span span;
	uint64_t version;
	enum err e;

	e = notification_version(&c->env, &c->caller, &version);
	if (e != ERR_OK)
		return e;
	snprintf(v.etag, sizeof(v.etag), "\"%" PRIu64 "-%" PRIu64 "\"",
	    c->caller.user.id, version);
	http_response_text(c->resp, "ETag", v.etag);
	http_response_header(c->resp, "Cache-Control", "private, no-cache");
	*ret = http_conditions(c->req, &v, &span) == 304;
	return ERR_OK;
}

enum err
handle_notification_list(struct call *c)
{
	struct share_page p = { 0 };
	struct notification *v;
	size_t n, shown;
	struct json_out w;
	uint64_t total;
	bool known;
	enum err e;

	if ((e = paging_read(c, &p)) != ERR_OK ||
	    (e = is_known(c, &known)) != ERR_OK)
		return e;
	if (known) {
		c->resp->status = 304;
		http_response_send(c->resp);
		return ERR_OK;
	}
	e = notification_list(&c->env, &c->caller, &p, &v, &n, &total);
	if (e != ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	call_json_begin(c, 200, &w);
	paging_headers(c, &p, n, shown > 0 ? v[shown - 1].id : 0, total);
	jw_array(&w, NULL);
	for (size_t i = 0; i < shown; i++)
		codec_notification(&w, &v[i]);
	jw_end(&w);
	return call_json_done(c);
}

/* Seed 002 specifies the status 200, but no body. */
static enum err
done(struct call *c)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "status", "ok");
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_notification_read(struct call *c)
{
	enum err e = notification_read(&c->env, &c->caller, c->args[0]);

	if (e == ERR_NOT_FOUND)
		return why_set(&c->env.why, WHY_NO_NOTIFICATION);
	return e != ERR_OK ? e : done(c);
}

enum err
handle_notification_read_all(struct call *c)
{
	enum err e = notification_read_all(&c->env, &c->caller);

	return e != ERR_OK ? e : done(c);
}

/* ---- by e-mail ---- */

static enum err
write_wish(struct call *c, bool wanted)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_bool(&w, "email", wanted);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_mail_wish(struct call *c)
{
	bool wanted;
	enum err e = digest_wanted(&c->env, &c->caller, &wanted);

	return e != ERR_OK ? e : write_wish(c, wanted);
}

struct wish {
	struct json_bool email;
};

static const struct json_field wish_fields[] = {
	JSON_FIELD(struct wish, email, "email", JSON_BOOL, 0, 0, 0),
};

enum err
handle_mail_wish_set(struct call *c)
{
	struct wish in = { 0 };
	enum err e;

	if ((e = call_json(c, false, wish_fields, 1, &in)) != ERR_OK)
		return e;
	if (in.email.seen != JSON_THERE)
		return why_with(&c->env.why, WHY_NOT_BOOLEAN, .field = "email");
	e = digest_want(&c->env, &c->caller, in.email.v);
	return e != ERR_OK ? e : write_wish(c, in.email.v);
}
