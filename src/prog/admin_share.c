/* vitrine share … */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "core/share/end.h"
#include "core/share/list.h"
#include "core/share/url.h"
#include "core/auth/account.h"
#include "core/pool/memo.h"
#include "prog/admin.h"

#define LISTED 50
#define LISTED_MOST 10000

static const char *
what_of(const struct share *s)
{
	return share_name(s) != NULL ? share_name(s) : "";
}

static void
write_share(struct admin *a, struct json_out *w, const struct share *s)
{
	char id[UUID_TEXT];

	uuid_format(&s->uuid, id);
	jw_object(w, NULL);
	jw_uint(w, "number", s->id);
	jw_text(w, "id", id);
	jw_text(w, "origin", words_word(&share_origins, s->origin));
	jw_text(w, "owner", s->owner_name);
	jw_text(w, "recipient", s->recipient_name);
	jw_text(w, "target", words_word(&share_target_types, s->target_type));
	jw_text(w, "name", what_of(s));
	jw_text(w, "url", share_url(&a->env, a->arena, s));
	jw_bool(w, "hasPassword", s->password_hash != NULL);
	jw_text(w, "status", share_status_name(share_status(s)));
	jw_uint(w, "uses", s->uses);
	jw_uint(w, "limit", s->max_uses);
	jw_time(w, "expiresAt", s->expires_at);
	jw_time(w, "lastAccessed", s->last_accessed);
	jw_time(w, "createdAt", s->created_at);
	jw_end(w);
}

static void
print_share(const struct share *s)
{
	char id[UUID_TEXT], limit[32] = "";

	uuid_format(&s->uuid, id);
	if (s->max_uses > 0)
		snprintf(limit, sizeof(limit), " of %" PRIu64, s->max_uses);
	printf("%s  %-9s %-10s %s to %s: %" PRIu64 "%s uses  %s\n", id,
	    share_status_name(share_status(s)),
	    words_word(&share_target_types, s->target_type), s->owner_name,
	    s->recipient_name != NULL ? s->recipient_name : "a link", s->uses,
	    limit, what_of(s));
}

/* The option's number, from 1 to most; exits with a message for any other. */
static uint64_t
number(struct admin *a, const char *option, uint64_t most, uint64_t def)
{
	const char *text = admin_option(a, option);
	uint64_t v = def;

	if (text != NULL && !decimal_parse(text, most, &v)) {
		fprintf(stderr,
		    "vitrine: %s needs a number from 1 to %" PRIu64 "\n",
		    option, most);
		exit(2);
	}
	return v;
}

int
admin_share_list(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	const char *name = admin_option(a, "--user");
	uint64_t limit = number(a, "--limit", LISTED_MOST, LISTED);
	uint64_t before = number(a, "--before", INT64_MAX, INT64_MAX);
	struct user u = { 0 };
	struct share *shares;
	struct json_out w;
	struct buf b;
	size_t n;
	enum err e = ERR_OK;

	admin_no_more(a);
	admin_open(a);
	if (name != NULL)
		e = account_find(&a->env, name, &u);
	if (e == ERR_OK)
		e = share_list_all(&a->env, u.id, before, limit, &shares, &n);
	if (e != ERR_OK)
		return admin_failed(a, e);
	admin_json(a, &b, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		if (json)
			write_share(a, &w, &shares[i]);
		else
			print_share(&shares[i]);
	}
	jw_end(&w);
	return json ? admin_print(&b) : 0;
}

int
admin_share_show(struct admin *a)
{
	const char *id = admin_word(a, "ID");
	struct share s = { 0 };
	struct json_out w;
	struct buf b;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	if ((e = share_find(&a->env, id, &s)) != ERR_OK)
		return admin_failed(a, e);
	admin_json(a, &b, &w);
	write_share(a, &w, &s);
	return admin_print(&b);
}

static int
change(struct admin *a, enum err (*fn)(struct env *env, const char *id))
{
	const char *id = admin_word(a, "ID");
	enum err e;

	admin_no_more(a);
	admin_open(a);
	if ((e = fn(&a->env, id)) != ERR_OK)
		return admin_failed(a, e);
	/* Wait until no pool serves it from its cache any more. */
	memo_wait();
	return 0;
}

int
admin_share_revoke(struct admin *a)
{
	return change(a, share_revoke_any);
}

static enum err
expire(struct env *env, const char *id)
{
	return share_expire(env, id, 0);
}

int
admin_share_expire(struct admin *a)
{
	return change(a, expire);
}
