#include "config.h"

#include "db/version_db.h"

#include "db/rows.h"

DB_ROW(account_version, struct account_version,
    DB_COL(struct account_version, slot, DB_U32),
    DB_COL(struct account_version, version, DB_U64),
    DB_COL(struct account_version, now, DB_TIME));

enum err
version_db_all(const struct db *db, struct account_version **ret, size_t *ret_n,
    int64_t *ret_now)
{
	enum err e = db_all(db, ST_ACCOUNT_VERSIONS, ACCOUNT_SLOTS, ret, ret_n);

	if (e == ERR_OK)
		*ret_now = (*ret)[0].now;
	return e;
}

enum err
version_db_one(const struct db *db, unsigned slot, uint64_t *ret)
{
	enum err e;

	*ret = 0;
	e = db_count(db, ST_ACCOUNT_VERSION, ret, p_u64(slot));
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}
