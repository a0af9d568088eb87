/* The JSON answer of a link (seed 002). */
#include "config.h"

#include "core/share/terms.h"
#include "api/json/codec_share.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/visitor.h"

enum err
handle_shared(struct call *c)
{
	const char *token = c->args[0];
	struct gate_visitor v = { 0 };
	uint64_t before, limit;
	struct json_out w;
	struct opening l;
	enum err e;

	visitor_read(c, token, &v);
	if ((e = codec_share_part(c, &before, &limit)) != ERR_OK ||
	    (e = gate_open(&c->env, &c->caller, token, &v, before, limit,
		 &l)) != ERR_OK)
		return e;
	visitor_remember(c, token, &l);
	http_response_text(c->resp, "Cache-Control", "private, no-store");
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	codec_share(c, &w, "share", &l.share, true);
	codec_share_items(c, &w, &l.share, l.items, l.nitems, l.before, l.until,
	    false);
	jw_end(&w);
	return call_json_done(c);
}

struct unlock {
	struct json_text password;
};

static const struct json_field unlock_fields[] = {
	JSON_FIELD(struct unlock, password, "password", JSON_TEXT, 1,
	    SHARE_PASSWORD_MOST, 0),
};

enum err
handle_shared_unlock(struct call *c)
{
	const char *token = c->args[0];
	struct gate_visitor v = { 0 };
	struct unlock in = { 0 };
	struct opening l;
	enum err e;

	if ((e = call_json(c, false, unlock_fields, 1, &in)) != ERR_OK)
		return e;
	if (in.password.seen != JSON_THERE)
		return why_with(&c->env.why, WHY_MISSING, .field = "password");
	visitor_read(c, token, &v);
	v.password = in.password.s;
	if ((e = gate_unlock(&c->env, &c->caller, token, &v, &l)) != ERR_OK)
		return e;
	visitor_remember(c, token, &l);
	http_response_text(c->resp, "Cache-Control", "private, no-store");
	return call_no_content(c);
}
