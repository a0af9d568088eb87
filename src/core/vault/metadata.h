/*
 * What is said about a media outside of its bytes: by the .json file beside
 * it, or by the detector. Both speak alike: a JSON object with "caption" (or
 * "description"), "subreddit" and "characterName" (or "character", "model").
 */
#ifndef CORE_VAULT_METADATA_H
#define CORE_VAULT_METADATA_H

#include "core/env.h"

#define ABOUT_MOST 65536 /* bytes of such an object */

/* Valid UTF-8 within the limits of their columns; NULL: nothing is said. */
struct metadata {
	const char *caption;
	const char *subreddit;
	const char *character_name;
};

/* Reads an object. A member of another kind than text is passed over with a
 * line in the log; texts lose their control characters and what is too long.
 * ERR_INVALID: it is no such object; why tells. source: for the log. */
enum err metadata_parse(struct env *env, const char *source, const char *json,
    size_t n, struct metadata *ret) MUST_CHECK;

/*
 * Reads the .json file beside a media: photo.jpg.json, else photo.json.
 * Nothing is said where there is none, or where it cannot be made sense of,
 * which the log is told. *ret_time: when it was written or came there, ms; CLOCK_NONE: none.
 * ERR_RETRY: storage is away.
 */
enum err metadata_sidecar(struct env *env, const char *path,
    struct metadata *ret, int64_t *ret_time) MUST_CHECK;

/* Takes from `other` what is not said yet. */
void metadata_fill(struct metadata *to, const struct metadata *other);

/* Whether nothing is left to be asked. */
bool metadata_is_whole(const struct metadata *about);

#endif
