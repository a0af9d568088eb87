/* E-mail addresses to which mail is sent. */
#ifndef CORE_MAIL_ADDRESS_H
#define CORE_MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/error.h"

#define MAIL_ADDRESS_MOST 254 /* bytes of a whole one (RFC 5321, 4.5.3.1) */
#define MAIL_LOCAL_MOST 64    /* bytes before the @ */

/*
 * Checks an address and returns it in the form for sending: the part before the
 * @ unchanged, the domain in lower case, an internationalised one as A-labels
 * (xn--…). Only plain addresses are accepted: no <brackets>, comments, "quoted
 * parts" or hosts' addresses ([192.0.2.1]), and only ASCII before the @,
 * because most servers lack SMTPUTF8. ERR_INVALID: why->about is `about`.
 */
enum err mail_address_check(struct arena *a, struct why *why, enum about about,
    const char *address, const char **ret) MUST_CHECK;

#endif
