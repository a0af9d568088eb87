/* Shared by db.c, stmt.c and migrate.c; no other file includes it. */
#ifndef DB_STMT_H
#define DB_STMT_H

#include <mysql.h>

#include "db/db.h"

#ifndef MARIADB_BASE_VERSION /* Oracle's client library */
#define my_bool bool
#define mysql_get_socket(my) ((my)->net.fd)
#endif

#define DB_MOST_COLUMNS 64
#define DB_MOST_PARAMS 128
#define DB_MOST_PACKET (64UL << 20) /* one row, or one statement */

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

/* Receives one column from mysql_stmt_fetch(). Texts that do not fit are
 * fetched again, into the arena. */
struct cell {
	union {
		uint64_t u64;
		int64_t i64;
		double real;
		MYSQL_TIME time;
		char text[256];
	};
	unsigned long length;
	my_bool null;
	my_bool bad;
};

/* An error as reported by the server or the client library. */
struct db_fault {
	unsigned number;
	bool sent; /* the statement had been sent */
	char state[6];
	char text[400];
};

enum db_tx {
	TX_NONE,
	TX_OPEN,
	TX_DOOMED, /* rolled back by the server, or about to be */
};

struct connection {
	const struct conf *conf;
	MYSQL *my; /* NULL: not connected */
	unsigned read_timeout;
	enum db_tx tx;
	bool in_row; /* inside a row function of db_each() */
	uint64_t insert_id;
	unsigned char changed[ACCOUNT_SLOTS /
	    8]; /* slots changed by the transaction; bits */
	db_changed_fn *on_change;
	void *on_change_arg;
	struct db_fault fault;
	struct arena *row; /* for texts passed to a row function */
	struct cell cells[DB_MOST_COLUMNS];
	MYSQL_STMT *stmts[ST__MAX]; /* NULL: not prepared yet */
};

/*
 * Prepares the connection for a statement: connects if there is no connection
 * or the server has closed it. Ends the program inside a row function. False:
 * conn->fault says why.
 */
bool db_ready(struct connection *conn);

/* Closes the connection at once, in any state. */
void db_disconnect(struct connection *conn);

/* Records an error. Closes the connection if it is unusable, and dooms a
 * transaction that cannot be committed. */
void db_fault_set(struct connection *conn, unsigned number, const char *state,
    const char *text, bool sent);

/* Whether a statement outside a transaction should be run again after the
 * fault; waits a little first. tries: the number of runs so far. */
bool db_fault_again(struct connection *conn, bool reads, unsigned tries);

/* The result for the recorded fault. name: the statement's. */
enum err db_fault_err(const struct db *db, const char *name, bool reads);

/* For long statements: reconnects with another read timeout in seconds (0: the
 * default). */
void db_set_patience(struct connection *conn, unsigned seconds);

/* db_execv() of a SHOWN statement; the caller raises the account's version. */
enum err db_exec_one_shown(const struct db *db, enum statement st,
    uint64_t *ret_affected, const struct db_param *params, size_t n) MUST_CHECK;

/* For a test: prepares a statement and compares its columns with a row.
 * ERR_INTERNAL: they differ, or the statement is wrong; why->detail says
 * how. */
enum err db_check(const struct db *db, enum statement st,
    const struct db_row *row) MUST_CHECK;

#endif
