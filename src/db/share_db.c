#include "config.h"

#include "db/share_db.h"

#include <stdlib.h>

#include "base/clock.h"
#include "db/rows.h"

#define SHARE_MAP(type, member) \
	DB_COL_AS(type, member.id, "id", DB_U64), \
	    DB_COL_AS(type, member.uuid, "uuid", DB_UUID), \
	    DB_COL_WORD_AS(type, member.origin, "origin", share_origins), \
	    DB_COL_AS(type, member.owner_id, "owner_id", DB_U64), \
	    DB_COL_AS(type, member.owner_uuid, "owner_uuid", DB_UUID), \
	    DB_COL_AS(type, member.owner_name, "owner_name", DB_TEXT), \
	    DB_COL_WORD_AS(type, member.target_type, "target_type", \
		share_target_types), \
	    DB_COL_AS(type, member.target_uuid, "target_uuid", DB_UUID), \
	    DB_COL_AS(type, member.target_name, "target_name", DB_TEXT), \
	    DB_COL_AS(type, member.collection_id, "collection_id", DB_U64), \
	    DB_COL_WORD_AS(type, member.recipient_type, "recipient_type", \
		recipient_types), \
	    DB_COL_AS(type, member.recipient_uuid, "recipient_uuid", DB_UUID), \
	    DB_COL_AS(type, member.recipient_name, "recipient_name", DB_TEXT), \
	    DB_COL_AS(type, member.token, "token", DB_UUID), \
	    DB_COL_AS(type, member.parent_id, "parent_id", DB_U64), \
	    DB_COL_AS(type, member.name, "name", DB_TEXT), \
	    DB_COL_AS(type, member.note, "note", DB_TEXT), \
	    DB_COL_AS(type, member.file_name, "file_name", DB_TEXT), \
	    DB_COL_AS(type, member.can_view, "can_view", DB_BOOL), \
	    DB_COL_AS(type, member.can_download, "can_download", DB_BOOL), \
	    DB_COL_AS(type, member.can_edit, "can_edit", DB_BOOL), \
	    DB_COL_AS(type, member.can_reshare, "can_reshare", DB_BOOL), \
	    DB_COL_AS(type, member.password_hash, "password_hash", DB_TEXT), \
	    DB_COL_AS(type, member.generation, "generation", DB_U32), \
	    DB_COL_AS(type, member.expires_at, "expires_at", DB_TIME), \
	    DB_COL_AS(type, member.max_uses, "max_uses", DB_U64), \
	    DB_COL_AS(type, member.uses, "uses", DB_U64), \
	    DB_COL_AS(type, member.limits, "limits", DB_U32), \
	    DB_COL_AS(type, member.last_accessed, "last_accessed", DB_TIME), \
	    DB_COL_AS(type, member.created_at, "created_at", DB_TIME), \
	    DB_COL_AS(type, member.updated_at, "updated_at", DB_TIME), \
	    DB_COL_AS(type, member.own_state, "own_state", DB_U32), \
	    DB_COL_AS(type, member.chain_state, "chain_state", DB_U32)

#define ITEM_MAP(type, member) \
	DB_COL_AS(type, member.media_id, "media_id", DB_U64), \
	    DB_COL_AS(type, member.uuid, "media_uuid", DB_UUID), \
	    DB_COL_AS(type, member.owner_id, "media_owner", DB_U64), \
	    DB_COL_AS(type, member.title, "media_title", DB_TEXT), \
	    DB_COL_AS(type, member.file_name, "media_file_name", DB_TEXT), \
	    DB_COL_AS(type, member.caption, "media_caption", DB_TEXT), \
	    DB_COL_AS(type, member.path, "media_path", DB_TEXT), \
	    DB_COL_AS(type, member.mime, "media_mime", DB_TEXT), \
	    DB_COL_AS(type, member.size, "media_size", DB_I64), \
	    DB_COL_AS(type, member.mtime, "media_mtime", DB_I64), \
	    DB_COL_AS(type, member.width, "media_width", DB_U32), \
	    DB_COL_AS(type, member.height, "media_height", DB_U32)

/* The maps need a member to prefix, even for a share by itself. */
struct share_alone {
	struct share share;
};

struct item_alone {
	struct share_item item;
};

DB_ROW(share, struct share_alone, SHARE_MAP(struct share_alone, share));

DB_ROW(share_item, struct item_alone, ITEM_MAP(struct item_alone, item));

DB_ROW(share_preview, struct share_preview,
    DB_COL(struct share_preview, share_id, DB_U64),
    DB_COL_AS(struct share_preview, nitems, "items", DB_U64),
    ITEM_MAP(struct share_preview, first));

DB_ROW(share_opened, struct share_row, SHARE_MAP(struct share_row, share),
    DB_COL(struct share_row, version, DB_U64),
    DB_COL(struct share_row, position, DB_U32),
    ITEM_MAP(struct share_row, item));

DB_ROW(share_grant, struct share_grant, SHARE_MAP(struct share_grant, share),
    DB_COL(struct share_grant, root_owner_id, DB_U64),
    DB_COL(struct share_grant, visited_until, DB_TIME),
    DB_COL(struct share_grant, visiting, DB_BOOL));

DB_ROW(share_code, struct share_code, DB_COL(struct share_code, id, DB_U64),
    DB_COL(struct share_code, token, DB_UUID));

DB_ROW(share_target, struct share_target,
    DB_COL(struct share_target, id, DB_U64),
    DB_COL(struct share_target, user_id, DB_U64));

DB_ROW(share_line, struct share_line, DB_COL(struct share_line, state, DB_U32),
    DB_COL(struct share_line, can_download, DB_BOOL),
    DB_COL(struct share_line, can_edit, DB_BOOL),
    DB_COL(struct share_line, length, DB_U32));

DB_ROW(share_used, struct share_used, DB_COL(struct share_used, first, DB_BOOL),
    DB_COL(struct share_used, last, DB_BOOL));

DB_ROW(share_owned, struct share_owned, DB_COL(struct share_owned, id, DB_U64),
    DB_COL(struct share_owned, owner_id, DB_U64));

DB_ROW(share_activity, struct share_activity,
    DB_COL(struct share_activity, id, DB_U64),
    DB_COL(struct share_activity, uuid, DB_UUID),
    DB_COL(struct share_activity, share_uuid, DB_UUID),
    DB_COL(struct share_activity, actor_uuid, DB_UUID),
    DB_COL(struct share_activity, actor_ip, DB_TEXT),
    DB_COL(struct share_activity, action, DB_TEXT),
    DB_COL(struct share_activity, details, DB_TEXT),
    DB_COL(struct share_activity, created_at, DB_TIME));

DB_ROW(share_recipient, struct share_recipient,
    DB_COL(struct share_recipient, id, DB_U64),
    DB_COL(struct share_recipient, uuid, DB_UUID),
    DB_COL(struct share_recipient, name, DB_TEXT));

static struct db_param
p_id(uint64_t id)
{
	return id != 0 ? p_u64(id) : p_null();
}

/* ---- the share codes of seed 000 ---- */

enum err
share_db_add_code(const struct db *db, uint64_t media_id,
    const struct uuid *uuid, const struct uuid *token, uint64_t *ret_id)
{
	uint64_t n = 0;
	enum err e;

	e = db_exec(db, ST_SHARE_ADD_CODE, &n, p_uuid(uuid), p_uuid(token),
	    p_u64(media_id));
	if (e != ERR_OK)
		return e;
	if (n == 0)
		return ERR_NOT_FOUND;
	*ret_id = db_insert_id(db);
	return db_exec(db, ST_SHARE_ADD_ITEM, NULL, p_u64(*ret_id), p_u64(0),
	    p_u64(media_id));
}

enum err
share_db_code(const struct db *db, uint64_t media_id, bool lock,
    uint64_t *ret_id, struct uuid *ret_token)
{
	struct share_code row = { 0 };
	enum err e = db_one(db, lock ? ST_SHARE_CODE_LOCK : ST_SHARE_CODE, &row,
	    p_u64(media_id));

	if (e != ERR_OK)
		return e;
	*ret_id = row.id;
	*ret_token = row.token;
	return ERR_OK;
}

/* ---- one share ---- */

enum err
share_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct share *ret)
{
	return db_one(db, ST_SHARE_BY_UUID, ret, p_uuid(uuid));
}

enum err
share_db_by_id(const struct db *db, uint64_t id, struct share *ret)
{
	return db_one(db, ST_SHARE_BY_ID, ret, p_u64(id));
}

enum err
share_db_lock(const struct db *db, uint64_t id)
{
	struct share_id row = { 0 };

	return db_one(db, ST_SHARE_LOCK, &row, p_u64(id));
}

static int
by_position(const void *p, const void *q)
{
	uint32_t a = ((const struct share_row *)p)->position;
	uint32_t b = ((const struct share_row *)q)->position;

	return (a > b) - (a < b);
}

enum err
share_db_open(const struct db *db, const struct uuid *token,
    struct share_row **ret, size_t *ret_n)
{
	enum err e = db_all(db, ST_SHARE_OPEN, SHARE_ITEMS_MOST, ret, ret_n,
	    p_uuid(token));

	if (e != ERR_OK || *ret_n == 0)
		return e;
	if ((*ret)[0].share.parent_id != 0)
		return db_all(db, ST_SHARE_OPEN_PASSED, SHARE_ITEMS_MOST, ret,
		    ret_n, p_uuid(token));
	qsort(*ret, *ret_n, sizeof(**ret), by_position);
	return ERR_OK;
}

enum err
share_db_items(const struct db *db, uint64_t share_id, struct share_item **ret,
    size_t *ret_n)
{
	return db_all(db, ST_SHARE_ITEMS, SHARE_ITEMS_MOST, ret, ret_n,
	    p_u64(share_id));
}

enum err
share_db_collection_items(const struct db *db, uint64_t collection_id,
    uint64_t share_id, uint64_t before, uint64_t limit, struct share_item **ret,
    size_t *ret_n)
{
	return db_all(db, ST_COLLECTION_ITEMS, limit, ret, ret_n,
	    p_u64(collection_id), p_u64(before), p_u64(share_id), p_u64(limit));
}

enum err
share_db_previews(const struct db *db, const char *ids, size_t n,
    struct share_preview **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_PREVIEWS, n, ret, ret_n, p_text(ids));
}

/* ---- adding and changing ---- */

enum err
share_db_add(const struct db *db, const struct share_values *v,
    uint64_t *ret_id)
{
	enum err e;

	e = db_exec(db, ST_SHARE_ADD, NULL, p_uuid(&v->uuid),
	    p_u64(v->owner_id), p_word(&share_origins, v->origin),
	    p_word(&share_target_types, v->target_type), p_id(v->collection_id),
	    p_word(&recipient_types, v->recipient_type), p_uuid(v->token),
	    p_id(v->parent_id), p_text(v->name), p_text(v->note),
	    p_text(v->file_name), p_bool((v->permissions & CAN_DOWNLOAD) != 0),
	    p_bool((v->permissions & CAN_EDIT) != 0),
	    p_bool((v->permissions & CAN_RESHARE) != 0),
	    p_text(v->password_hash), p_time(v->expires_at), p_id(v->max_uses));
	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
share_db_add_items(const struct db *db, uint64_t id, const char *media)
{
	return db_exec(db, ST_SHARE_ADD_ITEMS, NULL, p_u64(id), p_text(media));
}

enum err
share_db_add_recipient(const struct db *db, uint64_t id, uint64_t user_id)
{
	return db_exec(db, ST_SHARE_ADD_RECIPIENT, NULL, p_u64(id),
	    p_u64(user_id));
}

enum err
share_db_add_ancestors(const struct db *db, uint64_t id, uint64_t parent_id)
{
	return db_exec(db, ST_SHARE_ADD_ANCESTORS, NULL, p_u64(id),
	    p_u64(parent_id), p_u64(parent_id));
}

enum err
share_db_targets(const struct db *db, const char *uuids,
    struct share_target **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_TARGETS, SHARE_ITEMS_MOST, ret, ret_n,
	    p_text(uuids));
}

enum err
share_db_lock_line(const struct db *db, uint64_t id, struct share_line *ret)
{
	return db_one(db, ST_SHARE_LINE_LOCK, ret, p_u64(id), p_u64(id));
}

enum err
share_db_update(const struct db *db, const struct share *s, bool generation_up)
{
	return db_exec_shown(db, s->owner_id, ST_SHARE_UPDATE, NULL,
	    p_text(s->name), p_text(s->note), p_bool(s->can_download),
	    p_bool(s->can_edit), p_bool(s->can_reshare),
	    p_text(s->password_hash), p_time(s->expires_at), p_id(s->max_uses),
	    p_u64(generation_up), p_u64(s->id));
}

enum err
share_db_narrow(const struct db *db, const struct share *s)
{
	return db_exec(db, ST_SHARE_NARROW, NULL, p_bool(s->can_download),
	    p_bool(s->can_edit), p_u64(s->id), p_bool(s->can_download),
	    p_bool(s->can_edit));
}

enum err
share_db_expire(const struct db *db, const struct share *s)
{
	uint64_t n = 0;
	enum err e =
	    db_exec_shown(db, s->owner_id, ST_SHARE_EXPIRE, &n, p_u64(s->id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
share_db_replace_items(const struct db *db, const struct share *s,
    enum share_target_type target_type, const char *media)
{
	enum err e;

	e = db_exec_shown(db, s->owner_id, ST_SHARE_CLEAR_ITEMS, NULL,
	    p_u64(s->id));
	if (e != ERR_OK || (e = share_db_add_items(db, s->id, media)) != ERR_OK)
		return e;
	return db_exec_shown(db, s->owner_id, ST_SHARE_SET_TYPE, NULL,
	    p_word(&share_target_types, target_type), p_u64(s->id));
}

enum err
share_db_recipients(const struct db *db, uint64_t id,
    struct share_recipient **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_RECIPIENTS, SIZE_MAX, ret, ret_n, p_u64(id));
}

enum err
share_db_remove_recipient(const struct db *db, uint64_t id, uint64_t user_id)
{
	return db_exec(db, ST_SHARE_REMOVE_RECIPIENT, NULL, p_u64(id),
	    p_u64(user_id));
}

enum err
share_db_revoke(const struct db *db, uint64_t id, uint64_t owner_id,
    uint64_t actor, const char *address)
{
	enum err e;

	e = db_exec(db, ST_SHARE_REVOKE_LOG, NULL, p_id(actor), p_text(address),
	    p_u64(id), p_u64(id), p_u64(id));
	if (e != ERR_OK)
		return e;
	return db_exec_shown(db, owner_id, ST_SHARE_REVOKE, NULL, p_u64(id),
	    p_u64(id));
}

enum err
share_db_batch(const struct db *db, const char *uuids, uint64_t user_id,
    struct share_id **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_BATCH, SHARE_ITEMS_MOST, ret, ret_n,
	    p_text(uuids), p_u64(user_id));
}

enum err
share_db_of_collection(const struct db *db, uint64_t collection_id,
    struct share_id **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_OF_COLLECTION, SIZE_MAX, ret, ret_n,
	    p_u64(collection_id));
}

enum err
share_db_passed_on(const struct db *db, uint64_t id, uint64_t user_id,
    struct share_id **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_PASSED_ON, SIZE_MAX, ret, ret_n, p_u64(id),
	    p_u64(user_id));
}

/* ---- shares with a user ---- */

enum err
share_db_grants(const struct db *db, const char *media, uint64_t n,
    uint64_t user_id, struct share_grant **ret, size_t *ret_n)
{
	return db_all(db, ST_GRANT_MEDIA, SHARE_ITEMS_MOST, ret, ret_n,
	    p_u64(user_id), p_text(media), p_u64(n), p_u64(user_id),
	    p_text(media), p_u64(n), p_u64(user_id));
}

enum err
share_db_collection_grants(const struct db *db, uint64_t collection_id,
    uint64_t user_id, struct share_grant **ret, size_t *ret_n)
{
	return db_all(db, ST_GRANT_COLLECTION, SHARE_ITEMS_MOST, ret, ret_n,
	    p_u64(collection_id), p_u64(user_id));
}

enum err
share_db_grant(const struct db *db, const struct uuid *uuid, uint64_t user_id,
    struct share_grant *ret)
{
	return db_one(db, ST_GRANT_SHARE, ret, p_uuid(uuid), p_u64(user_id));
}

/* ---- the log and the counters ---- */

enum err
share_db_log(const struct db *db, uint64_t id, uint64_t actor,
    const char *address, const char *action, const char *details)
{
	struct uuid uuid = uuid_random();

	return db_exec(db, ST_SHARE_LOG, NULL, p_uuid(&uuid), p_u64(id),
	    p_id(actor), p_text(address), p_text(action), p_text(details));
}

enum err
share_db_use(const struct db *db, uint64_t id, struct share_used *ret)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_SHARE_USE, &n, p_u64(id));

	if (e != ERR_OK)
		return e;
	*ret = (struct share_used){ 0 };
	return n == 0 ? ERR_NOT_FOUND :
			db_one(db, ST_SHARE_USED, ret, p_u64(id));
}

enum err
share_db_use_between(const struct db *db, uint64_t id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_SHARE_USE_BETWEEN, &n, p_u64(id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
share_db_use_line(const struct db *db, uint64_t id, uint64_t limits,
    uint64_t actor, const char *address, struct share_owned **ret,
    size_t *ret_n)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_SHARE_USE_LINE, &n, p_u64(id));

	if (e != ERR_OK)
		return e;
	if (n != limits)
		return ERR_NOT_FOUND;
	e = db_exec(db, ST_SHARE_USE_LINE_LOG, NULL, p_id(actor),
	    p_text(address), p_u64(id));
	if (e != ERR_OK)
		return e;
	return db_all(db, ST_SHARE_USE_LINE_REACHED, SHARE_LINE_MOST, ret,
	    ret_n, p_u64(id));
}

enum err
share_db_visit(const struct db *db, uint64_t id, uint64_t user_id,
    int64_t seconds)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_SHARE_VISIT, &n, p_i64(seconds), p_u64(id),
	    p_u64(user_id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
share_db_gathered(const struct db *db, const char *lines, const char *counts)
{
	/* Update the shares first, in order. An entry's foreign key takes a
	 * shared lock on its share, and two processes that both hold it would
	 * wait for each other to update the share. */
	enum err e = db_exec(db, ST_LEDGER_COUNT, NULL, p_text(counts));

	return e != ERR_OK ? e :
			     db_exec(db, ST_LEDGER_ADD, NULL, p_text(lines));
}

enum err
share_db_first_opened(const struct db *db, const char *counts,
    struct share_owned **ret, size_t *ret_n)
{
	return db_all(db, ST_LEDGER_FIRST, SIZE_MAX, ret, ret_n,
	    p_text(counts));
}

/* ---- lists ---- */

enum err
share_db_outgoing(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct share **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_OUTGOING, p->limit, ret, ret_n,
	    p_u64(user_id), p_u64(p->before), p_u64(p->limit),
	    p_u64(p->offset));
}

enum err
share_db_outgoing_count(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	return db_count(db, ST_SHARE_OUTGOING_COUNT, ret, p_u64(user_id));
}

enum err
share_db_incoming(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct share **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_INCOMING, p->limit, ret, ret_n,
	    p_u64(user_id), p_u64(p->before), p_u64(p->limit),
	    p_u64(p->offset));
}

enum err
share_db_incoming_count(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	return db_count(db, ST_SHARE_INCOMING_COUNT, ret, p_u64(user_id));
}

enum err
share_db_links(const struct db *db, const char *ids, size_t n, uint64_t user_id,
    struct share **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_LINKS, n, ret, ret_n, p_text(ids),
	    p_u64(user_id));
}

enum err
share_db_all(const struct db *db, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_ALL, limit, ret, ret_n, p_u64(user_id),
	    p_u64(user_id), p_u64(before), p_u64(limit));
}

enum err
share_db_activity(const struct db *db, uint64_t share_id,
    const struct share_page *p, struct share_activity **ret, size_t *ret_n)
{
	return db_all(db, ST_SHARE_ACTIVITY, p->limit, ret, ret_n,
	    p_u64(share_id), p_u64(p->before), p_u64(p->limit),
	    p_u64(p->offset));
}

enum err
share_db_activity_count(const struct db *db, uint64_t share_id, uint64_t *ret)
{
	return db_count(db, ST_SHARE_ACTIVITY_COUNT, ret, p_u64(share_id));
}

enum err
share_db_activity_expire(const struct db *db, int64_t seconds)
{
	return db_exec(db, ST_SHARE_ACTIVITY_EXPIRE, NULL, p_i64(seconds));
}
