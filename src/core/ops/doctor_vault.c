/*
 * The vaults' files on disk: what the sync skips, what cannot be read, what is
 * outside of the folders that it reads. doctor_media.c compares them with the
 * database.
 */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "base/text.h"
#include "core/ops/doctor_look.h"
#include "core/vault/category.h"
#include "db/media_db.h"
#include "db/user_db.h"
#include "model/media.h"

#define USERS "user-media/users"

/* A folder of a vault that is being checked. */
struct vault {
	struct doctor_folder folder;
	uint64_t others;   /* files that belong to other accounts */
	struct stat other; /* one of them */
};

/* ---- a file ---- */

/* Why the sync skips a name; NULL: it does not. */
static const char *
passed_over(const char *name, const struct stat *st)
{
	if (S_ISLNK(st->st_mode))
		return "Symbolic links are not followed";
	if (S_ISDIR(st->st_mode))
		return "Folders inside a vault's folder are not read";
	if (!S_ISREG(st->st_mode))
		return "It is not a regular file";
	if (!text_utf8(name, strlen(name)))
		return "Its name is not UTF-8";
	return NULL;
}

/* The same for reasons that may be intended. */
static const char *
unlisted(const char *name)
{
	if (name[0] == '.')
		return "It is a hidden file";
	return media_name_is_listed(name) ||
		strcmp(text_extension(name), "json") == 0 ?
	    NULL :
	    "Files of its type are not shown";
}

/* A person's file is changed only if it is a known media. */
static bool
is_media(struct doctor *d, const char *subject)
{
	struct env *env = &d->env;
	enum err e = ERR_NOT_FOUND;

	if ((d->have & SCHEMA) != 0)
		e = media_db_path_taken(&env->db,
		    subject + strlen("user-media/"));
	return e == ERR_OK;
}

static void
tell_unreadable(struct doctor *d, struct vault *v, const char *name,
    const struct stat *st)
{
	const char *subject = doctor_subject(&v->folder, name);
	bool fixed = d->o->fix && is_media(d, subject) &&
	    doctor_let_read(d, dirfd(v->folder.dir), name);

	doctor_found(d, FINDING_UNREADABLE, fixed, subject,
	    "The account cannot read it: %s", access_text(d->scratch, st));
}

static void
look_at_file(struct doctor *d, struct vault *v, const char *name)
{
	int dir = dirfd(v->folder.dir);
	const char *text;
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone in the meantime */
	if ((text = passed_over(name, &st)) != NULL) {
		doctor_found(d, FINDING_PASSED_OVER, false,
		    doctor_subject(&v->folder, name), "%s", text);
		return;
	}
	if ((text = unlisted(name)) != NULL) {
		doctor_found(d, FINDING_UNLISTED, false,
		    doctor_subject(&v->folder, name), "%s", text);
		return;
	}
	if (st.st_uid == d->account.uid && (st.st_mode & 0400) != 0)
		return;
	if (faccessat(dir, name, R_OK, AT_EACCESS) != 0) {
		tell_unreadable(d, v, name, &st);
	} else if (st.st_uid != d->account.uid) {
		v->others++;
		v->other = st;
	}
}

/* ---- a folder ---- */

/* Checks the owner first, so that the folder can be opened. */
static void
look_at_access(struct doctor *d, int dir, const char *name, const char *path)
{
	struct stat st;

	if (faccessat(dir, name, R_OK | W_OK | X_OK, AT_EACCESS) == 0 ||
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	doctor_found(d, FINDING_VAULT_FOLDER,
	    d->o->fix && doctor_give(d, dir, name, 0750, 0770), path,
	    "The account cannot list it or write into it: %s",
	    access_text(d->scratch, &st));
}

static void
look_into(struct doctor *d, const char *path)
{
	struct vault v = { .others = 0 };
	const char *name;

	if (!doctor_open(d, path, &v.folder))
		return;
	while ((name = doctor_next(&v.folder)) != NULL)
		look_at_file(d, &v, name);
	if (v.others > 0)
		doctor_found(d, FINDING_OTHER_OWNER, false, v.folder.path,
		    "%s in it belong to other accounts (one: %s)",
		    doctor_many(d->scratch, v.others, "file"),
		    access_text(d->scratch, &v.other));
	doctor_close(&v.folder);
}

/* Checks the folder of an account. */
static void
look_at_entry(struct doctor *d, struct doctor_folder *f, const char *name)
{
	const struct categories *c = d->env.base->categories;
	struct stat st;

	if (fstatat(dirfd(f->dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (S_ISDIR(st.st_mode) && category_by_folder(c, name) != NULL) {
		const char *path = doctor_subject(f, name);

		look_at_access(d, dirfd(f->dir), name, path);
		look_into(d, path);
		return;
	}
	doctor_found(d, FINDING_BESIDE, false, doctor_subject(f, name),
	    "It is outside of the vault's folders and is not shown");
}

/* Whether a folder is named by the number of an account. */
static bool
is_account(int dir, const char *name)
{
	struct stat st;
	uint64_t id;

	return decimal_parse(name, INT64_MAX, &id) &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

enum err
look_vaults(struct doctor *d)
{
	struct doctor_folder users, one;
	const char *name;

	if (!doctor_open(d, USERS, &users))
		return ERR_OK;
	while ((name = doctor_next(&users)) != NULL) {
		const char *path;

		if (strcmp(name, "lost+found") == 0)
			continue;
		if (!is_account(dirfd(users.dir), name)) {
			doctor_found(d, FINDING_FOREIGN, false,
			    doctor_subject(&users, name),
			    "It is not the folder of an account");
			continue;
		}
		path = doctor_subject(&users, name);
		look_at_access(d, dirfd(users.dir), name, path);
		if (!doctor_open(d, path, &one))
			continue;
		while ((name = doctor_next(&one)) != NULL)
			look_at_entry(d, &one, name);
		doctor_close(&one);
	}
	doctor_close(&users);
	return ERR_OK;
}

/* ---- folders without an account ---- */

enum err
look_vault_folders(struct doctor *d)
{
	struct env *env = &d->env;
	const struct db db = { env->db.connection, &env->why, d->scratch };
	struct doctor_folder users;
	struct user u = { 0 };
	enum err e = ERR_OK;
	const char *name;
	uint64_t id;

	if (!doctor_open(d, USERS, &users))
		return ERR_OK;
	while (e == ERR_OK && (name = doctor_next(&users)) != NULL) {
		if (!decimal_parse(name, INT64_MAX, &id))
			continue;
		e = user_db_by_id(&db, id, &u);
		if (e != ERR_NOT_FOUND)
			continue;
		doctor_found(d, FINDING_NO_ACCOUNT, false,
		    doctor_subject(&users, name), "There is no account %s",
		    name);
		e = ERR_OK;
	}
	doctor_close(&users);
	return e;
}
