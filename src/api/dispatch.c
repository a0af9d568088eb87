#include "config.h"

#include "api/dispatch.h"

#include <inttypes.h>
#include <string.h>

#include "api/call.h"
#include "api/error.h"
#include "api/identify.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

static enum err
run(struct call *c, unsigned *ret_allow)
{
	enum err e;

	if (c->req->path == NULL)
		return why_set(&c->env.why, WHY_URL_MALFORMED);
	if ((e = route_find(c->req, &c->route, c->args, ret_allow)) != ERR_OK)
		return e;
	if (c->route->body_limit > 0 &&
	    c->req->content_length > (int64_t)c->route->body_limit)
		return why_with(&c->env.why, WHY_BODY_TOO_LARGE,
		    .most = (int64_t)c->route->body_limit);
	if ((e = identify(c)) != ERR_OK)
		return e;
	return c->route->handler(c);
}

static const char *
credential_name(enum credential how)
{
	static const char *const names[] = { [CRED_NONE] = "none",
		[CRED_SESSION] = "session",
		[CRED_TOKEN] = "token",
		[CRED_KEY] = "key" };

	return names[how];
}

static void
log_call(const struct call *c, enum err e, int64_t start)
{
	int status = c->resp->status;
	enum log_level level =
	    status >= 500 && e != ERR_RETRY && e != ERR_FULL ? LOG_ERROR :
	    status >= 500				     ? LOG_WARN :
							       LOG_INFO;

	log_line(level, "request",
	    "method=%s path=%s route=%s status=%d bytes=%" PRIu64 " us=%" PRId64
	    " addr=%s user=%" PRIu64 " by=%s%s%s",
	    c->req->method_name, log_quote(c->req->target),
	    c->route != NULL ? c->route->pattern : "-", status,
	    c->resp->body_sent, clock_tick() - start, c->env.address,
	    c->caller.user.id, credential_name(c->caller.credential),
	    status >= 500 && c->env.why.detail[0] ? " why=" : "",
	    status >= 500 && c->env.why.detail[0] ?
		log_quote(c->env.why.detail) :
		"");
}

/* The caller's IP address as the web server reports it; "" if it is not one (a
 * socket's path, or nonsense from a broken proxy). */
static const char *
plain_address(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF:.");

	return n <= 45 && s[n] == '\0' ? s : "";
}

void
dispatch(struct base *base, struct arena *a, const struct http_io *io)
{
	int64_t start = clock_tick();
	struct http_response resp;
	struct http_request req;
	struct call c = { .req = &req, .resp = &resp };
	unsigned allow = 0;
	enum err e;

	env_init(&c.env, base, a);
	http_request_init(&req, a, io);
	http_response_init(&resp, &req, CALL_BODY_CAP);
	log_request(req.id);
	/* TLS may end at a proxy, so the scheme is taken from base_url. */
	req.https = text_starts(base->conf->site_base_url, "https://");
	call_safety(&c);
	c.env.address = plain_address(req.address);
	c.env.uncounted = req.method == HTTP_HEAD;
	c.caller.user.disabled_at = CLOCK_NONE;
	e = run(&c, &allow);
	if (e != ERR_OK && !resp.sent)
		error_send(&c, e, allow);
	log_call(&c, e, start);
	db_clean(base->connection);
	log_request("");
}
