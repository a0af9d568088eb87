/*
 * Migrations: files NNNN_name.sql in one folder, numbered from 0001 without
 * gaps, applied in this order, once, forward only. The table schema_migrations
 * records each applied migration with the file's SHA-256.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"

struct migration {
	unsigned number;
	const char *name;   /* the file's */
	int64_t applied_at; /* CLOCK_NONE: not applied, or only in part */
	bool started;
	unsigned done; /* number of statements that have run */
};

/*
 * All migrations of the folder, in order. Writes nothing. ERR_CONFLICT: folder
 * and database do not belong together (an applied file has changed or is
 * missing, or a number is missing or duplicate). ERR_INVALID: the folder cannot
 * be read or has no migrations. why->detail says which.
 */
enum err migrate_status(const struct db *db, const char *dir,
    struct migration **ret, size_t *ret_n) MUST_CHECK;

/* The number of migrations not applied yet; else as migrate_status(). */
enum err migrate_pending(const struct db *db, const char *dir,
    size_t *ret_n) MUST_CHECK;

/* For the start of a program: ERR_INVALID if migrations are pending; else as
 * migrate_status(). Gives up after some seconds (ERR_RETRY), and leaves no
 * connection open. */
enum err migrate_ready(const struct db *db, const char *dir) MUST_CHECK;

/*
 * Applies pending migrations, one statement after the other; calls progress (if
 * not NULL) before each migration. Only one process does this at a time; others
 * wait a minute, then fail with ERR_RETRY. If a statement fails, why->detail
 * names it. DDL cannot be rolled back, so the next call continues with that
 * statement.
 */
enum err migrate_apply(const struct db *db, const char *dir,
    void (*progress)(void *arg, unsigned number, const char *name),
    void *arg) MUST_CHECK;

/*
 * Finds the next statement of a migration's text. It ends at a ";" at the end
 * of a line, outside quotes and comments. *ret_n is 0 if there are no more.
 * False: the text ends inside a quote, a comment or a statement.
 */
bool migrate_next(const char **text, const char **ret,
    size_t *ret_n) MUST_CHECK;

#endif
