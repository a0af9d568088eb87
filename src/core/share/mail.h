/* Mailing shares: one mail to each recipient, with every link (seeds 003 and
 * 004). */
#ifndef CORE_SHARE_MAIL_H
#define CORE_SHARE_MAIL_H

#include "core/env.h"
#include "model/share.h"
#include "model/user.h"

#define SHARE_MAIL_MESSAGE_MOST 4000 /* characters */
#define SHARE_MAIL_RECIPIENTS_MOST 50
#define SHARE_MAIL_LINKS_MOST 50

struct share_mail {
	size_t nrecipients; /* from share_mail_recipients() */
	const char **recipients;
	const char *message; /* NULL: none */
	size_t nshares;
	const struct share *shares;
};

/* Checks addresses: their syntax, their number, no duplicates. `about` says
 * which list is being checked. */
enum err share_mail_recipients(struct env *env, enum about about,
    const char *const *in, size_t n, const char ***ret) MUST_CHECK;

/* Checks a message to include; NULL is valid. */
enum err share_mail_message(struct env *env, const char *message) MUST_CHECK;

/* Queues the mails, within the caller's transaction. ERR_LIMITED: the account
 * would exceed its hourly limit. ERR_RETRY: e-mail is not set up on this
 * site. */
enum err share_mail_queue(struct env *env, const struct caller *c,
    const struct share_mail *m) MUST_CHECK;

#endif
