#include "config.h"

#include "db/db.h"

#include <errmsg.h>
#include <string.h>

#include "base/clock.h"
#include "db/stmt.h"

#define RERUN_WITHIN (20 * CLOCK_SECOND * 1000) /* us */

/* ---- what accounts show ---- */

unsigned
account_slot(uint64_t user_id)
{
	return (unsigned)(user_id % ACCOUNT_SLOTS);
}

static bool
is_changed(const struct connection *conn, unsigned slot)
{
	return (conn->changed[slot / 8] & (1 << slot % 8)) != 0;
}

void
db_on_change(struct connection *conn, db_changed_fn *fn, void *arg)
{
	conn->on_change = fn;
	conn->on_change_arg = arg;
}

struct shown {
	uint64_t user_id;
	enum statement st;
	uint64_t *ret_affected;
	const struct db_param *params;
	size_t n;
};

static enum err
exec_shown(const struct db *db, void *arg)
{
	const struct shown *s = arg;
	unsigned slot = account_slot(s->user_id);

	db->connection->changed[slot / 8] |= (unsigned char)(1 << slot % 8);
	return db_exec_one_shown(db, s->st, s->ret_affected, s->params, s->n);
}

enum err
db_exec_shownv(const struct db *db, uint64_t user_id, enum statement st,
    uint64_t *ret_affected, const struct db_param *params, size_t n)
{
	struct shown s = { user_id, st, ret_affected, params, n };

	return db->connection->tx != TX_NONE ?
	    exec_shown(db, &s) :
	    db_transaction(db, exec_shown, &s);
}

/* ---- transactions ---- */

/* Rolls back the transaction that is open on the server, if any. */
static void
roll_back(struct connection *conn)
{
	if (conn->my != NULL && !db_query(conn, "ROLLBACK"))
		db_disconnect(conn);
}

void
db_clean(struct connection *conn)
{
	conn->in_row = false;
	if (conn->tx != TX_NONE ||
	    (conn->my != NULL &&
		(conn->my->server_status & SERVER_STATUS_IN_TRANS) != 0)) {
		conn->tx = TX_NONE;
		roll_back(conn);
	}
}

static enum err
begin(const struct db *db)
{
	struct connection *conn = db->connection;
	unsigned tries = 0;

	memset(conn->changed, 0, sizeof(conn->changed));
	while (!db_ready(conn) || !db_query(conn, "START TRANSACTION"))
		if (!db_fault_again(conn, true, ++tries))
			return db_fault_err(db, "START TRANSACTION", true);
	conn->tx = TX_OPEN;
	return ERR_OK;
}

/* Whether the transaction is committed. If not, it is doomed, the server rolled
 * it back, or its result is unknown (*ret_e). */
static bool
commit(const struct db *db, enum err *ret_e)
{
	struct connection *conn = db->connection;

	if (!db_ready(conn))
		return false;
	if (db_query(conn, "COMMIT"))
		return true;
	if (db_fault_is_deadlock(conn->fault.number) ||
	    conn->fault.number == CR_SERVER_GONE_ERROR)
		return false;
	conn->tx = TX_OPEN;
	db_disconnect(conn);
	*ret_e = why_log(db->why, ERR_UNCERTAIN, "COMMIT: %u %s",
	    conn->fault.number, conn->fault.text);
	return false;
}

/* Raises the versions last and in order of their slots, so that they are locked
 * only briefly and no two transactions wait for each other. */
static enum err
raise_versions(const struct db *db)
{
	struct connection *conn = db->connection;
	const uint64_t insert_id = conn->insert_id;
	enum err e = ERR_OK;

	for (unsigned i = 0; i < ACCOUNT_SLOTS && e == ERR_OK; i++)
		if (is_changed(conn, i))
			e = db_exec(db, ST_ACCOUNT_CHANGED, NULL, p_u64(i));
	conn->insert_id = insert_id;
	return e;
}

static void
tell_changed(struct connection *conn)
{
	for (unsigned i = 0; i < ACCOUNT_SLOTS; i++)
		if (is_changed(conn, i) && conn->on_change != NULL)
			conn->on_change(conn->on_change_arg, i);
}

/* Runs fn once in a transaction. *ret_again: nothing was written, and another
 * run may succeed. */
static enum err
transact(const struct db *db, db_tx_fn *fn, void *arg, bool *ret_again)
{
	struct connection *conn = db->connection;
	enum err e = begin(db);

	*ret_again = false;
	if (e != ERR_OK)
		return e;
	if ((e = fn(db, arg)) == ERR_OK)
		e = raise_versions(db);
	if (e == ERR_OK && conn->tx == TX_OPEN) {
		bool through = commit(db, &e);

		if (through || e == ERR_UNCERTAIN)
			tell_changed(conn);
		if (through) {
			conn->tx = TX_NONE;
			return ERR_OK;
		}
	}
	if (conn->tx == TX_DOOMED) {
		*ret_again = true;
		e = db_fault_err(db, "transaction", true);
	}
	conn->tx = TX_NONE;
	roll_back(conn);
	return e;
}

enum err
db_transaction(const struct db *db, db_tx_fn *fn, void *arg)
{
	const int64_t until = clock_tick() + RERUN_WITHIN;
	const struct why before = *db->why;
	unsigned tries = 0;
	bool again;
	enum err e;

	if (db->connection->tx != TX_NONE)
		die("a transaction inside a transaction");
	for (;;) {
		e = transact(db, fn, arg, &again);
		if (!again || ++tries > DB_MOST_RERUNS || clock_tick() > until)
			return e;
		*db->why = before;
		db_pause(tries);
	}
}
