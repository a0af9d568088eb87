/* Every statement against the schema: it can be prepared, returns the columns
 * of its row, and has the right access. */
#include "config.h"

#include "db/stmt.h"

#include <check.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/migrate.h"
#include "mariadb.h"

static struct mariadb server;
static struct conf conf;
static struct why why;
static struct db db = { .why = &why };

static void
set_up(void)
{
	const char *top = getenv("top_srcdir");
	char sql[4096];

	ck_assert_ptr_nonnull(top);
	snprintf(sql, sizeof(sql), "%s/sql", top);
	conf = mariadb_conf(&server);
	db.connection = db_open(&conf);
	db.arena = arena_new(1 << 20);
	ck_assert_msg(migrate_apply(&db, sql, NULL, NULL) == ERR_OK, "%s",
	    why.detail);
}

static void
tear_down(void)
{
	db_close(db.connection);
	arena_free(db.arena);
}

START_TEST(fits)
{
	for (int i = 0; i < ST__MAX; i++)
		ck_assert_msg(db_check(&db, (enum statement)i,
				  db_statements[i].row) == ERR_OK,
		    "%s", why.detail);
}
END_TEST

static const struct db_column one_less[] = { { "id", DB_U32, 0, NULL },
	{ "slug", DB_TEXT, 8, NULL }, DB_COL_END };
static const struct db_column one_more[] = { { "id", DB_U32, 0, NULL },
	{ "slug", DB_TEXT, 8, NULL }, { "name", DB_TEXT, 16, NULL },
	{ "more", DB_TEXT, 24, NULL }, DB_COL_END };
static const struct db_column other_name[] = { { "id", DB_U32, 0, NULL },
	{ "slug", DB_TEXT, 8, NULL }, { "title", DB_TEXT, 16, NULL },
	DB_COL_END };
static const struct db_column other_kind[] = { { "id", DB_U32, 0, NULL },
	{ "slug", DB_TEXT, 8, NULL }, { "name", DB_TIME, 16, NULL },
	DB_COL_END };

static const struct {
	struct db_row row;
	const char *detail;
} wrong[] = {
	{ { one_less, 24 }, "TAG_LIST: column name is not in the row" },
	{ { one_more, 32 }, "TAG_LIST: column more is in the row only" },
	{ { other_name, 24 }, "TAG_LIST: column 2 is name, in the row title" },
	{ { other_kind, 24 }, "TAG_LIST: column name is of another type" },
	{ { NULL, 0 }, "TAG_LIST: returns rows" },
};

START_TEST(wrong_row_is_found)
{
	why_clear(&why);
	ck_assert_int_eq(db_check(&db, ST_TAG_LIST, &wrong[_i].row),
	    ERR_INTERNAL);
	ck_assert_str_eq(why.detail, wrong[_i].detail);
}
END_TEST

START_TEST(row_of_none_is_found)
{
	why_clear(&why);
	ck_assert_int_eq(db_check(&db, ST_TAG_ADD, &row_id), ERR_INTERNAL);
	ck_assert_str_eq(why.detail, "TAG_ADD: returns no rows");
}
END_TEST

/* Every enumerator of an enum has a word, and no two have the same. */
static void
check_words(const struct words *w, const char *name)
{
	unsigned found;

	ck_assert_msg(w->n > 1 && w->word[0] == NULL, "%s", name);
	for (unsigned i = 1; i < w->n; i++) {
		ck_assert_msg(w->word[i] != NULL, "%s: %u", name, i);
		ck_assert_msg(words_find(w, w->word[i], strlen(w->word[i]),
				  &found) &&
			found == i,
		    "%s: %s", name, w->word[i]);
	}
}

START_TEST(words)
{
	for (int i = 0; i < ST__MAX; i++) {
		const struct db_column *c = db_statements[i].row->columns;

		for (; c != NULL && c->name != NULL; c++) {
			ck_assert_msg((c->kind == DB_WORD) ==
				(c->words != NULL),
			    "%s.%s", db_statements[i].name, c->name);
			if (c->words != NULL)
				check_words(c->words, c->name);
		}
	}
}
END_TEST

/* Only a SELECT may be repeated automatically. */
START_TEST(reads)
{
	for (int i = 0; i < ST__MAX; i++) {
		const struct db_statement *t = &db_statements[i];

		ck_assert_msg((strncmp(t->sql, "SELECT ", 7) == 0) ==
			(t->access == DB_READS),
		    "%s", t->name);
		ck_assert_msg((t->row == &row_none) == (t->access != DB_READS),
		    "%s", t->name);
	}
}
END_TEST

/* Statements that write to tables which a vault or a link shows, but are not
 * SHOWN. */
static const enum statement unshown[] = {
	/* New rows were not visible before, nor was a link to them. */
	ST_SHARE_ADD, ST_SHARE_ADD_CODE, ST_SHARE_ADD_ITEM, ST_SHARE_ADD_ITEMS,
	ST_USER_ADD,
	/* Reshares: the pool does not cache them. */
	ST_SHARE_NARROW, ST_SHARE_USE_LINE,
	/* Uses: the statement itself enforces a limit. */
	ST_SHARE_USE, ST_SHARE_USE_BETWEEN, ST_LEDGER_COUNT,
	/* Not visible. */
	ST_USER_SET_PASSWORD, ST_USER_SET_ROLE, ST_USER_SET_WANTS_MAIL,
	ST_USER_SET_QUOTA, ST_MEDIA_ENRICH_BEGIN, ST_MEDIA_ENRICH_WAIT,
	/* Media in the trash. */
	ST_MEDIA_TRASHED, ST_MEDIA_UNTRASH_CLAIM, ST_MEDIA_DELETE
};

static bool
is_unshown(enum statement st)
{
	for (size_t i = 0; i < sizeof(unshown) / sizeof(unshown[0]); i++)
		if (unshown[i] == st)
			return true;
	return false;
}

START_TEST(shown)
{
	const char *written = "^(INSERT INTO |DELETE FROM |UPDATE "
			      "(JSON_TABLE\\(.*\\)\\) [a-z] JOIN )?)"
			      "(shares|media|users|share_items)[ (]";
	unsigned n = 0;
	regex_t re;

	ck_assert_int_eq(regcomp(&re, written, REG_EXTENDED | REG_NOSUB), 0);
	for (int i = 0; i < ST__MAX; i++) {
		const struct db_statement *t = &db_statements[i];
		bool writes = t->access != DB_READS &&
		    regexec(&re, t->sql, 0, NULL, 0) == 0;

		n += writes;
		ck_assert_msg(writes ==
			(t->access == DB_SHOWN ||
			    is_unshown((enum statement)i)),
		    "%s", t->name);
		ck_assert_msg(t->access != DB_SHOWN ||
			!is_unshown((enum statement)i),
		    "%s", t->name);
	}
	ck_assert_uint_gt(n, 25);
	regfree(&re);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("db_statements");
	TCase *t = tcase_create("table");
	SRunner *r = srunner_create(s);
	int failed;

	sec_init();
	tcase_add_unchecked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, fits);
	tcase_add_loop_test(t, wrong_row_is_found, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(t, row_of_none_is_found);
	tcase_add_test(t, words);
	tcase_add_test(t, reads);
	tcase_add_test(t, shown);
	suite_add_tcase(s, t);

	srunner_set_fork_status(r, CK_NOFORK);
	mariadb_get(&server);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	mariadb_put(&server);
	return failed != 0;
}
