/* What "vitrine doctor" reports. */
#ifndef CORE_OPS_FINDING_H
#define CORE_OPS_FINDING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"

/* How urgent a finding is. */
enum severity {
	SEVERITY_NOTE,	  /* for information */
	SEVERITY_WARNING, /* will cause a failure, or affects some people */
	SEVERITY_UNKNOWN, /* could not be checked */
	SEVERITY_ERROR,	  /* something does not work */
	SEVERITY__MAX
};

/* "note", "warning", "unknown", "error". */
const char *finding_severity_name(enum severity s);

/* A finding; doctor.def lists the kinds. It lives as long as the arena that was
 * given to doctor_run(). */
struct finding {
	const char *kind;
	enum severity severity;
	const char
	    *subject; /* a setting, a path below the storage root, a host,
		       * …, or ""; may not be UTF-8 */
	const char *text;
	const char *advice;
	const char *fixed; /* what was done about it; NULL: not fixed */
};

typedef void finding_fn(void *arg, const struct finding *f);

/* Called regularly with what is being checked and the number checked so far. */
typedef void doctor_progress_fn(void *arg, const char *what, uint64_t n);

/* The account that owns the storage; the caller runs as it. */
struct doctor_account {
	uid_t uid;
	gid_t gid;
	const char *name;
	const char *group;
	bool root; /* seteuid(0) can return to root */
};

/*
 * Becomes the account of a configuration. ERR_FORBIDDEN: the caller is neither
 * root nor the account, so nothing can be checked. Any other failure: the
 * account is unknown, and the caller stays what it was. why->detail says why, for
 * the administrator.
 */
typedef enum err doctor_become_fn(struct arena *a, const struct conf *conf,
    const char *config, struct doctor_account *ret, struct why *why);

struct doctor_options {
	const char *config; /* NULL: the default file */
	bool fix;	    /* fix what can be fixed safely */
	doctor_become_fn *become;
	finding_fn *found;
	doctor_progress_fn *progress;
	void *arg; /* of found and progress */
};

#endif
