#include "config.h"

#include "core/ops/worker.h"

#include <sys/utsname.h>
#include <unistd.h>

#include "db/worker_db.h"

#define HOST_MOST 64 /* the column's size */

/* The host's name, with unusual characters replaced by "?". */
static const char *
host_name(struct arena *a)
{
	struct utsname u;
	char *name;

	if (uname(&u) != 0 || u.nodename[0] == '\0')
		return "?";
	name = arena_strdup(a, u.nodename);
	for (size_t i = 0; name[i] != '\0'; i++) {
		if (i == HOST_MOST) {
			name[i] = '\0';
			break;
		}
		if (name[i] <= ' ' || name[i] > '~')
			name[i] = '?';
	}
	return name;
}

enum err
worker_seen(struct env *env, const struct uuid *id)
{
	return worker_db_seen(&env->db, id, host_name(env->arena),
	    (uint32_t)getpid(), VERSION);
}

enum err
worker_left(struct env *env, const struct uuid *id)
{
	return worker_db_left(&env->db, id);
}
