/* Collections and their membership. Results as db.h tells them. */
#ifndef DB_COLLECTION_DB_H
#define DB_COLLECTION_DB_H

#include "db/share_db.h"

enum err collection_db_add(const struct db *db, const struct uuid *uuid,
    uint64_t user_id, const char *name, const char *description) MUST_CHECK;
enum err collection_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct collection *ret) MUST_CHECK;

/* A user's own, newest first. */
enum err collection_db_list(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct collection **ret,
    size_t *ret_n) MUST_CHECK;
enum err collection_db_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* Within a transaction: it is there, and stays until its end. */
enum err collection_db_lock(const struct db *db, uint64_t id) MUST_CHECK;
enum err collection_db_update(const struct db *db, uint64_t id,
    const char *name, const char *description) MUST_CHECK;

/* It shows nothing any more; its row stays until the log of its shares has
 * run out. */
enum err collection_db_delete(const struct db *db, uint64_t id) MUST_CHECK;

/* Idempotent both. ERR_CONFLICT: the media has gone meanwhile. */
enum err collection_db_put(const struct db *db, uint64_t id,
    uint64_t media_id) MUST_CHECK;
enum err collection_db_take(const struct db *db, uint64_t id,
    uint64_t media_id) MUST_CHECK;

/* The media of that UUID in it, whatever its state, and whose it is.
 * ERR_NOT_FOUND: it holds none. */
enum err collection_db_has(const struct db *db, uint64_t id,
    const struct uuid *media, struct share_target *ret) MUST_CHECK;

/* Removes what was deleted more than so many seconds ago. */
enum err collection_db_expire(const struct db *db, int64_t seconds) MUST_CHECK;

#endif
