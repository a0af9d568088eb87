/* The frame of every page, and small pieces of HTML. */
#ifndef API_PAGES_HTML_H
#define API_PAGES_HTML_H

#include "api/call.h"

struct html_head {
	const char *title; /* NULL: the site's name alone */
	/* Open Graph, for a page that others link to; NULL: none. */
	const char *og_url;
	const char *og_image;
	const char *og_description;
	uint32_t og_width, og_height; /* of og_image; 0: not known */
	bool private_page; /* not for search engines, not for caches */
	uint64_t unread;   /* notifications; 0: none, or not counted */
};

/* Begins a page: head, banner with the ways through the site, <main>. The
 * buffer is the response's body. */
struct buf *html_begin(struct call *c, int status,
    const struct html_head *head);

/* Ends it and sends it. */
enum err html_end(struct call *c) MUST_CHECK;

/* A whole page that tells an error and what to do next. */
void html_error(struct call *c, int status, const char *text);

/*
 * A path of this site that a form or a link has carried along: its characters
 * beyond those of a URL are percent-encoded. NULL: it is none, or leads
 * elsewhere ("//host", "/\host").
 */
const char *html_local_path(struct arena *a, const char *path);

/* ` name="value"`; the name is ours. */
void html_attr(struct buf *b, const char *name, const char *value);

/* <input type="hidden">, or nothing where the value is NULL or "". */
void html_hidden(struct buf *b, const char *name, const char *value);

/* "3.4 MB"; "17 Aug 2024" and "17 Aug 2024, 14:05" in <time>, by the site's
 * time zone. */
void html_size(struct buf *b, int64_t bytes);
void html_date(struct buf *b, int64_t ms);
void html_time(struct buf *b, int64_t ms);

/* What has just been done, by the query's done=, for the page that a form
 * comes back to. */
struct html_notice {
	const char *done;
	const char *text;
};

void html_notices(struct call *c, struct buf *b, const struct html_notice *v,
    size_t n);

/* What is wrong with what was typed, above the form; its id is "wrong". */
void html_wrong(struct buf *b, const char *text);

/* The ways to the newest and the older entries of a list; NULL: there is no
 * such page. */
void html_pages(struct buf *b, const char *newest, const char *older);

/* What a file is, in words: "JPEG picture". */
const char *html_kind(const char *mime);

/*
 * What stands for a media in a grid: its thumbnail at `src`, or, where there
 * is none (NULL), a plain tile with what it is. width and height are the
 * picture's own; 0: not known.
 */
void html_thumb(struct buf *b, const char *src, const char *alt,
    const char *mime, uint32_t width, uint32_t height);

#endif
