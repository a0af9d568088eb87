#include "config.h"

#include "core/auth/throttle.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/clock.h"
#include "db/auth_db.h"

/* An account is slowed down after this multiple of an address's limit. */
#define SLOW_FACTOR 5
/* One address may be an office, so for all names together it gets a multiple of
 * the limit for one. */
#define ADDRESS_FACTOR 10

#define SLOW_STEP_MS 100
#define SLOW_MOST_MS 2000

/* The network that is counted: an IPv6 address counts as its /64, which one
 * household has, and an IPv4-mapped one as the IPv4 address. */
static const char *
network(struct arena *a, const char *address)
{
	static const unsigned char v4_mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char b[16];
	char text[INET6_ADDRSTRLEN];
	const char *s;

	if (inet_pton(AF_INET6, address, b) != 1)
		return address;
	if (memcmp(b, v4_mapped, sizeof(v4_mapped)) == 0) {
		s = inet_ntop(AF_INET, b + 12, text, sizeof(text));
	} else {
		memset(b + 8, 0, 8);
		s = inet_ntop(AF_INET6, b, text, sizeof(text));
	}
	AN(s != NULL);
	return arena_strdup(a, text);
}

/* The row's id for a pair of name and address, or for the name alone (address
 * NULL). */
static struct hash
row_of(struct env *env, const char *what, const char *address)
{
	char *key = arena_printf(env->arena, "%s\n%s", what,
	    address != NULL ? network(env->arena, address) : "*");

	/* The database ignores the case of names, so this must too. */
	for (char *c = key; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	return sec_hash(key, strlen(key));
}

/* A try is counted three times: for the name from this address, for the name
 * from anywhere, and for this address with any name. */
struct counts {
	struct hash pair, name, address;
};

static struct counts
counts_of(struct env *env, const char *what)
{
	struct counts c = { row_of(env, what, env->address),
		row_of(env, what, NULL), row_of(env, "*", env->address) };

	return c;
}

/* ERR_LIMITED if the row has reached the limit. */
static enum err
hold_against(struct env *env, const struct hash *row, uint64_t limit)
{
	uint64_t count, seconds;
	enum err e;

	e = tries_db_get(&env->db, row, &count, &seconds);
	if (e != ERR_OK || count < limit)
		return e;
	env->why.retry_after = (unsigned)seconds;
	return why_with(&env->why, WHY_TOO_MANY_PASSWORDS,
	    .number = (int64_t)seconds);
}

enum err
throttle_check(struct env *env, const char *what)
{
	uint64_t limit = (uint64_t)env->base->conf->session_login_tries;
	struct counts c = counts_of(env, what);
	uint64_t count, seconds, ms;
	enum err e;

	if ((e = hold_against(env, &c.pair, limit)) != ERR_OK ||
	    (e = hold_against(env, &c.address, limit * ADDRESS_FACTOR)) !=
		ERR_OK)
		return e;
	e = tries_db_get(&env->db, &c.name, &count, &seconds);
	if (e != ERR_OK || count <= limit * SLOW_FACTOR)
		return e;
	ms = (count - limit * SLOW_FACTOR) * SLOW_STEP_MS;
	clock_pause(ms < SLOW_MOST_MS ? (int64_t)ms : SLOW_MOST_MS);
	return ERR_OK;
}

enum err
throttle_failed(struct env *env, const char *what)
{
	int64_t window = env->base->conf->session_login_window;
	struct counts c = counts_of(env, what);
	const struct db *db = &env->db;
	enum err e;

	if ((e = tries_db_add(db, &c.pair, window)) != ERR_OK ||
	    (e = tries_db_add(db, &c.address, window)) != ERR_OK)
		return e;
	return tries_db_add(db, &c.name, window);
}

enum err
throttle_use(struct env *env, const char *what, bool by_address, uint64_t most,
    int64_t seconds)
{
	struct hash row = row_of(env, what, by_address ? env->address : NULL);
	const struct db *db = &env->db;
	uint64_t count, left;
	enum err e;

	/* Counted before the check, so that simultaneous requests are all
	 * counted. */
	if ((e = tries_db_add(db, &row, seconds)) != ERR_OK ||
	    (e = tries_db_get(db, &row, &count, &left)) != ERR_OK ||
	    count <= most)
		return e;
	env->why.retry_after = (unsigned)left;
	return why_with(&env->why, WHY_TOO_MANY_REQUESTS,
	    .number = (int64_t)((left + 59) / 60));
}

enum err
throttle_passed(struct env *env, const char *what)
{
	struct counts c = counts_of(env, what);

	return tries_db_clear(&env->db, &c.pair);
}
