#include "config.h"

#include "core/auth/issuer.h"

#include <errno.h>
#include <fcntl.h>
#include <jwt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_in.h"
#include "base/text.h"
#include "core/env.h"

#define KEY_MOST 16384
#define TOKEN_MOST 8192
#define SUBJECT_MOST 255
#define AUDIENCES_MOST 32
#define SKEW 30 /* seconds by which the hosts' clocks may differ */

static enum err
read_key(struct arena *a, struct issuer *i, const char *path, struct why *why)
{
	char key[KEY_MOST];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return why_setting(why, "key_file",
		    "must be the issuer's public key: %s", strerror(errno));
	n = read(fd, key, sizeof(key));
	close(fd);
	if (n <= 0 || (size_t)n == sizeof(key) ||
	    memmem(key, (size_t)n, "PUBLIC KEY-----", 15) == NULL)
		return why_setting(why, "key_file",
		    "must be a public key in PEM form");
	i->key = arena_memdup(a, key, (size_t)n);
	i->key_n = (size_t)n;
	return ERR_OK;
}

enum err
issuer_load(struct arena *a, const struct conf *conf, struct issuer **ret,
    struct why *why)
{
	struct issuer *i = arena_new_struct(a, struct issuer);

	*ret = i;
	i->url = conf->issuer_url;
	i->audience = conf->issuer_audience;
	i->algorithm = (enum conf_algorithm)conf->issuer_algorithm;
	if (i->url[0] == '\0')
		return ERR_OK;
	if (strcmp(i->url, conf->site_base_url) == 0)
		return why_setting(why, "url",
		    "must not be base_url: that issuer is this site");
	if (i->audience[0] == '\0')
		return why_setting(why, "audience",
		    "must not be empty where url is set");
	return read_key(a, i, conf->issuer_key_file, why);
}

struct audience {
	struct json_text one;
	struct json_texts many;
};

/* Whether "aud", a JSON string or an array of strings, contains `want`. */
static bool
audience_holds(struct env *env, jwt_t *jwt, const char *want)
{
	static const struct json_field as_text =
	    JSON_FIELD(struct audience, one, "aud", JSON_TEXT, 0, 1024, 0);
	static const struct json_field as_array = JSON_FIELD(struct audience,
	    many, "aud", JSON_TEXTS, 0, 1024, AUDIENCES_MOST);
	char *json = jwt_get_grants_json(jwt, "aud");
	struct audience aud = { 0 };
	struct why ignored = { 0 };
	const char *body;

	if (json == NULL)
		return false;
	body = arena_printf(env->arena, "{\"aud\":%s}", json);
	free(json);
	if (json_read(env->arena, body, strlen(body), &as_text, 1, &aud,
		&ignored) == ERR_OK)
		return aud.one.seen == JSON_THERE &&
		    strcmp(aud.one.s, want) == 0;
	if (json_read(env->arena, body, strlen(body), &as_array, 1, &aud,
		&ignored) != ERR_OK)
		return false;
	for (size_t i = 0; i < aud.many.n; i++)
		if (strcmp(aud.many.s[i], want) == 0)
			return true;
	return false;
}

/* Checks "nbf", which is optional. libjwt reads a fraction or a string as 0,
 * long past, so if present it must be a whole number. */
static bool
not_before(jwt_t *jwt, int64_t now)
{
	char *json = jwt_get_grants_json(jwt, "nbf");
	bool whole;

	if (json == NULL)
		return true;
	whole = json[strspn(json, "-0123456789")] == '\0';
	free(json);
	return whole && jwt_get_grant_int(jwt, "nbf") <= now + SKEW;
}

/* Whether the token has critical extensions (RFC 7515, 4.1.11). It must then be
 * refused, since none are known here. */
static bool
is_critical(jwt_t *jwt)
{
	char *json = jwt_get_headers_json(jwt, "crit");
	bool there = json != NULL;

	free(json);
	return there;
}

/* libjwt 1.10 takes the algorithm from the token and checks no claims. */
static bool
claims_hold(struct env *env, jwt_t *jwt, const struct issuer *i)
{
	jwt_alg_t want =
	    i->algorithm == CONF_ES256 ? JWT_ALG_ES256 : JWT_ALG_RS256;
	const char *iss = jwt_get_grant(jwt, "iss");
	int64_t now = clock_now() / 1000;

	return jwt_get_alg(jwt) == want && !is_critical(jwt) && iss != NULL &&
	    strcmp(iss, i->url) == 0 && jwt_get_grant_int(jwt, "exp") > now &&
	    not_before(jwt, now) && audience_holds(env, jwt, i->audience);
}

static void
free_jwt(void *arg)
{
	jwt_free(arg);
}

enum err
issuer_check(struct env *env, const char *token, const char **ret_subject)
{
	const struct issuer *i = env->base->issuer;
	const char *sub;
	jwt_t *jwt = NULL;

	if (i->url[0] == '\0' || strlen(token) > TOKEN_MOST ||
	    jwt_decode(&jwt, token, i->key, (int)i->key_n) != 0)
		return ERR_UNAUTH;
	arena_defer(env->arena, free_jwt, jwt);
	sub = jwt_get_grant(jwt, "sub");
	if (!claims_hold(env, jwt, i) || sub == NULL || sub[0] == '\0' ||
	    strlen(sub) > SUBJECT_MOST || !text_utf8(sub, strlen(sub)))
		return ERR_UNAUTH;
	*ret_subject = arena_strdup(env->arena, sub);
	return ERR_OK;
}
