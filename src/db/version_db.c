#include "config.h"

#include "db/version_db.h"

#include "db/rows.h"

#define CLOCK_SLOT 65535 /* the statement's slot for the time */

DB_ROW(account_version, struct account_version,
    DB_COL(struct account_version, slot, DB_U32),
    DB_COL(struct account_version, version, DB_U64));

enum err
version_db_all(const struct db *db, struct account_version **ret, size_t *ret_n,
    int64_t *ret_now)
{
	enum err e =
	    db_all(db, ST_ACCOUNT_VERSIONS, ACCOUNT_SLOTS + 1, ret, ret_n);

	for (size_t i = 0; e == ERR_OK && i < *ret_n; i++)
		if ((*ret)[i].slot == CLOCK_SLOT)
			*ret_now = (int64_t)(*ret)[i].version;
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
