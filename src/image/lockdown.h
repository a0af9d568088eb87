/* What the helper gives up before it reads a byte of a picture. */
#ifndef IMAGE_LOCKDOWN_H
#define IMAGE_LOCKDOWN_H

#include <stdbool.h>

#include "image/protocol.h"

/* The limits on memory, time, output, processes and descriptors; dies with
 * the caller. False: not to be had. */
bool lockdown_limits(const struct image_request *req);

/*
 * The filter: memory, the descriptors that are open, the clock and the end of
 * the process; whatever libraries merely try fails with an errno, all else
 * kills. files: files may be opened to be read (fonts, for a text mark). False:
 * not to be had, and no picture may be read.
 */
bool lockdown_filter(bool files);

#endif
