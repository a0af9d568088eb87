#include "config.h"

#include "db/outbox_db.h"

#include "db/rows.h"

#define LIST_MOST 1000
#define EXPIRE_BATCHES 100

#define MAIL_MAP \
	DB_COL(struct mail_row, id, DB_U64), \
	    DB_COL(struct mail_row, uuid, DB_UUID), \
	    DB_COL(struct mail_row, kind, DB_TEXT), \
	    DB_COL(struct mail_row, recipient, DB_TEXT), \
	    DB_COL(struct mail_row, subject, DB_TEXT), \
	    DB_COL_WORD(struct mail_row, state, mail_states), \
	    DB_COL(struct mail_row, attempts, DB_U32), \
	    DB_COL(struct mail_row, tries, DB_U32), \
	    DB_COL(struct mail_row, last_error, DB_TEXT), \
	    DB_COL(struct mail_row, created_at, DB_TIME), \
	    DB_COL(struct mail_row, due_at, DB_TIME), \
	    DB_COL(struct mail_row, sent_at, DB_TIME)

DB_ROW(mail, struct mail_row, MAIL_MAP);

DB_ROW(mail_whole, struct mail_row, MAIL_MAP,
    DB_COL(struct mail_row, message, DB_TEXT),
    DB_COL(struct mail_row, stopped, DB_BOOL));

DB_ROW(mail_listed, struct mail_row, MAIL_MAP,
    DB_COL(struct mail_row, username, DB_TEXT));

enum err
outbox_db_add(const struct db *db, const struct outbox_new *m, uint64_t *ret_id)
{
	enum err e = db_exec(db, ST_OUTBOX_ADD, NULL, p_uuid(&m->uuid),
	    m->user_id != 0 ? p_u64(m->user_id) : p_null(), p_text(m->kind),
	    p_text(m->recipient), p_text(m->subject), p_text(m->message));

	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
outbox_db_add_share(const struct db *db, uint64_t id, uint64_t share_id)
{
	return db_exec(db, ST_OUTBOX_ADD_SHARE, NULL, p_u64(id),
	    p_u64(share_id));
}

enum err
outbox_db_count(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	return db_count(db, ST_OUTBOX_COUNT, ret, p_u64(user_id));
}

enum err
outbox_db_room_in(const struct db *db, uint64_t user_id, uint64_t n,
    uint64_t *ret_seconds)
{
	return db_count(db, ST_OUTBOX_ROOM_IN, ret_seconds, p_u64(user_id),
	    p_u64(n - 1));
}

enum err
outbox_db_lock(const struct db *db, uint64_t id, struct mail_row *ret)
{
	return db_one(db, ST_OUTBOX_LOCK, ret, p_u64(id));
}

/* The result of an UPDATE of one mail; ERR_CONFLICT if its state did not
 * match. */
static enum err
changed(enum err e, uint64_t n)
{
	return e == ERR_OK && n == 0 ? ERR_CONFLICT : e;
}

enum err
outbox_db_begin(const struct db *db, uint64_t id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_OUTBOX_BEGIN, &n, p_u64(id));

	return changed(e, n);
}

enum err
outbox_db_sent(const struct db *db, uint64_t id, uint32_t attempt,
    const char *subject)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_OUTBOX_SENT, &n, p_text(subject), p_u64(id),
	    p_u64(attempt));

	return changed(e, n);
}

enum err
outbox_db_later(const struct db *db, uint64_t id, uint32_t attempt,
    const char *error, int64_t seconds)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_OUTBOX_LATER, &n, p_text(error),
	    p_i64(seconds), p_u64(id), p_u64(attempt));

	return changed(e, n);
}

enum err
outbox_db_end(const struct db *db, uint64_t id, uint32_t attempt,
    enum mail_state state, const char *error)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_OUTBOX_END, &n, p_word(&mail_states, state),
	    p_text(error), p_u64(id), p_u64(attempt));

	return changed(e, n);
}

enum err
outbox_db_remove(const struct db *db, uint64_t id, uint32_t attempt)
{
	uint64_t n = 0;
	enum err e =
	    db_exec(db, ST_OUTBOX_REMOVE, &n, p_u64(id), p_u64(attempt));

	return changed(e, n);
}

/* Distinguishes a mail in the wrong state from a mail that does not exist. */
static enum err
change(const struct db *db, enum statement st, uint64_t user_id, uint64_t id)
{
	uint64_t there = 0, n = 0;
	enum err e =
	    db_exec(db, st, &n, p_u64(id), p_u64(user_id), p_u64(user_id));

	if (e != ERR_OK || n > 0)
		return e;
	e = db_count(db, ST_OUTBOX_THERE, &there, p_u64(id), p_u64(user_id),
	    p_u64(user_id));
	if (e != ERR_OK)
		return e;
	return there > 0 ? ERR_CONFLICT : ERR_NOT_FOUND;
}

enum err
outbox_db_retry(const struct db *db, uint64_t user_id, uint64_t id)
{
	return change(db, ST_OUTBOX_RETRY, user_id, id);
}

enum err
outbox_db_drop(const struct db *db, uint64_t user_id, uint64_t id)
{
	return change(db, ST_OUTBOX_DROP, user_id, id);
}

enum err
outbox_db_of_share(const struct db *db, uint64_t user_id, uint64_t share_id,
    struct mail_row **ret, size_t *ret_n)
{
	return db_all(db, ST_OUTBOX_OF_SHARE, LIST_MOST, ret, ret_n,
	    p_u64(share_id), p_u64(user_id), p_u64(LIST_MOST));
}

enum err
outbox_db_of_user(const struct db *db, uint64_t user_id, uint64_t before,
    uint64_t limit, struct mail_row **ret, size_t *ret_n)
{
	return db_all(db, ST_OUTBOX_OF_USER, LIST_MOST, ret, ret_n,
	    p_u64(user_id), p_u64(before),
	    p_u64(limit < LIST_MOST ? limit : LIST_MOST));
}

enum err
outbox_db_list(const struct db *db, bool all, db_row_fn *fn, void *arg)
{
	return db_each(db, ST_OUTBOX_LIST, fn, arg, p_bool(all));
}

enum err
outbox_db_tend(const struct db *db, int64_t keep)
{
	uint64_t n = 1;
	enum err e = db_exec(db, ST_OUTBOX_ENSURE, NULL);

	for (int i = 0; e == ERR_OK && n > 0 && i < EXPIRE_BATCHES; i++)
		e = db_exec(db, ST_OUTBOX_EXPIRE, &n, p_i64(keep));
	return e;
}
