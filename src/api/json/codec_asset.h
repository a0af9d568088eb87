/* Seed 004 in JSON. */
#ifndef API_JSON_CODEC_ASSET_H
#define API_JSON_CODEC_ASSET_H

#include "core/share/create.h"
#include "api/call.h"
#include "core/share/asset_share.h"

/* What a body asks for: a new share, or (id) a change of one. */
struct asset_request {
	const char *id;	      /* NULL: make one */
	struct share_new new; /* its terms are those of a change too */
};

/*
 * Reads the share model. asset: the media of the path, NULL where it has none;
 * then the body names it. id: of the share in the path, NULL where the body
 * may name one.
 */
enum err codec_asset_read(struct call *c, const char *asset, const char *id,
    struct asset_request *ret) MUST_CHECK;

/* Reads whom a notification is for. */
enum err codec_asset_notice(struct call *c,
    struct asset_share_notice *ret) MUST_CHECK;

/* The whole model, as the answer's body. */
void codec_asset_share(struct call *c, struct json_out *w,
    const struct asset_share *s);

#endif
