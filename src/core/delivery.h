/*
 * Signed addresses, and what they open. An address says
 * what it may do: which media, through which share, until when, shown or
 * downloaded, under which name. Whether that still holds is looked up with
 * every request: a revocation is seen by the next one.
 */
#ifndef CORE_DELIVERY_H
#define CORE_DELIVERY_H

#include <sys/stat.h>

#include "core/env.h"
#include "model/media.h"
#include "model/share.h"

enum delivery_kind { DELIVER_FILE, DELIVER_THUMB };

/* What an address grants. */
struct delivery {
	enum delivery_kind kind;
	struct uuid media;
	const char *name; /* the file name that it is sent under */
	bool attachment;  /* downloaded rather than shown */
	int64_t expires;  /* seconds since 1970 */
	bool shared;	  /* through a share: */
	struct uuid share;
	uint32_t generation; /* the share's */
};

/* The owner's address of a media: the same for six hours, good for at least
 * 24. Absolute. */
const char *delivery_own_url(struct env *env, struct arena *a,
    const struct media *m, enum delivery_kind kind, bool attachment);

/* An address through a share, good for an hour. */
const char *delivery_share_url(struct env *env, struct arena *a,
    const struct share_link *s, enum delivery_kind kind, bool attachment);

/* The signed address of what it grants, absolute. */
const char *delivery_url(struct env *env, struct arena *a,
    const struct delivery *grants);

/* The parts of an address as they came; NULL where missing. */
struct delivery_request {
	const char *media;	/* /file/{media}/{name} */
	const char *name;
	const char *expires;	/* e= */
	const char *attachment;	/* d=1, or NULL */
	const char *share;	/* s=, or NULL */
	const char *generation;	/* g=, with s */
	const char *signature;	/* k= */
};

/* What is sent. */
struct delivered {
	int fd; /* closed with the arena */
	struct stat st;
	const char *path; /* below the storage root */
	const char *type; /* by the bytes */
	bool attachment;  /* asked for, or of a type not to be shown */
	int64_t expires;
};

/* Checks an address and opens what it grants. ERR_NOT_FOUND: forged, expired,
 * revoked or gone, all alike. */
enum err delivery_open(struct env *env, enum delivery_kind kind,
    const struct delivery_request *r, struct delivered *ret) MUST_CHECK;

/* The thumbnail of what a good link shows; its token is the credential. */
enum err delivery_open_preview(struct env *env, const struct share_link *s,
    struct delivered *ret) MUST_CHECK;

#endif
