/* Resetting a forgotten password by a mailed link. */
#ifndef CORE_AUTH_RESET_H
#define CORE_AUTH_RESET_H

#include "core/env.h"
#include "model/mail.h"
#include "model/user.h"

/*
 * Requests a link for the account with this e-mail address. The account is
 * looked up only when the mail is sent, so neither the answer nor its timing
 * shows whether there is one. ERR_NOT_FOUND: e-mail is not set up on this site;
 * ERR_INVALID: not an e-mail address; ERR_LIMITED: too many requests for this
 * address or from the caller's.
 */
enum err reset_ask(struct env *env, const char *email) MUST_CHECK;

/* For the worker: makes a link that is valid for one hour, and the mail with
 * it, to the account's recorded address. ERR_NOT_FOUND: there is no such
 * account, or it is disabled. */
enum err reset_make(struct env *env, const struct mail_row *row,
    const char **ret_to, const char **ret_subject,
    const char **ret_message) MUST_CHECK;

/* Finds the account of a link's token. ERR_INVALID: the token is unknown,
 * expired or used, or the account has changed since; the client cannot tell
 * which. */
enum err reset_look(struct env *env, const char *token,
    struct user *ret) MUST_CHECK;

/* Sets a new password and uses up the link; ends all sessions, access tokens
 * and other reset links of the account. Errors as reset_look(). */
enum err reset_confirm(struct env *env, const char *token,
    const char *password) MUST_CHECK;

#endif
