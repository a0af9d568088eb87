/* Asset shares (seed 004): shares as that API's clients see them. All functions
 * fail with ERR_FORBIDDEN if the share belongs to someone else; the API answers
 * that with 404. */
#ifndef CORE_SHARE_ASSET_SHARE_H
#define CORE_SHARE_ASSET_SHARE_H

#include "core/share/create.h"

/* A share with its contents and recipients. */
struct asset_share {
	struct share share;
	size_t ncontents;
	struct uuid *contents; /* only those that can be shown */
	size_t nrecipients;
	struct share_recipient *recipients;
};

enum err asset_share_get(struct env *env, const struct caller *c,
    const char *id, struct asset_share *ret) MUST_CHECK;
enum err asset_share_create(struct env *env, const struct caller *c,
    const struct share_new *n, struct asset_share *ret) MUST_CHECK;
enum err asset_share_update(struct env *env, const struct caller *c,
    const char *id, const struct share_terms *t,
    struct asset_share *ret) MUST_CHECK;
enum err asset_share_delete(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

/* Notifies accounts, adding them as recipients first if necessary, and mails
 * the link to addresses. ERR_INVALID: the share has ended, is not a link, or an
 * address is invalid. Other errors as share_mail_queue(). */
struct asset_share_notice {
	size_t nusers;
	const uint64_t *users;
	size_t naddresses;
	const char *const *addresses;
};

enum err asset_share_notify(struct env *env, const struct caller *c,
    const char *id, const struct asset_share_notice *n) MUST_CHECK;

/* Expires the share now. ERR_OK if it has ended already. */
enum err asset_share_expire(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

#endif
