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
	struct hash content_hash; /* of the source */
	uint64_t perceptual_hash; /* 0: none */
};

/*
 * The lock of seed 000: makes the media's row, or takes over one whose
 * holder's time is up, for so many seconds. ERR_CONFLICT: there is a row that
 * somebody holds or that is ready.
 */
enum err community_db_claim(const struct db *db, uint64_t media_id,
    uint64_t user_id, const struct uuid *owner, int64_t seconds,
    uint64_t *ret_id) MUST_CHECK;

/* A row, by its media or its id. lock: within a transaction, until its end. */
enum err community_db_by_media(const struct db *db, uint64_t media_id,
    bool lock, struct community_row *ret) MUST_CHECK;
enum err community_db_by_id(const struct db *db, uint64_t id, bool lock,
    struct community_row *ret) MUST_CHECK;

/* making → ready. ERR_NOT_FOUND: the owner does not hold it any more. */
enum err community_db_finish(const struct db *db, uint64_t id,
    const struct uuid *owner, const struct community_copy *copy) MUST_CHECK;

/* Gives the claim back; nothing happens when it is not held any more. */
enum err community_db_release(const struct db *db, uint64_t id,
    const struct uuid *owner) MUST_CHECK;

/* Takes the row from whoever has it, in any state; the feed shows it no more.
 * ERR_NOT_FOUND: there is none. */
enum err community_db_seize(const struct db *db, uint64_t id,
    const struct uuid *owner, int64_t seconds) MUST_CHECK;

/* Rows in making whose time has been up for a while. */
enum err community_db_stale(const struct db *db, uint64_t limit,
    struct community_row **ret, size_t *ret_n) MUST_CHECK;

/* ready → hidden and back. ERR_NOT_FOUND: it was not in that state. */
enum err community_db_hide(const struct db *db, uint64_t id) MUST_CHECK;
enum err community_db_show(const struct db *db, uint64_t id) MUST_CHECK;

/* Sets the row's tags to those of a JSON array of slugs. In a transaction. */
enum err community_db_set_tags(const struct db *db, uint64_t media_id,
    uint64_t id, const char *slugs) MUST_CHECK;

/* Newest first; tag_id 0: all. Only what comes before `before`. */
enum err community_db_feed(const struct db *db, uint32_t tag_id,
    uint64_t before, uint64_t limit, struct community_item **ret,
    size_t *ret_n) MUST_CHECK;

/* ---- moderation ---- */

/* What people have reported, one row a record. */
struct report {
	uint64_t id; /* of the community record */
	const char *state;
	const char *object_name;
	const char *thumb_name;
	const char *shared_by;
	const char *reasons; /* one a line */
	uint64_t reports;
	int64_t created_at;
	int64_t reported_at;
};

enum err report_db_add(const struct db *db, uint64_t community_id,
    uint64_t user_id, const char *reason) MUST_CHECK;
enum err report_db_list(const struct db *db, uint64_t limit,
    struct report **ret, size_t *ret_n) MUST_CHECK;
enum err report_db_clear(const struct db *db, uint64_t community_id) MUST_CHECK;

/* ERR_OK: the picture is on the block list; ERR_NOT_FOUND: it is not. */
enum err block_db_find(const struct db *db, const struct hash *content,
    uint64_t perceptual) MUST_CHECK;

/* Puts a community record's hashes on the list; takes them off again. */
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

/* All that has the one tag gets the other, and the first is gone. In a
 * transaction. */
enum err tag_db_merge(const struct db *db, uint32_t from,
    uint32_t into) MUST_CHECK;
enum err tag_db_by_slug(const struct db *db, const char *slug,
    struct tag *ret) MUST_CHECK;

#endif
