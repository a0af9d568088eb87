/* The rendered watermark: made once, then kept in marks/ of the store. */
#ifndef CORE_COMMUNITY_MARK_H
#define CORE_COMMUNITY_MARK_H

#include "core/env.h"

/* Opens the configured mark for image_publish(), rendered first where it is not
 * there; closed with the arena. ERR_INTERNAL: it cannot be made, so nothing can
 * be published with it. Otherwise as the store's and image_mark_render()'s. */
enum err mark_open(struct env *env, int *ret_fd) MUST_CHECK;

#endif
