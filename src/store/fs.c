#include "config.h"

#include "store/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/id.h"
#include "base/log.h"
#include "store/beneath.h"
#include "store/ops.h"

const char *const fs_places[] = { "user-media/users", "general", "hidden",
	"thumbs", "views", "tmp", "trash", "marks", "slots", NULL };

struct fs {
	struct store store;
	int root;
};

static const struct store_ops fs_ops;

static int
root_of(const struct store *s)
{
	AN(s->ops == &fs_ops);
	return ((const struct fs *)s)->root;
}

static struct store_info
info_of(const struct stat *st)
{
	return (struct store_info){ .size = (uint64_t)st->st_size,
		.mtime = st->st_mtim,
		.changed = st->st_ctim,
		.version = (uint64_t)st->st_dev << 48 ^ st->st_ino };
}

static const char *
fs_web_root(const struct store *s)
{
	return s->root;
}

static enum err
fs_ping(struct store *s, struct why *why)
{
	if (faccessat(root_of(s), "tmp", W_OK | X_OK, 0) == 0)
		return ERR_OK;
	(void)store_failed(why, "write into", "tmp");
	return store_away(why);
}

/* ---- folders ---- */

static enum err
fs_mkdir(struct store *s, const char *path, struct why *why)
{
	return beneath_mkdir(root_of(s), path) == 0 ?
	    ERR_OK :
	    store_failed(why, "mkdir", path);
}

enum err
fs_folder(struct store *s, const char *path, int *ret_fd, struct why *why)
{
	int fd = beneath_open(root_of(s), path, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return store_failed(why, "open folder", path);
	*ret_fd = fd;
	return ERR_OK;
}

static enum err
fs_stamp(struct store *s, const char *folder, struct store_stamp *ret,
    struct why *why)
{
	struct stat st;
	int fd = -1;
	enum err e;

	if ((e = fs_folder(s, folder, &fd, why)) != ERR_OK)
		return e;
	if (fstat(fd, &st) != 0)
		e = store_failed(why, "stat", folder);
	close(fd);
	if (e == ERR_OK)
		*ret = (struct store_stamp){ true, st.st_ino, st.st_mtim };
	return e;
}

/* Handles one entry, which may be gone by now and whose d_type may be
 * unknown. */
static enum err
list_entry(int dir, const struct dirent *entry, store_list_fn *fn, void *arg)
{
	struct store_info info;
	struct stat st;

	if (entry->d_name[0] == '.' ||
	    (entry->d_type != DT_REG && entry->d_type != DT_UNKNOWN) ||
	    fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return ERR_OK;
	info = info_of(&st);
	return fn(arg, entry->d_name, &info);
}

static enum err
fs_list(struct store *s, const char *folder, store_list_fn *fn, void *arg,
    struct why *why)
{
	int fd = -1;
	enum err e;
	DIR *dir;

	if ((e = fs_folder(s, folder, &fd, why)) != ERR_OK)
		return e;
	if ((dir = fdopendir(fd)) == NULL) {
		beneath_close(fd);
		return store_failed(why, "list", folder);
	}
	while (e == ERR_OK) {
		struct dirent *entry;

		errno = 0;
		if ((entry = readdir(dir)) != NULL) {
			e = list_entry(fd, entry, fn, arg);
			continue;
		}
		if (errno != 0)
			e = store_failed(why, "list", folder);
		break;
	}
	closedir(dir);
	return e;
}

/* ---- objects ---- */

/* O_PATH does not open the file itself, so it needs no permission to read. */
static enum err
open_object(struct store *s, const char *path, int flags, int *ret_fd,
    struct store_info *ret, struct why *why)
{
	int fd = beneath_open(root_of(s), path, flags, 0);
	struct stat st;

	if (fd < 0)
		return store_failed(why, "open", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return why_log(why, ERR_NOT_FOUND,
		    "open %s: not a regular file", log_quote(path));
	}
	*ret_fd = fd;
	*ret = info_of(&st);
	return ERR_OK;
}

static enum err
fs_read(struct store *s, const char *path, int *ret_fd, struct store_info *ret,
    struct why *why)
{
	return open_object(s, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, ret_fd,
	    ret, why);
}

static enum err
fs_stat(struct store *s, const char *path, struct store_info *ret,
    struct why *why)
{
	enum err e;
	int fd;

	if ((e = open_object(s, path, O_PATH, &fd, ret, why)) == ERR_OK)
		close(fd);
	return e;
}

static enum err
fs_move(struct store *s, const char *from, const char *to, struct why *why)
{
	return beneath_rename(root_of(s), from, to, false) == 0 ?
	    ERR_OK :
	    store_failed(why, "rename", from);
}

static enum err
fs_remove(struct store *s, const char *path, struct why *why)
{
	return beneath_unlink(root_of(s), path) == 0 || errno == ENOENT ?
	    ERR_OK :
	    store_failed(why, "remove", path);
}

/* ---- new objects ---- */

static enum err
fs_temp(struct store_temp *t, struct why *why)
{
	struct uuid id = uuid_random();
	char text[UUID_TEXT];
	enum err e;

	uuid_format(&id, text);
	snprintf(t->name, sizeof(t->name), "tmp/%s", text);
	t->fd = beneath_open(root_of(t->store), t->name,
	    O_RDWR | O_CREAT | O_EXCL, 0640);
	if (t->fd >= 0)
		return ERR_OK;
	e = store_failed(why, "create", t->name);
	/* A missing tmp/ means that the storage is not mounted. */
	return e == ERR_NOT_FOUND ? store_away(why) : e;
}

static enum err
fs_commit(struct store_temp *t, const char *path, bool replace,
    struct store_info *ret, struct why *why)
{
	struct stat st;

	if (fsync(t->fd) != 0 || (ret != NULL && fstat(t->fd, &st) != 0))
		return store_failed(why, "fsync", t->name);
	if (beneath_rename(root_of(t->store), t->name, path, replace) != 0)
		return store_failed(why, "rename to", path);
	if (ret != NULL)
		*ret = info_of(&st);
	return ERR_OK;
}

static void
fs_drop(struct store_temp *t)
{
	unlinkat(root_of(t->store), t->name, 0);
}

/* ---- the store ---- */

static const struct store_ops fs_ops = {
	.web_root = fs_web_root,
	.ping = fs_ping,
	.mkdir = fs_mkdir,
	.stamp = fs_stamp,
	.list = fs_list,
	.read = fs_read,
	.stat = fs_stat,
	.move = fs_move,
	.remove = fs_remove,
	.temp = fs_temp,
	.commit = fs_commit,
	.drop = fs_drop,
};

static void
close_fs(void *arg)
{
	struct fs *f = arg;

	close(f->root);
}

enum err
fs_open(struct arena *a, const char *root, struct store **ret, struct why *why)
{
	struct fs *f = arena_new_struct(a, struct fs);

	f->store.ops = &fs_ops;
	f->store.root = arena_strdup(a, root);
	f->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->root < 0)
		return store_failed(why, "open storage", root);
	arena_defer(a, close_fs, f);
	*ret = &f->store;
	return ERR_OK;
}

enum err
fs_init(struct arena *a, const char *root, struct why *why)
{
	struct store *s;
	enum err e;

	if (mkdir(root, 0750) != 0 && errno != EEXIST)
		return why_log(why, ERR_INVALID, "%s: %s", root,
		    strerror(errno));
	e = fs_open(a, root, &s, why);
	for (size_t i = 0; e == ERR_OK && fs_places[i] != NULL; i++)
		e = store_mkdir(s, fs_places[i], why);
	return e;
}
