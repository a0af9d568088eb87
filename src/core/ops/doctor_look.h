/* Shared by the looks (checks) of "vitrine doctor" and private to them. */
#ifndef CORE_OPS_DOCTOR_LOOK_H
#define CORE_OPS_DOCTOR_LOOK_H

#include <dirent.h>
#include <sys/stat.h>

#include "core/ops/finding.h"
#include "core/env.h"

enum finding_kind {
#define LOOK(look, needs, what)
#define F(kind, name, severity, advice, fixed) FINDING_##kind,
#include "core/ops/doctor.def"
#undef F
#undef LOOK
	FINDING__MAX
};

/* What a look needs, and what is available. */
enum doctor_need { STORE = 1, DATABASE = 2, SCHEMA = 4 };

struct doctor_count {
	uint64_t n;
	uint64_t fixed;
	uint64_t fixed_shown;
};

struct doctor {
	const struct doctor_options *o;
	struct arena *arena; /* of the findings */
	struct env env;	     /* with the current look's arena; parts of its base
			      * are NULL if they are unavailable */
	struct arena *scratch; /* of the current file */
	unsigned have;
	struct doctor_account account;
	struct doctor_count counts[FINDING__MAX];
	bool proven;	    /* base_url leads to this pool */
	bool any_peer;	    /* its certificate is not trusted */
	bool loopback;	    /* it was reached on this host's loopback only */
	struct why secrets; /* why they could not be loaded */
	struct why store;   /* why the storage could not be opened */
	int64_t reported;   /* when progress was last reported */
	uint64_t looked_at; /* files checked by the current look */
};

/* A look. Any result but ERR_OK means that it could not be finished; env.why
 * says why. */
typedef enum err doctor_look_fn(struct doctor *d);

#define LOOK(look, needs, what) doctor_look_fn look MUST_CHECK;
#define F(kind, name, severity, advice, fixed)
#include "core/ops/doctor.def"
#undef F
#undef LOOK

/* Reports a finding. fixed: --fix has done what its row says. */
void doctor_found(struct doctor *d, enum finding_kind kind, bool fixed,
    const char *subject, const char *fmt, ...) PRINTF(5, 6);

/* Reports of each kind how many more there are than were shown. */
void doctor_found_rest(struct doctor *d);

/* Why a call failed, as a text for the administrator. */
const char *doctor_reason(const struct why *why, enum err e);

/* Reports progress: n more of `what` were checked. */
void doctor_steps(struct doctor *d, const char *what, size_t n);

/* ---- folders of the storage (doctor_folder.c) ---- */

struct doctor_folder {
	struct doctor *d;
	DIR *dir;
	char path[1024]; /* below the storage root */
};

/* Opens a folder. False: it does not exist, or cannot be opened, which is
 * reported. */
bool doctor_open(struct doctor *d, const char *path, struct doctor_folder *ret);

/* The next name except "." and ".."; NULL at the end. Resets d->scratch. */
const char *doctor_next(struct doctor_folder *f);
void doctor_close(struct doctor_folder *f);

/* "path/name", in d->scratch. */
const char *doctor_subject(struct doctor_folder *f, const char *name);

/* "1 job", "2 jobs". */
const char *doctor_many(struct arena *a, uint64_t n, const char *noun);

/* "3 hours", "2 days", … */
const char *doctor_span(struct arena *a, int64_t seconds);

/* ---- accounts (doctor_access.c) ---- */

#define MOST_GROUPS 64

struct principal {
	const char *name;
	uid_t uid;
	gid_t groups[MOST_GROUPS];
	int ngroups;
};

/* Finds an account; false if there is none. */
bool principal_find(struct arena *a, const char *name, struct principal *ret);

/* Whether the account may do all of mode (R_OK, W_OK, X_OK) by owner, group and
 * mode. A file with an access control list is assumed to allow it. */
bool principal_may(const struct principal *p, const char *path,
    const struct stat *st, int mode);

/* Whether the account may search all folders above a path and do mode with the
 * path. False: *ret_at is what denies it, or "" if the path does not exist. */
bool principal_reaches(struct arena *a, const struct principal *p,
    const char *path, int mode, const char **ret_at);

/* The group's name, or its number if it has none. */
const char *access_group(struct arena *a, gid_t gid);

/* "mode 0750, vitrine:vitrine", for the administrator. */
const char *access_text(struct arena *a, const struct stat *st);

/*
 * --fix: gives a file or folder that Vitrine made, by its name in an opened
 * folder, to the account. Mode bits outside of `most` are removed and those of
 * `least` added. False: not all of that could be done.
 */
bool doctor_give(struct doctor *d, int dir, const char *name, mode_t least,
    mode_t most);

/* --fix: lets the account's group read a file, without changing its owner. */
bool doctor_let_read(struct doctor *d, int dir, const char *name);

#endif
