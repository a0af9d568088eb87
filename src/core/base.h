/* Opening what a program works with. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include "core/env.h"

/* Reads what the configuration (settings_load()) names, secrets before all,
 * opens the storage, prepares the rest (the database is connected on first
 * use). ERR_INVALID: why->detail is for the administrator. */
enum err base_open(struct arena *a, const struct conf *conf, struct base **ret,
    struct why *why) MUST_CHECK;

/* Called by base_open_most() for a part that cannot be opened. */
enum base_part { BASE_SECRETS, BASE_SETTINGS, BASE_STORE };
typedef void base_fault_fn(void *arg, enum base_part part, enum err e,
    const struct why *why);

/* For those who look for faults: each part that cannot be opened is reported
 * and stays NULL. */
void base_open_most(struct arena *a, const struct conf *conf, struct base **ret,
    base_fault_fn *fault, void *arg);

/* Makes this process work with it: sets its time zone. */
void base_use(const struct base *b);

/* Closes the database; the arena does the rest. */
void base_close(struct base *b);

#endif
