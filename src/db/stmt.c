#include "config.h"

#include "db/stmt.h"

#include <mysqld_error.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "db/rows.h"
#include "model/share.h"

#define MOST_DRAINED 1000 /* rows; beyond that reconnecting is cheaper */
#define TIME_MIN INT64_C(-62135596800000) /* year 1 */
#define TIME_MAX INT64_C(253402300799999) /* year 9999 */

const struct db_statement db_statements[ST__MAX] = {
#define ST(name, row, access, sql) \
	[ST_##name] = { #name, &row_##row, DB_##access, sql },
#include "db/statements.def"
#undef ST
};

const struct db_row row_none = { NULL, 0 };

struct count {
	uint64_t count;
};

DB_ROW(count, struct count, DB_COL(struct count, count, DB_U64));
DB_ROW(id, struct db_id, DB_COL(struct db_id, id, DB_U64));

/* One execution of a statement, and what to do with its rows. */
struct call {
	enum statement st;
	const struct db_param *params;
	size_t n;
	struct arena *arena;		 /* for texts */
	unsigned char *row;		 /* receives the next row */
	const struct db_column *columns; /* NULL: returns no rows */
	size_t size;
	/* Called for each row; false: stop. */
	bool (*next)(struct connection *conn, struct call *c);
	size_t count; /* rows so far */
	size_t most;
	size_t room; /* rows that fit into `rows` */
	unsigned char *rows;
	db_row_fn *fn;
	void *arg;
	enum err result;
};

/* ---- parameters ---- */

static MYSQL_TIME
time_to_server(int64_t ms)
{
	int64_t part = ms % 1000;
	time_t seconds;
	struct tm tm;

	AN(ms >= TIME_MIN && ms <= TIME_MAX);
	if (part < 0)
		part += 1000;
	seconds = (time_t)((ms - part) / 1000);
	AN(gmtime_r(&seconds, &tm) != NULL);
	return (MYSQL_TIME){ .year = (unsigned)tm.tm_year + 1900,
		.month = (unsigned)tm.tm_mon + 1,
		.day = (unsigned)tm.tm_mday,
		.hour = (unsigned)tm.tm_hour,
		.minute = (unsigned)tm.tm_min,
		.second = (unsigned)tm.tm_sec,
		.second_part = (unsigned long)part * 1000,
		.time_type = MYSQL_TIMESTAMP_DATETIME };
}

static int64_t
time_from_server(const MYSQL_TIME *t)
{
	return clock_days((int)t->year, (int)t->month, (int)t->day) *
	    CLOCK_DAY +
	    t->hour * CLOCK_HOUR + t->minute * CLOCK_MINUTE +
	    t->second * CLOCK_SECOND + (int64_t)(t->second_part / 1000);
}

/* The library only reads bound values, so casting const away is safe. t: room
 * for a time. */
static void
bind_param(MYSQL_BIND *b, const struct db_param *p, MYSQL_TIME *t)
{
	switch (p->kind) {
	case DB_NULL:
		b->buffer_type = MYSQL_TYPE_NULL;
		break;
	case DB_U64:
	case DB_U32:
	case DB_I64:
	case DB_BOOL:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)&p->u64;
		b->is_unsigned = p->kind != DB_I64;
		break;
	case DB_REAL:
		b->buffer_type = MYSQL_TYPE_DOUBLE;
		b->buffer = (void *)&p->real;
		break;
	case DB_TIME:
		*t = time_to_server(p->i64);
		b->buffer_type = MYSQL_TYPE_DATETIME;
		b->buffer = t;
		break;
	case DB_TEXT:
	case DB_BYTES:
	case DB_UUID:
	case DB_HASH:
	case DB_WORD:
		b->buffer_type =
		    p->kind == DB_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
		b->buffer = (void *)p->bytes.p;
		b->buffer_length = p->bytes.n;
		break;
	}
}

/* ---- preparing ---- */

static bool
is_text(enum enum_field_types type)
{
	return type == MYSQL_TYPE_STRING || type == MYSQL_TYPE_VAR_STRING ||
	    type == MYSQL_TYPE_VARCHAR || type == MYSQL_TYPE_ENUM ||
	    type == MYSQL_TYPE_SET ||
	    (type >= MYSQL_TYPE_TINY_BLOB && type <= MYSQL_TYPE_BLOB);
}

static bool
is_whole(enum enum_field_types type)
{
	return type <= MYSQL_TYPE_LONG || type == MYSQL_TYPE_LONGLONG ||
	    type == MYSQL_TYPE_INT24 || type == MYSQL_TYPE_YEAR ||
	    type == MYSQL_TYPE_NEWDECIMAL; /* a SUM() */
}

/* Whether a column of the server's type can be read as this kind. */
static bool
kind_fits(enum db_kind kind, enum enum_field_types type)
{
	if (type == MYSQL_TYPE_NULL)
		return true;
	switch (kind) {
	case DB_TEXT:
	case DB_BYTES:
	case DB_UUID:
	case DB_HASH:
	case DB_WORD:
		return is_text(type);
	case DB_TIME:
		return type == MYSQL_TYPE_DATETIME ||
		    type == MYSQL_TYPE_TIMESTAMP || type == MYSQL_TYPE_DATE;
	case DB_REAL:
		return is_whole(type) || type == MYSQL_TYPE_FLOAT ||
		    type == MYSQL_TYPE_DOUBLE;
	case DB_U64:
	case DB_U32:
	case DB_I64:
	case DB_BOOL:
		return is_whole(type);
	case DB_NULL:
		break;
	}
	return false;
}

/* Whether a statement's columns differ from the row; `text` says how. */
static bool
columns_differ(const MYSQL_FIELD *f, unsigned n, const struct db_row *row,
    char *text, size_t size)
{
	const struct db_column *c = row->columns;
	unsigned i;

	for (i = 0; i < n; i++) {
		if (c[i].name == NULL)
			snprintf(text, size, "column %s is not in the row",
			    f[i].name);
		else if (strcmp(c[i].name, f[i].name) != 0)
			snprintf(text, size, "column %u is %s, in the row %s",
			    i, f[i].name, c[i].name);
		else if (!kind_fits(c[i].kind, f[i].type))
			snprintf(text, size, "column %s is of another type",
			    f[i].name);
		else
			continue;
		return true;
	}
	if (c[n].name == NULL)
		return false;
	snprintf(text, size, "column %s is in the row only", c[n].name);
	return true;
}

/* The same for a prepared statement, even one without rows. */
static bool
row_differs(MYSQL_STMT *h, const struct db_row *row, char *text, size_t size)
{
	const unsigned n = mysql_stmt_field_count(h);
	MYSQL_RES *meta;
	bool differ;

	if ((n == 0) != (row->columns == NULL) || n > DB_MOST_COLUMNS) {
		snprintf(text, size,
		    n == 0		    ? "returns no rows" :
			n > DB_MOST_COLUMNS ? "too many columns" :
					      "returns rows");
		return true;
	}
	if (n == 0)
		return false;
	AN((meta = mysql_stmt_result_metadata(h)) != NULL);
	differ = columns_differ(mysql_fetch_fields(meta), n, row, text, size);
	mysql_free_result(meta);
	return differ;
}

static bool
fail(struct connection *conn, MYSQL_STMT *h, bool sent)
{
	/* MariaDB's library stores errors between rows in the connection, not
	 * in the statement. */
	if (mysql_stmt_errno(h) != 0)
		db_fault_set(conn, mysql_stmt_errno(h), mysql_stmt_sqlstate(h),
		    mysql_stmt_error(h), sent);
	else
		db_fault_set(conn, mysql_errno(conn->my),
		    mysql_sqlstate(conn->my), mysql_error(conn->my), sent);
	return false;
}

static bool
prepare(struct connection *conn, enum statement st)
{
	const struct db_statement *t = &db_statements[st];
	char text[200];
	MYSQL_STMT *h;

	if (conn->stmts[st] != NULL)
		return true;
	if ((h = mysql_stmt_init(conn->my)) == NULL)
		die("out of memory");
	if (mysql_stmt_prepare(h, t->sql, strlen(t->sql)) != 0) {
		fail(conn, h, false);
		mysql_stmt_close(h);
		return false;
	}
	if (row_differs(h, t->row, text, sizeof(text)))
		die("%s: %s", t->name, text);
	conn->stmts[st] = h;
	return true;
}

static bool
execute(struct connection *conn, const struct call *c, MYSQL_STMT *h)
{
	MYSQL_BIND bind[DB_MOST_PARAMS];
	MYSQL_TIME times[DB_MOST_PARAMS];
	size_t i;

	AN(c->n <= DB_MOST_PARAMS);
	for (i = 0; i < c->n; i++) {
		bind[i] = (MYSQL_BIND){ 0 };
		bind_param(&bind[i], &c->params[i], &times[i]);
	}
	if (c->n > 0 && mysql_stmt_bind_param(h, bind) != 0)
		return fail(conn, h, false);
	if (mysql_stmt_execute(h) != 0)
		return fail(conn, h, true);
	return true;
}

/* ---- rows ---- */

static void
bind_cell(MYSQL_BIND *b, struct cell *cell, enum db_kind kind)
{
	b->buffer = &cell->u64;
	b->length = &cell->length;
	b->is_null = &cell->null;
	b->error = &cell->bad;
	switch (kind) {
	case DB_U64:
	case DB_U32:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->is_unsigned = 1;
		break;
	case DB_I64:
	case DB_BOOL:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		break;
	case DB_REAL:
		b->buffer_type = MYSQL_TYPE_DOUBLE;
		break;
	case DB_TIME:
		b->buffer_type = MYSQL_TYPE_DATETIME;
		break;
	case DB_NULL:
	case DB_TEXT:
	case DB_BYTES:
	case DB_UUID:
	case DB_HASH:
	case DB_WORD:
		b->buffer_type = MYSQL_TYPE_BLOB;
		b->buffer = cell->text;
		b->buffer_length = sizeof(cell->text);
		break;
	}
}

static bool
bind_cells(struct connection *conn, const struct call *c, MYSQL_STMT *h)
{
	MYSQL_BIND bind[DB_MOST_COLUMNS];
	size_t i;

	for (i = 0; c->columns[i].name != NULL; i++) {
		bind[i] = (MYSQL_BIND){ 0 };
		bind_cell(&bind[i], &conn->cells[i], c->columns[i].kind);
	}
	if (mysql_stmt_bind_result(h, bind) != 0)
		return fail(conn, h, true);
	return true;
}

/* Copies a cell's bytes into the arena and adds a NUL. NULL: the client library
 * failed. */
static char *
cell_bytes(struct arena *a, const struct cell *cell, MYSQL_STMT *h, unsigned i)
{
	MYSQL_BIND b = { .buffer_type = MYSQL_TYPE_BLOB };
	unsigned long length;
	my_bool null, bad;
	char *p;

	if (cell->length <= sizeof(cell->text))
		return arena_strndup(a, cell->text, cell->length);
	p = arena_alloc(a, cell->length + 1);
	b.buffer = p;
	b.buffer_length = cell->length;
	b.length = &length;
	b.is_null = &null;
	b.error = &bad;
	return mysql_stmt_fetch_column(h, &b, i, 0) == 0 ? p : NULL;
}

static bool
store_bytes(const struct call *c, const struct cell *cell, MYSQL_STMT *h,
    unsigned i)
{
	struct db_bytes bytes = { NULL, 0 };
	char *p = NULL;

	if (!cell->null && (p = cell_bytes(c->arena, cell, h, i)) == NULL)
		return false;
	if (c->columns[i].kind == DB_TEXT) {
		memcpy(c->row + c->columns[i].offset, &p, sizeof(p));
		return true;
	}
	if (p != NULL)
		bytes = (struct db_bytes){ (unsigned char *)p, cell->length };
	memcpy(c->row + c->columns[i].offset, &bytes, sizeof(bytes));
	return true;
}

static bool
store_fixed(unsigned char *to, const struct cell *cell, size_t size)
{
	if (cell->null) {
		memset(to, 0, size);
		return true;
	}
	if (cell->length == size)
		memcpy(to, cell->text, size);
	return cell->length == size;
}

static bool
store_word(unsigned char *to, const struct cell *cell,
    const struct words *words)
{
	unsigned value = 0;

	if (!cell->null &&
	    (cell->length > sizeof(cell->text) ||
		!words_find(words, cell->text, cell->length, &value)))
		return false;
	memcpy(to, &value, sizeof(value));
	return true;
}

/* Stores a column in its member of the row; false: the value does not fit. */
static bool
store_cell(const struct call *c, const struct cell *cell, MYSQL_STMT *h,
    unsigned i)
{
	unsigned char *to = c->row + c->columns[i].offset;
	const uint64_t u64 = cell->null ? 0 : cell->u64;
	const uint32_t u32 = (uint32_t)u64;
	const bool truth = u64 != 0;
	const double real = cell->null ? 0 : cell->real;
	int64_t at = CLOCK_NONE;

	switch (c->columns[i].kind) {
	case DB_U64:
	case DB_I64:
		memcpy(to, &u64, sizeof(u64));
		break;
	case DB_U32:
		memcpy(to, &u32, sizeof(u32));
		return !cell->bad && u32 == u64;
	case DB_BOOL:
		memcpy(to, &truth, sizeof(truth));
		break;
	case DB_REAL:
		memcpy(to, &real, sizeof(real));
		return true; /* a DECIMAL may lose digits */
	case DB_TIME:
		if (!cell->null)
			at = time_from_server(&cell->time);
		memcpy(to, &at, sizeof(at));
		break;
	case DB_NULL:
	case DB_TEXT:
	case DB_BYTES:
		return store_bytes(c, cell, h, i);
	case DB_UUID:
		return store_fixed(to, cell, UUID_BYTES);
	case DB_HASH:
		return store_fixed(to, cell, HASH_BYTES);
	case DB_WORD:
		return store_word(to, cell, c->columns[i].words);
	}
	return !cell->bad;
}

/* Discards remaining rows, so that the next statement can run. If there are
 * many, closes the connection instead, unless a transaction needs it. */
static void
drain(struct connection *conn, MYSQL_STMT *h)
{
	unsigned n = 0;
	int rc;

	while ((rc = mysql_stmt_fetch(h)) == 0 || rc == MYSQL_DATA_TRUNCATED)
		if (conn->tx == TX_NONE && ++n > MOST_DRAINED) {
			db_disconnect(conn);
			return;
		}
	if (rc != MYSQL_NO_DATA)
		fail(conn, h, true);
	else
		mysql_stmt_free_result(h);
}

static bool
store_row(struct connection *conn, const struct call *c, MYSQL_STMT *h)
{
	char text[200];
	unsigned i;

	for (i = 0; c->columns[i].name != NULL; i++) {
		if (store_cell(c, &conn->cells[i], h, i))
			continue;
		drain(conn, h);
		snprintf(text, sizeof(text),
		    "column %s has a value that "
		    "does not fit",
		    c->columns[i].name);
		db_fault_set(conn, ER_WARN_DATA_OUT_OF_RANGE, "22003", text,
		    true);
		return false;
	}
	return true;
}

/* Reads the rows and passes each to c->next. False: see conn->fault. */
static bool
read_rows(struct connection *conn, struct call *c, MYSQL_STMT *h)
{
	int rc;

	if (!bind_cells(conn, c, h))
		return false;
	for (;;) {
		rc = mysql_stmt_fetch(h);
		if (rc == MYSQL_NO_DATA) {
			mysql_stmt_free_result(h);
			return true;
		}
		if (rc != 0 && rc != MYSQL_DATA_TRUNCATED)
			return fail(conn, h, true);
		if (!store_row(conn, c, h))
			return false;
		c->count++;
		if (!c->next(conn, c)) {
			drain(conn, h);
			return true;
		}
	}
}

/* ---- running ---- */

static bool
attempt(struct connection *conn, struct call *c, uint64_t *ret_affected)
{
	MYSQL_STMT *h;

	if (!db_ready(conn) || !prepare(conn, c->st))
		return false;
	h = conn->stmts[c->st];
	if (mysql_stmt_param_count(h) != c->n)
		die("%s: %lu parameters, %zu given", db_statements[c->st].name,
		    mysql_stmt_param_count(h), c->n);
	if (!execute(conn, c, h))
		return false;
	if (c->columns != NULL)
		return read_rows(conn, c, h);
	conn->insert_id = mysql_stmt_insert_id(h);
	if (ret_affected != NULL)
		*ret_affected = mysql_stmt_affected_rows(h);
	return true;
}

static struct call
call_new(enum statement st, const struct db_param *params, size_t n)
{
	AN(st < ST__MAX);
	return (struct call){ .st = st,
		.params = params,
		.n = n,
		.columns = db_statements[st].row->columns,
		.size = db_statements[st].row->size };
}

/* Runs a call; returns ERR_OK or the result for its fault. */
static enum err
run(const struct db *db, struct call *c, uint64_t *ret_affected)
{
	const struct db_statement *t = &db_statements[c->st];
	const bool reads = t->access == DB_READS;
	unsigned tries = 0;

	while (!attempt(db->connection, c, ret_affected))
		if (c->count > 0 ||
		    !db_fault_again(db->connection, reads, ++tries))
			return db_fault_err(db, t->name, reads);
	return ERR_OK;
}

/* Dies unless the statement returns rows of the caller's struct size. */
static void
check_size(const struct call *c, size_t size)
{
	if (c->columns == NULL)
		die("%s: returns no rows", db_statements[c->st].name);
	if (c->size != size)
		die("%s: a row has %zu bytes, the struct given %zu",
		    db_statements[c->st].name, c->size, size);
}

static enum err
exec(const struct db *db, bool shown, enum statement st, uint64_t *ret_affected,
    const struct db_param *params, size_t n)
{
	struct call c = call_new(st, params, n);

	if (c.columns != NULL)
		die("%s: returns rows", db_statements[st].name);
	if (shown != (db_statements[st].access == DB_SHOWN))
		die("%s: run %s an account", db_statements[st].name,
		    shown ? "for" : "without");
	return run(db, &c, ret_affected);
}

enum err
db_execv(const struct db *db, enum statement st, uint64_t *ret_affected,
    const struct db_param *params, size_t n)
{
	return exec(db, false, st, ret_affected, params, n);
}

enum err
db_exec_one_shown(const struct db *db, enum statement st,
    uint64_t *ret_affected, const struct db_param *params, size_t n)
{
	return exec(db, true, st, ret_affected, params, n);
}

uint64_t
db_insert_id(const struct db *db)
{
	return db->connection->insert_id;
}

static bool
next_one(struct connection *conn, struct call *c)
{
	(void)conn;
	(void)c;
	return false;
}

enum err
db_onev(const struct db *db, enum statement st, void *row, size_t size,
    const struct db_param *params, size_t n)
{
	struct call c = call_new(st, params, n);
	enum err e;

	check_size(&c, size);
	c.arena = db->arena;
	c.row = row;
	c.next = next_one;
	e = run(db, &c, NULL);
	return e == ERR_OK && c.count == 0 ? ERR_NOT_FOUND : e;
}

static bool
next_each(struct connection *conn, struct call *c)
{
	conn->in_row = true;
	c->result = c->fn(c->arg, c->row);
	conn->in_row = false;
	arena_reset(conn->row);
	c->row = arena_alloc(conn->row, c->size);
	return c->result == ERR_OK;
}

enum err
db_eachv(const struct db *db, enum statement st, db_row_fn *fn, void *arg,
    const struct db_param *params, size_t n)
{
	struct call c = call_new(st, params, n);
	struct arena *a = db->connection->row;
	enum err e;

	check_size(&c, c.size);
	c.arena = a;
	c.next = next_each;
	c.fn = fn;
	c.arg = arg;
	c.row = arena_alloc(a, c.size);
	e = run(db, &c, NULL);
	arena_reset(a);
	return e != ERR_OK ? e : c.result;
}

/* Makes room for another row, which may not come. */
static bool
next_all(struct connection *conn, struct call *c)
{
	unsigned char *more;

	(void)conn;
	if (c->count > c->most)
		return false;
	if (c->count == c->room) {
		c->room *= 2;
		more = arena_array(c->arena, c->room, c->size);
		memcpy(more, c->rows, c->count * c->size);
		c->rows = more;
	}
	c->row = c->rows + c->count * c->size;
	return true;
}

enum err
db_allv(const struct db *db, enum statement st, size_t most, void *ret,
    size_t size, size_t *ret_n, const struct db_param *params, size_t n)
{
	struct call c = call_new(st, params, n);
	enum err e;

	check_size(&c, size);
	c.arena = db->arena;
	c.next = next_all;
	c.most = most;
	c.room = 16;
	c.rows = c.row = arena_array(c.arena, c.room, size);
	if ((e = run(db, &c, NULL)) != ERR_OK)
		return e;
	if (c.count > most)
		return why_log(db->why, ERR_TOO_LARGE, "%s: more than %zu rows",
		    db_statements[st].name, most);
	memcpy(ret, &c.rows, sizeof(c.rows));
	*ret_n = c.count;
	return ERR_OK;
}

enum err
db_countv(const struct db *db, enum statement st, uint64_t *ret,
    const struct db_param *params, size_t n)
{
	struct count row = { 0 };
	enum err e = db_onev(db, st, &row, sizeof(row), params, n);

	if (e == ERR_OK)
		*ret = row.count;
	return e;
}

enum err
db_check(const struct db *db, enum statement st, const struct db_row *row)
{
	struct connection *conn = db->connection;
	const char *sql = db_statements[st].sql;
	enum err e = ERR_OK;
	char text[200];
	MYSQL_STMT *h;

	if (!db_ready(conn))
		return db_fault_err(db, db_statements[st].name, true);
	if ((h = mysql_stmt_init(conn->my)) == NULL)
		die("out of memory");
	if (mysql_stmt_prepare(h, sql, strlen(sql)) != 0) {
		fail(conn, h, false);
		e = db_fault_err(db, db_statements[st].name, true);
	} else if (row_differs(h, row, text, sizeof(text))) {
		e = why_log(db->why, ERR_INTERNAL, "%s: %s",
		    db_statements[st].name, text);
	}
	mysql_stmt_close(h);
	return e;
}
