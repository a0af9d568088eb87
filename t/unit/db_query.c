/* Statements against a real server: types, rows, results, maps. */
#include "config.h"

#include "db/db.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/rows.h"
#include "mariadb.h"

#define LONG 100000

static struct mariadb server;
static struct conf conf;
static struct why why;
static struct db handle = { .why = &why };
static const struct db *db = &handle;
static struct arena *arena;

static void
setup(void)
{
	conf = mariadb_conf(&server);
	handle.connection = db_open(&conf);
	handle.arena = arena = arena_new(1 << 26);
	ck_assert_int_eq(db_run_sql(db, "DROP TABLE IF EXISTS types"), ERR_OK);
	ck_assert_int_eq(db_exec(db, ST_MAKE_TYPES, NULL), ERR_OK);
}

static void
teardown(void)
{
	arena_free(arena);
	db_close(db->connection);
}

static uint64_t
add(const struct types *t)
{
	uint64_t n = 0;
	enum err e = db_exec(db, ST_TYPES_ADD, &n, p_u64(t->u64), p_i64(t->i64),
	    p_u64(t->u32), p_bool(t->truth), p_real(t->number),
	    p_text(t->words), p_bytes(t->bytes.p, t->bytes.n), p_time(t->at),
	    p_uuid(&t->uuid), p_hash(&t->hash));

	ck_assert_msg(e == ERR_OK, "%s", why.detail);
	ck_assert_uint_eq(n, 1);
	return db_insert_id(db);
}

static struct types
get(uint64_t id)
{
	struct types t = { 0 };
	enum err e = db_one(db, ST_TYPES_BY_ID, &t, p_u64(id));

	ck_assert_msg(e == ERR_OK, "%d %s", e, why.detail);
	ck_assert_uint_eq(t.id, id);
	return t;
}

static void
check_same(const struct types *a, const struct types *b)
{
	ck_assert_uint_eq(a->u64, b->u64);
	ck_assert_int_eq(a->i64, b->i64);
	ck_assert_uint_eq(a->u32, b->u32);
	ck_assert_int_eq(a->truth, b->truth);
	ck_assert_double_eq(a->number, b->number);
	ck_assert_str_eq(a->words, b->words);
	ck_assert_uint_eq(a->bytes.n, b->bytes.n);
	ck_assert_mem_eq(a->bytes.p, b->bytes.p, b->bytes.n);
	ck_assert_int_eq(a->at, b->at);
	ck_assert_mem_eq(&a->uuid, &b->uuid, sizeof(b->uuid));
	ck_assert_mem_eq(&a->hash, &b->hash, sizeof(b->hash));
}

static const struct types samples[] = {
	{ .u64 = UINT64_MAX,
	    .i64 = INT64_MIN,
	    .u32 = UINT32_MAX,
	    .truth = true,
	    .number = 0.1,
	    .words = "\xF0\x9F\x98\x80 caf\xC3\xA9 'x' \\ \"y\" ; -- \xF0\x9F"
		     "\x98\x81",
	    .bytes = { (const void *)"\0\xFF\0", 3 },
	    .at = INT64_C(1709893834567),
	    .uuid.b = { 1, 0, 255 },
	    .hash.b = { 9, 0, 0, 255 } },
	{ .i64 = INT64_MAX,
	    .number = -1e300,
	    .words = "",
	    .bytes = { (const void *)"", 0 },
	    .at = 0 },
	{ .i64 = -1,
	    .words = " trailing  ",
	    .bytes = { (const void *)" ", 1 },
	    .at = INT64_C(253402300799999),
	    .uuid.b = { [15] = 32 } },
	{ .words = "\x01\t\n",
	    .bytes = { (const void *)"\0", 1 },
	    .at = -1,
	    .uuid.b = { [15] = 1 } },
	{ .words = "before 1970",
	    .bytes = { (const void *)"x", 1 },
	    .at = INT64_C(-2208988800001),
	    .uuid.b = { [15] = 2 } },
	{ .words = "the first day",
	    .bytes = { (const void *)"x", 1 },
	    .at = INT64_C(-62135596800000),
	    .uuid.b = { [15] = 3 } },
};

START_TEST(round_trip)
{
	const struct types back = get(add(&samples[_i]));

	check_same(&back, &samples[_i]);
}
END_TEST

/* Around the size of a cell, and far beyond it. */
static const size_t lengths[] = { 0, 1, 254, 255, 256, 257, 65535, 65536, LONG,
	5 << 20 };

START_TEST(long_values)
{
	const size_t n = lengths[_i];
	struct types t = { .at = 0 }, back;
	char *words = arena_alloc(arena, n + 1);
	unsigned char *bytes = arena_alloc(arena, n + 1);
	size_t i;

	for (i = 0; i < n; i++) {
		words[i] = (char)('a' + i % 26);
		bytes[i] = (unsigned char)(i * 7);
	}
	t.words = words;
	t.bytes = (struct db_bytes){ bytes, n };
	back = get(add(&t));
	check_same(&back, &t);
}
END_TEST

START_TEST(nulls)
{
	struct types t;
	enum err e = db_exec(db, ST_TYPES_ADD, NULL, p_null(), p_null(),
	    p_null(), p_null(), p_null(), p_text(NULL), p_bytes(NULL, 5),
	    p_time(CLOCK_NONE), p_uuid(NULL), p_hash(NULL));

	ck_assert_int_eq(e, ERR_OK);
	/* Data of an earlier row in the cells must not appear. */
	add(&samples[0]);
	get(db_insert_id(db));
	t = get(db_insert_id(db) - 1);
	ck_assert_uint_eq(t.u64, 0);
	ck_assert_int_eq(t.i64, 0);
	ck_assert_uint_eq(t.u32, 0);
	ck_assert(!t.truth);
	ck_assert_double_eq(t.number, 0);
	ck_assert_ptr_null(t.words);
	ck_assert_ptr_null(t.bytes.p);
	ck_assert_uint_eq(t.bytes.n, 0);
	ck_assert_int_eq(t.at, CLOCK_NONE);
	ck_assert_mem_eq(&t.uuid, &(struct uuid){ { 0 } }, sizeof(t.uuid));
	ck_assert_mem_eq(&t.hash, &(struct hash){ { 0 } }, sizeof(t.hash));
}
END_TEST

START_TEST(found_by_text_and_time)
{
	const uint64_t id = add(&samples[0]);
	struct db_id found = { 0 };

	ck_assert_int_eq(db_one(db, ST_TYPES_ID_LIKE, &found,
			     p_text(samples[0].words), p_time(samples[0].at)),
	    ERR_OK);
	ck_assert_uint_eq(found.id, id);
	ck_assert_int_eq(db_one(db, ST_TYPES_ID_LIKE, &found,
			     p_text(samples[0].words),
			     p_time(samples[0].at + 1)),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(results)
{
	struct types t = { .at = 0 };
	uint64_t n = 99;

	t.words = "secret";
	add(&samples[1]);
	/* All three have a UUID of zeros. */
	ck_assert_int_eq(db_exec(db, ST_TYPES_ADD, NULL, p_null(), p_null(),
			     p_null(), p_null(), p_null(), p_text("secret"),
			     p_null(), p_null(), p_uuid(&samples[1].uuid),
			     p_null()),
	    ERR_CONFLICT);
	ck_assert_str_eq(why.detail, "");
	ck_assert_int_eq(why.reason, WHY_NONE);
	ck_assert_int_eq(db_one(db, ST_TYPES_BY_ID, &t, p_u64(4711)),
	    ERR_NOT_FOUND);
	ck_assert_str_eq(why.detail, "");
	ck_assert_int_eq(db_exec(db, ST_TYPES_TOUCH, &n, p_u64(4711)), ERR_OK);
	ck_assert_uint_eq(n, 0);
	/* The second time nothing changes: the row still counts. */
	ck_assert_int_eq(db_exec(db, ST_TYPES_TOUCH, &n, p_u64(1)), ERR_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(db_exec(db, ST_TYPES_TOUCH, &n, p_u64(1)), ERR_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(db_exec(db, ST_SYNTAX, NULL), ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(why.detail, "SYNTAX: 1064"));
}
END_TEST

/* The server's message about a wrong value contains the value. */
START_TEST(no_values_in_the_log)
{
	ck_assert_int_eq(db_exec(db, ST_TYPES_ADD, NULL, p_text("my password"),
			     p_null(), p_null(), p_null(), p_null(), p_null(),
			     p_null(), p_text("my secret"), p_null(), p_null()),
	    ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(why.detail, "TYPES_ADD: "));
	ck_assert_ptr_null(strstr(why.detail, "password"));
	ck_assert_ptr_null(strstr(why.detail, "secret"));
}
END_TEST

START_TEST(value_that_does_not_fit)
{
	struct big t = { 0 };
	const uint64_t id = add(&samples[0]);

	ck_assert_int_eq(db_one(db, ST_TYPES_BIG, &t, p_u64(id)), ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(why.detail, "column u32"));
	get(id);
}
END_TEST

static uint64_t
add_words(struct db_param words)
{
	ck_assert_int_eq(db_exec(db, ST_TYPES_ADD, NULL, p_null(), p_null(),
			     p_null(), p_null(), p_null(), words, p_null(),
			     p_null(), p_null(), p_null()),
	    ERR_OK);
	return db_insert_id(db);
}

START_TEST(word_round_trip)
{
	struct worded t = { .size = SIZE_SMALL };
	uint64_t id = add_words(p_word(&sizes, (unsigned)_i));

	ck_assert_int_eq(db_one(db, ST_TYPES_WORD, &t, p_u64(id)), ERR_OK);
	ck_assert_uint_eq(t.id, id);
	ck_assert_int_eq((int)t.size, _i);
}
END_TEST

static const char *const unknown[] = { "", "medium", "smal", "small ", "Small",
	"smalllarge" };

START_TEST(unknown_word)
{
	struct worded t = { 0 };
	uint64_t id = add_words(p_text(unknown[_i]));

	ck_assert_int_eq(db_one(db, ST_TYPES_WORD, &t, p_u64(id)),
	    ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(why.detail, "TYPES_WORD: "));
	ck_assert_ptr_nonnull(strstr(why.detail, "column words"));
	ck_assert_int_eq((int)t.size, 0);
}
END_TEST

START_TEST(long_word)
{
	struct worded t = { 0 };
	char text[1000];
	uint64_t id;

	memset(text, 's', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	id = add_words(p_text(text));
	ck_assert_int_eq(db_one(db, ST_TYPES_WORD, &t, p_u64(id)),
	    ERR_INTERNAL);
	get(add(&samples[0]));
}
END_TEST

static struct session
session(void)
{
	struct session s = { 0 };

	ck_assert_int_eq(db_one(db, ST_SESSION, &s), ERR_OK);
	return s;
}

START_TEST(session_settings)
{
	const struct session s = session();

	ck_assert_str_eq(s.zone, "+00:00");
	ck_assert_str_eq(s.isolation, "READ-COMMITTED");
	ck_assert_str_eq(s.charset, "utf8mb4");
	ck_assert_ptr_nonnull(strstr(s.mode, "TRADITIONAL"));
}
END_TEST

START_TEST(sums)
{
	struct sums s = { 0 };
	ck_assert_int_eq(db_one(db, ST_SUMS, &s), ERR_OK);
	ck_assert_uint_eq(s.n, 1000);
	ck_assert_int_eq(s.total, 500500);
	ck_assert_double_eq(s.mean, 500.5);
}
END_TEST

/* ---- many rows ---- */

struct walk {
	uint64_t rows;
	uint64_t stop; /* 0: never */
	enum err result;
};

static enum err
walk_row(void *arg, const void *row)
{
	const struct seq *s = row;
	struct walk *w = arg;
	char text[40];

	w->rows++;
	ck_assert_uint_eq(s->seq, w->rows);
	if (w->rows % 1000 == 1) {
		snprintf(text, sizeof(text), "row %llu",
		    (unsigned long long)w->rows);
		ck_assert_str_eq(s->text, text);
	}
	return w->rows == w->stop ? w->result : ERR_OK;
}

static long
resident_kb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	long kb = 0;

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	fclose(f);
	return kb;
}

START_TEST(million_rows_in_flat_memory)
{
	struct walk w = { 0 };
	long before;

	get(add(&samples[0]));
	before = resident_kb();
	ck_assert_int_eq(db_each(db, ST_SEQ, walk_row, &w), ERR_OK);
	ck_assert_uint_eq(w.rows, 1000000);
#ifndef SANITIZED /* it keeps freed memory for a while */
	ck_assert_int_lt(resident_kb() - before, 2048);
#else
	(void)before;
#endif
}
END_TEST

/* Early in a long result, at its end, in a short one. */
static const struct {
	enum statement st;
	uint64_t stop;
	bool same; /* the connection is kept */
} stops[] = {
	{ ST_SEQ, 1, false },
	{ ST_SEQ, 500000, false },
	{ ST_SEQ, 999900, true },
	{ ST_SEQ, 1000000, true },
	{ ST_SEQ_LITTLE, 3, true },
};

START_TEST(early_stop)
{
	struct walk w = { .stop = stops[_i].stop, .result = ERR_FORBIDDEN };
	const uint64_t before = session().connection;
	const uint64_t id = add(&samples[0]);

	ck_assert_int_eq(db_each(db, stops[_i].st, walk_row, &w),
	    ERR_FORBIDDEN);
	ck_assert_uint_eq(w.rows, stops[_i].stop);
	get(id);
	ck_assert_int_eq(session().connection == before, stops[_i].same);
	w = (struct walk){ 0 };
	ck_assert_int_eq(db_each(db, ST_SEQ_LITTLE, walk_row, &w), ERR_OK);
	ck_assert_uint_eq(w.rows, 20);
}
END_TEST

static enum err
stop_in_transaction(const struct db *d, void *arg)
{
	struct walk w = { .stop = 5, .result = ERR_FORBIDDEN };

	(void)arg;
	add(&samples[0]);
	ck_assert_int_eq(db_each(d, ST_SEQ, walk_row, &w), ERR_FORBIDDEN);
	add(&samples[1]);
	return ERR_OK;
}

/* The connection must be kept then, and the transaction with it. */
START_TEST(early_stop_in_transaction)
{
	struct types *rows;
	size_t n;

	ck_assert_int_eq(db_transaction(db, stop_in_transaction, NULL), ERR_OK);
	ck_assert_int_eq(db_all(db, ST_TYPES_ALL, 10, &rows, &n), ERR_OK);
	ck_assert_uint_eq(n, 2);
}
END_TEST

static enum err
count_row(void *arg, const void *row)
{
	(void)row;
	++*(unsigned *)arg;
	return ERR_OK;
}

/* The server fails after it has sent rows. */
START_TEST(error_in_the_middle)
{
	const uint64_t before = session().connection;
	unsigned rows = 0;

	ck_assert_int_eq(db_each(db, ST_SEQ_FAILS, count_row, &rows),
	    ERR_INTERNAL);
	ck_assert_msg(strstr(why.detail, "SEQ_FAILS: 1242") != NULL, "%s",
	    why.detail);
	ck_assert_uint_eq(rows, 14999);
	get(add(&samples[0]));
	ck_assert_uint_eq(session().connection, before);
}
END_TEST

START_TEST(one_of_many)
{
	struct seq s = { 0 };

	ck_assert_int_eq(db_one(db, ST_SEQ, &s), ERR_OK);
	ck_assert_uint_eq(s.seq, 1);
	ck_assert_str_eq(s.text, "row 1");
	ck_assert_int_eq(db_one(db, ST_SEQ_LITTLE, &s), ERR_OK);
	ck_assert_uint_eq(s.seq, 1);
}
END_TEST

START_TEST(all_rows)
{
	struct types *rows = NULL;
	struct seq *seqs = NULL;
	size_t n = 77, i;

	ck_assert_int_eq(db_all(db, ST_TYPES_ALL, 3, &rows, &n), ERR_OK);
	ck_assert_uint_eq(n, 0);
	for (i = 0; i < 3; i++)
		add(&samples[i]);
	ck_assert_int_eq(db_all(db, ST_TYPES_ALL, 3, &rows, &n), ERR_OK);
	ck_assert_uint_eq(n, 3);
	for (i = 0; i < 3; i++)
		check_same(&rows[i], &samples[i]);
	ck_assert_int_eq(db_all(db, ST_SEQ_LITTLE, 20, &seqs, &n), ERR_OK);
	ck_assert_uint_eq(n, 20);
	for (i = 0; i < n; i++)
		ck_assert_uint_eq(seqs[i].seq, i + 1);
	n = 77;
	ck_assert_int_eq(db_all(db, ST_SEQ_LITTLE, 19, &seqs, &n),
	    ERR_TOO_LARGE);
	ck_assert_uint_eq(n, 77);
	ck_assert_int_eq(db_all(db, ST_SEQ, 19, &seqs, &n), ERR_TOO_LARGE);
}
END_TEST

/* A table that changes under a prepared statement. */
START_TEST(altered_table)
{
	const uint64_t id = add(&samples[0]);
	struct types t = get(id);

	ck_assert_int_eq(db_run_sql(db,
			     "ALTER TABLE types ADD COLUMN "
			     "more INT, MODIFY u32 BIGINT UNSIGNED"),
	    ERR_OK);
	t = get(id);
	check_same(&t, &samples[0]);
}
END_TEST

/* ---- errors in the source: each ends the program ---- */

static const enum statement bad_rows[] = { ST_SEQ_MISSING, ST_SEQ_EXTRA,
	ST_SEQ_NAME, ST_SEQ_TYPE };

static void
ignore(enum err e)
{
	(void)e;
}

START_TEST(bad_row_dies)
{
	struct seq s;

	ignore(db_one(db, bad_rows[_i], &s));
}
END_TEST

START_TEST(other_struct_dies)
{
	struct types t;

	ignore(db_one(db, ST_SEQ_LITTLE, &t));
}
END_TEST

START_TEST(row_of_none_dies)
{
	struct seq s;

	ignore(db_one(db, ST_TYPES_TOUCH, &s, p_u64(1)));
}
END_TEST

START_TEST(shown_without_account_dies)
{
	ignore(db_exec(db, ST_COUNTER_SHOWN, NULL, p_u64(1)));
}
END_TEST

START_TEST(account_without_shown_dies)
{
	ignore(db_exec_shown(db, 1, ST_TYPES_TOUCH, NULL, p_u64(1)));
}
END_TEST

START_TEST(number_without_word_dies)
{
	ignore(
	    db_exec(db, ST_TYPES_TOUCH, NULL, p_word(&sizes, SIZE_LARGE + 1)));
}
END_TEST

START_TEST(few_params_die)
{
	struct types t;

	ignore(db_one(db, ST_TYPES_BY_ID, &t));
}
END_TEST

START_TEST(many_params_die)
{
	ignore(db_exec(db, ST_TYPES_TOUCH, NULL, p_u64(1), p_u64(2)));
}
END_TEST

START_TEST(exec_of_rows_dies)
{
	ignore(db_exec(db, ST_SEQ_LITTLE, NULL));
}
END_TEST

static enum err
query_in_row(void *arg, const void *row)
{
	struct seq s;

	(void)arg;
	(void)row;
	return db_one(db, ST_SEQ_LITTLE, &s);
}

START_TEST(query_in_row_dies)
{
	ignore(db_each(db, ST_SEQ_LITTLE, query_in_row, NULL));
}
END_TEST

int
main(void)
{
	const int loops = sizeof(samples) / sizeof(samples[0]);
	Suite *s = suite_create("db_query");
	TCase *t = tcase_create("rows"), *d = tcase_create("deaths");
	SRunner *r = srunner_create(s);
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, round_trip, 0, loops);
	tcase_add_loop_test(t, long_values, 0,
	    sizeof(lengths) / sizeof(lengths[0]));
	tcase_add_test(t, nulls);
	tcase_add_test(t, found_by_text_and_time);
	tcase_add_test(t, results);
	tcase_add_test(t, no_values_in_the_log);
	tcase_add_test(t, value_that_does_not_fit);
	tcase_add_loop_test(t, word_round_trip, 0, SIZE_LARGE + 1);
	tcase_add_loop_test(t, unknown_word, 0,
	    sizeof(unknown) / sizeof(unknown[0]));
	tcase_add_test(t, long_word);
	tcase_add_test(t, session_settings);
	tcase_add_test(t, sums);
	tcase_add_test(t, million_rows_in_flat_memory);
	tcase_add_loop_test(t, early_stop, 0, sizeof(stops) / sizeof(stops[0]));
	tcase_add_test(t, early_stop_in_transaction);
	tcase_add_test(t, error_in_the_middle);
	tcase_add_test(t, one_of_many);
	tcase_add_test(t, all_rows);
	tcase_add_test(t, altered_table);
	suite_add_tcase(s, t);

	tcase_add_checked_fixture(d, setup, teardown);
	tcase_add_loop_test_raise_signal(d, bad_row_dies, SIGABRT, 0, 4);
	tcase_add_test_raise_signal(d, other_struct_dies, SIGABRT);
	tcase_add_test_raise_signal(d, row_of_none_dies, SIGABRT);
	tcase_add_test_raise_signal(d, shown_without_account_dies, SIGABRT);
	tcase_add_test_raise_signal(d, account_without_shown_dies, SIGABRT);
	tcase_add_test_raise_signal(d, number_without_word_dies, SIGABRT);
	tcase_add_test_raise_signal(d, few_params_die, SIGABRT);
	tcase_add_test_raise_signal(d, many_params_die, SIGABRT);
	tcase_add_test_raise_signal(d, exec_of_rows_dies, SIGABRT);
	tcase_add_test_raise_signal(d, query_in_row_dies, SIGABRT);
	suite_add_tcase(s, d);

	mariadb_get(&server);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	mariadb_put(&server);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
