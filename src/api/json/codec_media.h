/* Reads and writes the JSON of seeds 000 and 001. */
#ifndef API_JSON_CODEC_MEDIA_H
#define API_JSON_CODEC_MEDIA_H

#include "api/call.h"
#include "core/community/media_share.h"
#include "model/media.h"

/* Writes the file object of seed 001 and this server's additional members, as a
 * member or (key NULL) an array's entry. Texts are allocated in a. */
void codec_media_file(struct call *c, struct arena *a, struct json_out *w,
    const char *key, const struct media *m);

/* The same for a media that is shared with the caller: its url grants what the
 * share permits (null: nothing), and the owner's links are left out. */
void codec_media_shared_file(struct call *c, struct json_out *w,
    const struct media *m, const struct share *s);

/* Reads the body of seed 000's share call. path NULL: filePath is not read. */
enum err codec_media_share_body(struct call *c, const char **path,
    struct share_request *ret) MUST_CHECK;

/* The same from fields that were read as part of another body. */
void codec_media_share_request(const struct json_bool *community,
    const struct json_bool *consent, const struct json_texts *tags,
    struct share_request *ret);

/* ERR_FORBIDDEN if the request concerns the community and the caller's API key
 * lacks that scope. */
enum err codec_media_share_scope(struct call *c,
    const struct share_request *r) MUST_CHECK;

/* Writes the members of a share call's response into the open object. */
void codec_media_share_fields(struct call *c, struct json_out *w,
    const struct share_result *r);

/* Sends the response of a share call. */
enum err codec_media_share_answer(struct call *c,
    const struct share_result *r) MUST_CHECK;

#endif
