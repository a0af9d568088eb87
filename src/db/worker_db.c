#include "config.h"

#include "db/worker_db.h"

#include "db/rows.h"

#define MOST_WORKERS 10000

DB_ROW(worker, struct worker_row, DB_COL(struct worker_row, host, DB_TEXT),
    DB_COL(struct worker_row, pid, DB_U32),
    DB_COL(struct worker_row, version, DB_TEXT),
    DB_COL(struct worker_row, age, DB_I64),
    DB_COL(struct worker_row, busy, DB_BOOL));

enum err
worker_db_seen(const struct db *db, const struct uuid *id, const char *host,
    uint32_t pid, const char *version)
{
	return db_exec(db, ST_WORKER_SEEN, NULL, p_uuid(id), p_text(host),
	    p_u64(pid), p_text(version));
}

enum err
worker_db_left(const struct db *db, const struct uuid *id)
{
	return db_exec(db, ST_WORKER_LEFT, NULL, p_uuid(id));
}

enum err
worker_db_expire(const struct db *db)
{
	return db_exec(db, ST_WORKER_EXPIRE, NULL);
}

enum err
worker_db_list(const struct db *db, struct worker_row **ret, size_t *ret_n)
{
	return db_all(db, ST_WORKER_LIST, MOST_WORKERS, ret, ret_n);
}
