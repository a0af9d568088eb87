/*
 * Sends one message to one recipient through the mail server. On failure the
 * result says whether the message may be sent again.
 */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* In the order of [mail] tls. */
enum smtp_tls {
	SMTP_TLS_REQUIRED, /* fails without STARTTLS and a valid certificate */
	SMTP_TLS_OPTIONAL, /* STARTTLS if the server offers it */
	SMTP_TLS_NONE,
};

struct smtp {
	const char *url;      /* smtp://host:port or smtps://host:port */
	const char *helo;     /* the host name for EHLO */
	enum smtp_tls tls;    /* for smtp://; smtps:// always uses TLS */
	const char *user;     /* NULL: no authentication */
	const char *password; /* sent over TLS only */
	const char *ca_file;  /* NULL: the host's CA certificates */
	int64_t timeout_ms;   /* of the whole exchange */
};

/*
 * from and to are addresses in ASCII; the message is message_build()'s.
 *   ERR_OK         the server accepted it
 *   ERR_INVALID    the server rejected it for good (5xx); why->word has its
 *                  reply
 *   ERR_RETRY      the server is unavailable, deferred it (4xx; why->word has
 *                  its reply) or rejected the login: it was not sent
 *   ERR_UNCERTAIN  it was sent, but no reply came
 *   ERR_INTERNAL   libcurl failed
 * why->detail is for the log and has no address.
 */
enum err smtp_send(const struct smtp *s, const char *from, const char *to,
    const char *message, size_t n, struct why *why) MUST_CHECK;

#endif
