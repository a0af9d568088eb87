/* Sending mail: the worker's side of the outbox. */
#ifndef CORE_MAIL_SEND_H
#define CORE_MAIL_SEND_H

#include "core/env.h"
#include "core/ops/lease.h"

/*
 * Sends the mail of a job. The mail is marked before the server is contacted,
 * and the result recorded afterwards. A marked mail whose worker's lease has
 * expired may have been sent, so it becomes "unknown" and is not retried
 * automatically. *ret_later: seconds until the next try, 0: finished. An answer
 * of the mail server is ERR_OK and is recorded in the row. ERR_CONFLICT:
 * another worker has the job now.
 */
enum err mail_send(struct env *env, const struct job_run *run,
    int64_t *ret_later) MUST_CHECK;

/* Called once a minute: gives mails that lost their jobs new ones, and deletes
 * old mails. */
enum err mail_send_tend(struct env *env) MUST_CHECK;

#endif
