/* One run of the helper: its slot on this host, the process, its deadline and
 * its end. Private to the client. */
#ifndef IMAGE_RUN_H
#define IMAGE_RUN_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/error.h"
#include "image/protocol.h"
#include "model/media.h"

/* Sets up a request with the configured limits; the rest is empty. */
void run_request(const struct conf *conf, enum image_op op,
    enum media_type type, struct image_request *req);

/*
 * Starts the helper with the request and the descriptors (-1: none) and waits
 * for its reply. The results are described in image.h. Only the length and
 * magic number of *ret have been checked. *ret_busy: ERR_RETRY because no slot
 * was free.
 */
enum err run_helper(const struct conf *conf, const char *slots,
    const struct image_request *req, const int fds[IMAGE_FD__MAX],
    struct image_reply *ret, bool *ret_busy, struct why *why) MUST_CHECK;

#endif
