/*
 * Templates of mails, which an administrator may change: text with
 *   {{name}}                 the text of that name; empty if there is none
 *   {{#name}} … {{/name}}    for a section: once for each item, whose own texts
 *                            take precedence; for a text: once, unless it is
 *                            empty
 *   {{^name}} … {{/name}}    once, if the section has no items or the text is
 *                            empty
 *   {{! … }}                 a comment
 * Lines with nothing but one of the last three leave no empty line.
 */
#ifndef CORE_MAIL_TEMPLATE_H
#define CORE_MAIL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define MAIL_TEMPLATE_MOST 65536 /* bytes of a file */
#define MAIL_TEMPLATE_DEPTH 8

/* A named text for templates. */
struct mail_text {
	const char *name;
	const char *text; /* UTF-8; line ends are kept; NULL: empty */
};

/* One item of the repeated section. */
struct mail_item {
	size_t n;
	const struct mail_text *texts;
};

struct mail_data {
	size_t n;
	const struct mail_text *texts;
	const char *section; /* name of the repeated section; NULL: none */
	size_t nitems;
	const struct mail_item *items;
};

/*
 * Renders a template into the buffer. html: texts are escaped, and their line
 * ends become <br>. ERR_INVALID: the template is malformed; why->detail names
 * the line. ERR_TOO_LARGE: the result does not fit into the buffer.
 */
enum err mail_template_render(struct buf *b, const char *source, bool html,
    const struct mail_data *data, struct why *why) MUST_CHECK;

#endif
