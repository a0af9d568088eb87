/*
 * Hands one message to the mail server, for one recipient. The server is
 * believed when it takes the message or refuses it; whatever else happens, the
 * caller learns whether it may be sent again.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* In the order of [mail] tls. */
enum smtp_tls {
	SMTP_TLS_REQUIRED, /* STARTTLS with a good certificate, or nothing */
	SMTP_TLS_OPTIONAL, /* where the server offers it */
	SMTP_TLS_NONE,
};

struct smtp {
	const char *url;      /* smtp://host:port or smtps://host:port */
	const char *helo;     /* the name that we say is ours */
	enum smtp_tls tls;    /* of smtp://; smtps:// has it from the start */
	const char *user;     /* NULL: without signing in */
	const char *password; /* told over TLS alone */
	const char *ca_file;  /* NULL: the authorities that the host knows */
	int64_t timeout_ms;   /* of the whole */
};

/*
 * from and to are addresses in ASCII; the message is message_build()'s.
 *   ERR_OK         the server has taken it
 *   ERR_INVALID    it has refused it for good (5xx); why->text is its words
 *   ERR_RETRY      it is away, or says "later" (4xx, then why->text is its
 *                  words), or does not let us in: certainly nothing was sent
 *   ERR_UNCERTAIN  the message went out, and no answer came back
 *   ERR_INTERNAL   libcurl cannot do it
 * why->detail is for the log, and names no address.
 */
enum err smtp_send(const struct smtp *s, const char *from, const char *to,
    const char *message, size_t n, struct why *why) MUST_CHECK;

#endif
