/* E-mail addresses, as far as mail is sent to them. */
#ifndef CORE_MAIL_ADDRESS_H
#define CORE_MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/error.h"

#define MAIL_ADDRESS_MOST 254 /* bytes of a whole one (RFC 5321, 4.5.3.1) */
#define MAIL_LOCAL_MOST 64    /* bytes before the @ */

/*
 * Checks an address and gives it as it is sent to: the part before the @ as it
 * was written, the domain in lower case, an internationalised one as its
 * A-labels (xn--…). Names alone are taken: no <brackets>, no comments, no
 * "quoted parts", no addresses of hosts ([192.0.2.1]); before the @ ASCII only
 * (most servers have no SMTPUTF8). ERR_INVALID: why names the field.
 */
enum err mail_address_check(struct arena *a, struct why *why, enum about about,
    const char *address, const char **ret) MUST_CHECK;

#endif
