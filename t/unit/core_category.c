/* The setting that maps categories to folders. */
#include "config.h"

#include "core/vault/category.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define WORD_32 "abcdefghijklmnopqrstuvwxyz-_0123"

static struct arena *arena;
static struct categories *categories;
static struct why why;

static void
set_up(void)
{
	arena = arena_new(1 << 20);
	categories = NULL;
	memset(&why, 0, sizeof(why));
}

static void
tear_down(void)
{
	arena_free(arena);
}

static enum err
parse(const char *text)
{
	return categories_parse(arena, text, &categories, &why);
}

START_TEST(as_installed)
{
	static const char text[] =
	    "smart-caption:Captions "
	    "babecock:Babecocks hypnococks:HypnoCocks upload:Uploads";
	const struct category *c;

	ck_assert_int_eq(parse(text), ERR_OK);
	ck_assert_uint_eq(categories->n, 4);
	ck_assert_str_eq(categories->v[0].name, "smart-caption");
	ck_assert_str_eq(categories->v[0].folder, "Captions");
	ck_assert_str_eq(categories->v[3].name, CATEGORY_UPLOAD);
	ck_assert_str_eq(categories->v[3].folder, "Uploads");
	c = category_by_name(categories, "hypnococks");
	ck_assert_ptr_eq(c, &categories->v[2]);
	ck_assert_ptr_eq(category_by_folder(categories, "HypnoCocks"), c);
	ck_assert_ptr_null(category_by_name(categories, "HypnoCocks"));
	ck_assert_ptr_null(category_by_name(categories, "Upload"));
	ck_assert_ptr_null(category_by_name(categories, ""));
	ck_assert_ptr_null(category_by_name(categories, "all"));
	ck_assert_ptr_null(category_by_folder(categories, "upload"));
	ck_assert_ptr_null(category_by_folder(categories, "Uploads/"));
}
END_TEST

static const struct {
	const char *text;
	size_t n;
} good[] = {
	{ "upload:Uploads", 1 },
	{ "  upload:Uploads\t ", 1 },
	{ "a:b  upload:u\tc:d", 3 },
	{ "upload:A A:upload", 2 },
	{ "upload:" WORD_32, 1 },
	{ WORD_32 ":x upload:y", 2 },
	{ "upload:A B:a", 2 },
};

START_TEST(take)
{
	ck_assert_int_eq(parse(good[_i].text), ERR_OK);
	ck_assert_uint_eq(categories->n, good[_i].n);
}
END_TEST

static const char *const bad[] = {
	"",
	" ",
	"upload",
	":",
	"upload:",
	":Uploads",
	"upload: Uploads",
	"upload :Uploads",
	"a:b",
	"Upload:Uploads",
	"upload:Uploads x",
	"upload:Up:loads",
	"upload:..",
	"upload:.",
	"upload:a/b",
	"upload:/",
	"upload:a\\b",
	"upload:.hidden",
	"upload:a.b",
	"up/load:a upload:b",
	"upload:\xc3\xa4",
	"upload:a'b",
	"\"upload\":a",
	"upload:a,b:c",
	"upload:a upload:b",
	"upload:a b:a",
	"a:b upload:c a:d",
	"upload:" WORD_32 "4",
	WORD_32 "4:x upload:y",
	"all:All upload:U",
};

START_TEST(refuse)
{
	ck_assert_int_eq(parse(bad[_i]), ERR_INVALID);
	ck_assert_str_eq(why.field, "categories");
	ck_assert_str_ne(why.detail, "");
	ck_assert_ptr_null(categories);
}
END_TEST

/* upload and n others. */
static const char *
many(int n)
{
	const char *text = "upload:U";

	for (int i = 0; i < n; i++)
		text = arena_printf(arena, "%s n%d:f%d", text, i, i);
	return text;
}

START_TEST(most)
{
	ck_assert_int_eq(parse(many(31)), ERR_OK);
	ck_assert_uint_eq(categories->n, 32);
	categories = NULL;
	ck_assert_int_eq(parse(many(32)), ERR_INVALID);
	ck_assert_ptr_null(categories);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_category");
	TCase *t = tcase_create("category");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, as_installed);
	tcase_add_loop_test(t, take, 0, COUNT(good));
	tcase_add_loop_test(t, refuse, 0, COUNT(bad));
	tcase_add_test(t, most);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
