/*
 * Limits how many processes of one host do something at once. Each slot is a
 * lock on a file, so it becomes free however its holder ends.
 */
#ifndef BASE_SLOTS_H
#define BASE_SLOTS_H

#include <stdint.h>

#include "base/error.h"

/* The cores this process may use (a container may have fewer than its host). */
long slots_cores(void);

/*
 * Takes one of `places` slots (files "name-0" and so on in the folder, which is
 * made if missing). It is held until *ret_fd and all its copies are closed; the
 * caller closes it. ERR_RETRY, with retry_after set, if none became free within
 * wait_ms.
 */
enum err slots_take(const char *folder, const char *name, long places,
    int64_t wait_ms, int *ret_fd, struct why *why) MUST_CHECK;

#endif
