/* vitrine sync */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/auth/account.h"
#include "core/vault/sync.h"
#include "db/user_db.h"
#include "prog/admin.h"

#define BAR 30 /* characters */

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

/* The named account, or all accounts. */
static enum err
find_users(struct admin *a, const char *name, struct user_ids *ids)
{
	struct user u = { 0 };
	enum err e;

	if (name == NULL)
		return user_db_list(&a->env.db, take_id, ids);
	e = account_find(&a->env, name, &u);
	return e != ERR_OK ? e : take_id(ids, &u);
}

/* Shows progress on a terminal only. */
static void
show_progress(size_t done, size_t all, const struct sync_result *sum)
{
	static const char bar[BAR + 1] = "##############################";
	int full = all == 0 ? BAR : (int)(done * BAR / all);

	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r[%-*.*s] %zu of %zu accounts, %" PRIu64 " new ", BAR,
	    full, bar, done, all, sum->added);
	if (done == all)
		fputc('\n', stderr);
}

static int
print_sync(struct admin *a, const struct sync_result *r, bool json, bool dry)
{
	struct json_out w;
	struct buf b;

	if (!json) {
		printf("%s%" PRIu64 " added, %" PRIu64 " missing, %" PRIu64
		       " found again\n",
		    dry ? "dry run: " : "", r->added, r->gone, r->back);
		return 0;
	}
	admin_json(a, &b, &w);
	jw_object(&w, NULL);
	jw_bool(&w, "dryRun", dry);
	jw_uint(&w, "added", r->added);
	jw_uint(&w, "gone", r->gone);
	jw_uint(&w, "back", r->back);
	jw_end(&w);
	return admin_print(&b);
}

int
admin_sync(struct admin *a)
{
	bool json = admin_flag(a, "--json"), dry = admin_flag(a, "--dry-run");
	const char *name = a->argc > 0 ? admin_word(a, "NAME") : NULL;
	struct user_ids ids = { .arena = a->arena };
	struct sync_result sum = { 0 }, one;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = find_users(a, name, &ids);
	for (size_t i = 0; e == ERR_OK && i < ids.n; i++) {
		show_progress(i, ids.n, &sum);
		e = dry ? sync_preview(&a->env, ids.v[i], &one) :
			  sync_user(&a->env, ids.v[i], &one);
		if (e != ERR_OK)
			break;
		sum.added += one.added;
		sum.gone += one.gone;
		sum.back += one.back;
	}
	if (e != ERR_OK)
		return admin_failed(a, e);
	show_progress(ids.n, ids.n, &sum);
	return print_sync(a, &sum, json, dry);
}
