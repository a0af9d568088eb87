/* The caller's shares, what is shared with them, and a share's activity. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "core/share/end.h"
#include "core/share/items.h"
#include "core/share/list.h"
#include "core/share/url.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "api/paging.h"
#include "base/clock.h"
#include "base/text.h"
#include "core/share/access.h"
#include "core/delivery/delivery.h"
#include "core/share/notification.h"
#include "http/body.h"

#define PER_PAGE 20
#define LINES_PER_PAGE 50

static const struct html_notice notices[] = {
	{ "linked", "Link created. Copy it below and send it." },
	{ "shared",
	    "Shared. They have been notified and find it under \"Shared with "
	    "me\"." },
	{ "revoked", "Sharing stopped." },
};

/* One share of a list. */
struct entry {
	struct call *call;
	const struct share *share;
	enum share_status status;
	const struct share_item *first; /* NULL: all its files are gone */
	size_t n; /* number of files; of a collection: 1 at most */
	char id[UUID_TEXT];
};

/* One page of a list. */
struct list {
	bool incoming;
	struct share_page page;
	struct share *shares;
	size_t n, shown;
	uint64_t total;
};

/* ---- one share ---- */

static struct entry
entry_of(struct call *c, const struct share *s, const struct share_preview *p)
{
	struct entry entry = { .call = c,
		.share = s,
		.status = share_status(s),
		.first = p->nitems > 0 ? &p->first : NULL,
		.n = p->nitems };

	uuid_format(&s->uuid, entry.id);
	return entry;
}

static const char *
name_of(const struct entry *e)
{
	return html_share_name(e->call->env.arena, e->share, e->first, e->n);
}

static void
put_name(struct buf *b, const struct entry *e)
{
	buf_lit(b, "<h2 class=\"name\" dir=\"auto\">");
	buf_html(b, name_of(e));
	buf_lit(b, "</h2>\n");
}

static void
put_kind(struct buf *b, const struct entry *e)
{
	const struct share *s = e->share;

	if (s->collection_id != 0)
		buf_lit(b, "Collection");
	else if (s->target_type == SHARE_MEDIA)
		buf_raw(b,
		    e->first != NULL ? html_kind(e->first->mime) : "File");
	else
		buf_putf(b, "%zu file%s", e->n, e->n == 1 ? "" : "s");
}

static void
put_picture(struct buf *b, const struct entry *e)
{
	const struct share_item *i = e->first;
	struct media m = { 0 };
	const char *src = NULL;

	buf_lit(b, "<div class=\"picture\">");
	/* The caller's own files only: other files need an address signed for
	 * their share. */
	if (i != NULL && i->owner_id == e->call->caller.user.id &&
	    media_type_is_image(media_type_of_mime(i->mime))) {
		m.uuid = i->uuid;
		m.file_name = i->file_name;
		src = delivery_own_url(&e->call->env, e->call->env.arena, &m,
		    DELIVER_THUMB, false);
	}
	if (src != NULL)
		html_thumb(b, src, "", i->mime, i->width, i->height);
	else
		buf_putf(b, "<span class=\"tile\">%s</span>",
		    e->share->collection_id != 0 ? "Collection" :
			i == NULL		 ? "Deleted" :
			e->n > 1		 ? "Files" :
						   html_kind(i->mime));
	buf_lit(b, "</div>\n");
}

static void
put_rights(struct buf *b, const struct share *s)
{
	if (!s->can_download && !s->can_edit && !s->can_reshare)
		buf_lit(b, "; view only");
	if (s->can_download)
		buf_lit(b, "; can download");
	if (s->can_edit)
		buf_lit(b, "; can edit");
	if (s->can_reshare)
		buf_lit(b, "; can reshare");
}

static void
put_end(struct buf *b, const struct share *s)
{
	if (s->expires_at == CLOCK_NONE)
		return;
	buf_raw(b, s->expires_at > clock_now() ? "; expires " : "; expired ");
	html_time(b, s->expires_at);
}

static void
put_uses(struct buf *b, const struct share *s)
{
	if (s->max_uses > 0)
		buf_putf(b, "%" PRIu64 " of %" PRIu64 " visit%s", s->uses,
		    s->max_uses, s->max_uses == 1 ? "" : "s");
	else if (s->uses == 0)
		buf_lit(b, "No visits yet");
	else
		buf_putf(b, "%" PRIu64 " visit%s", s->uses,
		    s->uses == 1 ? "" : "s");
	if (s->last_accessed != CLOCK_NONE) {
		buf_lit(b, ", last ");
		html_time(b, s->last_accessed);
	}
}

/* ---- shared by the caller ---- */

static void
put_status(struct buf *b, enum share_status status)
{
	static const struct {
		enum share_status status;
		const char *text;
	} words[] = { { SHARE_ACTIVE, "Active" }, { SHARE_EXPIRED, "Expired" },
		{ SHARE_EXHAUSTED, "Limit reached" },
		{ SHARE_REVOKED, "Revoked" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].status == status)
			buf_putf(b,
			    "<p class=\"marks\"><span class=\"mark%s\">%s"
			    "</span></p>\n",
			    status == SHARE_ACTIVE ? " shared" : "",
			    words[i].text);
}

static void
put_outgoing_facts(struct buf *b, const struct share *s)
{
	buf_lit(b, "<p class=\"small\">");
	if (share_is_link(s)) {
		buf_raw(b,
		    s->password_hash != NULL ?
			"Anyone with the link and the password" :
			"Anyone with the link");
	} else {
		buf_lit(b, "With <bdi>");
		buf_html(b,
		    s->recipient_name != NULL ? s->recipient_name :
						"a deleted account");
		buf_lit(b, "</bdi>");
	}
	put_rights(b, s);
	buf_lit(b, "<br>");
	put_uses(b, s);
	buf_lit(b, "<br>Shared ");
	html_date(b, s->created_at);
	put_end(b, s);
	buf_lit(b, "</p>\n");
}

static void
put_revoke(struct buf *b, const struct entry *e, const char *back)
{
	buf_putf(b,
	    "<details class=\"delete\">\n<summary>Stop sharing</summary>\n"
	    "<form class=\"stack\" method=\"post\" "
	    "action=\"/shares/%s/revoke\">\n",
	    e->id);
	html_hidden(b, "back", back);
	buf_lit(b, "<p class=\"small\">");
	buf_raw(b,
	    share_is_link(e->share) ?
		"The link stops working at once." :
		"They lose access at once, and so does everyone they have "
		"reshared it with.");
	buf_lit(b,
	    "</p>\n<button class=\"danger\">Stop sharing</button>\n"
	    "</form>\n</details>\n");
}

static void
put_outgoing_ways(struct buf *b, const struct entry *e, const char *back)
{
	const struct share *s = e->share;
	struct call *c = e->call;
	const char *url = share_url(&c->env, c->env.arena, s);

	if (e->status == SHARE_ACTIVE && share_is_link(s)) {
		buf_lit(b, "<label>Link\n<input type=\"url\" readonly");
		html_attr(b, "value", url);
		buf_lit(b, "></label>\n");
	}
	buf_lit(b, "<p class=\"links\">");
	if (e->status == SHARE_ACTIVE)
		buf_putf(b, "<a href=\"/shares/%s\">Preview</a>\n", e->id);
	buf_putf(b, "<a href=\"/shares/%s/log\">Activity</a></p>\n", e->id);
	if (s->own_state != SHARE_REVOKED)
		put_revoke(b, e, back);
}

static void
put_outgoing(struct buf *b, const struct entry *e, const char *back)
{
	buf_putf(b, "<li class=\"card share\" id=\"s%s\">\n", e->id);
	put_picture(b, e);
	buf_lit(b, "<div class=\"about\">\n");
	put_name(b, e);
	put_status(b, e->status);
	put_outgoing_facts(b, e->share);
	put_outgoing_ways(b, e, back);
	buf_lit(b, "</div>\n</li>\n");
}

/* ---- shared with the caller ---- */

static void
put_incoming(struct buf *b, const struct entry *e)
{
	const struct share *s = e->share;

	buf_putf(b, "<li class=\"card share\" id=\"s%s\">\n", e->id);
	put_picture(b, e);
	buf_lit(b, "<div class=\"about\">\n");
	put_name(b, e);
	buf_lit(b, "<p class=\"small\">");
	put_kind(b, e);
	buf_lit(b, " by <bdi>");
	buf_html(b, s->owner_name);
	buf_lit(b, "</bdi>");
	put_rights(b, s);
	buf_lit(b, "<br>Shared ");
	html_date(b, s->created_at);
	put_end(b, s);
	buf_lit(b, "</p>\n");
	if (s->note != NULL) {
		buf_lit(b, "<p class=\"caption\" dir=\"auto\">");
		buf_html(b, s->note);
		buf_lit(b, "</p>\n");
	}
	buf_putf(b, "<p class=\"links\"><a href=\"/shares/%s\">Open</a>\n",
	    e->id);
	if (s->can_reshare)
		buf_putf(b, "<a href=\"/shares/new?share=%s\">Reshare</a>\n",
		    e->id);
	buf_lit(b, "</p>\n</div>\n</li>\n");
}

/* ---- the page ---- */

static void
put_tab(struct buf *b, const char *href, const char *text, bool chosen)
{
	buf_putf(b, "<li><a href=\"%s\"%s>%s</a></li>\n", href,
	    chosen ? " aria-current=\"true\"" : "", text);
}

static void
put_nothing(struct buf *b, const struct list *l)
{
	if (l->incoming)
		buf_lit(b,
		    "<div class=\"empty\">\n<p>Nothing is shared with you."
		    "</p>\n</div>\n");
	else
		buf_lit(b,
		    "<div class=\"empty\">\n<p>You have not shared "
		    "anything yet.</p>\n<p>Select files in "
		    "<a href=\"/vault\">your vault</a> to share them.</p>\n"
		    "</div>\n");
}

static const char *
path_of(struct call *c, const struct list *l, uint64_t before)
{
	const char *path = l->incoming ? "/shares?list=incoming" : "/shares";

	if (before == INT64_MAX)
		return path;
	return arena_printf(c->env.arena, "%s%scursor=%" PRIu64, path,
	    l->incoming ? "&" : "?", before);
}

static enum err
put_entries(struct call *c, struct buf *b, const struct list *l)
{
	const char *back = path_of(c, l, l->page.before);
	struct share_preview *previews;
	struct entry entry;
	enum err e;

	if ((e = share_previews(&c->env, l->shares, l->shown, &previews)) !=
	    ERR_OK)
		return e;
	buf_lit(b, "<ul class=\"entries\">\n");
	for (size_t i = 0; i < l->shown; i++) {
		entry = entry_of(c, &l->shares[i], &previews[i]);
		if (l->incoming)
			put_incoming(b, &entry);
		else
			put_outgoing(b, &entry, back);
	}
	buf_lit(b, "</ul>\n");
	return ERR_OK;
}

static enum err
read_list(struct call *c, struct list *ret)
{
	const char *list = http_query(c->req, "list");
	enum err e;

	if ((e = paging_cursor(c, PER_PAGE, &ret->page)) != ERR_OK)
		return e;
	ret->incoming = list != NULL && strcmp(list, "incoming") == 0;
	e = ret->incoming ? share_list_incoming(&c->env, &c->caller, &ret->page,
				&ret->shares, &ret->n, &ret->total) :
			    share_list_outgoing(&c->env, &c->caller, &ret->page,
				&ret->shares, &ret->n, &ret->total);
	if (e == ERR_OK)
		ret->shown = paging_shown(&ret->page, ret->n);
	return e;
}

enum err
page_shares(struct call *c)
{
	struct html_head head = { .title = "Shares", .private_page = true };
	struct list l = { 0 };
	struct buf *b;
	enum err e;

	if ((e = read_list(c, &l)) != ERR_OK ||
	    (e = notification_count(&c->env, &c->caller, &head.unread)) !=
		ERR_OK)
		return e;
	b = html_begin(c, 200, &head);
	buf_lit(b, "<h1>Shares</h1>\n");
	html_notices(c, b, notices, sizeof(notices) / sizeof(notices[0]));
	buf_lit(b, "<nav aria-label=\"Lists\"><ul class=\"choices\">\n");
	put_tab(b, "/shares", "Shared by me", !l.incoming);
	put_tab(b, "/shares?list=incoming", "Shared with me", l.incoming);
	buf_lit(b, "</ul></nav>\n");
	if (l.total == 0)
		put_nothing(b, &l);
	if ((e = put_entries(c, b, &l)) != ERR_OK)
		return e;
	html_pages(b,
	    l.page.before == INT64_MAX ? NULL : path_of(c, &l, INT64_MAX),
	    l.n <= l.shown ? NULL : path_of(c, &l, l.shares[l.shown - 1].id));
	return html_end(c);
}

/* ---- revoking ---- */

/* The page of the list that sent the form. */
static const char *
way_back(struct call *c, const char *back)
{
	const char *path = html_local_path(c->env.arena, back);

	if (path == NULL || !text_starts(path, "/shares?"))
		return "/shares?";
	return arena_printf(c->env.arena, "%s&", path);
}

enum err
page_revoke_form(struct call *c)
{
	const struct http_pair *form;
	size_t n;
	enum err e;

	if ((e = http_form(c->req, c->route->body_limit, &form, &n,
		 &c->env.why)) != ERR_OK ||
	    (e = share_revoke(&c->env, &c->caller, c->args[0])) != ERR_OK)
		return e;
	return call_redirect(c,
	    arena_printf(c->env.arena, "%sdone=revoked",
		way_back(c, http_pair_value(form, n, "back"))));
}

/* ---- the activity ---- */

static const char *
action_text(const char *action)
{
	static const struct {
		const char *action, *text;
	} words[] = { { "created", "Shared" }, { "updated", "Changed" },
		{ "accessed", "Opened" }, { "downloaded", "Downloaded" },
		{ "password_failed", "Wrong password" },
		{ "limit_reached", "Limit reached" },
		{ "revoked", "Revoked" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(action, words[i].action) == 0)
			return words[i].text;
	return action;
}

static const char *
actor_text(struct call *c, const struct share *s,
    const struct share_activity *a)
{
	if (uuid_equal(&a->actor_uuid, &c->caller.user.uuid))
		return "You";
	if (uuid_is_nil(&a->actor_uuid))
		return share_is_link(s) ? "Anonymous visitor" : "";
	if (uuid_equal(&a->actor_uuid, &s->recipient_uuid))
		return s->recipient_name;
	return "Someone with an account";
}

static void
put_line(struct call *c, struct buf *b, const struct share *s,
    const struct share_activity *a)
{
	buf_lit(b, "<tr><td>");
	html_time(b, a->created_at);
	buf_lit(b, "</td><td>");
	buf_html(b, action_text(a->action));
	if (a->details != NULL) {
		buf_lit(b, "<br><bdi class=\"small\">");
		buf_html(b, a->details);
		buf_lit(b, "</bdi>");
	}
	buf_lit(b, "</td><td><bdi>");
	buf_html(b, actor_text(c, s, a));
	buf_lit(b, "</bdi>");
	if (a->actor_ip != NULL) {
		buf_lit(b, "<br><span class=\"small\">");
		buf_html(b, a->actor_ip);
		buf_lit(b, "</span>");
	}
	buf_lit(b, "</td></tr>\n");
}

static void
put_table(struct call *c, struct buf *b, const struct share *s,
    const struct share_activity *lines, size_t n)
{
	buf_lit(b,
	    "<table>\n<thead><tr><th scope=\"col\">Time</th>"
	    "<th scope=\"col\">Event</th><th scope=\"col\">By</th></tr>"
	    "</thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++)
		put_line(c, b, s, &lines[i]);
	buf_lit(b, "</tbody>\n</table>\n");
}

enum err
page_share_log(struct call *c)
{
	struct html_head head = { .title = "Activity", .private_page = true };
	struct share_page p = { 0 };
	struct share_activity *lines;
	struct share_preview *preview;
	struct share s = { 0 };
	struct entry entry;
	uint64_t total;
	size_t n, shown;
	struct buf *b;
	enum err e;

	if ((e = paging_cursor(c, LINES_PER_PAGE, &p)) != ERR_OK ||
	    (e = access_share(&c->env, &c->caller, c->args[0], &s)) != ERR_OK ||
	    (e = share_list_activity(&c->env, &c->caller, c->args[0], &p,
		 &lines, &n, &total)) != ERR_OK ||
	    (e = share_previews(&c->env, &s, 1, &preview)) != ERR_OK ||
	    (e = notification_count(&c->env, &c->caller, &head.unread)) !=
		ERR_OK)
		return e;
	shown = paging_shown(&p, n);
	entry = entry_of(c, &s, preview);
	b = html_begin(c, 200, &head);
	buf_lit(b, "<div class=\"middle\">\n<h1 dir=\"auto\">");
	buf_html(b, name_of(&entry));
	buf_lit(b, "</h1>\n");
	put_status(b, entry.status);
	put_outgoing_facts(b, &s);
	put_table(c, b, &s, lines, shown);
	html_pages(b, p.before == INT64_MAX ? NULL : c->req->target,
	    n <= shown ? NULL :
			 arena_printf(c->env.arena, "%s?cursor=%" PRIu64,
			     c->req->target, lines[shown - 1].id));
	buf_lit(b,
	    "<p class=\"ways\"><a href=\"/shares\">All shares</a></p>\n"
	    "</div>\n");
	return html_end(c);
}
