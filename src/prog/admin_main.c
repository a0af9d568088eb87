/* vitrine: the administrator's command. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sec.h"
#include "core/base.h"
#include "prog/admin.h"
#include "prog/start.h"

#define ADMIN_ARENA (1 << 30)

static const struct command {
	const char *first;
	const char *second; /* NULL: a command of one word */
	int (*run)(struct admin *a);
	const char *usage;
} commands[] = {
	{ "init", NULL, admin_init, "create the secrets file and the folders" },
	{ "migrate", NULL, admin_migrate, "update the database schema" },
	{ "config", "check", admin_config_check,
	    "check all settings and the files they name" },
	{ "status", NULL, admin_status, "[--json]  show status" },
	{ "sync", NULL, admin_sync,
	    "[NAME] [--dry-run] [--json]  update vaults from the storage" },
	{ "user", "add", admin_user_add,
	    "NAME --email ADDRESS [--display-name TEXT] --password-stdin" },
	{ "user", "passwd", admin_user_passwd, "NAME --password-stdin" },
	{ "user", "list", admin_user_list, "[--json]" },
	{ "user", "disable", admin_user_disable, "NAME" },
	{ "user", "enable", admin_user_enable, "NAME" },
	{ "user", "role", admin_user_role, "NAME user|moderator|admin" },
	{ "user", "quota", admin_user_quota, "NAME BYTES  (0: no limit)" },
	{ "key", "add", admin_key_add,
	    "USER NAME [--scopes A,B] [--expires TIME] [--json]" },
	{ "key", "list", admin_key_list, "USER [--json]" },
	{ "key", "revoke", admin_key_revoke, "ID" },
	{ "share", "list", admin_share_list,
	    "[--user NAME] [--limit N] [--before NUMBER] [--json]" },
	{ "share", "show", admin_share_show, "ID" },
	{ "share", "revoke", admin_share_revoke, "ID  revoke permanently" },
	{ "share", "expire", admin_share_expire,
	    "ID  expire now; the owner can extend it" },
	{ "mail", "queue", admin_mail_queue,
	    "[--all] [--json]  list queued and failed mails" },
	{ "mail", "retry", admin_mail_retry, "ID  send again" },
	{ "mail", "drop", admin_mail_drop, "ID  discard" },
	{ "tag", "add", admin_tag_add, "SLUG NAME" },
	{ "tag", "list", admin_tag_list, "[--json]" },
	{ "tag", "rename", admin_tag_rename, "SLUG NEW-SLUG [NAME]" },
	{ "tag", "merge", admin_tag_merge, "FROM INTO" },
	{ "subject", "add", admin_subject_add,
	    "USER SUBJECT  map the external issuer's subject to the account" },
	{ "subject", "list", admin_subject_list, "[--json]" },
	{ "subject", "remove", admin_subject_remove, "SUBJECT" },
	{ "doctor", NULL, admin_doctor,
	    "[--fix] [--json]  find problems and say how to fix them" },
	{ "purge", NULL, admin_purge,
	    "[--json]  remove orphaned files that are older than a day" },
	{ NULL, NULL, NULL, NULL },
};

static void
print_usage(FILE *f)
{
	fputs("usage: vitrine [--config FILE] COMMAND …\n\n", f);
	for (const struct command *c = commands; c->first != NULL; c++)
		fprintf(f, "  vitrine %s%s%s  %s\n", c->first,
		    c->second ? " " : "", c->second ? c->second : "", c->usage);
}

static void __attribute__((noreturn)) bad_usage(const char *text)
{
	fprintf(stderr, "vitrine: %s; see \"vitrine --help\"\n", text);
	exit(2);
}

void
admin_tell(void *arg, const char *setting, const char *text)
{
	(void)arg;
	(void)setting;
	fprintf(stderr, "vitrine: %s\n", text);
}

void
admin_open(struct admin *a)
{
	struct base *base;
	enum log_level level;

	if (!start_open(a->arena, a->config, admin_tell, NULL, &base))
		exit(EX_CONFIG);
	env_init(&a->env, base, a->arena);
	base_use(base);
	/* Commands print their own results, so only warnings are logged. */
	level = (enum log_level)base->conf->log_level;
	log_least(level > LOG_WARN ? level : LOG_WARN);
}

/* A missing table or column may have a simple cause: pending migrations. */
static void
print_pending(const struct base *b)
{
	struct why why = { 0 };

	if (start_check_schema(b, &why) == ERR_INVALID)
		fprintf(stderr, "vitrine: %s\n", why.detail);
}

int
admin_failed(struct admin *a, enum err e)
{
	bool early = a->why.reason != WHY_NONE || a->why.detail[0] != '\0';
	char text[WHY_SENTENCE];

	fprintf(stderr, "vitrine: %s\n",
	    why_sentence(early ? &a->why : &a->env.why, e, text));
	if (e == ERR_INTERNAL && a->env.base != NULL)
		print_pending(a->env.base);
	return 1;
}

static char *
take(struct admin *a, int i)
{
	char *word = a->argv[i];

	memmove(&a->argv[i], &a->argv[i + 1],
	    (size_t)(a->argc - i - 1) * sizeof(*a->argv));
	a->argc--;
	return word;
}

const char *
admin_word(struct admin *a, const char *what)
{
	if (a->argc == 0 || a->argv[0][0] == '-')
		bad_usage(arena_printf(a->arena, "%s is missing", what));
	return take(a, 0);
}

const char *
admin_option(struct admin *a, const char *name)
{
	for (int i = 0; i < a->argc; i++) {
		if (strcmp(a->argv[i], name) != 0)
			continue;
		if (i + 1 == a->argc)
			bad_usage(
			    arena_printf(a->arena, "%s needs a value", name));
		take(a, i);
		return take(a, i);
	}
	return NULL;
}

bool
admin_flag(struct admin *a, const char *name)
{
	for (int i = 0; i < a->argc; i++)
		if (strcmp(a->argv[i], name) == 0) {
			take(a, i);
			return true;
		}
	return false;
}

void
admin_no_more(struct admin *a)
{
	if (a->argc > 0)
		bad_usage(arena_printf(a->arena, "unexpected argument \"%s\"",
		    a->argv[0]));
}

const char *
admin_read_line(struct admin *a)
{
	char line[4096];

	if (fgets(line, sizeof(line), stdin) == NULL)
		bad_usage("standard input is empty");
	line[strcspn(line, "\r\n")] = '\0';
	return arena_strdup(a->arena, line);
}

void
admin_json(struct admin *a, struct buf *b, struct json_out *w)
{
	buf_init(b, a->arena, 256 << 20);
	jw_init(w, b);
}

int
admin_print(const struct buf *b)
{
	AN(!buf_failed(b));
	printf("%s\n", buf_str(b));
	return 0;
}

static const struct command *
find_command(struct admin *a)
{
	for (const struct command *c = commands; c->first != NULL; c++) {
		if (strcmp(c->first, a->argv[0]) != 0)
			continue;
		if (c->second == NULL) {
			take(a, 0);
			return c;
		}
		if (a->argc > 1 && strcmp(c->second, a->argv[1]) == 0) {
			take(a, 0);
			take(a, 0);
			return c;
		}
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	struct admin a = { .arena = arena_new(ADMIN_ARENA),
		.argc = argc - 1,
		.argv = argv + 1 };
	const struct command *c;
	int status;

	log_open("vitrine", LOG_WARN);
	sec_init();
	umask(027);
	a.config = admin_option(&a, "--config");
	if (admin_flag(&a, "--help")) {
		print_usage(stdout);
		exit(0);
	}
	if (admin_flag(&a, "--version")) {
		puts("vitrine " VERSION);
		exit(0);
	}
	if (a.argc == 0 || (c = find_command(&a)) == NULL) {
		print_usage(stderr);
		exit(2);
	}
	status = c->run(&a);
	if (a.env.base != NULL)
		base_close(a.env.base);
	arena_free(a.arena);
	return status;
}
