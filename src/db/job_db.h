/* The workers' jobs. Results as db.h tells them. */
#ifndef DB_JOB_DB_H
#define DB_JOB_DB_H

#include "db/db.h"

struct job {
	uint64_t id;
	const char *kind;
	uint64_t ref_id;
	uint32_t attempts; /* before this one */
	bool abandoned;	   /* whoever had it before did not come to an end */
};

/* Queues it, or lets it run again when it is there already. */
enum err job_db_add(const struct db *db, const char *kind,
    uint64_t ref_id) MUST_CHECK;

/* The same, in front of all that waits. */
enum err job_db_add_ahead(const struct db *db, const char *kind,
    uint64_t ref_id) MUST_CHECK;

/* Takes it out, whoever has it; none is ERR_OK too. */
enum err job_db_remove(const struct db *db, const char *kind,
    uint64_t ref_id) MUST_CHECK;

/* Makes sure that a job which comes round again and again is there. */
enum err job_db_ensure(const struct db *db, const char *kind) MUST_CHECK;

/* Takes the job that has been due the longest for so many seconds; when they
 * are over, another worker may take it. ERR_NOT_FOUND: nothing is due. */
enum err job_db_take(const struct db *db, const struct uuid *owner,
    int64_t seconds, struct job *ret) MUST_CHECK;

/* Has it for so many seconds from now. ERR_CONFLICT: it is another's, or was
 * queued anew. */
enum err job_db_hold(const struct db *db, uint64_t id, const struct uuid *owner,
    int64_t seconds) MUST_CHECK;

enum err job_db_done(const struct db *db, uint64_t id,
    const struct uuid *owner) MUST_CHECK;

/* Later, in so many seconds; counts: as a failed attempt. */
enum err job_db_again(const struct db *db, uint64_t id,
    const struct uuid *owner, const char *error, bool counts,
    int64_t seconds) MUST_CHECK;

enum err job_db_count(const struct db *db, uint64_t *ret) MUST_CHECK;

#endif
