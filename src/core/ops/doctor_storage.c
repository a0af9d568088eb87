/* The storage root, and its folders in which Vitrine made all files.
 * doctor_vault.c checks the vaults. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/ops/doctor_look.h"
#include "store/fs.h"

enum err
look_storage(struct doctor *d)
{
	struct env *env = &d->env;
	const char *root = env->base->conf->storage_root;
	enum err e;

	if (env->base->store == NULL) {
		doctor_found(d, FINDING_STORAGE, false, root, "%s",
		    doctor_reason(&d->store, ERR_INTERNAL));
		return ERR_OK;
	}
	e = store_ping(env->base->store, &env->why);
	if (e == ERR_OK)
		d->have |= STORE;
	else
		doctor_found(d, FINDING_STORAGE, false, root,
		    "It is not writable: %s", doctor_reason(&env->why, e));
	return ERR_OK;
}

/* ---- its folders ---- */

static void
look_at_mode(struct doctor *d, int dir, const char *name, const char *path,
    const struct stat *st)
{
	if (st->st_uid != d->account.uid)
		doctor_found(d, FINDING_OWNER,
		    d->o->fix && doctor_give(d, dir, name, 0750, 0770), path,
		    "It does not belong to the account: %s",
		    access_text(d->scratch, st));
	else if ((st->st_mode & 07) != 0 || (st->st_mode & 0750) != 0750)
		doctor_found(d, FINDING_FOLDER_MODE,
		    d->o->fix && doctor_give(d, dir, name, 0750, 0770), path,
		    "It should be accessible to the account, readable by its "
		    "group and closed to others: %s",
		    access_text(d->scratch, st));
}

static void
look_at_name(struct doctor *d, int dir, const char *name, const char *path)
{
	struct env *env = &d->env;
	const char *missing;
	struct stat st;
	bool fixed;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		if (S_ISDIR(st.st_mode))
			look_at_mode(d, dir, name, path, &st);
		else
			doctor_found(d, FINDING_FOREIGN, false, path,
			    "It is not a folder, but should be");
		return;
	}
	missing = strerror(errno);
	fixed = d->o->fix &&
	    store_mkdir(env->base->store, path, &env->why) == ERR_OK;
	doctor_found(d, FINDING_FOLDER_MISSING, fixed, path, "%s", missing);
}

/* Opens the parent first, since no part of a path may be a link. */
static enum err
look_at_place(struct doctor *d, const char *path)
{
	struct env *env = &d->env;
	const char *slash = strrchr(path, '/');
	enum err e;
	int fd;

	e = fs_folder(env->base->store,
	    slash == NULL ?
		"." :
		arena_strndup(env->arena, path, (size_t)(slash - path)),
	    &fd, &env->why);
	if (e == ERR_NOT_FOUND) {
		doctor_found(d, FINDING_FOLDER_MISSING, false, path,
		    "Its parent folder is missing");
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	look_at_name(d, fd, slash == NULL ? path : slash + 1, path);
	close(fd);
	return ERR_OK;
}

/* Whether it is one of Vitrine's folders or one that file systems make. */
static bool
is_place(const char *name)
{
	for (size_t i = 0; fs_places[i] != NULL; i++)
		if (strcmp(fs_places[i], name) == 0)
			return true;
	return strcmp(name, "user-media") == 0 ||
	    strcmp(name, "lost+found") == 0;
}

static void
look_at_rest(struct doctor *d)
{
	struct doctor_folder f;
	const char *name;

	if (!doctor_open(d, ".", &f))
		return;
	while ((name = doctor_next(&f)) != NULL)
		if (!is_place(name))
			doctor_found(d, FINDING_FOREIGN, false, name,
			    "It does not belong into the storage root");
	doctor_close(&f);
}

enum err
look_folders(struct doctor *d)
{
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && fs_places[i] != NULL; i++)
		e = look_at_place(d, fs_places[i]);
	look_at_rest(d);
	return e;
}

/* ---- the files in them ---- */

/* Renditions are in folders by the first byte of their names. */
static bool
has_parts(const char *path)
{
	return strcmp(path, "thumbs") == 0 || strcmp(path, "views") == 0;
}

static bool
is_part(const char *name)
{
	return isxdigit((unsigned char)name[0]) &&
	    isxdigit((unsigned char)name[1]) && name[2] == '\0';
}

static void
look_at_file(struct doctor *d, struct doctor_folder *f, const char *name)
{
	struct arena *a = d->scratch;
	struct stat st;

	if (fstatat(dirfd(f->dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone in the meantime */
	if (!S_ISREG(st.st_mode))
		doctor_found(d, FINDING_FOREIGN, false, doctor_subject(f, name),
		    "It is %s",
		    S_ISLNK(st.st_mode)	    ? "a symbolic link" :
			S_ISDIR(st.st_mode) ? "a folder" :
					      "not a regular file");
	else if (st.st_uid != d->account.uid)
		doctor_found(d, FINDING_OWNER,
		    d->o->fix &&
			doctor_give(d, dirfd(f->dir), name, 0600, 0660),
		    doctor_subject(f, name),
		    "It does not belong to the account: %s",
		    access_text(a, &st));
	else if ((st.st_mode & 0400) == 0)
		doctor_found(d, FINDING_UNREADABLE,
		    d->o->fix &&
			doctor_give(d, dirfd(f->dir), name, 0600, 0660),
		    doctor_subject(f, name), "The account cannot read it: %s",
		    access_text(a, &st));
}

static void look_into(struct doctor *d, const char *path);

/* Checks a folder of renditions; its owner first, so that it can be opened. */
static void
look_at_part(struct doctor *d, struct doctor_folder *f, const char *name)
{
	const char *path = doctor_subject(f, name);
	struct stat st;

	if (fstatat(dirfd(f->dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		look_at_file(d, f, name);
		return;
	}
	look_at_mode(d, dirfd(f->dir), name, path, &st);
	look_into(d, path);
}

static void
look_into(struct doctor *d, const char *path)
{
	struct doctor_folder f;
	const char *name;

	if (!doctor_open(d, path, &f))
		return;
	while ((name = doctor_next(&f)) != NULL)
		if (has_parts(f.path) && is_part(name))
			look_at_part(d, &f, name);
		else
			look_at_file(d, &f, name);
	doctor_close(&f);
}

enum err
look_ours(struct doctor *d)
{
	for (size_t i = 0; fs_places[i] != NULL; i++)
		if (strchr(fs_places[i], '/') == NULL)
			look_into(d, fs_places[i]);
	return ERR_OK;
}
