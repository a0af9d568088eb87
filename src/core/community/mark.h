/* The rendered watermark, made once and kept in marks/ of the store. */
#ifndef CORE_COMMUNITY_MARK_H
#define CORE_COMMUNITY_MARK_H

#include "core/env.h"

/* Opens the configured mark for image_publish(), after rendering it if
 * necessary; closed with the arena. ERR_INTERNAL: it cannot be made, so nothing
 * can be published with it. Other errors as the store and
 * image_mark_render(). */
enum err mark_open(struct env *env, int *ret_fd) MUST_CHECK;

#endif
