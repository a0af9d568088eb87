/* Outgoing mail and what became of it. Results as db.h tells them. */
#ifndef DB_OUTBOX_DB_H
#define DB_OUTBOX_DB_H

#include "db/db.h"
#include "model/mail.h"

struct outbox_new {
	struct uuid uuid;
	uint64_t user_id; /* 0: the site's own */
	const char *kind;
	const char *recipient;
	const char *subject;
	const char *message;
};

enum err outbox_db_add(const struct db *db, const struct outbox_new *m,
    uint64_t *ret_id) MUST_CHECK;
enum err outbox_db_add_share(const struct db *db, uint64_t id,
    uint64_t share_id) MUST_CHECK;

/* Mails of the account within the last hour. */
enum err outbox_db_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* In how many seconds so many of them, one or more, lie further back. */
enum err outbox_db_room_in(const struct db *db, uint64_t user_id, uint64_t n,
    uint64_t *ret_seconds) MUST_CHECK;

/* Within a transaction, which then has it. */
enum err outbox_db_lock(const struct db *db, uint64_t id,
    struct mail_row *ret) MUST_CHECK;
enum err outbox_db_begin(const struct db *db, uint64_t id) MUST_CHECK;

/*
 * What became of its attempt of that number. ERR_CONFLICT: that has been
 * told already, or it is about another attempt by now.
 */
enum err outbox_db_sent(const struct db *db, uint64_t id, uint32_t attempt,
    const char *subject) MUST_CHECK;
enum err outbox_db_later(const struct db *db, uint64_t id, uint32_t attempt,
    const char *error, int64_t seconds) MUST_CHECK;
enum err outbox_db_end(const struct db *db, uint64_t id, uint32_t attempt,
    const char *state, const char *error) MUST_CHECK;
enum err outbox_db_remove(const struct db *db, uint64_t id,
    uint32_t attempt) MUST_CHECK;

/* user_id 0: whoever's it is. ERR_NOT_FOUND: there is none; ERR_CONFLICT: it
 * is in another state. */
enum err outbox_db_retry(const struct db *db, uint64_t user_id,
    uint64_t id) MUST_CHECK;
enum err outbox_db_drop(const struct db *db, uint64_t user_id,
    uint64_t id) MUST_CHECK;

/* The account's mails that carry the share. */
enum err outbox_db_of_share(const struct db *db, uint64_t user_id,
    uint64_t share_id, struct mail_row **ret, size_t *ret_n) MUST_CHECK;

/* The account's mails before the one of that id, the newest first. */
enum err outbox_db_of_user(const struct db *db, uint64_t user_id,
    uint64_t before, uint64_t limit, struct mail_row **ret,
    size_t *ret_n) MUST_CHECK;

/* Every mail, or those that are not through; row is a struct mail_row. */
enum err outbox_db_list(const struct db *db, bool all, db_row_fn *fn,
    void *arg) MUST_CHECK;

/* Gives jobs to those that have lost theirs, removes what is older than so
 * many seconds; for the worker. */
enum err outbox_db_tend(const struct db *db, int64_t keep) MUST_CHECK;

#endif
