/* Workers that are running or were until a day ago. Results as in db.h. */
#ifndef DB_WORKER_DB_H
#define DB_WORKER_DB_H

#include "db/db.h"

struct worker_row {
	const char *host;
	uint32_t pid;
	const char *version;
	int64_t age; /* seconds since it was last seen */
	bool busy;   /* it has a job with a valid lease */
};

/* Adds the worker, or renews the time at which it was last seen. */
enum err worker_db_seen(const struct db *db, const struct uuid *id,
    const char *host, uint32_t pid, const char *version) MUST_CHECK;

/* Removes a worker's row; ERR_OK if there is none. */
enum err worker_db_left(const struct db *db, const struct uuid *id) MUST_CHECK;

/* Removes workers that were not seen for a day. */
enum err worker_db_expire(const struct db *db) MUST_CHECK;

/* Lists all workers by host, and those of a host by when they were last seen,
 * latest first. */
enum err worker_db_list(const struct db *db, struct worker_row **ret,
    size_t *ret_n) MUST_CHECK;

#endif
