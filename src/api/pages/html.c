#include "config.h"

#include "api/pages/html.h"

#include "api/dialect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/pages/style.h"
#include "base/clock.h"
#include "base/text.h"

/* The site's icon as a data URL: it saves the browser a request. */
#define ICON \
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' " \
	"viewBox='0 0 16 16'%3E%3Crect x='1' y='2' width='14' height='12' " \
	"rx='2' fill='%233451c6'/%3E%3Cpath d='M3 12l3.5-5 2.5 3 1.5-2L13 " \
	"12z' fill='white'/%3E%3C/svg%3E"

/* ---- small pieces ---- */

void
html_attr(struct buf *b, const char *name, const char *value)
{
	buf_putf(b, " %s=\"", name);
	buf_html(b, value);
	buf_lit(b, "\"");
}

void
html_hidden(struct buf *b, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_lit(b, "<input type=\"hidden\"");
	html_attr(b, "name", name);
	html_attr(b, "value", value);
	buf_lit(b, ">\n");
}

void
html_size(struct buf *b, int64_t bytes)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	double v = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		buf_putf(b, "%" PRId64 "&nbsp;byte%s", bytes,
		    bytes == 1 ? "" : "s");
		return;
	}
	for (; v >= 999.5 && i < 3; i++)
		v /= 1024;
	/* At most one decimal: 1.2 MB, but 2 GB. */
	buf_putf(b,
	    v < 9.95 && v != (double)(int)v ? "%.1f&nbsp;%s" : "%.0f&nbsp;%s",
	    v, units[i]);
}

/* strftime() has no standard format for a day without a leading zero. A time
 * of day shows its zone: readers may be elsewhere. */
static void
put_time(struct buf *b, int64_t ms, bool hours)
{
	time_t s = (time_t)(ms / 1000);
	char text[CLOCK_TEXT], rest[32];
	struct tm tm;
	size_t n;

	clock_format(ms, text);
	localtime_r(&s, &tm);
	n = hours ? strftime(rest, sizeof(rest), "%b %Y, %H:%M %Z", &tm) :
		    strftime(rest, sizeof(rest), "%b %Y", &tm);
	if (n == 0)
		rest[0] = '\0';
	buf_putf(b, "<time datetime=\"%s\">%d %s</time>", text, tm.tm_mday,
	    rest);
}

void
html_date(struct buf *b, int64_t ms)
{
	put_time(b, ms, false);
}

void
html_time(struct buf *b, int64_t ms)
{
	put_time(b, ms, true);
}

void
html_notices(struct call *c, struct buf *b, const struct html_notice *v,
    size_t n)
{
	const char *done = http_query(c->req, "done");

	for (size_t i = 0; done != NULL && i < n; i++)
		if (strcmp(done, v[i].done) == 0)
			buf_putf(b,
			    "<p class=\"notice\" role=\"status\">%s</p>\n",
			    v[i].text);
}

void
html_wrong(struct buf *b, const char *text)
{
	if (text == NULL)
		return;
	buf_lit(b, "<p class=\"notice wrong\" id=\"wrong\" role=\"alert\">");
	buf_html(b, text);
	buf_lit(b, "</p>\n");
}

const char *
html_wait(struct arena *a, unsigned seconds)
{
	unsigned minutes = (seconds + 59) / 60;

	return arena_printf(a, "Please try again in %u minute%s.", minutes,
	    minutes == 1 ? "" : "s");
}

static void
put_page_link(struct buf *b, const char *href, const char *rel,
    const char *text)
{
	if (href == NULL)
		return;
	buf_lit(b, "<a");
	html_attr(b, "href", href);
	buf_putf(b, "%s>%s</a>\n", rel, text);
}

void
html_pages(struct buf *b, const char *newest, const char *older)
{
	if (newest == NULL && older == NULL)
		return;
	buf_lit(b, "<nav class=\"pages\" aria-label=\"Pagination\">\n");
	put_page_link(b, newest, "", "Newest");
	put_page_link(b, older, " rel=\"next\"", "Older");
	buf_lit(b, "</nav>\n");
}

const char *
html_kind(const char *mime)
{
	static const char *const kinds[] = {
		[MEDIA_UNKNOWN] = "File",
		[MEDIA_JPEG] = "JPEG picture",
		[MEDIA_PNG] = "PNG picture",
		[MEDIA_WEBP] = "WebP picture",
		[MEDIA_GIF] = "GIF picture",
		[MEDIA_MP4] = "MP4 video",
		[MEDIA_MOV] = "QuickTime video",
		[MEDIA_WEBM] = "WebM video",
	};

	return kinds[media_type_of_mime(mime)];
}

const char *
html_share_name(struct arena *a, const struct share *s,
    const struct share_item *first, uint64_t n)
{
	if (share_name(s) != NULL)
		return share_name(s);
	if (first == NULL)
		return "Deleted files";
	if (s->target_type == SHARE_MEDIA)
		return share_item_name(first);
	return arena_printf(a, "%" PRIu64 " file%s", n, n == 1 ? "" : "s");
}

void
html_thumb(struct buf *b, const char *src, const char *alt, const char *mime,
    uint32_t width, uint32_t height)
{
	if (src == NULL) {
		buf_putf(b, "<span class=\"tile\">%s</span>", html_kind(mime));
		return;
	}
	buf_lit(b, "<img loading=\"lazy\" decoding=\"async\"");
	if (width > 0 && height > 0)
		buf_putf(b, " width=\"%" PRIu32 "\" height=\"%" PRIu32 "\"",
		    width, height);
	html_attr(b, "src", src);
	html_attr(b, "alt", alt);
	buf_lit(b, ">");
}

const char *
html_local_path(struct arena *a, const char *path)
{
	static const char plain[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/?&=+%:@!$'()*,;";
	struct buf b;

	if (path == NULL || path[0] != '/' || path[1] == '/' ||
	    path[1] == '\\' || text_has_control(path))
		return NULL;
	buf_init(&b, a, HTTP_MAX_TARGET);
	for (; *path != '\0'; path++) {
		if (strchr(plain, *path) != NULL)
			buf_char(&b, *path);
		else
			buf_putf(&b, "%%%02X", (unsigned char)*path);
	}
	return buf_failed(&b) ? NULL : buf_str(&b);
}

/* ---- the frame ---- */

static void
put_headers(struct call *c, int status, const struct html_head *head)
{
	c->resp->status = status;
	http_response_text(c->resp, "Content-Type", "text/html; charset=utf-8");
	http_response_text(c->resp, "Content-Security-Policy",
	    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
	    "media-src 'self'; form-action 'self'; base-uri 'none'; "
	    "frame-ancestors 'none'");
	/* Not for shared caches: the banner shows who is signed in. */
	if (!http_response_has(c->resp, "Cache-Control"))
		http_response_text(c->resp, "Cache-Control",
		    head->private_page ? "private, no-store" :
					 "private, no-cache");
}

/* The version in the address changes with the content, so browsers may cache
 * the style sheet for a long time. */
static void
put_style(struct buf *b)
{
	static struct hash h;
	static bool known;

	if (!known)
		h = sec_hash(style_css, sizeof(style_css));
	known = true;
	buf_lit(b, "<link rel=\"stylesheet\" href=\"/style.css?v=");
	buf_hex(b, h.b, 8);
	buf_lit(b, "\">\n");
}

static void
put_meta(struct buf *b, const char *kind, const char *name, const char *content)
{
	buf_putf(b, "<meta %s=\"%s\"", kind, name);
	html_attr(b, "content", content);
	buf_lit(b, ">\n");
}

static void
put_open_graph(struct buf *b, const char *site, const struct html_head *head)
{
	char number[16];

	put_meta(b, "property", "og:type", "website");
	put_meta(b, "property", "og:site_name", site);
	put_meta(b, "property", "og:title", head->title);
	put_meta(b, "property", "og:url", head->og_url);
	if (head->og_description != NULL) {
		put_meta(b, "property", "og:description", head->og_description);
		put_meta(b, "name", "description", head->og_description);
	}
	put_meta(b, "name", "twitter:card",
	    head->og_image != NULL ? "summary_large_image" : "summary");
	if (head->og_image == NULL)
		return;
	put_meta(b, "property", "og:image", head->og_image);
	put_meta(b, "property", "og:image:alt", head->title);
	if (head->og_width == 0 || head->og_height == 0)
		return;
	snprintf(number, sizeof(number), "%" PRIu32, head->og_width);
	put_meta(b, "property", "og:image:width", number);
	snprintf(number, sizeof(number), "%" PRIu32, head->og_height);
	put_meta(b, "property", "og:image:height", number);
}

static void
put_head(struct buf *b, const char *site, const struct html_head *head)
{
	buf_lit(b,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	if (head->title != NULL) {
		buf_html(b, head->title);
		buf_lit(b, " · ");
	}
	buf_html(b, site);
	buf_lit(b, "</title>\n");
	put_style(b);
	buf_lit(b, "<link rel=\"icon\" href=\"" ICON "\">\n");
	if (head->private_page)
		put_meta(b, "name", "robots", "noindex");
	if (head->og_url != NULL)
		put_open_graph(b, site, head);
	buf_lit(b, "</head>\n");
}

static bool
is_within(const struct call *c, const char *path)
{
	return c->route != NULL && text_starts(c->route->pattern, path);
}

static void
put_way(struct call *c, struct buf *b, const char *path, const char *text)
{
	buf_lit(b, "<li><a");
	html_attr(b, "href", path);
	if (is_within(c, path))
		buf_lit(b, " aria-current=\"page\"");
	buf_lit(b, ">");
	buf_html(b, text);
	buf_lit(b, "</a></li>\n");
}

/* Whether certainly nobody is signed in: routes that take no credentials do not
 * read the session cookie. */
static bool
is_stranger(const struct call *c)
{
	if (c->caller.user.id != 0)
		return false;
	return (c->route != NULL && c->route->credentials == KNOWN) ||
	    http_cookie(c->req, c->env.base->conf->session_cookie) == NULL;
}

/* The account's name, its unread notifications and the button to sign out. */
static void
put_account(struct call *c, struct buf *b, uint64_t unread)
{
	buf_lit(b,
	    "<form class=\"account\" method=\"post\" "
	    "action=\"/logout\">\n<span class=\"who\" dir=\"auto\">");
	buf_html(b, c->caller.user.display_name);
	buf_lit(b, "</span>\n<a class=\"news\" href=\"/notifications\"");
	if (is_within(c, "/notifications"))
		buf_lit(b, " aria-current=\"page\"");
	buf_lit(b, ">Notifications");
	if (unread > 0)
		buf_putf(b,
		    " <span class=\"unread\">%" PRIu64
		    "<span class=\"unseen\"> unread</span></span>",
		    unread);
	buf_lit(b,
	    "</a>\n<button class=\"quiet\">Sign out</button>\n"
	    "</form>\n");
}

static void
put_banner(struct call *c, struct buf *b, uint64_t unread)
{
	bool known = c->caller.user.id != 0;

	buf_lit(b,
	    "<body>\n<a class=\"skip\" href=\"#main\">Skip to content</a>\n"
	    "<header class=\"banner\">\n"
	    "<a class=\"brand\" href=\"/\" dir=\"auto\">");
	buf_html(b, c->env.base->conf->site_name);
	buf_lit(b, "</a>\n<nav aria-label=\"Site\"><ul>\n");
	put_way(c, b, "/vault", "Vault");
	if (known) {
		put_way(c, b, "/collections", "Collections");
		put_way(c, b, "/shares", "Shares");
	}
	put_way(c, b, "/community", "Community");
	if (is_stranger(c))
		put_way(c, b, "/login", "Sign in");
	buf_lit(b, "</ul></nav>\n");
	if (known)
		put_account(c, b, unread);
	buf_lit(b, "</header>\n<main id=\"main\" tabindex=\"-1\">\n");
}

struct buf *
html_begin(struct call *c, int status, const struct html_head *head)
{
	struct buf *b = &c->resp->body;

	put_headers(c, status, head);
	put_head(b, c->env.base->conf->site_name, head);
	put_banner(c, b, head->unread);
	return b;
}

enum err
html_end(struct call *c)
{
	buf_lit(&c->resp->body, "</main>\n</body>\n</html>\n");
	http_response_send(c->resp);
	return ERR_OK;
}

/* ---- errors ---- */

static const struct error_page {
	int status;
	const char *title;
	const char *next; /* what to do now; NULL: the text says it */
} error_pages[] = {
	{ 400, "Something went wrong", NULL },
	{ 401, "Please sign in", NULL },
	{ 403, "Not allowed", NULL },
	{ 404, "Page not found",
	    "Check the address. The page may have been moved or deleted." },
	{ 405, "Something went wrong", "Go back to the page and try again." },
	{ 409, "Someone else changed this in the meantime",
	    "Reload the page and check the changes before you try again." },
	{ 413, "Too large", "Upload smaller files, or fewer at a time." },
	{ 415, "Something went wrong", "Use the form on the page." },
	{ 429, "Too many attempts", NULL },
	{ 503, "Temporarily unavailable", NULL },
	{ 507, "Storage is full",
	    "Delete files that you no longer need, or ask the site's "
	    "administrator for more space." },
	{ 0, "Something went wrong",
	    "Please try again. If it happens again, send the request number "
	    "below to the site's administrator." },
};

/* The same page for every link that cannot be opened: a visitor must not learn
 * whether the link ever existed. */
static const struct error_page dead_link = { 404,
	"This link is no longer available",
	"It may have expired, reached its limit, been revoked, or been copied "
	"incompletely. Check the address, or ask the sender for a new link." };

static bool
is_link(const struct call *c)
{
	return is_within(c, "/s/") || is_within(c, "/shared/");
}

static const struct error_page *
find_error_page(const struct call *c, int status)
{
	const struct error_page *p = error_pages;

	if (status == 404 && is_link(c))
		return &dead_link;
	while (p->status != 0 && p->status != status)
		p++;
	return p;
}

/* Links to continue from an error page, the most useful first. */
static void
put_ways_on(struct call *c, struct buf *b, int status)
{
	buf_lit(b, "<p class=\"ways\">");
	if (status == 401)
		buf_lit(b, "<a class=\"button\" href=\"/login\">Sign in</a>\n");
	else if (is_within(c, "/vault"))
		buf_lit(b,
		    "<a class=\"button\" href=\"/vault\">Back to your "
		    "vault</a>\n");
	else if (is_within(c, "/shares"))
		buf_lit(b,
		    "<a class=\"button\" href=\"/shares\">Back to your "
		    "shares</a>\n");
	else if (is_within(c, "/collections"))
		buf_lit(b,
		    "<a class=\"button\" href=\"/collections\">Back to your "
		    "collections</a>\n");
	else if (is_within(c, "/community"))
		buf_lit(b,
		    "<a class=\"button\" href=\"/community\">Back to the "
		    "community</a>\n");
	else if (is_within(c, "/login"))
		buf_lit(b,
		    "<a class=\"button\" href=\"/login\">Back to sign-in"
		    "</a>\n");
	buf_lit(b, "<a href=\"/\">Home</a></p>\n");
}

void
html_error(struct call *c, const struct dialect_answer *a)
{
	int status = a->status;
	const struct error_page *p = find_error_page(c, status);
	struct html_head head = { .title = p->title, .private_page = true };
	struct buf *b = html_begin(c, status, &head);

	buf_lit(b, "<div class=\"narrow\">\n<h1>");
	buf_html(b, p->title);
	buf_lit(b, "</h1>\n");
	/* The title of a 404 says all there is to say, except to the owner of
	 * a link, who may know why it cannot be opened. */
	if (status != 404 ||
	    (is_link(c) && c->caller.user.id != 0 &&
		why_reason(&c->env.why, ERR_NOT_FOUND) != WHY_NONE)) {
		buf_lit(b, "<p class=\"lead\" dir=\"auto\">");
		buf_html(b, a->text);
		buf_lit(b, "</p>\n");
	}
	if (p->next != NULL) {
		buf_lit(b, "<p>");
		buf_html(b, p->next);
		buf_lit(b, "</p>\n");
	}
	put_ways_on(c, b, status);
	if (status >= 500)
		buf_putf(b, "<p class=\"small\">Request <code>%s</code></p>\n",
		    c->req->id);
	buf_lit(b, "</div>\n");
	/* Nothing is left to answer with when an error page fails. */
	if (html_end(c) != ERR_OK)
		die("an error page was not sent");
}
