/* Seeds 000 and 001 in JSON. */
#ifndef API_JSON_CODEC_MEDIA_H
#define API_JSON_CODEC_MEDIA_H

#include "api/call.h"
#include "core/community/media_share.h"
#include "model/media.h"

/* The file object of seed 001, with our additions, as a member or (key
 * NULL) an array's entry. Texts are made in the arena a. */
void codec_media_file(struct call *c, struct arena *a, struct json_out *w,
    const char *key, const struct media *m);

/* The same of a media that is shared with the caller: its url grants what the
 * share does (null: nothing), and it tells nothing of the owner's links. */
void codec_media_shared_file(struct call *c, struct json_out *w,
    const struct media *m, const struct share *s);

/* Reads the body of seed 000's share call; filePath only where `path` is
 * wanted. */
enum err codec_media_share_body(struct call *c, const char **path,
    struct share_request *ret) MUST_CHECK;

/* The same from fields that another body has read already. */
void codec_media_share_request(const struct json_bool *community,
    const struct json_bool *consent, const struct json_texts *tags,
    struct share_request *ret);

/* ERR_FORBIDDEN: the community is touched by an API key that may not. */
enum err codec_media_share_scope(struct call *c,
    const struct share_request *r) MUST_CHECK;

/* The members of a share call's answer, into an object that is open. */
void codec_media_share_fields(struct call *c, struct json_out *w,
    const struct share_result *r);

/* Writes the answer of the share calls. */
enum err codec_media_share_answer(struct call *c,
    const struct share_result *r) MUST_CHECK;

#endif
