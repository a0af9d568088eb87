/* The settings of a share, and their rules (seed 002). */
#ifndef CORE_SHARE_TERMS_H
#define CORE_SHARE_TERMS_H

#include "core/env.h"
#include "model/share.h"

#define SHARE_NOTE_MOST 4000 /* characters */
#define SHARE_NAME_MOST 255
#define SHARE_PASSWORD_MOST 1024 /* bytes */
#define SHARE_RECIPIENTS_MOST 100

/* The settings of a new share, or changes to one; a setting that is not given
 * keeps its value. */
struct share_terms {
	unsigned given;	      /* permissions that the request names, … */
	unsigned permissions; /* … and those of them that it grants */
	bool name_given, note_given, password_given, expiry_given, limit_given;
	const char *name;     /* NULL: none */
	const char *note;     /* NULL: none */
	const char *password; /* NULL: none */
	int64_t expires_at;   /* CLOCK_NONE: never */
	uint64_t max_uses;    /* 0: no limit */
	/* Only for changes: the kind that the share must have, its new media
	 * and its new recipients. */
	bool kind_given;
	bool link;
	size_t ntargets; /* 0: unchanged */
	const struct uuid *targets;
	bool recipients_given;
	size_t nrecipients;
	const uint64_t *recipients;
};

/* Checks a text: at most `most` characters, and no control characters except,
 * if `lines`, tabs and line ends. NULL is valid. */
enum err share_terms_check_text(struct env *env, enum about about,
    const char *s, size_t most, bool lines) MUST_CHECK;

/* Checks that a time can be an expiry, that is, lies in the future. */
enum err share_terms_check_expiry(struct env *env,
    int64_t expires_at) MUST_CHECK;

/* Checks the settings against the rules; ERR_INVALID if they break one. */
enum err share_terms_check(struct env *env,
    const struct share_terms *t) MUST_CHECK;

#endif
