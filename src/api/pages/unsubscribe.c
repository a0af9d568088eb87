/* The page behind a mail's unsubscribe link (RFC 8058). */
#include "config.h"

#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "core/mail/digest.h"

enum err
page_unsubscribe(struct call *c)
{
	struct html_head head = { .title = "Unsubscribe",
		.private_page = true };
	const char *user = http_query(c->req, "u");
	const char *signature = http_query(c->req, "k");
	struct buf *b;
	enum err e = digest_check_link(&c->env, user, signature);

	if (e != ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b,
	    "<div class=\"narrow\">\n<h1>Unsubscribe</h1>\n"
	    "<p>Stop getting notifications by e-mail? You can still read them "
	    "on this site.</p>\n"
	    "<form class=\"panel stack\" method=\"post\"");
	html_attr(b, "action",
	    arena_printf(c->env.arena, "/unsubscribe?u=%s&k=%s", user,
		signature));
	buf_lit(b,
	    ">\n<button>Unsubscribe</button>\n</form>\n"
	    "</div>\n");
	return html_end(c);
}

/* Mail programs also send this POST themselves (one-click unsubscribe). */
enum err
page_unsubscribe_form(struct call *c)
{
	struct html_head head = { .title = "Unsubscribed",
		.private_page = true };
	struct buf *b;
	enum err e = digest_unsubscribe(&c->env, http_query(c->req, "u"),
	    http_query(c->req, "k"));

	if (e != ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b,
	    "<div class=\"narrow\">\n<h1>Unsubscribed</h1>\n"
	    "<p role=\"status\">You will no longer get notifications by "
	    "e-mail. To turn them on again, sign in and open "
	    "<a href=\"/notifications\">Notifications</a>.</p>\n</div>\n");
	return html_end(c);
}
