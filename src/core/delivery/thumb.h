/* Renditions: smaller pictures of the vault's media, made on first use and
 * kept. */
#ifndef CORE_DELIVERY_THUMB_H
#define CORE_DELIVERY_THUMB_H

#include "core/env.h"
#include "db/media_db.h"

enum rendition {
	RENDITION_THUMB, /* for a grid */
	RENDITION_VIEW,	 /* for those who may view but not download */
};

/* Opens the media's rendition, after making it if necessary. The descriptor is
 * closed with the arena. ERR_NOT_FOUND: no rendition can be made of this media;
 * ERR_RETRY: no image helper is free. */
enum err thumb_open(struct env *env, enum rendition r, const struct uuid *media,
    const struct media_file *m, const char **ret_path, int *ret_fd,
    struct store_info *ret_st) MUST_CHECK;

/*
 * Makes the thumbnail of an open file (described by st), even if there is one
 * already. *ret is filled as by image_thumbnail(); *ret_fd is open for reading
 * and closed with the arena. Errors as image_thumbnail() and the store.
 */
enum err thumb_make(struct env *env, const struct uuid *media, int in,
    const struct store_info *st, struct image_info *ret,
    int *ret_fd) MUST_CHECK;

/* Removes the media's renditions except those of the file with this mtime (ns;
 * CLOCK_NONE: removes all). */
enum err thumb_forget(struct env *env, const struct uuid *media,
    int64_t mtime) MUST_CHECK;

#endif
