/* Shareable links (seed 003): links to one file, with an end and a limit. */
#ifndef CORE_SHAREABLE_H
#define CORE_SHAREABLE_H

#include "core/env.h"
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

/* Makes a link. ERR_UNPROCESSED with the field; ERR_INVALID: the media is none
 * of the caller's, or not the asset. */
enum err shareable_create(struct env *env, const struct caller *c,
    const struct shareable_new *n, struct share *ret) MUST_CHECK;

/* base_url/api/v2/shareable_links/{key} */
const char *shareable_url(struct env *env, struct arena *a,
    const struct share *s);

#endif
