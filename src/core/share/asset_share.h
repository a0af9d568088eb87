/* Asset shares (seed 004): the one share model, whole, as that API's clients
 * know it. ERR_FORBIDDEN for another's share is that API's 404. */
#ifndef CORE_SHARE_ASSET_SHARE_H
#define CORE_SHARE_ASSET_SHARE_H

#include "core/share/create.h"

/* A share with what it shows and whom it was made to. */
struct asset_share {
	struct share share;
	size_t ncontents;
	struct uuid *contents; /* those that can be shown */
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

/* Tells accounts, who become recipients where they are none, and sends the
 * link to addresses. ERR_INVALID: the share has ended or is not a link that
 * could be sent, or an address is bad; else as share_mail_queue(). */
struct asset_share_notice {
	size_t nusers;
	const uint64_t *users;
	size_t naddresses;
	const char *const *addresses;
};

enum err asset_share_notify(struct env *env, const struct caller *c,
    const char *id, const struct asset_share_notice *n) MUST_CHECK;

/* Ends it now; over already is ERR_OK. */
enum err asset_share_expire(struct env *env, const struct caller *c,
    const char *id) MUST_CHECK;

#endif
