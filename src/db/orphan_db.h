/* Which files rows belong to. Results as db.h tells them. */
#ifndef DB_ORPHAN_DB_H
#define DB_ORPHAN_DB_H

#include "db/db.h"

struct orphan_name {
	const char *name;
};

/* Those of a JSON array of names that are known, in no order; row is a struct
 * orphan_name. */
typedef enum err orphan_db_fn(const struct db *db, const char *names,
    db_row_fn *fn, void *arg);

orphan_db_fn orphan_db_objects MUST_CHECK; /* general/ and hidden/ */
orphan_db_fn orphan_db_trash MUST_CHECK;
orphan_db_fn orphan_db_renditions MUST_CHECK; /* thumbs/ and views/ */

#endif
