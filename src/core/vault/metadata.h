/*
 * Metadata from outside the file: from the .json file beside it, or from the
 * detector. Both use the same format: a JSON object with "caption" (or
 * "description"), "subreddit" and "characterName" (or "character", "model").
 */
#ifndef CORE_VAULT_METADATA_H
#define CORE_VAULT_METADATA_H

#include "core/env.h"

#define ABOUT_MOST 65536 /* bytes of such an object */

/* Valid UTF-8 within the limits of their columns; NULL: unknown. */
struct metadata {
	const char *caption;
	const char *subreddit;
	const char *character_name;
};

/* Parses an object. Members that are not strings are ignored and logged;
 * control characters are removed and long texts cut. `source` names the object
 * in the log. ERR_INVALID: it is not such an object; env->why says why. */
enum err metadata_parse(struct env *env, const char *source, const char *json,
    size_t n, struct metadata *ret) MUST_CHECK;

/*
 * Reads the .json file beside a media: photo.jpg.json, else photo.json. *ret is
 * empty if there is no such file, or if it cannot be parsed, which is logged.
 * *ret_time is the time in ms when the file was written or placed there;
 * CLOCK_NONE: no file. ERR_RETRY: the storage is unavailable.
 */
enum err metadata_sidecar(struct env *env, const char *path,
    struct metadata *ret, int64_t *ret_time) MUST_CHECK;

/* Fills missing values from `other`. */
void metadata_fill(struct metadata *to, const struct metadata *other);

/* Whether all values are known. */
bool metadata_is_whole(const struct metadata *about);

#endif
