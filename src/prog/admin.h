/* The administrator's command: shared by its parts. */
#ifndef PROG_ADMIN_H
#define PROG_ADMIN_H

#include <stdbool.h>

#include "base/json_out.h"
#include "core/env.h"
#include "model/user.h"

struct admin {
	const char *config; /* NULL: the default file */
	struct arena *arena;
	struct env env; /* opened by admin_open() */
	struct why why;
	int argc; /* the arguments after the command's name */
	char **argv;
};

/* Becomes the site's account, opens configuration, secrets and storage, and
 * prepares the database. Exits with a message on failure. */
void admin_open(struct admin *a);

/* Prints an error or a warning about the configuration. */
conf_tell_fn admin_tell;

/* Prints why a call failed and returns the exit status. */
int admin_failed(struct admin *a, enum err e);

/* Takes the next argument that is not an option; without one, exits with a
 * usage message that names `what`. */
const char *admin_word(struct admin *a, const char *what);

/* Takes "--name value" out of the arguments; NULL if it is not there. */
const char *admin_option(struct admin *a, const char *name);

/* Takes "--name" out of the arguments; whether it was there. */
bool admin_flag(struct admin *a, const char *name);

/* Exits with a usage message if arguments are left. */
void admin_no_more(struct admin *a);

/* The first line of standard input, without its line break. */
const char *admin_read_line(struct admin *a);

/* Starts JSON for standard output, which admin_print() then writes. */
void admin_json(struct admin *a, struct buf *b, struct json_out *w);
int admin_print(const struct buf *b);

/* The commands; each returns the exit status. */
int admin_init(struct admin *a);
int admin_config_check(struct admin *a);
int admin_migrate(struct admin *a);
int admin_sync(struct admin *a);
int admin_status(struct admin *a);
int admin_user_add(struct admin *a);
int admin_user_passwd(struct admin *a);
int admin_user_list(struct admin *a);
int admin_user_disable(struct admin *a);
int admin_user_enable(struct admin *a);
int admin_user_role(struct admin *a);
int admin_user_quota(struct admin *a);
int admin_key_add(struct admin *a);
int admin_key_list(struct admin *a);
int admin_key_revoke(struct admin *a);
int admin_share_list(struct admin *a);
int admin_share_show(struct admin *a);
int admin_share_revoke(struct admin *a);
int admin_share_expire(struct admin *a);
int admin_mail_queue(struct admin *a);
int admin_mail_retry(struct admin *a);
int admin_mail_drop(struct admin *a);
int admin_tag_add(struct admin *a);
int admin_tag_list(struct admin *a);
int admin_tag_rename(struct admin *a);
int admin_tag_merge(struct admin *a);
int admin_subject_add(struct admin *a);
int admin_subject_list(struct admin *a);
int admin_subject_remove(struct admin *a);
int admin_doctor(struct admin *a);
int admin_purge(struct admin *a);

#endif
