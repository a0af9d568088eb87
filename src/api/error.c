#include "config.h"

#include "api/error.h"

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
	http_response_text(c->resp, "Allow", buf_str(&b));
}

static void
put_fault(struct call *c, struct json_out *w, const struct dialect_answer *a)
{
	if (a->field != NULL)
		jw_text(w, "field", a->field);
	if (a->status >= 500)
		jw_text(w, "requestId", c->req->id);
}

static void
write_json(struct call *c, const struct dialect_answer *a, const char *key)
{
	struct json_out w;

	call_json_begin(c, a->status, &w);
	jw_object(&w, NULL);
	jw_text(&w, key, a->text);
	put_fault(c, &w, a);
	jw_end(&w);
	http_response_send(c->resp);
}

/* RFC 9457: no type of its own beyond the status; field and requestId are
 * extension members. */
static void
write_problem(struct call *c, const struct dialect_answer *a)
{
	struct json_out w;

	call_json_begin_type(c, a->status, "application/problem+json", &w);
	jw_object(&w, NULL);
	jw_text(&w, "type", "about:blank");
	jw_text(&w, "title", http_status_text(a->status));
	jw_int(&w, "status", a->status);
	jw_text(&w, "detail", a->text);
	put_fault(c, &w, a);
	jw_end(&w);
	http_response_send(c->resp);
}

static void
write_answer(struct call *c, const struct dialect_answer *a)
{
	switch (dialect_of(c)) {
	case PROBLEM:
		write_problem(c, a);
		break;
	case ERROR:
	case LINKS:
		write_json(c, a, "error");
		break;
	case PAGE:
		if (http_wants_html(c->req)) {
			html_error(c, a);
			break;
		}
		write_json(c, a, "message");
		break;
	case MESSAGE:
	case DIALECT__MAX:
		write_json(c, a, "message");
		break;
	}
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

/* Seconds to wait before the next try; 0: it would not help. */
static unsigned
wait_of(const struct call *c, enum err e)
{
	if (err_status(e) != 503 && e != ERR_LIMITED)
		return 0;
	return c->env.why.retry_after != 0 ? c->env.why.retry_after : 5;
}

void
error_send(struct call *c, enum err e, unsigned allow)
{
	unsigned wait = wait_of(c, e);
	struct dialect_answer a;

	http_response_clear(c->resp);
	call_safety(c);
	if (dialect_of(c) == PAGE && http_wants_html(c->req) &&
	    send_to_login(c, e))
		return;
	if (e == ERR_METHOD)
		put_allow(c, allow);
	if (e == ERR_UNAUTH)
		http_response_text(c->resp, "WWW-Authenticate",
		    "Bearer realm=\"vitrine\"");
	if (wait != 0)
		http_response_header(c->resp, "Retry-After", "%u", wait);
	http_response_text(c->resp, "Cache-Control", "no-store");
	dialect_answer(c, e, &a);
	write_answer(c, &a);
}
