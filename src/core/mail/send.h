/* Sending mail: what the workers do about the outbox. */
#ifndef CORE_MAIL_SEND_H
#define CORE_MAIL_SEND_H

#include "core/env.h"
#include "core/ops/lease.h"

/*
 * Sends the mail of the job. It is marked before the server is spoken to and
 * its end recorded after: one that is found marked, its worker's time being
 * over, becomes unknown and is not sent by itself. *ret_later: seconds until
 * the next try, 0: it is through. What the mail server says is ERR_OK and
 * stands in the row. ERR_CONFLICT: the job is another's by now.
 */
enum err mail_send(struct env *env, const struct job_run *run,
    int64_t *ret_later) MUST_CHECK;

/* Once a minute: mails that have lost their jobs, and old ones. */
enum err mail_send_tend(struct env *env) MUST_CHECK;

#endif
