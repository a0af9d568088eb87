/* Publishing a marked copy of a media to the community (seed 000). */
#ifndef CORE_COMMUNITY_PUBLISH_H
#define CORE_COMMUNITY_PUBLISH_H

#include "core/community/request.h"
#include "core/community/source.h"
#include "core/env.h"
#include "model/media.h"

/*
 * Publishes a copy of the media's file, which is open, without private metadata,
 * and with the watermark if seed 000 requires it; if a copy exists, sets its
 * tags. The row of community_media serves as the lock: one process makes the
 * copy, the others wait for it. Without the mark nothing is published.
 */
enum err community_publish(struct env *env, const struct media *m,
    const struct community_source *source, const struct share_request *r,
    struct share_result *ret) MUST_CHECK;

#endif
