/* The storage in a real folder: order of writes, conflicts, and that nothing
 * outside of it can be reached. */
#include "config.h"

#include "store/fs.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sec.h"

static struct arena *arena, *request;
static struct store *store;
static struct why why;
static char top[32]; /* holds the root and, beside it, "outside" */

/* A path below the top. */
static const char *
at(const char *path)
{
	return arena_printf(arena, "%s/%s", top, path);
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(at(path), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* The content of a file below the top; NULL: it does not exist. */
static const char *
content(const char *path)
{
	char text[4096];
	FILE *f = fopen(at(path), "r");
	size_t n;

	if (f == NULL)
		return NULL;
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	return arena_strndup(arena, text, n);
}

static int
entries(const char *path)
{
	DIR *d = opendir(at(path));
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
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

static void
set_up(void)
{
	static const char *const folders[] = { "root", "root/tmp",
		"root/general", "root/a", "root/a/b", "outside" };

	umask(022);
	arena = arena_new(16 << 20);
	request = arena_new(1 << 20);
	memset(&why, 0, sizeof(why));
	snprintf(top, sizeof(top), "/tmp/store_fs.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		ck_assert_int_eq(mkdir(at(folders[i]), 0755), 0);
	put("outside/secret.jpg", "secret");
	put("root/a/one.jpg", "one");
	ck_assert_int_eq(fs_open(arena, at("root"), &store, &why), ERR_OK);
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
	arena_free(request);
	arena_free(arena);
	nftw(top, drop, 16, FTW_DEPTH | FTW_PHYS);
}

static struct store_temp *
temp_with(const char *text)
{
	struct store_temp *t = NULL;

	ck_assert_int_eq(store_temp(store, request, &t, &why), ERR_OK);
	ck_assert_int_eq(store_write(t, text, strlen(text), &why), ERR_OK);
	return t;
}

START_TEST(no_root)
{
	struct store *s = NULL;

	ck_assert_int_eq(fs_open(arena, at("none"), &s, &why), ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(why.detail, "none"));
	ck_assert_int_eq(fs_open(arena, at("outside/secret.jpg"), &s, &why),
	    ERR_NOT_FOUND);
	ck_assert_ptr_null(s);
	ck_assert_str_eq(store_root(store), at("root"));
}
END_TEST

START_TEST(commit)
{
	struct store_temp *t = temp_with("hello");
	struct stat st;

	ck_assert_int_eq(entries("root/tmp"), 1);
	ck_assert_int_eq(store_write(t, " world", 6, &why), ERR_OK);
	ck_assert_int_eq(store_write(t, NULL, 0, &why), ERR_OK);
	ck_assert_int_eq(store_commit(t, "a/b/new.jpg", NULL, &why), ERR_OK);
	ck_assert_str_eq(content("root/a/b/new.jpg"), "hello world");
	ck_assert_int_eq(entries("root/tmp"), 0);
	ck_assert_int_eq(stat(at("root/a/b/new.jpg"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
	arena_reset(request);
	ck_assert_str_eq(content("root/a/b/new.jpg"), "hello world");
}
END_TEST

START_TEST(drop_with_the_request)
{
	int before = open_files();

	for (int i = 0; i < 5; i++)
		temp_with("half");
	ck_assert_int_eq(entries("root/tmp"), 5);
	ck_assert_int_eq(open_files(), before + 5);
	arena_reset(request);
	ck_assert_int_eq(entries("root/tmp"), 0);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

START_TEST(conflict)
{
	struct store_temp *t = temp_with("two");

	ck_assert_int_eq(store_commit(t, "a/one.jpg", NULL, &why),
	    ERR_CONFLICT);
	ck_assert_str_eq(content("root/a/one.jpg"), "one");
	ck_assert_int_eq(entries("root/tmp"), 1);
	ck_assert_int_eq(store_commit(t, "a/b", NULL, &why), ERR_CONFLICT);
	/* Still there, and can have another name. */
	ck_assert_int_eq(store_commit(t, "a/one-2.jpg", NULL, &why), ERR_OK);
	ck_assert_str_eq(content("root/a/one-2.jpg"), "two");
	arena_reset(request);
	ck_assert_str_eq(content("root/a/one-2.jpg"), "two");
}
END_TEST

START_TEST(conflict_and_drop)
{
	struct store_temp *t = temp_with("two");

	ck_assert_int_eq(store_commit(t, "a/one.jpg", NULL, &why),
	    ERR_CONFLICT);
	arena_reset(request);
	ck_assert_int_eq(entries("root/tmp"), 0);
	ck_assert_str_eq(content("root/a/one.jpg"), "one");
}
END_TEST

/* A dangling link counts as a taken name, and is not followed. */
START_TEST(no_commit_through_a_link)
{
	struct store_temp *t = temp_with("two");

	ck_assert_int_eq(symlink(at("outside/made"), at("root/a/link")), 0);
	ck_assert_int_eq(store_commit(t, "a/link", NULL, &why), ERR_CONFLICT);
	ck_assert_int_eq(symlink(at("outside"), at("root/folder")), 0);
	ck_assert_int_eq(store_commit(t, "folder/made", NULL, &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_commit(t, "none/made", NULL, &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_commit(t, "../outside/made", NULL, &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(entries("outside"), 1);
	ck_assert_int_eq(entries("root/tmp"), 1);
}
END_TEST

START_TEST(no_tmp)
{
	struct store_temp *t = NULL;

	ck_assert_int_eq(store_ping(store, &why), ERR_OK);
	ck_assert_int_eq(rmdir(at("root/tmp")), 0);
	ck_assert_int_eq(store_temp(store, request, &t, &why), ERR_RETRY);
	ck_assert_uint_gt(why.retry_after, 0);
	why_clear(&why);
	ck_assert_int_eq(store_ping(store, &why), ERR_RETRY);
	ck_assert_uint_gt(why.retry_after, 0);
	ck_assert_int_eq(symlink(at("outside"), at("root/tmp")), 0);
	ck_assert_int_eq(store_temp(store, request, &t, &why), ERR_RETRY);
	ck_assert_ptr_null(t);
	ck_assert_int_eq(entries("outside"), 1);
}
END_TEST

/* The result of each call for an invalid path. */
static const char *const nowhere[] = {
	"",
	".",
	"..",
	"/",
	"none",
	"none/x.jpg",
	"a/none.jpg",
	"a/one.jpg/x",
	"../outside/secret.jpg",
	"a/../../outside/secret.jpg",
	"a/b/../../../outside/secret.jpg",
	"/etc/hostname",
	"//etc/hostname",
	"link.jpg",
	"a/link.jpg",
	"folder/secret.jpg",
	"a/up/one.jpg",
	"loop/x",
	"a",
	"a/b",
	"a/fifo",
	"a/socket",
};

static void
make_traps(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	ck_assert_int_eq(symlink(at("outside/secret.jpg"), at("root/link.jpg")),
	    0);
	ck_assert_int_eq(symlink("one.jpg", at("root/a/link.jpg")), 0);
	ck_assert_int_eq(symlink("../outside", at("root/folder")), 0);
	ck_assert_int_eq(symlink("..", at("root/a/up")), 0);
	ck_assert_int_eq(symlink("loop", at("root/loop")), 0);
	ck_assert_int_eq(mkfifo(at("root/a/fifo"), 0644), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
	    at("root/a/socket"));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)),
	    0);
	close(fd);
}

START_TEST(not_there)
{
	struct store_info info = { .size = 42 };
	int fd = -1, before;
	int64_t start;

	make_traps();
	before = open_files();
	start = clock_tick();
	ck_assert_int_eq(store_read(store, nowhere[_i], &fd, &info, &why),
	    ERR_NOT_FOUND);
	ck_assert_int_lt(clock_tick() - start, 5000000);
	ck_assert_int_eq(fd, -1);
	ck_assert_int_eq(store_stat(store, nowhere[_i], &info, &why),
	    ERR_NOT_FOUND);
	ck_assert_uint_eq(info.size, 42);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

START_TEST(reads)
{
	struct store_info info, again;
	char text[8] = "";
	int fd;

	ck_assert_int_eq(store_read(store, "a/one.jpg", &fd, &info, &why),
	    ERR_OK);
	ck_assert_uint_eq(info.size, 3);
	ck_assert_int_eq(store_stat(store, "a/one.jpg", &again, &why), ERR_OK);
	ck_assert_mem_eq(&info, &again, sizeof(info));
	ck_assert_int_eq(read(fd, text, sizeof(text)), 3);
	ck_assert_str_eq(text, "one");
	ck_assert_int_ne(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
	ck_assert_int_eq(write(fd, "x", 1), -1);
	close(fd);
	/* ".." that stays within is harmless. */
	ck_assert_int_eq(store_read(store, "a/b/../one.jpg", &fd, &info, &why),
	    ERR_OK);
	close(fd);
}
END_TEST

/* If devices can be made: they are not read. */
START_TEST(device)
{
	struct store_info info;
	int fd = -1;

	if (mknod(at("root/a/zero.jpg"), S_IFCHR | 0644, 1 << 8 | 5) != 0) {
		fprintf(stderr, "# skip: mknod: %s\n", strerror(errno));
		return;
	}
	ck_assert_int_ne(store_read(store, "a/zero.jpg", &fd, &info, &why),
	    ERR_OK);
	ck_assert_int_eq(fd, -1);
}
END_TEST

static const struct {
	const char *path;
	enum err e;
} folders[] = {
	{ "a", ERR_OK },
	{ "a/b", ERR_OK },
	{ "a/b/..", ERR_OK },
	{ "a/", ERR_OK },
	{ "", ERR_NOT_FOUND },
	{ "none", ERR_NOT_FOUND },
	{ "a/one.jpg", ERR_NOT_FOUND },
	{ "..", ERR_NOT_FOUND },
	{ "/", ERR_NOT_FOUND },
	{ "folder", ERR_NOT_FOUND },
	{ "folder/", ERR_NOT_FOUND },
	{ "a/up", ERR_NOT_FOUND },
	{ "a/up/a", ERR_NOT_FOUND },
	{ "loop", ERR_NOT_FOUND },
	{ "a/fifo", ERR_NOT_FOUND },
};

START_TEST(folder)
{
	struct stat st;
	int fd = -1;

	make_traps();
	ck_assert_int_eq(fs_folder(store, folders[_i].path, &fd, &why),
	    folders[_i].e);
	if (folders[_i].e == ERR_OK) {
		ck_assert_int_eq(fstat(fd, &st), 0);
		ck_assert(S_ISDIR(st.st_mode));
		close(fd);
	} else {
		ck_assert_int_eq(fd, -1);
	}
}
END_TEST

static const struct {
	const char *path;
	enum err e;
} made[] = {
	{ "a", ERR_OK },
	{ "a/b", ERR_OK },
	{ "new", ERR_OK },
	{ "x/y/z", ERR_OK },
	{ "a/b/../c", ERR_OK },
	{ "", ERR_OK },
	{ "a/one.jpg", ERR_CONFLICT },
	{ "a/one.jpg/x", ERR_CONFLICT },
	{ "link.jpg", ERR_CONFLICT },
	{ "folder", ERR_CONFLICT },
	{ "folder/made", ERR_CONFLICT },
	{ "a/up/made", ERR_CONFLICT },
	{ "a/fifo", ERR_CONFLICT },
	{ "../made", ERR_NOT_FOUND },
	{ "../outside/made", ERR_NOT_FOUND },
	{ "a/../../made", ERR_NOT_FOUND },
	{ "a/../../outside/made", ERR_NOT_FOUND },
	{ "/tmp/made", ERR_NOT_FOUND },
	{ "/made", ERR_NOT_FOUND },
};

START_TEST(mkdirs)
{
	struct stat st;

	make_traps();
	ck_assert_int_eq(store_mkdir(store, made[_i].path, &why), made[_i].e);
	if (made[_i].e == ERR_OK) {
		ck_assert_int_eq(stat(at(arena_printf(arena, "root/%s",
					  made[_i].path)),
				     &st),
		    0);
		ck_assert(S_ISDIR(st.st_mode));
		/* Repeating it is fine. */
		ck_assert_int_eq(store_mkdir(store, made[_i].path, &why),
		    ERR_OK);
	}
	ck_assert_int_eq(entries("outside"), 1);
	ck_assert_int_eq(entries(""), 2);
	ck_assert_int_eq(entries("root/a"),
	    6 + (strcmp(made[_i].path, "a/b/../c") == 0));
}
END_TEST

START_TEST(mkdir_mode)
{
	char path[2048];
	struct stat st;

	ck_assert_int_eq(store_mkdir(store, "x/y", &why), ERR_OK);
	ck_assert_int_eq(stat(at("root/x/y"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0750);
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	ck_assert_int_eq(store_mkdir(store, path, &why), ERR_INTERNAL);
	ck_assert_str_ne(why.detail, "");
}
END_TEST

struct listed {
	char names[256];
	int64_t bytes;
	int n;
	int stop; /* stop after this many */
};

static enum err
each(void *arg, const char *name, const struct store_info *info)
{
	struct listed *l = arg;

	strcat(l->names, name);
	strcat(l->names, "|");
	l->bytes += (int64_t)info->size;
	return ++l->n == l->stop ? ERR_TOO_LARGE : ERR_OK;
}

START_TEST(list)
{
	struct listed l = { 0 };
	int before;

	make_traps();
	put("root/a/.hidden.jpg", "x");
	put("root/a/b/below.jpg", "x");
	put("root/a/two.jpg", "two!");
	before = open_files();
	/* Twice, from the start each time. */
	for (int i = 0; i < 2; i++) {
		memset(&l, 0, sizeof(l));
		ck_assert_int_eq(store_list(store, "a", each, &l, &why),
		    ERR_OK);
		ck_assert_int_eq(l.n, 2);
		ck_assert_ptr_nonnull(strstr(l.names, "one.jpg|"));
		ck_assert_ptr_nonnull(strstr(l.names, "two.jpg|"));
		ck_assert_int_eq(l.bytes, 7);
	}
	memset(&l, 0, sizeof(l));
	l.stop = 1;
	ck_assert_int_eq(store_list(store, "a", each, &l, &why), ERR_TOO_LARGE);
	ck_assert_int_eq(l.n, 1);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

static const char *const not_folders[] = { "", "none", "a/one.jpg", "..",
	"folder", "a/up" };

START_TEST(list_no_folder)
{
	struct listed l = { 0 };
	int before;

	make_traps();
	before = open_files();
	ck_assert_int_eq(store_list(store, not_folders[_i], each, &l, &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(l.n, 0);
	ck_assert_int_eq(open_files(), before);
}
END_TEST

START_TEST(moves)
{
	put("root/a/two.jpg", "two");
	ck_assert_int_eq(store_move(store, "a/one.jpg", "a/two.jpg", &why),
	    ERR_CONFLICT);
	ck_assert_str_eq(content("root/a/one.jpg"), "one");
	ck_assert_str_eq(content("root/a/two.jpg"), "two");
	ck_assert_int_eq(store_move(store, "a/one.jpg", "general/x", &why),
	    ERR_OK);
	ck_assert_str_eq(content("root/general/x"), "one");
	ck_assert_ptr_null(content("root/a/one.jpg"));
	ck_assert_int_eq(store_move(store, "a/one.jpg", "a/x", &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_move(store, "general/x", "none/x", &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_move(store, "general/x", "../x", &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_move(store, "../outside/secret.jpg", "a/s",
			     &why),
	    ERR_NOT_FOUND);
	make_traps();
	ck_assert_int_eq(store_move(store, "folder/secret.jpg", "a/s", &why),
	    ERR_NOT_FOUND);
	ck_assert_int_eq(store_move(store, "general/x", "folder/x", &why),
	    ERR_NOT_FOUND);
	ck_assert_str_eq(content("outside/secret.jpg"), "secret");
	ck_assert_str_eq(content("root/general/x"), "one");
	ck_assert_int_eq(entries("outside"), 1);
}
END_TEST

START_TEST(removes)
{
	int before;

	make_traps();
	before = open_files();
	ck_assert_int_eq(store_remove(store, "a/one.jpg", &why), ERR_OK);
	ck_assert_ptr_null(content("root/a/one.jpg"));
	/* Removing a missing file, or from a missing folder, is fine. */
	ck_assert_int_eq(store_remove(store, "a/one.jpg", &why), ERR_OK);
	ck_assert_int_eq(store_remove(store, "none/one.jpg", &why), ERR_OK);
	/* A link is removed, not its target. */
	ck_assert_int_eq(store_remove(store, "link.jpg", &why), ERR_OK);
	ck_assert_int_eq(access(at("root/link.jpg"), F_OK), -1);
	ck_assert_int_ne(store_remove(store, "folder/secret.jpg", &why),
	    ERR_OK);
	ck_assert_int_ne(store_remove(store, "../outside/secret.jpg", &why),
	    ERR_OK);
	ck_assert_int_ne(store_remove(store, at("outside/secret.jpg"), &why),
	    ERR_OK);
	ck_assert_int_ne(store_remove(store, "a/b", &why), ERR_OK);
	ck_assert_str_eq(content("outside/secret.jpg"), "secret");
	ck_assert_int_eq(open_files(), before);
}
END_TEST

/* Another process replaces a file, or its folder, by a link while it is
 * opened. */
static pid_t
swap(const char *one, const char *other)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	for (;;)
		if (renameat2(AT_FDCWD, one, AT_FDCWD, other,
			RENAME_EXCHANGE) != 0)
			_exit(1);
}

static void
read_while_swapped(const char *path)
{
	int64_t end = clock_tick() + 20000000;
	int seen = 0, refused = 0;
	struct store_info info;
	char text[8];

	while (seen + refused < 20000 ||
	    ((seen == 0 || refused == 0) && clock_tick() < end)) {
		enum err e;
		int fd;

		why_clear(&why);
		e = store_read(store, path, &fd, &info, &why);
		if (e != ERR_OK) {
			ck_assert(e == ERR_NOT_FOUND || e == ERR_RETRY);
			refused++;
			continue;
		}
		memset(text, 0, sizeof(text));
		ck_assert_int_eq(read(fd, text, 7), 3);
		ck_assert_str_eq(text, "one");
		close(fd);
		seen++;
	}
	/* Both states occurred, else nothing was tested. */
	ck_assert_int_gt(seen, 0);
	ck_assert_int_gt(refused, 0);
}

START_TEST(swapped_file)
{
	pid_t pid;

	ck_assert_int_eq(symlink(at("outside/secret.jpg"), at("root/s")), 0);
	pid = swap(at("root/a/one.jpg"), at("root/s"));
	read_while_swapped("a/one.jpg");
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

START_TEST(swapped_folder)
{
	pid_t pid;

	put("outside/one.jpg", "secret");
	ck_assert_int_eq(symlink(at("outside"), at("root/s")), 0);
	pid = swap(at("root/a"), at("root/s"));
	read_while_swapped("a/one.jpg");
	ck_assert_int_eq(waitpid(pid, NULL, WNOHANG), 0);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}
END_TEST

/* Writes until it fails. */
static enum err
fill(struct store_temp *t)
{
	static char block[65536];
	enum err e = ERR_OK;

	for (int i = 0; e == ERR_OK && i < 1000; i++)
		e = store_write(t, block, sizeof(block), &why);
	return e;
}

START_TEST(no_space_on_device)
{
	struct store_temp *t = temp_with("x");
	int full = open("/dev/full", O_WRONLY);

	ck_assert_int_ge(full, 0);
	ck_assert_int_eq(dup2(full, t->fd), t->fd);
	close(full);
	ck_assert_int_eq(store_write(t, "x", 1, &why), ERR_FULL);
	ck_assert_ptr_nonnull(strstr(why.detail, "No space"));
	arena_reset(request);
	ck_assert_int_eq(entries("root/tmp"), 0);
}
END_TEST

START_TEST(file_too_large)
{
	struct rlimit limit = { 100000, 100000 };
	struct store_temp *t = temp_with("x");

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	ck_assert_int_eq(fill(t), ERR_FULL);
	arena_reset(request);
	ck_assert_int_eq(entries("root/tmp"), 0);
}
END_TEST

/* A small file system, if it can be mounted; it disappears with the process. */
static bool
mount_small(const char *path)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", path, "tmpfs", 0, "size=1m,mode=755") == 0;
}

START_TEST(full)
{
	struct store_temp *t;
	struct store *small;

	if (!mount_small(at("outside"))) {
		fprintf(stderr, "# skip: mount: %s\n", strerror(errno));
		return;
	}
	ck_assert_int_eq(fs_open(arena, at("outside"), &small, &why), ERR_OK);
	ck_assert_int_eq(store_mkdir(small, "tmp", &why), ERR_OK);
	ck_assert_int_eq(store_temp(small, request, &t, &why), ERR_OK);
	ck_assert_int_eq(fill(t), ERR_FULL);
	/* Everything is released with the request. */
	arena_reset(request);
	ck_assert_int_eq(entries("outside/tmp"), 0);
	ck_assert_int_eq(store_temp(small, request, &t, &why), ERR_OK);
	ck_assert_int_eq(store_write(t, "x", 1, &why), ERR_OK);
	arena_reset(request);
	/* Nothing more can be written. */
	ck_assert_int_eq(mount(NULL, at("outside"), NULL,
			     MS_REMOUNT | MS_RDONLY, NULL),
	    0);
	why_clear(&why);
	ck_assert_int_eq(store_temp(small, request, &t, &why), ERR_RETRY);
	ck_assert_uint_gt(why.retry_after, 0);
	ck_assert_int_eq(store_ping(small, &why), ERR_RETRY);
	ck_assert_int_eq(store_mkdir(small, "x", &why), ERR_RETRY);
	ck_assert_int_eq(umount2(at("outside"), MNT_DETACH), 0);
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

static void
add_tests(TCase *t)
{
	tcase_add_test(t, no_root);
	tcase_add_test(t, commit);
	tcase_add_test(t, drop_with_the_request);
	tcase_add_test(t, conflict);
	tcase_add_test(t, conflict_and_drop);
	tcase_add_test(t, no_commit_through_a_link);
	tcase_add_test(t, no_tmp);
	tcase_add_loop_test(t, not_there, 0, COUNT(nowhere));
	tcase_add_test(t, reads);
	tcase_add_test(t, device);
	tcase_add_loop_test(t, folder, 0, COUNT(folders));
	tcase_add_loop_test(t, mkdirs, 0, COUNT(made));
	tcase_add_test(t, mkdir_mode);
	tcase_add_test(t, list);
	tcase_add_loop_test(t, list_no_folder, 0, COUNT(not_folders));
	tcase_add_test(t, moves);
	tcase_add_test(t, removes);
	tcase_add_test(t, swapped_file);
	tcase_add_test(t, swapped_folder);
	tcase_add_test(t, no_space_on_device);
	tcase_add_test(t, file_too_large);
	tcase_add_test(t, full);
}

int
main(void)
{
	Suite *s = suite_create("store_fs");
	TCase *t = tcase_create("fs");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	add_tests(t);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
