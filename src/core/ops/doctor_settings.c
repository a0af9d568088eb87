/* Checks what the settings refer to. The settings themselves are checked when
 * they are loaded. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/ops/doctor_look.h"
#include "core/community/mark.h"
#include "core/mail/mail.h"
#include "core/mail/conf.h"

/* Without a mark nothing can be published. */
static void
check_mark(struct doctor *d)
{
	struct env *env = &d->env;
	enum err e;
	int fd;

	/* Rendered marks are kept in the storage. */
	if ((d->have & STORE) == 0)
		return;
	e = mark_open(env, &fd);
	if (e != ERR_OK)
		doctor_found(d, FINDING_SETTING, false, "watermark",
		    "The watermark cannot be rendered, so nothing can be "
		    "published: %s",
		    doctor_reason(&env->why, e));
}

/* A malformed template stops all mails of its kind. */
static void
check_mail(struct doctor *d)
{
	static const char *const kinds[] = { MAIL_LINKS, MAIL_NOTIFICATIONS,
		MAIL_RESET };
	struct env *env = &d->env;
	enum err e;

	if ((e = mail_conf_ready(env->base->conf, &env->why)) != ERR_OK)
		doctor_found(d, FINDING_SETTING, false, "mail.server",
		    "%s (mail is delayed until this account can write there)",
		    doctor_reason(&env->why, e));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		e = mail_check_template(env, kinds[i]);
		if (e != ERR_OK)
			doctor_found(d, FINDING_SETTING, false,
			    "mail.templates", "%s",
			    doctor_reason(&env->why, e));
	}
}

static void
check_file(struct doctor *d, const char *setting, const char *path, int mode,
    const char *what)
{
	if (access(path, mode) != 0)
		doctor_found(d, FINDING_SETTING, false, setting, "%s: %s (%s)",
		    path, strerror(errno), what);
}

enum err
look_settings(struct doctor *d)
{
	const struct conf *c = d->env.base->conf;

	/* Loading does not check defaults. */
	check_file(d, "image.program", c->image_program, X_OK,
	    "no file can be read or published without it");
	check_file(d, "image.policy",
	    arena_printf(d->env.arena, "%s/policy.xml", c->image_policy), R_OK,
	    "the limits of the picture library");
	if (mail_conf_enabled(c))
		check_mail(d);
	check_mark(d);
	return ERR_OK;
}

/* ---- the secrets file ---- */

static bool
correct_secrets(struct doctor *d, const char *path)
{
	const char *slash = strrchr(path, '/');
	bool done;
	int dir;

	if (!d->o->fix || slash == NULL)
		return false;
	dir = open(arena_strndup(d->env.arena, path,
		       slash == path ? 1 : (size_t)(slash - path)),
	    O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return false;
	done = doctor_give(d, dir, slash + 1, 0600, 0600);
	close(dir);
	return done;
}

enum err
look_secrets(struct doctor *d)
{
	const char *path = d->env.base->conf->secrets_file;
	struct stat st;

	if (stat(path, &st) != 0) {
		doctor_found(d, FINDING_SECRETS, false, path, "%s",
		    strerror(errno));
	} else if ((st.st_mode & 077) != 0 ||
	    (d->account.uid != 0 && st.st_uid != d->account.uid)) {
		bool fixed = correct_secrets(d, path);

		doctor_found(d, FINDING_SECRETS, fixed, path,
		    "Anyone who can read it can sign in as anyone, so only the "
		    "account must have access: %s",
		    access_text(d->env.arena, &st));
	} else if (d->env.base->secrets == NULL) {
		doctor_found(d, FINDING_SECRETS, false, path, "%s",
		    doctor_reason(&d->secrets, ERR_INVALID));
	}
	return ERR_OK;
}
