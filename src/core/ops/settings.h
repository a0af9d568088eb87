/* Loads the configuration and checks it: each setting on its own (base/conf.h),
 * then rules about several settings. */
#ifndef CORE_OPS_SETTINGS_H
#define CORE_OPS_SETTINGS_H

#include "base/conf.h"

/* Does what conf_load() does, and if no single setting is wrong, reports
 * settings that contradict each other. Needs no network and no database. */
enum err settings_load(struct arena *a, const char *path, conf_tell_fn *tell,
    void *arg, struct conf **ret) MUST_CHECK;

#endif
