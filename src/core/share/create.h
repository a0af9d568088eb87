/* Creating shares (seed 002), for all four APIs. */
#ifndef CORE_SHARE_CREATE_H
#define CORE_SHARE_CREATE_H

#include "db/share_db.h"
#include "model/user.h"
#include "core/share/recipients.h"
#include "core/share/terms.h"

struct share_new {
	enum share_origin origin;
	enum share_target_type target_type;
	size_t ntargets; /* 1, except for a set */
	const struct uuid *targets;
	bool link;	    /* a public link, with a token */
	size_t nrecipients; /* accounts, from share_recipients_find() */
	const uint64_t *recipients;
	bool own;	       /* refuse media of others, do not reshare */
	const char *file_name; /* NULL: none */
	struct share_terms terms;
};

/* Creates a share of media that the caller may share. Permissions that are not
 * given are not granted, except can_view. Errors as access_share_media(). */
enum err share_create(struct env *env, const struct caller *c,
    const struct share_new *n, struct share *ret) MUST_CHECK;

#endif
