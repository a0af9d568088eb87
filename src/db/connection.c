#include "config.h"

#include "db/connection.h"

#include <errno.h>
#include <errmsg.h>
#include <mysqld_error.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/sec.h"
#include "db/tls.h"

#define CONNECT_TIMEOUT 5 /* seconds */
#define IO_TIMEOUT 30
#define LOCK_WAIT 10 /* below IO_TIMEOUT, so that the server reports it */

/* Errors that only one of the two client libraries names. */
#define WSREP_NOT_READY 1047
#define KILLED 1927	 /* MariaDB: the connection was killed */
#define OUT_OF_TIME 1969 /* MariaDB: max_statement_time */
#define IDLE_CLOSED 4031 /* MySQL's notice before it closes */

struct connection *
db_open(const struct conf *conf)
{
	struct connection *conn = calloc(1, sizeof(*conn));

	if (conn == NULL)
		die("out of memory");
	conn->conf = conf;
	conn->read_timeout = IO_TIMEOUT;
	conn->row = arena_new(2 * DB_MOST_PACKET);
	return conn;
}

void
db_close(struct connection *conn)
{
	if (conn == NULL)
		return;
	db_disconnect(conn);
	arena_free(conn->row);
	free(conn);
}

void
db_disconnect(struct connection *conn)
{
	if (conn->my == NULL)
		return;
	/* Close the connection first: closing a statement would read its
	 * remaining rows and send a message to the server. */
	mysql_close(conn->my);
	conn->my = NULL;
	for (size_t i = 0; i < ST__MAX; i++)
		if (conn->stmts[i] != NULL)
			mysql_stmt_close(conn->stmts[i]);
	memset(conn->stmts, 0, sizeof(conn->stmts));
}

void
db_set_patience(struct connection *conn, unsigned seconds)
{
	AN(conn->tx == TX_NONE);
	conn->read_timeout = seconds != 0 ? seconds : IO_TIMEOUT;
	db_disconnect(conn);
}

/* ---- connecting ---- */

/* Reads the first line of the password file; "" if there is none. */
static bool
read_password(struct connection *conn, char *ret, size_t size)
{
	const char *path = conn->conf->database_password_file;
	char text[100];

	ret[0] = '\0';
	if (path[0] == '\0' || sec_read_line(path, ret, size))
		return true;
	snprintf(text, sizeof(text), "password_file: %s", strerror(errno));
	db_fault_set(conn, CR_CONNECTION_ERROR, "08001", text, false);
	return false;
}

static void
set_options(struct connection *conn, MYSQL *my)
{
	const unsigned connect = CONNECT_TIMEOUT, write = IO_TIMEOUT, off = 0;
	const unsigned long packet = DB_MOST_PACKET;
	const bool socket = conn->conf->database_socket[0] != '\0';
	const unsigned protocol =
	    socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
	const my_bool yes = 1, no = 0;
	char init[400];

	/*
	 * One round trip. The isolation level has a different name in each
	 * server: MariaDB reads the first comment only, MySQL the second. READ
	 * COMMITTED takes no gap locks, so there are fewer deadlocks.
	 */
	snprintf(init, sizeof(init),
	    "SET time_zone='+00:00', "
	    "sql_mode='TRADITIONAL,NO_ENGINE_SUBSTITUTION', "
	    "innodb_lock_wait_timeout=%d, lock_wait_timeout=%u"
	    "/*M!100000 , tx_isolation='READ-COMMITTED' */"
	    "/*!80000 , transaction_isolation='READ-COMMITTED' */",
	    LOCK_WAIT, conn->read_timeout - conn->read_timeout / 3);
	mysql_options(my, MYSQL_OPT_CONNECT_TIMEOUT, &connect);
	mysql_options(my, MYSQL_OPT_READ_TIMEOUT, &conn->read_timeout);
	mysql_options(my, MYSQL_OPT_WRITE_TIMEOUT, &write);
	mysql_options(my, MYSQL_OPT_LOCAL_INFILE, &off);
	mysql_options(my, MYSQL_OPT_RECONNECT, &no);
	mysql_options(my, MYSQL_REPORT_DATA_TRUNCATION, &yes);
	mysql_options(my, MYSQL_OPT_PROTOCOL, &protocol);
	mysql_options(my, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
	mysql_options(my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(my, MYSQL_INIT_COMMAND, init);
	db_tls_set(my, conn->conf);
}

static bool
connect_server(struct connection *conn)
{
	const struct conf *c = conn->conf;
	const bool socket = c->database_socket[0] != '\0';
	char password[256], text[700];
	unsigned number;
	MYSQL *my;
	bool ok;

	if (!read_password(conn, password, sizeof(password)))
		return false;
	if ((my = mysql_init(NULL)) == NULL)
		die("out of memory");
	set_options(conn, my);
	ok = mysql_real_connect(my, socket ? NULL : c->database_host,
		 c->database_user, password, c->database_name,
		 socket ? 0 : (unsigned)c->database_port,
		 socket ? c->database_socket : NULL, CLIENT_FOUND_ROWS) != NULL;
	explicit_bzero(password, sizeof(password));
	if (ok && db_tls_holds(my, c)) {
		conn->my = my;
		return true;
	}
	number = ok ? CR_SSL_CONNECTION_ERROR : mysql_errno(my);
	/* Any failure, even a refused password, may be over later. */
	snprintf(text, sizeof(text), "connect: %u %s%s", number,
	    ok ? "no TLS" : mysql_error(my), db_tls_advice(number, c));
	db_fault_set(conn, CR_CONNECTION_ERROR, "08001", text, false);
	mysql_close(my);
	return false;
}

/* Whether the server has closed an idle connection or is about to: then there
 * is something to read. Detects this before a write is sent. */
static bool
is_stale(MYSQL *my)
{
	struct pollfd p = { .fd = mysql_get_socket(my), .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

bool
db_ready(struct connection *conn)
{
	if (conn->in_row)
		die("a statement inside a row function of db_each()");
	memset(&conn->fault, 0, sizeof(conn->fault));
	if (conn->tx == TX_DOOMED) {
		db_fault_set(conn, ER_LOCK_DEADLOCK, "40001",
		    "the transaction is lost already", false);
		return false;
	}
	if (conn->my != NULL && is_stale(conn->my)) {
		if (conn->tx != TX_NONE) {
			db_fault_set(conn, CR_SERVER_GONE_ERROR, "HY000",
			    "the server has closed the connection", false);
			return false;
		}
		db_disconnect(conn);
	}
	return conn->my != NULL || connect_server(conn);
}

/* ---- faults ---- */

/* Whether the connection is unusable after this error. */
static bool
is_lost(unsigned number)
{
	return (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR) ||
	    (number >= 5000 && number < 5100) || /* MariaDB's client library */
	    number == ER_SERVER_SHUTDOWN || number == KILLED ||
	    number == IDLE_CLOSED;
}

/* Whether the result is unknown: the client lost the connection, so the
 * statement may have run. An error from the server means that it did not, and a
 * statement that could not be sent completely (CR_SERVER_GONE_ERROR) is not
 * run. */
static bool
is_unknown(unsigned number)
{
	return (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR &&
		   number != CR_SERVER_GONE_ERROR) ||
	    (number >= 5000 && number < 5100);
}

/*
 * Whether the statement lost against another transaction.
 *
 * ER_AUTOINC_READ_FAILED: it failed to get the lock that an INSERT ... SELECT
 * holds on a table's next id; the server says no more than this.
 *
 * ER_CHECKREAD: a row to lock is newer than what the transaction has read;
 * MariaDB reports this since 11.6 (innodb_snapshot_isolation).
 */
static bool
is_victim(unsigned number)
{
	return number == ER_LOCK_DEADLOCK || number == ER_AUTOINC_READ_FAILED ||
	    number == ER_CHECKREAD;
}

bool
db_fault_is_deadlock(unsigned number)
{
	return is_victim(number) || number == ER_LOCK_WAIT_TIMEOUT;
}

/* Whether the server's message contains a value, which may be a secret. */
static bool
tells_value(const struct db_fault *f)
{
	return f->number == ER_DUP_ENTRY ||
	    f->number == ER_DUP_ENTRY_WITH_KEY_NAME ||
	    f->number == ER_TRUNCATED_WRONG_VALUE_FOR_FIELD ||
	    (strncmp(f->state, "22", 2) == 0 && f->number != ER_DATA_TOO_LONG &&
		f->number != ER_WARN_DATA_OUT_OF_RANGE);
}

void
db_fault_set(struct connection *conn, unsigned number, const char *state,
    const char *text, bool sent)
{
	struct db_fault *f = &conn->fault;

	f->number = number;
	f->sent = sent;
	snprintf(f->state, sizeof(f->state), "%s", state);
	snprintf(f->text, sizeof(f->text), "%s",
	    tells_value(f) ? "a value is wrong" : text);
	if (conn->tx != TX_NONE &&
	    (is_lost(number) || db_fault_is_deadlock(number)))
		conn->tx = TX_DOOMED;
	if (is_lost(number))
		db_disconnect(conn);
}

static unsigned
random_below(unsigned n)
{
	uint32_t r;

	sec_random(&r, sizeof(r));
	return r % n;
}

void
db_pause(unsigned tries)
{
	const unsigned most = 5u << (tries < 6 ? tries : 6); /* ms */
	struct timespec t = { .tv_nsec =
				  (1 + (long)random_below(most)) * 1000000 };

	nanosleep(&t, NULL);
}

bool
db_fault_again(struct connection *conn, bool reads, unsigned tries)
{
	const struct db_fault *f = &conn->fault;

	if (conn->tx != TX_NONE)
		return false;
	if (is_victim(f->number) && tries <= DB_MOST_RERUNS) {
		db_pause(tries);
		return true;
	}
	return is_lost(f->number) && f->number != CR_CONNECTION_ERROR &&
	    tries < 2 && (reads || !f->sent || !is_unknown(f->number));
}

static enum err
retry_later(struct why *why, const char *name, const struct db_fault *f,
    unsigned seconds)
{
	if (why->retry_after == 0)
		why->retry_after = seconds;
	return why_log(why, ERR_RETRY, "%s: %u %s", name, f->number, f->text);
}

enum err
db_fault_err(const struct db *db, const char *name, bool reads)
{
	const struct db_fault *f = &db->connection->fault;
	struct why *why = db->why;

	if (is_lost(f->number)) {
		if (!reads && f->sent && is_unknown(f->number) &&
		    db->connection->tx == TX_NONE)
			return why_log(why, ERR_UNCERTAIN, "%s: %u %s", name,
			    f->number, f->text);
		return retry_later(why, name, f, 5);
	}
	switch (f->number) {
	case ER_DUP_KEY:
	case ER_DUP_ENTRY:
	case ER_DUP_ENTRY_WITH_KEY_NAME:
	case ER_ROW_IS_REFERENCED_2:
	case ER_NO_REFERENCED_ROW_2:
		return ERR_CONFLICT;
	case ER_DISK_FULL:
	case ER_RECORD_FILE_FULL:
		return why_log(why, ERR_FULL, "%s: %u %s", name, f->number,
		    f->text);
	case ER_LOCK_DEADLOCK:
	case ER_AUTOINC_READ_FAILED:
	case ER_CHECKREAD:
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_QUERY_INTERRUPTED:
	case OUT_OF_TIME:
	case ER_NEED_REPREPARE:
		return retry_later(why, name, f, 1);
	case WSREP_NOT_READY:
	case ER_CON_COUNT_ERROR:
	case ER_TOO_MANY_USER_CONNECTIONS:
	case ER_OPTION_PREVENTS_STATEMENT:
	case ER_READ_ONLY_MODE:
		return retry_later(why, name, f, 5);
	default:
		return why_log(why, ERR_INTERNAL, "%s: %u %s", name, f->number,
		    f->text);
	}
}

/* ---- statements given as text ---- */

bool
db_query(struct connection *conn, const char *sql)
{
	MYSQL_RES *rows;

	if (mysql_real_query(conn->my, sql, strlen(sql)) == 0 &&
	    ((rows = mysql_use_result(conn->my)) != NULL ||
		mysql_field_count(conn->my) == 0)) {
		while (rows != NULL && mysql_fetch_row(rows) != NULL)
			continue;
		if (rows != NULL)
			mysql_free_result(rows);
		if (mysql_errno(conn->my) == 0)
			return true;
	}
	db_fault_set(conn, mysql_errno(conn->my), mysql_sqlstate(conn->my),
	    mysql_error(conn->my), true);
	return false;
}

enum err
db_run_sql(const struct db *db, const char *sql)
{
	struct connection *conn = db->connection;

	if (!db_ready(conn) || !db_query(conn, sql))
		return db_fault_err(db, "sql", false);
	return ERR_OK;
}

enum err
db_ping(const struct db *db)
{
	struct connection *conn = db->connection;
	unsigned tries = 0;

	while (!db_ready(conn) || !db_query(conn, "DO 0"))
		if (!db_fault_again(conn, true, ++tries))
			return db_fault_err(db, "ping", true);
	return ERR_OK;
}
