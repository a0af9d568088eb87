/*
 * Outgoing mail, from the request until its fate is known. A mail is a row of
 * the outbox and a job that sends it.
 */
#ifndef CORE_MAIL_MAIL_H
#define CORE_MAIL_MAIL_H

#include "core/env.h"
#include "core/mail/address.h"
#include "core/mail/conf.h"
#include "core/mail/template.h"
#include "db/outbox_db.h"
#include "model/mail.h"

/* The kinds of mail; also the names of their templates. */
#define MAIL_LINKS "links"
#define MAIL_NOTIFICATIONS "notifications"
#define MAIL_RESET "reset" /* its text is made on sending */

/*
 * A mail to queue. Its texts go to the template unchanged, and in addition
 *   site         the site's name
 *   base_url     its address
 *   recipient    the address that the mail goes to
 *   unsubscribe  the URL below, empty without one
 */
struct mail {
	uint64_t user_id; /* the account that sends it; 0: the site itself */
	const char *kind;
	const char *recipient; /* in the form of mail_address_check() */
	struct mail_data data;
	const char *unsubscribe; /* URL for List-Unsubscribe, taking GET and
				  * POST; NULL: none */
	const uint64_t *shares;	 /* ids of the shares in it */
	size_t nshares;
};

/*
 * Makes and queues a mail: a row, its shares and a job. It writes only to the
 * database, so it can be part of the caller's transaction. It must be called
 * within one, because a crash could otherwise leave half of the mail. A worker
 * starts sending it a second or two after the commit.
 *
 * Fails with ERR_NOT_FOUND if e-mail is not set up on this site, with
 * ERR_INTERNAL if the template is missing or malformed (see why->detail).
 */
enum err mail_queue(struct env *env, const struct mail *m,
    uint64_t *ret_id) MUST_CHECK;

/*
 * Checks that the account may send n more mails now. Call it first in the
 * transaction that queues them: it locks the account until the end of the
 * transaction, so that two requests cannot exceed the limit together.
 * ERR_LIMITED, with retry_after: it would exceed the limit.
 */
enum err mail_allow(struct env *env, uint64_t user_id, uint64_t n) MUST_CHECK;

/* Lists the account's mails that contain the share (at most 1000). */
enum err mail_of_share(struct env *env, uint64_t user_id, uint64_t share_id,
    struct mail_row **ret, size_t *ret_n) MUST_CHECK;

/* Lists the account's mails with an id below `before` (INT64_MAX: all), newest
 * first. */
enum err mail_of_user(struct env *env, uint64_t user_id, uint64_t before,
    uint64_t limit, struct mail_row **ret, size_t *ret_n) MUST_CHECK;

/* For the administrator: lists every mail, or those that are not finished. Rows
 * are of struct mail_row. */
enum err mail_list(struct env *env, bool all, db_row_fn *fn,
    void *arg) MUST_CHECK;

/*
 * mail_retry() sends a mail again that failed, was dropped, or whose fate is
 * unknown, and sends one now that is waiting for its next try. mail_drop()
 * gives up on a mail that has not been sent. user_id: its sender, whose hourly
 * limit applies; 0: the administrator.
 *
 * Fails with ERR_NOT_FOUND if the mail does not belong to user_id, with
 * ERR_CONFLICT if a worker is sending it or it has been sent.
 */
enum err mail_retry(struct env *env, uint64_t user_id, uint64_t id) MUST_CHECK;
enum err mail_drop(struct env *env, uint64_t user_id, uint64_t id) MUST_CHECK;

/* Checks the template of a kind; on failure why->detail names the file and the
 * fault. */
enum err mail_check_template(struct env *env, const char *kind) MUST_CHECK;

/* For send.c and reset.c: the text of a mail from its template. */
enum err mail_make(struct env *env, const struct mail *m,
    const struct uuid *uuid, const char **ret_subject,
    const char **ret_message) MUST_CHECK;

#endif
