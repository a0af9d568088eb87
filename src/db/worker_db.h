/* The workers that run, or did until a day ago. Results as db.h tells them. */
#ifndef DB_WORKER_DB_H
#define DB_WORKER_DB_H

#include "db/db.h"

struct worker_row {
	const char *host;
	uint32_t pid;
	const char *version;
	int64_t age; /* seconds since it was last seen */
	bool busy;   /* it has a job whose lease has not run out */
};

/* Adds the worker, or renews the time at which it was last seen. */
enum err worker_db_seen(const struct db *db, const struct uuid *id,
    const char *host, uint32_t pid, const char *version) MUST_CHECK;

/* Takes its row out; none is ERR_OK too. */
enum err worker_db_left(const struct db *db, const struct uuid *id) MUST_CHECK;

/* Takes out those that were not seen for a day. */
enum err worker_db_expire(const struct db *db) MUST_CHECK;

/* All of them by host, those of a host by when they were last seen, the
 * latest first. */
enum err worker_db_list(const struct db *db, struct worker_row **ret,
    size_t *ret_n) MUST_CHECK;

#endif
