/* Thumbnails of the vault: made on first use and kept. */
#ifndef CORE_THUMB_H
#define CORE_THUMB_H

#include <sys/stat.h>

#include "core/env.h"
#include "db/media_db.h"

/* Opens the media's thumbnail, and makes it where there is none yet. The
 * descriptor is closed with the arena. ERR_NOT_FOUND: it is no picture that
 * one can be made of; ERR_RETRY: no helper is free. */
enum err thumb_open(struct env *env, const struct uuid *media,
    const struct media_file *m, const char **ret_path, int *ret_fd,
    struct stat *ret_st) MUST_CHECK;

#endif
