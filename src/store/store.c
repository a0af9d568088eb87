#include "config.h"

#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/id.h"
#include "base/log.h"

#define PATH_SIZE 1024
#define RETRY_SECONDS 5

const char *const store_places[] = { "user-media/users", "general", "hidden",
	"thumbs", "views", "tmp", "trash", "marks", "slots", NULL };

struct store {
	int root;
	const char *path;
};

static enum err
fail(struct why *why, const char *what, const char *path)
{
	int err = errno;

	(void)why_log(why, ERR_INTERNAL, "%s %s: %s", what, log_quote(path),
	    strerror(err));
	switch (err) {
	case ENOENT:
	case ENOTDIR:
	case ELOOP: /* a symbolic link in the path: Vitrine makes none */
	case EXDEV:
	case ENXIO: /* a socket, or a device without a driver */
	case ENODEV:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_CONFLICT;
	case ENOSPC:
	case EDQUOT:
	case EFBIG: /* larger than the file system allows */
		return ERR_FULL;
	case EROFS:
	case EIO:
	case EACCES:
	case EPERM:
	case ESTALE:
	case EAGAIN: /* openat2 under a concurrent rename */
		why->retry_after = RETRY_SECONDS;
		return ERR_RETRY;
	default:
		return ERR_INTERNAL;
	}
}

static int
open_beneath(int dir, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned long long)(unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		    RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
}

static void
close_store(void *arg)
{
	struct store *s = arg;

	close(s->root);
}

enum err
store_open(struct arena *a, const char *root, struct store **ret,
    struct why *why)
{
	struct store *s = arena_new_struct(a, struct store);

	s->path = arena_strdup(a, root);
	s->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->root < 0)
		return fail(why, "open storage", root);
	arena_defer(a, close_store, s);
	*ret = s;
	return ERR_OK;
}

const char *
store_root(const struct store *s)
{
	return s->path;
}

/* Opens the parent folder of a path; *ret_name is the path's last part. */
static int
open_parent(struct store *s, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_SIZE] = ".";

	*ret_name = path;
	if (slash != NULL) {
		if ((size_t)(slash - path) >= sizeof(folder)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(folder, path, (size_t)(slash - path));
		folder[slash - path] = '\0';
		*ret_name = slash + 1;
	}
	return open_beneath(s->root, folder, O_RDONLY | O_DIRECTORY, 0);
}

/* Closes without changing errno. */
static void
close_quietly(int fd)
{
	int err = errno;

	close(fd);
	errno = err;
}

/* Makes one folder, durably. Fails if the name belongs to something else. */
static int
make_folder(struct store *s, const char *path)
{
	const char *name;
	struct stat st;
	int dir = open_parent(s, path, &name), r;

	if (dir < 0)
		return -1;
	r = mkdirat(dir, name, 0750);
	if (r == 0)
		r = fsync(dir);
	else if (errno == EEXIST &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		r = S_ISDIR(st.st_mode) ? 0 : -1;
	close_quietly(dir);
	return r;
}

enum err
store_mkdir(struct store *s, const char *path, struct why *why)
{
	char part[PATH_SIZE];
	size_t n = strlen(path);

	if (n >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return fail(why, "mkdir", path);
	}
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (make_folder(s, part) != 0)
			return fail(why, "mkdir", part);
	}
	return ERR_OK;
}

enum err
store_read(struct store *s, const char *path, int *ret_fd, struct stat *ret_st,
    struct why *why)
{
	int fd =
	    open_beneath(s->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
	struct stat st;

	if (fd < 0)
		return fail(why, "open", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return ERR_NOT_FOUND;
	}
	*ret_fd = fd;
	*ret_st = st;
	return ERR_OK;
}

enum err
store_folder(struct store *s, const char *path, int *ret_fd,
    struct stat *ret_st, struct why *why)
{
	int fd = open_beneath(s->root, path, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0)
		return fail(why, "open folder", path);
	if (fstat(fd, ret_st) != 0) {
		enum err e = fail(why, "stat", path);

		close(fd);
		return e;
	}
	*ret_fd = fd;
	return ERR_OK;
}

enum err
store_list(int fd, store_list_fn *fn, void *arg, struct why *why)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	enum err e = ERR_OK;
	struct dirent *entry;
	struct stat st;

	if (dir == NULL) {
		if (copy >= 0)
			close_quietly(copy);
		return fail(why, "list", ".");
	}
	while (e == ERR_OK) {
		errno = 0;
		entry = readdir(dir);
		if (entry == NULL) {
			if (errno != 0)
				e = fail(why, "list", ".");
			break;
		}
		if (entry->d_name[0] == '.' ||
		    (entry->d_type != DT_REG && entry->d_type != DT_UNKNOWN))
			continue;
		/* It may be gone by now, and d_type may not be known. */
		if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		e = fn(arg, entry->d_name, &st);
	}
	closedir(dir);
	return e;
}

void
store_drop(struct store_temp *t)
{
	if (t->fd < 0)
		return;
	close(t->fd);
	t->fd = -1;
	if (!t->done)
		unlinkat(t->store->root, t->name, 0);
}

static void
drop_temp(void *arg)
{
	store_drop(arg);
}

enum err
store_temp(struct store *s, struct arena *a, struct store_temp **ret,
    struct why *why)
{
	struct store_temp *t = arena_new_struct(a, struct store_temp);
	struct uuid id = uuid_random();
	char text[UUID_TEXT];

	uuid_format(&id, text);
	snprintf(t->name, sizeof(t->name), "tmp/%s", text);
	t->store = s;
	t->fd = open_beneath(s->root, t->name, O_RDWR | O_CREAT | O_EXCL, 0640);
	if (t->fd < 0) {
		enum err e = fail(why, "create", t->name);

		if (e != ERR_NOT_FOUND)
			return e;
		/* A missing tmp/ means that the storage is not mounted. */
		why->retry_after = RETRY_SECONDS;
		return ERR_RETRY;
	}
	arena_defer(a, drop_temp, t);
	*ret = t;
	return ERR_OK;
}

enum err
store_write(struct store_temp *t, const void *p, size_t n, struct why *why)
{
	const char *q = p;

	while (n > 0) {
		ssize_t w = write(t->fd, q, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return fail(why, "write", t->name);
		q += w;
		n -= (size_t)w;
	}
	return ERR_OK;
}

/* Renames within the storage without replacing a file; syncs both folders. */
static int
rename_durably(struct store *s, const char *from, const char *to)
{
	const char *from_name, *to_name;
	int from_dir, to_dir, r = -1;

	from_dir = open_parent(s, from, &from_name);
	if (from_dir < 0)
		return -1;
	to_dir = open_parent(s, to, &to_name);
	if (to_dir >= 0) {
		r = renameat2(from_dir, from_name, to_dir, to_name,
		    RENAME_NOREPLACE);
		if (r == 0)
			r = fsync(to_dir);
		if (r == 0)
			r = fsync(from_dir);
	}
	if (to_dir >= 0)
		close_quietly(to_dir);
	close_quietly(from_dir);
	return r;
}

enum err
store_commit(struct store_temp *t, const char *path, struct why *why)
{
	if (fsync(t->fd) != 0)
		return fail(why, "fsync", t->name);
	if (rename_durably(t->store, t->name, path) != 0)
		return fail(why, "rename to", path);
	t->done = true;
	return ERR_OK;
}

enum err
store_move(struct store *s, const char *from, const char *to, struct why *why)
{
	if (rename_durably(s, from, to) != 0)
		return fail(why, "rename", from);
	return ERR_OK;
}

enum err
store_remove(struct store *s, const char *path, struct why *why)
{
	const char *name;
	int dir = open_parent(s, path, &name);
	int r;

	if (dir < 0)
		return errno == ENOENT ? ERR_OK : fail(why, "remove", path);
	r = unlinkat(dir, name, 0);
	if (r == 0)
		r = fsync(dir);
	if (r != 0 && errno != ENOENT) {
		enum err e = fail(why, "remove", path);

		close(dir);
		return e;
	}
	close(dir);
	return ERR_OK;
}

enum err
store_ping(struct store *s, struct why *why)
{
	if (faccessat(s->root, "tmp", W_OK | X_OK, 0) != 0) {
		(void)fail(why, "write into", "tmp");
		why->retry_after = RETRY_SECONDS;
		return ERR_RETRY;
	}
	return ERR_OK;
}
