#include "config.h"

#include "api/dialect.h"

#include "api/pages/html.h"
#include "http/accept.h"

static const struct {
	enum http_method method;
	const char *name;
} methods[] = {
	{ HTTP_GET, "GET" },
	{ HTTP_HEAD, "HEAD" },
	{ HTTP_POST, "POST" },
	{ HTTP_PUT, "PUT" },
	{ HTTP_PATCH, "PATCH" },
	{ HTTP_DELETE, "DELETE" },
};

static void
put_allow(struct call *c, unsigned allow)
{
	struct buf b;

	buf_init(&b, c->env.arena, 128);
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if ((allow & methods[i].method) != 0)
			buf_putf(&b, "%s%s", b.len > 0 ? ", " : "",
			    methods[i].name);
	http_response_header(c->resp, "Allow", "%s", buf_str(&b));
}

/* The message that a seed prints for any internal error; NULL if the route has
 * none. */
static const char *
seed_text(const struct call *c, enum err e)
{
	unsigned flags = c->route != NULL ? c->route->flags : 0;

	if (e != ERR_INTERNAL && e != ERR_RETRY)
		return NULL;
	if ((flags & FETCHES) != 0)
		return "Failed to fetch user media";
	return (flags & SHARES) != 0 ? "Failed to create share link" : NULL;
}

/* The message for the client: the cause of an internal error is logged only. */
static const char *
client_text(const struct call *c, enum err e)
{
	const char *text = seed_text(c, e);

	if (text != NULL)
		return text;
	if (c->env.why.text[0] != '\0')
		return c->env.why.text;
	return err_text(e);
}

static bool
is_dialect(const struct call *c, enum dialect d)
{
	return c->route != NULL && c->route->dialect == d;
}

static void
put_fault(struct call *c, struct json_out *w, enum err e)
{
	if (c->env.why.field[0] != '\0')
		jw_text(w, "field", c->env.why.field);
	if (err_status(e) >= 500)
		jw_text(w, "requestId", c->req->id);
}

static void
write_json(struct call *c, enum err e)
{
	struct json_out w;

	call_json_begin(c, err_status(e), &w);
	jw_object(&w, NULL);
	jw_text(&w, is_dialect(c, ERROR) ? "error" : "message",
	    client_text(c, e));
	put_fault(c, &w, e);
	jw_end(&w);
	http_response_send(c->resp);
}

/* RFC 9457: no type of its own beyond the status; field and requestId are
 * extension members. */
static void
write_problem(struct call *c, enum err e)
{
	struct json_out w;

	call_json_begin_type(c, err_status(e), "application/problem+json", &w);
	jw_object(&w, NULL);
	jw_text(&w, "type", "about:blank");
	jw_text(&w, "title", http_status_text(err_status(e)));
	jw_int(&w, "status", err_status(e));
	jw_text(&w, "detail", client_text(c, e));
	put_fault(c, &w, e);
	jw_end(&w);
	http_response_send(c->resp);
}

/* Redirects to /login, and from there back, if the page needs a signed-in
 * person. */
static bool
send_to_login(struct call *c, enum err e)
{
	struct buf b;

	if (e != ERR_UNAUTH || c->route == NULL ||
	    c->route->credentials != PERSON)
		return false;
	buf_init(&b, c->env.arena, HTTP_MAX_TARGET);
	buf_lit(&b, "/login");
	if (c->req->method == HTTP_GET) {
		buf_lit(&b, "?next=");
		buf_url(&b, c->req->path);
		if (c->req->query[0] != '\0') {
			buf_lit(&b, "%3F");
			buf_url(&b, c->req->query);
		}
	}
	return !buf_failed(&b) && call_redirect(c, buf_str(&b)) == ERR_OK;
}

void
dialect_error(struct call *c, enum err e, unsigned allow)
{
	unsigned wait = c->env.why.retry_after;
	bool page = c->route == NULL || c->route->dialect == PAGE;

	http_response_clear(c->resp);
	call_safety(c);
	if (page && http_wants_html(c->req) && send_to_login(c, e))
		return;
	if (e == ERR_METHOD)
		put_allow(c, allow);
	if (e == ERR_UNAUTH)
		http_response_header(c->resp, "WWW-Authenticate",
		    "Bearer realm=\"vitrine\"");
	if (wait == 0 && (err_status(e) == 503 || e == ERR_LIMITED))
		wait = 5;
	if (wait != 0)
		http_response_header(c->resp, "Retry-After", "%u", wait);
	http_response_header(c->resp, "Cache-Control", "no-store");
	if (page && http_wants_html(c->req))
		html_error(c, err_status(e), client_text(c, e));
	else if (is_dialect(c, PROBLEM))
		write_problem(c, e);
	else
		write_json(c, e);
}
