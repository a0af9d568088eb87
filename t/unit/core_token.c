/* The site's access tokens: which are accepted, and that no others are. */
#include "config.h"

#include "core/auth/secrets.h"
#include "core/auth/token.h"

#include <check.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

static struct conf conf;
static struct secrets secrets;
static struct base base;
static struct env env;
static const struct user user = { .id = 42, .generation = 7 };

static void
set_up(void)
{
	memset(&base, 0, sizeof(base));
	conf.site_base_url = "https://vault.example.org";
	conf.session_token_lifetime = 3600;
	secrets.n = 1;
	for (size_t i = 0; i < SECRETS_MAX; i++) {
		sec_random(&secrets.token[i], sizeof(secrets.token[i]));
		sec_random(&secrets.url[i], sizeof(secrets.url[i]));
	}
	base.conf = &conf;
	base.secrets = &secrets;
	env_init(&env, &base, arena_new(16 << 20));
}

static void
tear_down(void)
{
	arena_free(env.arena);
}

static enum err
check(const char *token, uint64_t *ret_id, uint32_t *ret_generation)
{
	enum err e;

	*ret_id = 99;
	*ret_generation = 99;
	e = token_check(&env, token, ret_id, ret_generation);
	ck_assert(e == ERR_OK || e == ERR_UNAUTH);
	if (e != ERR_OK) {
		ck_assert_uint_eq(*ret_id, 99);
		ck_assert_uint_eq(*ret_generation, 99);
	}
	return e;
}

static bool
taken(const char *token)
{
	uint32_t generation;
	uint64_t id;

	return check(token, &id, &generation) == ERR_OK;
}

static char *
made(void)
{
	const char *token = NULL;

	ck_assert_int_eq(token_make(&env, &user, &token), ERR_OK);
	return arena_strdup(env.arena, token);
}

/* ---- a token maker, which can make invalid ones too ---- */

struct claim {
	const char *name;
	const char *value; /* JSON; +n and -n: seconds from now; NULL: none */
};

static const struct claim good[] = {
	{ "iss", "\"https://vault.example.org\"" },
	{ "aud", "\"vitrine-api\"" },
	{ "sub", "\"42\"" },
	{ "gen", "7" },
	{ "iat", "+0" },
	{ "nbf", "+0" },
	{ "exp", "+60" },
};

/* The valid claims, with one of them changed. */
static const char *
claims(const struct claim *change)
{
	const char *text = "{\"x\":1";

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct claim *c = &good[i];

		if (change != NULL && strcmp(change->name, c->name) == 0)
			c = change;
		if (c->value == NULL)
			continue;
		text = c->value[0] == '+' || c->value[0] == '-' ?
		    arena_printf(env.arena, "%s,\"%s\":%" PRId64, text, c->name,
			clock_now() / 1000 + atoi(c->value)) :
		    arena_printf(env.arena, "%s,\"%s\":%s", text, c->name,
			c->value);
	}
	return arena_printf(env.arena, "%s}", text);
}

/* bits: of the SHA-2 of the signature. */
static const char *
signed_by(const struct secret *key, int bits, const char *header,
    const char *payload)
{
	crypto_auth_hmacsha256_state small;
	crypto_auth_hmacsha512_state large;
	unsigned char mac[64];
	const char *text = arena_printf(env.arena, "%s.%s",
	    sec_base64url(env.arena, header, strlen(header)),
	    sec_base64url(env.arena, payload, strlen(payload)));
	const unsigned char *p = (const unsigned char *)text;

	if (bits == 256) {
		crypto_auth_hmacsha256_init(&small, key->b, sizeof(key->b));
		crypto_auth_hmacsha256_update(&small, p, strlen(text));
		crypto_auth_hmacsha256_final(&small, mac);
	} else {
		crypto_auth_hmacsha512_init(&large, key->b, sizeof(key->b));
		crypto_auth_hmacsha512_update(&large, p, strlen(text));
		crypto_auth_hmacsha512_final(&large, mac);
	}
	return arena_printf(env.arena, "%s.%s", text,
	    sec_base64url(env.arena, mac, (size_t)bits / 8));
}

START_TEST(both_ways)
{
	uint32_t generation;
	uint64_t id;

	ck_assert_int_eq(check(made(), &id, &generation), ERR_OK);
	ck_assert_uint_eq(id, 42);
	ck_assert_uint_eq(generation, 7);
	ck_assert_int_eq(check(signed_by(&secrets.token[0], 256, HS256,
				   claims(NULL)),
			     &id, &generation),
	    ERR_OK);
	ck_assert_uint_eq(id, 42);
	ck_assert_uint_eq(generation, 7);
}
END_TEST

START_TEST(extremes)
{
	static const struct user last = { .id = INT64_MAX,
		.generation = UINT32_MAX };
	const char *token;
	uint32_t generation;
	uint64_t id;

	ck_assert_int_eq(token_make(&env, &last, &token), ERR_OK);
	ck_assert_int_eq(check(token, &id, &generation), ERR_OK);
	ck_assert_uint_eq(id, INT64_MAX);
	ck_assert_uint_eq(generation, UINT32_MAX);
}
END_TEST

START_TEST(lifetime)
{
	conf.session_token_lifetime = 0;
	ck_assert(!taken(made()));
	conf.session_token_lifetime = INT64_C(100) * 366 * 86400;
	ck_assert(taken(made()));
}
END_TEST

/* While keys are rotated, the first signs and both are accepted. */
START_TEST(rotation)
{
	const char *by_second =
	    signed_by(&secrets.token[1], 256, HS256, claims(NULL));
	const char *by_first = made();

	ck_assert(taken(by_first));
	ck_assert(!taken(by_second));
	secrets.n = 2;
	ck_assert(taken(by_first));
	ck_assert(taken(by_second));
	secrets.token[0] = secrets.token[1];
	secrets.n = 1;
	ck_assert(!taken(by_first));
	ck_assert(taken(by_second));
	secrets.n = 0;
	ck_assert(!taken(by_second));
}
END_TEST

/* The key for signed URLs must not sign tokens. */
START_TEST(other_keys)
{
	static const struct secret zero;

	ck_assert(!taken(signed_by(&secrets.url[0], 256, HS256, claims(NULL))));
	ck_assert(!taken(signed_by(&zero, 256, HS256, claims(NULL))));
}
END_TEST

static const struct {
	struct claim claim;
	bool taken;
} changes[] = {
	{ { "exp", "+20" }, true },
	{ { "exp", "+0" }, false },
	{ { "exp", "-1" }, false },
	{ { "exp", "-100000" }, false },
	{ { "exp", NULL }, false },
	{ { "exp", "0" }, false },
	{ { "exp", "null" }, false },
	{ { "exp", "true" }, false },
	{ { "exp", "\"9999999999\"" }, false },
	{ { "exp", "[9999999999]" }, false },
	{ { "exp", "9999999999.5" }, false },
	{ { "exp", "99999999999999999999" }, false },
	{ { "exp", "9223372036854775807" }, true },
	{ { "nbf", "-100000" }, true },
	{ { "nbf", "+20" }, true },
	{ { "nbf", "+60" }, false },
	{ { "nbf", "9223372036854775807" }, false },
	{ { "iss", NULL }, false },
	{ { "iss", "\"\"" }, false },
	{ { "iss", "\"https://other.example.org\"" }, false },
	{ { "iss", "\"https://vault.example.org/\"" }, false },
	{ { "iss", "[\"https://vault.example.org\"]" }, false },
	{ { "iss", "null" }, false },
	{ { "aud", NULL }, false },
	{ { "aud", "\"vitrine\"" }, false },
	{ { "aud", "[\"vitrine-api\"]" }, false },
	{ { "aud", "1" }, false },
	{ { "sub", NULL }, false },
	{ { "sub", "\"\"" }, false },
	{ { "sub", "\"0\"" }, false },
	{ { "sub", "\"-1\"" }, false },
	{ { "sub", "\"+1\"" }, false },
	{ { "sub", "\"042\"" }, false },
	{ { "sub", "\"42 \"" }, false },
	{ { "sub", "\"42\\u0000\"" }, false },
	{ { "sub", "\"0x2a\"" }, false },
	{ { "sub", "42" }, false },
	{ { "sub", "null" }, false },
	{ { "sub", "\"9223372036854775808\"" }, false },
	{ { "sub", "\"18446744073709551658\"" }, false },
	{ { "gen", " -1" }, false },
	{ { "gen", "4294967296" }, false },
	{ { "gen", "9223372036854775807" }, false },
	{ { "gen", "0" }, true },
};

START_TEST(changed)
{
	const char *payload = claims(&changes[_i].claim);

	ck_assert_msg(taken(signed_by(&secrets.token[0], 256, HS256,
			  payload)) == changes[_i].taken,
	    "%s", payload);
}
END_TEST

/* The algorithm is fixed, whatever the token says. */
static const struct {
	const char *header;
	int bits;
} headers[] = {
	{ "{\"alg\":\"none\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"None\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"NONE\"}", 256 },
	{ "{\"alg\":\"HS512\",\"typ\":\"JWT\"}", 512 },
	{ "{\"alg\":\"HS512\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"HS384\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", 512 },
	{ "{\"alg\":\"RS256\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"PS256\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":\"\",\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":null,\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":256,\"typ\":\"JWT\"}", 256 },
	{ "{\"alg\":[\"HS256\"],\"typ\":\"JWT\"}", 256 },
	{ "{\"typ\":\"JWT\"}", 256 },
	{ "{}", 256 },
	{ "[]", 256 },
	{ "", 256 },
	{ "null", 256 },
	{ "HS256", 256 },
	{ "{\"alg\":\"HS256\"", 256 },
};

START_TEST(algorithm)
{
	char *token = arena_strdup(env.arena,
	    signed_by(&secrets.token[0], headers[_i].bits, headers[_i].header,
		claims(NULL)));

	ck_assert(!taken(token));
	/* Without a signature, and without its dot. */
	strrchr(token, '.')[1] = '\0';
	ck_assert(!taken(token));
	*strrchr(token, '.') = '\0';
	ck_assert(!taken(token));
}
END_TEST

static const char *const payloads[] = { "", "{}", "[]", "null", "1", "x",
	"{\"exp\":9999999999", "{\"exp\":9999999999}", "\"42\"" };

START_TEST(payload)
{
	ck_assert(
	    !taken(signed_by(&secrets.token[0], 256, HS256, payloads[_i])));
}
END_TEST

/* No character may be changed, removed or added. */
START_TEST(every_character)
{
	char *token = made();
	size_t n = strlen(token);
	char *longer = arena_alloc(env.arena, n + 2);

	for (size_t i = 0; i < n; i++) {
		char keep = token[i];

		token[i] = keep == 'A' ? 'B' : 'A';
		ck_assert_msg(!taken(token), "changed at %zu", i);
		token[i] = keep == '.' ? 'A' : '.';
		ck_assert_msg(!taken(token), "a dot at %zu", i);
		token[i] = '\0';
		ck_assert_msg(!taken(token), "cut at %zu", i);
		token[i] = (char)0xff;
		ck_assert_msg(!taken(token), "no character at %zu", i);
		token[i] = keep;
		memcpy(longer, token, i);
		longer[i] = 'A';
		memcpy(longer + i + 1, token + i, n - i + 1);
		ck_assert_msg(!taken(longer), "one more at %zu", i);
		arena_reset(env.arena);
		token = made();
		longer = arena_alloc(env.arena, n + 2);
	}
	ck_assert(taken(token));
}
END_TEST

/* All characters that are valid at the end of a signature: two bits of the last
 * one are unused. */
START_TEST(last_character)
{
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "abcdefghijklmnopqrstuvwxyz0123456789-_+/=";
	char *token = made();
	char *last = token + strlen(token) - 1, keep = *last;
	int n = 0;

	for (const char *c = all; *c != '\0'; c++) {
		*last = *c;
		if (taken(token)) {
			ck_assert_int_eq(*c, keep);
			n++;
		}
	}
	ck_assert_int_eq(n, 1);
}
END_TEST

START_TEST(around)
{
	char *token = made();

	ck_assert(taken(token));
	ck_assert(!taken(arena_printf(env.arena, " %s", token)));
	ck_assert(!taken(arena_printf(env.arena, "%s ", token)));
	ck_assert(!taken(arena_printf(env.arena, "%s\n", token)));
	ck_assert(!taken(arena_printf(env.arena, "%s.", token)));
	ck_assert(!taken(arena_printf(env.arena, ".%s", token)));
	ck_assert(!taken(arena_printf(env.arena, "%s=", token)));
	ck_assert(!taken(arena_printf(env.arena, "%s.%s", token, token)));
	ck_assert(!taken(arena_printf(env.arena, "Bearer %s", token)));
}
END_TEST

static const char *const rubbish[] = { "", ".", "..", "...", "....", "a", "a.b",
	"a.b.c", "a.b.c.d", "====.====.====", "e30.e30.", "e30.e30.e30",
	"\xff\xfe.\x01.\x7f", "null.null.null", "eyJhbGciOiJub25lIn0..",
	"eyJhbGciOiJub25lIn0.e30.", "vk_1234", "-", "%", "a\nb.c\nd.e" };

START_TEST(refuse)
{
	ck_assert(!taken(rubbish[_i]));
}
END_TEST

/* A validly signed one of about n bytes. */
static const char *
of_length(size_t n)
{
	char *pad = arena_alloc(env.arena, n + 1);

	memset(pad, 'x', n * 3 / 4);
	return signed_by(&secrets.token[0], 256, HS256,
	    arena_printf(env.arena, "{\"p\":\"%s\",%s", pad, claims(NULL) + 1));
}

START_TEST(length)
{
	char *dots = arena_alloc(env.arena, 100001);

	ck_assert(taken(of_length(3600)));
	ck_assert_uint_gt(strlen(of_length(3900)), 4096);
	ck_assert(!taken(of_length(3900)));
	ck_assert(!taken(of_length(1000000)));
	memset(dots, '.', 4096);
	ck_assert(!taken(dots));
	memset(dots, 'A', 100000);
	ck_assert(!taken(dots));
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	Suite *s = suite_create("core_token");
	TCase *t = tcase_create("token");
	SRunner *r;
	int failed;

	sec_init();
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, both_ways);
	tcase_add_test(t, extremes);
	tcase_add_test(t, lifetime);
	tcase_add_test(t, rotation);
	tcase_add_test(t, other_keys);
	tcase_add_loop_test(t, changed, 0, COUNT(changes));
	tcase_add_loop_test(t, algorithm, 0, COUNT(headers));
	tcase_add_loop_test(t, payload, 0, COUNT(payloads));
	tcase_add_test(t, every_character);
	tcase_add_test(t, last_character);
	tcase_add_test(t, around);
	tcase_add_loop_test(t, refuse, 0, COUNT(rubbish));
	tcase_add_test(t, length);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
