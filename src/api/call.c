#include "config.h"

#include "api/call.h"

#include <string.h>

#include "base/id.h"
#include "http/body.h"

void
call_safety(struct call *c)
{
	http_response_text(c->resp, "X-Content-Type-Options", "nosniff");
	http_response_text(c->resp, "Referrer-Policy", "same-origin");
}

enum err
call_id(struct call *c, unsigned arg, enum reason bad, uint64_t *ret)
{
	if (!decimal_parse(c->args[arg], INT64_MAX, ret))
		return why_set(&c->env.why, bad);
	return ERR_OK;
}

static const char *const json_type[] = { "application/json", NULL };
static const char *const json_types[] = { "application/json", "text/json",
	"application/json-patch+json", "application/*+json", NULL };

static bool
is_of(const struct call *c, const char *const *types)
{
	for (; *types != NULL; types++)
		if (http_content_is(c->req, *types))
			return true;
	return false;
}

static enum err
read_json(struct call *c, bool optional, const char *const *types,
    const struct json_field *fields, size_t n, void *into)
{
	const char *body;
	size_t len;
	enum err e;

	e = http_body(c->req, c->route->body_limit, &body, &len, &c->env.why);
	if (e != ERR_OK)
		return e;
	if (len == 0 && optional)
		return ERR_OK;
	if (len == 0 && types == json_types)
		return why_set(&c->env.why, WHY_BODY_MISSING);
	if (!is_of(c, types))
		return why_set(&c->env.why, WHY_BODY_NOT_JSON);
	return json_read(c->env.arena, body, len, fields, n, into, &c->env.why);
}

enum err
call_json(struct call *c, bool optional, const struct json_field *fields,
    size_t n, void *into)
{
	return read_json(c, optional, json_type, fields, n, into);
}

enum err
call_json_any(struct call *c, const struct json_field *fields, size_t n,
    void *into)
{
	return read_json(c, false, json_types, fields, n, into);
}

enum err
call_uuid(struct call *c, const char *field, const char *text, struct uuid *ret)
{
	if (!uuid_from_text(text, ret))
		return why_with(&c->env.why, WHY_NOT_UUID, .field = field);
	return ERR_OK;
}

enum err
call_uuids(struct call *c, const char *field, const struct json_texts *texts,
    struct uuid **ret)
{
	struct uuid *v = arena_array(c->env.arena, texts->n, sizeof(*v));
	struct why *why = &c->env.why;

	if (texts->seen != JSON_THERE || texts->n == 0)
		return why_with(why, WHY_NO_ENTRIES, .field = field);
	for (size_t i = 0; i < texts->n; i++) {
		if (!uuid_from_text(texts->s[i], &v[i]))
			return why_with(why, WHY_NOT_UUID, .field = field);
		for (size_t k = 0; k < i; k++)
			if (uuid_equal(&v[k], &v[i]))
				return why_with(why, WHY_DUPLICATE,
				    .field = field, .word = texts->s[i]);
	}
	*ret = v;
	return ERR_OK;
}

enum err
call_cursor(struct call *c, uint64_t *ret)
{
	return cursor_parse(http_query(c->req, "cursor"), ret, &c->env.why);
}

enum err
call_query_number(struct call *c, const char *name, uint64_t most, uint64_t def,
    uint64_t *ret)
{
	const char *text = http_query(c->req, name);

	*ret = def;
	if (text == NULL || decimal_parse(text, most, ret))
		return ERR_OK;
	return why_with(&c->env.why, WHY_NOT_NUMBER, .field = name, .least = 1,
	    .most = (int64_t)most);
}

enum err
call_scope(struct call *c, unsigned scope)
{
	if (c->caller.credential != CRED_KEY || (c->caller.scopes & scope) != 0)
		return ERR_OK;
	return why_with(&c->env.why, WHY_SCOPE_MISSING,
	    .word = scopes_format(scope));
}

void
call_json_begin(struct call *c, int status, struct json_out *w)
{
	call_json_begin_type(c, status, "application/json; charset=utf-8", w);
}

void
call_json_begin_type(struct call *c, int status, const char *type,
    struct json_out *w)
{
	c->resp->status = status;
	http_response_text(c->resp, "Content-Type", type);
	http_response_text(c->resp, "Content-Security-Policy",
	    "default-src 'none'; frame-ancestors 'none'");
	jw_init(w, &c->resp->body);
}

enum err
call_json_done(struct call *c)
{
	if (!http_response_has(c->resp, "Cache-Control"))
		http_response_text(c->resp, "Cache-Control", "no-store");
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
call_no_content(struct call *c)
{
	c->resp->status = 204;
	http_response_send(c->resp);
	return ERR_OK;
}

enum err
call_redirect(struct call *c, const char *path)
{
	AN(path[0] == '/');
	c->resp->status = 303;
	http_response_text(c->resp, "Location", path);
	http_response_text(c->resp, "Cache-Control", "no-store");
	http_response_send(c->resp);
	return ERR_OK;
}

void
call_set_session(struct call *c, const char *cookie)
{
	const struct conf *conf = c->env.base->conf;

	http_response_cookie(c->resp, conf->session_cookie, cookie,
	    conf->session_lifetime, NULL);
}

void
call_clear_session(struct call *c)
{
	http_response_cookie(c->resp, c->env.base->conf->session_cookie, "", 0,
	    NULL);
}
