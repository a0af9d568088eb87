#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "core/share/url.h"
#include "api/call.h"
#include "api/handlers.h"
#include "api/pages/html.h"
#include "base/clock.h"
#include "core/auth/account.h"
#include "core/community/check.h"
#include "core/community/tag.h"
#include "core/delivery/delivery.h"
#include "core/community/media_share.h"
#include "core/share/notification.h"
#include "core/vault/category.h"
#include "core/vault/vault.h"

#define PER_PAGE 48
#define CARDS_CAP (6 << 20)
#define TAGS_CAP (1 << 20)

struct vault_page {
	struct call *call;
	struct vault_query query;
	const char *back;   /* this page's path, to return to after a form */
	uint64_t open;	    /* the media whose forms are shown; 0: no media */
	uint64_t unread;    /* unread notifications */
	struct buf choices; /* the tags' checkboxes */
	struct buf cards;   /* kept until the counts, shown above, are known */
};

static bool
is_same(const char *p, const char *q)
{
	return strcmp(p != NULL ? p : "", q) == 0;
}

/* ---- addresses ---- */

static void
put_parameter(struct buf *b, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_putf(b, "%s%s=", strchr(buf_str(b), '?') == NULL ? "?" : "&", name);
	buf_url(b, value);
}

/* The path of a page of the vault: the query's filters, with this category and
 * cursor. */
static const char *
vault_path(const struct vault_page *p, const char *category, const char *cursor)
{
	struct buf b;

	buf_init(&b, p->call->env.arena, HTTP_MAX_QUERY * 3);
	buf_lit(&b, "/vault");
	put_parameter(&b, "category", category);
	put_parameter(&b, "dateRange", p->query.date_range);
	put_parameter(&b, "search", p->query.search);
	put_parameter(&b, "cursor", cursor);
	return buf_str(&b);
}

static void
put_link(struct buf *b, const char *href, const char *text)
{
	buf_lit(b, "<a");
	html_attr(b, "href", href);
	buf_putf(b, ">%s</a>\n", text);
}

/* ---- the forms of one media ---- */

/* Begins a form that posts to an action of a media; the caller ends it. */
static void
begin_form(struct vault_page *p, const struct media *m, const char *what)
{
	struct buf *b = &p->cards;

	buf_putf(b,
	    "<form class=\"stack\" method=\"post\" "
	    "action=\"/vault/%" PRIu64 "/%s\">\n",
	    m->id, what);
	html_hidden(b, "back", p->back);
}

/* What publishing to the community requires (seed 000). */
static void
put_publish_fields(struct vault_page *p, const struct media *m)
{
	struct buf *b = &p->cards;

	if (community_needs_consent(m, media_type_of_mime(m->mime)))
		buf_lit(b,
		    "<p class=\"small\">A public copy is made without location "
		    "or camera data, with this site's watermark. Confirm and "
		    "choose at least one tag.</p>\n"
		    "<label class=\"check\"><input type=\"checkbox\" "
		    "name=\"consent\" value=\"yes\"> I agree to make this "
		    "public</label>\n");
	else
		buf_lit(b,
		    "<p class=\"small\">A public copy is made without location "
		    "or camera data.</p>\n");
	buf_mem(b, buf_str(&p->choices), p->choices.len);
}

static void
put_share_form(struct vault_page *p, const struct media *m)
{
	struct buf *b = &p->cards;

	begin_form(p, m, "share");
	if (m->in_community) {
		html_hidden(b, "community", "no");
		buf_lit(b,
		    "<button class=\"quiet\">Remove from the "
		    "community</button>\n");
	} else if (m->is_shared) {
		html_hidden(b, "community", "yes");
		put_publish_fields(p, m);
		buf_lit(b, "<button>Publish to the community</button>\n");
	} else {
		buf_lit(b,
		    "<p class=\"small\">Anyone with the link can view "
		    "this.</p>\n"
		    "<label class=\"check also\"><input type=\"checkbox\" "
		    "name=\"community\" value=\"yes\"> Also publish to the "
		    "community</label>\n<div class=\"publish stack\">\n");
		put_publish_fields(p, m);
		buf_lit(b, "</div>\n<button>Share</button>\n");
	}
	buf_lit(b, "</form>\n");
}

/* The link to copy, and the button that stops sharing. */
static void
put_shared(struct vault_page *p, const struct media *m)
{
	struct call *c = p->call;
	struct buf *b = &p->cards;
	const char *url =
	    share_url_code(&c->env, c->env.arena, &m->share_token);

	buf_lit(b,
	    "<div class=\"stack\">\n<label>Anyone with the link can view "
	    "this\n"
	    "<input type=\"url\" readonly");
	html_attr(b, "value", url);
	buf_lit(b, "></label>\n<p>");
	put_link(b, url, "Open the shared page");
	buf_lit(b, "</p>\n</div>\n");
	put_share_form(p, m);
	begin_form(p, m, "unshare");
	buf_lit(b,
	    "<button class=\"quiet\">Stop sharing</button>\n"
	    "</form>\n");
}

static void
put_delete(struct vault_page *p, const struct media *m)
{
	int64_t days = p->call->env.base->conf->storage_trash_keep / 86400;
	struct buf *b = &p->cards;

	buf_lit(b, "<details class=\"delete\">\n<summary>Delete</summary>\n");
	begin_form(p, m, "delete");
	if (days > 0)
		buf_putf(b,
		    "<p class=\"small\">The administrator can restore it "
		    "from the trash for %" PRId64 " day%s.",
		    days, days == 1 ? "" : "s");
	else
		buf_lit(b, "<p class=\"small\">It is moved to the trash.");
	if (m->is_shared)
		buf_lit(b, " Its link stops working.");
	if (m->in_community)
		buf_lit(b,
		    " The public copy stays in the community: remove it "
		    "there first if you do not want that.");
	buf_lit(b,
	    "</p>\n<button class=\"danger\">Move to trash</button>\n"
	    "</form>\n</details>\n");
}

static void
put_manage(struct vault_page *p, const struct media *m, const char *name)
{
	struct call *c = p->call;
	struct arena *a = c->env.arena;
	struct buf *b = &p->cards;

	buf_putf(b,
	    "<details class=\"manage\" name=\"manage\"%s>\n"
	    "<summary>Share<span class=\"unseen\">: ",
	    m->id == p->open ? " open" : "");
	buf_html(b, name);
	buf_lit(b, "</span></summary>\n<p class=\"links\">");
	put_link(b, delivery_own_url(&c->env, a, m, DELIVER_FILE, false),
	    "Open");
	put_link(b, delivery_own_url(&c->env, a, m, DELIVER_FILE, true),
	    "Download");
	put_link(b, arena_printf(a, "/shares/new?media=%" PRIu64, m->id),
	    "Create link…");
	buf_lit(b, "</p>\n");
	if (m->is_shared)
		put_shared(p, m);
	else
		put_share_form(p, m);
	put_delete(p, m);
	buf_lit(b, "</details>\n");
}

/* ---- the cards ---- */

static bool
has_failed(const struct media *m)
{
	return m->enrichment == ENRICHMENT_FAILED;
}

static void
put_picture(struct vault_page *p, const struct media *m, const char *name)
{
	bool picture =
	    media_type_is_image(media_type_of_mime(m->mime)) && !has_failed(m);
	struct call *c = p->call;
	struct arena *a = c->env.arena;

	buf_lit(&p->cards, "<a class=\"picture\"");
	html_attr(&p->cards, "href",
	    delivery_own_url(&c->env, a, m, DELIVER_FILE, false));
	buf_lit(&p->cards, "><span class=\"unseen\">Open ");
	buf_html(&p->cards, name);
	buf_lit(&p->cards, " </span>");
	html_thumb(&p->cards,
	    picture ? delivery_own_url(&c->env, a, m, DELIVER_THUMB, false) :
		      NULL,
	    "", m->mime, m->width, m->height);
	buf_lit(&p->cards, "</a>\n");
}

static void
put_facts(struct buf *b, const struct media *m)
{
	int64_t seconds = m->duration_ms / 1000;

	buf_lit(b, "<p class=\"small\">");
	html_date(b, m->created_at);
	buf_lit(b, "<br>");
	html_size(b, m->size);
	if (m->width > 0 && m->height > 0)
		buf_putf(b, ", %" PRIu32 " × %" PRIu32, m->width, m->height);
	if (seconds > 0)
		buf_putf(b, ", %" PRId64 ":%02" PRId64, seconds / 60,
		    seconds % 60);
	buf_lit(b, "</p>\n");
}

static void
put_marks(struct buf *b, const struct media *m)
{
	bool read = m->enrichment == ENRICHMENT_COMPLETED;

	if (read && !m->is_shared && !m->in_community)
		return;
	buf_lit(b, "<p class=\"marks\">");
	if (m->in_community)
		buf_lit(b,
		    "<span class=\"mark shared\">In the "
		    "community</span>\n");
	else if (m->is_shared)
		buf_lit(b,
		    "<span class=\"mark shared\">Shared by "
		    "link</span>\n");
	if (has_failed(m)) {
		buf_lit(b,
		    "<span class=\"mark wrong\">Couldn't process this file");
		if (m->enrichment_error != NULL) {
			buf_lit(b, ": ");
			buf_html(b, m->enrichment_error);
		}
		buf_lit(b, "</span>\n");
	} else if (!read) {
		buf_lit(b, "<span class=\"mark\">Processing</span>\n");
	}
	buf_lit(b, "</p>\n");
}

/* A checkbox of the form below the cards. */
static void
put_choice(struct buf *b, const struct media *m, const char *name)
{
	buf_putf(b,
	    "<label class=\"check choose\"><input type=\"checkbox\" "
	    "name=\"media\" form=\"chosen\" value=\"%" PRIu64 "\"> "
	    "<span>Select<span class=\"unseen\"> ",
	    m->id);
	buf_html(b, name);
	buf_lit(b, "</span></span></label>\n");
}

static enum err
each_media(void *arg, const struct media *m)
{
	struct vault_page *p = arg;
	struct buf *b = &p->cards;
	const char *name = m->title != NULL ? m->title : m->file_name;

	buf_putf(b, "<li class=\"card\" id=\"m%" PRIu64 "\">\n", m->id);
	put_picture(p, m, name);
	buf_lit(b, "<div class=\"about\">\n<h2 class=\"name\" dir=\"auto\">");
	buf_html(b, name);
	buf_lit(b, "</h2>\n");
	if (m->caption != NULL) {
		buf_lit(b, "<p class=\"caption\" dir=\"auto\">");
		buf_html(b, m->caption);
		buf_lit(b, "</p>\n");
	}
	put_facts(b, m);
	put_marks(b, m);
	put_choice(b, m, name);
	put_manage(p, m, name);
	buf_lit(b, "</div>\n</li>\n");
	return buf_failed(b) ? ERR_TOO_LARGE : ERR_OK;
}

static enum err
begin_list(void *arg)
{
	struct vault_page *p = arg;

	buf_init(&p->cards, p->call->env.arena, CARDS_CAP);
	return ERR_OK;
}

/* ---- the rest of the page ---- */

static const struct html_notice notices[] = {
	{ "uploaded", "Files uploaded." },
	{ "shared", "Link created. Anyone with the link can view this." },
	{ "published", "Published to the community. It has a link, too." },
	{ "withdrawn", "Removed from the community. The link still works." },
	{ "unshared", "Sharing stopped. The link no longer works." },
	{ "deleted", "Moved to trash." },
};

static void
put_option(struct buf *b, const char *value, const char *text, bool chosen)
{
	buf_lit(b, "<option");
	html_attr(b, "value", value);
	buf_raw(b, chosen ? " selected>" : ">");
	buf_html(b, text);
	buf_lit(b, "</option>\n");
}

/* The category is sent before the files, since the server stores them while it
 * reads. */
static void
put_upload(struct vault_page *p, struct buf *b, bool open)
{
	const struct conf *conf = p->call->env.base->conf;
	const struct categories *all = p->call->env.base->categories;
	unsigned scopes = p->call->caller.scopes;

	buf_putf(b,
	    "<details class=\"upload\"%s>\n<summary>Upload</summary>\n"
	    "<form class=\"panel row\" method=\"post\" "
	    "action=\"/vault/upload\" enctype=\"multipart/form-data\">\n"
	    "<label>Folder\n<select name=\"category\">\n",
	    open ? " open" : "");
	for (size_t i = 0; i < all->n; i++) {
		bool upload = strcmp(all->v[i].name, CATEGORY_UPLOAD) == 0;

		if (upload || (scopes & SCOPE_MEDIA_GENERATED) != 0)
			put_option(b, all->v[i].name, all->v[i].folder, upload);
	}
	buf_lit(b,
	    "</select></label>\n<label>Pictures and videos\n"
	    "<input type=\"file\" name=\"file\" multiple required "
	    "accept=\".jpg,.jpeg,.png,.gif,.webp,.mp4,.mov,.webm\"></label>\n"
	    "<button>Upload</button>\n<p class=\"small\">At most ");
	buf_putf(b, "%" PRId64 " files at once, ", conf->upload_max_files);
	html_size(b, conf->upload_max_size);
	buf_lit(b, " in total.</p>\n</form>\n</details>\n");
}

static void
put_tab(struct vault_page *p, struct buf *b, const char *category,
    const char *text, uint64_t count)
{
	buf_lit(b, "<li><a");
	html_attr(b, "href", vault_path(p, category, NULL));
	if (is_same(p->query.category, category))
		buf_lit(b, " aria-current=\"true\"");
	buf_lit(b, ">");
	buf_html(b, text);
	buf_putf(b, " <span class=\"count\">%" PRIu64 "</span></a></li>\n",
	    count);
}

static void
put_tabs(struct vault_page *p, struct buf *b, const struct vault_count *v,
    size_t n, uint64_t all)
{
	const struct categories *categories = p->call->env.base->categories;

	buf_lit(b, "<nav aria-label=\"Categories\"><ul class=\"choices\">\n");
	put_tab(p, b, "", "All", all);
	for (size_t i = 0; i < n; i++)
		put_tab(p, b, v[i].category,
		    category_by_name(categories, v[i].category)->folder,
		    v[i].count);
	buf_lit(b, "</ul></nav>\n");
}

static void
put_filter(struct vault_page *p, struct buf *b)
{
	static const struct {
		const char *value, *text;
	} ranges[] = { { "", "Any time" }, { "today", "Today" },
		{ "week", "Last 7 days" }, { "month", "This month" },
		{ "year", "This year" } };
	const struct vault_query *q = &p->query;

	buf_lit(b, "<form class=\"row\" role=\"search\" action=\"/vault\">\n");
	html_hidden(b, "category", q->category);
	buf_lit(b,
	    "<label class=\"grow\">Search\n"
	    "<input type=\"search\" name=\"search\" maxlength=\"200\"");
	html_attr(b, "value", q->search != NULL ? q->search : "");
	buf_lit(b, "></label>\n<label>Date\n<select name=\"dateRange\">\n");
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		put_option(b, ranges[i].value, ranges[i].text,
		    is_same(q->date_range, ranges[i].value));
	buf_lit(b,
	    "</select></label>\n"
	    "<button class=\"quiet\">Search</button>\n</form>\n");
}

static bool
is_filtered(const struct vault_query *q)
{
	return !is_same(q->category, "") || !is_same(q->date_range, "") ||
	    !is_same(q->search, "") || !is_same(q->cursor, "");
}

static void
put_nothing(struct vault_page *p, struct buf *b)
{
	const struct categories *all = p->call->env.base->categories;

	buf_lit(b, "<div class=\"empty\">\n");
	if (is_filtered(&p->query)) {
		buf_lit(b, "<p>No results.</p>\n<p>");
		put_link(b, "/vault", "Clear filters");
	} else {
		buf_lit(b,
		    "<p>Your vault is empty.</p>\n<p>Upload pictures and "
		    "videos above, or copy them to your folder on the "
		    "server: <code>");
		buf_html(b,
		    account_folder(p->call->env.arena, p->call->caller.user.id,
			category_by_name(all, CATEGORY_UPLOAD)));
		buf_lit(b, "</code>");
	}
	buf_lit(b, "</p>\n</div>\n");
}

/* The form of the cards' checkboxes. */
static void
put_chosen(struct buf *b)
{
	buf_lit(b,
	    "<form class=\"chosen panel\" id=\"chosen\" "
	    "action=\"/shares/new\" aria-label=\"Selected files\">\n"
	    "<span>Selected:</span>\n<button>Share</button>\n"
	    "<button class=\"quiet\" formaction=\"/collections/put\">Add "
	    "to collection</button>\n"
	    "<button class=\"quiet\" type=\"reset\">Clear</button>\n"
	    "</form>\n");
}

static void
put_pages(struct vault_page *p, struct buf *b, const char *next)
{
	const char *category = p->query.category;

	html_pages(b,
	    is_same(p->query.cursor, "") ? NULL : vault_path(p, category, NULL),
	    next == NULL ? NULL : vault_path(p, category, next));
}

static enum err
end_list(void *arg, uint64_t total, const struct vault_count *v, size_t n,
    const char *next)
{
	struct vault_page *p = arg;
	struct html_head head = { .title = "Vault",
		.private_page = true,
		.unread = p->unread };
	uint64_t all = 0;
	struct buf *b;

	for (size_t i = 0; i < n; i++)
		all += v[i].count;
	b = html_begin(p->call, 200, &head);
	buf_lit(b, "<h1>Vault</h1>\n");
	html_notices(p->call, b, notices, sizeof(notices) / sizeof(notices[0]));
	put_upload(p, b, total == 0 && !is_filtered(&p->query));
	put_tabs(p, b, v, n, all);
	put_filter(p, b);
	if (total == 0)
		put_nothing(p, b);
	buf_lit(b, "<ul class=\"grid\">\n");
	buf_mem(b, buf_str(&p->cards), p->cards.len);
	buf_lit(b, "</ul>\n");
	if (total > 0)
		put_chosen(b);
	put_pages(p, b, next);
	return html_end(p->call);
}

/* ---- the page ---- */

/* Writes the tags' checkboxes once, since every form has the same. */
static enum err
prepare_choices(struct vault_page *p)
{
	struct call *c = p->call;
	struct buf *b = &p->choices;
	struct tag *tags;
	size_t n;
	enum err e;

	buf_init(b, c->env.arena, TAGS_CAP);
	if ((e = community_tags(&c->env, &tags, &n)) != ERR_OK)
		return e;
	buf_putf(b,
	    "<fieldset class=\"pick\">\n<legend>Tags, at most %" PRId64
	    "</legend>\n",
	    c->env.base->conf->community_max_tags);
	for (size_t i = 0; i < n; i++) {
		buf_lit(b, "<label><input type=\"checkbox\" name=\"tags\"");
		html_attr(b, "value", tags[i].slug);
		buf_lit(b, "> ");
		buf_html(b, tags[i].name);
		buf_lit(b, "</label>\n");
	}
	buf_lit(b, "</fieldset>\n");
	return buf_failed(b) ? ERR_TOO_LARGE : ERR_OK;
}

enum err
page_vault(struct call *c)
{
	struct vault_page *p =
	    arena_new_struct(c->env.arena, struct vault_page);
	struct vault_reader reader = { p, begin_list, each_media, end_list };
	const char *open = http_query(c->req, "media");
	enum err e;

	p->call = c;
	p->query.category = http_query(c->req, "category");
	p->query.date_range = http_query(c->req, "dateRange");
	p->query.search = http_query(c->req, "search");
	p->query.cursor = http_query(c->req, "cursor");
	p->query.limit = PER_PAGE;
	if (is_same(p->query.category, "all"))
		p->query.category = NULL;
	p->back = vault_path(p, p->query.category, p->query.cursor);
	if (open != NULL && !decimal_parse(open, INT64_MAX, &p->open))
		p->open = 0;
	/* Before the list: its rows are streamed, and the connection can run
	 * no other statement until the last one is read. */
	if ((e = prepare_choices(p)) != ERR_OK ||
	    (e = notification_count(&c->env, &c->caller, &p->unread)) != ERR_OK)
		return e;
	return vault_list(&c->env, &c->caller, &p->query, &reader);
}
