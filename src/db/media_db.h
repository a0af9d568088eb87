/* Media, and the stamps of the vault's folders. Results as db.h tells them. */
#ifndef DB_MEDIA_DB_H
#define DB_MEDIA_DB_H

#include "db/db.h"
#include "model/media.h"
#include "model/share.h"

/* What a list or a count takes in. */
struct media_filter {
	uint64_t user_id;
	const char *source;  /* "": all */
	const char *pattern; /* LIKE, with | as escape; "": all */
	int64_t from;	     /* created at or after, ms; 0: ever */
	/* A cursor: what comes after this one, newest first. */
	int64_t before; /* ms; MEDIA_NO_CURSOR: from the start */
	uint64_t before_id;
	uint64_t limit; /* rows at most; MEDIA_NO_LIMIT */
};

/* 9999-12-31T23:59:59.999Z, the last that a DATETIME holds. */
#define MEDIA_NO_CURSOR INT64_C(253402300799999)
#define MEDIA_NO_LIMIT UINT64_MAX

struct media_count {
	const char *source;
	uint64_t count;
};

/* A row of a folder, as the sync compares it. */
struct media_path {
	uint64_t id;
	const char *path;
	uint64_t size;
	int64_t mtime;
	const char *state;
};

/* What is needed to send a file. */
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

/* Newest first, ties by id; row is a struct media, without user_id, state,
 * mtime and taken_at. a: for what does not grow with the list. */
enum err media_db_list(const struct db *db, const struct media_filter *f,
    db_row_fn *fn, void *arg) MUST_CHECK;

/* How many each category has under the date and search filter alone. */
enum err media_db_counts(const struct db *db, const struct media_filter *f,
    struct media_count **ret, size_t *ret_n) MUST_CHECK;

enum err media_db_by_id(const struct db *db, uint64_t id,
    struct media *ret) MUST_CHECK;
enum err media_db_by_path(const struct db *db, const char *path,
    struct media *ret) MUST_CHECK;

/* The same, and through what. */
struct media_opened {
	struct media_file file;
	uint64_t share_id;  /* 0: no share */
	uint64_t parent_id; /* the one that it stands on; 0: none */
	bool can_download;
	uint32_t state; /* the share's, an enum share_status */
};

/* The live file of an account that is not disabled. */
enum err media_db_open(const struct db *db, const struct uuid *media,
    struct media_file *ret) MUST_CHECK;

/* Through a share of that generation which shows it, and which the account (0:
 * whoever comes) has made or was given; ret->state tells whether it is still
 * good. */
enum err media_db_open_shared(const struct db *db, const struct uuid *media,
    const struct uuid *share, uint32_t generation, uint64_t account,
    struct media_opened *ret) MUST_CHECK;

/* Out of a collection that holds it, for the collection's owner. */
enum err media_db_open_collected(const struct db *db, const struct uuid *media,
    const struct uuid *collection, struct media_opened *ret) MUST_CHECK;

/* ERR_OK: some row has the path; ERR_NOT_FOUND: it is free. */
enum err media_db_path_taken(const struct db *db, const char *path) MUST_CHECK;

/* ERR_CONFLICT: the path has a row. */
enum err media_db_add(const struct db *db, const struct media *m,
    const char *metadata, uint64_t *ret_id) MUST_CHECK;

/* Takes over the row that a sync has made of the very file (same path and
 * mtime). ERR_NOT_FOUND: the row is of another file. */
enum err media_db_adopt(const struct db *db, const struct media *m,
    const char *metadata, uint64_t *ret_id) MUST_CHECK;
/* caption_too: else the caption stays as it is. */
enum err media_db_update(const struct db *db, uint64_t id, uint64_t user_id,
    const char *title, bool caption_too, const char *caption) MUST_CHECK;

/* Bytes that an account's media take. */
enum err media_db_usage(const struct db *db, uint64_t user_id,
    uint64_t *ret) MUST_CHECK;

/* ---- sync ---- */

/* Rows whose path begins with `folder` (it ends in '/'), by path as bytes;
 * row is a struct media_path. */
enum err media_db_paths(const struct db *db, uint64_t user_id,
    const char *folder, db_row_fn *fn, void *arg) MUST_CHECK;

/* Rows whose file has gone; row is a struct media_path. */
enum err media_db_missing(const struct db *db, db_row_fn *fn,
    void *arg) MUST_CHECK;

/* Adds the files of a JSON array [{u: uuid in hex, p: path, n: name, s: size,
 * t: mtime ns, c: ctime for the list, ms}], and queues them for enrichment;
 * paths that have a row are passed over. In a transaction of the caller's. */
enum err media_db_found(const struct db *db, uint64_t user_id,
    const char *source, const char *metadata, const char *files) MUST_CHECK;

/* JSON arrays of ids: the file has gone; is back as it was; is another one
 * under its name, to be read again; came after one that had gone, so that the
 * old row gives up its path. */
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

/* Marks it; the path stays taken until media_db_trashed(). */
enum err media_db_trash(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;
enum err media_db_trashed(const struct db *db, uint64_t id) MUST_CHECK;

/* A row in the trash. */
struct media_trashed {
	uint64_t id;
	struct uuid uuid;
	const char *path;
};

/* Those whose file may still lie in the vault; those that have lain in the
 * trash for so many seconds. */
enum err media_db_trash_unfinished(const struct db *db, uint64_t limit,
    struct media_trashed **ret, size_t *ret_n) MUST_CHECK;
enum err media_db_trash_due(const struct db *db, int64_t seconds,
    uint64_t limit, struct media_trashed **ret, size_t *ret_n) MUST_CHECK;

/* Claims a path for a row that is to leave the trash. ERR_CONFLICT: it is
 * taken; ERR_NOT_FOUND: the row is not in the trash, or on its way. */
enum err media_db_untrash_claim(const struct db *db, uint64_t id,
    const char *path, const char *name) MUST_CHECK;
enum err media_db_untrash(const struct db *db, uint64_t id,
    uint64_t user_id) MUST_CHECK;
enum err media_db_delete(const struct db *db, uint64_t id) MUST_CHECK;

/* ---- enrichment ---- */

/* What is in the file or said about it; NULL, 0 and CLOCK_NONE: nothing. */
struct media_facts {
	const char *mime;
	uint64_t size;
	int64_t mtime;
	uint32_t width, height;
	int64_t duration_ms;
	int64_t taken_at;
	const char *caption; /* gives way to one that a person has set */
	const char *subreddit;
	const char *character_name;
	const struct hash *content_hash;
	uint64_t perceptual_hash;
};

/* pending → processing. ERR_NOT_FOUND: it is not live any more. */
enum err media_db_enrich_begin(const struct db *db, uint64_t id) MUST_CHECK;
enum err media_db_enrich_wait(const struct db *db, uint64_t id) MUST_CHECK;
/* reason NULL: completed; else failed. */
enum err media_db_enriched(const struct db *db, uint64_t id, uint64_t user_id,
    const struct media_facts *facts, const char *reason) MUST_CHECK;

#endif
