/* What is wrong with a site, and what its owner should know of. */
#ifndef CORE_DOCTOR_H
#define CORE_DOCTOR_H

#include "core/env.h"

enum finding_kind {
	FINDING_SETTING, /* a setting that cannot work */
	FINDING_MISSING, /* a row whose file has gone */
	FINDING_PASSED,	 /* a file that the sync passes over */
	FINDING_ORPHAN,	 /* a file that no row stands for */
	FINDING__MAX
};

/* "setting", "missing", "passed-over", "orphan". */
const char *finding_name(enum finding_kind kind);

/* subject: the setting or the path (may be no UTF-8); text: what of it. */
typedef void doctor_fn(void *arg, enum finding_kind kind, const char *subject,
    const char *text);

/* Looks at everything and changes nothing. */
enum err doctor_run(struct env *env, doctor_fn *fn, void *arg) MUST_CHECK;

#endif
