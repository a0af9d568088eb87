/* Notifications by mail, for those who want them: of a share with them, of the
 * first opening of their link, of wrong passwords entered for it. Several go
 * into one mail. */
#ifndef CORE_MAIL_DIGEST_H
#define CORE_MAIL_DIGEST_H

#include "core/env.h"
#include "model/user.h"

/* Queues a mail for each account whose oldest such notification has waited for
 * mail.bundle, with everything that they have not read by then. Called by the
 * workers every minute; any number may do so at once. */
enum err digest_tend(struct env *env) MUST_CHECK;

/* Gets or sets whether the caller wants these mails. */
enum err digest_wanted(struct env *env, const struct caller *c,
    bool *ret) MUST_CHECK;
enum err digest_want(struct env *env, const struct caller *c,
    bool wanted) MUST_CHECK;

/* Checks the unsubscribe link of a mail; digest_unsubscribe() also ends the
 * mails. ERR_NOT_FOUND: the link is invalid. */
enum err digest_check_link(struct env *env, const char *user,
    const char *signature) MUST_CHECK;
enum err digest_unsubscribe(struct env *env, const char *user,
    const char *signature) MUST_CHECK;

#endif
