/* What is wrong with an installation, and what to do about it. */
#ifndef CORE_OPS_DOCTOR_H
#define CORE_OPS_DOCTOR_H

#include "core/ops/finding.h"

/*
 * Looks at everything that it can reach, and reports what it finds: at most a
 * hundred of a kind, then how many more there are. Without `fix` it changes
 * nothing. Memory does not grow with the number of files, and no transaction is
 * open while files are looked at. Findings live as long as a.
 */
void doctor_run(struct arena *a, const struct doctor_options *o);

#endif
