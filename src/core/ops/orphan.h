/*
 * Orphans: files that no row of the database belongs to, as a crash leaves
 * them. They are looked for in general/, hidden/, thumbs/, views/, trash/ and
 * tmp/ alone: in the vault's folders an unknown file is always somebody's new
 * file.
 */
#ifndef CORE_OPS_ORPHAN_H
#define CORE_OPS_ORPHAN_H

#include "core/env.h"

enum orphan_mode {
	ORPHANS_TELL,	/* remove nothing */
	ORPHANS_REMOVE, /* those a day old, and never more than a twentieth of
			 * a place: then the database is what is wrong */
	ORPHANS_PURGE,	/* those a day old, on the administrator's word */
};

struct orphan_result {
	uint64_t looked_at;
	uint64_t found; /* at least a day old */
	uint64_t removed;
	unsigned refused; /* places where too many would have gone */
};

/* Who looks on; each may be NULL. */
struct orphan_watch {
	/* Each orphan's path below the storage root; it goes, unless the mode
	 * is ORPHANS_TELL. */
	void (*found)(void *arg, const char *path);
	/* A place where more than a twentieth of its files are unknown: only
	 * ORPHANS_PURGE removes them. */
	void (*refused)(void *arg, const char *place, uint64_t unknown,
	    uint64_t files);
	/* Now and then, with the number of files since the last time; anything
	 * but ERR_OK ends the sweep. */
	enum err (*step)(void *arg, size_t files);
	void *arg;
};

/* Goes through all places. Its memory does not grow with the number of files,
 * and no transaction is open while it lists them. */
enum err orphan_sweep(struct env *env, enum orphan_mode mode,
    const struct orphan_watch *watch, struct orphan_result *ret) MUST_CHECK;

#endif
