/* The share code of a media, used by both its link and its community record. */
#ifndef CORE_SHARE_CODE_H
#define CORE_SHARE_CODE_H

#include "core/env.h"
#include "model/media.h"

/* Finds or creates the media's share code, locks it until the transaction ends,
 * and logs the sharing. Call it within the transaction that shares the media.
 * ERR_NOT_FOUND: the media is no longer live. */
enum err share_code_make(struct env *env, const struct media *m,
    bool in_community, struct uuid *ret_token) MUST_CHECK;

/* Adds an entry to the activity log (seed 000: feature media_gallery, with
 * media id, share code, and whether it is in the community). */
enum err share_code_log(struct env *env, const struct media *m,
    const char *action, const struct uuid *token, bool in_community) MUST_CHECK;

#endif
