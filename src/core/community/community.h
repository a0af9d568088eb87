/* The community: marked copies in general/, their tags, the feed. */
#ifndef CORE_COMMUNITY_COMMUNITY_H
#define CORE_COMMUNITY_COMMUNITY_H

#include "core/env.h"
#include "core/community/media_share.h"
#include "model/media.h"
#include "model/share.h"

#define FEED_LIMIT 30
#define FEED_LIMIT_MOST 100

/* Checks consent and tags against the rules before anything is done. */
enum err community_check(struct env *env, const struct media *m,
    const struct share_request *r) MUST_CHECK;

/* Whether publishing the media needs the owner's consent and a tag: seed 000
 * asks for them for uploaded images alone. type: as sniffed or as recorded. */
bool community_needs_consent(const struct media *m, enum media_type type);

/* Takes the copy out: from the feed, then the object, then the record. None
 * there is fine. */
enum err community_withdraw(struct env *env, uint64_t media_id) MUST_CHECK;

/* The same by the record's id, whatever its state. */
enum err community_withdraw_row(struct env *env, uint64_t id) MUST_CHECK;

/* For the worker: finishes withdrawals that failed half way, and gives back
 * claims of processes that died. */
enum err community_tend(struct env *env) MUST_CHECK;

/* A page of the feed, newest first. tag NULL: all; cursor NULL: from the
 * start. *ret_next is NULL on the last page. ERR_INVALID: unknown tag or bad
 * cursor. */
enum err community_feed(struct env *env, const char *tag, const char *cursor,
    uint64_t limit, struct community_item **ret, size_t *ret_n,
    const char **ret_next) MUST_CHECK;

enum err community_tags(struct env *env, struct tag **ret,
    size_t *ret_n) MUST_CHECK;

/* Keeps the canonical tags: a slug is 1 to 64 of a-z, 0-9 and dashes, a name
 * 1 to 64 characters. ERR_INVALID, ERR_NOT_FOUND, ERR_CONFLICT tell in why. */
enum err community_tag_add(struct env *env, const char *slug,
    const char *name) MUST_CHECK;
enum err community_tag_rename(struct env *env, const char *slug,
    const char *new_slug, const char *name) MUST_CHECK;
enum err community_tag_merge(struct env *env, const char *from,
    const char *into) MUST_CHECK;

/* ---- what publish.c and moderation.c share with community.c ---- */

/* Whether the media is a user's own, and so is marked. */
bool community_is_upload(const struct media *m);

/* The media's file, closed with the arena, and its type by its bytes. */
enum err community_open_source(struct env *env, const struct media *m,
    int *ret_fd, enum media_type *ret_type) MUST_CHECK;

/* Removes the objects (NULL: none) from wherever they lie. */
enum err community_remove_objects(struct env *env, const char *object,
    const char *thumb) MUST_CHECK;

/* The public address of an object in general/. */
const char *community_url(struct env *env, struct arena *a,
    const char *object_name);

#endif
