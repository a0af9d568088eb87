/*
 * Outgoing mail: from the moment that it is asked for until somebody knows
 * what became of it. A mail is a row of the outbox, and a job that sends it.
 */
#ifndef CORE_MAIL_MAIL_H
#define CORE_MAIL_MAIL_H

#include "core/env.h"
#include "core/mail/address.h"
#include "core/mail/conf.h"
#include "core/mail/template.h"
#include "db/outbox_db.h"
#include "model/mail.h"

/* What a mail is about: the name of its template. */
#define MAIL_LINKS "links"
#define MAIL_NOTIFICATIONS "notifications"
#define MAIL_RESET "reset" /* its text is made when it is sent */

/*
 * What is to be sent. The texts are given to the template as they are; it has
 * besides
 *   site         the site's name
 *   base_url     its address
 *   recipient    the address that the mail goes to
 *   unsubscribe  the URL below, or nothing
 */
struct mail {
	uint64_t user_id; /* the account that causes it; 0: the site itself */
	const char *kind;
	const char *recipient; /* as mail_address_check() gives it */
	struct mail_data data;
	const char *unsubscribe; /* a URL of ours for List-Unsubscribe, which
				  * takes a POST too; NULL: none */
	const uint64_t *shares;	 /* the shares that it carries */
	size_t nshares;
};

/*
 * Makes the mail and queues it: a row, its shares, its job. It writes to the
 * database alone, so that it can be part of the caller's transaction; by
 * itself it is called within one too, or a crash may leave half of it. The
 * worker begins with it within a second or two of the commit.
 * ERR_NOT_FOUND: the site sends no mail. ERR_INTERNAL: the template is missing
 * or malformed (why->detail).
 */
enum err mail_queue(struct env *env, const struct mail *m,
    uint64_t *ret_id) MUST_CHECK;

/*
 * Whether the account may cause n more mails now; to be asked first in the
 * transaction that queues them: it locks the account until its end, so that
 * two requests cannot both take the last place. ERR_LIMITED with retry_after.
 */
enum err mail_allow(struct env *env, uint64_t user_id, uint64_t n) MUST_CHECK;

/* What became of the account's mails that carry a share (at most 1000). */
enum err mail_of_share(struct env *env, uint64_t user_id, uint64_t share_id,
    struct mail_row **ret, size_t *ret_n) MUST_CHECK;

/* The account's mails before the one of that id (INT64_MAX: from the newest
 * on), the newest first. */
enum err mail_of_user(struct env *env, uint64_t user_id, uint64_t before,
    uint64_t limit, struct mail_row **ret, size_t *ret_n) MUST_CHECK;

/* For the administrator: every mail, or those that are not through. row is a
 * struct mail_row. */
enum err mail_list(struct env *env, bool all, db_row_fn *fn,
    void *arg) MUST_CHECK;

/*
 * Sends one again that has failed, is unknown or was dropped, or that waits
 * for its next try; gives up one that has not been sent. user_id: its sender,
 * who is held to the hourly number; 0: anybody's (the administrator).
 * ERR_NOT_FOUND: it is none of his; ERR_CONFLICT: it is in a worker's hands,
 * or has been sent.
 */
enum err mail_retry(struct env *env, uint64_t user_id, uint64_t id) MUST_CHECK;
enum err mail_drop(struct env *env, uint64_t user_id, uint64_t id) MUST_CHECK;

/* Whether the template of a kind can be used; else why->detail names the file
 * and what is wrong with it. */
enum err mail_check_template(struct env *env, const char *kind) MUST_CHECK;

/* For mail_send.c and reset.c: the bytes of a mail, by its template. */
enum err mail_make(struct env *env, const struct mail *m,
    const struct uuid *uuid, const char **ret_subject,
    const char **ret_message) MUST_CHECK;

#endif
