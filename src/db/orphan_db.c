#include "config.h"

#include "db/orphan_db.h"

#include <string.h>

static const struct db_column name_map[] = {
	DB_COL(struct orphan_name, name, DB_TEXT), DB_COL_END };

enum err
orphan_db_objects(struct db *db, struct why *why, uint8_t part,
    db_row_fn *fn, void *arg)
{
	(void)part;
	return db_each(db, why, ST_ORPHAN_OBJECTS, name_map,
	    sizeof(struct orphan_name), fn, arg);
}

enum err
orphan_db_trash(struct db *db, struct why *why, uint8_t part, db_row_fn *fn,
    void *arg)
{
	(void)part;
	return db_each(db, why, ST_ORPHAN_TRASH, name_map,
	    sizeof(struct orphan_name), fn, arg);
}

enum err
orphan_db_thumbs(struct db *db, struct why *why, uint8_t part, db_row_fn *fn,
    void *arg)
{
	struct uuid first, last;

	memset(&first, 0, sizeof(first));
	memset(&last, 0xff, sizeof(last));
	first.b[0] = last.b[0] = part;
	return db_each(db, why, ST_ORPHAN_THUMBS, name_map,
	    sizeof(struct orphan_name), fn, arg, p_uuid(&first),
	    p_uuid(&last));
}
