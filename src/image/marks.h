/* The rendered marks of this host: a text or a picture is rendered once, by a
 * run of the helper that reads nothing else. Private to the client. */
#ifndef IMAGE_MARKS_H
#define IMAGE_MARKS_H

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"

/* Opens the rendered form of the configured mark, made first if it is not
 * there. Whatever is wrong with the mark is ERR_INTERNAL (or ERR_RETRY, as
 * run_helper() says), never a result without one. */
enum err marks_open(const struct conf *conf, const char *slots,
    const char *marks, struct arena *a, int *ret, struct why *why) MUST_CHECK;

#endif
