/* Publishing a marked copy of a media to the community (seed 000). */
#ifndef CORE_COMMUNITY_PUBLISH_H
#define CORE_COMMUNITY_PUBLISH_H

#include "core/community/request.h"
#include "core/env.h"
#include "model/media.h"

/*
 * Puts a copy of the media into the community, without private metadata, with
 * the watermark where seed 000 wants it; or sets the tags of the copy that is
 * there. The row of community_media is the lock: one process makes the copy,
 * the others wait for it. Fails closed: no mark, no copy.
 */
enum err community_publish(struct env *env, const struct media *m,
    const struct share_request *r, struct share_result *ret) MUST_CHECK;

#endif
