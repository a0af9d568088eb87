#include "config.h"

#include "core/ops/lease.h"

enum err
lease_hold(struct env *env, const struct job_run *run, int64_t seconds)
{
	return job_db_hold(&env->db, run->job->id, run->owner, seconds);
}
