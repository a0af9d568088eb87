#include "config.h"

#include "core/mail/template.h"

#include <string.h>

#include "base/text.h"

#define NAME_MOST 32

/* A part of a template: the text before a tag, and the tag. */
struct tag {
	char kind; /* '#', '^', '/', '!', '=' for a name, '\0' at the end */
	char name[NAME_MOST + 1];
	const char *text; /* the text before it */
	size_t n;
	const char *next; /* the text after it */
};

struct render {
	struct buf *b;
	const char *source;
	bool html;
	const struct mail_data *data;
	struct why *why;
};

static enum err
malformed(struct render *r, const char *at, const char *what)
{
	unsigned line = 1;

	for (const char *s = r->source; s < at; s++)
		line += *s == '\n';
	return why_log(r->why, ERR_INVALID, "line %u: %s", line, what);
}

static bool
is_name(const char *s, size_t n)
{
	return n > 0 && n <= NAME_MOST &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyz_") >= n;
}

/* A tag alone on its line removes the line. */
static void
take_line(struct render *r, struct tag *t, const char *open)
{
	const char *left = open, *right = t->next;

	while (left > r->source && (left[-1] == ' ' || left[-1] == '\t'))
		left--;
	right += strspn(right, " \t\r");
	if ((left > r->source && left[-1] != '\n') ||
	    (*right != '\n' && *right != '\0') || left < t->text)
		return;
	t->n = (size_t)(left - t->text);
	t->next = *right == '\n' ? right + 1 : right;
}

static enum err
next_tag(struct render *r, const char *s, struct tag *ret)
{
	const char *open = strstr(s, "{{"), *close, *name;
	size_t n;

	*ret = (struct tag){ .kind = '\0', .text = s, .n = strlen(s) };
	if (open == NULL) {
		ret->next = s + ret->n;
		return ERR_OK;
	}
	close = strstr(open, "}}");
	if (close == NULL)
		return malformed(r, open, "a {{ without its }}");
	ret->n = (size_t)(open - s);
	ret->next = close + 2;
	name = open + 2;
	ret->kind = *name != '\0' && strchr("#^/!", *name) ? *name++ : '=';
	name += strspn(name, " \t");
	n = (size_t)(close - name);
	while (n > 0 && (name[n - 1] == ' ' || name[n - 1] == '\t'))
		n--;
	if (ret->kind != '=')
		take_line(r, ret, open);
	if (ret->kind == '!')
		return ERR_OK;
	if (!is_name(name, n))
		return malformed(r, open, "no name between {{ and }}");
	memcpy(ret->name, name, n);
	return ERR_OK;
}

static const char *
find_in(const struct mail_text *texts, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(texts[i].name, name) == 0)
			return texts[i].text != NULL ? texts[i].text : "";
	return NULL;
}

static const char *
find(const struct render *r, const struct mail_item *item, const char *name)
{
	const char *text = NULL;

	if (item != NULL)
		text = find_in(item->texts, item->n, name);
	if (text == NULL)
		text = find_in(r->data->texts, r->data->n, name);
	return text != NULL ? text : "";
}

/* Writes a text as HTML; its line ends become <br>. */
static void
put_html(struct buf *b, const char *text)
{
	for (const char *s = text;;) {
		size_t n = strcspn(s, "\r\n");
		char *line = arena_strndup(b->arena, s, n);

		buf_html(b, line);
		s += n;
		if (*s == '\0')
			return;
		s += *s == '\r' && s[1] == '\n' ? 2 : 1;
		buf_lit(b, "<br>\n");
	}
}

static void
put_text(struct render *r, const struct mail_item *item, const char *name)
{
	const char *text = find(r, item, name);

	if (r->html)
		put_html(r->b, text);
	else
		buf_raw(r->b, text);
}

static enum err render_part(struct render *r, const char *s,
    const struct mail_item *item, bool put, const char *name, unsigned depth,
    const char **ret_end);

/* Renders a section, from after its opening tag, once for each item. */
static enum err
render_section(struct render *r, const struct tag *t,
    const struct mail_item *item, bool put, unsigned depth,
    const char **ret_end)
{
	const struct mail_data *d = r->data;
	/* An item cannot contain its own section. */
	bool many = item == NULL && d->section != NULL &&
	    strcmp(d->section, t->name) == 0;
	bool some = many ? d->nitems > 0 : find(r, item, t->name)[0] != '\0';
	size_t times = some == (t->kind == '#') ? 1 : 0;
	enum err e;

	if (depth == MAIL_TEMPLATE_DEPTH)
		return malformed(r, t->next, "sections within too many others");
	if (times > 0 && many && t->kind == '#')
		times = d->nitems;
	/* Read it once without output, to find its end. */
	if (times == 0 || !put)
		return render_part(r, t->next, item, false, t->name, depth + 1,
		    ret_end);
	for (size_t i = 0; i < times; i++) {
		const struct mail_item *with =
		    many && t->kind == '#' ? &d->items[i] : item;

		e = render_part(r, t->next, with, true, t->name, depth + 1,
		    ret_end);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

/* Renders up to the end of the section `name` (NULL: of the template). */
static enum err
render_part(struct render *r, const char *s, const struct mail_item *item,
    bool put, const char *name, unsigned depth, const char **ret_end)
{
	const char *end;
	struct tag t;
	enum err e;

	for (;; s = t.next) {
		if ((e = next_tag(r, s, &t)) != ERR_OK)
			return e;
		if (put)
			buf_mem(r->b, t.text, t.n);
		if (buf_failed(r->b))
			return ERR_TOO_LARGE;
		if (t.kind == '\0' && name != NULL)
			return malformed(r, t.next, "a section has no end");
		if (t.kind == '/' &&
		    (name == NULL || strcmp(name, t.name) != 0))
			return malformed(r, t.next,
			    "the end of a section that is not open");
		if (t.kind == '\0' || t.kind == '/') {
			*ret_end = t.next;
			return ERR_OK;
		}
		if (t.kind == '=' && put)
			put_text(r, item, t.name);
		if (t.kind != '#' && t.kind != '^')
			continue;
		e = render_section(r, &t, item, put, depth, &end);
		if (e != ERR_OK)
			return e;
		t.next = end;
	}
}

enum err
mail_template_render(struct buf *b, const char *source, bool html,
    const struct mail_data *data, struct why *why)
{
	struct render r = { b, source, html, data, why };
	const char *end;
	enum err e = render_part(&r, source, NULL, true, NULL, 0, &end);

	return e == ERR_OK && buf_failed(b) ? ERR_TOO_LARGE : e;
}
