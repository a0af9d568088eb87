/*
 * What a link opens, and the one gate before it: state, password, limit. Every
 * route that a link's token opens goes through here.
 */
#ifndef CORE_SHARE_GATE_H
#define CORE_SHARE_GATE_H

#include "core/env.h"
#include "core/share/opening.h"
#include "model/share.h"
#include "model/user.h"

/* What a visitor brings. */
struct gate_visitor {
	const char *cookie;   /* the value of gate_cookie_name(); or NULL */
	const char *password; /* or NULL */
	bool head;	      /* a HEAD: it learns whether the link is good */
	bool robot;	      /* it makes a preview for somebody else */
};

/* The name of the cookie that is bound to the link of this token. */
const char *gate_cookie_name(struct arena *a, const char *token);

/*
 * Opens a link and counts the visit, once in half an hour. At most `limit`
 * items of a collection, behind `before` (INT64_MAX: from the start).
 * ERR_NOT_FOUND: unknown, revoked, expired, used up or empty, all alike; only
 * its owner is told which. ERR_UNAUTH: it wants a password, or this is a wrong
 * one. ERR_LIMITED: too many wrong ones from this address.
 */
enum err gate_open(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, uint64_t before, uint64_t limit,
    struct opening *ret) MUST_CHECK;

/* The password alone: the cookie that keeps the link open, no visit. */
enum err gate_unlock(struct env *env, const struct caller *c, const char *token,
    const struct gate_visitor *v, struct opening *ret) MUST_CHECK;

/*
 * The file behind a link of one media that may be downloaded and wants no
 * password (seed 003): every opening is a use, whoever comes. *ret_url is
 * signed for a quarter of an hour; NULL where nothing is shown (l->closed).
 * Errors as gate_open()'s, without those of passwords.
 */
enum err gate_download(struct env *env, const struct caller *c,
    const char *token, const struct gate_visitor *v, struct opening *ret,
    const char **ret_url) MUST_CHECK;

/* The picture of a preview: of an open link without password and limit alone;
 * it counts as no visit. */
enum err gate_open_preview(struct env *env, const char *token,
    struct opening *ret) MUST_CHECK;

#endif
