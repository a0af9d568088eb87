/* Media, and the stamps of the vault's folders. Results as in db.h. */
#ifndef DB_MEDIA_DB_H
#define DB_MEDIA_DB_H

#include "db/db.h"
#include "model/media.h"
#include "model/share.h"

/* Selects the media of a list or a count. */
struct media_filter {
	uint64_t user_id;
	const char *source;  /* "": all */
	const char *pattern; /* LIKE, with | as escape; "": all */
	int64_t from;	     /* created at or after, ms; 0: no limit */
	/* A cursor: only media older than this one. */
	int64_t before; /* ms; MEDIA_NO_CURSOR: the first page */
	uint64_t before_id;
	uint64_t limit; /* maximum of rows, or MEDIA_NO_LIMIT */
};

/* 9999-12-31T23:59:59.999Z, the last time that a DATETIME holds. */
#define MEDIA_NO_CURSOR INT64_C(253402300799999)
#define MEDIA_NO_LIMIT UINT64_MAX

struct media_count {
	const char *source;
	uint64_t count;
};

/* A media row, as compared by the sync. */
struct media_path {
	uint64_t id;
	const char *path;
	uint64_t size;
	int64_t mtime;
	enum media_state state;
};

/* What sending a file needs. */
struct media_file {
	uint64_t id;
	const char *path;
	int64_t mtime;
};

struct vault_stamp {
	const char *folder;
	uint64_t inode;
	int64_t mtime;
};

/* Lists media newest first, ties by id. Rows are of struct media, without
 * user_id, state, mtime and taken_at. */
enum err media_db_list(const struct db *db, const struct media_filter *f,
    db_row_fn *fn, void *arg) MUST_CHECK;

/* The number of media in each category, by the filter's date and search
 * only. */
enum err media_db_counts(const struct db *db, const struct media_filter *f,
    struct media_count **ret, size_t *ret_n) MUST_CHECK;

enum err media_db_by_id(const struct db *db, uint64_t id,
    struct media *ret) MUST_CHECK;
enum err media_db_by_path(const struct db *db, const char *path,
    struct media *ret) MUST_CHECK;

/* The same for a file reached through a share or a collection. */
struct media_opened {
	struct media_file file;
	uint64_t share_id;  /* 0: no share */
	uint64_t parent_id; /* the share that it is a reshare of; 0: none */
	bool can_download;
	uint32_t state; /* the share's, an enum share_status */
};

/* Finds a live file, of an account that is not disabled. */
enum err media_db_open(const struct db *db, const struct uuid *media,
    struct media_file *ret) MUST_CHECK;

/* Finds a file through a share that shows it, has this generation and belongs
 * to the account as its owner or recipient (0: for anyone). ret->state says
 * whether the share is still active. */
enum err media_db_open_shared(const struct db *db, const struct uuid *media,
    const struct uuid *share, uint32_t generation, uint64_t account,
    struct media_opened *ret) MUST_CHECK;

/* Finds a file through a collection that contains it, for the collection's
 * owner. */
enum err media_db_open_collected(const struct db *db, const struct uuid *media,
    const struct uuid *collection, struct media_opened *ret) MUST_CHECK;

/* Checks whether a row has the path. ERR_NOT_FOUND: the path is free. */
enum err media_db_path_taken(const struct db *db, const char *path) MUST_CHECK;

/* ERR_CONFLICT: another row has the path. */
enum err media_db_add(const struct db *db, const struct media *m,
    const char *metadata, uint64_t *ret_id) MUST_CHECK;

/* Takes over the row that a sync added for this file (same path and mtime).
 * ERR_NOT_FOUND: the row is for another file. */
enum err media_db_adopt(const struct db *db, const struct media *m,
    const char *metadata, uint64_t *ret_id) MUST_CHECK;
/* caption_too: false leaves the caption unchanged. */
enum err media_db_update(const struct db *db, uint64_t id, uint64_t user_id,
    const char *title, bool caption_too, const char *caption) MUST_CHECK;

/* The bytes used by an account's media. */
enum err media_db_usage(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* ---- sync ---- */

/* Rows whose path begins with `folder` (which ends in '/'), ordered by the
 * path's bytes. Rows are of struct media_path. */
enum err media_db_paths(const struct db *db, uint64_t user_id,
    const char *folder, db_row_fn *fn, void *arg) MUST_CHECK;

/* Rows whose file is gone; of struct media_path. */
enum err media_db_missing(const struct db *db, db_row_fn *fn,
    void *arg) MUST_CHECK;

/* Adds files from a JSON array [{u: uuid in hex, p: path, n: name, s: size, t:
 * mtime ns, c: time for the list, ms}] and queues them for enrichment. Paths
 * that have a row are skipped. Call it within a transaction. */
enum err media_db_found(const struct db *db, uint64_t user_id,
    const char *source, const char *metadata, const char *files) MUST_CHECK;

/* For a JSON array of ids: the file is gone; is back unchanged; was replaced,
 * so it must be read again; or is a new one under the name of a missing one, so
 * that the old row gives up its path. */
enum err media_db_gone(const struct db *db, uint64_t user_id,
    const char *ids) MUST_CHECK;
enum err media_db_back(const struct db *db, uint64_t user_id,
    const char *ids) MUST_CHECK;
enum err media_db_changed(const struct db *db, uint64_t user_id,
    const char *ids) MUST_CHECK;
enum err media_db_gave_way(const struct db *db, uint64_t user_id,
    const char *ids) MUST_CHECK;

enum err stamp_db_list(const struct db *db, uint64_t user_id,
    struct vault_stamp **ret, size_t *ret_n) MUST_CHECK;
enum err stamp_db_set(const struct db *db, uint64_t user_id,
    const struct vault_stamp *stamp) MUST_CHECK;
enum err stamp_db_clear(const struct db *db, uint64_t user_id,
    const char *folder) MUST_CHECK;

/* ---- trash ---- */

/* Marks a media as trashed; its path stays reserved until
 * media_db_trashed(). */
enum err media_db_trash(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;
enum err media_db_trashed(const struct db *db, uint64_t id) MUST_CHECK;

/* A row in the trash. */
struct media_trashed {
	uint64_t id;
	struct uuid uuid;
	const char *path;
};

/* Lists trashed media whose file may still be in the vault, or which have been
 * in the trash for `seconds`. */
enum err media_db_trash_unfinished(const struct db *db, uint64_t limit,
    struct media_trashed **ret, size_t *ret_n) MUST_CHECK;
enum err media_db_trash_due(const struct db *db, int64_t seconds,
    uint64_t limit, struct media_trashed **ret, size_t *ret_n) MUST_CHECK;

/* Reserves a path for restoring a media. ERR_CONFLICT: it is taken;
 * ERR_NOT_FOUND: the media is not in the trash or still being moved. */
enum err media_db_untrash_claim(const struct db *db, uint64_t id,
    const char *path, const char *name) MUST_CHECK;
enum err media_db_untrash(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;
enum err media_db_delete(const struct db *db, uint64_t id) MUST_CHECK;

/* ---- enrichment ---- */

/* What was read from the file or its metadata; NULL, 0 and CLOCK_NONE:
 * unknown. */
struct media_facts {
	const char *mime;
	uint64_t size;
	int64_t mtime;
	uint32_t width, height;
	int64_t duration_ms;
	int64_t taken_at;
	const char *caption; /* ignored if a person has set one */
	const char *subreddit;
	const char *character_name;
	const struct hash *content_hash;
	uint64_t perceptual_hash;
};

/* Changes the state from pending to processing, or back. ERR_NOT_FOUND: the
 * media is no longer live. */
enum err media_db_enrich_begin(const struct db *db, uint64_t id) MUST_CHECK;
enum err media_db_enrich_wait(const struct db *db, uint64_t id) MUST_CHECK;
/* Records the result; reason NULL: completed, else failed. */
enum err media_db_enriched(const struct db *db, uint64_t id, uint64_t user_id,
    const struct media_facts *facts, const char *reason) MUST_CHECK;

#endif
