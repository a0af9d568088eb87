/* Open links as they were last found, so that the next opening need not ask:
 * those that anybody may open and that somebody has opened before. */
#ifndef CORE_SHARE_GATE_MEMO_H
#define CORE_SHARE_GATE_MEMO_H

#include "core/env.h"
#include "core/share/opening.h"

/* Sets share and items; as they were max_age us ago at most (-1: since they
 * last changed; then the number of uses and the last visit are old). */
bool gate_memo_get(struct env *env, const struct uuid *token, int64_t max_age,
    struct opening *ret);

/* as_of: from memo_as_of(), before the database was asked; version: the owner's
 * account's, as it came with the rest. */
void gate_memo_put(struct env *env, const struct uuid *token, uint64_t as_of,
    uint64_t version, const struct opening *l);

/* What was kept has turned out to be no good. */
void gate_memo_drop(struct env *env, const struct uuid *token);

#endif
