#include "config.h"

#include "db/job_db.h"

#include "db/rows.h"

DB_ROW(job, struct job, DB_COL(struct job, id, DB_U64),
    DB_COL(struct job, kind, DB_TEXT), DB_COL(struct job, ref_id, DB_U64),
    DB_COL(struct job, attempts, DB_U32),
    DB_COL(struct job, abandoned, DB_BOOL));

enum err
job_db_add(const struct db *db, const char *kind, uint64_t ref_id)
{
	return db_exec(db, ST_JOB_ADD, NULL, p_text(kind), p_u64(ref_id));
}

enum err
job_db_add_ahead(const struct db *db, const char *kind, uint64_t ref_id)
{
	return db_exec(db, ST_JOB_ADD_AHEAD, NULL, p_text(kind), p_u64(ref_id));
}

enum err
job_db_remove(const struct db *db, const char *kind, uint64_t ref_id)
{
	return db_exec(db, ST_JOB_REMOVE, NULL, p_text(kind), p_u64(ref_id));
}

enum err
job_db_ensure(const struct db *db, const char *kind)
{
	return db_exec(db, ST_JOB_ENSURE, NULL, p_text(kind));
}

struct take {
	const struct uuid *owner;
	int64_t seconds;
	struct job *ret;
};

static enum err
take(const struct db *db, void *arg)
{
	struct take *t = arg;
	enum err e;

	e = db_one(db, ST_JOB_NEXT, t->ret);
	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_JOB_TAKE, NULL, p_uuid(t->owner),
	    p_i64(t->seconds), p_u64(t->ret->id));
}

enum err
job_db_take(const struct db *db, const struct uuid *owner, int64_t seconds,
    struct job *ret)
{
	struct take t = { owner, seconds, ret };

	return db_transaction(db, take, &t);
}

enum err
job_db_hold(const struct db *db, uint64_t id, const struct uuid *owner,
    int64_t seconds)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_JOB_HOLD, &n, p_i64(seconds), p_u64(id),
	    p_uuid(owner));

	return e == ERR_OK && n == 0 ? ERR_CONFLICT : e;
}

enum err
job_db_done(const struct db *db, uint64_t id, const struct uuid *owner)
{
	return db_exec(db, ST_JOB_DONE, NULL, p_u64(id), p_uuid(owner));
}

enum err
job_db_again(const struct db *db, uint64_t id, const struct uuid *owner,
    const char *error, bool counts, int64_t seconds)
{
	return db_exec(db, ST_JOB_AGAIN, NULL, p_text(error), p_bool(counts),
	    p_i64(seconds), p_u64(id), p_uuid(owner));
}

enum err
job_db_count(const struct db *db, uint64_t *ret)
{
	return db_count(db, ST_JOB_COUNT, ret);
}
