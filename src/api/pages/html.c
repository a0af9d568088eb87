#include "config.h"

#include "api/pages/html.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/pages/style.h"
#include "base/clock.h"
#include "base/text.h"

/* A frame with a picture in it; a data URL, so that a page needs one file. */
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
		buf_putf(b, "%" PRId64 " bytes", bytes);
		return;
	}
	for (; v >= 999.5 && i < 3; i++)
		v /= 1024;
	/* Two digits tell enough: 1.2 MB, but 2 GB. */
	buf_putf(b, v < 9.95 && v != (double)(int)v ? "%.1f %s" : "%.0f %s", v,
	    units[i]);
}

/* Days without a zero in front, which no format has. */
static void
put_time(struct buf *b, int64_t ms, bool hours)
{
	time_t s = (time_t)(ms / 1000);
	char text[CLOCK_TEXT], rest[32];
	struct tm tm;
	size_t n;

	clock_format(ms, text);
	localtime_r(&s, &tm);
	n = hours ? strftime(rest, sizeof(rest), "%b %Y, %H:%M", &tm) :
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
	buf_lit(b, "<p class=\"notice wrong\" id=\"wrong\" role=\"alert\">");
	buf_html(b, text);
	buf_lit(b, "</p>\n");
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
	buf_lit(b, "<nav class=\"pages\" aria-label=\"Pages\">\n");
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
	http_response_header(c->resp, "Content-Type", "%s",
	    "text/html; charset=utf-8");
	http_response_header(c->resp, "Content-Security-Policy", "%s",
	    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
	    "media-src 'self'; form-action 'self'; base-uri 'none'; "
	    "frame-ancestors 'none'");
	/* Every page tells in its banner who is signed in. */
	if (!http_response_has(c->resp, "Cache-Control"))
		http_response_header(c->resp, "Cache-Control", "%s",
		    head->private_page ? "private, no-store" :
					 "private, no-cache");
}

/* The style sheet's address changes with its content. */
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

/* Whether it is sure that nobody is signed in: not every route looks. */
static bool
is_stranger(const struct call *c)
{
	if (c->caller.user.id != 0)
		return false;
	return (c->route != NULL && c->route->credentials == KNOWN) ||
	    http_cookie(c->req, c->env.base->conf->session_cookie) == NULL;
}

/* Whoever is signed in, what there is to tell him, and the way out. */
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
	    "<body>\n<a class=\"skip\" href=\"#main\">Skip to the "
	    "content</a>\n<header class=\"banner\">\n"
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

static const struct told {
	int status;
	const char *title;
	const char *next; /* what may help */
} told[] = {
	{ 400, "That did not work", NULL },
	{ 401, "Please sign in", NULL },
	{ 403, "That is not allowed", NULL },
	{ 404, "There is nothing here",
	    "The address may be mistyped, or what was here has been taken "
	    "back." },
	{ 405, "That did not work", "Please start again from the page." },
	{ 409, "It has changed meanwhile",
	    "Look at it again before you try once more." },
	{ 413, "That is too large",
	    "Send smaller files, or fewer of them at once." },
	{ 415, "That did not work", "Please use the form on the page." },
	{ 429, "Too many tries", NULL },
	{ 503, "Not available right now", NULL },
	{ 507, "There is no room left",
	    "Delete what you no longer need, or ask the site's administrator "
	    "for more room." },
	{ 0, "Something went wrong",
	    "It is not your fault. If it happens again, tell the site's "
	    "administrator the number below." },
};

/* One page for all that a link can have come to: which of it is not told. */
static const struct told dead_link = { 404, "This link does not work",
	"It may be over, or have been opened as often as its sender allowed; "
	"the sender may have taken it back; or a part of the address got "
	"lost on the way. Check that you have all of it. If so, "
	"ask whoever sent it to you for a new link." };

static bool
is_link(const struct call *c)
{
	return is_within(c, "/s/") || is_within(c, "/shared/");
}

static const struct told *
told_of(const struct call *c, int status)
{
	const struct told *t = told;

	if (status == 404 && is_link(c))
		return &dead_link;
	while (t->status != 0 && t->status != status)
		t++;
	return t;
}

/* The ways on from an error, the nearest first. */
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
		    "<a class=\"button\" href=\"/login\">Back to signing "
		    "in</a>\n");
	buf_lit(b, "<a href=\"/\">To the first page</a></p>\n");
}

void
html_error(struct call *c, int status, const char *text)
{
	const struct told *t = told_of(c, status);
	struct html_head head = { .title = t->title, .private_page = true };
	struct buf *b = html_begin(c, status, &head);

	buf_lit(b, "<div class=\"narrow\">\n<h1>");
	buf_html(b, t->title);
	buf_lit(b, "</h1>\n");
	/* The title says as much as the text would; but the owner of a link
	 * is told what has become of it. */
	if (status != 404 ||
	    (is_link(c) && c->caller.user.id != 0 &&
		c->env.why.text[0] != '\0')) {
		buf_lit(b, "<p class=\"lead\" dir=\"auto\">");
		buf_html(b, text);
		buf_lit(b, "</p>\n");
	}
	if (t->next != NULL) {
		buf_lit(b, "<p>");
		buf_html(b, t->next);
		buf_lit(b, "</p>\n");
	}
	put_ways_on(c, b, status);
	if (status >= 500)
		buf_putf(b, "<p class=\"small\">Request <code>%s</code></p>\n",
		    c->req->id);
	buf_lit(b, "</div>\n");
	/* Sent whatever becomes of it: there is no other answer left. */
	if (html_end(c) != ERR_OK)
		die("an error page was not sent");
}
