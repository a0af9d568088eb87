#include "config.h"

#include "api/call.h"
#include "api/handlers.h"
#include "base/clock.h"
#include "core/auth/auth.h"
#include "core/auth/token.h"

struct login {
	struct json_text username;
	struct json_text password;
};

static const struct json_field login_fields[] = {
	JSON_FIELD(struct login, username, "username", JSON_TEXT, 1, 256, 0),
	JSON_FIELD(struct login, password, "password", JSON_TEXT, 1,
	    PASSWORD_MOST, 0),
};

static void
write_user(struct json_out *w, const struct user *u)
{
	char uuid[UUID_TEXT];

	uuid_format(&u->uuid, uuid);
	jw_object(w, "user");
	jw_uint(w, "id", u->id);
	jw_text(w, "uuid", uuid);
	jw_text(w, "username", u->username);
	jw_text(w, "displayName", u->display_name);
	jw_text(w, "email", u->email);
	jw_text(w, "role", words_word(&roles, u->role));
	jw_end(w);
}

static enum err
missing(struct call *c, const char *field)
{
	return why_with(&c->env.why, WHY_MISSING, .field = field);
}

/* Reads and checks the user name and password. */
static enum err
check_login(struct call *c, struct user *ret)
{
	struct login in = { 0 };
	enum err e;

	e = call_json(c, false, login_fields, 2, &in);
	if (e != ERR_OK)
		return e;
	if (in.username.seen != JSON_THERE)
		return missing(c, "username");
	if (in.password.seen != JSON_THERE)
		return missing(c, "password");
	return auth_password(&c->env, in.username.s, in.password.s, ret);
}

enum err
handle_login(struct call *c)
{
	struct user u = { 0 };
	const char *cookie;
	struct json_out w;
	enum err e;

	if ((e = check_login(c, &u)) != ERR_OK ||
	    (e = auth_open_session(&c->env, &u,
		 http_header(c->req, "User-Agent"), &cookie)) != ERR_OK)
		return e;
	call_set_session(c, cookie);
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	write_user(&w, &u);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_logout(struct call *c)
{
	enum err e;

	if (c->caller.credential == CRED_SESSION &&
	    (e = auth_logout(&c->env, &c->caller)) != ERR_OK)
		return e;
	call_clear_session(c);
	return call_no_content(c);
}

enum err
handle_me(struct call *c)
{
	struct json_out w;

	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	write_user(&w, &c->caller.user);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_token(struct call *c)
{
	struct user u = { 0 };
	const char *token;
	struct json_out w;
	enum err e;

	if ((e = check_login(c, &u)) != ERR_OK ||
	    (e = token_make(&c->env, &u, &token)) != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "access_token", token);
	jw_text(&w, "token_type", "Bearer");
	jw_int(&w, "expires_in", c->env.base->conf->session_token_lifetime);
	jw_end(&w);
	return call_json_done(c);
}

struct password_body {
	struct json_text current;
	struct json_text new;
};

static const struct json_field password_fields[] = {
	JSON_FIELD(struct password_body, current, "current", JSON_TEXT, 1,
	    PASSWORD_MOST, 0),
	JSON_FIELD(struct password_body, new, "new", JSON_TEXT, 1,
	    PASSWORD_MOST, 0),
};

enum err
handle_password(struct call *c)
{
	struct password_body in = { 0 };
	enum err e;

	e = call_json(c, false, password_fields, 2, &in);
	if (e != ERR_OK)
		return e;
	if (in.current.seen != JSON_THERE)
		return missing(c, "current");
	if (in.new.seen != JSON_THERE)
		return missing(c, "new");
	e = auth_change_password(&c->env, &c->caller, in.current.s, in.new.s);
	return e != ERR_OK ? e : call_no_content(c);
}

/* ---- API keys ---- */

struct key_body {
	struct json_text name;
	struct json_texts scopes;
	struct json_text expires_at;
};

static const struct json_field key_fields[] = {
	JSON_FIELD(struct key_body, name, "name", JSON_TEXT, 1, 512, 0),
	JSON_FIELD(struct key_body, scopes, "scopes", JSON_TEXTS, 1, 32, 32),
	JSON_FIELD(struct key_body, expires_at, "expiresAt", JSON_TEXT, 1, 64,
	    0),
};

static enum err
read_scopes(struct call *c, const struct json_texts *in, unsigned *ret)
{
	*ret = in->seen == JSON_THERE ? 0 : SCOPE_DEFAULT;
	for (size_t i = 0; i < in->n; i++) {
		unsigned scope = scope_of_name(in->s[i]);

		if (scope == 0)
			return why_with(&c->env.why, WHY_BAD_SCOPE,
			    .field = "scopes", .word = in->s[i]);
		*ret |= scope;
	}
	/* A key cannot be granted scopes that its creator lacks. */
	if ((*ret & ~c->caller.scopes) != 0)
		return why_with(&c->env.why, WHY_SCOPE_NOT_HELD,
		    .field = "scopes",
		    .word = scopes_format(*ret & ~c->caller.scopes));
	return ERR_OK;
}

static enum err
read_expiry(struct call *c, const struct json_text *in, int64_t *ret)
{
	bool date_only;

	*ret = CLOCK_NONE;
	if (in->seen != JSON_THERE)
		return ERR_OK;
	if (!clock_parse(in->s, ret, &date_only))
		return why_with(&c->env.why, WHY_NOT_TIME,
		    .field = "expiresAt");
	/* A date includes the whole day. */
	if (date_only)
		*ret += CLOCK_DAY - 1;
	return ERR_OK;
}

/* Writes the scopes in the form that POST accepts. */
static void
write_scopes(struct json_out *w, unsigned scopes)
{
	jw_array(w, "scopes");
	for (unsigned bit = 1; bit <= SCOPE_ALL; bit <<= 1)
		if ((scopes & bit) != 0)
			jw_text(w, NULL, scopes_format(bit));
	jw_end(w);
}

enum err
handle_key_add(struct call *c)
{
	struct key_body in = { 0 };
	struct json_out w;
	const char *key;
	unsigned scopes;
	int64_t expires;
	uint64_t id;
	enum err e;

	e = call_json(c, false, key_fields, 3, &in);
	if (e != ERR_OK)
		return e;
	if (in.name.seen != JSON_THERE)
		return missing(c, "name");
	if ((e = read_scopes(c, &in.scopes, &scopes)) != ERR_OK ||
	    (e = read_expiry(c, &in.expires_at, &expires)) != ERR_OK ||
	    (e = auth_key_add(&c->env, c->caller.user.id, in.name.s, scopes,
		 expires, &id, &key)) != ERR_OK)
		return e;
	call_json_begin(c, 201, &w);
	jw_object(&w, NULL);
	jw_uint(&w, "id", id);
	jw_text(&w, "name", in.name.s);
	jw_text(&w, "key", key);
	write_scopes(&w, scopes);
	jw_time(&w, "expiresAt", expires);
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_key_list(struct call *c)
{
	struct api_key *keys;
	struct json_out w;
	unsigned scopes;
	size_t n;
	enum err e;

	e = auth_key_list(&c->env, c->caller.user.id, &keys, &n);
	if (e != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		AN(scopes_parse(keys[i].scopes, &scopes));
		jw_object(&w, NULL);
		jw_uint(&w, "id", keys[i].id);
		jw_text(&w, "name", keys[i].name);
		write_scopes(&w, scopes);
		jw_time(&w, "createdAt", keys[i].created_at);
		jw_time(&w, "lastUsed", keys[i].last_used);
		jw_time(&w, "expiresAt", keys[i].expires_at);
		jw_time(&w, "revokedAt", keys[i].revoked_at);
		jw_end(&w);
	}
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_key_revoke(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_KEY_ID, &id)) != ERR_OK ||
	    (e = auth_key_revoke(&c->env, c->caller.user.id, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}

/* ---- sessions ---- */

enum err
handle_session_list(struct call *c)
{
	struct session *sessions;
	struct json_out w;
	size_t n;
	enum err e;

	e = auth_sessions(&c->env, &c->caller, &sessions, &n);
	if (e != ERR_OK)
		return e;
	call_json_begin(c, 200, &w);
	jw_array(&w, NULL);
	for (size_t i = 0; i < n; i++) {
		jw_object(&w, NULL);
		jw_uint(&w, "id", sessions[i].id);
		jw_text(&w, "address", sessions[i].address);
		jw_text(&w, "agent", sessions[i].agent);
		jw_time(&w, "createdAt", sessions[i].created_at);
		jw_time(&w, "lastSeen", sessions[i].last_seen);
		jw_time(&w, "expiresAt", sessions[i].expires_at);
		jw_bool(&w, "current", sessions[i].id == c->caller.session_id);
		jw_end(&w);
	}
	jw_end(&w);
	return call_json_done(c);
}

enum err
handle_session_end(struct call *c)
{
	uint64_t id;
	enum err e;

	if ((e = call_id(c, 0, WHY_BAD_SESSION_ID, &id)) != ERR_OK ||
	    (e = auth_end_session(&c->env, &c->caller, id)) != ERR_OK)
		return e;
	return call_no_content(c);
}
