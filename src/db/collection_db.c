#include "config.h"

#include "db/collection_db.h"

#include "db/rows.h"

DB_ROW(collection, struct collection, DB_COL(struct collection, id, DB_U64),
    DB_COL(struct collection, uuid, DB_UUID),
    DB_COL(struct collection, owner_id, DB_U64),
    DB_COL(struct collection, owner_uuid, DB_UUID),
    DB_COL(struct collection, owner_name, DB_TEXT),
    DB_COL(struct collection, name, DB_TEXT),
    DB_COL(struct collection, description, DB_TEXT),
    DB_COL(struct collection, item_count, DB_U64),
    DB_COL(struct collection, created_at, DB_TIME),
    DB_COL(struct collection, updated_at, DB_TIME));

enum err
collection_db_add(const struct db *db, const struct uuid *uuid,
    uint64_t user_id, const char *name, const char *description)
{
	return db_exec(db, ST_COLLECTION_ADD, NULL, p_uuid(uuid),
	    p_u64(user_id), p_text(name), p_text(description));
}

enum err
collection_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct collection *ret)
{
	return db_one(db, ST_COLLECTION_BY_UUID, ret, p_uuid(uuid));
}

enum err
collection_db_list(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct collection **ret, size_t *ret_n)
{
	return db_all(db, ST_COLLECTION_LIST, p->limit, ret, ret_n,
	    p_u64(user_id), p_u64(p->before), p_u64(p->limit),
	    p_u64(p->offset));
}

enum err
collection_db_count(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	return db_count(db, ST_COLLECTION_COUNT, ret, p_u64(user_id));
}

enum err
collection_db_lock(const struct db *db, uint64_t id)
{
	struct share_id row = { 0 };

	return db_one(db, ST_COLLECTION_LOCK, &row, p_u64(id));
}

enum err
collection_db_update(const struct db *db, uint64_t id, const char *name,
    const char *description)
{
	return db_exec(db, ST_COLLECTION_UPDATE, NULL, p_text(name),
	    p_text(description), p_u64(id));
}

enum err
collection_db_delete(const struct db *db, uint64_t id)
{
	enum err e = db_exec(db, ST_COLLECTION_CLEAR, NULL, p_u64(id));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_COLLECTION_DELETE, NULL, p_u64(id));
}

enum err
collection_db_put(const struct db *db, uint64_t id, uint64_t media_id)
{
	enum err e =
	    db_exec(db, ST_COLLECTION_PUT, NULL, p_u64(id), p_u64(media_id));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_COLLECTION_TOUCH, NULL, p_u64(id));
}

enum err
collection_db_take(const struct db *db, uint64_t id, uint64_t media_id)
{
	enum err e =
	    db_exec(db, ST_COLLECTION_TAKE, NULL, p_u64(id), p_u64(media_id));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_COLLECTION_TOUCH, NULL, p_u64(id));
}

enum err
collection_db_has(const struct db *db, uint64_t id, const struct uuid *media,
    struct share_target *ret)
{
	return db_one(db, ST_COLLECTION_HAS, ret, p_u64(id), p_uuid(media));
}

enum err
collection_db_expire(const struct db *db, int64_t seconds)
{
	return db_exec(db, ST_COLLECTION_EXPIRE, NULL, p_i64(seconds));
}
