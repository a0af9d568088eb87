/* Files without a row in the database; core/ops/orphan.h finds and removes
 * them. */
#include "config.h"

#include <inttypes.h>

#include "core/ops/doctor_look.h"
#include "core/ops/orphan.h"

static void
tell_orphan(void *arg, const char *path)
{
	struct doctor *d = arg;

	doctor_found(d, FINDING_ORPHAN, d->o->fix, path,
	    "It is not in the database");
}

static void
tell_refused(void *arg, const char *place, uint64_t found, uint64_t n)
{
	doctor_found(arg, FINDING_ORPHANS_MANY, false, place,
	    "%" PRIu64 " of its %" PRIu64 " files are not in the database, "
	    "too many to be left by a crash",
	    found, n);
}

static enum err
step(void *arg, size_t files)
{
	doctor_steps(arg, "Vitrine's files", files);
	return ERR_OK;
}

/* --fix removes only what the worker would remove in its hourly sweep. */
enum err
look_orphans(struct doctor *d)
{
	const struct orphan_watch watch = { tell_orphan, tell_refused, step,
		d };
	struct orphan_result r;

	return orphan_sweep(&d->env, d->o->fix ? ORPHANS_REMOVE : ORPHANS_TELL,
	    &watch, &r);
}
