/* The versions of what accounts show (db_exec_shown() raises them). Results as
 * db.h tells them. */
#ifndef DB_VERSION_DB_H
#define DB_VERSION_DB_H

#include "db/db.h"

struct account_version {
	uint32_t slot;
	uint64_t version;
};

/* All that there are (a slot that is missing has version 0), and the database's
 * clock, ms since 1970; there is a row for that, too, above ACCOUNT_SLOTS. */
enum err version_db_all(const struct db *db, struct account_version **ret,
    size_t *ret_n, int64_t *ret_now) MUST_CHECK;

/* One of them. */
enum err version_db_one(const struct db *db, unsigned slot,
    uint64_t *ret) MUST_CHECK;

#endif
