#include "config.h"

#include "db/user_db.h"

#include "db/rows.h"

struct user_row {
	struct user user;
};

DB_ROW(user, struct user_row, USER_MAP(struct user_row, user));

enum err
user_db_add(const struct db *db, const struct user *u, uint64_t *ret_id)
{
	enum err e = db_exec(db, ST_USER_ADD, NULL, p_uuid(&u->uuid),
	    p_text(u->username), p_text(u->display_name), p_text(u->email),
	    p_word(&roles, u->role), p_text(u->password_hash), p_u64(u->quota));

	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
user_db_by_name(const struct db *db, const char *name, struct user *ret)
{
	return db_one(db, ST_USER_BY_NAME, ret, p_text(name));
}

enum err
user_db_by_uuid(const struct db *db, const struct uuid *uuid, struct user *ret)
{
	return db_one(db, ST_USER_BY_UUID, ret, p_uuid(uuid));
}

enum err
user_db_by_id(const struct db *db, uint64_t id, struct user *ret)
{
	return db_one(db, ST_USER_BY_ID, ret, p_u64(id));
}

enum err
user_db_by_email(const struct db *db, const char *email, struct user *ret)
{
	return db_one(db, ST_USER_BY_EMAIL, ret, p_text(email));
}

enum err
user_db_lock(const struct db *db, uint64_t id)
{
	struct db_id row = { 0 };

	return db_one(db, ST_USER_LOCK, &row, p_u64(id));
}

enum err
user_db_list(const struct db *db, db_row_fn *fn, void *arg)
{
	return db_each(db, ST_USER_LIST, fn, arg);
}

/* The result of an UPDATE of one account; ERR_NOT_FOUND if there is none. */
static enum err
found(enum err e, uint64_t affected)
{
	return e == ERR_OK && affected == 0 ? ERR_NOT_FOUND : e;
}

enum err
user_db_set_password(const struct db *db, uint64_t id, const char *hash)
{
	uint64_t n = 0;
	enum err e =
	    db_exec(db, ST_USER_SET_PASSWORD, &n, p_text(hash), p_u64(id));

	return found(e, n);
}

enum err
user_db_set_disabled(const struct db *db, uint64_t id, bool disabled)
{
	uint64_t n = 0;
	enum err e = db_exec_shown(db, id,
	    disabled ? ST_USER_DISABLE : ST_USER_ENABLE, &n, p_u64(id));

	return found(e, n);
}

enum err
user_db_set_role(const struct db *db, uint64_t id, enum role role)
{
	uint64_t n = 0;
	enum err e =
	    db_exec(db, ST_USER_SET_ROLE, &n, p_word(&roles, role), p_u64(id));

	return found(e, n);
}

enum err
user_db_set_quota(const struct db *db, uint64_t id, uint64_t bytes)
{
	uint64_t n = 0;
	enum err e =
	    db_exec(db, ST_USER_SET_QUOTA, &n, p_u64(bytes), p_u64(id));

	return found(e, n);
}

enum err
user_db_wants_mail(const struct db *db, uint64_t id, bool *ret)
{
	uint64_t wants = 0;
	enum err e = db_count(db, ST_USER_WANTS_MAIL, &wants, p_u64(id));

	if (e == ERR_OK)
		*ret = wants != 0;
	return e;
}

enum err
user_db_set_wants_mail(const struct db *db, uint64_t id, bool wanted)
{
	return db_exec(db, ST_USER_SET_WANTS_MAIL, NULL, p_bool(wanted),
	    p_u64(id));
}
