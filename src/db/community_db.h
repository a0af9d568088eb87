/* The community's media and tags. Results as db.h tells them. */
#ifndef DB_COMMUNITY_DB_H
#define DB_COMMUNITY_DB_H

#include "db/db.h"
#include "model/share.h"

/* What has been made for the community. */
struct community_copy {
	const char *object_name;
	const char *thumb_name; /* NULL: none */
	const char *mime;
	uint64_t size;
	uint32_t width, height;
};

/*
 * The lock of seed 000: makes the media's row, or takes over one whose
 * holder's time is up, for so many seconds. ERR_CONFLICT: there is a row that
 * somebody holds or that is ready.
 */
enum err community_db_claim(struct db *db, struct why *why, uint64_t media_id,
    uint64_t user_id, const struct uuid *owner, int64_t seconds) MUST_CHECK;

/* The media's row. lock: within a transaction, until its end. */
enum err community_db_by_media(struct db *db, struct why *why,
    struct arena *a, uint64_t media_id, bool lock,
    struct community_row *ret) MUST_CHECK;

/* making → ready. ERR_NOT_FOUND: the owner does not hold it any more. */
enum err community_db_finish(struct db *db, struct why *why,
    uint64_t media_id, const struct uuid *owner,
    const struct community_copy *copy) MUST_CHECK;

/* Gives the claim back; nothing happens when it is not held any more. */
enum err community_db_release(struct db *db, struct why *why,
    uint64_t media_id, const struct uuid *owner) MUST_CHECK;

/* Takes the row from whoever has it, in any state; the feed shows it no more.
 * ERR_NOT_FOUND: there is none. */
enum err community_db_seize(struct db *db, struct why *why,
    uint64_t media_id, const struct uuid *owner, int64_t seconds) MUST_CHECK;

/* Sets the row's tags to those of a JSON array of slugs. In a transaction. */
enum err community_db_set_tags(struct db *db, struct why *why,
    uint64_t media_id, uint64_t id, const char *slugs) MUST_CHECK;

/* Newest first; tag_id 0: all. Only what comes before `before`. */
enum err community_db_feed(struct db *db, struct why *why, struct arena *a,
    uint32_t tag_id, uint64_t before, uint64_t limit,
    struct community_item **ret, size_t *ret_n) MUST_CHECK;

enum err tag_db_list(struct db *db, struct why *why, struct arena *a,
    struct tag **ret, size_t *ret_n) MUST_CHECK;
enum err tag_db_by_slug(struct db *db, struct why *why, struct arena *a,
    const char *slug, struct tag *ret) MUST_CHECK;

#endif
