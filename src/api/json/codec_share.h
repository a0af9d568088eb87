/* Seed 002 in JSON. */
#ifndef API_JSON_CODEC_SHARE_H
#define API_JSON_CODEC_SHARE_H

#include "core/share/create.h"
#include "core/share/items.h"
#include "core/share/terms.h"
#include "api/call.h"
#include "core/delivery/delivery.h"

/* A share, as a member or (key NULL) an array's entry or the whole, as much of
 * it as the caller may know. by_link: he came with its token. */
void codec_share(struct call *c, struct json_out *w, const char *key,
    const struct share *s, bool by_link);

/* One media of what is shared, with its addresses; account: for somebody who
 * is signed in, who can name it to the vault by its number. */
void codec_share_item(struct json_out *w, const struct share_item *item,
    const struct delivery_urls *urls, bool account);

/* The members items and next_cursor, into an object that is open. before: as
 * share_items() tells it. */
void codec_share_items(struct call *c, struct json_out *w,
    const struct share *s, const struct share_item *items, size_t n,
    uint64_t before, int64_t until, bool account);

/* The member next_cursor: where the rest of a collection begins, 0: that is
 * all. */
void codec_next_cursor(struct call *c, struct json_out *w, uint64_t before);

/* What the query says of the part of a collection that is wanted. */
enum err codec_share_part(struct call *c, uint64_t *ret_before,
    uint64_t *ret_limit) MUST_CHECK;

void codec_collection(struct json_out *w, const struct collection *k);
/* Its members, into an object that is open. */
void codec_collection_members(struct json_out *w, const struct collection *k);
void codec_notification(struct json_out *w, const struct notification *n);
void codec_activity(struct json_out *w, const struct share_activity *a);

/* Reads the body of a new share. */
enum err codec_share_new(struct call *c, struct share_new *ret) MUST_CHECK;

/* Reads the body of a change. */
enum err codec_share_terms(struct call *c, struct share_terms *ret) MUST_CHECK;

#endif
