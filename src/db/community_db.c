#include "config.h"

#include "db/community_db.h"

static const struct db_column row_map[] = {
	DB_COL(struct community_row, id, DB_U64),
	DB_COL(struct community_row, media_id, DB_U64),
	DB_COL(struct community_row, user_id, DB_U64),
	DB_COL(struct community_row, state, DB_TEXT),
	DB_COL(struct community_row, object_name, DB_TEXT),
	DB_COL(struct community_row, thumb_name, DB_TEXT),
	DB_COL(struct community_row, held, DB_BOOL), DB_COL_END };

static const struct db_column item_map[] = {
	DB_COL(struct community_item, id, DB_U64),
	DB_COL(struct community_item, object_name, DB_TEXT),
	DB_COL(struct community_item, thumb_name, DB_TEXT),
	DB_COL(struct community_item, mime, DB_TEXT),
	DB_COL(struct community_item, width, DB_U32),
	DB_COL(struct community_item, height, DB_U32),
	DB_COL(struct community_item, created_at, DB_TIME),
	DB_COL(struct community_item, shared_by, DB_TEXT),
	DB_COL(struct community_item, tags, DB_TEXT), DB_COL_END };

static const struct db_column tag_map[] = {
	DB_COL(struct tag, id, DB_U32), DB_COL(struct tag, slug, DB_TEXT),
	DB_COL(struct tag, name, DB_TEXT), DB_COL_END };

enum err
community_db_claim(struct db *db, struct why *why, uint64_t media_id,
    uint64_t user_id, const struct uuid *owner, int64_t seconds)
{
	uint64_t n = 0;
	enum err e;

	e = db_exec(db, why, ST_COMMUNITY_CLAIM, NULL, p_u64(media_id),
	    p_u64(user_id), p_uuid(owner), p_i64(seconds));
	if (e != ERR_CONFLICT)
		return e;
	e = db_exec(db, why, ST_COMMUNITY_TAKE_OVER, &n, p_uuid(owner),
	    p_i64(seconds), p_u64(media_id));
	return e == ERR_OK && n == 0 ? ERR_CONFLICT : e;
}

enum err
community_db_by_media(struct db *db, struct why *why, struct arena *a,
    uint64_t media_id, bool lock, struct community_row *ret)
{
	return db_one(db, why, a,
	    lock ? ST_COMMUNITY_LOCK : ST_COMMUNITY_BY_MEDIA, row_map, ret,
	    p_u64(media_id));
}

enum err
community_db_finish(struct db *db, struct why *why, uint64_t media_id,
    const struct uuid *owner, const struct community_copy *c)
{
	uint64_t n = 0;
	enum err e = db_exec(db, why, ST_COMMUNITY_FINISH, &n,
	    p_text(c->object_name), p_text(c->thumb_name), p_text(c->mime),
	    p_u64(c->size), p_u64(c->width), p_u64(c->height),
	    p_u64(media_id), p_uuid(owner));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
community_db_release(struct db *db, struct why *why, uint64_t media_id,
    const struct uuid *owner)
{
	return db_exec(db, why, ST_COMMUNITY_RELEASE, NULL, p_u64(media_id),
	    p_uuid(owner));
}

enum err
community_db_seize(struct db *db, struct why *why, uint64_t media_id,
    const struct uuid *owner, int64_t seconds)
{
	uint64_t n = 0;
	enum err e = db_exec(db, why, ST_COMMUNITY_SEIZE, &n, p_uuid(owner),
	    p_i64(seconds), p_u64(media_id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
community_db_set_tags(struct db *db, struct why *why, uint64_t media_id,
    uint64_t id, const char *slugs)
{
	enum err e = db_exec(db, why, ST_COMMUNITY_UNTAG, NULL, p_u64(id));

	if (e != ERR_OK)
		return e;
	return db_exec(db, why, ST_COMMUNITY_TAG, NULL, p_u64(media_id),
	    p_text(slugs));
}

enum err
community_db_feed(struct db *db, struct why *why, struct arena *a,
    uint32_t tag_id, uint64_t before, uint64_t limit,
    struct community_item **ret, size_t *ret_n)
{
	if (tag_id != 0)
		return db_all(db, why, a, ST_COMMUNITY_FEED_TAG, item_map,
		    sizeof(struct community_item), limit, ret, ret_n,
		    p_u64(tag_id), p_u64(before), p_u64(limit));
	return db_all(db, why, a, ST_COMMUNITY_FEED, item_map,
	    sizeof(struct community_item), limit, ret, ret_n, p_u64(before),
	    p_u64(limit));
}

enum err
tag_db_list(struct db *db, struct why *why, struct arena *a,
    struct tag **ret, size_t *ret_n)
{
	return db_all(db, why, a, ST_TAG_LIST, tag_map, sizeof(struct tag),
	    10000, ret, ret_n);
}

enum err
tag_db_by_slug(struct db *db, struct why *why, struct arena *a,
    const char *slug, struct tag *ret)
{
	return db_one(db, why, a, ST_TAG_BY_SLUG, tag_map, ret,
	    p_text(slug));
}
