/* The connection and its faults: the lowest of db.h's three parts, below stmt.h
 * and transaction.c. For src/db alone. */
#ifndef DB_CONNECTION_H
#define DB_CONNECTION_H

#include <mysql.h>

#include "db/db.h"

#ifndef MARIADB_BASE_VERSION /* Oracle's client library */
#define my_bool bool
#define mysql_get_socket(my) ((my)->net.fd)
#endif

#define DB_MOST_COLUMNS 64
#define DB_MOST_PACKET (64UL << 20) /* one row, or one statement */
#define DB_MOST_RERUNS 5	    /* after a deadlock */

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

/* Whether the error is a deadlock or a lock wait that timed out. */
bool db_fault_is_deadlock(unsigned number);

/* Waits a random time, so that two deadlocked transactions do not collide
 * again. tries: the number of runs so far. */
void db_pause(unsigned tries);

/* The result for the recorded fault. name: the statement's. */
enum err db_fault_err(const struct db *db, const char *name, bool reads);

/* Runs one statement given as text and throws its rows away. False:
 * conn->fault says why. */
bool db_query(struct connection *conn, const char *sql);

/* For long statements: reconnects with another read timeout in seconds (0: the
 * default). */
void db_set_patience(struct connection *conn, unsigned seconds);

#endif
