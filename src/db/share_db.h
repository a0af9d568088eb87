/* Shares and what they show. Results as db.h tells them. */
#ifndef DB_SHARE_DB_H
#define DB_SHARE_DB_H

#include "db/db.h"
#include "model/share.h"

/* ---- the share codes of seed 000 ---- */

/* A media's share code: the id is the share's, in lists the media's. */
struct share_code {
	uint64_t id;
	struct uuid token;
};

/* Makes the media's share code. In a transaction of the caller's.
 * ERR_CONFLICT: it has one; ERR_NOT_FOUND: the media is not live. */
enum err share_db_add_code(const struct db *db, uint64_t media_id,
    const struct uuid *uuid, const struct uuid *token,
    uint64_t *ret_id) MUST_CHECK;

/* The media's share code. lock: within a transaction, so that it stays until
 * its end; then the media must be live as well. */
enum err share_db_code(const struct db *db, uint64_t media_id, bool lock,
    uint64_t *ret_id, struct uuid *ret_token) MUST_CHECK;

/* ---- one share ---- */

enum err share_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct share *ret) MUST_CHECK;
enum err share_db_by_id(const struct db *db, uint64_t id,
    struct share *ret) MUST_CHECK;

/* Within a transaction: it is not revoked, and stays as it is. */
enum err share_db_lock(const struct db *db, uint64_t id) MUST_CHECK;

/* A share and one media that it shows; a row without a media (item.media_id 0)
 * stands for one that is not to be shown. */
struct share_row {
	struct share share;
	uint64_t version;  /* of its owner's account; 0: not told */
	uint32_t position; /* in the set */
	struct share_item item;
};

/* What a link's token opens, whatever its state: a row for each media of a
 * set, in its order; one row where there is none. Its recipients are not told:
 * a visitor is none. */
enum err share_db_open(const struct db *db, const struct uuid *token,
    struct share_row **ret, size_t *ret_n) MUST_CHECK;

/* The media of a set that can be shown. */
enum err share_db_items(const struct db *db, uint64_t share_id,
    struct share_item **ret, size_t *ret_n) MUST_CHECK;

/* Those of a collection, newest first, that come after the media `before`
 * (INT64_MAX: from the start), as they are shown through a share (0: as its
 * owner sees them). */
enum err share_db_collection_items(const struct db *db, uint64_t collection_id,
    uint64_t share_id, uint64_t before, uint64_t limit, struct share_item **ret,
    size_t *ret_n) MUST_CHECK;

/* ---- making and changing, within a transaction of the caller's ---- */

/* What a new row needs; ids of 0 and NULL texts are none. */
struct share_values {
	struct uuid uuid;
	uint64_t owner_id;
	const char *origin;
	const char *target_type;
	uint64_t collection_id;
	const char *recipient_type;
	const struct uuid *token;
	uint64_t parent_id;
	const char *name, *note, *file_name;
	unsigned permissions;
	const char *password_hash;
	int64_t expires_at;
	uint64_t max_uses;
};

enum err share_db_add(const struct db *db, const struct share_values *v,
    uint64_t *ret_id) MUST_CHECK;

/* Media: a JSON array of ids. */
enum err share_db_add_items(const struct db *db, uint64_t id,
    const char *media) MUST_CHECK;
enum err share_db_add_recipient(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;

/* The parent and all that it stands on. */
enum err share_db_add_ancestors(const struct db *db, uint64_t id,
    uint64_t parent_id) MUST_CHECK;

struct share_target {
	uint64_t id;
	uint64_t user_id;
};

/* The live media of a JSON array of UUIDs in hex, in its order, held until the
 * transaction's end; unknown ones are left out. */
enum err share_db_targets(const struct db *db, const char *uuids,
    struct share_target **ret, size_t *ret_n) MUST_CHECK;

/* What is left of a share and of all that it stands on. */
struct share_line {
	uint32_t state; /* an enum share_status; revoked: not to be passed on */
	bool can_download, can_edit;
	uint32_t length;
};

/* Held until the transaction's end. */
enum err share_db_lock_line(const struct db *db, uint64_t id,
    struct share_line *ret) MUST_CHECK;

/* generation_up: unlocked visits and signed addresses die. */
enum err share_db_update(const struct db *db, const struct share *s,
    bool generation_up) MUST_CHECK;

/* Those that pass it on get no more than it gives. */
enum err share_db_narrow(const struct db *db, const struct share *s) MUST_CHECK;

/* ERR_NOT_FOUND: it is revoked or has expired. */
enum err share_db_expire(const struct db *db, const struct share *s) MUST_CHECK;

/* Its media, and with them its target's type, become others. */
enum err share_db_replace_items(const struct db *db, const struct share *s,
    const char *target_type, const char *media) MUST_CHECK;
enum err share_db_recipients(const struct db *db, uint64_t id,
    struct share_recipient **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_remove_recipient(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;

/* Revokes it and all that pass it on, with a line in the log of each; those
 * that are revoked already are left alone. actor 0: the administrator. */
enum err share_db_revoke(const struct db *db, uint64_t id, uint64_t owner_id,
    uint64_t actor, const char *address) MUST_CHECK;

struct share_id {
	uint64_t id;
};

/* Which of a JSON array of UUIDs in hex are the user's and not revoked; those
 * of a collection. Held until the transaction's end. */
enum err share_db_batch(const struct db *db, const char *uuids,
    uint64_t user_id, struct share_id **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_of_collection(const struct db *db, uint64_t collection_id,
    struct share_id **ret, size_t *ret_n) MUST_CHECK;

/* What the user has passed on of a share; held as well. */
enum err share_db_passed_on(const struct db *db, uint64_t id, uint64_t user_id,
    struct share_id **ret, size_t *ret_n) MUST_CHECK;

/* ---- what was shared with somebody ---- */

struct share_grant {
	struct share share;
	uint64_t root_owner_id; /* who shared it first */
	bool visiting;		/* his visit is counted, and goes on … */
	int64_t visited_until;	/* … until then */
};

/* Shares with the user, not revoked, that show all n media of a JSON array of
 * their ids. */
enum err share_db_grants(const struct db *db, const char *media, uint64_t n,
    uint64_t user_id, struct share_grant **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_collection_grants(const struct db *db, uint64_t collection_id,
    uint64_t user_id, struct share_grant **ret, size_t *ret_n) MUST_CHECK;

/* That one share, in any state. ERR_NOT_FOUND: not with this user. */
enum err share_db_grant(const struct db *db, const struct uuid *uuid,
    uint64_t user_id, struct share_grant *ret) MUST_CHECK;

/* ---- the log and the counters ---- */

/* A line of the share's own log. actor 0: nobody signed in; address and
 * details may be NULL. */
enum err share_db_log(const struct db *db, uint64_t id, uint64_t actor,
    const char *address, const char *action, const char *details) MUST_CHECK;

/* Counts a use; *ret_last: it has reached the limit. ERR_NOT_FOUND: that was
 * reached before, or it is over. */
enum err share_db_use(const struct db *db, uint64_t id, bool *ret_first,
    bool *ret_last) MUST_CHECK;

struct share_owned {
	uint64_t id;
	uint64_t owner_id;
};

/* Counts a use that is neither the first nor the last that may be.
 * ERR_NOT_FOUND: it is one of those, or share_db_use() would not count it. */
enum err share_db_use_between(const struct db *db, uint64_t id) MUST_CHECK;

/* Counts one of each limited share that it stands on, of which there are
 * `limits`, with a line in the log of each; *ret: whose limit is reached by
 * that. ERR_NOT_FOUND: one was used up before. */
enum err share_db_use_line(const struct db *db, uint64_t id, uint64_t limits,
    uint64_t actor, const char *address, struct share_owned **ret,
    size_t *ret_n) MUST_CHECK;

/* The recipient's visit lasts so many seconds. ERR_NOT_FOUND: it is counted
 * already. */
enum err share_db_visit(const struct db *db, uint64_t id, uint64_t user_id,
    int64_t seconds) MUST_CHECK;

/* Writes what was gathered: lines as a JSON array of {s, a, i, k, d, t} (share,
 * actor, address, action, details, age in ms), counts of uses as one of
 * {s, n, t}. */
enum err share_db_gathered(const struct db *db, const char *lines,
    const char *counts) MUST_CHECK;

/* Behind it: the links of its counts that had never been opened before. */
enum err share_db_first_opened(const struct db *db, const char *counts,
    struct share_owned **ret, size_t *ret_n) MUST_CHECK;

/* ---- lists, newest first ---- */

/* Where in a list: before this id, and then so many on. */
struct share_page {
	uint64_t before; /* INT64_MAX: from the start */
	uint64_t offset;
	uint64_t limit;
};

enum err share_db_outgoing(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct share **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_outgoing_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* Active ones alone. */
enum err share_db_incoming(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct share **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_incoming_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* The active links of seed 003 among a JSON array of n ids, of that owner. */
enum err share_db_links(const struct db *db, const char *ids, size_t n,
    uint64_t user_id, struct share **ret, size_t *ret_n) MUST_CHECK;

/* For the administrator; user_id 0: of all. */
enum err share_db_all(const struct db *db, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n) MUST_CHECK;

enum err share_db_activity(const struct db *db, uint64_t share_id,
    const struct share_page *p, struct share_activity **ret,
    size_t *ret_n) MUST_CHECK;
enum err share_db_activity_count(const struct db *db, uint64_t share_id,
    uint64_t *ret) MUST_CHECK;

/* Removes what is older than so many seconds. */
enum err share_db_activity_expire(const struct db *db,
    int64_t seconds) MUST_CHECK;

#endif
