/*
 * The ledger: openings and downloads, and the uses of links without a limit,
 * collected and written in batches so that opening a link need not wait for the
 * database. A killed process loses entries of the last half second. Changes,
 * wrong passwords and uses that count towards a limit are written directly
 * instead.
 */
#ifndef CORE_SHARE_LEDGER_H
#define CORE_SHARE_LEDGER_H

#include "core/env.h"
#include "model/share.h"

struct ledger;

/* Allocated in `program`, which must outlive it. */
struct ledger *ledger_new(struct arena *program);
void ledger_free(struct ledger *l);

/* Records an opening, and a use unless it is counted already. actor 0: a
 * visitor who is not signed in. */
void ledger_opened(struct env *env, const struct share *s, uint64_t actor,
    bool counted);

/* Records a download; details may be NULL. */
void ledger_downloaded(struct env *env, uint64_t share_id, uint64_t actor,
    const char *details);

/* Writes entries that are due, or with `all` every entry. Returns after how
 * many us to call it again, -1 if nothing is waiting. Failures are logged;
 * unwritten entries are kept for the next call, up to a limit. */
int64_t ledger_tend(struct env *env, bool all);

/* From now on entries go into the pipe (core/pool/pipe.h), to the process that
 * calls ledger_receive(). Those for which it has no room are still written by
 * this process. */
void ledger_send(struct ledger *l, int fd);

/* Whether the ledger is full and accepts no entries until some are written. */
bool ledger_is_full(const struct ledger *l);

/* Reads some entries from the pipe; false if there are no more. */
bool ledger_receive(struct ledger *l, int fd);

#endif
