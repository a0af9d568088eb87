/*
 * The secrets file: a line with "key" and 64 hex digits, and a second one while
 * keys are rotated. The first key signs; both are accepted. Each purpose has
 * its own key, derived from the line's.
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

/* Signs what a cookie or a URL in a mail grants; 160 bits as base64url. */
const char *secrets_sign(const struct secrets *s, struct arena *a,
    const char *text);

/* Whether the signature is one of secrets_sign(); takes constant time. */
bool secrets_signed(const struct secrets *s, struct arena *a, const char *text,
    const char *signature);

/* The same for the URL of a media, which is valid for about a day. A page
 * contains hundreds of them, so they are signed with the faster sec_mac(). */
const char *secrets_sign_media(const struct secrets *s, struct arena *a,
    const char *address);
bool secrets_signed_media(const struct secrets *s, struct arena *a,
    const char *address, const char *signature);

/* Reads the file. ERR_INVALID: it is missing, readable by others, or
 * malformed. */
enum err secrets_load(struct arena *a, const char *path, struct secrets **ret,
    struct why *why) MUST_CHECK;

/* Creates the file (mode 0600) with one new key, owned by uid and gid; only
 * root can name another account than its own. ERR_CONFLICT: the file exists. */
enum err secrets_create(const char *path, uid_t uid, gid_t gid,
    struct why *why) MUST_CHECK;

#endif
