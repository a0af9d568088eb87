/* What can be set of a share, and the rules for it (seed 002). */
#ifndef CORE_SHARE_TERMS_H
#define CORE_SHARE_TERMS_H

#include "core/env.h"
#include "model/share.h"

#define SHARE_NOTE_MOST 4000 /* characters */
#define SHARE_NAME_MOST 255
#define SHARE_PASSWORD_MOST 1024 /* bytes */
#define SHARE_RECIPIENTS_MOST 100

/* What can be set of a share and changed later; what is not given stays. */
struct share_terms {
	unsigned given;	      /* the permissions that are told … */
	unsigned permissions; /* … and those of them that are granted */
	bool name_given, note_given, password_given, expiry_given, limit_given;
	const char *name;     /* NULL: none */
	const char *note;     /* NULL: none */
	const char *password; /* NULL: none */
	int64_t expires_at;   /* CLOCK_NONE: never */
	uint64_t max_uses;    /* 0: no limit */
	/* Of a change alone: what it must be, other media, other recipients. */
	bool kind_given;
	bool link;
	size_t ntargets; /* 0: they stay */
	const struct uuid *targets;
	bool recipients_given;
	size_t nrecipients;
	const uint64_t *recipients;
};

/* At most so many characters, and no control characters but, where it has
 * lines, tabs and line ends. NULL is fine. */
enum err share_terms_check_text(struct env *env, enum about about,
    const char *s, size_t most, bool lines) MUST_CHECK;

/* Whether a time can be an end: it lies ahead. */
enum err share_terms_check_expiry(struct env *env,
    int64_t expires_at) MUST_CHECK;

/* Whether the terms keep the rules; else ERR_INVALID. */
enum err share_terms_check(struct env *env,
    const struct share_terms *t) MUST_CHECK;

#endif
