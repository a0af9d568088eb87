/* One run of the helper: a place among those of this host, the process, its
 * deadline, its end. Private to the client. */
#ifndef IMAGE_RUN_H
#define IMAGE_RUN_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/error.h"
#include "image/protocol.h"
#include "model/media.h"

/* A request with the limits of the configuration, the rest empty. */
void run_request(const struct conf *conf, enum image_op op,
    enum media_type type, struct image_request *req);

/*
 * Starts the helper with the request and the descriptors (-1: none) and waits
 * for its reply; image.h tells the results. ret is what the helper said, not
 * yet looked at but for its length and magic number. ret_busy: ERR_RETRY is
 * for want of a place.
 */
enum err run_helper(const struct conf *conf, const char *slots,
    const struct image_request *req, const int fds[IMAGE_FD__MAX],
    struct image_reply *ret, bool *ret_busy, struct why *why) MUST_CHECK;

#endif
