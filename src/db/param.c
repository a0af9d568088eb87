/* The constructors of parameters: p_u64() and the like. */
#include "config.h"

#include "db/db.h"

#include <string.h>

#include "base/clock.h"

struct db_param
p_null(void)
{
	return (struct db_param){ .kind = DB_NULL };
}

struct db_param
p_u64(uint64_t v)
{
	return (struct db_param){ .kind = DB_U64, .u64 = v };
}

struct db_param
p_i64(int64_t v)
{
	return (struct db_param){ .kind = DB_I64, .i64 = v };
}

struct db_param
p_bool(bool v)
{
	return (struct db_param){ .kind = DB_BOOL, .u64 = v };
}

struct db_param
p_real(double v)
{
	return (struct db_param){ .kind = DB_REAL, .real = v };
}

struct db_param
p_bytes(const void *p, size_t n)
{
	return (struct db_param){ .kind = p != NULL ? DB_BYTES : DB_NULL,
		.bytes = { p, n } };
}

struct db_param
p_text(const char *s)
{
	struct db_param p = p_bytes(s, s != NULL ? strlen(s) : 0);

	if (s != NULL)
		p.kind = DB_TEXT;
	return p;
}

struct db_param
p_time(int64_t ms)
{
	return (struct db_param){ .kind = ms != CLOCK_NONE ? DB_TIME : DB_NULL,
		.i64 = ms };
}

struct db_param
p_uuid(const struct uuid *u)
{
	return p_bytes(u, sizeof(*u));
}

struct db_param
p_word(const struct words *words, unsigned value)
{
	return p_text(words_word(words, value));
}

struct db_param
p_hash(const struct hash *h)
{
	return p_bytes(h, sizeof(*h));
}
