/* The rendered marks of this host. Each is rendered once, by a helper that
 * reads nothing else. Private to the client. */
#ifndef IMAGE_MARKS_H
#define IMAGE_MARKS_H

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"

/* Opens the rendered form of the configured mark, rendering it first if needed.
 * Any problem with the mark is ERR_INTERNAL, or ERR_RETRY as from
 * run_helper(). */
enum err marks_open(const struct conf *conf, const char *slots,
    const char *marks, struct arena *a, int *ret, struct why *why) MUST_CHECK;

#endif
