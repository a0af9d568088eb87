/* Faults: deadlocks, lost connections, a server that is killed. Each test
 * counts how often a write really happened. */
#include "config.h"

#include "db/db.h"

#include <check.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/rows.h"
#include "mariadb.h"

#define MS 1000 /* us, for usleep() */

static struct mariadb shared, own;
static struct mariadb *server;
static struct conf conf;
static struct why why;
static struct db handle = { .why = &why }, other_handle = { .why = &why };
static const struct db *db = &handle, *other = &other_handle;
static struct arena *arena;

static void
open_all(void)
{
	static const char *const drops[] = { "DROP TABLE IF EXISTS counter",
		"DROP TABLE IF EXISTS mark", "DROP TABLE IF EXISTS line",
		"DROP TABLE IF EXISTS account_versions" };
	size_t i;

	conf = mariadb_conf(server);
	handle.connection = db_open(&conf);
	other_handle.connection = db_open(&conf);
	handle.arena = arena = arena_new(1 << 26);
	for (i = 0; i < sizeof(drops) / sizeof(drops[0]); i++)
		ck_assert_int_eq(db_run_sql(db, drops[i]), ERR_OK);
	ck_assert_int_eq(db_exec(db, ST_MAKE_VERSIONS, NULL), ERR_OK);
	ck_assert_int_eq(db_exec(db, ST_MAKE_COUNTER, NULL), ERR_OK);
	ck_assert_int_eq(db_exec(db, ST_MAKE_MARK, NULL), ERR_OK);
	for (i = 1; i <= 2; i++)
		ck_assert_int_eq(db_exec(db, ST_COUNTER_ADD, NULL, p_u64(i)),
		    ERR_OK);
}

static void
setup_shared(void)
{
	server = &shared;
	open_all();
}

static void
setup_own(void)
{
	server = &own;
	mariadb_new(&own);
	open_all();
}

static void
teardown(void)
{
	arena_free(arena);
	db_close(db->connection);
	db_close(other->connection);
}

static void
teardown_own(void)
{
	teardown();
	mariadb_put(&own);
}

static uint32_t
counter(unsigned id)
{
	struct counter c = { 0 };
	struct why w = { 0 };
	const struct db quiet = { other->connection, &w, arena };
	enum err e = db_one(&quiet, ST_COUNTER_GET, &c, p_u64(id));

	ck_assert_msg(e == ERR_OK, "%s", w.detail);
	return c.n;
}

static uint64_t
connection(const struct db *d)
{
	struct session s = { 0 };

	ck_assert_int_eq(db_one(d, ST_SESSION, &s), ERR_OK);
	return s.connection;
}

/* Kills db's connection from another one. */
/* Counters shared by this process and its children. */
static atomic_int *here;

static void
count_here(void)
{
	here = mmap(NULL, sizeof(*here), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(here != MAP_FAILED);
}

static void
await(int n)
{
	for (int i = 0; i < 20000 && atomic_load(here) < n; i++)
		usleep(MS);
	ck_assert_int_ge(atomic_load(here), n);
}

static void
cut(uint64_t id)
{
	ck_assert_int_eq(db_exec(other, ST_KILL, NULL, p_u64(id)), ERR_OK);
	usleep(50 * MS);
}

/* Does something to the server or a connection after a delay, from another
 * process. */
static pid_t
later(unsigned ms, void (*fn)(uint64_t arg), uint64_t arg)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		usleep(ms * MS);
		fn(arg);
		_exit(0);
	}
	return pid;
}

static void
wait_for(pid_t pid)
{
	int status = 0;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

static void
kill_server(uint64_t pid)
{
	kill((pid_t)pid, SIGKILL);
}

static void
cut_later(uint64_t id)
{
	other_handle.connection = db_open(&conf);
	cut(id);
	db_close(other->connection);
}

static enum err
up(const struct db *d, unsigned id)
{
	uint64_t n = 0;
	enum err e = db_exec(d, ST_COUNTER_UP, &n, p_u64(id));

	ck_assert(e != ERR_OK || n == 1);
	return e;
}

/* ---- transactions ---- */

static enum err
up_and_refuse(const struct db *d, void *arg)
{
	(void)arg;
	ck_assert_int_eq(up(d, 1), ERR_OK);
	return why_set(&why, WHY_OWNER_ONLY);
}

START_TEST(failure_rolls_back)
{
	ck_assert_int_eq(db_transaction(db, up_and_refuse, NULL),
	    ERR_FORBIDDEN);
	ck_assert_int_eq(why.reason, WHY_OWNER_ONLY);
	ck_assert_uint_eq(counter(1), 0);
	ck_assert_int_eq(up(db, 1), ERR_OK);
	ck_assert_uint_eq(counter(1), 1);
}
END_TEST

static enum err
nest(const struct db *d, void *arg)
{
	return db_transaction(d, up_and_refuse, arg);
}

START_TEST(nested_dies)
{
	enum err e = db_transaction(db, nest, NULL);

	(void)e;
}
END_TEST

START_TEST(clean_rolls_back)
{
	ck_assert_int_eq(db_run_sql(db, "START TRANSACTION"), ERR_OK);
	ck_assert_int_eq(up(db, 1), ERR_OK);
	db_clean(db->connection);
	ck_assert_int_eq(up(db, 2), ERR_OK);
	db_clean(db->connection);
	ck_assert_uint_eq(counter(1), 0);
	ck_assert_uint_eq(counter(2), 1);
}
END_TEST

/* ---- what accounts show ---- */

static unsigned told[ACCOUNT_SLOTS]; /* number of calls, by slot */

/* After the COMMIT others see what was written. */
static void
on_change(void *arg, unsigned slot)
{
	const unsigned *least = arg;

	ck_assert_uint_ge(counter(1), *least);
	told[slot]++;
}

static uint64_t
version(unsigned slot)
{
	uint64_t n = 0;

	ck_assert_int_eq(db_count(other, ST_VERSION_GET, &n, p_u64(slot)),
	    ERR_OK);
	return n;
}

static enum err
show(uint64_t account, enum statement st, uint64_t value)
{
	return db_exec_shown(db, account, st, NULL, p_u64(value));
}

START_TEST(shown_alone)
{
	unsigned least = 1;

	memset(told, 0, sizeof(told));
	db_on_change(db->connection, on_change, &least);
	ck_assert_int_eq(show(5, ST_COUNTER_SHOWN, 1), ERR_OK);
	ck_assert_uint_eq(version(5), 1);
	ck_assert_uint_eq(told[5], 1);
	least = 2;
	ck_assert_int_eq(show(5 + ACCOUNT_SLOTS, ST_COUNTER_SHOWN, 1), ERR_OK);
	ck_assert_uint_eq(version(5), 2);
	ck_assert_uint_eq(told[5], 2);
	/* The last slot; and nothing else has changed. */
	ck_assert_int_eq(show(ACCOUNT_SLOTS - 1, ST_COUNTER_SHOWN, 2), ERR_OK);
	ck_assert_uint_eq(version(ACCOUNT_SLOTS - 1), 1);
	ck_assert_uint_eq(told[ACCOUNT_SLOTS - 1], 1);
	ck_assert_uint_eq(told[5], 2);
	ck_assert_uint_eq(counter(1), 2);
	/* The id of the write is still available. */
	ck_assert_int_eq(db_exec(db, ST_MAKE_LINES, NULL), ERR_OK);
	ck_assert_int_eq(show(6, ST_LINE_SHOWN, 1), ERR_OK);
	ck_assert_int_eq(show(6, ST_LINE_SHOWN, 1), ERR_OK);
	ck_assert_uint_eq(db_insert_id(db), 2);
}
END_TEST

static enum err
show_and_refuse(const struct db *d, void *arg)
{
	(void)arg;
	ck_assert_int_eq(show(7, ST_COUNTER_SHOWN, 1), ERR_OK);
	return up_and_refuse(d, NULL);
}

/* The connection is lost in the first run; only the second run counts. */
static enum err
show_and_lose(const struct db *d, void *arg)
{
	unsigned *runs = arg;
	enum err e = show(++*runs == 1 ? 8 : 9, ST_COUNTER_SHOWN, 1);

	if (e == ERR_OK && *runs == 1)
		cut(connection(d));
	return e != ERR_OK ? e : up(d, 2);
}

START_TEST(shown_in_a_transaction)
{
	unsigned least = 0, runs = 0;

	memset(told, 0, sizeof(told));
	db_on_change(db->connection, on_change, &least);
	ck_assert_int_eq(db_transaction(db, show_and_refuse, NULL),
	    ERR_FORBIDDEN);
	ck_assert_uint_eq(version(7) + told[7], 0);
	least = 1;
	ck_assert_int_eq(db_transaction(db, show_and_lose, &runs), ERR_OK);
	ck_assert_uint_eq(runs, 2);
	ck_assert_uint_eq(version(7) + version(8), 0);
	ck_assert_uint_eq(told[7] + told[8], 0);
	ck_assert_uint_eq(version(9), 1);
	ck_assert_uint_eq(told[9], 1);
	/* A write that changes nothing visible is not reported. */
	ck_assert_int_eq(up(db, 1), ERR_OK);
	ck_assert_uint_eq(told[9], 1);
}
END_TEST

struct cross {
	unsigned first;
	unsigned second;
	unsigned runs;
	bool deaf; /* continues after an error and reports success */
};

static enum err
cross(const struct db *d, void *arg)
{
	struct cross *c = arg;
	enum err e;

	c->runs++;
	if ((e = up(d, c->first)) != ERR_OK && !c->deaf)
		return e;
	if (c->runs == 1) {
		atomic_fetch_add(here, 1);
		await(2); /* both hold one lock now */
	}
	if ((e = up(d, c->second)) != ERR_OK && !c->deaf)
		return e;
	return ERR_OK;
}

/* Two processes lock two rows in opposite order: one of them loses and runs
 * again, and in the end both have counted. */
START_TEST(deadlock_runs_again)
{
	struct cross mine = { .first = 1, .second = 2, .deaf = _i == 1 };
	unsigned *runs = mmap(NULL, sizeof(*runs), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct cross theirs = { .first = 2, .second = 1, .deaf = _i == 1 };
	struct db fresh;
	const struct db *d = &fresh;
	pid_t pid;

	count_here();
	pid = fork();
	if (pid == 0) {
		fresh = (struct db){ db_open(&conf), &why, arena };
		if (db_transaction(d, cross, &theirs) != ERR_OK)
			_exit(1);
		*runs = theirs.runs;
		_exit(0);
	}
	ck_assert_int_eq(db_transaction(db, cross, &mine), ERR_OK);
	wait_for(pid);
	ck_assert_str_eq(why.detail, "");
	ck_assert_uint_gt(mine.runs + *runs, 2);
	ck_assert_uint_eq(counter(1), 2);
	ck_assert_uint_eq(counter(2), 2);
}
END_TEST

/* One process holds the lock on the next id and waits for a row; the row's
 * holder wants the next id. */
static enum err
lines_of_all(const struct db *d, void *arg)
{
	unsigned *runs = arg;

	if (++*runs == 1)
		await(1); /* the other holds the row */
	return db_exec(d, ST_LINE_COUNTERS, NULL);
}

static enum err
up_and_line(const struct db *d, void *arg)
{
	unsigned *runs = arg;
	enum err e;

	++*runs;
	if ((e = up(d, 2)) != ERR_OK)
		return e;
	if (*runs == 1) {
		atomic_fetch_add(here, 1);
		usleep(600 * MS); /* until the other waits for the row */
	}
	return db_exec(d, ST_LINE_ADD, NULL, p_u64(7));
}

START_TEST(deadlock_of_ids_runs_again)
{
	unsigned mine = 0,
		 *runs = mmap(NULL, sizeof(*runs), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t n;
	pid_t pid;

	ck_assert_int_eq(db_run_sql(db, "DROP TABLE IF EXISTS line"), ERR_OK);
	ck_assert_int_eq(db_exec(db, ST_MAKE_LINES, NULL), ERR_OK);
	count_here();
	if ((pid = fork()) == 0) {
		const struct db fresh = { db_open(&conf), &why, arena };

		_exit(db_transaction(&fresh, lines_of_all, runs) != ERR_OK);
	}
	ck_assert_int_eq(db_transaction(db, up_and_line, &mine), ERR_OK);
	wait_for(pid);
	ck_assert_str_eq(why.detail, "");
	ck_assert_uint_gt(mine + *runs, 2);
	ck_assert_int_eq(db_count(db, ST_LINE_COUNT, &n), ERR_OK);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(counter(2), 1);
}
END_TEST

static enum err
cross_again(const struct db *d, void *arg)
{
	enum err e = cross(d, arg);

	if (e == ERR_OK)
		return ERR_OK;
	/* The connection is lost: nothing more of this transaction may reach
	 * the server. */
	ck_assert_int_eq(e, ERR_RETRY);
	ck_assert_int_eq(up(d, 1), ERR_RETRY);
	return e;
}

START_TEST(nothing_runs_after_a_deadlock)
{
	struct cross mine = { .first = 1, .second = 2 };
	struct cross theirs = { .first = 2, .second = 1 };
	struct db fresh;
	const struct db *d = &fresh;
	pid_t pid;

	count_here();
	pid = fork();
	if (pid == 0) {
		fresh = (struct db){ db_open(&conf), &why, arena };
		_exit(db_transaction(d, cross_again, &theirs) != ERR_OK);
	}
	ck_assert_int_eq(db_transaction(db, cross_again, &mine), ERR_OK);
	wait_for(pid);
	ck_assert_uint_eq(counter(1), 2);
	ck_assert_uint_eq(counter(2), 2);
}
END_TEST

static enum err
read_and_up(const struct db *d, void *arg)
{
	unsigned *runs = arg;
	struct counter c;
	enum err e;

	e = db_one(d, ST_COUNTER_GET, &c, p_u64(1));
	if (e != ERR_OK)
		return e;
	if (++*runs == 1)
		ck_assert_int_eq(up(other, 1), ERR_OK);
	return up(d, 1);
}

/* The server refuses to lock a row that has changed since it was read. */
START_TEST(changed_row_runs_again)
{
	unsigned runs = 0;

	ck_assert_int_eq(
	    db_run_sql(db,
		"SET "
		"innodb_snapshot_isolation=ON, tx_isolation='REPEATABLE-READ'"),
	    ERR_OK);
	ck_assert_int_eq(db_transaction(db, read_and_up, &runs), ERR_OK);
	ck_assert_uint_eq(runs, 2);
	ck_assert_uint_eq(counter(1), 2);
}
END_TEST

static void
hold_lock(uint64_t ms)
{
	const struct db fresh = { db_open(&conf), &why, arena };
	const struct db *d = &fresh;

	ck_assert_int_eq(db_run_sql(d, "START TRANSACTION"), ERR_OK);
	ck_assert_int_eq(up(d, 1), ERR_OK);
	atomic_fetch_add(here, 1);
	usleep((useconds_t)ms * MS);
	ck_assert_int_eq(db_run_sql(d, "COMMIT"), ERR_OK);
	db_close(d->connection);
}

static enum err
up_one(const struct db *d, void *arg)
{
	unsigned *runs = arg;

	(*runs)++;
	return up(d, 1);
}

START_TEST(lock_wait)
{
	unsigned runs = 0;
	pid_t pid;

	count_here();
	pid = later(0, hold_lock, 1600);
	await(1);
	ck_assert_int_eq(db_run_sql(db, "SET innodb_lock_wait_timeout=1"),
	    ERR_OK);
	ck_assert_int_eq(up(db, 1), ERR_RETRY);
	ck_assert_uint_eq(why.retry_after, 1);
	ck_assert_ptr_nonnull(strstr(why.detail, "COUNTER_UP: 1205"));
	wait_for(pid);
	pid = later(0, hold_lock, 1600);
	await(2);
	ck_assert_int_eq(db_transaction(db, up_one, &runs), ERR_OK);
	ck_assert_uint_eq(runs, 2);
	wait_for(pid);
	ck_assert_uint_eq(counter(1), 3);
}
END_TEST

/* ---- a connection that is cut ---- */

START_TEST(cut_while_idle)
{
	const uint64_t id = connection(db);

	cut(id);
	ck_assert_int_eq(up(db, 1), ERR_OK);
	ck_assert_uint_eq(counter(1), 1);
	ck_assert(connection(db) != id);
	cut(connection(db));
	ck_assert_int_eq(db_ping(db), ERR_OK);
	cut(connection(db));
	ck_assert_uint_gt(connection(db), id);
	ck_assert_str_eq(why.detail, "");
}
END_TEST

START_TEST(cut_while_reading)
{
	struct nap nap = { .nap = 9 };
	pid_t pid = later(300, cut_later, connection(db));

	ck_assert_int_eq(db_one(db, ST_SLOW, &nap, p_real(1)), ERR_OK);
	ck_assert_int_eq(nap.nap, 0);
	wait_for(pid);
}
END_TEST

struct walk {
	uint64_t rows;
	uint64_t connection;
};

static enum err
cut_in_row(void *arg, const void *row)
{
	struct walk *w = arg;

	(void)row;
	if (++w->rows == 1000)
		cut(w->connection);
	return ERR_OK;
}

/* Rows have been delivered, so it must not run again. */
START_TEST(cut_between_rows)
{
	struct walk w = { .connection = connection(db) };

	ck_assert_int_eq(db_each(db, ST_SEQ, cut_in_row, &w), ERR_RETRY);
	ck_assert_uint_ge(w.rows, 1000);
	ck_assert_uint_lt(w.rows, 1000000);
	ck_assert_ptr_nonnull(strstr(why.detail, "SEQ: "));
	why_clear(&why);
	ck_assert_int_eq(up(db, 1), ERR_OK);
	ck_assert(connection(db) != w.connection);
}
END_TEST

struct cuts {
	unsigned runs;
	bool before_commit;
	bool deaf;
};

static enum err
cut_inside(const struct db *d, void *arg)
{
	struct cuts *c = arg;
	const uint64_t id = connection(d);
	enum err e = up(d, 1);

	if (e == ERR_OK && ++c->runs == 1) {
		cut(id);
		if (!c->before_commit)
			e = up(d, 2);
	}
	return c->deaf ? ERR_OK : e;
}

/* Nothing is committed yet, so all of it runs again. */
START_TEST(cut_in_transaction)
{
	struct cuts c = { .before_commit = _i == 1, .deaf = _i == 2 };

	ck_assert_int_eq(db_transaction(db, cut_inside, &c), ERR_OK);
	ck_assert_uint_eq(c.runs, 2);
	ck_assert_uint_eq(counter(1), 1);
	ck_assert_uint_eq(counter(2), 0);
	ck_assert_str_eq(why.detail, "");
}
END_TEST

/* ---- a server that is killed ---- */

START_TEST(away_and_back)
{
	struct counter c = { 0 };
	int64_t start;

	ck_assert_int_eq(up(db, 1), ERR_OK);
	ck_assert_uint_eq(counter(1), 1);
	mariadb_kill(server);
	start = clock_tick();
	ck_assert_int_eq(db_one(db, ST_COUNTER_GET, &c, p_u64(1)), ERR_RETRY);
	ck_assert_uint_eq(why.retry_after, 5);
	ck_assert_ptr_nonnull(strstr(why.detail, "COUNTER_GET: "));
	ck_assert_int_eq(why.reason, WHY_NONE);
	ck_assert_int_eq(up(db, 1), ERR_RETRY);
	ck_assert_int_eq(db_ping(db), ERR_RETRY);
	ck_assert_int_lt(clock_tick() - start, 2000000);
	mariadb_start(server);
	ck_assert_int_eq(up(db, 1), ERR_OK);
	ck_assert_uint_eq(counter(1), 2);
}
END_TEST

/* The connection is found dead before the statement is sent: it runs once. */
START_TEST(restarted_while_idle)
{
	struct counter c = { 0 };

	ck_assert_int_eq(up(db, 1), ERR_OK);
	mariadb_kill(server);
	mariadb_start(server);
	ck_assert_int_eq(up(db, 1), ERR_OK);
	mariadb_kill(server);
	mariadb_start(server);
	ck_assert_int_eq(db_one(db, ST_COUNTER_GET, &c, p_u64(1)), ERR_OK);
	ck_assert_uint_eq(c.n, 2);
	ck_assert_str_eq(why.detail, "");
}
END_TEST

START_TEST(killed_while_writing)
{
	pid_t pid = later(300, kill_server, (uint64_t)server->pid);

	ck_assert_int_eq(db_exec(db, ST_COUNTER_UP_SLOW, NULL, p_u64(1),
			     p_real(2)),
	    ERR_UNCERTAIN);
	ck_assert_ptr_nonnull(strstr(why.detail, "COUNTER_UP_SLOW: "));
	wait_for(pid);
	mariadb_kill(server);
	mariadb_start(server);
	ck_assert_uint_le(counter(1), 1);
	why_clear(&why);
	ck_assert_int_eq(up(db, 1), ERR_OK);
}
END_TEST

/* Whether the server is stopped. */
static bool
is_frozen(void)
{
	char path[40], line[200], state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)server->pid);
	ck_assert_ptr_nonnull(f = fopen(path, "r"));
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "State:\t", 7) == 0)
			state = line[7];
	fclose(f);
	return state == 'T';
}

struct freeze {
	unsigned runs;
	pid_t killer;
};

static enum err
freeze_before_commit(const struct db *d, void *arg)
{
	struct freeze *f = arg;

	f->runs++;
	ck_assert_int_eq(up(d, 1), ERR_OK);
	kill(server->pid, SIGSTOP);
	while (!is_frozen())
		usleep(MS);
	usleep(100 * MS); /* the threads, too */
	f->killer = later(500, kill_server, (uint64_t)server->pid);
	return ERR_OK;
}

/* COMMIT was sent and nothing came back: reported, and not run again. */
START_TEST(killed_while_committing)
{
	struct freeze f = { 0 };

	ck_assert_int_eq(db_transaction(db, freeze_before_commit, &f),
	    ERR_UNCERTAIN);
	ck_assert_uint_eq(f.runs, 1);
	ck_assert_ptr_nonnull(strstr(why.detail, "COMMIT: "));
	wait_for(f.killer);
	mariadb_kill(server);
	mariadb_start(server);
	ck_assert_uint_le(counter(1), 1);
}
END_TEST

/* ---- a server that is killed again and again, under load ---- */

#define MOST_MARKS 400000

struct load {
	volatile bool stop;
	unsigned n;
	unsigned tally[ERR__MAX];
	unsigned char result[MOST_MARKS]; /* of each mark, an enum err */
};

static enum err
mark_and_count(const struct db *d, void *arg)
{
	const unsigned *id = arg;
	enum err e = db_exec(d, ST_MARK_ADD, NULL, p_u64(*id));

	return e == ERR_OK ? up(d, 1) : e;
}

/* Every second mark is a statement of its own, the others are in transactions
 * together with the counter. */
static void
load_run(struct load *l)
{
	const struct db fresh = { db_open(&conf), &why, arena };
	const struct db *d = &fresh;
	enum err e;

	while (!l->stop && l->n < MOST_MARKS) {
		why_clear(&why);
		if (l->n % 2 == 0)
			e = db_exec(d, ST_MARK_ADD, NULL, p_u64(l->n));
		else
			e = db_transaction(d, mark_and_count, &l->n);
		l->result[l->n++] = (unsigned char)e;
		l->tally[e]++;
		if (e != ERR_OK)
			usleep(5 * MS);
	}
	db_close(d->connection);
}

static enum err
mark_seen(void *arg, const void *row)
{
	const struct mark *m = row;
	bool *seen = arg;

	ck_assert_uint_lt(m->id, MOST_MARKS);
	seen[m->id] = true;
	return ERR_OK;
}

static void
check_load(const struct load *l)
{
	bool *seen = calloc(MOST_MARKS, 1);
	uint32_t least = 0, most = 0;
	unsigned i;

	ck_assert_int_eq(db_each(db, ST_MARK_LIST, mark_seen, seen), ERR_OK);
	for (i = 0; i < l->n; i++) {
		if (l->result[i] == ERR_OK)
			ck_assert_msg(seen[i], "mark %u is lost", i);
		else if (l->result[i] == ERR_RETRY)
			ck_assert_msg(!seen[i], "mark %u: not done, but there",
			    i);
		else
			ck_assert_int_eq(l->result[i], ERR_UNCERTAIN);
		least += i % 2 == 1 && l->result[i] == ERR_OK;
		most += i % 2 == 1 && seen[i];
	}
	ck_assert_uint_ge(counter(1), least);
	ck_assert_uint_eq(counter(1), most);
	free(seen);
}

START_TEST(killed_under_load)
{
	struct load *l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();
	unsigned i, before;

	if (pid == 0) {
		load_run(l);
		_exit(0);
	}
	for (i = 0; i < 6; i++) {
		usleep((300 + i * 37) * MS);
		mariadb_kill(server);
		usleep(50 * MS);
		mariadb_start(server);
		/* It recovers without help. */
		before = l->tally[ERR_OK];
		for (int j = 0; j < 10000 && l->tally[ERR_OK] == before; j++)
			usleep(MS);
		ck_assert_uint_gt(l->tally[ERR_OK], before);
	}
	l->stop = true;
	wait_for(pid);
	ck_assert_uint_gt(l->tally[ERR_RETRY], 0);
	check_load(l);
}
END_TEST

/* As above, but the server closes the connection instead of being killed. */
START_TEST(cut_under_load)
{
	struct load *l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t id = connection(db) + 1; /* the load's */
	pid_t pid = fork();
	unsigned i, cuts = 0;
	struct why w;
	const struct db quiet = { db->connection, &w, arena };
	enum err e;

	if (pid == 0) {
		load_run(l);
		_exit(0);
	}
	for (i = 0; i < 400; i++) {
		usleep(3 * MS + i * 7);
		why_clear(&w);
		e = db_exec(&quiet, ST_KILL, NULL, p_u64(id));
		if (e == ERR_OK) {
			cuts++;
			id++;
		} else { /* 1094: the connection does not exist, or not yet */
			ck_assert_int_eq(e, ERR_INTERNAL);
		}
	}
	l->stop = true;
	wait_for(pid);
	ck_assert_uint_gt(cuts, 100);
	ck_assert_uint_gt(l->tally[ERR_OK], 100);
	check_load(l);
}
END_TEST

START_TEST(wrong_password)
{
	char path[] = "/tmp/vitrine-password-XXXXXX";
	int fd = mkstemp(path);
	struct conf c = conf;
	struct db fresh;
	const struct db *d = &fresh;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "s3cret\nmore\n", 12), 12);
	close(fd);
	c.database_password_file = path;
	fresh = (struct db){ db_open(&c), &why, arena };
	ck_assert_int_eq(db_ping(d), ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(why.detail, "1045"));
	ck_assert_ptr_null(strstr(why.detail, "s3cret"));
	ck_assert_int_eq(db_run_sql(db,
			     "CREATE OR REPLACE USER "
			     "vitrine_p@localhost IDENTIFIED BY 's3cret'"),
	    ERR_OK);
	ck_assert_int_eq(db_run_sql(db,
			     "GRANT ALL ON *.* TO vitrine_p@localhost"),
	    ERR_OK);
	db_close(d->connection);
	c.database_user = "vitrine_p";
	fresh = (struct db){ db_open(&c), &why, arena };
	why_clear(&why);
	ck_assert_int_eq(db_ping(d), ERR_OK);
	ck_assert_int_eq(db_run_sql(db, "DROP USER vitrine_p@localhost"),
	    ERR_OK);
	db_close(d->connection);
	unlink(path);
	fresh = (struct db){ db_open(&c), &why, arena };
	ck_assert_int_eq(db_ping(d), ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(why.detail, "password_file"));
	db_close(d->connection);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("db_fault");
	TCase *t = tcase_create("shared"), *o = tcase_create("own");
	SRunner *r = srunner_create(s);
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, setup_shared, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, failure_rolls_back);
	tcase_add_test_raise_signal(t, nested_dies, SIGABRT);
	tcase_add_test(t, clean_rolls_back);
	tcase_add_test(t, shown_alone);
	tcase_add_test(t, shown_in_a_transaction);
	tcase_add_loop_test(t, deadlock_runs_again, 0, 2);
	tcase_add_test(t, deadlock_of_ids_runs_again);
	tcase_add_test(t, changed_row_runs_again);
	tcase_add_test(t, nothing_runs_after_a_deadlock);
	tcase_add_test(t, lock_wait);
	tcase_add_test(t, cut_while_idle);
	tcase_add_test(t, cut_while_reading);
	tcase_add_test(t, cut_between_rows);
	tcase_add_loop_test(t, cut_in_transaction, 0, 3);
	tcase_add_test(t, wrong_password);
	suite_add_tcase(s, t);

	tcase_add_checked_fixture(o, setup_own, teardown_own);
	tcase_set_timeout(o, 120);
	tcase_add_test(o, away_and_back);
	tcase_add_test(o, restarted_while_idle);
	tcase_add_test(o, killed_while_writing);
	tcase_add_test(o, killed_while_committing);
	tcase_add_test(o, killed_under_load);
	tcase_add_test(o, cut_under_load);
	suite_add_tcase(s, o);

	mariadb_get(&shared);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	mariadb_put(&shared);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
