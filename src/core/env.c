#include "config.h"

#include "core/env.h"

void
env_init(struct env *env, struct base *base, struct arena *arena)
{
	*env = (struct env){ .arena = arena, .address = "" };
	env->db = (struct db){ .why = &env->why, .arena = arena };
	if (base != NULL)
		env_use(env, base);
}

void
env_use(struct env *env, struct base *base)
{
	env->base = base;
	env->db.connection = base->connection;
}
