/* vitrine user … */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "core/auth/account.h"
#include "core/pool/memo.h"
#include "core/vault/category.h"
#include "db/user_db.h"
#include "prog/admin.h"

static const char *
folder_path(struct admin *a, uint64_t user_id, size_t i)
{
	const struct categories *c = a->env.base->categories;

	return arena_printf(a->arena, "%s/%s", store_root(a->env.base->store),
	    account_folder(a->arena, user_id, &c->v[i]));
}

static int
print_added(struct admin *a, const struct user *u, bool json)
{
	size_t n = a->env.base->categories->n;
	struct json_out w;
	struct buf b;

	if (!json) {
		printf("Account %s has id %" PRIu64 ". Its folders:\n",
		    u->username, u->id);
		for (size_t i = 0; i < n; i++)
			printf("  %s\n", folder_path(a, u->id, i));
		return 0;
	}
	admin_json(a, &b, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "id", u->id);
	jw_text(&w, "username", u->username);
	jw_array(&w, "folders");
	for (size_t i = 0; i < n; i++)
		jw_text(&w, NULL, folder_path(a, u->id, i));
	jw_end(&w);
	jw_end(&w);
	return admin_print(&b);
}

/* A password is never an argument, which every user of the host can see. */
static const char *
read_password(struct admin *a)
{
	if (!admin_flag(a, "--password-stdin"))
		(void)admin_word(a, "--password-stdin");
	return admin_read_line(a);
}

int
admin_user_add(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	struct account_new n = { .email = admin_option(a, "--email"),
		.display_name = admin_option(a, "--display-name"),
		.password = read_password(a) };
	struct user u;
	enum err e;

	n.username = admin_word(a, "NAME");
	admin_no_more(a);
	if (n.email == NULL)
		(void)admin_word(a, "--email ADDRESS");
	admin_open(a);
	e = account_add(&a->env, &n, &u);
	return e != ERR_OK ? admin_failed(a, e) : print_added(a, &u, json);
}

int
admin_user_passwd(struct admin *a)
{
	const char *password = read_password(a);
	const char *name = admin_word(a, "NAME");
	struct user u = { 0 };
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = account_find(&a->env, name, &u);
	if (e == ERR_OK)
		e = account_set_password(&a->env, &u, password);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

struct user_list {
	struct json_out w;
	bool json;
};

static enum err
list_user(void *arg, const void *row)
{
	const struct user *u = row;
	struct user_list *l = arg;
	char created[CLOCK_TEXT];

	if (!l->json) {
		clock_format(u->created_at, created);
		printf("%6" PRIu64 "  %-20s %-10s %-9s %s  %s\n", u->id,
		    u->username, words_word(&roles, u->role),
		    u->disabled_at != CLOCK_NONE ? "disabled" : "", created,
		    u->email);
		return ERR_OK;
	}
	jw_object(&l->w, NULL);
	jw_uint(&l->w, "id", u->id);
	jw_text(&l->w, "username", u->username);
	jw_text(&l->w, "displayName", u->display_name);
	jw_text(&l->w, "email", u->email);
	jw_text(&l->w, "role", words_word(&roles, u->role));
	jw_uint(&l->w, "quota", u->quota);
	jw_time(&l->w, "disabledAt", u->disabled_at);
	jw_time(&l->w, "createdAt", u->created_at);
	jw_end(&l->w);
	return ERR_OK;
}

int
admin_user_list(struct admin *a)
{
	struct user_list l = { .json = admin_flag(a, "--json") };
	struct buf b;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	admin_json(a, &b, &l.w);
	jw_array(&l.w, NULL);
	e = user_db_list(&a->env.db, list_user, &l);
	jw_end(&l.w);
	if (e != ERR_OK)
		return admin_failed(a, e);
	return l.json ? admin_print(&b) : 0;
}

static int
set_disabled(struct admin *a, bool disabled)
{
	const char *name = admin_word(a, "NAME");
	struct user u = { 0 };
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = account_find(&a->env, name, &u);
	if (e == ERR_OK)
		e = account_set_disabled(&a->env, &u, disabled);
	if (e != ERR_OK)
		return admin_failed(a, e);
	/* Wait until no pool serves their links from its cache any more. */
	if (disabled)
		memo_wait();
	return 0;
}

int
admin_user_disable(struct admin *a)
{
	return set_disabled(a, true);
}

int
admin_user_enable(struct admin *a)
{
	return set_disabled(a, false);
}

int
admin_user_role(struct admin *a)
{
	const char *name = admin_word(a, "NAME");
	const char *role = admin_word(a, "the role");
	struct user u = { 0 };
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = account_find(&a->env, name, &u);
	if (e == ERR_OK)
		e = account_set_role(&a->env, &u, role);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}

int
admin_user_quota(struct admin *a)
{
	const char *name = admin_word(a, "NAME");
	const char *text = admin_word(a, "the number of bytes");
	struct user u = { 0 };
	uint64_t bytes = 0;
	enum err e;

	admin_no_more(a);
	if (strcmp(text, "0") != 0 && !decimal_parse(text, INT64_MAX, &bytes)) {
		fprintf(stderr, "vitrine: \"%s\" is not a number of bytes\n",
		    text);
		return 2;
	}
	admin_open(a);
	e = account_find(&a->env, name, &u);
	if (e == ERR_OK)
		e = account_set_quota(&a->env, &u, bytes);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}
