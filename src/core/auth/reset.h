/* A forgotten password: a new one by a link that comes by mail. */
#ifndef CORE_AUTH_RESET_H
#define CORE_AUTH_RESET_H

#include "core/env.h"
#include "model/mail.h"
#include "model/user.h"

/*
 * Somebody asks for a link for the account with this e-mail address. Whether
 * there is one is looked up when the mail is sent: neither the answer nor its
 * time can tell. ERR_NOT_FOUND: the site sends no mail; ERR_INVALID: it is no
 * address; ERR_LIMITED: asked too often, for it or from the caller's address.
 */
enum err reset_ask(struct env *env, const char *email) MUST_CHECK;

/* For the worker: makes the link, good for an hour from now, and the mail,
 * which goes to the account's address as it is recorded. ERR_NOT_FOUND: there
 * is no such account, or it is disabled. */
enum err reset_make(struct env *env, const struct mail_row *row,
    const char **ret_to, const char **ret_subject,
    const char **ret_message) MUST_CHECK;

/* The account that the link's token is for. ERR_INVALID: it is none, is over
 * an hour old, was used, or the account has changed since; all alike. */
enum err reset_look(struct env *env, const char *token,
    struct user *ret) MUST_CHECK;

/* Sets the password, once; all sessions, access tokens and other such links of
 * the account end. */
enum err reset_confirm(struct env *env, const char *token,
    const char *password) MUST_CHECK;

#endif
