/*
 * Opening links. Every route that takes a link's token checks state, password
 * and limit here.
 */
#ifndef CORE_SHARE_GATE_H
#define CORE_SHARE_GATE_H

#include "core/env.h"
#include "core/share/opening.h"
#include "model/share.h"
#include "model/user.h"

/* What a visitor's request carries. */
struct gate_visitor {
	const char *cookie;   /* the cookie of that name, or NULL */
	const char *password; /* or NULL */
	bool head;	      /* a HEAD request: only whether the link works */
	bool robot;	      /* a program that makes link previews */
};

/* The name of the cookie for the link with this token. */
const char *gate_cookie_name(struct arena *a, const char *token);

/*
 * Opens a link and counts a visit, once per half hour. Of a collection it
 * returns at most `limit` items older than `before` (INT64_MAX: from the
 * newest).
 *
 * Fails with ERR_NOT_FOUND if the link is unknown, revoked, expired, exhausted
 * or empty; only its owner learns which. ERR_UNAUTH: a password is needed, or
 * the given one is wrong. ERR_LIMITED: too many wrong passwords from this
 * address.
 */
enum err gate_open(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, uint64_t before, uint64_t limit,
    struct opening *ret) MUST_CHECK;

/* Checks the password and sets the cookie that keeps the link unlocked; counts
 * no visit. Errors as gate_open(). */
enum err gate_unlock(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, struct opening *ret) MUST_CHECK;

/*
 * Opens a link to one media that may be downloaded and has no password (seed
 * 003). Every call counts as a use, by any visitor. *ret_url is valid
 * for 15 minutes; NULL if nothing may be shown (ret->closed). Errors as
 * gate_open(), except those about passwords.
 */
enum err gate_download(struct env *env, const struct caller *c,
    const char *token, const struct gate_visitor *v, struct opening *ret,
    const char **ret_url) MUST_CHECK;

/* Opens a link for its preview picture. Works only for links without password
 * and limit, and counts no visit. */
enum err gate_open_preview(struct env *env, const char *token,
    struct opening *ret) MUST_CHECK;

#endif
