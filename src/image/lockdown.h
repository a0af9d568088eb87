/* Locks the helper down before it reads a byte of a picture. */
#ifndef IMAGE_LOCKDOWN_H
#define IMAGE_LOCKDOWN_H

#include <stdbool.h>

#include "image/protocol.h"

/* Limits memory, time, output, processes and descriptors, and makes the helper
 * die with its parent. False: a limit could not be set. */
bool lockdown_limits(const struct image_request *req);

/*
 * Installs the system call filter. It allows memory, the open descriptors, the
 * clock and exit. Calls that libraries try but do not need fail with an errno;
 * any other call kills the process. files: also allows opening files for
 * reading (fonts, for a text mark). False: there is no filter, so no picture
 * must be read.
 */
bool lockdown_filter(bool files);

#endif
