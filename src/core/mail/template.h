/*
 * Templates of mails, which an administrator may change: text with
 *   {{name}}                 the text of that name, nothing where there is none
 *   {{#name}} … {{/name}}    for a section: once for each of its items, whose
 *                            own texts come first; for a text: once, unless it
 *                            is empty
 *   {{^name}} … {{/name}}    once, where the section has no items or the text
 *                            is empty
 *   {{! … }}                 nothing
 * A line that holds one of the last three alone leaves no empty line behind.
 */
#ifndef CORE_MAIL_TEMPLATE_H
#define CORE_MAIL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define MAIL_TEMPLATE_MOST 65536 /* bytes of a file */
#define MAIL_TEMPLATE_DEPTH 8

/* A text that a template may name. */
struct mail_text {
	const char *name;
	const char *text; /* UTF-8; line ends are kept. NULL is as "" */
};

/* One item of the repeated section. */
struct mail_item {
	size_t n;
	const struct mail_text *texts;
};

struct mail_data {
	size_t n;
	const struct mail_text *texts;
	const char *section; /* the name of the repeated one, NULL: none */
	size_t nitems;
	const struct mail_item *items;
};

/*
 * Renders a template into the buffer. html: texts are escaped, and their line
 * ends become <br>. ERR_INVALID: the template is malformed; why->detail names
 * the line. ERR_TOO_LARGE: it is more than the buffer takes.
 */
enum err mail_template_render(struct buf *b, const char *source, bool html,
    const struct mail_data *data, struct why *why) MUST_CHECK;

#endif
