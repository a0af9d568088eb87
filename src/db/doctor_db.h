/* Queries of "vitrine doctor". Results as in db.h. */
#ifndef DB_DOCTOR_DB_H
#define DB_DOCTOR_DB_H

#include "db/db.h"
#include "model/media.h"

/* The database's clock, ms since 1970. */
enum err doctor_db_now(const struct db *db, int64_t *ret) MUST_CHECK;

/* The database's data folder, on its own host. */
enum err doctor_db_folder(const struct db *db, const char **ret) MUST_CHECK;

/* Rows of one kind that are waiting or have failed. */
struct doctor_heap {
	const char *kind;
	uint64_t n;
	int64_t age;	   /* of the oldest, seconds */
	const char *error; /* of one of them; may be NULL */
};

/* Jobs that failed more than a day ago; jobs that have waited as long; mails
 * that have waited for more than an hour or failed, by state. */
enum err doctor_db_failed(const struct db *db, struct doctor_heap **ret,
    size_t *ret_n) MUST_CHECK;
enum err doctor_db_late(const struct db *db, struct doctor_heap **ret,
    size_t *ret_n) MUST_CHECK;
enum err doctor_db_mails(const struct db *db, struct doctor_heap **ret,
    size_t *ret_n) MUST_CHECK;

/* Makes the jobs that doctor_db_failed() lists due at once. */
enum err doctor_db_again(const struct db *db) MUST_CHECK;

/* The addresses that recent sessions or visits came from. */
struct doctor_addresses {
	uint64_t n;
	uint64_t addresses; /* the number of distinct addresses */
	uint64_t owners;    /* the number of distinct accounts or shares */
	const char *address;
};

/* For the last hundred sessions, or for the anonymous visits among the last
 * thousand entries of the shares' log. */
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
	enum media_state state;
	enum enrichment_state enrichment;
	const char *error;
	bool old; /* in its state for more than `keep` seconds */
};

/* Lists at most `limit` media of an account, ordered by path and id, after the
 * given ones ("" and 0: from the first). */
enum err doctor_db_media(const struct db *db, uint64_t user_id,
    const char *path, uint64_t id, int64_t keep, uint64_t limit,
    struct doctor_media **ret, size_t *ret_n) MUST_CHECK;

#endif
