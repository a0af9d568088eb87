/*
 * The database connection: prepared statements by number, typed parameters,
 * rows mapped onto plain structs, transactions. The statements are in
 * statements.def; no file outside src/db/ contains SQL.
 *
 * Each process has one connection, which is opened on first use and reopened
 * when it was lost. Every function returns
 *   ERR_OK
 *   ERR_NOT_FOUND  no row
 *   ERR_CONFLICT   a unique or foreign key forbids the write (the caller sets
 *                  why, since it knows the reason)
 *   ERR_RETRY      the server is unavailable or busy, or the statement lost
 *                  several deadlocks: certainly nothing was written
 *   ERR_UNCERTAIN  the connection was lost after a write or COMMIT had been
 *                  sent: it may have been executed; never retried here
 *   ERR_FULL       the server's disk is full
 *   ERR_INTERNAL   anything else; why->detail has the statement's name and the
 *                  server's message, never a parameter
 * If the connection is lost, a read reconnects and runs again, unless a row has
 * been delivered or a transaction is open. A write does so only if the server
 * certainly did not receive it completely.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/id.h"
#include "base/sec.h"
#include "model/words.h"

/* The one connection of a process. */
struct connection;

/* The context of each call: its connection, where it explains failures, and the
 * arena for texts of rows. */
struct db {
	struct connection *connection;
	struct why *why;
	struct arena *arena; /* NULL: only for calls that read no texts */
};

/* The number of each statement: ST_MEDIA_BY_ID and so on. */
enum statement {
#define ST(name, row, access, sql) ST_##name,
#include "db/statements.def"
#undef ST
	ST__MAX
};

/* Creates a handle, not connected yet; free it with db_close(). */
struct connection *db_open(const struct conf *conf);
void db_close(struct connection *conn);

/* Rolls back a transaction that a failed request left open; called between
 * requests. */
void db_clean(struct connection *conn);

/* Checks that the server answers; connects if necessary. */
enum err db_ping(const struct db *db) MUST_CHECK;

/* ---- parameters ---- */

enum db_kind {
	DB_NULL,
	DB_U64,	  /* uint64_t */
	DB_I64,	  /* int64_t */
	DB_U32,	  /* uint32_t */
	DB_BOOL,  /* bool */
	DB_REAL,  /* double */
	DB_TEXT,  /* const char *; NULL for an SQL NULL */
	DB_BYTES, /* struct db_bytes; p NULL for an SQL NULL */
	DB_TIME,  /* int64_t, ms since 1970; CLOCK_NONE for an SQL NULL */
	DB_UUID,  /* struct uuid, in BINARY(16) */
	DB_HASH,  /* struct hash, in BINARY(32) */
	DB_WORD,  /* an enum, in a text; 0 for an SQL NULL */
};

struct db_bytes {
	const unsigned char *p;
	size_t n;
};

struct db_param {
	enum db_kind kind;
	union {
		uint64_t u64;
		int64_t i64;
		double real;
		struct db_bytes bytes;
	};
};

struct db_param p_null(void);
struct db_param p_u64(uint64_t v);
struct db_param p_i64(int64_t v);
struct db_param p_bool(bool v);
struct db_param p_real(double v);
struct db_param p_text(const char *s); /* NULL: SQL NULL */
struct db_param p_bytes(const void *p, size_t n);
struct db_param p_time(int64_t ms); /* CLOCK_NONE: SQL NULL; up to year 9999 */
struct db_param p_uuid(const struct uuid *u); /* not copied; NULL: SQL NULL */
struct db_param p_hash(const struct hash *h); /* not copied; NULL: SQL NULL */
/* The enumerator's word; 0: SQL NULL. */
struct db_param p_word(const struct words *words, unsigned value);

/* ---- rows ---- */

/* One column: its name in the result, its kind, and its place in the struct. An
 * SQL NULL becomes 0, false, NULL or CLOCK_NONE. */
struct db_column {
	const char *name;
	enum db_kind kind;
	size_t offset;
	const struct words *words; /* of a DB_WORD, else NULL */
};

#define DB_CTYPE(kind, member) \
	_Generic((member), \
	    uint64_t: DB_U64, \
	    int64_t: (kind) == DB_TIME ? DB_TIME : DB_I64, \
	    uint32_t: DB_U32, \
	    bool: DB_BOOL, \
	    double: DB_REAL, \
	    const char *: DB_TEXT, \
	    struct db_bytes: DB_BYTES, \
	    struct uuid: DB_UUID, \
	    struct hash: DB_HASH)

/* A column with the member's own name. A member of the wrong type is a compile
 * error. */
#define DB_COL(type, member, kind) DB_COL_AS(type, member, #member, kind)
/* clang-format off */
#define DB_COL_AS(type, member, name, kind) \
	{ name, \
	    kind + 0 * sizeof(struct { \
		    _Static_assert(DB_CTYPE(kind, ((type *)0)->member) == kind, \
			"the member's type is not that of " #kind); \
		    char c; \
	    }), \
	    offsetof(type, member), NULL }
/* A column of text whose member is an enum. A text that is not in `list`, a
 * struct words, does not fit: ERR_INTERNAL. */
#define DB_COL_WORD(type, member, list) \
	DB_COL_WORD_AS(type, member, #member, list)
#define DB_COL_WORD_AS(type, member, name, list) \
	{ name, \
	    DB_WORD + 0 * sizeof(struct { \
		    _Static_assert(_Generic(((type *)0)->member, \
				       unsigned: true, default: false), \
			"the member is not an enum"); \
		    char c; \
	    }), \
	    offsetof(type, member), &(list) }
#define DB_COL_END { NULL, DB_NULL, 0, NULL }

/* A statement's row: its columns, in order, and the size of the struct that
 * they are read into. rows.h declares all rows. */
struct db_row {
	const struct db_column *columns;
	size_t size;
};

#define DB_ROW(name, type, ...) \
	const struct db_row row_##name = { \
		(const struct db_column[]){ __VA_ARGS__, DB_COL_END }, \
		sizeof(type) \
	}
/* clang-format on */

/* For statements that return no rows, a number called count, or one called
 * id. */
extern const struct db_row row_none, row_count, row_id;

struct db_id {
	uint64_t id;
};

/*
 * The calls below take their parameters at the end, one for each "?" in the
 * statement: none, or p_u64(id), p_text(name) … A wrong number of them ends the
 * program. The macros append an empty parameter, so that the list is never
 * empty, and do not count it.
 */
/* clang-format off */
#define DB_LIST(...) (const struct db_param[]){ __VA_ARGS__ }
/* clang-format on */
#define DB_COUNT(...) \
	(sizeof(DB_LIST(__VA_ARGS__)) / sizeof(struct db_param) - 1)
#define DB_PARAMS(...) DB_LIST(__VA_ARGS__), DB_COUNT(__VA_ARGS__)
/* clang-format off */
#define DB_LAST { .kind = DB_NULL }
/* clang-format on */

/*
 * db_exec(db, st, ret_affected, parameters …)
 * Runs a statement that returns no rows and is not SHOWN. *ret_affected (may be
 * NULL) is the number of rows that it matched, changed or not. For INSERT … ON
 * DUPLICATE KEY UPDATE it is 1 for a new or unchanged row, 2 for a changed one.
 */
#define db_exec(db, st, ...) DB_EXEC_(db, st, __VA_ARGS__, DB_LAST)
#define DB_EXEC_(db, st, ret_affected, ...) \
	db_execv((db), (st), (ret_affected), DB_PARAMS(__VA_ARGS__))

enum err db_execv(const struct db *db, enum statement st,
    uint64_t *ret_affected, const struct db_param *params, size_t n) MUST_CHECK;

/* The id generated by the last db_exec() of an INSERT. */
uint64_t db_insert_id(const struct db *db);

/*
 * db_one(db, st, &row, parameters …)
 * Reads the first row of a SELECT into `row`, a zeroed struct of the type that
 * belongs to the statement's row in statements.def; texts and bytes are copied
 * into db->arena. ERR_NOT_FOUND: there is no row. Further rows are discarded, so
 * use it with a unique key or LIMIT 1. The program ends if the statement's
 * columns differ from its row, which is checked when it is prepared, or if the
 * struct has another size: both are errors in the source.
 */
#define db_one(db, st, ...) DB_ONE_(db, st, __VA_ARGS__, DB_LAST)
#define DB_ONE_(db, st, row, ...) \
	db_onev((db), (st), (row), sizeof(*(row)), DB_PARAMS(__VA_ARGS__))

enum err db_onev(const struct db *db, enum statement st, void *row, size_t size,
    const struct db_param *params, size_t n) MUST_CHECK;

/*
 * db_each(db, st, fn, arg, parameters …)
 * Calls fn(arg, row) for each row as it arrives from the server, so memory does
 * not grow with their number. `row` and what its pointers reach are valid only
 * during the call. If fn returns anything but ERR_OK, the remaining rows are
 * discarded and its result is returned. fn cannot run other statements. No rows
 * are ERR_OK.
 */
typedef enum err db_row_fn(void *arg, const void *row);

#define db_each(db, st, fn, ...) DB_EACH_(db, st, fn, __VA_ARGS__, DB_LAST)
#define DB_EACH_(db, st, fn, arg, ...) \
	db_eachv((db), (st), (fn), (arg), DB_PARAMS(__VA_ARGS__))

enum err db_eachv(const struct db *db, enum statement st, db_row_fn *fn,
    void *arg, const struct db_param *params, size_t n) MUST_CHECK;

/*
 * db_all(db, st, most, &rows, &n, parameters …)
 * Reads all rows into one array in db->arena, for short results: at most `most`
 * rows, else ERR_TOO_LARGE. No rows are ERR_OK with n 0.
 */
#define db_all(db, st, most, ret, ...) \
	DB_ALL_(db, st, most, ret, __VA_ARGS__, DB_LAST)
#define DB_ALL_(db, st, most, ret, ret_n, ...) \
	db_allv((db), (st), (most), (ret), sizeof(**(ret)), (ret_n), \
	    DB_PARAMS(__VA_ARGS__))

enum err db_allv(const struct db *db, enum statement st, size_t most, void *ret,
    size_t size, size_t *ret_n, const struct db_param *params,
    size_t n) MUST_CHECK;

/* db_count(db, st, &n, parameters …): reads the number of a SELECT whose row
 * is `count`. */
#define db_count(db, st, ...) DB_COUNT_(db, st, __VA_ARGS__, DB_LAST)
#define DB_COUNT_(db, st, ret, ...) \
	db_countv((db), (st), (ret), DB_PARAMS(__VA_ARGS__))

enum err db_countv(const struct db *db, enum statement st, uint64_t *ret,
    const struct db_param *params, size_t n) MUST_CHECK;

/* ---- transactions ---- */

/*
 * Runs fn(arg) inside a transaction and commits if it returns ERR_OK, else
 * rolls back and returns its result.
 *
 * After a deadlock, a certification failure, a lock wait that timed out (1213,
 * 1205) or a connection lost before COMMIT, the whole of fn runs again, up to
 * five times. So fn must change nothing but the database, and set its results
 * anew in each run. After such a failure every further statement of that run
 * returns ERR_RETRY at once. A connection lost at COMMIT is ERR_UNCERTAIN.
 * Transactions cannot be nested; trying to ends the program.
 */
typedef enum err db_tx_fn(const struct db *db, void *arg);

enum err db_transaction(const struct db *db, db_tx_fn *fn,
    void *arg) MUST_CHECK;

/* ---- what accounts show ---- */

/* The slot of an account's row in account_versions. */
#define ACCOUNT_SLOTS 1024 /* in SQL: ACCOUNT_SLOT() */
unsigned account_slot(uint64_t user_id);

/*
 * db_exec_shown(db, user_id, st, &affected, parameters …)
 * As db_exec(), for SHOWN statements, which change what the account's vault or
 * links show. Raises the account's version in the same transaction, opening one
 * if none is open. Other statements end the program here, and SHOWN ones do in
 * db_exec().
 */
#define db_exec_shown(db, user_id, st, ...) \
	DB_EXEC_SHOWN_(db, user_id, st, __VA_ARGS__, DB_LAST)
#define DB_EXEC_SHOWN_(db, user_id, st, ret_affected, ...) \
	db_exec_shownv((db), (user_id), (st), (ret_affected), \
	    DB_PARAMS(__VA_ARGS__))

enum err db_exec_shownv(const struct db *db, uint64_t user_id,
    enum statement st, uint64_t *ret_affected, const struct db_param *params,
    size_t n) MUST_CHECK;

/* Calls fn(arg, slot) after each COMMIT that changed, or may have changed, what
 * the accounts of that slot show. */
typedef void db_changed_fn(void *arg, unsigned slot);
void db_on_change(struct connection *conn, db_changed_fn *fn, void *arg);

/* ---- for vitrine migrate only ---- */

/* Runs one statement given as text and discards its rows. */
enum err db_run_sql(const struct db *db, const char *sql) MUST_CHECK;

#endif
