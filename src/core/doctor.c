#include "config.h"

#include "core/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "core/account.h"
#include "core/mail.h"
#include "core/orphan.h"
#include "db/media_db.h"
#include "db/user_db.h"
#include "model/media.h"

struct doctor {
	struct env *env;
	doctor_fn *fn;
	void *arg;
};

const char *
finding_name(enum finding_kind kind)
{
	static const char *const names[FINDING__MAX] = {
		[FINDING_SETTING] = "setting",
		[FINDING_MISSING] = "missing",
		[FINDING_PASSED] = "passed-over",
		[FINDING_ORPHAN] = "orphan",
	};

	AN(kind < FINDING__MAX);
	return names[kind];
}

static void
tell(struct doctor *d, enum finding_kind kind, const char *subject,
    const char *text)
{
	d->fn(d->arg, kind, subject, text);
}

/* ---- settings ---- */

/* What is wrong keeps programs from starting; what is doubtful is said here. */
static void
tell_warning(void *arg, const char *setting, const char *text)
{
	tell(arg, FINDING_SETTING, setting, text);
}

static void
check_file(struct doctor *d, const char *setting, const char *path, int mode,
    const char *text)
{
	if (access(path, mode) != 0)
		tell(d, FINDING_SETTING, setting,
		    arena_printf(d->env->arena, "%s: %s (%s)", path,
			strerror(errno), text));
}

/* A mark that cannot be made means that nothing is published. */
static void
check_mark(struct doctor *d)
{
	struct env *env = d->env;
	enum err e = image_mark_ready(env->base->image, env->arena, &env->why);

	if (e == ERR_OK)
		return;
	tell(d, FINDING_SETTING, "watermark",
	    arena_strdup(env->arena,
		env->why.detail[0] ? env->why.detail : err_text(e)));
	why_clear(&env->why);
}

/* A template that is malformed stops mails of its kind. */
static void
check_mail(struct doctor *d)
{
	static const char *const kinds[] = { MAIL_LINKS, MAIL_NOTIFICATIONS,
		MAIL_RESET };
	const struct conf *c = d->env->base->conf;
	struct env *env = d->env;

	if (!mail_enabled(c))
		return;
	if (mail_conf_ready(c, &env->why) != ERR_OK) {
		tell(d, FINDING_SETTING, "mail.server",
		    arena_printf(env->arena, "%s (mail waits until this "
			"account can write there)", env->why.detail));
		why_clear(&env->why);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (mail_check_template(env, kinds[i]) == ERR_OK)
			continue;
		tell(d, FINDING_SETTING, "mail.templates",
		    arena_strdup(env->arena, env->why.detail));
		why_clear(&env->why);
	}
}

static void
check_settings(struct doctor *d)
{
	const struct conf *c = d->env->base->conf;
	struct arena *a = d->env->arena;

	conf_warn(a, c, tell_warning, d);
	check_mail(d);
	check_file(d, "image.program", c->image_program, X_OK,
	    "nothing is enriched or published without it");
	check_file(d, "image.policy",
	    arena_printf(a, "%s/policy.xml", c->image_policy), R_OK,
	    "the limits of the picture library");
	check_file(d, "storage.root", c->storage_root, R_OK | W_OK | X_OK,
	    "media lie there");
	check_mark(d);
}

/* ---- the vaults ---- */

static enum err
tell_missing(void *arg, const void *row)
{
	const struct media_path *m = row;

	tell(arg, FINDING_MISSING, m->path,
	    "the row is there, the file has gone");
	return ERR_OK;
}

/* Why the sync passes over a name; NULL: it does not. */
static const char *
passed_over(int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return NULL; /* gone meanwhile */
	if (S_ISLNK(st.st_mode))
		return "a symbolic link is never followed";
	if (S_ISDIR(st.st_mode))
		return "a folder within a vault's folder";
	if (!S_ISREG(st.st_mode))
		return "no regular file";
	if (!text_utf8(name, strlen(name)))
		return "its name is not UTF-8";
	if (strcmp(text_extension(name), "json") == 0)
		return NULL; /* beside the media that it describes */
	if (name[0] == '.')
		return "a hidden file";
	return media_name_is_listed(name) ? NULL :
					    "not of a kind that is listed";
}

static enum err
look_into(struct doctor *d, const char *path)
{
	struct store *s = d->env->base->store;
	struct dirent *entry;
	struct stat st;
	enum err e;
	DIR *dir;
	int fd;

	e = store_folder(s, path, &fd, &st, &d->env->why);
	if (e == ERR_NOT_FOUND) {
		why_clear(&d->env->why);
		return ERR_OK; /* the next sync makes it */
	}
	if (e != ERR_OK)
		return e;
	if ((dir = fdopendir(fd)) == NULL) {
		close(fd);
		return ERR_INTERNAL;
	}
	while ((entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name, *text;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		text = passed_over(dirfd(dir), name);
		if (text != NULL)
			tell(d, FINDING_PASSED,
			    arena_printf(d->env->arena, "%s/%s", path, name),
			    text);
	}
	closedir(dir);
	return ERR_OK;
}

static enum err
look_at_user(void *arg, const void *row)
{
	const struct user *u = row;
	struct doctor *d = arg;
	const struct categories *c = d->env->base->categories;
	enum err e = ERR_OK;

	for (size_t i = 0; e == ERR_OK && i < c->n; i++)
		e = look_into(d, account_folder(d->env->arena, u->id,
		    &c->v[i]));
	return e;
}

static void
tell_orphan(void *arg, const char *path)
{
	tell(arg, FINDING_ORPHAN, path,
	    "no row stands for it; \"vitrine purge\" removes it");
}

enum err
doctor_run(struct env *env, doctor_fn *fn, void *arg)
{
	struct doctor d = { env, fn, arg };
	const struct orphan_watch watch = { .found = tell_orphan, .arg = &d };
	struct orphan_result orphans;
	enum err e;

	check_settings(&d);
	e = media_db_missing(env->base->db, &env->why, tell_missing, &d);
	if (e == ERR_OK)
		e = user_db_list(env->base->db, &env->why, look_at_user, &d);
	if (e == ERR_OK)
		e = orphan_sweep(env, ORPHANS_TELL, &watch, &orphans);
	return e;
}
