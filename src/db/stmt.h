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

/* A statement on the current connection; its map was held against it. */
struct stmt {
	MYSQL_STMT *handle; /* NULL: not prepared yet */
	const struct db_column *map;
};

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
	struct stmt stmts[ST__MAX];
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

/* Frees what the connection had prepared; called when it is closed. */
void db_stmt_forget(struct connection *conn);

/* For long statements: connects anew with another read timeout, in seconds
 * (0: the usual one). */
void db_set_patience(struct connection *conn, unsigned seconds);

#endif
