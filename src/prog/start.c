#include "config.h"

#include "prog/start.h"

#include <unistd.h>

#include "base/log.h"
#include "core/base.h"
#include "core/ops/settings.h"
#include "db/migrate.h"
#include "prog/owner.h"

/* Checks the settings that name files again, now with the account's
 * permissions. */
static enum err
load(struct arena *a, const char *config, conf_tell_fn *tell, void *arg,
    struct conf **ret, struct why *why)
{
	uid_t before = geteuid();
	struct owner owner;
	enum err e;

	if ((e = settings_load(a, config, tell, arg, ret)) != ERR_OK ||
	    (e = owner_find(*ret, config, &owner, why)) != ERR_OK ||
	    (e = owner_become(&owner, why)) != ERR_OK || geteuid() == before)
		return e;
	return settings_load(a, config, tell, arg, ret);
}

bool
start_open(struct arena *a, const char *config, conf_tell_fn *tell, void *arg,
    struct base **ret)
{
	struct why why = { 0 };
	struct conf *conf;
	enum err e = load(a, config, tell, arg, &conf, &why);

	if (e == ERR_OK)
		e = base_open(a, conf, ret, &why);
	if (e != ERR_OK && why.detail[0] != '\0')
		tell(arg, why.field, why.detail);
	return e == ERR_OK;
}

enum err
start_check_schema(const struct base *b, struct why *why)
{
	const struct db db = { b->connection, why, NULL };

	return migrate_ready(&db, b->conf->database_migrations);
}

void
start_log_fault(void *arg, const char *setting, const char *text)
{
	(void)arg;
	(void)setting;
	log_error("start", "error=%s", log_quote(text));
}

void
start_log_warning(void *arg, const char *setting, const char *text)
{
	(void)arg;
	(void)setting;
	log_warn("config", "warning=%s", log_quote(text));
}

void
start_log_schema(enum err e, const struct why *why)
{
	char text[WHY_SENTENCE];

	why_sentence(why, e, text);
	if (e == ERR_RETRY)
		log_error("database-away", "error=%s advice=%s",
		    log_quote(text),
		    log_quote(
			"start the database, or check [database] in the "
			"configuration; requests fail until it can be reached"));
	else if (e != ERR_OK)
		log_error("start", "error=%s", log_quote(text));
}
