#include "config.h"

#include "db/orphan_db.h"

static const struct db_column name_map[] = {
	DB_COL(struct orphan_name, name, DB_TEXT), DB_COL_END
};

enum err
orphan_db_objects(const struct db *db, const char *names, db_row_fn *fn,
    void *arg)
{
	return db_each(db, ST_ORPHAN_OBJECTS, name_map,
	    sizeof(struct orphan_name), fn, arg, p_text(names), p_text(names));
}

enum err
orphan_db_trash(const struct db *db, const char *names, db_row_fn *fn,
    void *arg)
{
	return db_each(db, ST_ORPHAN_TRASH, name_map,
	    sizeof(struct orphan_name), fn, arg, p_text(names));
}

enum err
orphan_db_renditions(const struct db *db, const char *names, db_row_fn *fn,
    void *arg)
{
	return db_each(db, ST_ORPHAN_RENDITIONS, name_map,
	    sizeof(struct orphan_name), fn, arg, p_text(names));
}
