/*
 * Signed addresses, and what they open. An address says
 * what it may do: which media, through which share, until when, shown or
 * downloaded, under which name. Whether that still holds is looked up with
 * every request: a revocation is seen by the next one.
 */
#ifndef CORE_DELIVERY_DELIVERY_H
#define CORE_DELIVERY_DELIVERY_H

#include "core/env.h"
#include "model/media.h"
#include "model/share.h"

enum delivery_kind {
	DELIVER_FILE,  /* the file itself */
	DELIVER_THUMB, /* a small picture of it */
	DELIVER_VIEW,  /* a larger one, where the file is not to be had */
};

/* Through what somebody reaches a media. */
enum delivery_way {
	BY_OWNER,
	BY_SHARE,
	BY_COLLECTION, /* its owner looks at what others put there */
};

/* What an address grants. */
struct delivery {
	enum delivery_kind kind;
	struct uuid media;
	const char *name; /* the file name that it is sent under */
	bool attachment;  /* downloaded rather than shown */
	int64_t expires;  /* seconds since 1970 */
	enum delivery_way way;
	struct uuid through; /* the share or collection */
	uint32_t generation; /* the share's */
	uint64_t account;    /* it is good while the share is made to that one,
			      * or by it; 0: for whoever has it */
};

/* The owner's address of a media: the same for six hours, good for at least
 * 24. Absolute. */
const char *delivery_own_url(struct env *env, struct arena *a,
    const struct media *m, enum delivery_kind kind, bool attachment);

/* What a share or (share NULL) a collection lets one see of a media, signed
 * until then (seconds). NULL: nothing, or none of that kind. */
struct delivery_urls {
	const char *view;     /* the file where it may be downloaded, else a
			       * picture of it */
	const char *thumb;    /* pictures only */
	const char *download; /* the file, to be kept */
};

void delivery_share_urls(struct env *env, struct arena *a,
    const struct share *s, const struct share_item *item, int64_t until,
    struct delivery_urls *ret);
/* The last of them alone. */
const char *delivery_share_download(struct env *env, const struct share *s,
    const struct share_item *item, int64_t until);
void delivery_collection_urls(struct env *env, struct arena *a,
    const struct collection *k, const struct share_item *item,
    struct delivery_urls *ret);

/* The signed address of what it grants, absolute. */
const char *delivery_url(struct env *env, struct arena *a,
    const struct delivery *grants);

/* The parts of an address as they came; NULL where missing. */
struct delivery_request {
	const char *media; /* /file/{media}/{name} */
	const char *name;
	const char *expires;	/* e= */
	const char *attachment; /* d=1, or NULL */
	const char *share;	/* s=, or NULL */
	const char *collection; /* c=, or NULL */
	const char *generation; /* g=, with s */
	const char *account;	/* u=, with s, or NULL */
	const char *signature;	/* k= */
};

/* What is sent. */
struct delivered {
	int fd; /* closed with the arena */
	struct store_info st;
	const char *path; /* below the storage root */
	const char *type; /* by the bytes */
	bool attachment;  /* asked for, or of a type not to be shown */
	int64_t expires;
	uint64_t share_id; /* through which it is reached; 0: none */
	uint64_t account;  /* to which its address was given; 0: none */
};

/* Checks an address and opens what it grants. ERR_NOT_FOUND: forged, expired,
 * revoked or gone, all alike. */
enum err delivery_open(struct env *env, enum delivery_kind kind,
    const struct delivery_request *r, struct delivered *ret) MUST_CHECK;

/* The thumbnail of what a link shows, which link.h has let through. */
enum err delivery_open_preview(struct env *env, const struct share_item *item,
    struct delivered *ret) MUST_CHECK;

/* A file was sent through a share to be kept: its log tells. */
void delivery_note_download(struct env *env, const struct delivered *d,
    const char *name);

#endif
