#include "config.h"

#include "store/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH_SIZE 1024

int
beneath_open(int root, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned long long)(unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		    RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

int
beneath_parent(int root, const char *path, const char **ret_name)
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
	return beneath_open(root, folder, O_RDONLY | O_DIRECTORY, 0);
}

void
beneath_close(int fd)
{
	int err = errno;

	close(fd);
	errno = err;
}

/* Makes one directory. Fails if the name belongs to something else. */
static int
make_one(int root, const char *path)
{
	const char *name;
	struct stat st;
	int dir = beneath_parent(root, path, &name), r;

	if (dir < 0)
		return -1;
	r = mkdirat(dir, name, 0750);
	if (r == 0)
		r = fsync(dir);
	else if (errno == EEXIST &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		r = S_ISDIR(st.st_mode) ? 0 : -1;
	beneath_close(dir);
	return r;
}

int
beneath_mkdir(int root, const char *path)
{
	char part[PATH_SIZE];
	size_t n = strlen(path);

	if (n >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (make_one(root, part) != 0)
			return -1;
	}
	return 0;
}

int
beneath_rename(int root, const char *from, const char *to, bool replace)
{
	const char *from_name, *to_name;
	int from_dir, to_dir, r = -1;

	from_dir = beneath_parent(root, from, &from_name);
	if (from_dir < 0)
		return -1;
	to_dir = beneath_parent(root, to, &to_name);
	if (to_dir >= 0) {
		r = renameat2(from_dir, from_name, to_dir, to_name,
		    replace ? 0 : RENAME_NOREPLACE);
		if (r == 0)
			r = fsync(to_dir);
		if (r == 0)
			r = fsync(from_dir);
	}
	if (to_dir >= 0)
		beneath_close(to_dir);
	beneath_close(from_dir);
	return r;
}

int
beneath_unlink(int root, const char *path)
{
	const char *name;
	int dir = beneath_parent(root, path, &name), r;

	if (dir < 0)
		return -1;
	r = unlinkat(dir, name, 0);
	if (r == 0)
		r = fsync(dir);
	beneath_close(dir);
	return r;
}
