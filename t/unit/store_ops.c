/* What every backend of the store must do, tested through the table of
 * functions: with a folder, and with a backend that has neither folders nor
 * files. */
#include "config.h"

#include "store/store.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sec.h"
#include "store/fs.h"
#include "store_memory.h"

#define MANY 300

static struct arena *arena, *request;
static struct store *store;
static struct why why;
static char root[32]; /* "": not created */

static void
make_folders(void)
{
	static const char *const folders[] = { "general", "vault/a", "vault/ab",
		"trash" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		ck_assert_int_eq(store_mkdir(store, folders[i], &why), ERR_OK);
		ck_assert_int_eq(store_mkdir(store, folders[i], &why), ERR_OK);
	}
}

static void
begin(void)
{
	arena = arena_new(16 << 20);
	request = arena_new(16 << 20);
	memset(&why, 0, sizeof(why));
}

static void
set_up_fs(void)
{
	begin();
	snprintf(root, sizeof(root), "/tmp/store_ops.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	ck_assert_int_eq(fs_init(arena, root, &why), ERR_OK);
	ck_assert_int_eq(fs_open(arena, root, &store, &why), ERR_OK);
	make_folders();
}

static void
set_up_memory(void)
{
	begin();
	root[0] = '\0';
	store = memory_open(arena);
	make_folders();
}

static int
drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static void
tear_down(void)
{
	arena_free(request);
	arena_free(arena);
	if (root[0] != '\0')
		nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS);
}

static int
open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static struct store_temp *
temp_with(const char *text)
{
	struct store_temp *t = NULL;

	ck_assert_int_eq(store_temp(store, request, &t, &why), ERR_OK);
	ck_assert_int_eq(store_write(t, text, strlen(text), &why), ERR_OK);
	return t;
}

static struct store_info
put(const char *path, const char *text)
{
	struct store_info info;

	ck_assert_int_eq(store_commit(temp_with(text), path, &info, &why),
	    ERR_OK);
	arena_reset(request);
	return info;
}

/* An object's text; what store_stat() says of it is the same. */
static const char *
text_of(const char *path)
{
	struct store_info info, again;
	char text[64] = "";
	ssize_t n;
	int fd;

	ck_assert_int_eq(store_read(store, path, &fd, &info, &why), ERR_OK);
	ck_assert_int_eq(store_stat(store, path, &again, &why), ERR_OK);
	ck_assert_mem_eq(&info, &again, sizeof(info));
	/* At any offset, and repeatedly. */
	ck_assert_int_ge(pread(fd, text, sizeof(text) - 1, 1), 0);
	n = pread(fd, text, sizeof(text) - 1, 0);
	ck_assert_uint_eq(info.size, (uint64_t)n);
	text[n] = '\0';
	close(fd);
	return arena_strdup(arena, text);
}

static void
assert_missing(const char *path)
{
	struct store_info info = { .size = 42 };
	int fd = -1;

	ck_assert_int_eq(store_read(store, path, &fd, &info, &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_stat(store, path, &info, &why), ERR_NOT_FOUND);
	ck_assert_str_ne(why.detail, "");
	ck_assert_int_eq(fd, -1);
	ck_assert_uint_eq(info.size, 42);
	why_clear(&why);
}

START_TEST(commits)
{
	struct store_temp *t = temp_with("hello");
	struct store_info info, now;

	ck_assert_int_eq(store_ping(store, &why), ERR_OK);
	assert_missing("general/new");
	ck_assert_int_eq(store_write(t, " world", 6, &why), ERR_OK);
	ck_assert_int_eq(store_commit(t, "general/new", &info, &why), ERR_OK);
	ck_assert_int_eq(lseek(t->fd, 0, SEEK_END), 11);
	arena_reset(request);
	ck_assert_str_eq(text_of("general/new"), "hello world");
	ck_assert_int_eq(store_stat(store, "general/new", &now, &why), ERR_OK);
	ck_assert_uint_eq(info.size, 11);
	ck_assert_uint_eq(info.version, now.version);
	ck_assert_int_eq(info.mtime.tv_sec, now.mtime.tv_sec);
	ck_assert_int_eq(info.mtime.tv_nsec, now.mtime.tv_nsec);
}
END_TEST

START_TEST(conflicts)
{
	struct store_temp *t;

	put("general/one", "one");
	t = temp_with("two");
	ck_assert_int_eq(store_commit(t, "general/one", NULL, &why),
	    ERR_CONFLICT);
	ck_assert_str_eq(text_of("general/one"), "one");
	/* It can be placed at another path. */
	ck_assert_int_eq(store_commit(t, "general/two", NULL, &why), ERR_OK);
	ck_assert_str_eq(text_of("general/two"), "two");
}
END_TEST

START_TEST(replaces)
{
	struct store_info one = put("general/one", "one"), now;
	struct store_info kept;
	int fd;
	char text[4] = "";

	ck_assert_int_eq(store_read(store, "general/one", &fd, &kept, &why),
	    ERR_OK);
	ck_assert_int_eq(store_replace(temp_with("another"), "general/one",
			     &why),
	    ERR_OK);
	ck_assert_str_eq(text_of("general/one"), "another");
	ck_assert_int_eq(store_stat(store, "general/one", &now, &why), ERR_OK);
	ck_assert_uint_ne(now.version, one.version);
	/* A file that is open for reading stays unchanged. */
	ck_assert_int_eq(pread(fd, text, 3, 0), 3);
	ck_assert_str_eq(text, "one");
	close(fd);
	/* Nothing has to be there. */
	ck_assert_int_eq(store_replace(temp_with("x"), "general/x", &why),
	    ERR_OK);
	ck_assert_str_eq(text_of("general/x"), "x");
}
END_TEST

static enum err
count(void *arg, const char *name, const struct store_info *info)
{
	int *n = arg;

	(void)name, (void)info;
	(*n)++;
	return ERR_OK;
}

static int
objects(const char *folder)
{
	int n = 0;

	ck_assert_int_eq(store_list(store, folder, count, &n, &why), ERR_OK);
	return n;
}

START_TEST(drops)
{
	int before = open_files();
	struct store_temp *t = temp_with("half");

	store_drop(t);
	store_drop(t);
	ck_assert_int_eq(t->fd, -1);
	temp_with("half");
	arena_reset(request);
	ck_assert_int_eq(open_files(), before);
	if (store_web_root(store) != NULL)
		ck_assert_int_eq(objects("tmp"), 0);
}
END_TEST

struct names {
	char text[256];
	uint64_t bytes;
	int stop; /* stop after this many */
};

static enum err
take(void *arg, const char *name, const struct store_info *info)
{
	struct names *n = arg;

	snprintf(n->text + strlen(n->text), sizeof(n->text) - strlen(n->text),
	    "%s|", name);
	n->bytes += info->size;
	return --n->stop == 0 ? ERR_TOO_LARGE : ERR_OK;
}

START_TEST(lists)
{
	struct names n = { .stop = 0 };
	int before = open_files();

	ck_assert_int_eq(objects("vault/a"), 0);
	put("vault/a/one", "one");
	put("vault/a/.hidden", "x");
	put("vault/ab/other", "x");
	put("vault/a/two", "two!");
	before = open_files();
	ck_assert_int_eq(store_list(store, "vault/a", take, &n, &why), ERR_OK);
	ck_assert_uint_eq(strlen(n.text), strlen("one|two|"));
	ck_assert_ptr_nonnull(strstr(n.text, "one|"));
	ck_assert_ptr_nonnull(strstr(n.text, "two|"));
	ck_assert_uint_eq(n.bytes, 7);
	n = (struct names){ .stop = 1 };
	ck_assert_int_eq(store_list(store, "vault/a", take, &n, &why),
	    ERR_TOO_LARGE);
	ck_assert_uint_eq(strlen(n.text), 4);
	ck_assert_int_eq(objects("vault"), 0);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

static enum err
remove_it(void *arg, const char *name, const struct store_info *info)
{
	int *n = arg;

	(void)info;
	(*n)++;
	return store_remove(store, arena_printf(arena, "general/%s", name),
	    &why);
}

START_TEST(removes_while_it_lists)
{
	int n = 0;

	for (int i = 0; i < MANY; i++)
		put(arena_printf(arena, "general/%d", i), "x");
	ck_assert_int_eq(store_list(store, "general", remove_it, &n, &why),
	    ERR_OK);
	ck_assert_int_eq(n, MANY);
	ck_assert_int_eq(objects("general"), 0);
}
END_TEST

START_TEST(moves)
{
	struct store_info one = put("vault/a/one", "one"), now;

	put("trash/taken", "taken");
	ck_assert_int_eq(store_move(store, "vault/a/one", "trash/taken", &why),
	    ERR_CONFLICT);
	ck_assert_str_eq(text_of("vault/a/one"), "one");
	ck_assert_str_eq(text_of("trash/taken"), "taken");
	ck_assert_int_eq(store_move(store, "vault/a/one", "trash/one", &why),
	    ERR_OK);
	assert_missing("vault/a/one");
	ck_assert_str_eq(text_of("trash/one"), "one");
	ck_assert_int_eq(store_stat(store, "trash/one", &now, &why), ERR_OK);
	ck_assert_uint_eq(now.size, one.size);
	ck_assert_int_eq(store_move(store, "vault/a/one", "trash/x", &why),
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(removes)
{
	put("general/one", "one");
	ck_assert_int_eq(store_remove(store, "general/one", &why), ERR_OK);
	assert_missing("general/one");
	ck_assert_int_eq(store_remove(store, "general/one", &why), ERR_OK);
	ck_assert_int_eq(store_remove(store, "none/one", &why), ERR_OK);
	/* The path is free again. */
	put("general/one", "again");
	ck_assert_str_eq(text_of("general/one"), "again");
}
END_TEST

static const char *const missing[] = { "", "none", "general", "general/none",
	"none/x", "general/../general", "/general/x" };

START_TEST(misses)
{
	int before = open_files();

	assert_missing(missing[_i]);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

START_TEST(stamps)
{
	struct store_stamp one, two;

	ck_assert_int_eq(store_stamp(store, "general", &one, &why), ERR_OK);
	ck_assert_int_eq(store_stamp(store, "general", &two, &why), ERR_OK);
	ck_assert_int_eq(one.known, two.known);
	if (!one.known)
		return;
	ck_assert_mem_eq(&one.mtime, &two.mtime, sizeof(one.mtime));
	ck_assert_uint_eq(one.inode, two.inode);
	usleep(50000); /* more than a tick of the storage's clock */
	put("general/one", "one");
	ck_assert_int_eq(store_stamp(store, "general", &two, &why), ERR_OK);
	ck_assert_mem_ne(&one.mtime, &two.mtime, sizeof(one.mtime));
}
END_TEST

/* Where a web server can send objects, it finds them by their paths. */
START_TEST(web_root)
{
	const char *web = store_web_root(store);

	put("general/one", "one");
	if (web != NULL)
		ck_assert_int_eq(
		    access(arena_printf(arena, "%s/general/one", web), R_OK),
		    0);
	ck_assert_str_ne(store_root(store), "");
}
END_TEST

static TCase *
tests(const char *name, void (*set_up)(void))
{
	TCase *t = tcase_create(name);

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, commits);
	tcase_add_test(t, conflicts);
	tcase_add_test(t, replaces);
	tcase_add_test(t, drops);
	tcase_add_test(t, lists);
	tcase_add_test(t, removes_while_it_lists);
	tcase_add_test(t, moves);
	tcase_add_test(t, removes);
	tcase_add_loop_test(t, misses, 0,
	    (int)(sizeof(missing) / sizeof(missing[0])));
	tcase_add_test(t, stamps);
	tcase_add_test(t, web_root);
	return t;
}

int
main(void)
{
	Suite *s = suite_create("store_ops");
	SRunner *r;
	int failed;

	sec_init();
	suite_add_tcase(s, tests("fs", set_up_fs));
	suite_add_tcase(s, tests("memory", set_up_memory));
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
