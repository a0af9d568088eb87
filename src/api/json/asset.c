/* Asset shares (seed 004). */
#include "config.h"

#include "core/share/url.h"
#include "api/json/codec_asset.h"
#include "api/call.h"
#include "api/handlers.h"

static enum err
save(struct call *c, const char *asset, const char *id, struct asset_share *ret)
{
	struct asset_request r = { 0 };
	enum err e;

	if ((e = codec_asset_read(c, asset, id, &r)) != ERR_OK)
		return e;
	return r.id == NULL ?
	    asset_share_create(&c->env, &c->caller, &r.new, ret) :
	    asset_share_update(&c->env, &c->caller, r.id, &r.new.terms, ret);
}

static enum err
write_model(struct call *c, const struct asset_share *s)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	codec_asset_share(c, &w, s);
	return call_json_done(c);
}

/* The response is the link as a JSON string (seed 004). */
enum err
handle_asset_share(struct call *c)
{
	struct asset_share s;
	struct json_out w;
	struct uuid asset;
	enum err e;

	if (!uuid_from_text(c->args[0], &asset))
		return why_with(&c->env.why, WHY_NOT_UUID, .field = "uuid");
	if ((e = save(c, c->args[0], NULL, &s)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_text(&w, NULL, share_url(&c->env, c->env.arena, &s.share));
	return call_json_done(c);
}

enum err
handle_asset_share_create(struct call *c)
{
	struct asset_share s;
	enum err e = save(c, NULL, NULL, &s);

	return e != ERR_OK ? e : write_model(c, &s);
}

enum err
handle_asset_share_get(struct call *c)
{
	struct asset_share s;
	enum err e = asset_share_get(&c->env, &c->caller, c->args[0], &s);

	return e != ERR_OK ? e : write_model(c, &s);
}

enum err
handle_asset_share_update(struct call *c)
{
	struct asset_share s;
	enum err e = save(c, NULL, c->args[0], &s);

	return e != ERR_OK ? e : write_model(c, &s);
}

enum err
handle_asset_share_delete(struct call *c)
{
	struct json_out w;
	enum err e = asset_share_delete(&c->env, &c->caller, c->args[0]);

	if (e != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "id", c->args[0]);
	jw_end(&w);
	return call_json_done(c);
}

/* The two calls that seed 004 answers with an empty 200. */
static enum err
write_nothing(struct call *c)
{
	http_response_header(c->resp, "Cache-Control", "no-store");
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
handle_asset_share_expire(struct call *c)
{
	enum err e = asset_share_expire(&c->env, &c->caller, c->args[0]);

	return e != ERR_OK ? e : write_nothing(c);
}

enum err
handle_asset_share_notify(struct call *c)
{
	struct asset_share_notice n = { 0 };
	enum err e;

	if ((e = codec_asset_notice(c, &n)) != ERR_OK ||
	    (e = asset_share_notify(&c->env, &c->caller, c->args[0], &n)) !=
		ERR_OK)
		return e;
	return write_nothing(c);
}
