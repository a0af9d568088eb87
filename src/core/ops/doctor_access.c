#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "core/ops/doctor_look.h"

#define ROOM 16384 /* for an entry of passwd or group */
#define PATH_MOST 4096

/* ---- who may do what ---- */

bool
principal_find(struct arena *a, const char *name, struct principal *ret)
{
	char *room = arena_alloc(a, ROOM);
	struct passwd pw, *found;

	if (getpwnam_r(name, &pw, room, ROOM, &found) != 0 || found == NULL)
		return false;
	ret->name = arena_strdup(a, name);
	ret->uid = pw.pw_uid;
	ret->ngroups = MOST_GROUPS;
	/* If there are more groups, only the first are used. */
	if (getgrouplist(name, pw.pw_gid, ret->groups, &ret->ngroups) < 0)
		ret->ngroups = MOST_GROUPS;
	return true;
}

static bool
is_member(const struct principal *p, gid_t gid)
{
	for (int i = 0; i < p->ngroups; i++)
		if (p->groups[i] == gid)
			return true;
	return false;
}

static bool
has_list(const char *path)
{
	return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

bool
principal_may(const struct principal *p, const char *path,
    const struct stat *st, int mode)
{
	unsigned bits = st->st_mode & 07;

	if (p->uid == 0)
		return true;
	if (p->uid == st->st_uid)
		bits = st->st_mode >> 6 & 07;
	else if (is_member(p, st->st_gid))
		bits = st->st_mode >> 3 & 07;
	return ((unsigned)mode & ~bits) == 0 || has_list(path);
}

/* Checks each folder above the path, from / down, then the path itself. */
bool
principal_reaches(struct arena *a, const struct principal *p, const char *path,
    int mode, const char **ret_at)
{
	size_t n = strlen(path);
	struct stat st;

	for (size_t i = 1; i <= n; i++) {
		const char *part;

		if (i < n && i > 1 && path[i] != '/')
			continue;
		part = i == 1 && n > 1 ? "/" : arena_strndup(a, path, i);
		if (stat(part, &st) != 0) {
			*ret_at = "";
			return false;
		}
		if (!principal_may(p, part, &st, i < n ? X_OK : mode)) {
			*ret_at = part;
			return false;
		}
	}
	return true;
}

static const char *
user_text(struct arena *a, uid_t uid)
{
	char *room = arena_alloc(a, ROOM);
	struct passwd pw, *found;

	if (getpwuid_r(uid, &pw, room, ROOM, &found) != 0 || found == NULL)
		return arena_printf(a, "%lu", (unsigned long)uid);
	return arena_strdup(a, pw.pw_name);
}

const char *
access_group(struct arena *a, gid_t gid)
{
	char *room = arena_alloc(a, ROOM);
	struct group gr, *found;

	if (getgrgid_r(gid, &gr, room, ROOM, &found) != 0 || found == NULL)
		return arena_printf(a, "%lu", (unsigned long)gid);
	return arena_strdup(a, gr.gr_name);
}

const char *
access_text(struct arena *a, const struct stat *st)
{
	return arena_printf(a, "mode %04o, %s:%s",
	    (unsigned)st->st_mode & 07777, user_text(a, st->st_uid),
	    access_group(a, st->st_gid));
}

/* ---- --fix ---- */

/* Becomes root, if that is possible. */
static bool
become_root(struct doctor *d)
{
	return d->account.root && seteuid(0) == 0;
}

static void
become_account(struct doctor *d)
{
	if (seteuid(d->account.uid) != 0)
		die("seteuid: %s", strerror(errno));
}

/*
 * Opens a regular file with a single link, or a folder, on the same file system
 * as its parent. Others may have put anything there, so links are not followed.
 * -1: it is something else, or no longer there.
 */
static int
open_own(int dir, const char *name, struct stat *ret)
{
	int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(dir, &st) == 0 && fstat(fd, ret) == 0 &&
	    st.st_dev == ret->st_dev &&
	    (S_ISDIR(ret->st_mode) ||
		(S_ISREG(ret->st_mode) && ret->st_nlink == 1)))
		return fd;
	close(fd);
	return -1;
}

/* Changes the owner before the mode, since that clears some bits. The mode of
 * an O_PATH descriptor can only be changed by its name in /proc. */
static bool
change(int fd, uid_t uid, gid_t gid, const struct stat *st, mode_t mode)
{
	char name[40];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	if ((st->st_uid != uid || st->st_gid != gid) &&
	    fchownat(fd, "", uid, gid, AT_EMPTY_PATH) != 0)
		return false;
	return (st->st_mode & 07777) == mode || chmod(name, mode) == 0;
}

bool
doctor_give(struct doctor *d, int dir, const char *name, mode_t least,
    mode_t most)
{
	bool root = become_root(d), done;
	struct stat st;
	int fd = open_own(dir, name, &st);

	/* If the account is root, the storage may just not be mounted, so
	 * nothing is given to root. */
	done = fd >= 0 && (d->account.uid != 0 || st.st_uid == 0) &&
	    change(fd, d->account.uid, d->account.gid, &st,
		(st.st_mode & most) | least);
	if (fd >= 0)
		close(fd);
	if (root)
		become_account(d);
	return done;
}

bool
doctor_let_read(struct doctor *d, int dir, const char *name)
{
	bool root = become_root(d), done;
	struct stat st;
	int fd = open_own(dir, name, &st);

	done = fd >= 0 && S_ISREG(st.st_mode) &&
	    change(fd, st.st_uid, d->account.gid, &st,
		(st.st_mode & 0777) | 0440);
	if (fd >= 0)
		close(fd);
	if (root)
		become_account(d);
	return done;
}
