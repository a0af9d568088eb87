/* The versions of what accounts show; db_exec_shown() raises them. Results as
 * in db.h. */
#ifndef DB_VERSION_DB_H
#define DB_VERSION_DB_H

#include "db/db.h"

struct account_version {
	uint32_t slot;
	uint64_t version;
	int64_t now; /* the database's clock, the same in all rows */
};

/* Lists all versions (a missing slot has version 0), and sets *ret_now to the
 * database's time, ms since 1970. At least one row, of slot 0 if there are no
 * versions yet. */
enum err version_db_all(const struct db *db, struct account_version **ret,
    size_t *ret_n, int64_t *ret_now) MUST_CHECK;

/* The version of one slot. */
enum err version_db_one(const struct db *db, unsigned slot,
    uint64_t *ret) MUST_CHECK;

#endif
