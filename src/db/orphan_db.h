/* The names of files that rows stand for. Results as db.h tells them. */
#ifndef DB_ORPHAN_DB_H
#define DB_ORPHAN_DB_H

#include "db/db.h"

struct orphan_name {
	const char *name;
};

/* Names in the order of their bytes; row is a struct orphan_name. part is the
 * first byte of the media's UUIDs, for thumbnails. */
typedef enum err orphan_db_fn(struct db *db, struct why *why, uint8_t part,
    db_row_fn *fn, void *arg);

orphan_db_fn orphan_db_objects MUST_CHECK; /* general/ and hidden/ */
orphan_db_fn orphan_db_trash MUST_CHECK;
orphan_db_fn orphan_db_thumbs MUST_CHECK;

#endif
