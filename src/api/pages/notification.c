#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/paging.h"
#include "core/mail/digest.h"
#include "core/mail/conf.h"
#include "core/share/notification.h"
#include "http/body.h"

#define PER_PAGE 30

/* The sentence of each kind, and the page that the share's name links to. */
static const struct sentence {
	const char *kind;
	bool owner;		    /* the owner's name comes first */
	const char *before, *after; /* the share's name */
	const char *page;	    /* below /shares/{id}; NULL: no link */
} sentences[] = {
	{ NOTIFY_CREATED, true, " shared ", " with you.", "" },
	{ NOTIFY_UPDATED, true, " changed how ", " is shared with you.", "" },
	{ NOTIFY_REVOKED, true, " stopped sharing ", " with you.", NULL },
	{ NOTIFY_FIRST_ACCESS, false, "", " was opened for the first time.",
	    "/log" },
	{ NOTIFY_PASSWORD_FAILED, false, "Wrong password entered for ", ".",
	    "/log" },
	{ NOTIFY_LIMIT_REACHED, false, "", " reached its visit limit.",
	    "/log" },
	{ NULL, false, "Activity on ", ".", NULL },
};

static const char *
name_of(const struct notification *n)
{
	if (n->share_name != NULL)
		return n->share_name;
	return n->target_type == SHARE_SET ? "a set of files" : "a file";
}

static void
put_text(struct buf *b, const struct notification *n, const struct sentence *s)
{
	char share[UUID_TEXT];

	buf_lit(b, "<p>");
	if (s->owner) {
		buf_lit(b, "<bdi>");
		buf_html(b, n->owner_name);
		buf_lit(b, "</bdi>");
	}
	uuid_format(&n->share_uuid, share);
	buf_raw(b, s->before);
	if (s->page != NULL)
		buf_putf(b, "<a href=\"/shares/%s%s\">", share, s->page);
	buf_lit(b, "<bdi>");
	buf_html(b, name_of(n));
	buf_lit(b, "</bdi>");
	buf_raw(b, s->page != NULL ? "</a>" : "");
	buf_raw(b, s->after);
	buf_lit(b, "</p>\n");
}

static void
put_notification(struct buf *b, const struct notification *n)
{
	const struct sentence *s = sentences;
	char id[UUID_TEXT];

	while (s->kind != NULL && strcmp(s->kind, n->kind) != 0)
		s++;
	uuid_format(&n->uuid, id);
	buf_lit(b, "<li class=\"panel notification\">\n<div>\n");
	put_text(b, n, s);
	buf_lit(b, "<p class=\"small\">");
	html_time(b, n->created_at);
	buf_putf(b,
	    "</p>\n</div>\n<button class=\"quiet\" name=\"id\" "
	    "value=\"%s\">Mark as read<span class=\"unseen\">: ",
	    id);
	buf_html(b, name_of(n));
	buf_lit(b, "</span></button>\n</li>\n");
}

static void
put_form(struct buf *b, const struct notification *v, size_t n)
{
	buf_lit(b,
	    "<form method=\"post\" action=\"/notifications/read\">\n"
	    "<p><button name=\"all\" value=\"yes\">Mark all as read"
	    "</button></p>\n<ul class=\"entries\">\n");
	for (size_t i = 0; i < n; i++)
		put_notification(b, &v[i]);
	buf_lit(b, "</ul>\n</form>\n");
}

/* The e-mail setting, if e-mail is set up on this site. */
static enum err
put_wish(struct call *c, struct buf *b)
{
	bool wanted;
	enum err e;

	if (!mail_conf_enabled(c->env.base->conf))
		return ERR_OK;
	if ((e = digest_wanted(&c->env, &c->caller, &wanted)) != ERR_OK)
		return e;
	buf_putf(b,
	    "<form class=\"panel stack\" method=\"post\" "
	    "action=\"/notifications/mail\">\n<label class=\"check\">"
	    "<input type=\"checkbox\" name=\"email\" value=\"yes\"%s> "
	    "Send me an e-mail, too, when someone shares with me, opens a "
	    "link of mine for the first time, or enters a wrong password for "
	    "it</label>\n"
	    "<button class=\"quiet\">Save</button>\n</form>\n",
	    wanted ? " checked" : "");
	return ERR_OK;
}

enum err
page_notifications(struct call *c)
{
	struct html_head head = { .title = "Notifications",
		.private_page = true };
	struct share_page p = { 0 };
	struct notification *v;
	size_t n, shown;
	struct buf *b;
	enum err e;

	if ((e = paging_cursor(c, PER_PAGE, &p)) != ERR_OK ||
	    (e = notification_list(&c->env, &c->caller, &p, &v, &n,
		 &head.unread)) != ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	b = html_begin(c, 200, &head);
	buf_lit(b, "<div class=\"middle\">\n<h1>Notifications</h1>\n");
	if (shown > 0)
		put_form(b, v, shown);
	else
		buf_lit(b,
		    "<div class=\"empty\">\n<p>No new notifications.</p>"
		    "\n<p>What others share with you and activity on your "
		    "shares will appear here.</p>\n</div>\n");
	html_pages(b, p.before == INT64_MAX ? NULL : "/notifications",
	    n <= shown ?
		NULL :
		arena_printf(c->env.arena, "/notifications?cursor=%" PRIu64,
		    v[shown - 1].id));
	if ((e = put_wish(c, b)) != ERR_OK)
		return e;
	buf_lit(b, "</div>\n");
	return html_end(c);
}

enum err
page_mail_form(struct call *c)
{
	const struct http_pair *form;
	size_t n;
	enum err e;

	e = http_form(c->req, c->route->body_limit, &form, &n, &c->env.why);
	if (e != ERR_OK)
		return e;
	e = digest_want(&c->env, &c->caller,
	    http_pair_value(form, n, "email") != NULL);
	return e != ERR_OK ? e : call_redirect(c, "/notifications");
}

enum err
page_read_form(struct call *c)
{
	const struct http_pair *form;
	const char *id;
	size_t n;
	enum err e;

	e = http_form(c->req, c->route->body_limit, &form, &n, &c->env.why);
	if (e != ERR_OK)
		return e;
	id = http_pair_value(form, n, "id");
	if (id != NULL)
		e = notification_read(&c->env, &c->caller, id);
	else if (http_pair_value(form, n, "all") != NULL)
		e = notification_read_all(&c->env, &c->caller);
	else
		e = why_with(&c->env.why, WHY_NO_NOTIFICATIONS_SELECTED,
		    .field = "id");
	return e != ERR_OK ? e : call_redirect(c, "/notifications");
}
