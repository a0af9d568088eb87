/* Download links (seed 003): links to one file, with an expiry and a limit. */
#ifndef CORE_SHARE_DOWNLOAD_LINK_H
#define CORE_SHARE_DOWNLOAD_LINK_H

#include "core/env.h"
#include "model/mail.h"
#include "model/share.h"
#include "model/user.h"

#define SHAREABLE_NAME_MOST 255 /* characters of a file name */

struct shareable_new {
	int64_t media_id;
	const char *asset_id;  /* its UUID, as text or base64url; may be NULL */
	const char *file_name; /* the name of the downloaded file */
	int64_t expires_at;
	uint64_t limit;
};

/* Creates a link. ERR_INVALID: the name or the expiry is invalid.
 * ERR_NOT_FOUND: the media does not belong to the caller, or asset_id is not
 * its UUID. */
enum err download_link_create(struct env *env, const struct caller *c,
    const struct shareable_new *n, struct share *ret) MUST_CHECK;

/* A mail to send. An id of 0 stands for an invalid one in the request. */
struct shareable_mail {
	size_t nrecipients;
	const char *const *recipients;
	size_t nids;
	const int64_t *ids;
	const char *message; /* NULL: none */
};

/* Queues a mail to each recipient, with the message and every link. On failure
 * nothing is queued. ERR_INVALID: an address or the message is invalid, there
 * are no links, or one of them does not belong to the caller or no longer
 * opens. Other errors as share_mail_queue(). */
enum err download_link_send(struct env *env, const struct caller *c,
    const struct shareable_mail *m) MUST_CHECK;

/* Lists the mails that contain this link of the caller's, with their delivery
 * status. ERR_NOT_FOUND: the link does not belong to the caller. */
enum err download_link_deliveries(struct env *env, const struct caller *c,
    uint64_t id, struct mail_row **ret, size_t *ret_n) MUST_CHECK;

#endif
