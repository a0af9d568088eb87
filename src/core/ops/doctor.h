/* Finds problems of an installation and says how to fix them. */
#ifndef CORE_OPS_DOCTOR_H
#define CORE_OPS_DOCTOR_H

#include "core/ops/finding.h"

/*
 * Checks everything it can reach and reports findings: at most a hundred of each
 * kind, then the number of further ones. Without `fix` it changes nothing.
 * Memory does not grow with the number of files, and no transaction is open
 * while files are checked. Findings live as long as a.
 */
void doctor_run(struct arena *a, const struct doctor_options *o);

#endif
