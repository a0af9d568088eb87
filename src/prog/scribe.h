/* The process of a pool that writes what the others have opened
 * (core/share/ledger.h), so that none of them waits for that. */
#ifndef PROG_SCRIBE_H
#define PROG_SCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/env.h"

/* Writes what this process has gathered and that has waited long enough, or
 * (all) everything; a is emptied. Returns for how long nothing is to be
 * written, us; -1: for ever. */
int64_t scribe_write(struct base *b, struct arena *a, bool all);

/* Reads the pipe until SIGTERM or SIGINT, also one that has come before, then
 * what is left in it. a: emptied after each batch. */
void scribe_run(struct base *b, struct arena *a, int pipe);

#endif
