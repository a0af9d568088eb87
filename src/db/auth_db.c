#include "config.h"

#include "db/auth_db.h"

#include <string.h>

#include "db/user_db.h"
#include "db/rows.h"

#define EXPIRE_BATCHES 100

DB_ROW(session_auth, struct auth_row,
    DB_COL_AS(struct auth_row, id, "session_id", DB_U64),
    DB_COL(struct auth_row, stale, DB_BOOL), USER_MAP(struct auth_row, user));

DB_ROW(key_auth, struct auth_row,
    DB_COL_AS(struct auth_row, id, "key_id", DB_U64),
    DB_COL(struct auth_row, scopes, DB_TEXT),
    DB_COL(struct auth_row, stale, DB_BOOL), USER_MAP(struct auth_row, user));

DB_ROW(session, struct session, DB_COL(struct session, id, DB_U64),
    DB_COL(struct session, user_id, DB_U64),
    DB_COL(struct session, address, DB_TEXT),
    DB_COL(struct session, agent, DB_TEXT),
    DB_COL(struct session, created_at, DB_TIME),
    DB_COL(struct session, last_seen, DB_TIME),
    DB_COL(struct session, expires_at, DB_TIME));

DB_ROW(key, struct api_key, DB_COL(struct api_key, id, DB_U64),
    DB_COL(struct api_key, user_id, DB_U64),
    DB_COL(struct api_key, name, DB_TEXT),
    DB_COL(struct api_key, scopes, DB_TEXT),
    DB_COL(struct api_key, created_at, DB_TIME),
    DB_COL(struct api_key, last_used, DB_TIME),
    DB_COL(struct api_key, expires_at, DB_TIME),
    DB_COL(struct api_key, revoked_at, DB_TIME));

DB_ROW(subject, struct subject, DB_COL(struct subject, issuer, DB_TEXT),
    DB_COL(struct subject, subject, DB_TEXT),
    DB_COL(struct subject, username, DB_TEXT),
    DB_COL(struct subject, created_at, DB_TIME));

struct tries_row {
	uint64_t count;
	uint64_t seconds;
};

DB_ROW(tries, struct tries_row, DB_COL(struct tries_row, count, DB_U64),
    DB_COL(struct tries_row, seconds, DB_U64));

enum err
session_db_add(const struct db *db, uint64_t user_id, const struct hash *token,
    const char *address, const char *agent, int64_t seconds)
{
	return db_exec(db, ST_SESSION_ADD, NULL, p_u64(user_id), p_hash(token),
	    p_text(address), p_text(agent), p_i64(seconds));
}

enum err
session_db_by_token(const struct db *db, const struct hash *token,
    struct auth_row *ret)
{
	return db_one(db, ST_SESSION_BY_TOKEN, ret, p_hash(token));
}

enum err
session_db_touch(const struct db *db, uint64_t id, const char *address,
    int64_t seconds)
{
	return db_exec(db, ST_SESSION_TOUCH, NULL, p_text(address),
	    p_i64(seconds), p_u64(id));
}

enum err
session_db_list(const struct db *db, uint64_t user_id, struct session **ret,
    size_t *ret_n)
{
	return db_all(db, ST_SESSION_LIST, 500, ret, ret_n, p_u64(user_id));
}

enum err
session_db_delete(const struct db *db, uint64_t user_id, uint64_t id)
{
	uint64_t n = 0;
	enum err e =
	    db_exec(db, ST_SESSION_DELETE, &n, p_u64(id), p_u64(user_id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
session_db_delete_others(const struct db *db, uint64_t user_id, uint64_t but)
{
	return db_exec(db, ST_SESSION_DELETE_OTHERS, NULL, p_u64(user_id),
	    p_u64(but));
}

enum err
key_db_add(const struct db *db, uint64_t user_id, const char *name,
    const struct hash *key, const char *scopes, int64_t expires_at,
    uint64_t *ret_id)
{
	enum err e = db_exec(db, ST_KEY_ADD, NULL, p_u64(user_id), p_text(name),
	    p_hash(key), p_text(scopes), p_time(expires_at));

	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
key_db_by_hash(const struct db *db, const struct hash *key,
    struct auth_row *ret)
{
	return db_one(db, ST_KEY_BY_HASH, ret, p_hash(key));
}

enum err
key_db_touch(const struct db *db, uint64_t id)
{
	return db_exec(db, ST_KEY_TOUCH, NULL, p_u64(id));
}

enum err
key_db_list(const struct db *db, uint64_t user_id, struct api_key **ret,
    size_t *ret_n)
{
	return db_all(db, ST_KEY_LIST, 1000, ret, ret_n, p_u64(user_id));
}

enum err
key_db_revoke(const struct db *db, uint64_t user_id, uint64_t id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_KEY_REVOKE, &n, p_u64(id), p_u64(user_id),
	    p_u64(user_id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

static struct db_param
p_binary(const char *s)
{
	return p_bytes(s, strlen(s));
}

enum err
subject_db_user(const struct db *db, const char *issuer, const char *subject,
    struct user *ret)
{
	return db_one(db, ST_SUBJECT_USER, ret, p_binary(issuer),
	    p_binary(subject));
}

enum err
subject_db_add(const struct db *db, const char *issuer, const char *subject,
    uint64_t user_id)
{
	return db_exec(db, ST_SUBJECT_ADD, NULL, p_binary(issuer),
	    p_binary(subject), p_u64(user_id));
}

enum err
subject_db_list(const struct db *db, db_row_fn *fn, void *arg)
{
	return db_each(db, ST_SUBJECT_LIST, fn, arg);
}

enum err
subject_db_remove(const struct db *db, const char *issuer, const char *subject)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_SUBJECT_REMOVE, &n, p_binary(issuer),
	    p_binary(subject));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
tries_db_get(const struct db *db, const struct hash *id, uint64_t *ret_count,
    uint64_t *ret_seconds)
{
	struct tries_row row = { 0, 0 };
	enum err e = db_one(db, ST_TRIES_GET, &row, p_hash(id));

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	*ret_count = row.count;
	*ret_seconds = row.seconds;
	return ERR_OK;
}

enum err
tries_db_add(const struct db *db, const struct hash *id, int64_t seconds)
{
	return db_exec(db, ST_TRIES_ADD, NULL, p_hash(id), p_i64(seconds));
}

enum err
tries_db_clear(const struct db *db, const struct hash *id)
{
	return db_exec(db, ST_TRIES_CLEAR, NULL, p_hash(id));
}

enum err
reset_db_add(const struct db *db, const struct hash *token,
    const struct user *u, int64_t seconds)
{
	return db_exec(db, ST_RESET_ADD, NULL, p_hash(token), p_u64(u->id),
	    p_u64(u->generation), p_i64(seconds));
}

enum err
reset_db_user(const struct db *db, const struct hash *token, struct user *ret)
{
	return db_one(db, ST_RESET_USER, ret, p_hash(token));
}

enum err
reset_db_take(const struct db *db, const struct hash *token)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_RESET_TAKE, &n, p_hash(token));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

/* Deletes in batches, so that no lock is held for long. */
static enum err
expire(const struct db *db, enum statement st)
{
	uint64_t n = 1;
	enum err e = ERR_OK;

	for (int i = 0; e == ERR_OK && n > 0 && i < EXPIRE_BATCHES; i++)
		e = db_exec(db, st, &n);
	return e;
}

enum err
auth_db_expire(const struct db *db)
{
	enum err e = expire(db, ST_SESSION_EXPIRE);

	if (e == ERR_OK)
		e = expire(db, ST_RESET_EXPIRE);
	return e != ERR_OK ? e : expire(db, ST_TRIES_EXPIRE);
}
