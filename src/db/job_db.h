/* The workers' jobs. Results as in db.h. */
#ifndef DB_JOB_DB_H
#define DB_JOB_DB_H

#include "db/db.h"

struct job {
	uint64_t id;
	const char *kind;
	uint64_t ref_id;
	uint32_t attempts; /* earlier attempts */
	bool abandoned;	   /* an earlier worker did not finish it */
};

/* Queues a job, or makes an existing one run again. */
enum err job_db_add(const struct db *db, const char *kind,
    uint64_t ref_id) MUST_CHECK;

/* The same, ahead of all waiting jobs. */
enum err job_db_add_ahead(const struct db *db, const char *kind,
    uint64_t ref_id) MUST_CHECK;

/* Removes a job, even if a worker has it. ERR_OK if there is none. */
enum err job_db_remove(const struct db *db, const char *kind,
    uint64_t ref_id) MUST_CHECK;

/* Makes sure that a recurring job exists. */
enum err job_db_ensure(const struct db *db, const char *kind) MUST_CHECK;

/* Leases the job that has been due the longest for `seconds`; when the lease
 * expires, another worker may take it. ERR_NOT_FOUND: nothing is due. */
enum err job_db_take(const struct db *db, const struct uuid *owner,
    int64_t seconds, struct job *ret) MUST_CHECK;

/* Renews the lease: `seconds` from now. ERR_CONFLICT: another worker has the
 * job, or it was queued again. */
enum err job_db_hold(const struct db *db, uint64_t id, const struct uuid *owner,
    int64_t seconds) MUST_CHECK;

enum err job_db_done(const struct db *db, uint64_t id,
    const struct uuid *owner) MUST_CHECK;

/* Makes the job run again in `seconds`; counts: record a failed attempt. */
enum err job_db_again(const struct db *db, uint64_t id,
    const struct uuid *owner, const char *error, bool counts,
    int64_t seconds) MUST_CHECK;

enum err job_db_count(const struct db *db, uint64_t *ret) MUST_CHECK;

#endif
