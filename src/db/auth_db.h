/* Sessions, API keys, subjects of the external issuer, wrong passwords and
 * reset links. Results as in db.h. */
#ifndef DB_AUTH_DB_H
#define DB_AUTH_DB_H

#include "db/db.h"
#include "model/user.h"

/* A valid session or key of an account that is not disabled. */
struct auth_row {
	uint64_t id;	    /* the session's or the key's */
	const char *scopes; /* a key's; NULL for a session */
	bool stale; /* its recorded last use is old and should be updated */
	struct user user;
};

enum err session_db_add(const struct db *db, uint64_t user_id,
    const struct hash *token, const char *address, const char *agent,
    int64_t seconds) MUST_CHECK;
enum err session_db_by_token(const struct db *db, const struct hash *token,
    struct auth_row *ret) MUST_CHECK;
enum err session_db_touch(const struct db *db, uint64_t id, const char *address,
    int64_t seconds) MUST_CHECK;
enum err session_db_list(const struct db *db, uint64_t user_id,
    struct session **ret, size_t *ret_n) MUST_CHECK;
enum err session_db_delete(const struct db *db, uint64_t user_id,
    uint64_t id) MUST_CHECK;

/* Deletes all sessions of the account except one (0: all). */
enum err session_db_delete_others(const struct db *db, uint64_t user_id,
    uint64_t but) MUST_CHECK;

enum err key_db_add(const struct db *db, uint64_t user_id, const char *name,
    const struct hash *key, const char *scopes, int64_t expires_at,
    uint64_t *ret_id) MUST_CHECK;
enum err key_db_by_hash(const struct db *db, const struct hash *key,
    struct auth_row *ret) MUST_CHECK;
enum err key_db_touch(const struct db *db, uint64_t id) MUST_CHECK;
enum err key_db_list(const struct db *db, uint64_t user_id,
    struct api_key **ret, size_t *ret_n) MUST_CHECK;

/* user_id 0: a key of any account. */
enum err key_db_revoke(const struct db *db, uint64_t user_id,
    uint64_t id) MUST_CHECK;

/* A subject of the external issuer, tied to an account. */
struct subject {
	const char *issuer;
	const char *subject;
	const char *username;
	int64_t created_at;
};

enum err subject_db_user(const struct db *db, const char *issuer,
    const char *subject, struct user *ret) MUST_CHECK;

/* ERR_CONFLICT: the subject is tied to an account already. */
enum err subject_db_add(const struct db *db, const char *issuer,
    const char *subject, uint64_t user_id) MUST_CHECK;
enum err subject_db_list(const struct db *db, db_row_fn *fn,
    void *arg) MUST_CHECK;
enum err subject_db_remove(const struct db *db, const char *issuer,
    const char *subject) MUST_CHECK;

/* The number of wrong tries that count at present, and for how many more
 * seconds; both 0 if there are none. */
enum err tries_db_get(const struct db *db, const struct hash *id,
    uint64_t *ret_count, uint64_t *ret_seconds) MUST_CHECK;
enum err tries_db_add(const struct db *db, const struct hash *id,
    int64_t seconds) MUST_CHECK;
enum err tries_db_clear(const struct db *db, const struct hash *id) MUST_CHECK;

/* Adds a link for a new password, by the hash of its token. */
enum err reset_db_add(const struct db *db, const struct hash *token,
    const struct user *u, int64_t seconds) MUST_CHECK;

/* The link's account. ERR_NOT_FOUND: the link is invalid. */
enum err reset_db_user(const struct db *db, const struct hash *token,
    struct user *ret) MUST_CHECK;

/* Uses up the link. ERR_NOT_FOUND: another request was faster. */
enum err reset_db_take(const struct db *db,
    const struct hash *token) MUST_CHECK;

/* For the worker: deletes expired rows. */
enum err auth_db_expire(const struct db *db) MUST_CHECK;

#endif
