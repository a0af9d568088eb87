/* Making shares (seed 002), which lie under all four APIs. */
#ifndef CORE_SHARE_CREATE_H
#define CORE_SHARE_CREATE_H

#include "db/share_db.h"
#include "model/user.h"
#include "core/share/recipients.h"
#include "core/share/terms.h"

struct share_new {
	const char *origin;	 /* the API: share, link or asset */
	const char *target_type; /* media, set or collection */
	size_t ntargets;	 /* one, but for a set */
	const struct uuid *targets;
	bool link;	    /* a public link, with a token */
	size_t nrecipients; /* accounts, by share_recipients_find() */
	const uint64_t *recipients;
	bool own;	       /* nothing that is another's, passed on */
	const char *file_name; /* NULL: none */
	struct share_terms terms;
};

/* Makes a share of what the caller may share. Permissions that are not given
 * are not granted, but for the view. Errors as access_share_media()'s. */
enum err share_create(struct env *env, const struct caller *c,
    const struct share_new *n, struct share *ret) MUST_CHECK;

#endif
