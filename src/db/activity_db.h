/* The activity log. Results as in db.h. */
#ifndef DB_ACTIVITY_DB_H
#define DB_ACTIVITY_DB_H

#include "db/db.h"

/* details: a JSON object. */
enum err activity_db_add(const struct db *db, uint64_t user_id,
    const char *action, const char *feature, const char *details) MUST_CHECK;

#endif
