#include "config.h"

#include "db/activity_db.h"

enum err
activity_db_add(const struct db *db, uint64_t user_id, const char *action,
    const char *feature, const char *details)
{
	return db_exec(db, ST_ACTIVITY_ADD, NULL, p_u64(user_id),
	    p_text(action), p_text(feature), p_text(details));
}
