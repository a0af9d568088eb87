#include "config.h"

#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "core/auth/auth.h"
#include "core/mail/conf.h"
#include "http/body.h"

struct login {
	const char *username;
	const char *password;
	const char *next; /* where to go afterwards: a path of this site, or
			   * NULL */
	bool reset_done;  /* a new password has just been set */
};

static enum err
go_on(struct call *c, const char *next)
{
	return call_redirect(c, next != NULL ? next : "/vault");
}

/* wrong: why the form is shown again; NULL: it is shown for the first time. */
static enum err
write_form(struct call *c, int status, const struct login *in,
    const char *wrong)
{
	struct html_head head = { .title = "Sign in", .private_page = true };
	struct buf *b = html_begin(c, status, &head);

	buf_lit(b, "<div class=\"narrow\">\n<h1>Sign in</h1>\n");
	if (in->reset_done)
		buf_lit(b,
		    "<p class=\"notice\" role=\"status\">Your password has "
		    "been changed. Sign in with the new one.</p>\n");
	html_wrong(b, wrong);
	buf_lit(b,
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/login\">\n");
	html_hidden(b, "next", in->next);
	buf_lit(b,
	    "<label>User name\n<input name=\"username\" required "
	    "maxlength=\"64\" autocomplete=\"username\" "
	    "autocapitalize=\"none\" spellcheck=\"false\"");
	html_attr(b, "value", in->username);
	buf_raw(b,
	    wrong != NULL ? " aria-describedby=\"wrong\"" : " autofocus");
	buf_lit(b,
	    "></label>\n<label>Password\n<input name=\"password\" "
	    "type=\"password\" required autocomplete=\"current-password\"");
	buf_raw(b,
	    wrong != NULL ? " aria-describedby=\"wrong\" autofocus" : "");
	buf_lit(b, "></label>\n<button>Sign in</button>\n</form>\n");
	if (mail_conf_enabled(c->env.base->conf))
		buf_lit(b,
		    "<p class=\"small\"><a href=\"/forgotten\">"
		    "Forgot password?</a></p>\n");
	buf_lit(b,
	    "<p class=\"small\">No account? Ask the site's administrator for "
	    "one.</p>\n</div>\n");
	return html_end(c);
}

enum err
page_login(struct call *c)
{
	struct login in = { .username = "" };

	in.next = html_local_path(c->env.arena, http_query(c->req, "next"));
	in.reset_done = http_query(c->req, "reset") != NULL;
	if (c->caller.user.id != 0)
		return go_on(c, in.next);
	return write_form(c, 200, &in, NULL);
}

static enum err
read_login(struct call *c, struct login *ret)
{
	const struct http_pair *form;
	size_t n;
	enum err e;

	e = http_form(c->req, c->route->body_limit, &form, &n, &c->env.why);
	if (e != ERR_OK)
		return e;
	ret->username = http_pair_value(form, n, "username");
	ret->password = http_pair_value(form, n, "password");
	ret->next =
	    html_local_path(c->env.arena, http_pair_value(form, n, "next"));
	if (ret->username == NULL)
		ret->username = "";
	if (ret->password == NULL)
		ret->password = "";
	return ERR_OK;
}

/* Shows the form again and how long to wait. */
static enum err
make_wait(struct call *c, const struct login *in)
{
	unsigned seconds = c->env.why.retry_after;

	http_response_header(c->resp, "Retry-After", "%u", seconds);
	return write_form(c, 429, in,
	    arena_printf(c->env.arena, "Too many wrong passwords. %s",
		html_wait(c->env.arena, seconds)));
}

/* Shows the form again; it does not say which of the two is wrong, so that user
 * names cannot be guessed. */
static enum err
refuse(struct call *c, const struct login *in)
{
	http_response_header(c->resp, "WWW-Authenticate",
	    "Bearer realm=\"vitrine\"");
	return write_form(c, 401, in, "Wrong user name or password.");
}

enum err
page_login_form(struct call *c)
{
	struct login in = { 0 };
	struct user u = { 0 };
	const char *cookie;
	enum err e;

	if ((e = read_login(c, &in)) != ERR_OK)
		return e;
	if (in.username[0] == '\0' || in.password[0] == '\0')
		return write_form(c, 400, &in,
		    "Enter your user name and password.");
	e = auth_password(&c->env, in.username, in.password, &u);
	if (e == ERR_LIMITED)
		return make_wait(c, &in);
	if (e == ERR_UNAUTH)
		return refuse(c, &in);
	if (e != ERR_OK ||
	    (e = auth_open_session(&c->env, &u,
		 http_header(c->req, "User-Agent"), &cookie)) != ERR_OK)
		return e;
	call_set_session(c, cookie);
	return go_on(c, in.next);
}

enum err
page_logout_form(struct call *c)
{
	enum err e;

	if (c->caller.credential == CRED_SESSION &&
	    (e = auth_logout(&c->env, &c->caller)) != ERR_OK)
		return e;
	call_clear_session(c);
	return call_redirect(c, "/");
}
