/* Opening a program's resources. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include "core/env.h"

/* Opens what the configuration (settings_load()) names: secrets first, then the
 * storage and the rest. The database is connected on first use. ERR_INVALID:
 * why->detail explains it to the administrator. */
enum err base_open(struct arena *a, const struct conf *conf, struct base **ret,
    struct why *why) MUST_CHECK;

/* base_open_most() calls this for each part that it cannot open. */
enum base_part { BASE_SECRETS, BASE_SETTINGS, BASE_STORE };
typedef void base_fault_fn(void *arg, enum base_part part, enum err e,
    const struct why *why);

/* Opens as much as possible, for programs that look for faults. Parts that
 * cannot be opened are reported and stay NULL. */
void base_open_most(struct arena *a, const struct conf *conf, struct base **ret,
    base_fault_fn *fault, void *arg);

/* Makes this process use the site's time zone. */
void base_use(const struct base *b);

/* Closes the database connection; the arena frees the rest. */
void base_close(struct base *b);

#endif
