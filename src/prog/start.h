/* How the programs start. A failure at the start lasts until someone fixes it,
 * so they exit with EX_CONFIG. */
#ifndef PROG_START_H
#define PROG_START_H

#include <stdbool.h>
#include <sysexits.h>

#include "core/env.h"

/*
 * Reads the configuration, becomes the site's account (prog/owner.h) and opens
 * what the configuration names except the database, all in arena a. config
 * NULL: the default file. False, after calling tell() for each error: the
 * program cannot start.
 */
bool start_open(struct arena *a, const char *config, conf_tell_fn *tell,
    void *arg, struct base **ret) MUST_CHECK;

/* Checks that the database has the schema this program needs. Closes its
 * connection. ERR_RETRY: the database cannot be reached; any other error: why
 * says what to do. */
enum err start_check_schema(const struct base *b, struct why *why) MUST_CHECK;

/* Log, for daemons: an error at the start, a warning, the result of
 * start_check_schema(). */
conf_tell_fn start_log_fault, start_log_warning;
void start_log_schema(enum err e, const struct why *why);

#endif
