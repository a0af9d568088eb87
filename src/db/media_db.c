#include "config.h"

#include "db/media_db.h"

#include <stdlib.h>
#include <string.h>

#include "db/rows.h"
#include "db/share_db.h"

#define SHARED_MOST 4000 /* rows of one kind that are held in memory */

#define LISTED_COLUMNS \
	DB_COL(struct media, id, DB_U64), DB_COL(struct media, uuid, DB_UUID), \
	    DB_COL(struct media, source, DB_TEXT), \
	    DB_COL(struct media, path, DB_TEXT), \
	    DB_COL(struct media, file_name, DB_TEXT), \
	    DB_COL(struct media, original_name, DB_TEXT), \
	    DB_COL(struct media, title, DB_TEXT), \
	    DB_COL(struct media, caption, DB_TEXT), \
	    DB_COL(struct media, subreddit, DB_TEXT), \
	    DB_COL(struct media, character_name, DB_TEXT), \
	    DB_COL(struct media, mime, DB_TEXT), \
	    DB_COL_WORD(struct media, enrichment, enrichment_states), \
	    DB_COL(struct media, enrichment_error, DB_TEXT), \
	    DB_COL(struct media, size, DB_I64), \
	    DB_COL(struct media, width, DB_U32), \
	    DB_COL(struct media, height, DB_U32), \
	    DB_COL(struct media, duration_ms, DB_I64), \
	    DB_COL(struct media, enriched_at, DB_TIME), \
	    DB_COL(struct media, created_at, DB_TIME)
#define MARKED_COLUMNS \
	DB_COL(struct media, share_token, DB_UUID), \
	    DB_COL(struct media, is_shared, DB_BOOL), \
	    DB_COL(struct media, in_community, DB_BOOL)

DB_ROW(media, struct media, LISTED_COLUMNS,
    DB_COL(struct media, user_id, DB_U64),
    DB_COL_WORD(struct media, state, media_states),
    DB_COL(struct media, mtime, DB_I64),
    DB_COL(struct media, taken_at, DB_TIME), MARKED_COLUMNS);

DB_ROW(media_listed, struct media, LISTED_COLUMNS, MARKED_COLUMNS);

DB_ROW(media_bare, struct media, LISTED_COLUMNS);

DB_ROW(media_count, struct media_count,
    DB_COL(struct media_count, source, DB_TEXT),
    DB_COL(struct media_count, count, DB_U64));

DB_ROW(media_file, struct media_file, DB_COL(struct media_file, id, DB_U64),
    DB_COL(struct media_file, path, DB_TEXT),
    DB_COL(struct media_file, mtime, DB_I64));

DB_ROW(media_opened, struct media_opened,
    DB_COL_AS(struct media_opened, file.id, "id", DB_U64),
    DB_COL_AS(struct media_opened, file.path, "path", DB_TEXT),
    DB_COL_AS(struct media_opened, file.mtime, "mtime", DB_I64),
    DB_COL(struct media_opened, share_id, DB_U64),
    DB_COL(struct media_opened, parent_id, DB_U64),
    DB_COL(struct media_opened, can_download, DB_BOOL),
    DB_COL(struct media_opened, state, DB_U32));

DB_ROW(media_path, struct media_path, DB_COL(struct media_path, id, DB_U64),
    DB_COL(struct media_path, path, DB_TEXT),
    DB_COL(struct media_path, size, DB_U64),
    DB_COL(struct media_path, mtime, DB_I64),
    DB_COL_WORD(struct media_path, state, media_states));

DB_ROW(vault_stamp, struct vault_stamp,
    DB_COL(struct vault_stamp, folder, DB_TEXT),
    DB_COL(struct vault_stamp, inode, DB_U64),
    DB_COL(struct vault_stamp, mtime, DB_I64));

DB_ROW(media_trashed, struct media_trashed,
    DB_COL(struct media_trashed, id, DB_U64),
    DB_COL(struct media_trashed, uuid, DB_UUID),
    DB_COL(struct media_trashed, path, DB_TEXT));

/* What is shared of a vault, ordered by id, and the receiver of its media. */
struct marking {
	struct share_code *codes;
	struct db_id *published;
	size_t ncodes, npublished;
	db_row_fn *fn;
	void *arg;
};

/* Finds at most `most` of each; skips the second if the first has more. */
static enum err
find_shared(const struct db *db, uint64_t user_id, size_t most,
    struct marking *k)
{
	enum err e;

	e = db_all(db, ST_MEDIA_CODES, most, &k->codes, &k->ncodes,
	    p_u64(user_id), p_u64(most));
	if (e != ERR_OK || k->ncodes == most)
		return e;
	return db_all(db, ST_MEDIA_PUBLISHED, most, &k->published,
	    &k->npublished, p_u64(user_id), p_u64(most));
}

/* Compares rows that begin with their id. */
static int
by_id(const void *key, const void *row)
{
	uint64_t x, y;

	memcpy(&x, key, sizeof(x));
	memcpy(&y, row, sizeof(y));
	return (x > y) - (x < y);
}

static enum err
each_bare(void *arg, const void *row)
{
	const struct marking *k = arg;
	struct media m = *(const struct media *)row;
	const struct share_code *code;

	code = bsearch(&m.id, k->codes, k->ncodes, sizeof(*code), by_id);
	if (code != NULL) {
		m.is_shared = true;
		m.share_token = code->token;
	}
	m.in_community = bsearch(&m.id, k->published, k->npublished,
			     sizeof(*k->published), by_id) != NULL;
	return k->fn(k->arg, &m);
}

static enum err
each_listed(const struct db *db, enum statement st,
    const struct media_filter *f, db_row_fn *fn, void *arg)
{
	return db_each(db, st, fn, arg, p_u64(f->user_id), p_text(f->source),
	    p_text(f->source), p_time(f->before), p_time(f->before),
	    p_u64(f->before_id), p_time(f->from), p_text(f->pattern),
	    p_text(f->pattern), p_text(f->pattern), p_text(f->pattern),
	    p_text(f->pattern), p_u64(f->limit));
}

enum err
media_db_list(const struct db *db, const struct media_filter *f, db_row_fn *fn,
    void *arg)
{
	struct marking k = { .fn = fn, .arg = arg };
	size_t most = f->limit < SHARED_MOST ? f->limit : SHARED_MOST;
	enum err e = find_shared(db, f->user_id, most + 1, &k);

	if (e != ERR_OK)
		return e;
	/* Reading more of these than the list has rows costs more than the
	 * joins. */
	if (k.ncodes > most || k.npublished > most)
		return each_listed(db, ST_MEDIA_LIST, f, fn, arg);
	return each_listed(db,
	    f->source[0] != '\0' ? ST_MEDIA_LIST_BARE : ST_MEDIA_LIST_BARE_ALL,
	    f, each_bare, &k);
}

enum err
media_db_counts(const struct db *db, const struct media_filter *f,
    struct media_count **ret, size_t *ret_n)
{
	if (f->pattern[0] == '\0')
		return db_all(db, ST_MEDIA_COUNTS_ALL, 1000, ret, ret_n,
		    p_u64(f->user_id), p_time(f->from));
	return db_all(db, ST_MEDIA_COUNTS, 1000, ret, ret_n, p_u64(f->user_id),
	    p_time(f->from), p_text(f->pattern), p_text(f->pattern),
	    p_text(f->pattern), p_text(f->pattern), p_text(f->pattern));
}

enum err
media_db_by_id(const struct db *db, uint64_t id, struct media *ret)
{
	return db_one(db, ST_MEDIA_BY_ID, ret, p_u64(id));
}

enum err
media_db_by_path(const struct db *db, const char *path, struct media *ret)
{
	struct hash h = sec_sha256(path, strlen(path));

	return db_one(db, ST_MEDIA_BY_PATH, ret, p_hash(&h));
}

enum err
media_db_open(const struct db *db, const struct uuid *media,
    struct media_file *ret)
{
	return db_one(db, ST_MEDIA_OPEN, ret, p_uuid(media));
}

enum err
media_db_open_shared(const struct db *db, const struct uuid *media,
    const struct uuid *share, uint32_t generation, uint64_t account,
    struct media_opened *ret)
{
	uint64_t chain;
	enum err e;

	e = db_one(db, ST_MEDIA_OPEN_SHARED, ret, p_uuid(media), p_u64(account),
	    p_uuid(share), p_u64(generation), p_u64(account));
	if (e != ERR_OK || ret->parent_id == 0)
		return e;
	e = db_count(db, ST_MEDIA_PASSED, &chain, p_u64(ret->file.id),
	    p_u64(ret->file.id), p_u64(ret->share_id));
	if (e == ERR_OK && chain < ret->state)
		ret->state = (uint32_t)chain;
	return e;
}

enum err
media_db_open_collected(const struct db *db, const struct uuid *media,
    const struct uuid *collection, struct media_opened *ret)
{
	return db_one(db, ST_MEDIA_OPEN_COLLECTED, ret, p_uuid(media),
	    p_uuid(collection));
}

enum err
media_db_path_taken(const struct db *db, const char *path)
{
	struct hash h = sec_sha256(path, strlen(path));
	struct db_id row = { 0 };

	return db_one(db, ST_MEDIA_PATH_TAKEN, &row, p_hash(&h));
}

enum err
media_db_add(const struct db *db, const struct media *m, const char *metadata,
    uint64_t *ret_id)
{
	struct hash h = sec_sha256(m->path, strlen(m->path));
	enum err e = db_exec_shown(db, m->user_id, ST_MEDIA_ADD, NULL,
	    p_uuid(&m->uuid), p_u64(m->user_id), p_text(m->source),
	    p_bytes(m->path, strlen(m->path)), p_hash(&h), p_text(m->file_name),
	    p_text(m->original_name), p_text(m->mime), p_i64(m->size),
	    p_i64(m->mtime), p_text(metadata));

	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
media_db_adopt(const struct db *db, const struct media *m, const char *metadata,
    uint64_t *ret_id)
{
	struct hash h = sec_sha256(m->path, strlen(m->path));
	uint64_t n = 0;
	enum err e = db_exec_shown(db, m->user_id, ST_MEDIA_ADOPT, &n,
	    p_text(m->original_name), p_text(m->mime), p_i64(m->size),
	    p_text(metadata), p_hash(&h), p_u64(m->user_id), p_i64(m->mtime));

	if (e == ERR_OK && n == 0)
		return ERR_NOT_FOUND;
	if (e == ERR_OK)
		*ret_id = db_insert_id(db);
	return e;
}

enum err
media_db_update(const struct db *db, uint64_t id, uint64_t user_id,
    const char *title, bool caption_too, const char *caption)
{
	return db_exec_shown(db, user_id, ST_MEDIA_UPDATE, NULL, p_text(title),
	    p_bool(caption_too), p_text(caption), p_bool(caption_too),
	    p_u64(id));
}

enum err
media_db_usage(const struct db *db, uint64_t user_id, uint64_t *ret)
{
	return db_count(db, ST_MEDIA_USAGE, ret, p_u64(user_id));
}

enum err
media_db_paths(const struct db *db, uint64_t user_id, const char *folder,
    db_row_fn *fn, void *arg)
{
	size_t n = strlen(folder);
	char end[600];

	/* "…/" to "…0": '0' is the byte after '/'. */
	AN(n > 0 && n < sizeof(end) && folder[n - 1] == '/');
	memcpy(end, folder, n);
	end[n - 1] = '0';
	return db_each(db, ST_MEDIA_PATHS, fn, arg, p_u64(user_id),
	    p_bytes(folder, n), p_bytes(end, n));
}

enum err
media_db_missing(const struct db *db, db_row_fn *fn, void *arg)
{
	return db_each(db, ST_MEDIA_MISSING, fn, arg);
}

enum err
media_db_found(const struct db *db, uint64_t user_id, const char *source,
    const char *metadata, const char *files)
{
	enum err e = db_exec_shown(db, user_id, ST_MEDIA_FOUND, NULL,
	    p_u64(user_id), p_text(source), p_text(metadata), p_text(files));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_MEDIA_FOUND_JOBS, NULL, p_text(files));
}

enum err
media_db_gone(const struct db *db, uint64_t user_id, const char *ids)
{
	return db_exec_shown(db, user_id, ST_MEDIA_GONE, NULL, p_text(ids));
}

enum err
media_db_back(const struct db *db, uint64_t user_id, const char *ids)
{
	enum err e =
	    db_exec_shown(db, user_id, ST_MEDIA_BACK, NULL, p_text(ids));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_MEDIA_READ_JOBS, NULL, p_text(ids));
}

enum err
media_db_changed(const struct db *db, uint64_t user_id, const char *ids)
{
	enum err e =
	    db_exec_shown(db, user_id, ST_MEDIA_CHANGED, NULL, p_text(ids));

	if (e != ERR_OK)
		return e;
	return db_exec(db, ST_MEDIA_READ_JOBS, NULL, p_text(ids));
}

enum err
media_db_gave_way(const struct db *db, uint64_t user_id, const char *ids)
{
	return db_exec_shown(db, user_id, ST_MEDIA_GAVE_WAY, NULL, p_text(ids));
}

enum err
stamp_db_list(const struct db *db, uint64_t user_id, struct vault_stamp **ret,
    size_t *ret_n)
{
	return db_all(db, ST_STAMP_LIST, 1000, ret, ret_n, p_u64(user_id));
}

enum err
stamp_db_set(const struct db *db, uint64_t user_id,
    const struct vault_stamp *stamp)
{
	return db_exec(db, ST_STAMP_SET, NULL, p_u64(user_id),
	    p_text(stamp->folder), p_u64(stamp->inode), p_i64(stamp->mtime));
}

enum err
stamp_db_clear(const struct db *db, uint64_t user_id, const char *folder)
{
	return db_exec(db, ST_STAMP_CLEAR, NULL, p_u64(user_id),
	    p_text(folder));
}

enum err
media_db_trash(const struct db *db, uint64_t id, uint64_t user_id)
{
	uint64_t n = 0;
	enum err e = db_exec_shown(db, user_id, ST_MEDIA_TRASH, &n, p_u64(id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
media_db_trashed(const struct db *db, uint64_t id)
{
	return db_exec(db, ST_MEDIA_TRASHED, NULL, p_u64(id));
}

enum err
media_db_trash_unfinished(const struct db *db, uint64_t limit,
    struct media_trashed **ret, size_t *ret_n)
{
	return db_all(db, ST_MEDIA_TRASH_UNFINISHED, limit, ret, ret_n,
	    p_u64(limit));
}

enum err
media_db_trash_due(const struct db *db, int64_t seconds, uint64_t limit,
    struct media_trashed **ret, size_t *ret_n)
{
	return db_all(db, ST_MEDIA_TRASH_DUE, limit, ret, ret_n, p_i64(seconds),
	    p_u64(limit));
}

enum err
media_db_untrash_claim(const struct db *db, uint64_t id, const char *path,
    const char *name)
{
	struct hash h = sec_sha256(path, strlen(path));
	uint64_t n = 0;
	enum err e = db_exec(db, ST_MEDIA_UNTRASH_CLAIM, &n,
	    p_bytes(path, strlen(path)), p_hash(&h), p_text(name), p_u64(id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
media_db_untrash(const struct db *db, uint64_t id, uint64_t user_id)
{
	return db_exec_shown(db, user_id, ST_MEDIA_UNTRASH, NULL, p_u64(id));
}

enum err
media_db_delete(const struct db *db, uint64_t id)
{
	return db_exec(db, ST_MEDIA_DELETE, NULL, p_u64(id));
}

enum err
media_db_enrich_begin(const struct db *db, uint64_t id)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_MEDIA_ENRICH_BEGIN, &n, p_u64(id));

	return e == ERR_OK && n == 0 ? ERR_NOT_FOUND : e;
}

enum err
media_db_enrich_wait(const struct db *db, uint64_t id)
{
	return db_exec(db, ST_MEDIA_ENRICH_WAIT, NULL, p_u64(id));
}

enum err
media_db_enriched(const struct db *db, uint64_t id, uint64_t user_id,
    const struct media_facts *f, const char *reason)
{
	return db_exec_shown(db, user_id, ST_MEDIA_ENRICHED, NULL,
	    p_word(&enrichment_states,
		reason == NULL ? ENRICHMENT_COMPLETED : ENRICHMENT_FAILED),
	    p_text(reason), p_bool(reason == NULL), p_text(f->mime),
	    p_u64(f->size), p_i64(f->mtime), p_u64(f->width), p_u64(f->height),
	    p_i64(f->duration_ms), p_time(f->taken_at), p_hash(f->content_hash),
	    f->perceptual_hash != 0 ? p_u64(f->perceptual_hash) : p_null(),
	    p_text(f->caption), p_text(f->subreddit), p_text(f->character_name),
	    p_u64(id));
}
