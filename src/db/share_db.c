#include "config.h"

#include "db/share_db.h"

struct code_row {
	uint64_t id;
	struct uuid token;
};

static const struct db_column code_map[] = {
	DB_COL(struct code_row, id, DB_U64),
	DB_COL(struct code_row, token, DB_UUID), DB_COL_END };

static const struct db_column link_map[] = {
	DB_COL(struct share_link, id, DB_U64),
	DB_COL(struct share_link, uuid, DB_UUID),
	DB_COL(struct share_link, token, DB_UUID),
	DB_COL(struct share_link, media_id, DB_U64),
	DB_COL(struct share_link, media_uuid, DB_UUID),
	DB_COL(struct share_link, generation, DB_U32),
	DB_COL(struct share_link, created_at, DB_TIME),
	DB_COL(struct share_link, name, DB_TEXT),
	DB_COL(struct share_link, caption, DB_TEXT),
	DB_COL(struct share_link, path, DB_TEXT),
	DB_COL(struct share_link, mime, DB_TEXT),
	DB_COL(struct share_link, size, DB_I64),
	DB_COL(struct share_link, mtime, DB_I64),
	DB_COL(struct share_link, width, DB_U32),
	DB_COL(struct share_link, height, DB_U32),
	DB_COL(struct share_link, shared_by, DB_TEXT),
	DB_COL_END };

enum err
share_db_add_code(struct db *db, struct why *why, uint64_t media_id,
    const struct uuid *uuid, const struct uuid *token, uint64_t *ret_id)
{
	uint64_t n = 0;
	enum err e;

	e = db_exec(db, why, ST_SHARE_ADD_CODE, &n, p_uuid(uuid),
	    p_uuid(token), p_u64(media_id));
	if (e != ERR_OK)
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	*ret_id = db_insert_id(db);
	return db_exec(db, why, ST_SHARE_ADD_ITEM, NULL, p_u64(*ret_id),
	    p_u64(0), p_u64(media_id));
}

enum err
share_db_code(struct db *db, struct why *why, uint64_t media_id, bool lock,
    uint64_t *ret_id, struct uuid *ret_token)
{
	struct code_row row = { 0 };
	enum err e = db_one(db, why, NULL,
	    lock ? ST_SHARE_CODE_LOCK : ST_SHARE_CODE, code_map, &row,
	    p_u64(media_id));

	if (e != ERR_OK)
		return e;
	*ret_id = row.id;
	*ret_token = row.token;
	return ERR_OK;
}

enum err
share_db_revoke(struct db *db, struct why *why, uint64_t id)
{
	return db_exec(db, why, ST_SHARE_REVOKE, NULL, p_u64(id));
}

enum err
share_db_log(struct db *db, struct why *why, uint64_t id, uint64_t actor,
    const char *address, const char *action)
{
	struct uuid uuid = uuid_random();

	return db_exec(db, why, ST_SHARE_LOG, NULL, p_uuid(&uuid), p_u64(id),
	    actor != 0 ? p_u64(actor) : p_null(), p_text(address),
	    p_text(action));
}

enum err
share_db_link(struct db *db, struct why *why, struct arena *a,
    const struct uuid *token, struct share_link *ret)
{
	return db_one(db, why, a, ST_SHARE_LINK, link_map, ret,
	    p_uuid(token));
}
