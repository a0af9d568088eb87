/*
 * Openings and downloads of links without a limit, gathered by a process and
 * written in batches, so that an opening is one look at the database. What a
 * killed process has not written yet is lost: half a second's worth. Changes,
 * wrong passwords and counted uses never go this way.
 */
#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include "core/env.h"

struct ledger;

/* Lives as long as the program. */
struct ledger *ledger_new(struct arena *program);
void ledger_free(struct ledger *l);

#define LEDGER_ACCESSED "accessed" /* counts as a use as well */
#define LEDGER_DOWNLOADED "downloaded"

/* Notes it. actor 0: nobody signed in; details may be NULL. */
void ledger_add(struct env *env, uint64_t share_id, uint64_t actor,
    const char *action, const char *details);

/* Writes what has waited long enough, or (all) everything. Returns how long
 * from now it wants to be called again, in us; -1: nothing waits. A failure is
 * logged; what could not be written stays for the next time, up to a limit. */
int64_t ledger_tend(struct env *env, bool all);

#endif
