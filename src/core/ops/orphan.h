/*
 * Orphans: files left by a crash, which no row of the database refers to. They
 * are searched only in general/, hidden/, thumbs/, views/, trash/ and tmp/: in
 * the vaults' folders an unknown file is always someone's new file.
 */
#ifndef CORE_OPS_ORPHAN_H
#define CORE_OPS_ORPHAN_H

#include "core/env.h"

enum orphan_mode {
	ORPHANS_TELL,	/* only report them */
	ORPHANS_REMOVE, /* remove those a day old, unless they are more than a
			 * twentieth of a place: then the database is wrong */
	ORPHANS_PURGE,	/* remove all those a day old, by the administrator */
};

struct orphan_result {
	uint64_t looked_at;
	uint64_t found; /* at least a day old */
	uint64_t removed;
	unsigned refused; /* places with too many orphans to remove them */
};

/* Callbacks; each may be NULL. */
struct orphan_watch {
	/* Receives each orphan's path below the storage root. It is removed
	 * unless the mode is ORPHANS_TELL. */
	void (*found)(void *arg, const char *path);
	/* Receives a place in which more than a twentieth of the files are
	 * unknown; only ORPHANS_PURGE removes them. */
	void (*refused)(void *arg, const char *place, uint64_t unknown,
	    uint64_t files);
	/* Called regularly with the number of files since the last call; any
	 * result but ERR_OK ends the sweep. */
	enum err (*step)(void *arg, size_t files);
	void *arg;
};

/* Goes through all places. Memory does not grow with the number of files, and
 * no transaction is open while files are listed. ERR_RETRY: the storage is
 * unavailable. */
enum err orphan_sweep(struct env *env, enum orphan_mode mode,
    const struct orphan_watch *watch, struct orphan_result *ret) MUST_CHECK;

#endif
