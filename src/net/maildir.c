#include "config.h"

#include "net/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define NAME_MOST 128
#define ENVELOPE_MOST 2048
#define PATH_MOST 4096

static const char *const folders[] = { "tmp", "new", "cur" };
#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

static enum err
fail(struct why *why, const char *dir, const char *what)
{
	(void)why_log(why, ERR_RETRY, "maildir: %s%s%s: %s", dir,
	    what[0] != '\0' ? "/" : "", what, strerror(errno));
	return why_set(why, WHY_MAIL_FOLDER);
}

/* Opens dir and makes its three folders. */
static enum err
open_dir(const char *dir, int *ret, struct why *why)
{
	enum err e;
	int fd;

	if (mkdir(dir, FOLDER_MODE) != 0 && errno != EEXIST)
		return fail(why, dir, "");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail(why, dir, "");
	for (size_t i = 0; i < FOLDERS; i++) {
		if (mkdirat(fd, folders[i], FOLDER_MODE) == 0 ||
		    errno == EEXIST)
			continue;
		e = fail(why, dir, folders[i]);
		close(fd);
		return e;
	}
	*ret = fd;
	return ERR_OK;
}

/* A name that sorts by time; its UUID makes it unique even if several hosts
 * share the folder. */
static void
make_name(char name[NAME_MOST])
{
	struct uuid id = uuid_random();
	int64_t now = clock_now();
	char text[UUID_TEXT];

	uuid_format(&id, text);
	(void)snprintf(name, NAME_MOST, "%lld.M%03lldR%s.vitrine",
	    (long long)(now / CLOCK_SECOND), (long long)(now % CLOCK_SECOND),
	    text);
}

static bool
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

/* Writes the file to disk. False, with errno set and the file removed. */
static bool
write_file(int dir, const char *path, const char *envelope, const char *message,
    size_t n)
{
	int fd, error;

	fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    FILE_MODE);
	if (fd < 0)
		return false;
	if (write_all(fd, envelope, strlen(envelope)) &&
	    write_all(fd, message, n) && fsync(fd) == 0) {
		if (close(fd) == 0)
			return true;
		fd = -1;
	}
	error = errno;
	if (fd >= 0)
		close(fd);
	(void)unlinkat(dir, path, 0);
	errno = error;
	return false;
}

static bool
sync_folder(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	good = fsync(fd) == 0;
	close(fd);
	return good;
}

static enum err
deliver(int fd, const char *dir, const char *envelope, const char *message,
    size_t n, struct why *why)
{
	char name[NAME_MOST], from[NAME_MOST + 4], to[NAME_MOST + 4];
	enum err e;

	make_name(name);
	(void)snprintf(from, sizeof(from), "tmp/%s", name);
	(void)snprintf(to, sizeof(to), "new/%s", name);
	if (!write_file(fd, from, envelope, message, n))
		return fail(why, dir, "tmp");
	if (renameat(fd, from, fd, to) != 0) {
		e = fail(why, dir, "new");
		(void)unlinkat(fd, from, 0);
		return e;
	}
	/* The second sync is for folders that were just made. */
	if (sync_folder(fd, "new") && fsync(fd) == 0)
		return ERR_OK;
	return why_log(why, ERR_UNCERTAIN, "maildir: %s/new: %s", dir,
	    strerror(errno));
}

enum err
maildir_send(const char *dir, const char *from, const char *to,
    const char *message, size_t n, struct why *why)
{
	char envelope[ENVELOPE_MOST];
	int fd = -1, k;
	enum err e;

	k = snprintf(envelope, sizeof(envelope),
	    "Return-Path: <%s>\r\nDelivered-To: %s\r\n", from, to);
	if (k < 0 || (size_t)k >= sizeof(envelope))
		return why_log(why, ERR_INTERNAL,
		    "maildir: addresses are too long");
	if ((e = open_dir(dir, &fd, why)) != ERR_OK)
		return e;
	e = deliver(fd, dir, envelope, message, n, why);
	close(fd);
	return e;
}

/* ---- the check at startup ---- */

static bool
is_writable(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, 0) != 0)
		return false;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return false;
	}
	return faccessat(dir, name, W_OK | X_OK, 0) == 0;
}

static enum err
refuse(struct why *why, const char *dir, const char *slash, const char *name)
{
	return why_log(why, ERR_INVALID, "%s%s%s: %s", dir, slash, name,
	    strerror(errno));
}

/* Checks that dir could be made in its parent. */
static enum err
check_parent(const char *dir, struct why *why)
{
	const char *slash = strrchr(dir, '/');
	int n = slash == NULL ? 0 : (int)(slash - dir);
	char parent[PATH_MOST];

	if (slash == NULL || n >= PATH_MOST)
		return why_log(why, ERR_INVALID, "%s: not a path", dir);
	(void)snprintf(parent, sizeof(parent), "%.*s", n > 0 ? n : 1, dir);
	return is_writable(AT_FDCWD, parent) ? ERR_OK :
					       refuse(why, parent, "", "");
}

enum err
maildir_check(const char *dir, struct why *why)
{
	enum err e = ERR_OK;
	int fd;

	if (!is_writable(AT_FDCWD, dir))
		return errno == ENOENT ? check_parent(dir, why) :
					 refuse(why, dir, "", "");
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return refuse(why, dir, "", "");
	for (size_t i = 0; e == ERR_OK && i < FOLDERS; i++)
		if (!is_writable(fd, folders[i]) && errno != ENOENT)
			e = refuse(why, dir, "/", folders[i]);
	close(fd);
	return e;
}
