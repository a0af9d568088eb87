/* Notifications of shares. Results as in db.h. */
#ifndef DB_NOTIFICATION_DB_H
#define DB_NOTIFICATION_DB_H

#include "db/share_db.h"

/* Notifies the recipients of a share and of its reshares, except revoked ones.
 * Accounts with an unread notification of the same kind get no second one. Call
 * it within a transaction. */
enum err notification_db_recipients(const struct db *db, uint64_t share_id,
    const char *kind) MUST_CHECK;

/* The same for one account. */
enum err notification_db_user(const struct db *db, uint64_t share_id,
    uint64_t user_id, const char *kind) MUST_CHECK;

/* Notifies the share's owner, unless they have an unread notification of the
 * same kind. */
enum err notification_db_owner(const struct db *db, uint64_t share_id,
    uint64_t owner_id, const char *kind) MUST_CHECK;

/* A number that grows with every change of the account's notifications; 0: no
 * change yet. */
enum err notification_db_version(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* The account's unread notifications, newest first. */
enum err notification_db_list(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct notification **ret,
    size_t *ret_n) MUST_CHECK;
enum err notification_db_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* Marks one or all as read; ERR_OK if it is read already. ERR_NOT_FOUND: it
 * does not belong to the user. Call it within a transaction. */
enum err notification_db_read(const struct db *db, const struct uuid *uuid,
    uint64_t user_id) MUST_CHECK;
enum err notification_db_read_all(const struct db *db,
    uint64_t user_id) MUST_CHECK;

/* Accounts that want mail, and whose oldest notification that qualifies for one
 * is older than `seconds`. */
enum err notification_db_to_mail(const struct db *db, int64_t seconds,
    uint64_t limit, struct share_id **ret, size_t *ret_n) MUST_CHECK;

/* Lists the account's notifications that were not mailed yet, or marks them as
 * mailed. Call both within a transaction. */
enum err notification_db_unmailed(const struct db *db, uint64_t user_id,
    uint64_t limit, struct notification **ret, size_t *ret_n) MUST_CHECK;
enum err notification_db_mailed(const struct db *db,
    uint64_t user_id) MUST_CHECK;

/* Deletes notifications that are older than `seconds`. */
enum err notification_db_expire(const struct db *db,
    int64_t seconds) MUST_CHECK;

#endif
