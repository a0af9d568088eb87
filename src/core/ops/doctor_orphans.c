/* Files that no row refers to; core/orphan.h finds and removes them. */
#include "config.h"

#include <inttypes.h>

#include "core/ops/doctor_look.h"
#include "core/ops/orphan.h"

static void
tell_orphan(void *arg, const char *path)
{
	struct doctor *d = arg;

	doctor_found(d, FINDING_ORPHAN, d->o->fix, path,
	    "No row of the database refers to it");
}

static void
tell_refused(void *arg, const char *place, uint64_t found, uint64_t n)
{
	doctor_found(arg, FINDING_ORPHANS_MANY, false, place,
	    "%" PRIu64 " of its %" PRIu64 " files are unknown to the database, "
	    "too many to be left over from a crash",
	    found, n);
}

static enum err
step(void *arg, size_t files)
{
	doctor_steps(arg, "files of its own", files);
	return ERR_OK;
}

/* Removed is what the worker removes by itself, once an hour; not more. */
enum err
look_orphans(struct doctor *d)
{
	const struct orphan_watch watch = { tell_orphan, tell_refused, step,
		d };
	struct orphan_result r;

	return orphan_sweep(&d->env, d->o->fix ? ORPHANS_REMOVE : ORPHANS_TELL,
	    &watch, &r);
}
