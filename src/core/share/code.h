/* A media's share code, as both the link and the community record need it. */
#ifndef CORE_SHARE_CODE_H
#define CORE_SHARE_CODE_H

#include "core/env.h"
#include "model/media.h"

/* In the transaction that shares the media: its code, made where there is none
 * and locked until the end, and a line in the activity log. ERR_NOT_FOUND: the
 * media is not live any more. */
enum err share_code_make(struct env *env, const struct media *m,
    bool in_community, struct uuid *ret_token) MUST_CHECK;

/* A line in the activity log (seed 000: feature media_gallery; media id, share
 * code, community or not). */
enum err share_code_log(struct env *env, const struct media *m,
    const char *action, const struct uuid *token, bool in_community) MUST_CHECK;

#endif
