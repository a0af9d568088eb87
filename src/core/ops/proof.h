/*
 * Proves that this site's pool answered a request: the client sends a nonce,
 * and the answer has a signature of it that only a pool with the same secrets
 * and of the same release can make.
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

/* The proof for a valid nonce. */
const char *proof_make(const struct secrets *s, struct arena *a,
    const char *nonce);

/* Whether the proof matches the nonce, with any of the site's keys. */
bool proof_holds(const struct secrets *s, struct arena *a, const char *nonce,
    const char *proof);

#endif
