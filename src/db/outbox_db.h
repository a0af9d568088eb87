/* Outgoing mail and its delivery status. Results as in db.h. */
#ifndef DB_OUTBOX_DB_H
#define DB_OUTBOX_DB_H

#include "db/db.h"
#include "model/mail.h"

struct outbox_new {
	struct uuid uuid;
	uint64_t user_id; /* 0: the site itself */
	const char *kind;
	const char *recipient;
	const char *subject;
	const char *message;
};

enum err outbox_db_add(const struct db *db, const struct outbox_new *m,
    uint64_t *ret_id) MUST_CHECK;
enum err outbox_db_add_share(const struct db *db, uint64_t id,
    uint64_t share_id) MUST_CHECK;

/* The number of the account's mails within the last hour. */
enum err outbox_db_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* The number of seconds after which n (at least 1) of those mails are more than
 * an hour old. */
enum err outbox_db_room_in(const struct db *db, uint64_t user_id, uint64_t n,
    uint64_t *ret_seconds) MUST_CHECK;

/* Reads a mail and locks it until the end of the transaction. */
enum err outbox_db_lock(const struct db *db, uint64_t id,
    struct mail_row *ret) MUST_CHECK;
enum err outbox_db_begin(const struct db *db, uint64_t id) MUST_CHECK;

/*
 * Records the result of an attempt. ERR_CONFLICT: its result is recorded
 * already, or another attempt has begun.
 */
enum err outbox_db_sent(const struct db *db, uint64_t id, uint32_t attempt,
    const char *subject) MUST_CHECK;
enum err outbox_db_later(const struct db *db, uint64_t id, uint32_t attempt,
    const char *error, int64_t seconds) MUST_CHECK;
enum err outbox_db_end(const struct db *db, uint64_t id, uint32_t attempt,
    enum mail_state state, const char *error) MUST_CHECK;
enum err outbox_db_remove(const struct db *db, uint64_t id,
    uint32_t attempt) MUST_CHECK;

/* user_id 0: a mail of any account. ERR_NOT_FOUND: there is none; ERR_CONFLICT:
 * its state does not allow this. */
enum err outbox_db_retry(const struct db *db, uint64_t user_id,
    uint64_t id) MUST_CHECK;
enum err outbox_db_drop(const struct db *db, uint64_t user_id,
    uint64_t id) MUST_CHECK;

/* The account's mails that contain the share. */
enum err outbox_db_of_share(const struct db *db, uint64_t user_id,
    uint64_t share_id, struct mail_row **ret, size_t *ret_n) MUST_CHECK;

/* The account's mails with an id below `before`, newest first. */
enum err outbox_db_of_user(const struct db *db, uint64_t user_id,
    uint64_t before, uint64_t limit, struct mail_row **ret,
    size_t *ret_n) MUST_CHECK;

/* Every mail, or those that are not finished. Rows are of struct mail_row. */
enum err outbox_db_list(const struct db *db, bool all, db_row_fn *fn,
    void *arg) MUST_CHECK;

/* For the worker: adds jobs for mails that lost theirs, and deletes mails that
 * are older than `keep` seconds. */
enum err outbox_db_tend(const struct db *db, int64_t keep) MUST_CHECK;

#endif
