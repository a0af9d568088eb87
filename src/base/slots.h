/*
 * Places that processes of one host share: at most so many do a thing at
 * once. Each place is a lock on a file, so it is free again however its
 * holder ended.
 */
#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include <stdint.h>

#include "base/error.h"

/* The cores that this process may use (a container has fewer than its host). */
long slots_cores(void);

/*
 * Takes one of `places` places (files "name-0" and so on in the folder, which
 * is made where it is missing); it is held until *ret_fd and its copies are
 * closed. ERR_RETRY, with retry_after: none became free within wait_ms.
 */
enum err slots_take(const char *folder, const char *name, long places,
    int64_t wait_ms, int *ret_fd, struct why *why) MUST_CHECK;

#endif
