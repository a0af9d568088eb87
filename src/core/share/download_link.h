/* Shareable links (seed 003): links to one file, with an end and a limit. */
#ifndef CORE_SHARE_DOWNLOAD_LINK_H
#define CORE_SHARE_DOWNLOAD_LINK_H

#include "core/env.h"
#include "model/mail.h"
#include "model/share.h"
#include "model/user.h"

#define SHAREABLE_NAME_MOST 255 /* characters of a file name */

struct shareable_new {
	int64_t media_id;
	const char *asset_id;  /* the same media's UUID, as text or base64url;
				* NULL: not told */
	const char *file_name; /* that it is downloaded under */
	int64_t expires_at;
	uint64_t limit;
};

/* Makes a link. ERR_INVALID: the name or the expiry is bad; ERR_NOT_FOUND: the
 * media is not the caller's, or not the asset. */
enum err download_link_create(struct env *env, const struct caller *c,
    const struct shareable_new *n, struct share *ret) MUST_CHECK;

/* What is to be sent to whom; ids of links, 0 for what is none. */
struct shareable_mail {
	size_t nrecipients;
	const char *const *recipients;
	size_t nids;
	const int64_t *ids;
	const char *message; /* NULL: none */
};

/* Queues a mail to each recipient, with the message and every link.
 * ERR_INVALID: an address or the message is bad, or one of the links is not
 * the caller's or cannot be opened any more, or there are no links; else as
 * share_mail_queue(). Then nothing is queued. */
enum err download_link_send(struct env *env, const struct caller *c,
    const struct shareable_mail *m) MUST_CHECK;

/* What became of the mails that carry one of the caller's links, by its
 * number. ERR_NOT_FOUND: it is none of his. */
enum err download_link_deliveries(struct env *env, const struct caller *c,
    uint64_t id, struct mail_row **ret, size_t *ret_n) MUST_CHECK;

#endif
