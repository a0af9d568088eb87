/* vitrine init, config check, migrate, status */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/auth/secrets.h"
#include "core/ops/settings.h"
#include "db/job_db.h"
#include "db/migrate.h"
#include "prog/admin.h"
#include "prog/owner.h"
#include "prog/start.h"
#include "store/fs.h"

/* Makes the secrets file unless it exists: its keys may be in use. */
static enum err
make_secrets(struct admin *a, const struct conf *conf,
    const struct owner *owner)
{
	enum err e =
	    secrets_create(conf->secrets_file, owner->uid, owner->gid, &a->why);

	if (e != ERR_CONFLICT)
		return e;
	return ERR_OK;
}

/* The account may not be allowed to write into the secrets' folder, so root
 * makes them, provided that only root can change the configuration that names
 * it. Everything else is made as the account. */
int
admin_init(struct admin *a)
{
	struct secrets *secrets;
	struct owner owner;
	struct conf *conf;
	enum err e;

	admin_no_more(a);
	if (settings_load(a->arena, a->config, admin_tell, NULL, &conf) !=
	    ERR_OK)
		return EX_CONFIG;
	if ((e = owner_find(conf, a->config, &owner, &a->why)) != ERR_OK ||
	    (owner.by_root && (e = make_secrets(a, conf, &owner)) != ERR_OK) ||
	    (e = owner_become(&owner, &a->why)) != ERR_OK ||
	    (e = make_secrets(a, conf, &owner)) != ERR_OK ||
	    (e = fs_init(a->arena, conf->storage_root, &a->why)) != ERR_OK ||
	    (e = secrets_load(a->arena, conf->secrets_file, &secrets,
		 &a->why)) != ERR_OK)
		return admin_failed(a, e);
	return 0;
}

/* Checks all that a program reads at its start, except the database. */
int
admin_config_check(struct admin *a)
{
	const struct conf *conf;

	admin_no_more(a);
	admin_open(a);
	conf = a->env.base->conf;
	conf_warn(a->arena, conf, admin_tell, NULL);
	printf("OK %s\n", conf_path(a->config));
	return 0;
}

static void
print_migration(void *arg, unsigned number, const char *name)
{
	(void)arg;
	printf("%04u %s\n", number, name);
}

int
admin_migrate(struct admin *a)
{
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = migrate_apply(&a->env.db, a->env.base->conf->database_migrations,
	    print_migration, NULL);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

int
admin_status(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	size_t pending = 0;
	uint64_t jobs = 0;
	struct json_out w;
	struct buf b;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = migrate_pending(&a->env.db, a->env.base->conf->database_migrations,
	    &pending);
	if (e == ERR_OK && pending == 0)
		e = job_db_count(&a->env.db, &jobs);
	if (e != ERR_OK)
		return admin_failed(a, e);
	if (!json) {
		printf("pending migrations: %zu\nqueued jobs: %" PRIu64 "\n",
		    pending, jobs);
		return 0;
	}
	admin_json(a, &b, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "pendingMigrations", pending);
	jw_uint(&w, "jobs", jobs);
	jw_end(&w);
	return admin_print(&b);
}
