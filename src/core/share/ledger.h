/*
 * The log of openings and downloads, and the uses of links without a limit,
 * gathered and written in batches, so that an opening need not wait for them.
 * What a killed process has not written yet is lost: half a second's worth.
 * Changes, wrong passwords and the counting of a limit never go this way.
 */
#ifndef CORE_SHARE_LEDGER_H
#define CORE_SHARE_LEDGER_H

#include "core/env.h"
#include "model/share.h"

struct ledger;

/* Lives as long as the program. */
struct ledger *ledger_new(struct arena *program);
void ledger_free(struct ledger *l);

/* Notes an opening; it is a use as well, unless that was counted already.
 * actor 0: nobody who is signed in. */
void ledger_opened(struct env *env, const struct share *s, uint64_t actor,
    bool counted);

/* Notes a download; details may be NULL. */
void ledger_downloaded(struct env *env, uint64_t share_id, uint64_t actor,
    const char *details);

/* Writes what has waited long enough, or (all) everything. Returns how long
 * from now it wants to be called again, in us; -1: nothing waits. A failure is
 * logged; what could not be written stays for the next time, up to a limit. */
int64_t ledger_tend(struct env *env, bool all);

/* A pipe through which the processes of a pool hand what they note to one that
 * writes it all: [0] to be read, [1] to be written. False, with errno. */
bool ledger_pipe(int ret[2]);

/* From now on everything goes into the pipe. What it has no room for this
 * process still writes itself. */
void ledger_send(struct ledger *l, int fd);

/* Whether it holds as much as it may: nothing is taken then until some could be
 * written. */
bool ledger_is_full(const struct ledger *l);

/* Takes what has come out of it, some at a time; false: nothing more. */
bool ledger_receive(struct ledger *l, int fd);

#endif
