/* The table of statements and what runs one, above connection.h and below
 * transaction.c. For src/db alone. */
#ifndef DB_STMT_H
#define DB_STMT_H

#include "db/connection.h"
#include "db/db.h"

#define DB_MOST_PARAMS 128

/* What a statement does, as declared in statements.def. */
enum access {
	DB_READS,  /* a SELECT: may be repeated after a lost connection */
	DB_WRITES, /* a write that changes nothing visible */
	DB_SHOWN, /* a write that changes what an account's vault or links show */
};

struct db_statement {
	const char *name;
	const struct db_row *row;
	enum access access;
	const char *sql;
};

extern const struct db_statement db_statements[ST__MAX];

/* db_execv() of a SHOWN statement; the caller raises the account's version. */
enum err db_exec_one_shown(const struct db *db, enum statement st,
    uint64_t *ret_affected, const struct db_param *params, size_t n) MUST_CHECK;

/* For a test: prepares a statement and compares its columns with a row.
 * ERR_INTERNAL: they differ, or the statement is wrong; why->detail says
 * how. */
enum err db_check(const struct db *db, enum statement st,
    const struct db_row *row) MUST_CHECK;

#endif
