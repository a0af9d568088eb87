/* What db.c, stmt.c and migrate.c share; nobody else includes it. */
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

/* What a statement does, as statements.def has it. */
enum access {
	DB_READS,  /* a SELECT: it may be repeated after a lost connection */
	DB_WRITES, /* changes nothing that is shown */
	DB_SHOWN,  /* changes what an account's vault or links show */
};

struct db_statement {
	const char *name;
	const struct db_row *row;
	enum access access;
	const char *sql;
};

extern const struct db_statement db_statements[ST__MAX];

/* Where mysql_stmt_fetch() puts one column. A text that is longer than the
 * room here is fetched once more, into the arena. */
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

/* What went wrong, as the server or the client library says it. */
struct db_fault {
	unsigned number;
	bool sent; /* the statement itself had been handed over */
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
	bool in_row; /* a row function of db_each() is running */
	uint64_t insert_id;
	unsigned char changed[ACCOUNT_SLOTS / 8]; /* by the transaction; bits */
	db_changed_fn *on_change;
	void *on_change_arg;
	struct db_fault fault;
	struct arena *row; /* what a row function is shown */
	struct cell cells[DB_MOST_COLUMNS];
	MYSQL_STMT *stmts[ST__MAX]; /* NULL: not prepared yet */
};

/*
 * Makes the connection ready for a statement: dies inside a row function,
 * connects when there is none or when the server has closed it meanwhile.
 * False: conn->fault tells why.
 */
bool db_ready(struct connection *conn);

/* Closes the connection at once, whatever was going on. */
void db_disconnect(struct connection *conn);

/* Keeps what the server said; closes a connection that is of no use any more;
 * dooms a transaction that cannot be committed. */
void db_fault_set(struct connection *conn, unsigned number, const char *state,
    const char *text, bool sent);

/* Whether the statement, outside a transaction, may be run again after the
 * fault; waits a little when it should. tries: how often it has run. */
bool db_fault_again(struct connection *conn, bool reads, unsigned tries);

/* The result that the fault stands for. name is the statement's. */
enum err db_fault_err(const struct db *db, const char *name, bool reads);

/* For long statements: connects anew with another read timeout, in seconds
 * (0: the usual one). */
void db_set_patience(struct connection *conn, unsigned seconds);

/* db_execv() of a SHOWN statement; the caller raises the account's version. */
enum err db_exec_one_shown(const struct db *db, enum statement st,
    uint64_t *ret_affected, const struct db_param *params, size_t n) MUST_CHECK;

/* Prepares a statement and compares its columns with a row. ERR_INTERNAL: they
 * differ, why->detail says where, or the statement is wrong. For a test. */
enum err db_check(const struct db *db, enum statement st,
    const struct db_row *row) MUST_CHECK;

#endif
