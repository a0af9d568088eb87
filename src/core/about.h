/*
 * What is said about a media outside of its bytes: by the .json file beside
 * it, or by the detector. Both speak alike: a JSON object with "caption" (or
 * "description"), "subreddit" and "characterName" (or "character", "model").
 */
#ifndef CORE_ABOUT_H
#define CORE_ABOUT_H

#include "core/env.h"

#define ABOUT_MOST 65536 /* bytes of such an object */

/* Valid UTF-8 within the limits of their columns; NULL: nothing is said. */
struct about {
	const char *caption;
	const char *subreddit;
	const char *character_name;
};

/* Reads an object. A member of another kind than text is passed over with a
 * line in the log; texts lose their control characters and what is too long.
 * ERR_INVALID: it is no such object; why tells. source: for the log. */
enum err about_parse(struct env *env, const char *source, const char *json,
    size_t n, struct about *ret) MUST_CHECK;

/*
 * Reads the .json file beside a media: photo.jpg.json, else photo.json.
 * Nothing is said where there is none, or where it cannot be made sense of,
 * which the log is told. *ret_time: when it was written or came there, ms; CLOCK_NONE: none.
 * ERR_RETRY: storage is away.
 */
enum err about_sidecar(struct env *env, const char *path, struct about *ret,
    int64_t *ret_time) MUST_CHECK;

/* Takes from `other` what is not said yet. */
void about_fill(struct about *to, const struct about *other);

/* Whether nothing is left to be asked. */
bool about_is_whole(const struct about *about);

#endif
