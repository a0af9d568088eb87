#include "config.h"

#include "api/identify.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "core/auth/auth.h"

/*
 * Whether the request comes from another site, by the Origin and Sec-Fetch-Site
 * headers of browsers. Clients that send neither (curl, as in the seeds) pass;
 * the cookie is also SameSite=Lax.
 */
static bool
is_cross_site(const struct call *c)
{
	const char *base = c->env.base->conf->site_base_url;
	const char *site = http_header(c->req, "Sec-Fetch-Site");
	const char *origin = http_header(c->req, "Origin");

	if (site != NULL && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		return true;
	/* base_url has the form that browsers use for an origin. */
	return origin != NULL && strcasecmp(origin, base) != 0;
}

static bool
changes_something(const struct http_request *r)
{
	return (r->method & (HTTP_GET | HTTP_HEAD | HTTP_OPTIONS)) == 0;
}

static enum err
from_elsewhere(struct call *c)
{
	return why_with(&c->env.why, WHY_OTHER_SITE,
	    .word = c->env.base->conf->site_base_url);
}

static enum err
by_cookie(struct call *c, const char *cookie)
{
	enum err e = auth_session(&c->env, cookie, &c->caller);

	if (e != ERR_OK)
		return e;
	if (changes_something(c->req) && is_cross_site(c))
		return from_elsewhere(c);
	if (c->caller.renewed)
		call_set_session(c, cookie);
	return ERR_OK;
}

/* An explicit credential takes precedence over the cookie, which a browser
 * adds by itself. */
static enum err
by_credentials(struct call *c)
{
	const char *key = http_header(c->req, "X-API-KEY");
	const char *auth = http_header(c->req, "Authorization");
	const char *cookie =
	    http_cookie(c->req, c->env.base->conf->session_cookie);

	if (key != NULL && key[0] != '\0')
		return auth_key(&c->env, key, &c->caller);
	if (auth != NULL && strncasecmp(auth, "Bearer ", 7) == 0)
		return auth_token(&c->env, auth + 7, &c->caller);
	if (cookie != NULL && cookie[0] != '\0')
		return by_cookie(c, cookie);
	return ERR_UNAUTH;
}

enum err
identify(struct call *c)
{
	const struct route *r = c->route;
	enum err e;

	if (r->credentials == OPEN || r->credentials == SIGNED) {
		/* Forms of another site must not sign a visitor in either. */
		if (changes_something(c->req) && is_cross_site(c))
			return from_elsewhere(c);
		return ERR_OK;
	}
	e = by_credentials(c);
	if (e == ERR_UNAUTH && r->credentials == KNOWN)
		return ERR_OK;
	if (e != ERR_OK || c->caller.credential != CRED_KEY)
		return e;
	if (r->credentials == KNOWN)
		return ERR_OK;
	if (r->credentials != ACCOUNT)
		return why_set(&c->env.why, WHY_KEY_NOT_ALLOWED);
	return call_scope(c, r->scope);
}
