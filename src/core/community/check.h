/* The rules for publishing a media: seed 000's consent and tags. */
#ifndef CORE_COMMUNITY_CHECK_H
#define CORE_COMMUNITY_CHECK_H

#include "core/community/request.h"
#include "core/env.h"
#include "model/media.h"

/* Whether publishing the media needs the owner's consent and a tag: seed 000
 * requires them only for uploaded images. type: as sniffed or as recorded. */
bool community_needs_consent(const struct media *m, enum media_type type);

/* Checks the type of the media's file, consent and tags before anything is
 * changed. ERR_INVALID: a rule is broken. */
enum err community_check(struct env *env, const struct media *m,
    enum media_type type, const struct share_request *r) MUST_CHECK;

#endif
