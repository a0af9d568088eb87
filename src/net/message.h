/*
 * Builds the bytes of one outgoing message (RFC 5322): multipart/alternative
 * with a plain and an HTML body, in ASCII lines of at most 78 characters that
 * end with CR LF (a header whose one word is longer, at most 998).
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
	const char *from;      /* addresses in ASCII, without brackets */
	const char *from_name; /* NULL: none */
	const char *to;
	const char *subject; /* UTF-8, as are the bodies */
	const char *text;
	const char *html;
	const char *unsubscribe; /* an address of ours, NULL: none. Where it
				  * begins with https://, one POST to it must
				  * do (RFC 8058) */
};

/* A text as it may stand in a header: control characters, line breaks among
 * them, become spaces, those at its ends go, and what is over `most`
 * characters is cut. */
const char *message_one_line(struct arena *a, const char *text, size_t most);

/* ERR_INVALID: an address or a URL that would be no header, a body that is
 * too long, text that is no UTF-8; why->detail says which. */
enum err message_build(struct arena *a, const struct message *m,
    const char **ret, size_t *ret_n, struct why *why) MUST_CHECK;

#endif
