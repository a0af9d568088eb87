/* What "vitrine doctor" finds. */
#ifndef CORE_OPS_FINDING_H
#define CORE_OPS_FINDING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"

/* By what they mean for who watches the site. */
enum severity {
	SEVERITY_NOTE,	  /* good to know */
	SEVERITY_WARNING, /* will be a fault, or is one for some */
	SEVERITY_UNKNOWN, /* could not be checked */
	SEVERITY_ERROR,	  /* does not work now */
	SEVERITY__MAX
};

/* "note", "warning", "unknown", "error". */
const char *severity_name(enum severity s);

/* One of them; the kinds are listed in doctor.def. Lives as long as the arena
 * that doctor_run() was given. */
struct finding {
	const char *kind;
	enum severity severity;
	const char *subject; /* setting, path below the storage root, host, …,
			      * or "" for all; may be no UTF-8 */
	const char *text;
	const char *advice;
	const char *fixed; /* what was done about it; NULL: it is still there */
};

typedef void finding_fn(void *arg, const struct finding *f);

/* Told now and then what is looked at, and how many of it were. */
typedef void doctor_progress_fn(void *arg, const char *what, uint64_t n);

/* The account that the storage belongs to, as which the caller works. */
struct doctor_account {
	uid_t uid;
	gid_t gid;
	const char *name;
	const char *group;
	bool root; /* may be root for a moment: seteuid(0) works */
};

/*
 * Becomes the account of a configuration. ERR_FORBIDDEN: the caller is neither
 * root nor the account, so nothing can be looked at; another failure: the
 * account cannot be told, and the caller stays what it was. why->text for the
 * administrator.
 */
typedef enum err doctor_become_fn(struct arena *a, const struct conf *conf,
    const char *config, struct doctor_account *ret, struct why *why);

struct doctor_options {
	const char *config; /* NULL: the usual place */
	bool fix;	    /* does what is safe */
	doctor_become_fn *become;
	finding_fn *found;
	doctor_progress_fn *progress;
	void *arg; /* of found and progress */
};

#endif
