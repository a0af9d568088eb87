/* Accounts. Results as in db.h. */
#ifndef DB_USER_DB_H
#define DB_USER_DB_H

#include "db/db.h"
#include "model/user.h"

/* ERR_CONFLICT: the name or the address is taken. */
enum err user_db_add(const struct db *db, const struct user *u,
    uint64_t *ret_id) MUST_CHECK;
enum err user_db_by_name(const struct db *db, const char *name,
    struct user *ret) MUST_CHECK;
enum err user_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct user *ret) MUST_CHECK;
enum err user_db_by_id(const struct db *db, uint64_t id,
    struct user *ret) MUST_CHECK;

/* Finds an account by e-mail address, unless it is disabled. */
enum err user_db_by_email(const struct db *db, const char *email,
    struct user *ret) MUST_CHECK;

/* Every account, by id; row is a struct user. */
/* Keeps other transactions that ask for the same account waiting until this
 * one ends. */
enum err user_db_lock(const struct db *db, uint64_t id) MUST_CHECK;
enum err user_db_list(const struct db *db, db_row_fn *fn, void *arg) MUST_CHECK;

/* Sets the password and raises the generation, which invalidates all access
 * tokens. */
enum err user_db_set_password(const struct db *db, uint64_t id,
    const char *hash) MUST_CHECK;
enum err user_db_set_disabled(const struct db *db, uint64_t id,
    bool disabled) MUST_CHECK;
enum err user_db_set_role(const struct db *db, uint64_t id,
    enum role role) MUST_CHECK;
enum err user_db_set_quota(const struct db *db, uint64_t id,
    uint64_t bytes) MUST_CHECK;

/* Whether the user wants notifications by e-mail. */
enum err user_db_wants_mail(const struct db *db, uint64_t id,
    bool *ret) MUST_CHECK;
enum err user_db_set_wants_mail(const struct db *db, uint64_t id,
    bool wanted) MUST_CHECK;

/* The columns of USER_COLS as part of a larger struct, for other *_db files. */
#define USER_MAP(type, member) \
	DB_COL_AS(type, member.id, "id", DB_U64), \
	    DB_COL_AS(type, member.uuid, "uuid", DB_UUID), \
	    DB_COL_AS(type, member.username, "username", DB_TEXT), \
	    DB_COL_AS(type, member.display_name, "display_name", DB_TEXT), \
	    DB_COL_AS(type, member.email, "email", DB_TEXT), \
	    DB_COL_WORD_AS(type, member.role, "role", roles), \
	    DB_COL_AS(type, member.password_hash, "password_hash", DB_TEXT), \
	    DB_COL_AS(type, member.generation, "generation", DB_U32), \
	    DB_COL_AS(type, member.quota, "quota", DB_U64), \
	    DB_COL_AS(type, member.disabled_at, "disabled_at", DB_TIME), \
	    DB_COL_AS(type, member.created_at, "created_at", DB_TIME)

#endif
