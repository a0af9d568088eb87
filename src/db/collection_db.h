/* Collections and their media. Results as in db.h. */
#ifndef DB_COLLECTION_DB_H
#define DB_COLLECTION_DB_H

#include "db/share_db.h"

enum err collection_db_add(const struct db *db, const struct uuid *uuid,
    uint64_t user_id, const char *name, const char *description) MUST_CHECK;
enum err collection_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct collection *ret) MUST_CHECK;

/* A user's own collections, newest first. */
enum err collection_db_list(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct collection **ret,
    size_t *ret_n) MUST_CHECK;
enum err collection_db_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* Locks a collection until the end of the transaction. ERR_NOT_FOUND: it is
 * unknown or deleted. */
enum err collection_db_lock(const struct db *db, uint64_t id) MUST_CHECK;
enum err collection_db_update(const struct db *db, uint64_t id,
    const char *name, const char *description) MUST_CHECK;

/* Marks the collection as deleted. Its row stays until the log of its shares
 * has expired. */
enum err collection_db_delete(const struct db *db, uint64_t id) MUST_CHECK;

/* Adds or removes a media; repeating either is fine. ERR_CONFLICT: the media
 * has been deleted. */
enum err collection_db_put(const struct db *db, uint64_t id,
    uint64_t media_id) MUST_CHECK;
enum err collection_db_take(const struct db *db, uint64_t id,
    uint64_t media_id) MUST_CHECK;

/* Finds a media of the collection by UUID, in any state, and its owner.
 * ERR_NOT_FOUND: it is not in the collection. */
enum err collection_db_has(const struct db *db, uint64_t id,
    const struct uuid *media, struct share_target *ret) MUST_CHECK;

/* Removes collections that were deleted more than `seconds` ago. */
enum err collection_db_expire(const struct db *db, int64_t seconds) MUST_CHECK;

#endif
