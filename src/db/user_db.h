/* Accounts. Results as db.h tells them. */
#ifndef DB_USER_DB_H
#define DB_USER_DB_H

#include "db/db.h"
#include "model/user.h"

/* ERR_CONFLICT: the name or the address is taken. */
enum err user_db_add(struct db *db, struct why *why, const struct user *u,
    uint64_t *ret_id) MUST_CHECK;
enum err user_db_by_name(struct db *db, struct why *why, struct arena *a,
    const char *name, struct user *ret) MUST_CHECK;
enum err user_db_by_uuid(struct db *db, struct why *why, struct arena *a,
    const struct uuid *uuid, struct user *ret) MUST_CHECK;
enum err user_db_by_id(struct db *db, struct why *why, struct arena *a,
    uint64_t id, struct user *ret) MUST_CHECK;

/* By e-mail address, an account that is not disabled. */
enum err user_db_by_email(struct db *db, struct why *why, struct arena *a,
    const char *email, struct user *ret) MUST_CHECK;

/* Every account, by id; row is a struct user. */
/* Keeps other transactions that ask for the same account waiting until this
 * one ends. */
enum err user_db_lock(struct db *db, struct why *why, uint64_t id) MUST_CHECK;
enum err user_db_list(struct db *db, struct why *why, db_row_fn *fn,
    void *arg) MUST_CHECK;

/* Raises the generation, which ends all access tokens. */
enum err user_db_set_password(struct db *db, struct why *why, uint64_t id,
    const char *hash) MUST_CHECK;
enum err user_db_set_disabled(struct db *db, struct why *why, uint64_t id,
    bool disabled) MUST_CHECK;
enum err user_db_set_role(struct db *db, struct why *why, uint64_t id,
    const char *role) MUST_CHECK;
enum err user_db_set_quota(struct db *db, struct why *why, uint64_t id,
    uint64_t bytes) MUST_CHECK;

/* Whether he wants his notifications by e-mail. */
enum err user_db_wants_mail(struct db *db, struct why *why, uint64_t id,
    bool *ret) MUST_CHECK;
enum err user_db_set_wants_mail(struct db *db, struct why *why, uint64_t id,
    bool wanted) MUST_CHECK;

/* The columns of USER_COLS within a larger struct, for other *_db files. */
#define USER_MAP(type, member) \
	DB_COL_AS(type, member.id, "id", DB_U64), \
	    DB_COL_AS(type, member.uuid, "uuid", DB_UUID), \
	    DB_COL_AS(type, member.username, "username", DB_TEXT), \
	    DB_COL_AS(type, member.display_name, "display_name", DB_TEXT), \
	    DB_COL_AS(type, member.email, "email", DB_TEXT), \
	    DB_COL_AS(type, member.role, "role", DB_TEXT), \
	    DB_COL_AS(type, member.password_hash, "password_hash", DB_TEXT), \
	    DB_COL_AS(type, member.generation, "generation", DB_U32), \
	    DB_COL_AS(type, member.quota, "quota", DB_U64), \
	    DB_COL_AS(type, member.disabled_at, "disabled_at", DB_TIME), \
	    DB_COL_AS(type, member.created_at, "created_at", DB_TIME)

#endif
