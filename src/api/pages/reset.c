#include "config.h"

#include <string.h>

#include "api/call.h"
#include "api/dialect.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "core/auth/auth.h"
#include "core/mail/conf.h"
#include "core/auth/reset.h"
#include "http/body.h"

static enum err
no_mail(struct call *c)
{
	return why_set(&c->env.why, WHY_NO_MAIL_SITE);
}

static void
put_described(struct buf *b, const char *wrong)
{
	if (wrong != NULL)
		buf_lit(b, " aria-describedby=\"wrong\"");
}

/* ---- asking for a link by e-mail ---- */

static enum err
write_ask(struct call *c, int status, const char *email, const char *wrong)
{
	struct html_head head = { .title = "Forgot password",
		.private_page = true };
	struct buf *b = html_begin(c, status, &head);

	buf_lit(b, "<div class=\"narrow\">\n<h1>Forgot password?</h1>\n");
	html_wrong(b, wrong);
	buf_lit(b,
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/forgotten\">\n<p>Enter the e-mail address of your "
	    "account. We will send you a link to choose a new "
	    "password.</p>\n<label>E-mail address\n<input name=\"email\" "
	    "type=\"email\" required maxlength=\"254\" "
	    "autocomplete=\"email\" autofocus");
	html_attr(b, "value", email);
	put_described(b, wrong);
	buf_lit(b,
	    "></label>\n<button>Send link</button>\n</form>\n"
	    "<p class=\"small\"><a href=\"/login\">Back to sign-in</a>"
	    "</p>\n</div>\n");
	return html_end(c);
}

enum err
page_forgotten(struct call *c)
{
	if (!mail_conf_enabled(c->env.base->conf))
		return no_mail(c);
	return write_ask(c, 200, "", NULL);
}

static enum err
write_asked(struct call *c, const char *email)
{
	struct html_head head = { .title = "Check your e-mail",
		.private_page = true };
	struct buf *b = html_begin(c, 200, &head);

	buf_lit(b,
	    "<div class=\"narrow\">\n<h1>Check your e-mail</h1>\n"
	    "<div class=\"panel\">\n<p>If there is an account with the "
	    "address <strong class=\"long\">");
	buf_html(b, email);
	buf_lit(b,
	    "</strong>, we have sent a link to it. The link is valid for one "
	    "hour.</p>\n<p>Nothing after a few minutes? Check your spam "
	    "folder, or <a href=\"/forgotten\">try again</a>.</p>\n"
	    "</div>\n</div>\n");
	return html_end(c);
}

static enum err
form_value(struct call *c, const char *name, const struct http_pair **form,
    size_t *n, const char **ret)
{
	enum err e = ERR_OK;

	if (*form == NULL)
		e = http_form(c->req, c->route->body_limit, form, n,
		    &c->env.why);
	if (e != ERR_OK)
		return e;
	*ret = http_pair_value(*form, *n, name);
	if (*ret == NULL)
		*ret = "";
	return ERR_OK;
}

/* Shows the form again and what is wrong. */
static enum err
ask_again(struct call *c, enum err e, const char *email)
{
	struct dialect_answer a;

	dialect_answer(c, e, &a);
	if (e == ERR_LIMITED)
		http_response_header(c->resp, "Retry-After", "%u",
		    c->env.why.retry_after);
	return write_ask(c, a.status, email, a.text);
}

enum err
page_forgotten_form(struct call *c)
{
	const struct http_pair *form = NULL;
	const char *email;
	size_t n = 0;
	enum err e;

	if ((e = form_value(c, "email", &form, &n, &email)) != ERR_OK)
		return e;
	e = reset_ask(&c->env, email);
	if (e == ERR_INVALID || e == ERR_LIMITED)
		return ask_again(c, e, email);
	return e != ERR_OK ? e : write_asked(c, email);
}

/* ---- following the link ---- */

static enum err
write_expired(struct call *c)
{
	struct html_head head = { .title = "This link has expired",
		.private_page = true };
	struct buf *b = html_begin(c, 400, &head);

	buf_lit(b,
	    "<div class=\"narrow\">\n<h1>This link has expired</h1>\n"
	    "<p>A link is valid for one hour and can be used once.</p>\n"
	    "<p class=\"ways\"><a class=\"button\" "
	    "href=\"/forgotten\">Get a new link</a>\n<a href=\"/login\">"
	    "Back to sign-in</a></p>\n</div>\n");
	return html_end(c);
}

static enum err
write_choose(struct call *c, int status, const char *token,
    const struct user *u, const char *wrong)
{
	struct html_head head = { .title = "Choose a new password",
		.private_page = true };
	struct buf *b = html_begin(c, status, &head);

	buf_lit(b, "<div class=\"narrow\">\n<h1>Choose a new password</h1>\n");
	html_wrong(b, wrong);
	buf_lit(b,
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/reset\">\n");
	html_hidden(b, "token", token);
	/* Tells password managers which account the password is for. */
	buf_lit(b,
	    "<label>User name\n<input name=\"username\" readonly "
	    "autocomplete=\"username\"");
	html_attr(b, "value", u->username);
	buf_putf(b,
	    "></label>\n<label>New password, at least %d characters\n"
	    "<input name=\"password\" type=\"password\" required "
	    "minlength=\"%d\" autocomplete=\"new-password\" autofocus",
	    PASSWORD_LEAST, PASSWORD_LEAST);
	put_described(b, wrong);
	buf_lit(b,
	    "></label>\n<label>Repeat password\n<input "
	    "name=\"again\" type=\"password\" required "
	    "autocomplete=\"new-password\"");
	put_described(b, wrong);
	buf_lit(b,
	    "></label>\n<button>Change password</button>\n</form>\n"
	    "<p class=\"small\">You will be signed out on all devices.</p>\n"
	    "</div>\n");
	return html_end(c);
}

enum err
page_reset(struct call *c)
{
	const char *token = http_query(c->req, "token");
	struct user u = { 0 };
	enum err e;

	if (!mail_conf_enabled(c->env.base->conf))
		return no_mail(c);
	e = reset_look(&c->env, token != NULL ? token : "", &u);
	if (e == ERR_INVALID)
		return write_expired(c);
	return e != ERR_OK ? e : write_choose(c, 200, token, &u, NULL);
}

static enum err
refuse_password(struct call *c, enum err e, const char *token,
    const struct user *u)
{
	struct dialect_answer a;

	dialect_answer(c, e, &a);
	return write_choose(c, a.status, token, u, a.text);
}

enum err
page_reset_form(struct call *c)
{
	const char *token, *password, *again;
	const struct http_pair *form = NULL;
	struct user u = { 0 };
	size_t n = 0;
	enum err e;

	if ((e = form_value(c, "token", &form, &n, &token)) != ERR_OK ||
	    (e = form_value(c, "password", &form, &n, &password)) != ERR_OK ||
	    (e = form_value(c, "again", &form, &n, &again)) != ERR_OK)
		return e;
	e = reset_look(&c->env, token, &u);
	if (e == ERR_INVALID)
		return write_expired(c);
	if (e != ERR_OK)
		return e;
	if (strcmp(password, again) != 0)
		return write_choose(c, 400, token, &u,
		    "The passwords do not match.");
	e = auth_password_rule(ABOUT_PASSWORD, password, &c->env.why);
	if (e != ERR_OK)
		return refuse_password(c, e, token, &u);
	e = reset_confirm(&c->env, token, password);
	if (e == ERR_INVALID)
		return write_expired(c);
	return e != ERR_OK ? e : call_redirect(c, "/login?reset=done");
}
