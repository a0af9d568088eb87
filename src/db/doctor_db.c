#include "config.h"

#include "db/doctor_db.h"

#include "db/rows.h"

#include <string.h>

#define MOST_HEAPS 100

enum err
doctor_db_now(const struct db *db, int64_t *ret)
{
	uint64_t ms = 0;
	enum err e = db_count(db, ST_DOCTOR_NOW, &ms);

	if (e == ERR_OK)
		*ret = (int64_t)ms;
	return e;
}

struct folder_row {
	const char *folder;
};

DB_ROW(folder, struct folder_row, DB_COL(struct folder_row, folder, DB_TEXT));

enum err
doctor_db_folder(const struct db *db, const char **ret)
{
	struct folder_row row = { 0 };
	enum err e = db_one(db, ST_DOCTOR_FOLDER, &row);

	if (e == ERR_OK)
		*ret = row.folder;
	return e;
}

DB_ROW(doctor_heap, struct doctor_heap,
    DB_COL(struct doctor_heap, kind, DB_TEXT),
    DB_COL(struct doctor_heap, n, DB_U64),
    DB_COL(struct doctor_heap, age, DB_I64),
    DB_COL(struct doctor_heap, error, DB_TEXT));

enum err
doctor_db_failed(const struct db *db, struct doctor_heap **ret, size_t *ret_n)
{
	return db_all(db, ST_DOCTOR_FAILED, MOST_HEAPS, ret, ret_n);
}

enum err
doctor_db_late(const struct db *db, struct doctor_heap **ret, size_t *ret_n)
{
	return db_all(db, ST_DOCTOR_LATE, MOST_HEAPS, ret, ret_n);
}

enum err
doctor_db_mails(const struct db *db, struct doctor_heap **ret, size_t *ret_n)
{
	return db_all(db, ST_DOCTOR_MAILS, MOST_HEAPS, ret, ret_n);
}

enum err
doctor_db_again(const struct db *db)
{
	return db_exec(db, ST_DOCTOR_AGAIN, NULL);
}

DB_ROW(doctor_addresses, struct doctor_addresses,
    DB_COL(struct doctor_addresses, n, DB_U64),
    DB_COL(struct doctor_addresses, addresses, DB_U64),
    DB_COL(struct doctor_addresses, owners, DB_U64),
    DB_COL(struct doctor_addresses, address, DB_TEXT));

enum err
doctor_db_sessions(const struct db *db, struct doctor_addresses *ret)
{
	return db_one(db, ST_DOCTOR_SESSIONS, ret);
}

enum err
doctor_db_visits(const struct db *db, struct doctor_addresses *ret)
{
	return db_one(db, ST_DOCTOR_VISITS, ret);
}

DB_ROW(doctor_media, struct doctor_media,
    DB_COL(struct doctor_media, id, DB_U64),
    DB_COL(struct doctor_media, path, DB_TEXT),
    DB_COL(struct doctor_media, size, DB_U64),
    DB_COL(struct doctor_media, mtime, DB_I64),
    DB_COL_WORD(struct doctor_media, state, media_states),
    DB_COL_WORD(struct doctor_media, enrichment, enrichment_states),
    DB_COL(struct doctor_media, error, DB_TEXT),
    DB_COL(struct doctor_media, old, DB_BOOL));

enum err
doctor_db_media(const struct db *db, uint64_t user_id, const char *path,
    uint64_t id, int64_t keep, uint64_t limit, struct doctor_media **ret,
    size_t *ret_n)
{
	size_t n = strlen(path);

	return db_all(db, ST_DOCTOR_MEDIA, limit, ret, ret_n, p_i64(keep),
	    p_u64(user_id), p_bytes(path, n), p_bytes(path, n), p_u64(id),
	    p_u64(limit));
}
