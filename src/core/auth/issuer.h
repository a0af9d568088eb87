/*
 * The other issuer of access tokens: one, configured by its public key. Its
 * subjects are tied to accounts by a table; no claim of its tokens makes a
 * role or an account.
 */
#ifndef CORE_AUTH_ISSUER_H
#define CORE_AUTH_ISSUER_H

#include "base/conf.h"

struct issuer {
	const char *url; /* "": none is configured */
	const char *audience;
	enum conf_algorithm algorithm;
	const unsigned char *key; /* PEM */
	size_t key_n;
};

struct env;

/* Reads the settings and the key. ERR_INVALID: why->field is the setting of
 * [issuer], why->detail a clause about it. */
enum err issuer_load(struct arena *a, const struct conf *conf,
    struct issuer **ret, struct why *why) MUST_CHECK;

/*
 * Checks a token of the other issuer: signature, the configured algorithm (the
 * token's own word counts for nothing), exp (which must be there), nbf, iss,
 * aud (a text, or an array that holds it). *ret_subject is its "sub".
 * ERR_UNAUTH: it does not hold, or none is configured.
 */
enum err issuer_check(struct env *env, const char *token,
    const char **ret_subject) MUST_CHECK;

#endif
