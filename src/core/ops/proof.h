/*
 * Whether it is this site's pool that answers: who asks sends a nonce, and the
 * answer holds a signature of it that only a pool with the same secrets and of
 * the same release can make.
 */
#ifndef CORE_OPS_PROOF_H
#define CORE_OPS_PROOF_H

#include <stdbool.h>

#include "base/arena.h"
#include "core/auth/secrets.h"

#define PROOF_NONCE_LEAST 16
#define PROOF_NONCE_MOST 64

/* Whether it has 16 to 64 letters, digits, dashes and underscores. */
bool proof_nonce_is_valid(const char *nonce);

/* The proof for a nonce that is valid. */
const char *proof_make(const struct secrets *s, struct arena *a,
    const char *nonce);

/* Whether the proof is one for the nonce, by any of our keys. */
bool proof_holds(const struct secrets *s, struct arena *a, const char *nonce,
    const char *proof);

#endif
