/*
 * Orphans: files that no row stands for, as a crash leaves them. They are
 * looked for in general/, hidden/, thumbs/, views/, trash/ and tmp/ alone: in the
 * vault's folders an unknown file is always somebody's new file.
 */
#ifndef CORE_ORPHAN_H
#define CORE_ORPHAN_H

#include "core/env.h"

enum orphan_mode {
	ORPHANS_TELL,	/* remove nothing */
	ORPHANS_REMOVE, /* those a day old, and never more than a twentieth of
			 * a place: then the database is what is wrong */
	ORPHANS_PURGE,	/* those a day old, on the administrator's word */
};

struct orphan_result {
	uint64_t looked_at;
	uint64_t found;	  /* at least a day old */
	uint64_t removed;
	unsigned refused; /* places where too many would have gone */
};

/* Told each orphan's path below the storage root. */
typedef void orphan_fn(void *arg, const char *path);

/* Goes through all places. fn may be NULL. */
enum err orphan_sweep(struct env *env, enum orphan_mode mode, orphan_fn *fn,
    void *arg, struct orphan_result *ret) MUST_CHECK;

#endif
