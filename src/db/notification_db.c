#include "config.h"

#include "db/notification_db.h"

#include "db/rows.h"

DB_ROW(notification, struct notification,
    DB_COL(struct notification, id, DB_U64),
    DB_COL(struct notification, uuid, DB_UUID),
    DB_COL(struct notification, kind, DB_TEXT),
    DB_COL(struct notification, is_read, DB_BOOL),
    DB_COL(struct notification, created_at, DB_TIME),
    DB_COL(struct notification, share_uuid, DB_UUID),
    DB_COL_WORD(struct notification, target_type, share_target_types),
    DB_COL(struct notification, share_name, DB_TEXT),
    DB_COL(struct notification, owner_uuid, DB_UUID),
    DB_COL(struct notification, owner_name, DB_TEXT));

static enum err
stamp(const struct db *db, uint64_t user_id)
{
	return db_exec(db, ST_NOTIFICATION_STAMP, NULL, p_u64(user_id));
}

enum err
notification_db_recipients(const struct db *db, uint64_t share_id,
    const char *kind)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_NOTIFY_RECIPIENTS, &n, p_text(kind),
	    p_u64(share_id), p_u64(share_id), p_text(kind));

	if (e != ERR_OK || n == 0)
		return e;
	return db_exec(db, ST_NOTIFY_RECIPIENTS_STAMP, NULL, p_u64(share_id),
	    p_u64(share_id));
}

enum err
notification_db_user(const struct db *db, uint64_t share_id, uint64_t user_id,
    const char *kind)
{
	struct uuid uuid = uuid_random();
	uint64_t n = 0;
	enum err e = db_exec(db, ST_NOTIFY_USER, &n, p_uuid(&uuid),
	    p_text(kind), p_u64(user_id), p_u64(share_id), p_text(kind));

	return e != ERR_OK || n == 0 ? e : stamp(db, user_id);
}

enum err
notification_db_owner(const struct db *db, uint64_t share_id, uint64_t owner_id,
    const char *kind)
{
	struct uuid uuid = uuid_random();
	uint64_t n = 0;
	enum err e = db_exec(db, ST_NOTIFY_OWNER, &n, p_uuid(&uuid),
	    p_text(kind), p_u64(share_id), p_text(kind));

	return e != ERR_OK || n == 0 ? e : stamp(db, owner_id);
}

enum err
notification_db_version(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	enum err e;

	*ret = 0;
	e = db_count(db, ST_NOTIFICATION_VERSION, ret, p_u64(user_id));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
notification_db_list(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct notification **ret, size_t *ret_n)
{
	return db_all(db, ST_NOTIFICATION_LIST, p->limit, ret, ret_n,
	    p_u64(user_id), p_u64(p->before), p_u64(p->limit),
	    p_u64(p->offset));
}

enum err
notification_db_count(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	return db_count(db, ST_NOTIFICATION_COUNT, ret, p_u64(user_id));
}

enum err
notification_db_read(const struct db *db, const struct uuid *uuid,
    uint64_t user_id)
{
	struct share_id row = { 0 };
	uint64_t n = 0;
	enum err e;

	e = db_one(db, ST_NOTIFICATION_FIND, &row, p_uuid(uuid),
	    p_u64(user_id));
	if (e == ERR_OK)
		e = db_exec(db, ST_NOTIFICATION_READ, &n, p_u64(row.id));
	return e != ERR_OK || n == 0 ? e : stamp(db, user_id);
}

enum err
notification_db_read_all(const struct db *db, uint64_t user_id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_NOTIFICATION_READ_ALL, &n, p_u64(user_id));

	return e != ERR_OK || n == 0 ? e : stamp(db, user_id);
}

enum err
notification_db_to_mail(const struct db *db, int64_t seconds, uint64_t limit,
    struct share_id **ret, size_t *ret_n)
{
	return db_all(db, ST_NOTIFICATION_TO_MAIL, limit, ret, ret_n,
	    p_i64(seconds), p_u64(limit));
}

enum err
notification_db_unmailed(const struct db *db, uint64_t user_id, uint64_t limit,
    struct notification **ret, size_t *ret_n)
{
	return db_all(db, ST_NOTIFICATION_UNMAILED, limit, ret, ret_n,
	    p_u64(user_id), p_u64(limit));
}

enum err
notification_db_mailed(const struct db *db, uint64_t user_id)
{
	return db_exec(db, ST_NOTIFICATION_MAILED, NULL, p_u64(user_id));
}

enum err
notification_db_expire(const struct db *db, int64_t seconds)
{
	enum err e =
	    db_exec(db, ST_NOTIFICATION_EXPIRE_STAMP, NULL, p_i64(seconds));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_NOTIFICATION_EXPIRE, NULL, p_i64(seconds));
}
