/* Smaller pictures of the vault's media: made on first use and kept. */
#ifndef CORE_DELIVERY_THUMB_H
#define CORE_DELIVERY_THUMB_H

#include "core/env.h"
#include "db/media_db.h"

enum rendition {
	RENDITION_THUMB, /* for a grid */
	RENDITION_VIEW,	 /* for those who may look but not download */
};

/* Opens the media's rendition, and makes it where there is none yet. The
 * descriptor is closed with the arena. ERR_NOT_FOUND: it is no picture that
 * one can be made of; ERR_RETRY: no helper is free. */
enum err thumb_open(struct env *env, enum rendition r, const struct uuid *media,
    const struct media_file *m, const char **ret_path, int *ret_fd,
    struct store_info *ret_st) MUST_CHECK;

/*
 * Makes the thumbnail of an opened file (st describes it), whether there is
 * one or not, and tells what image_thumbnail() tells. *ret_fd is open for
 * reading and closed with the arena. Results as image_thumbnail()'s, and the
 * store's.
 */
enum err thumb_make(struct env *env, const struct uuid *media, int in,
    const struct store_info *st, struct image_info *ret,
    int *ret_fd) MUST_CHECK;

/* Removes the media's renditions but those of a file of that time (ns;
 * CLOCK_NONE: all). */
enum err thumb_forget(struct env *env, const struct uuid *media,
    int64_t mtime) MUST_CHECK;

#endif
