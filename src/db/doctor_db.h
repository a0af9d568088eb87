/* What "vitrine doctor" asks the database. Results as db.h tells them. */
#ifndef DB_DOCTOR_DB_H
#define DB_DOCTOR_DB_H

#include "db/db.h"

/* The database's clock, ms since 1970. */
enum err doctor_db_now(const struct db *db, int64_t *ret) MUST_CHECK;

/* The folder of its data, on its own host. */
enum err doctor_db_folder(const struct db *db, const char **ret) MUST_CHECK;

/* Rows of a kind that wait or have failed. */
struct doctor_heap {
	const char *kind;
	uint64_t n;
	int64_t age;	   /* of the oldest, seconds */
	const char *error; /* of one of them; may be NULL */
};

/* Jobs that have failed, more than a day old; those that wait for so long;
 * mails that wait for more than an hour or have failed, by their state. */
enum err doctor_db_failed(const struct db *db, struct doctor_heap **ret,
    size_t *ret_n) MUST_CHECK;
enum err doctor_db_late(const struct db *db, struct doctor_heap **ret,
    size_t *ret_n) MUST_CHECK;
enum err doctor_db_mails(const struct db *db, struct doctor_heap **ret,
    size_t *ret_n) MUST_CHECK;

/* Lets the jobs that doctor_db_failed() tells of run at once. */
enum err doctor_db_again(const struct db *db) MUST_CHECK;

/* Where the last of them came from. */
struct doctor_addresses {
	uint64_t n;
	uint64_t addresses; /* that differ */
	uint64_t owners;    /* accounts, or shares, that differ */
	const char *address;
};

/* The last hundred sessions; the anonymous visits among the last thousand
 * lines of the shares' log. */
enum err doctor_db_sessions(const struct db *db,
    struct doctor_addresses *ret) MUST_CHECK;
enum err doctor_db_visits(const struct db *db,
    struct doctor_addresses *ret) MUST_CHECK;

/* A media that is not in the trash. */
struct doctor_media {
	uint64_t id;
	const char *path; /* below user-media */
	uint64_t size;
	int64_t mtime; /* ns */
	const char *state;
	const char *enrichment;
	const char *error;
	bool old; /* in its state for longer than `keep` */
};

/* The next of an account behind a path and an id ("", 0: from the first), by
 * both; at most `limit`. */
enum err doctor_db_media(const struct db *db, uint64_t user_id,
    const char *path, uint64_t id, int64_t keep, uint64_t limit,
    struct doctor_media **ret, size_t *ret_n) MUST_CHECK;

#endif
