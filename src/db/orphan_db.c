#include "config.h"

#include "db/orphan_db.h"

#include "db/rows.h"

DB_ROW(orphan_name, struct orphan_name,
    DB_COL(struct orphan_name, name, DB_TEXT));

enum err
orphan_db_objects(const struct db *db, const char *names, db_row_fn *fn,
    void *arg)
{
	return db_each(db, ST_ORPHAN_OBJECTS, fn, arg, p_text(names),
	    p_text(names));
}

enum err
orphan_db_trash(const struct db *db, const char *names, db_row_fn *fn,
    void *arg)
{
	return db_each(db, ST_ORPHAN_TRASH, fn, arg, p_text(names));
}

enum err
orphan_db_renditions(const struct db *db, const char *names, db_row_fn *fn,
    void *arg)
{
	return db_each(db, ST_ORPHAN_RENDITIONS, fn, arg, p_text(names));
}
