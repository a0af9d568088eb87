/* vitrine init, migrate, status, sync */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/account.h"
#include "core/sync.h"
#include "db/job_db.h"
#include "db/migrate.h"
#include "db/user_db.h"
#include "prog/admin.h"

/* What lies in the storage root besides the vaults. */
static const char *const folders[] = { "user-media/users", "general",
	"hidden", "thumbs", "tmp", "trash", "marks", "slots" };

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

struct user_ids {
	struct arena *arena;
	uint64_t *v;
	size_t n, size;
};

static enum err
take_id(void *arg, const void *row)
{
	struct user_ids *ids = arg;

	if (ids->n == ids->size) {
		size_t size = ids->size == 0 ? 64 : 2 * ids->size;
		uint64_t *more = arena_array(ids->arena, size, sizeof(*more));

		if (ids->n > 0)
			memcpy(more, ids->v, ids->n * sizeof(*more));
		ids->v = more;
		ids->size = size;
	}
	ids->v[ids->n++] = ((const struct user *)row)->id;
	return ERR_OK;
}

/* The account that was named, or all of them. */
static enum err
find_users(struct admin *a, const char *name, struct user_ids *ids)
{
	struct user u = { 0 };
	enum err e;

	if (name == NULL)
		return user_db_list(a->env.base->db, &a->env.why, take_id,
		    ids);
	e = account_find(&a->env, name, &u);
	return e != ERR_OK ? e : take_id(ids, &u);
}

static int
print_sync(struct admin *a, const struct sync_result *r, bool json)
{
	struct json_out w;
	struct buf b;

	if (!json) {
		printf("added %" PRIu64 ", gone %" PRIu64 ", back %" PRIu64
		       "\n", r->added, r->gone, r->back);
		return 0;
	}
	admin_json(a, &b, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "added", r->added);
	jw_uint(&w, "gone", r->gone);
	jw_uint(&w, "back", r->back);
	jw_end(&w);
	return admin_print(&b);
}

int
admin_sync(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	const char *name = a->argc > 0 ? admin_word(a, "NAME") : NULL;
	struct user_ids ids = { .arena = a->arena };
	struct sync_result sum = { 0 }, one;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = find_users(a, name, &ids);
	for (size_t i = 0; e == ERR_OK && i < ids.n; i++) {
		e = sync_user(&a->env, ids.v[i], &one);
		if (e != ERR_OK)
			break;
		sum.added += one.added;
		sum.gone += one.gone;
		sum.back += one.back;
	}
	return e != ERR_OK ? admin_failed(a, e) : print_sync(a, &sum, json);
}
