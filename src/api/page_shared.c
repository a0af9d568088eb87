#include "config.h"

#include "api/handlers.h"
#include "api/html.h"
#include "core/delivery.h"
#include "core/share.h"

static void
jw_size(struct json_out *w, const char *key, uint32_t v)
{
	if (v > 0)
		jw_uint(w, key, v);
	else
		jw_null(w, key);
}

static enum err
write_json(struct call *c, const struct share_link *s)
{
	struct arena *a = c->env.arena;
	char code[UUID_TEXT];
	struct json_out w;

	uuid_format(&s->token, code);
	call_json_begin(c, 200, &w);
	jw_object(&w, NULL);
	jw_text(&w, "shareCode", code);
	jw_text(&w, "name", s->name);
	jw_text(&w, "caption", s->caption);
	jw_text(&w, "mimeType", s->mime);
	jw_int(&w, "size", s->size);
	jw_size(&w, "width", s->width);
	jw_size(&w, "height", s->height);
	jw_text(&w, "url", delivery_share_url(&c->env, a, s, DELIVER_FILE,
	    false));
	jw_text(&w, "thumbnailUrl", delivery_share_url(&c->env, a, s,
	    DELIVER_THUMB, false));
	jw_text(&w, "sharedBy", s->shared_by);
	jw_time(&w, "createdAt", s->created_at);
	jw_end(&w);
	return call_json_done(c);
}

static enum media_type
type_of(const struct share_link *s)
{
	return media_type_of_mime(s->mime);
}

/* The preview is the thumbnail, whose longer side the settings tell. */
static void
set_preview(struct call *c, const struct share_link *s,
    struct html_head *head)
{
	uint64_t side = (uint64_t)c->env.base->conf->image_thumbnail;
	uint64_t longer = s->width > s->height ? s->width : s->height;

	if (!media_type_is_image(type_of(s)))
		return;
	head->og_image = arena_printf(c->env.arena, "%s/preview",
	    head->og_url);
	if (side > longer)
		side = longer;
	if (longer == 0)
		return;
	head->og_width = (uint32_t)((s->width * side + longer / 2) / longer);
	head->og_height = (uint32_t)((s->height * side + longer / 2) / longer);
}

/* The media itself, as large as the window allows. */
static void
put_media(struct call *c, struct buf *b, const struct share_link *s)
{
	const char *url = delivery_share_url(&c->env, c->env.arena, s,
	    DELIVER_FILE, false);
	enum media_type type = type_of(s);

	if (type == MEDIA_UNKNOWN) {
		buf_lit(b, "<span class=\"tile\">File</span>\n");
	} else if (media_type_is_image(type)) {
		buf_lit(b, "<a");
		html_attr(b, "href", url);
		buf_lit(b, "><img");
		html_attr(b, "src", url);
		html_attr(b, "alt", s->caption != NULL ? s->caption : s->name);
		if (s->width > 0 && s->height > 0)
			buf_putf(b, " width=\"%u\" height=\"%u\"", s->width,
			    s->height);
		buf_lit(b, "></a>\n");
	} else {
		buf_lit(b, "<video controls preload=\"metadata\"");
		html_attr(b, "src", url);
		html_attr(b, "aria-label", s->name);
		buf_lit(b, "></video>\n");
	}
}

static void
put_facts(struct buf *b, const struct share_link *s)
{
	buf_lit(b, "<p class=\"small\">Shared by <bdi class=\"who\">");
	buf_html(b, s->shared_by);
	buf_lit(b, "</bdi>, ");
	html_date(b, s->created_at);
	buf_lit(b, ". ");
	buf_html(b, html_kind(s->mime));
	if (s->width > 0 && s->height > 0)
		buf_putf(b, ", %u × %u", s->width, s->height);
	buf_lit(b, ", ");
	html_size(b, s->size);
	buf_lit(b, "</p>\n");
}

static enum err
write_page(struct call *c, const struct share_link *s)
{
	struct html_head head = { .title = s->name, .private_page = true };
	struct buf *b;

	head.og_url = share_page_url(&c->env, c->env.arena, &s->token);
	head.og_description = s->caption != NULL ? s->caption :
	    arena_printf(c->env.arena, "%s, shared by %s", html_kind(s->mime),
		s->shared_by);
	set_preview(c, s, &head);
	b = html_begin(c, 200, &head);
	buf_lit(b, "<article class=\"showing\">\n<div class=\"stage\">\n");
	put_media(c, b, s);
	buf_lit(b, "</div>\n<h1 dir=\"auto\">");
	buf_html(b, s->name);
	buf_lit(b, "</h1>\n");
	if (s->caption != NULL) {
		buf_lit(b, "<p class=\"caption\" dir=\"auto\">");
		buf_html(b, s->caption);
		buf_lit(b, "</p>\n");
	}
	put_facts(b, s);
	buf_lit(b, "<p class=\"ways\"><a class=\"button\"");
	html_attr(b, "href", delivery_share_url(&c->env, c->env.arena, s,
	    DELIVER_FILE, true));
	buf_lit(b, ">Download</a></p>\n</article>\n");
	return html_end(c);
}

enum err
page_shared(struct call *c)
{
	struct share_link s = { 0 };
	enum err e;

	if ((e = share_open(&c->env, c->args[0], &s)) != ERR_OK)
		return e;
	http_response_header(c->resp, "Vary", "Accept");
	/* What it shows is signed for an hour, and may be taken back. */
	http_response_header(c->resp, "Cache-Control", "private, no-store");
	if (!http_wants_html(c->req))
		return write_json(c, &s);
	return write_page(c, &s);
}
