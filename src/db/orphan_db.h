/* Looks up which files have rows. Results as in db.h. */
#ifndef DB_ORPHAN_DB_H
#define DB_ORPHAN_DB_H

#include "db/db.h"

struct orphan_name {
	const char *name;
};

/* Finds those names of a JSON array that have a row, in no particular order.
 * Rows are of struct orphan_name. */
typedef enum err orphan_db_fn(const struct db *db, const char *names,
    db_row_fn *fn, void *arg);

orphan_db_fn orphan_db_objects MUST_CHECK; /* general/ and hidden/ */
orphan_db_fn orphan_db_trash MUST_CHECK;
orphan_db_fn orphan_db_renditions MUST_CHECK; /* thumbs/ and views/ */

#endif
