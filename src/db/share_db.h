/* Shares and what they show. Results as in db.h. */
#ifndef DB_SHARE_DB_H
#define DB_SHARE_DB_H

#include "db/db.h"
#include "model/share.h"

/* ---- the share codes of seed 000 ---- */

/* A media's share code. id: of the share; in lists, of the media. */
struct share_code {
	uint64_t id;
	struct uuid token;
};

/* Adds a share code for the media, within the caller's transaction.
 * ERR_CONFLICT: it has one; ERR_NOT_FOUND: the media is not live. */
enum err share_db_add_code(const struct db *db, uint64_t media_id,
    const struct uuid *uuid, const struct uuid *token,
    uint64_t *ret_id) MUST_CHECK;

/* Finds the media's share code. lock: locks it until the end of the
 * transaction, and requires the media to be live. */
enum err share_db_code(const struct db *db, uint64_t media_id, bool lock,
    uint64_t *ret_id, struct uuid *ret_token) MUST_CHECK;

/* ---- one share ---- */

enum err share_db_by_uuid(const struct db *db, const struct uuid *uuid,
    struct share *ret) MUST_CHECK;
enum err share_db_by_id(const struct db *db, uint64_t id,
    struct share *ret) MUST_CHECK;

/* Locks a share until the end of the transaction. ERR_NOT_FOUND: it is unknown
 * or revoked. */
enum err share_db_lock(const struct db *db, uint64_t id) MUST_CHECK;

/* A share and one of its media; item.media_id is 0 for a media that must not be
 * shown. */
struct share_row {
	struct share share;
	uint64_t version;  /* of its owner's account; 0: not read */
	uint32_t position; /* in the set */
	struct share_item item;
};

/* Finds the share of a link's token, in any state: a row for each media of a
 * set, in order, or one row without media. Recipients are not read, since a
 * visitor is not one. */
enum err share_db_open(const struct db *db, const struct uuid *token,
    struct share_row **ret, size_t *ret_n) MUST_CHECK;

/* The media of a set that may be shown. */
enum err share_db_items(const struct db *db, uint64_t share_id,
    struct share_item **ret, size_t *ret_n) MUST_CHECK;

/* The media of a collection that follow the media `before` (INT64_MAX: from the
 * newest), newest first, as shown through a share (0: as shown to the
 * owner). */
enum err share_db_collection_items(const struct db *db, uint64_t collection_id,
    uint64_t share_id, uint64_t before, uint64_t limit, struct share_item **ret,
    size_t *ret_n) MUST_CHECK;

/* What a list shows of a share. */
struct share_preview {
	uint64_t share_id;
	uint64_t nitems; /* its media; of a collection 1 at most */
	struct share_item first;
};

/* Of n shares, a JSON array of their ids, those that show something; in any
 * order. */
enum err share_db_previews(const struct db *db, const char *ids, size_t n,
    struct share_preview **ret, size_t *ret_n) MUST_CHECK;

/* ---- adding and changing, within the caller's transaction ---- */

/* The values of a new share; ids of 0 and NULL texts mean none. */
struct share_values {
	struct uuid uuid;
	uint64_t owner_id;
	enum share_origin origin;
	enum share_target_type target_type;
	uint64_t collection_id;
	enum recipient_type recipient_type;
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

/* media: a JSON array of ids. */
enum err share_db_add_items(const struct db *db, uint64_t id,
    const char *media) MUST_CHECK;
enum err share_db_add_recipient(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;

/* Records the parent and all of its ancestors. */
enum err share_db_add_ancestors(const struct db *db, uint64_t id,
    uint64_t parent_id) MUST_CHECK;

struct share_target {
	uint64_t id;
	uint64_t user_id;
};

/* Finds the live media in a JSON array of UUIDs in hex, in its order, and locks
 * them until the end of the transaction; skips unknown ones. */
enum err share_db_targets(const struct db *db, const char *uuids,
    struct share_target **ret, size_t *ret_n) MUST_CHECK;

/* What a share and all of its ancestors allow together. */
struct share_line {
	uint32_t
	    state; /* an enum share_status; revoked also if one may not be reshared */
	bool can_download, can_edit;
	uint32_t length;
};

/* Reads and locks the share and its ancestors until the end of the
 * transaction. */
enum err share_db_lock_line(const struct db *db, uint64_t id,
    struct share_line *ret) MUST_CHECK;

/* generation_up: ends current visits, and invalidates signed URLs. */
enum err share_db_update(const struct db *db, const struct share *s,
    bool generation_up) MUST_CHECK;

/* Restricts reshares to the share's new permissions. */
enum err share_db_narrow(const struct db *db, const struct share *s) MUST_CHECK;

/* ERR_NOT_FOUND: it is revoked or expired already. */
enum err share_db_expire(const struct db *db, const struct share *s) MUST_CHECK;

/* Replaces its media and its target type. */
enum err share_db_replace_items(const struct db *db, const struct share *s,
    enum share_target_type target_type, const char *media) MUST_CHECK;
enum err share_db_recipients(const struct db *db, uint64_t id,
    struct share_recipient **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_remove_recipient(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;

/* Revokes a share and all of its reshares, with an entry in the log of each;
 * skips those that are revoked already. actor 0: the administrator. */
enum err share_db_revoke(const struct db *db, uint64_t id, uint64_t owner_id,
    uint64_t actor, const char *address) MUST_CHECK;

struct share_id {
	uint64_t id;
};

/* Finds the user's unrevoked shares in a JSON array of UUIDs in hex, or the
 * shares of a collection, and locks them until the end of the transaction. */
enum err share_db_batch(const struct db *db, const char *uuids,
    uint64_t user_id, struct share_id **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_of_collection(const struct db *db, uint64_t collection_id,
    struct share_id **ret, size_t *ret_n) MUST_CHECK;

/* The user's reshares of a share; locks them too. */
enum err share_db_passed_on(const struct db *db, uint64_t id, uint64_t user_id,
    struct share_id **ret, size_t *ret_n) MUST_CHECK;

/* ---- shares with a user ---- */

struct share_grant {
	struct share share;
	uint64_t root_owner_id; /* who made the first share of the chain */
	bool visiting; /* the recipient's visit is counted and continues … */
	int64_t visited_until; /* … until then */
};

/* Shares with the user that are not revoked and show all n media of a JSON
 * array of ids. */
enum err share_db_grants(const struct db *db, const char *media, uint64_t n,
    uint64_t user_id, struct share_grant **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_collection_grants(const struct db *db, uint64_t collection_id,
    uint64_t user_id, struct share_grant **ret, size_t *ret_n) MUST_CHECK;

/* One share with the user, in any state. ERR_NOT_FOUND: it is not shared with
 * them. */
enum err share_db_grant(const struct db *db, const struct uuid *uuid,
    uint64_t user_id, struct share_grant *ret) MUST_CHECK;

/* ---- the log and the counters ---- */

/* Adds an entry to the share's log. actor 0: a visitor who is not signed in;
 * address and details may be NULL. */
enum err share_db_log(const struct db *db, uint64_t id, uint64_t actor,
    const char *address, const char *action, const char *details) MUST_CHECK;

struct share_used {
	bool first;
	bool last; /* the use has reached the limit */
};

/* Counts a use; only in a transaction, as *ret is read after it. ERR_NOT_FOUND:
 * the limit was reached before, or the share has ended. */
enum err share_db_use(const struct db *db, uint64_t id,
    struct share_used *ret) MUST_CHECK;

struct share_owned {
	uint64_t id;
	uint64_t owner_id;
};

/* Counts a use that is neither the first nor the last one allowed.
 * ERR_NOT_FOUND: it is one of those, or share_db_use() would not count it. */
enum err share_db_use_between(const struct db *db, uint64_t id) MUST_CHECK;

/* Counts a use of each of the `limits` limited ancestors, with an entry in the
 * log of each. *ret: those whose limit is now reached. ERR_NOT_FOUND: one had
 * no uses left. */
enum err share_db_use_line(const struct db *db, uint64_t id, uint64_t limits,
    uint64_t actor, const char *address, struct share_owned **ret,
    size_t *ret_n) MUST_CHECK;

/* Starts a recipient's visit of `seconds`. ERR_NOT_FOUND: one is running
 * already. */
enum err share_db_visit(const struct db *db, uint64_t id, uint64_t user_id,
    int64_t seconds) MUST_CHECK;

/* Writes the ledger's entries: lines as a JSON array of {s, a, i, k, d, t}
 * (share, actor, address, action, details, age in ms), counts of uses as one of
 * {s, n, t}. */
enum err share_db_gathered(const struct db *db, const char *lines,
    const char *counts) MUST_CHECK;

/* Call this after share_db_gathered(): the links in `counts` that were opened
 * for the first time. */
enum err share_db_first_opened(const struct db *db, const char *counts,
    struct share_owned **ret, size_t *ret_n) MUST_CHECK;

/* ---- lists, newest first ---- */

/* A page of a list: rows with an id below `before`, after skipping `offset`. */
struct share_page {
	uint64_t before; /* INT64_MAX: from the newest */
	uint64_t offset;
	uint64_t limit;
};

enum err share_db_outgoing(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct share **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_outgoing_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* Lists active shares only. */
enum err share_db_incoming(const struct db *db, uint64_t user_id,
    const struct share_page *p, struct share **ret, size_t *ret_n) MUST_CHECK;
enum err share_db_incoming_count(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* The owner's active links of seed 003 in a JSON array of n ids. */
enum err share_db_links(const struct db *db, const char *ids, size_t n,
    uint64_t user_id, struct share **ret, size_t *ret_n) MUST_CHECK;

/* For the administrator; user_id 0: shares of all users. */
enum err share_db_all(const struct db *db, uint64_t user_id, uint64_t before,
    uint64_t limit, struct share **ret, size_t *ret_n) MUST_CHECK;

enum err share_db_activity(const struct db *db, uint64_t share_id,
    const struct share_page *p, struct share_activity **ret,
    size_t *ret_n) MUST_CHECK;
enum err share_db_activity_count(const struct db *db, uint64_t share_id,
    uint64_t *ret) MUST_CHECK;

/* Deletes entries that are older than `seconds`. */
enum err share_db_activity_expire(const struct db *db,
    int64_t seconds) MUST_CHECK;

#endif
