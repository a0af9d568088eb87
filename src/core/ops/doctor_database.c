/* The database: whether it answers, its schema, its clock. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "core/ops/doctor_look.h"
#include "db/doctor_db.h"
#include "db/migrate.h"

#define CLOCKS_APART (2 * CLOCK_SECOND)

enum err
look_database(struct doctor *d)
{
	struct env *env = &d->env;
	enum err e = db_ping(&env->db);

	if (e == ERR_OK) {
		d->have |= DATABASE;
		return ERR_OK;
	}
	doctor_found(d, FINDING_DATABASE, false, "",
	    "The database does not answer: %s", doctor_reason(&env->why, e));
	return ERR_OK;
}

static void
tell_schema(struct doctor *d)
{
	struct why *why = &d->env.why;

	doctor_found(d,
	    why->reason == WHY_SCHEMA_NEWER ? FINDING_SCHEMA_NEWER :
					      FINDING_SCHEMA_OTHER,
	    false, "", "%s", doctor_reason(why, ERR_CONFLICT));
}

enum err
look_schema(struct doctor *d)
{
	struct env *env = &d->env;
	size_t pending = 0;
	enum err e;

	e = migrate_pending(&env->db, env->base->conf->database_migrations,
	    &pending);
	if (e == ERR_CONFLICT || e == ERR_INVALID) {
		tell_schema(d);
		return ERR_OK;
	}
	if (e != ERR_OK)
		return e;
	if (pending == 0)
		d->have |= SCHEMA;
	else
		doctor_found(d, FINDING_MIGRATIONS_PENDING, false, "",
		    "The database schema is older than this release: %s not "
		    "applied",
		    doctor_many(env->arena, pending, "migration"));
	return ERR_OK;
}

/* Compares the database's time with this host's before and after the query. */
enum err
look_database_clock(struct doctor *d)
{
	struct env *env = &d->env;
	int64_t before = clock_now(), now = 0, after, apart = 0;
	enum err e = doctor_db_now(&env->db, &now);

	after = clock_now();
	if (e != ERR_OK)
		return e;
	if (now < before)
		apart = now - before;
	else if (now > after)
		apart = now - after;
	if (apart < -CLOCKS_APART || apart > CLOCKS_APART)
		doctor_found(d, FINDING_CLOCK_DATABASE, false, "",
		    "The database's clock is %s %s this host's",
		    doctor_span(env->arena,
			(apart < 0 ? -apart : apart) / CLOCK_SECOND),
		    apart < 0 ? "behind" : "ahead of");
	return ERR_OK;
}
