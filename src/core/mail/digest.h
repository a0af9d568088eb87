/* Notifications by mail, for those who want them: a share made to me, the first
 * opening of my link, wrong passwords on it; bundled. */
#ifndef CORE_MAIL_DIGEST_H
#define CORE_MAIL_DIGEST_H

#include "core/env.h"
#include "model/user.h"

/* Queues a mail for each account whose oldest such notification has waited for
 * mail.bundle, with all that it has not read by then. For the workers, every
 * minute; any number of them at once. */
enum err digest_tend(struct env *env) MUST_CHECK;

/* Whether the account wants them. */
enum err digest_wanted(struct env *env, const struct caller *c,
    bool *ret) MUST_CHECK;
enum err digest_want(struct env *env, const struct caller *c,
    bool wanted) MUST_CHECK;

/* By the link in a mail: ends them. ERR_NOT_FOUND: it is none of ours. */
enum err digest_check_link(struct env *env, const char *user,
    const char *signature) MUST_CHECK;
enum err digest_unsubscribe(struct env *env, const char *user,
    const char *signature) MUST_CHECK;

#endif
