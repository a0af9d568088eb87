/*
 * Builds the bytes of one outgoing message (RFC 5322): multipart/alternative
 * with a plain text and an HTML body, in ASCII lines that end with CR LF. A
 * line has at most 78 characters, or 998 where a header's word is longer than
 * that.
 */
#ifndef NET_MESSAGE_H
#define NET_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/id.h"

#define MESSAGE_BODY_MOST (1 << 20) /* bytes of one body */
#define MESSAGE_SUBJECT_MOST 200    /* characters; longer ones are cut */

struct message {
	struct uuid id;	       /* of its Message-ID */
	int64_t date;	       /* ms */
	const char *from;      /* like `to`, in ASCII and without brackets */
	const char *from_name; /* NULL: none */
	const char *to;
	const char *subject; /* UTF-8, like the bodies */
	const char *text;
	const char *html;
	const char *unsubscribe; /* a URL of this site, or NULL. If it begins
				  * with https://, a single POST to it must
				  * unsubscribe (RFC 8058) */
};

/* Makes a text fit for a header: control characters, including line breaks,
 * become spaces, spaces at both ends are removed, and the text is cut to `most`
 * characters. */
const char *message_one_line(struct arena *a, const char *text, size_t most);

/* Builds the message in the arena. ERR_INVALID: an address or URL does not fit
 * into a header, a body is too long, or a text is not UTF-8; why->detail says
 * which. */
enum err message_build(struct arena *a, const struct message *m,
    const char **ret, size_t *ret_n, struct why *why) MUST_CHECK;

#endif
