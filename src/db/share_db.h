/* Shares: so far the share codes of seed 000. Results as db.h tells them. */
#ifndef DB_SHARE_DB_H
#define DB_SHARE_DB_H

#include "db/db.h"
#include "model/share.h"

/* Makes the media's share code. In a transaction of the caller's.
 * ERR_CONFLICT: it has one; ERR_NOT_FOUND: the media is not live. */
enum err share_db_add_code(struct db *db, struct why *why, uint64_t media_id,
    const struct uuid *uuid, const struct uuid *token,
    uint64_t *ret_id) MUST_CHECK;

/* The media's share code. lock: within a transaction, so that it stays until
 * its end; then the media must be live as well. */
enum err share_db_code(struct db *db, struct why *why, uint64_t media_id,
    bool lock, uint64_t *ret_id, struct uuid *ret_token) MUST_CHECK;

enum err share_db_revoke(struct db *db, struct why *why,
    uint64_t id) MUST_CHECK;

/* A line of the share's own log. actor 0: nobody signed in. */
enum err share_db_log(struct db *db, struct why *why, uint64_t id,
    uint64_t actor, const char *address, const char *action) MUST_CHECK;

/* What a link's token opens while it is good. */
enum err share_db_link(struct db *db, struct why *why, struct arena *a,
    const struct uuid *token, struct share_link *ret) MUST_CHECK;

#endif
