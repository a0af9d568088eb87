/*
 * The secrets file: one line "key" and 64 hex digits, a second one while keys
 * are rotated. The first signs; both are accepted. Each use has a key of its
 * own, derived from the line's.
 */
#ifndef CORE_AUTH_SECRETS_H
#define CORE_AUTH_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/sec.h"

#define SECRETS_MAX 2

struct secrets {
	size_t n;
	struct secret url[SECRETS_MAX];	  /* cookies, addresses in mails */
	struct secret media[SECRETS_MAX]; /* addresses of media */
	struct secret token[SECRETS_MAX]; /* access tokens (JWT) */
};

#define SIGNATURE_BYTES 20

/* The signature (160 bits, as base64url) under which a cookie or an address in
 * a mail grants what the text says. */
const char *secrets_sign(const struct secrets *s, struct arena *a,
    const char *text);

/* Whether it is one that we have made, in constant time. */
bool secrets_signed(const struct secrets *s, struct arena *a, const char *text,
    const char *signature);

/* The same for the address of a media, which is good for a day or so: a page
 * has hundreds of them, and so they are signed by the faster sec_mac(). */
const char *secrets_sign_media(const struct secrets *s, struct arena *a,
    const char *address);
bool secrets_signed_media(const struct secrets *s, struct arena *a,
    const char *address, const char *signature);

/* ERR_INVALID: missing, readable by others, or malformed. */
enum err secrets_load(struct arena *a, const char *path, struct secrets **ret,
    struct why *why) MUST_CHECK;

/* Makes the file (0600) with one new key, for an account, which root alone can
 * name another than itself. ERR_CONFLICT: it is there. */
enum err secrets_create(const char *path, uid_t uid, gid_t gid,
    struct why *why) MUST_CHECK;

#endif
