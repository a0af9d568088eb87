/* The process of a pool that writes the ledger for the others
 * (core/share/ledger.h), so that they need not wait for the database. */
#ifndef PROG_SCRIBE_H
#define PROG_SCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/env.h"

/* Writes this process's entries that are due, or (all) every entry. Resets a.
 * Returns the us until the next one is due; -1: there are none. */
int64_t scribe_write(struct base *b, struct arena *a, bool all);

/* Reads entries from the pipe and writes them, until SIGTERM or SIGINT (also
 * one that is pending); then writes the rest of the pipe. Resets a after each
 * batch. */
void scribe_run(struct base *b, struct arena *a, int pipe);

#endif
