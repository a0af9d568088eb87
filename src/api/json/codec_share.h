/* Reads and writes the JSON of seed 002. */
#ifndef API_JSON_CODEC_SHARE_H
#define API_JSON_CODEC_SHARE_H

#include "core/share/create.h"
#include "core/share/items.h"
#include "core/share/terms.h"
#include "api/call.h"
#include "core/delivery/delivery.h"

/* Writes a share as a member or (key NULL) an array's entry or the whole body,
 * limited to what the caller may know. by_link: they opened it by its token. */
void codec_share(struct call *c, struct json_out *w, const char *key,
    const struct share *s, bool by_link);

/* Writes one shared media with its addresses. account: the caller is signed in
 * and gets its numeric id for the vault's calls. */
void codec_share_item(struct json_out *w, const struct share_item *item,
    const struct delivery_urls *urls, bool account);

/* Writes the members items and next_cursor into the open object. before: from
 * share_items(). until: when the items' addresses expire, Unix seconds. */
void codec_share_items(struct call *c, struct json_out *w,
    const struct share *s, const struct share_item *items, size_t n,
    uint64_t before, int64_t until, bool account);

/* Writes the member next_cursor; before 0: there is no next page. */
void codec_next_cursor(struct call *c, struct json_out *w, uint64_t before);

/* Reads from the query which page of a collection to show. */
enum err codec_share_part(struct call *c, uint64_t *ret_before,
    uint64_t *ret_limit) MUST_CHECK;

void codec_collection(struct json_out *w, const struct collection *k);
/* Writes a collection's members into the open object. */
void codec_collection_members(struct json_out *w, const struct collection *k);
void codec_notification(struct json_out *w, const struct notification *n);
void codec_activity(struct json_out *w, const struct share_activity *a);

/* Reads the body that creates a share. */
enum err codec_share_new(struct call *c, struct share_new *ret) MUST_CHECK;

/* Reads the body that changes a share. */
enum err codec_share_terms(struct call *c, struct share_terms *ret) MUST_CHECK;

#endif
