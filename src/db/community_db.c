#include "config.h"

#include "db/community_db.h"

#include "db/rows.h"

DB_ROW(community, struct community_row,
    DB_COL(struct community_row, id, DB_U64),
    DB_COL(struct community_row, media_id, DB_U64),
    DB_COL(struct community_row, user_id, DB_U64),
    DB_COL_WORD(struct community_row, state, community_states),
    DB_COL(struct community_row, object_name, DB_TEXT),
    DB_COL(struct community_row, thumb_name, DB_TEXT),
    DB_COL(struct community_row, held, DB_BOOL));

DB_ROW(feed, struct community_item, DB_COL(struct community_item, id, DB_U64),
    DB_COL(struct community_item, object_name, DB_TEXT),
    DB_COL(struct community_item, thumb_name, DB_TEXT),
    DB_COL(struct community_item, mime, DB_TEXT),
    DB_COL(struct community_item, width, DB_U32),
    DB_COL(struct community_item, height, DB_U32),
    DB_COL(struct community_item, created_at, DB_TIME),
    DB_COL(struct community_item, shared_by, DB_TEXT),
    DB_COL(struct community_item, tags, DB_TEXT));

DB_ROW(tag, struct tag, DB_COL(struct tag, id, DB_U32),
    DB_COL(struct tag, slug, DB_TEXT), DB_COL(struct tag, name, DB_TEXT));

enum err
community_db_claim(const struct db *db, uint64_t media_id, uint64_t user_id,
    const struct uuid *owner, int64_t seconds, uint64_t *ret_id)
{
	uint64_t n = 0;
	enum err e;

	e = db_exec(db, ST_COMMUNITY_CLAIM, NULL, p_u64(media_id),
	    p_u64(user_id), p_uuid(owner), p_i64(seconds));
	if (e == ERR_CONFLICT) {
		e = db_exec(db, ST_COMMUNITY_TAKE_OVER, &n, p_uuid(owner),
		    p_i64(seconds), p_u64(media_id));
		if (e == ERR_OK && n == 0)
			return ERR_CONFLICT;
	}
	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
community_db_by_media(const struct db *db, uint64_t media_id, bool lock,
    struct community_row *ret)
{
	return db_one(db, lock ? ST_COMMUNITY_LOCK : ST_COMMUNITY_BY_MEDIA, ret,
	    p_u64(media_id));
}

enum err
community_db_by_id(const struct db *db, uint64_t id, bool lock,
    struct community_row *ret)
{
	return db_one(db, lock ? ST_COMMUNITY_LOCK_ID : ST_COMMUNITY_BY_ID, ret,
	    p_u64(id));
}

/* ERR_NOT_FOUND if an UPDATE matched no row. */
static enum err
met(enum err e, uint64_t affected)
{
	return e == ERR_OK && affected == 0 ? ERR_NOT_FOUND : e;
}

enum err
community_db_finish(const struct db *db, uint64_t id, const struct uuid *owner,
    const struct community_copy *c)
{
	uint64_t n = 0;
	enum err e =
	    db_exec(db, ST_COMMUNITY_FINISH, &n, p_text(c->object_name),
		p_text(c->thumb_name), p_text(c->mime), p_u64(c->size),
		p_u64(c->width), p_u64(c->height), p_hash(&c->content_hash),
		p_u64(c->perceptual_hash), p_u64(id), p_uuid(owner));

	return met(e, n);
}

enum err
community_db_release(const struct db *db, uint64_t id, const struct uuid *owner)
{
	return db_exec(db, ST_COMMUNITY_RELEASE, NULL, p_u64(id),
	    p_uuid(owner));
}

enum err
community_db_seize(const struct db *db, uint64_t id, const struct uuid *owner,
    int64_t seconds)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_COMMUNITY_SEIZE, &n, p_uuid(owner),
	    p_i64(seconds), p_u64(id));

	return met(e, n);
}

enum err
community_db_stale(const struct db *db, uint64_t limit,
    struct community_row **ret, size_t *ret_n)
{
	return db_all(db, ST_COMMUNITY_STALE, limit, ret, ret_n, p_u64(limit));
}

enum err
community_db_hide(const struct db *db, uint64_t id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_COMMUNITY_HIDE, &n, p_u64(id));

	return met(e, n);
}

enum err
community_db_show(const struct db *db, uint64_t id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_COMMUNITY_SHOW, &n, p_u64(id));

	return met(e, n);
}

enum err
community_db_set_tags(const struct db *db, uint64_t media_id, uint64_t id,
    const char *slugs)
{
	enum err e = db_exec(db, ST_COMMUNITY_UNTAG, NULL, p_u64(id));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_COMMUNITY_TAG, NULL, p_u64(media_id),
	    p_text(slugs));
}

enum err
community_db_feed(const struct db *db, uint32_t tag_id, uint64_t before,
    uint64_t limit, struct community_item **ret, size_t *ret_n)
{
	if (tag_id != 0)
		return db_all(db, ST_COMMUNITY_FEED_TAG, limit, ret, ret_n,
		    p_u64(tag_id), p_u64(before), p_u64(limit));
	return db_all(db, ST_COMMUNITY_FEED, limit, ret, ret_n, p_u64(before),
	    p_u64(limit));
}

DB_ROW(report, struct report, DB_COL(struct report, id, DB_U64),
    DB_COL_WORD(struct report, state, community_states),
    DB_COL(struct report, object_name, DB_TEXT),
    DB_COL(struct report, thumb_name, DB_TEXT),
    DB_COL(struct report, created_at, DB_TIME),
    DB_COL(struct report, shared_by, DB_TEXT),
    DB_COL(struct report, reports, DB_U64),
    DB_COL(struct report, reported_at, DB_TIME),
    DB_COL(struct report, reasons, DB_TEXT));

enum err
report_db_add(const struct db *db, uint64_t community_id, uint64_t user_id,
    const char *reason)
{
	return db_exec(db, ST_REPORT_ADD, NULL, p_u64(community_id),
	    p_u64(user_id), p_text(reason));
}

enum err
report_db_list(const struct db *db, uint64_t limit, struct report **ret,
    size_t *ret_n)
{
	return db_all(db, ST_REPORT_LIST, limit, ret, ret_n, p_u64(limit));
}

enum err
report_db_clear(const struct db *db, uint64_t community_id)
{
	return db_exec(db, ST_REPORT_CLEAR, NULL, p_u64(community_id));
}

enum err
block_db_find(const struct db *db, const struct hash *content,
    uint64_t perceptual)
{
	struct db_id row = { 0 };

	return db_one(db, ST_BLOCK_FIND, &row, p_hash(content),
	    p_u64(perceptual), p_u64(perceptual));
}

enum err
block_db_add(const struct db *db, uint64_t community_id, uint64_t user_id)
{
	return db_exec(db, ST_BLOCK_ADD, NULL, p_u64(user_id),
	    p_u64(community_id));
}

enum err
block_db_remove(const struct db *db, uint64_t community_id)
{
	return db_exec(db, ST_BLOCK_REMOVE, NULL, p_u64(community_id));
}

enum err
tag_db_list(const struct db *db, struct tag **ret, size_t *ret_n)
{
	return db_all(db, ST_TAG_LIST, 10000, ret, ret_n);
}

enum err
tag_db_by_slug(const struct db *db, const char *slug, struct tag *ret)
{
	return db_one(db, ST_TAG_BY_SLUG, ret, p_text(slug));
}

enum err
tag_db_add(const struct db *db, const char *slug, const char *name)
{
	return db_exec(db, ST_TAG_ADD, NULL, p_text(slug), p_text(name));
}

enum err
tag_db_rename(const struct db *db, uint32_t id, const char *slug,
    const char *name)
{
	return db_exec(db, ST_TAG_RENAME, NULL, p_text(slug), p_text(name),
	    p_u64(id));
}

enum err
tag_db_merge(const struct db *db, uint32_t from, uint32_t into)
{
	enum err e;

	e = db_exec(db, ST_TAG_MERGE, NULL, p_u64(into), p_u64(from));
	if (e == ERR_OK)
		e = db_exec(db, ST_TAG_CLEAR, NULL, p_u64(from));
	if (e == ERR_OK)
		e = db_exec(db, ST_TAG_DELETE, NULL, p_u64(from));
	return e;
}
