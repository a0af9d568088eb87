#include "config.h"

#include "prog/owner.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWD_ROOM 16384

/* Finds an account by its uid; false if there is none. */
static bool
look_up(uid_t uid, struct owner *ret, const char **ret_home)
{
	static char room[PASSWD_ROOM];
	struct passwd pw, *found;

	if (getpwuid_r(uid, &pw, room, sizeof(room), &found) != 0 ||
	    found == NULL)
		return false;
	ret->uid = uid;
	ret->gid = pw.pw_gid;
	snprintf(ret->name, sizeof(ret->name), "%s", pw.pw_name);
	*ret_home = pw.pw_dir;
	return true;
}

/* The caller's account, which may have no name. */
static void
take_caller(struct owner *ret)
{
	const char *home;

	if (look_up(geteuid(), ret, &home))
		return;
	ret->uid = geteuid();
	ret->gid = getegid();
	snprintf(ret->name, sizeof(ret->name), "%lu", (unsigned long)ret->uid);
}

static enum err
no_root(const char *root, struct owner *ret, struct why *why)
{
	if (errno != ENOENT)
		return why_setting(why, "root", "%s: %s", root,
		    strerror(errno));
	if (geteuid() == 0)
		return why_setting(why, "root",
		    "the storage folder %s is missing: create it for the "
		    "account that Vitrine runs as, with "
		    "\"systemd-tmpfiles --create\" or mkdir and chown",
		    root);
	take_caller(ret);
	return ERR_OK;
}

/* Root acts on a configuration only if root or the account it becomes, and no
 * other, can change it. */
static enum err
check_config(const char *config, struct owner *o, struct why *why)
{
	const char *path = conf_path(config);
	struct stat st;

	if (stat(path, &st) != 0)
		return why_log(why, ERR_INVALID, "%s: %s", path,
		    strerror(errno));
	if (st.st_uid != 0 && st.st_uid != o->uid)
		return why_log(why, ERR_INVALID,
		    "%s does not belong to root or to %s, the owner of the "
		    "storage folder: chown root %s",
		    path, o->name, path);
	if ((st.st_mode & 022) != 0)
		return why_log(why, ERR_INVALID,
		    "%s is writable by others than its owner: chmod go-w %s",
		    path, path);
	o->by_root = st.st_uid == 0;
	return ERR_OK;
}

enum err
owner_find(const struct conf *conf, const char *config, struct owner *ret,
    struct why *why)
{
	const char *root = conf->storage_root, *home;
	struct owner caller;
	struct stat st;

	ret->by_root = false;
	if (stat(root, &st) != 0)
		return no_root(root, ret, why);
	if (!S_ISDIR(st.st_mode))
		return why_setting(why, "root",
		    "the storage root %s is not a folder", root);
	if (st.st_uid == geteuid()) {
		take_caller(ret);
		return st.st_uid == 0 ? check_config(config, ret, why) : ERR_OK;
	}
	if (!look_up(st.st_uid, ret, &home))
		return why_setting(why, "root",
		    "the storage folder %s belongs to uid %lu, which has no "
		    "account: chown it",
		    root, (unsigned long)st.st_uid);
	if (geteuid() == 0)
		return check_config(config, ret, why);
	take_caller(&caller);
	return why_log(why, ERR_FORBIDDEN,
	    "you are %s, but the storage folder %s belongs to %s: run this "
	    "as %s, as in \"runuser -u %s -- vitrine status\"",
	    caller.name, root, ret->name, ret->name, ret->name);
}

static bool
has_become(const struct owner *o, uid_t saved)
{
	uid_t r, e, s;
	gid_t rg, eg, sg;

	return getresuid(&r, &e, &s) == 0 && getresgid(&rg, &eg, &sg) == 0 &&
	    r == o->uid && e == o->uid && s == saved && rg == o->gid &&
	    eg == o->gid && sg == o->gid;
}

/* saved: the user id to which the process can return. */
static enum err
become(const struct owner *o, uid_t saved, struct why *why)
{
	struct owner same;
	const char *home;

	if (o->uid == geteuid())
		return ERR_OK;
	if (!look_up(o->uid, &same, &home) ||
	    initgroups(o->name, o->gid) != 0 ||
	    setresgid(o->gid, o->gid, o->gid) != 0 ||
	    setresuid(o->uid, o->uid, saved) != 0 || !has_become(o, saved))
		return why_log(why, ERR_INTERNAL,
		    "cannot become %s: %s; run this as %s: runuser -u %s -- ...",
		    o->name, strerror(errno), o->name, o->name);
	/* Libraries keep files in the home folder. */
	setenv("HOME", home, 1);
	setenv("USER", o->name, 1);
	setenv("LOGNAME", o->name, 1);
	return ERR_OK;
}

enum err
owner_become(const struct owner *o, struct why *why)
{
	uid_t before = geteuid();
	enum err e = become(o, o->uid, why);

	if (e == ERR_OK && before != geteuid() && setuid(0) == 0)
		return why_log(why, ERR_INTERNAL,
		    "cannot drop root permanently for %s", o->name);
	return e;
}

enum err
owner_visit(const struct owner *o, struct why *why)
{
	return become(o, geteuid(), why);
}

void
owner_stay(void)
{
	uid_t uid = geteuid();

	if (setresuid(uid, uid, uid) != 0)
		die("setresuid: %s", strerror(errno));
}
