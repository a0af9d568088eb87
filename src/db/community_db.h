/* The community's media and tags. Results as in db.h. */
#ifndef DB_COMMUNITY_DB_H
#define DB_COMMUNITY_DB_H

#include "db/db.h"
#include "model/share.h"

/* The published copy of a media. */
struct community_copy {
	const char *object_name;
	const char *thumb_name; /* NULL: none */
	const char *mime;
	uint64_t size;
	uint32_t width, height;
	struct hash content_hash; /* of the source */
	uint64_t perceptual_hash; /* 0: none */
};

/*
 * Takes the lock of seed 000 for `seconds`: adds the media's row, or takes over
 * one whose claim has expired. ERR_CONFLICT: the row is ready, or claimed by
 * another process.
 */
enum err community_db_claim(const struct db *db, uint64_t media_id,
    uint64_t user_id, const struct uuid *owner, int64_t seconds,
    uint64_t *ret_id) MUST_CHECK;

/* Finds a row by its media or its id. lock: locks it until the end of the
 * transaction. */
enum err community_db_by_media(const struct db *db, uint64_t media_id,
    bool lock, struct community_row *ret) MUST_CHECK;
enum err community_db_by_id(const struct db *db, uint64_t id, bool lock,
    struct community_row *ret) MUST_CHECK;

/* Changes the state from making to ready. ERR_NOT_FOUND: the owner no longer
 * holds the claim. */
enum err community_db_finish(const struct db *db, uint64_t id,
    const struct uuid *owner, const struct community_copy *copy) MUST_CHECK;

/* Releases the claim; does nothing if it is no longer held. */
enum err community_db_release(const struct db *db, uint64_t id,
    const struct uuid *owner) MUST_CHECK;

/* Claims the row in any state, also from another holder, and removes it from
 * the feed. ERR_NOT_FOUND: there is none. */
enum err community_db_seize(const struct db *db, uint64_t id,
    const struct uuid *owner, int64_t seconds) MUST_CHECK;

/* Rows in state making whose claim expired some time ago. */
enum err community_db_stale(const struct db *db, uint64_t limit,
    struct community_row **ret, size_t *ret_n) MUST_CHECK;

/* Changes the state from ready to hidden, or back. ERR_NOT_FOUND: it was not in
 * that state. */
enum err community_db_hide(const struct db *db, uint64_t id) MUST_CHECK;
enum err community_db_show(const struct db *db, uint64_t id) MUST_CHECK;

/* Sets the row's tags to a JSON array of slugs. Call it within a
 * transaction. */
enum err community_db_set_tags(const struct db *db, uint64_t media_id,
    uint64_t id, const char *slugs) MUST_CHECK;

/* Lists the rows before `before`, newest first; tag_id 0: with any tag. */
enum err community_db_feed(const struct db *db, uint32_t tag_id,
    uint64_t before, uint64_t limit, struct community_item **ret,
    size_t *ret_n) MUST_CHECK;

/* ---- moderation ---- */

/* A reported record, with all its reports. */
struct report {
	uint64_t id; /* of the community record */
	enum community_state state;
	const char *object_name;
	const char *thumb_name;
	const char *shared_by;
	const char *reasons; /* one per line */
	uint64_t reports;
	int64_t created_at;
	int64_t reported_at;
};

enum err report_db_add(const struct db *db, uint64_t community_id,
    uint64_t user_id, const char *reason) MUST_CHECK;
enum err report_db_list(const struct db *db, uint64_t limit,
    struct report **ret, size_t *ret_n) MUST_CHECK;
enum err report_db_clear(const struct db *db, uint64_t community_id) MUST_CHECK;

/* Looks a picture up in the block list. ERR_NOT_FOUND: it is not there. */
enum err block_db_find(const struct db *db, const struct hash *content,
    uint64_t perceptual) MUST_CHECK;

/* Adds a community record's hashes to the block list, or removes them. */
enum err block_db_add(const struct db *db, uint64_t community_id,
    uint64_t user_id) MUST_CHECK;
enum err block_db_remove(const struct db *db, uint64_t community_id) MUST_CHECK;

/* ---- tags ---- */

enum err tag_db_list(const struct db *db, struct tag **ret,
    size_t *ret_n) MUST_CHECK;
/* ERR_CONFLICT: the slug is taken. */
enum err tag_db_add(const struct db *db, const char *slug,
    const char *name) MUST_CHECK;
enum err tag_db_rename(const struct db *db, uint32_t id, const char *slug,
    const char *name) MUST_CHECK;

/* Gives everything tagged `from` the tag `into`, and deletes `from`. Call it
 * within a transaction. */
enum err tag_db_merge(const struct db *db, uint32_t from,
    uint32_t into) MUST_CHECK;
enum err tag_db_by_slug(const struct db *db, const char *slug,
    struct tag *ret) MUST_CHECK;

#endif
