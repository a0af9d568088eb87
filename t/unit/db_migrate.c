/* Migrations: the splitter, the folder against the database, failures half
 * way, several migrators at once. */
#include "config.h"

#include "db/migrate.h"

#include <check.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "db/rows.h"
#include "mariadb.h"

static struct mariadb server;
static struct conf conf;
static struct why why;
static struct db handle = { .why = &why };
static const struct db *db = &handle;
static struct arena *arena;
static char dir[40];

static void
sql(const char *fmt, const char *name)
{
	char *text = arena_printf(arena, "%s%s", fmt, name);
	enum err e = db_run_sql(db, text);

	ck_assert_msg(e == ERR_OK, "%s: %s", text, why.detail);
}

static void
setup(void)
{
	conf = mariadb_conf(&server);
	handle.connection = db_open(&conf);
	handle.arena = arena = arena_new(1 << 24);
	sql("DROP DATABASE ", server.database);
	db_close(db->connection);
	conf.database_name = "";
	handle.connection = db_open(&conf);
	sql("CREATE DATABASE ", server.database);
	db_close(db->connection);
	conf.database_name = server.database;
	handle.connection = db_open(&conf);
	snprintf(dir, sizeof(dir), "/tmp/vitrine-sql-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
teardown(void)
{
	arena_free(arena);
	db_close(db->connection);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *
path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(path_of(name), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void
put_three(void)
{
	put("0001_baseline.sql",
	    "-- The first;\nCREATE TABLE one (n INT);\n"
	    "INSERT INTO one VALUES (1), (2);\n");
	put("0002_add_two.sql", "CREATE TABLE two (n INT UNSIGNED);\n");
	put("0003_fill.sql",
	    "INSERT INTO two\nSELECT n FROM one;\n"
	    "INSERT INTO two VALUES (9); -- and\n");
	put("local.mk", "not SQL");
	put("schema.sql", "DROP TABLE one;\n");
}

static size_t
pending(void)
{
	size_t n = 4711;

	ck_assert_msg(migrate_pending(db, dir, &n) == ERR_OK, "%s", why.detail);
	return n;
}

static uint32_t
count_two(void)
{
	struct number row = { 0 };

	ck_assert_int_eq(db_one(db, ST_COUNT_TWO, &row), ERR_OK);
	return row.n;
}

static char seen[400];

static void
progress(void *arg, unsigned number, const char *name)
{
	const size_t n = strlen(seen);

	ck_assert_ptr_eq(arg, seen);
	snprintf(seen + n, sizeof(seen) - n, "%u %s\n", number, name);
}

static enum err
apply(void)
{
	seen[0] = '\0';
	why_clear(&why);
	return migrate_apply(db, dir, progress, seen);
}

static void
check_refused(enum err e, const char *text)
{
	char said[WHY_SENTENCE];
	size_t n = 4711;

	why_clear(&why);
	ck_assert_int_eq(migrate_pending(db, dir, &n), e);
	ck_assert_uint_eq(n, 4711);
	ck_assert_ptr_nonnull(strstr(why_sentence(&why, e, said), text));
	ck_assert_int_eq(apply(), e);
	ck_assert_ptr_nonnull(strstr(why_sentence(&why, e, said), text));
	ck_assert_str_eq(seen, "");
}

/* ---- the splitter ---- */

/* "|" separates statements, "!" marks an incomplete text. */
static const char *const splits[][2] = {
	{ "", "" },
	{ "  \n-- nothing\n# at all\n/* or ; */\n;;\n", "" },
	{ "A;", "A" },
	{ "A;\nB;\n", "A|B" },
	{ "A; B;\n", "A; B" },
	{ "A;  -- x\nB; # y\nC; /* z */\nD;\t\r\n", "A|B|C|D" },
	{ "A 'x;\n' B;\n", "A 'x;\n' B" },
	{ "A \"x;\n\" `y;\n` B;\n", "A \"x;\n\" `y;\n` B" },
	{ "A 'it''s;\n' 'a\\';\n' 'b\\\\';\nB;\n",
	    "A 'it''s;\n' 'a\\';\n' 'b\\\\'|B" },
	{ "A `\\`;\nB;\n", "A `\\`|B" },
	{ "A -- don't;\n+ 1;\n", "A -- don't;\n+ 1" },
	{ "A --1;\n", "A --1" },
	{ "A /* ';\n */ B;\n", "A /* ';\n */ B" },
	{ "-- c\nA;\n-- d\n", "A" },
	{ "/*!40101 SET x */;\nA;\n", "/*!40101 SET x */|A" },
	{ "A;\nB", "A!" },
	{ "A;\nB 'x;\n", "A!" },
	{ "A /* x;\n", "!" },
	{ "A;\n/* x", "A!" },
	{ "A '\\", "!" },
};

START_TEST(splitter)
{
	const char *text = splits[_i][0], *s;
	char got[200] = "";
	size_t n, len = 0;
	bool ok;

	while ((ok = migrate_next(&text, &s, &n)) && n > 0)
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%.*s",
		    len > 0 ? "|" : "", (int)n, s);
	if (!ok)
		snprintf(got + len, sizeof(got) - len, "!");
	ck_assert_str_eq(got, splits[_i][1]);
}
END_TEST

/* ---- applying ---- */

START_TEST(applies_once)
{
	struct migration *m;
	int64_t now;
	size_t n, i;

	put_three();
	ck_assert_uint_eq(pending(), 3);
	ck_assert_int_eq(migrate_status(db, dir, &m, &n), ERR_OK);
	ck_assert_uint_eq(n, 3);
	ck_assert_int_eq(m[0].applied_at, CLOCK_NONE);
	ck_assert(!m[0].started);
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_str_eq(seen,
	    "1 0001_baseline.sql\n2 0002_add_two.sql\n"
	    "3 0003_fill.sql\n");
	ck_assert_uint_eq(count_two(), 3);
	ck_assert_uint_eq(pending(), 0);
	now = clock_now();
	ck_assert_int_eq(migrate_status(db, dir, &m, &n), ERR_OK);
	for (i = 0; i < 3; i++) {
		ck_assert_uint_eq(m[i].number, i + 1);
		ck_assert_int_gt(m[i].applied_at, now - 60000);
		ck_assert_int_le(m[i].applied_at, now + 1);
	}
	ck_assert_str_eq(m[1].name, "0002_add_two.sql");
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_str_eq(seen, "");
	put("0004_more.sql", "INSERT INTO two VALUES (4);\n");
	ck_assert_uint_eq(pending(), 1);
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_str_eq(seen, "4 0004_more.sql\n");
	ck_assert_uint_eq(count_two(), 4);
}
END_TEST

/* The project's own schema. */
START_TEST(real_schema)
{
	const char *real = getenv("VITRINE_TEST_SQL");
	size_t n = 0;

	if (real == NULL)
		real = "sql";
	ck_assert_int_eq(migrate_pending(db, real, &n), ERR_OK);
	ck_assert_uint_gt(n, 0);
	ck_assert_msg(migrate_apply(db, real, NULL, NULL) == ERR_OK, "%s",
	    why.detail);
	ck_assert_int_eq(migrate_pending(db, real, &n), ERR_OK);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(db_run_sql(db, "SELECT id, username FROM users"),
	    ERR_OK);
}
END_TEST

/* ---- refusals ---- */

START_TEST(changed_file)
{
	put_three();
	ck_assert_int_eq(apply(), ERR_OK);
	put("0002_add_two.sql", "CREATE TABLE two (n INT);\n");
	check_refused(ERR_CONFLICT,
	    "0002_add_two.sql has changed since it was "
	    "applied (checksum)");
}
END_TEST

START_TEST(missing_files)
{
	put_three();
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_int_eq(unlink(path_of("0003_fill.sql")), 0);
	check_refused(ERR_CONFLICT, "of a newer release: 0003_fill.sql was");
	put("0003_other.sql", "DO 0;\n");
	check_refused(ERR_CONFLICT, "0003_fill.sql was applied, but is");
	ck_assert_int_eq(unlink(path_of("0002_add_two.sql")), 0);
	check_refused(ERR_CONFLICT, "0002 before 0003_other.sql is missing");
}
END_TEST

START_TEST(wrong_folders)
{
	check_refused(ERR_INVALID, "there are no migrations");
	put_three();
	put("0003_fold.sql", "DO 0;\n");
	check_refused(ERR_CONFLICT, "0003_fold.sql is there twice");
	ck_assert_int_eq(rename(path_of("0003_fold.sql"),
			     path_of("0005_fold.sql")),
	    0);
	check_refused(ERR_CONFLICT, "0004 before 0005_fold.sql is missing");
	ck_assert_int_eq(rename(path_of("0005_fold.sql"),
			     path_of("04_fold.sql")),
	    0);
	check_refused(ERR_CONFLICT, "04_fold.sql: the name");
	ck_assert_int_eq(unlink(path_of("04_fold.sql")), 0);
	put("0004_open.sql", "DO 0;\nDO 'x;\n");
	check_refused(ERR_INVALID, "0004_open.sql ends inside");
	ck_assert_int_eq(unlink(path_of("0004_open.sql")), 0);
	ck_assert_int_eq(mkdir(path_of("0004_folder.sql"), 0755), 0);
	check_refused(ERR_INVALID, "0004_folder.sql cannot be read");
	ck_assert_int_eq(rmdir(path_of("0004_folder.sql")), 0);
	ck_assert_uint_eq(pending(), 3);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	check_refused(ERR_INVALID, "the folder of migrations");
}
END_TEST

/* ---- failures half way ---- */

START_TEST(first_statement_fails)
{
	put_three();
	put("0002_add_two.sql", "CREATE TABEL two (n INT);\n");
	ck_assert_int_eq(apply(), ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(why.detail,
	    "0002_add_two.sql: statement 1 "
	    "of 1 (CREATE TABEL two ) failed: 1064"));
	ck_assert_uint_eq(pending(), 2);
	/* None of it has run, so it may be corrected. */
	put_three();
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_uint_eq(count_two(), 3);
	ck_assert_uint_eq(pending(), 0);
}
END_TEST

START_TEST(later_statement_fails)
{
	struct migration *m;
	size_t n;

	put_three();
	put("0003_fill.sql",
	    "INSERT INTO two SELECT n FROM one;\n"
	    "INSERT INTO three VALUES (1);\nINSERT INTO two VALUES (9);\n");
	ck_assert_int_eq(apply(), ERR_INTERNAL);
	ck_assert_ptr_nonnull(strstr(why.detail,
	    "0003_fill.sql: statement 2 of "
	    "3 (INSERT INTO three VALUES ) failed: 1146"));
	ck_assert_uint_eq(count_two(), 2);
	ck_assert_int_eq(migrate_status(db, dir, &m, &n), ERR_OK);
	ck_assert(m[2].started);
	ck_assert_uint_eq(m[2].done, 1);
	ck_assert_int_eq(m[2].applied_at, CLOCK_NONE);
	/* The statement that failed is the first of the next run. */
	sql("CREATE TABLE three (n INT)", "");
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_uint_eq(count_two(), 3);
	ck_assert_uint_eq(pending(), 0);
}
END_TEST

START_TEST(half_way_and_changed)
{
	put_three();
	put("0003_fill.sql", "INSERT INTO two SELECT n FROM one;\nDO x;\n");
	ck_assert_int_eq(apply(), ERR_INTERNAL);
	put_three();
	check_refused(ERR_CONFLICT,
	    "0003_fill.sql has changed since it "
	    "stopped half way");
}
END_TEST

/* ---- several at once ---- */

static void
put_slow(void)
{
	put("0001_slow.sql",
	    "CREATE TABLE two (n INT UNSIGNED NOT NULL);\n"
	    "DO SLEEP(0.3);\nINSERT INTO two VALUES (1);\n");
	put("0002_slow.sql",
	    "CREATE TABLE three (n INT);\nDO SLEEP(0.3);\n"
	    "INSERT INTO two VALUES (2);\n");
}

static pid_t
migrator(void)
{
	pid_t pid = fork();
	struct db own;
	const struct db *d = &own;
	enum err e;

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	own = (struct db){ db_open(&conf), &why, arena };
	e = migrate_apply(d, dir, NULL, NULL);
	if (e != ERR_OK)
		fprintf(stderr, "%s %s\n", why.detail, why.detail);
	_exit(e != ERR_OK);
}

START_TEST(four_at_once)
{
	pid_t pids[4];
	int status, i;

	put_slow();
	for (i = 0; i < 4; i++)
		pids[i] = migrator();
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_uint_eq(count_two(), 2);
	ck_assert_uint_eq(pending(), 0);
}
END_TEST

START_TEST(migrator_dies)
{
	struct migration *m;
	unsigned done = 0;
	size_t n;
	pid_t pid;
	int i;

	put_slow();
	pid = migrator();
	for (i = 0; i < 500 && done == 0; i++) {
		usleep(10000);
		ck_assert_int_eq(migrate_status(db, dir, &m, &n), ERR_OK);
		done = m[0].done;
	}
	ck_assert_uint_eq(done, 1); /* the second statement is running */
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(pending(), 2);
	sql("UPDATE schema_migrator SET until = UTC_TIMESTAMP(3)", "");
	ck_assert_int_eq(apply(), ERR_OK);
	ck_assert_uint_eq(count_two(), 2);
	ck_assert_uint_eq(pending(), 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("db_migrate");
	TCase *c = tcase_create("splitter"), *t = tcase_create("migrations");
	SRunner *r = srunner_create(s);
	int failed;

	sec_init();
	tcase_add_loop_test(c, splitter, 0, sizeof(splits) / sizeof(splits[0]));
	suite_add_tcase(s, c);

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, applies_once);
	tcase_add_test(t, real_schema);
	tcase_add_test(t, changed_file);
	tcase_add_test(t, missing_files);
	tcase_add_test(t, wrong_folders);
	tcase_add_test(t, first_statement_fails);
	tcase_add_test(t, later_statement_fails);
	tcase_add_test(t, half_way_and_changed);
	tcase_add_test(t, four_at_once);
	tcase_add_test(t, migrator_dies);
	suite_add_tcase(s, t);

	mariadb_get(&server);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	mariadb_put(&server);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
