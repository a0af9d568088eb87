#include "config.h"

#include "core/ops/proof.h"
#include "core/auth/secrets.h"

#include <string.h>

bool
proof_nonce_is_valid(const char *nonce)
{
	size_t n = strspn(nonce,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return nonce[n] == '\0' && n >= PROOF_NONCE_LEAST &&
	    n <= PROOF_NONCE_MOST;
}

/* The prefix keeps proofs apart from signed cookies and URLs. */
static const char *
statement(struct arena *a, const char *nonce)
{
	return arena_printf(a, "pool\n" VERSION "\n%s", nonce);
}

const char *
proof_make(const struct secrets *s, struct arena *a, const char *nonce)
{
	return secrets_sign(s, a, statement(a, nonce));
}

bool
proof_holds(const struct secrets *s, struct arena *a, const char *nonce,
    const char *proof)
{
	return secrets_signed(s, a, statement(a, nonce), proof);
}
