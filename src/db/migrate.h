/*
 * Migrations: files NNNN_name.sql in one folder, numbered from 0001 without a
 * gap, applied in that order, once, forward only. What was applied stands in
 * the table schema_migrations with the file's SHA-256.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

struct migration {
	unsigned number;
	const char *name;   /* the file's */
	int64_t applied_at; /* CLOCK_NONE: not, or not whole */
	bool started;
	unsigned done; /* statements that have run */
};

/*
 * All migrations of the folder, in order. ERR_CONFLICT: folder and database do
 * not belong together (an applied file has changed or is missing, a number is
 * missing or twice there). ERR_INVALID: the folder cannot be read or has none.
 * why->detail says which. Writes nothing.
 */
enum err migrate_status(const struct db *db, const char *dir,
    struct migration **ret, size_t *ret_n) MUST_CHECK;

/* How many are not applied yet; else as migrate_status(). */
enum err migrate_pending(const struct db *db, const char *dir,
    size_t *ret_n) MUST_CHECK;

/* For the start of a program: ERR_INVALID where migrations are pending; else as
 * migrate_status(). Gives up after some seconds (ERR_RETRY) and leaves no
 * connection open. */
enum err migrate_ready(const struct db *db, const char *dir) MUST_CHECK;

/*
 * Applies what is not applied, one statement after the other; progress (NULL:
 * none) is told each migration as it begins. One migrator works at a time; the
 * others wait a minute, then ERR_RETRY. When a statement fails, why->detail names
 * it; DDL cannot be rolled back, so the next call goes on with that statement.
 */
enum err migrate_apply(const struct db *db, const char *dir,
    void (*progress)(void *arg, unsigned number, const char *name),
    void *arg) MUST_CHECK;

/*
 * The next statement of a migration's text: it ends at a ";" that is the last
 * of its line, outside quotes and comments. *ret_n 0: there is none. False:
 * the text ends inside a quote, a comment or a statement.
 */
bool migrate_next(const char **text, const char **ret,
    size_t *ret_n) MUST_CHECK;

#endif
