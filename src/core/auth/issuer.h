/*
 * The external issuer of access tokens: at most one, configured by its public
 * key. A table ties its subjects to accounts; no claim in its tokens grants a
 * role or creates an account.
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

/* Reads the settings and the key. ERR_INVALID: why->field is the setting in
 * [issuer], why->detail says what is wrong with it. */
enum err issuer_load(struct arena *a, const struct conf *conf,
    struct issuer **ret, struct why *why) MUST_CHECK;

/*
 * Checks a token of the external issuer: signature, exp (required), nbf, iss,
 * and aud (a string, or an array that contains it). The algorithm is the
 * configured one; the token's own "alg" must match it. *ret_subject is its
 * "sub". ERR_UNAUTH: the token is invalid, or no issuer is configured.
 */
enum err issuer_check(struct env *env, const char *token,
    const char **ret_subject) MUST_CHECK;

#endif
