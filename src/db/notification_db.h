/* Notifications of shares. Results as db.h tells them. */
#ifndef DB_NOTIFICATION_DB_H
#define DB_NOTIFICATION_DB_H

#include "db/share_db.h"

/* To the recipients of a share and of those that pass it on, unless they are
 * revoked. Nobody is told again what he has not yet read. In a transaction of
 * the caller's. */
enum err notification_db_recipients(const struct db *db, uint64_t share_id,
    const char *kind) MUST_CHECK;

/* To one account, likewise. */
enum err notification_db_user(const struct db *db, uint64_t share_id,
    uint64_t user_id, const char *kind) MUST_CHECK;

/* To the share's owner, unless one like it waits to be read. */
enum err notification_db_owner(const struct db *db, uint64_t share_id,
    uint64_t owner_id, const char *kind) MUST_CHECK;

/* Raised with every change of the account's notifications; 0: none so far. */
enum err notification_db_version(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* Unread ones, newest first. */
enum err notification_db_list(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct notification **ret,
    size_t *ret_n) MUST_CHECK;
enum err notification_db_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* ERR_NOT_FOUND: it is not the user's; read already is ERR_OK. In a
 * transaction of the caller's. */
enum err notification_db_read(const struct db *db, const struct uuid *uuid,
    uint64_t user_id) MUST_CHECK;
enum err notification_db_read_all(const struct db *db,
    uint64_t user_id) MUST_CHECK;

/* Accounts that want mail and whose oldest notification that is worth one has
 * waited for so many seconds. */
enum err notification_db_to_mail(const struct db *db, int64_t seconds,
    uint64_t limit, struct share_id **ret, size_t *ret_n) MUST_CHECK;

/* Those that have had no mail; and that they have had one. In a transaction of
 * the caller's. */
enum err notification_db_unmailed(const struct db *db, uint64_t user_id,
    uint64_t limit, struct notification **ret, size_t *ret_n) MUST_CHECK;
enum err notification_db_mailed(const struct db *db,
    uint64_t user_id) MUST_CHECK;

/* Removes what is older than so many seconds. */
enum err notification_db_expire(const struct db *db,
    int64_t seconds) MUST_CHECK;

#endif
