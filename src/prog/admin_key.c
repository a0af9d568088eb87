/* vitrine key … */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "core/auth/account.h"
#include "core/auth/auth.h"
#include "prog/admin.h"

static int
print_key(struct admin *a, uint64_t id, const char *key, bool json)
{
	struct json_out w;
	struct buf b;

	if (!json) {
		printf("Key %" PRIu64 ", shown only once:\n%s\n", id, key);
		return 0;
	}
	admin_json(a, &b, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "id", id);
	jw_text(&w, "key", key);
	jw_end(&w);
	return admin_print(&b);
}

int
admin_key_add(struct admin *a)
{
	bool json = admin_flag(a, "--json"), date_only;
	const char *scopes_text = admin_option(a, "--scopes");
	const char *expires_text = admin_option(a, "--expires");
	const char *user = admin_word(a, "USER");
	const char *name = admin_word(a, "NAME"), *key;
	unsigned scopes = SCOPE_DEFAULT;
	int64_t expires = CLOCK_NONE;
	struct user u = { 0 };
	uint64_t id;
	enum err e;

	admin_no_more(a);
	if (scopes_text != NULL && !scopes_parse(scopes_text, &scopes)) {
		fprintf(stderr, "vitrine: the valid scopes are %s\n",
		    scopes_format(SCOPE_ALL));
		return 2;
	}
	if (expires_text != NULL &&
	    !clock_parse(expires_text, &expires, &date_only)) {
		fputs("vitrine: --expires takes a date or an RFC 3339 time\n",
		    stderr);
		return 2;
	}
	admin_open(a);
	e = account_find(&a->env, user, &u);
	if (e == ERR_OK)
		e = auth_key_add(&a->env, u.id, name, scopes, expires, &id,
		    &key);
	return e != ERR_OK ? admin_failed(a, e) : print_key(a, id, key, json);
}

static void
write_key(struct json_out *w, const struct api_key *k)
{
	jw_object(w, NULL);
	jw_uint(w, "id", k->id);
	jw_text(w, "name", k->name);
	jw_text(w, "scopes", k->scopes);
	jw_time(w, "createdAt", k->created_at);
	jw_time(w, "lastUsed", k->last_used);
	jw_time(w, "expiresAt", k->expires_at);
	jw_time(w, "revokedAt", k->revoked_at);
	jw_end(w);
}

int
admin_key_list(struct admin *a)
{
	bool json = admin_flag(a, "--json");
	const char *user = admin_word(a, "USER");
	struct user u = { 0 };
	struct api_key *keys;
	struct json_out w;
	struct buf b;
	size_t n;
	enum err e;

	admin_no_more(a);
	admin_open(a);
	e = account_find(&a->env, user, &u);
	if (e == ERR_OK)
		e = auth_key_list(&a->env, u.id, &keys, &n);
	if (e != ERR_OK)
		return admin_failed(a, e);
	admin_json(a, &b, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		write_key(&w, &keys[i]);
		if (!json)
			printf("%6" PRIu64 "  %-9s %-20s %s\n", keys[i].id,
			    keys[i].revoked_at != CLOCK_NONE ? "revoked" : "",
			    keys[i].name, keys[i].scopes);
	}
	jw_end(&w);
	return json ? admin_print(&b) : 0;
}

int
admin_key_revoke(struct admin *a)
{
	const char *text = admin_word(a, "ID");
	uint64_t id;
	enum err e;

	admin_no_more(a);
	if (!decimal_parse(text, INT64_MAX, &id)) {
		fprintf(stderr, "vitrine: \"%s\" is not a key id\n", text);
		return 2;
	}
	admin_open(a);
	e = auth_key_revoke(&a->env, 0, id);
	if (e == ERR_NOT_FOUND)
		e = why_with(&a->env.why, WHY_NO_KEY, .number = (int64_t)id);
	return e != ERR_OK ? admin_failed(a, e) : 0;
}
