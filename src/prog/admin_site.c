/* vitrine init, migrate, status */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "db/job_db.h"
#include "db/migrate.h"
#include "prog/admin.h"

/* What lies in the storage root besides the vaults. */
static const char *const folders[] = { "user-media/users", "general",
	"hidden", "thumbs", "views", "tmp", "trash", "marks", "slots" };

static enum err
make_folders(struct admin *a, const char *root)
{
	size_t n = sizeof(folders) / sizeof(folders[0]);
	struct store *store;
	enum err e;

	if (mkdir(root, 0750) != 0 && errno != EEXIST)
		return why_set(&a->why, ERR_INVALID, NULL, "%s: %s", root,
		    strerror(errno));
	e = store_open(a->arena, root, &store, &a->why);
	for (size_t i = 0; e == ERR_OK && i < n; i++)
		e = store_mkdir(store, folders[i], &a->why);
	return e;
}

int
admin_init(struct admin *a)
{
	struct conf *conf;
	enum err e;

	admin_no_more(a);
	e = conf_load(a->arena, a->config, &conf, &a->why);
	if (e == ERR_OK)
		e = make_folders(a, conf->storage_root);
	if (e != ERR_OK)
		return admin_failed(a, e);
	e = secrets_create(conf->secrets_file, &a->why);
	if (e == ERR_CONFLICT) /* keys that are in use are kept */
		e = ERR_OK;
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

static void
tell_migration(void *arg, unsigned number, const char *name)
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
	e = migrate_apply(a->env.base->db,
	    a->env.base->conf->database_migrations, tell_migration, NULL,
	    &a->env.why);
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
	e = migrate_pending(a->env.base->db,
	    a->env.base->conf->database_migrations, &pending, &a->env.why);
	if (e == ERR_OK && pending == 0)
		e = job_db_count(a->env.base->db, &a->env.why, &jobs);
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
