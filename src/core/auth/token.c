#include "config.h"

#include "core/auth/token.h"

#include <inttypes.h>
#include <jwt.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/auth/secrets.h"

#define AUDIENCE "vitrine-api"
#define MOST 4096 /* bytes of a token */
#define SKEW 30	  /* seconds by which the hosts' clocks may differ */

static void
free_jwt(void *arg)
{
	jwt_free(arg);
}

static const char *
issuer(const struct env *env)
{
	return env->base->conf->site_base_url;
}

enum err
token_make(struct env *env, const struct user *u, const char **ret)
{
	const struct secret *key = &env->base->secrets->token[0];
	long now = (long)(clock_now() / 1000);
	long life = (long)env->base->conf->session_token_lifetime;
	jwt_t *jwt = NULL;
	char *text;

	if (jwt_new(&jwt) != 0)
		die("out of memory");
	arena_defer(env->arena, free_jwt, jwt);
	if (jwt_add_grant(jwt, "iss", issuer(env)) != 0 ||
	    jwt_add_grant(jwt, "aud", AUDIENCE) != 0 ||
	    jwt_add_grant(jwt, "sub",
		arena_printf(env->arena, "%" PRIu64, u->id)) != 0 ||
	    jwt_add_grant_int(jwt, "gen", (long)u->generation) != 0 ||
	    jwt_add_grant_int(jwt, "iat", now) != 0 ||
	    jwt_add_grant_int(jwt, "nbf", now) != 0 ||
	    jwt_add_grant_int(jwt, "exp", now + life) != 0 ||
	    jwt_set_alg(jwt, JWT_ALG_HS256, key->b, sizeof(key->b)) != 0)
		return ERR_INTERNAL;
	text = jwt_encode_str(jwt);
	if (text == NULL)
		return ERR_INTERNAL;
	*ret = arena_strdup(env->arena, text);
	free(text);
	return ERR_OK;
}

/* libjwt 1.10 takes the algorithm from the token and checks no claims. */
static bool
claims_hold(struct env *env, jwt_t *jwt)
{
	int64_t now = clock_now() / 1000;
	const char *iss = jwt_get_grant(jwt, "iss");
	const char *aud = jwt_get_grant(jwt, "aud");

	return jwt_get_alg(jwt) == JWT_ALG_HS256 && iss != NULL &&
	    strcmp(iss, issuer(env)) == 0 && aud != NULL &&
	    strcmp(aud, AUDIENCE) == 0 && jwt_get_grant_int(jwt, "exp") > now &&
	    jwt_get_grant_int(jwt, "nbf") <= now + SKEW;
}

enum err
token_check(struct env *env, const char *token, uint64_t *ret_user,
    uint32_t *ret_generation)
{
	const struct secrets *s = env->base->secrets;
	const char *sub;
	uint64_t generation, user;
	jwt_t *jwt = NULL;

	if (strlen(token) > MOST)
		return ERR_UNAUTH;
	for (size_t i = 0; jwt == NULL && i < s->n; i++)
		if (jwt_decode(&jwt, token, s->token[i].b,
			sizeof(s->token[i].b)) != 0)
			jwt = NULL;
	if (jwt == NULL)
		return ERR_UNAUTH;
	arena_defer(env->arena, free_jwt, jwt);
	sub = jwt_get_grant(jwt, "sub");
	generation = (uint64_t)jwt_get_grant_int(jwt, "gen");
	if (!claims_hold(env, jwt) || sub == NULL ||
	    !decimal_parse(sub, INT64_MAX, &user) || generation > UINT32_MAX)
		return ERR_UNAUTH;
	*ret_user = user;
	*ret_generation = (uint32_t)generation;
	return ERR_OK;
}
