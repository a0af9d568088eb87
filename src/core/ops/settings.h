/* The configuration as a whole: each setting by its own check (base/conf.h),
 * then what settings must be together. */
#ifndef CORE_OPS_SETTINGS_H
#define CORE_OPS_SETTINGS_H

#include "base/conf.h"

/* As conf_load(); tells of faults between settings only where there are none
 * in single ones. Needs neither network nor database. */
enum err settings_load(struct arena *a, const char *path, conf_tell_fn *tell,
    void *arg, struct conf **ret) MUST_CHECK;

#endif
