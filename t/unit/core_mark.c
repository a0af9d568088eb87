/* The rendered watermark is kept in the store, and only complete. */
#include "config.h"

#include "core/community/mark.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sec.h"
#include "store/fs.h"

static struct base base;
static struct env env;
static struct conf *conf;
static char root[32];

static char *
absolute(const char *variable, const char *name)
{
	const char *top = getenv(variable);
	char path[4096], *real;

	snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".", name);
	real = realpath(path, NULL);
	ck_assert_msg(real != NULL, "%s is missing", path);
	return real;
}

static const char *
at(const char *path)
{
	return arena_printf(base.arena, "%s/%s", root, path);
}

static struct conf *
load_conf(void)
{
	struct why why = { 0 };
	FILE *f = fopen(at("conf"), "w");
	struct conf *c;

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs("[watermark]\ntext = Vitrine\n", f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(conf_load(base.arena, at("conf"), conf_tell_why, &why,
			     &c),
	    ERR_OK);
	return c;
}

static void
set_up(void)
{
	snprintf(root, sizeof(root), "/tmp/core_mark.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	base.arena = arena_new(16 << 20);
	env_init(&env, &base, arena_new(16 << 20));
	base.conf = conf = load_conf();
	conf->image_program = absolute("top_builddir", "vitrine-image");
	conf->image_policy = absolute("top_srcdir", "etc/imagemagick");
	ck_assert_int_eq(fs_init(base.arena, root, &env.why), ERR_OK);
	ck_assert_int_eq(fs_open(base.arena, root, &base.store, &env.why),
	    ERR_OK);
	base.image = image_client_new(base.arena, conf, at("slots"));
}

static int
drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
tear_down(void)
{
	arena_free(env.arena);
	free((void *)(uintptr_t)conf->image_program);
	free((void *)(uintptr_t)conf->image_policy);
	arena_free(base.arena);
	nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS);
}

struct kept {
	char name[128];
	struct store_info info;
	int n;
};

static enum err
each(void *arg, const char *name, const struct store_info *info)
{
	struct kept *k = arg;

	snprintf(k->name, sizeof(k->name), "marks/%s", name);
	k->info = *info;
	k->n++;
	return ERR_OK;
}

/* After opening the mark, the store has exactly one, and it is complete. */
static struct kept
opened(void)
{
	struct kept k = { .n = 0 };
	int fd;

	ck_assert_msg(mark_open(&env, &fd) == ERR_OK, "%s", env.why.detail);
	ck_assert(image_mark_is_whole(fd));
	arena_reset(env.arena);
	ck_assert_int_eq(store_list(base.store, "marks", each, &k, &env.why),
	    ERR_OK);
	ck_assert_int_eq(k.n, 1);
	return k;
}

START_TEST(is_kept)
{
	struct kept first = opened(), second = opened();

	ck_assert_uint_eq(first.info.version, second.info.version);
	/* A truncated one is rendered again. */
	ck_assert_int_eq(truncate(at(first.name), 100), 0);
	second = opened();
	ck_assert_uint_eq(first.info.size, second.info.size);
	ck_assert_str_eq(first.name, second.name);
}
END_TEST

START_TEST(is_not_kept_when_it_fails)
{
	struct kept k = { .n = 0 };
	int fd = -1;

	conf->watermark_font = "No-Such-Font";
	ck_assert_int_eq(mark_open(&env, &fd), ERR_INTERNAL);
	ck_assert_int_eq(fd, -1);
	arena_reset(env.arena);
	ck_assert_int_eq(store_list(base.store, "marks", each, &k, &env.why),
	    ERR_OK);
	ck_assert_int_eq(store_list(base.store, "tmp", each, &k, &env.why),
	    ERR_OK);
	ck_assert_int_eq(k.n, 0);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("core_mark");
	TCase *t = tcase_create("mark");
	SRunner *r;
	int failed;

	sec_init();
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, is_kept);
	tcase_add_test(t, is_not_kept_when_it_fails);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
