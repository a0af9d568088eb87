/* The link by which a mail's reader ends mails like it (RFC 8058). */
#include "config.h"

#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "core/mail/digest.h"

enum err
page_unsubscribe(struct call *c)
{
	struct html_head head = { .title = "No more mails",
		.private_page = true };
	const char *user = http_query(c->req, "u");
	const char *signature = http_query(c->req, "k");
	struct buf *b;
	enum err e = digest_check_link(&c->env, user, signature);

	if (e != ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b,
	    "<div class=\"narrow\">\n<h1>No more mails</h1>\n"
	    "<p>News of your shares will wait for you on this site "
	    "alone.</p>\n<form class=\"panel stack\" method=\"post\"");
	html_attr(b, "action",
	    arena_printf(c->env.arena, "/unsubscribe?u=%s&k=%s", user,
		signature));
	buf_lit(b,
	    ">\n<button>Send me no more mails</button>\n</form>\n"
	    "</div>\n");
	return html_end(c);
}

/* Mail programs send it by themselves when their user says so. */
enum err
page_unsubscribe_form(struct call *c)
{
	struct html_head head = { .title = "No more mails",
		.private_page = true };
	struct buf *b;
	enum err e = digest_unsubscribe(&c->env, http_query(c->req, "u"),
	    http_query(c->req, "k"));

	if (e != ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b,
	    "<div class=\"narrow\">\n<h1>No more mails</h1>\n"
	    "<p role=\"status\">You get no more mails of this kind. "
	    "You can have them again whenever you like: sign in and "
	    "look at your notifications.</p>\n</div>\n");
	return html_end(c);
}
