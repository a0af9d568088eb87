/* The configured mark, a text or a picture, rendered by a helper that reads nothing
 * else. Private to the client; image.h says what each does. */
#ifndef IMAGE_MARKS_H
#define IMAGE_MARKS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "image/protocol.h"

struct image_mark {
	const char *name;
	struct image_request req;
	int in; /* the mark's picture, closed with the arena; -1: a text */
};

enum err marks_plan(const struct conf *conf, struct arena *a,
    struct image_mark **ret, struct why *why) MUST_CHECK;

enum err marks_render(const struct conf *conf, const char *slots,
    const struct image_mark *m, int out, bool *ret_busy,
    struct why *why) MUST_CHECK;

bool marks_is_whole(int fd);

#endif
