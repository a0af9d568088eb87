/* Reads and writes the JSON of seed 004. */
#ifndef API_JSON_CODEC_ASSET_H
#define API_JSON_CODEC_ASSET_H

#include "core/share/create.h"
#include "api/call.h"
#include "core/share/asset_share.h"

/* A body's request: create a share or, with an id, change one. */
struct asset_request {
	const char *id;	      /* NULL: create */
	struct share_new new; /* a change uses its terms alone */
};

/*
 * Reads the share model. asset: the media's id from the path; NULL: the body
 * names it. id: the share's id from the path; NULL: the body may name one.
 * ERR_INVALID with the field.
 */
enum err codec_asset_read(struct call *c, const char *asset, const char *id,
    struct asset_request *ret) MUST_CHECK;

/* Reads the recipients of a notification. */
enum err codec_asset_notice(struct call *c,
    struct asset_share_notice *ret) MUST_CHECK;

/* Writes the whole share model. */
void codec_asset_share(struct call *c, struct json_out *w,
    const struct asset_share *s);

#endif
