/* How our programs begin. What stands in their way then stays there until
 * somebody changes something: they exit with EX_CONFIG. */
#ifndef PROG_START_H
#define PROG_START_H

#include <stdbool.h>
#include <sysexits.h>

#include "core/env.h"

/*
 * Reads the configuration, becomes the site's account (prog/owner.h) and opens
 * what the configuration names, all in a; the database is left for later.
 * config NULL: the usual place. False, after tell() for each fault: the program
 * cannot start.
 */
bool start_open(struct arena *a, const char *config, conf_tell_fn *tell,
    void *arg, struct base **ret) MUST_CHECK;

/* Whether the database has the schema that this program was made for. Leaves
 * no connection open. ERR_RETRY: it cannot be reached; else why says what to
 * do. */
enum err start_check_schema(const struct base *b, struct why *why) MUST_CHECK;

/* For the log of a daemon: a fault of the start, a warning, what
 * start_check_schema() came to. */
conf_tell_fn start_log_fault, start_log_warning;
void start_log_schema(enum err e, const struct why *why);

#endif
