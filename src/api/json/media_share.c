#include "config.h"

#include "api/json/codec_media.h"
#include "api/call.h"
#include "api/handlers.h"

enum err
handle_media_share(struct call *c)
{
	struct share_request request = { 0 };
	struct share_result result;
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MEDIA_ID, &id)) != ERR_OK ||
	    (e = codec_media_share_body(c, NULL, &request)) != ERR_OK)
		return e;
	e = media_share(&c->env, &c->caller, id, &request, &result);
	if (e != ERR_OK)
		return e;
	return codec_media_share_answer(c, &result);
}

enum err
handle_media_share_path(struct call *c)
{
	struct share_request request = { 0 };
	struct share_result result;
	const char *path;
	enum err e;

	if ((e = codec_media_share_body(c, &path, &request)) != ERR_OK)
		return e;
	e = media_share_path(&c->env, &c->caller, path, &request, &result);
	if (e != ERR_OK)
		return e;
	return codec_media_share_answer(c, &result);
}

enum err
handle_media_unshare(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_MEDIA_ID, &id)) != ERR_OK ||
	    (e = media_unshare(&c->env, &c->caller, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}
