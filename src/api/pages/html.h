/* The frame of every page, and small pieces of HTML. */
#ifndef API_PAGES_HTML_H
#define API_PAGES_HTML_H

#include "api/call.h"
#include "model/share.h"

struct html_head {
	const char *title; /* NULL: the site's name alone */
	/* Open Graph metadata of a public page; og_url NULL: no metadata. */
	const char *og_url;
	const char *og_image;
	const char *og_description;
	uint32_t og_width, og_height; /* of og_image in pixels; 0: unknown */
	bool private_page; /* hidden from search engines and caches */
	uint64_t unread;   /* unread notifications shown in the banner */
};

/* Begins a page: <head>, the banner with the navigation, and <main>. Returns
 * the response's body, to which the content is appended. */
struct buf *html_begin(struct call *c, int status,
    const struct html_head *head);

/* Ends the page and sends it. */
enum err html_end(struct call *c) MUST_CHECK;

/* Sends a whole page that says what is wrong (the answer's text, unless the
 * status alone says it) and what to do next. */
struct dialect_answer;
void html_error(struct call *c, const struct dialect_answer *a);

/*
 * Makes a path received from a form or query safe to redirect to: characters
 * not allowed in a URL are percent-encoded. NULL if it is not a path of this
 * site ("//host", "/\host") or is missing.
 */
const char *html_local_path(struct arena *a, const char *path);

/* Appends ` name="value"`. Only the value is escaped. */
void html_attr(struct buf *b, const char *name, const char *value);

/* Appends <input type="hidden">, or nothing if the value is NULL or "". */
void html_hidden(struct buf *b, const char *name, const char *value);

/* Appends "3.4 MB"; "17 Aug 2024" or "17 Aug 2024, 14:05 CEST" in <time>, in
 * the server's time zone. */
void html_size(struct buf *b, int64_t bytes);
void html_date(struct buf *b, int64_t ms);
void html_time(struct buf *b, int64_t ms);

/* A message that confirms what a form has done. After the form, the browser is
 * redirected to a page with done= in its query. */
struct html_notice {
	const char *done;
	const char *text;
};

/* Appends the notice of v that the query's done= names, if any. */
void html_notices(struct call *c, struct buf *b, const struct html_notice *v,
    size_t n);

/* Appends what is wrong with a form's input, to stand above the form. Inputs
 * refer to it by aria-describedby="wrong". text NULL: appends nothing. */
void html_wrong(struct buf *b, const char *text);

/* "Please try again in 3 minutes.", rounded up; made in the arena. */
const char *html_wait(struct arena *a, unsigned seconds);

/* Appends links to the newest and to older entries of a list; NULL: no such
 * link. */
void html_pages(struct buf *b, const char *newest, const char *older);

/* The kind of a file in words: "JPEG picture". */
const char *html_kind(const char *mime);

/* What a share of n files is called: by its name, its collection's, its only
 * file's, or the number of its files. first NULL: it shows none. */
const char *html_share_name(struct arena *a, const struct share *s,
    const struct share_item *first, uint64_t n);

/*
 * Appends a media's image in a grid: its thumbnail at `src`, or, without one
 * (NULL), a tile with the kind of file. width and height are the original's;
 * 0: unknown.
 */
void html_thumb(struct buf *b, const char *src, const char *alt,
    const char *mime, uint32_t width, uint32_t height);

#endif
