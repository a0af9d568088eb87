/*
 * Signed URLs and the files they open. A URL says what it grants: which media,
 * through which share, until when, shown or downloaded, under which name. Every
 * request checks that the grant is still valid, so a revocation takes effect at
 * once.
 */
#ifndef CORE_DELIVERY_DELIVERY_H
#define CORE_DELIVERY_DELIVERY_H

#include "core/env.h"
#include "model/media.h"
#include "model/share.h"

enum delivery_kind {
	DELIVER_FILE,  /* the file itself */
	DELIVER_THUMB, /* a thumbnail */
	DELIVER_VIEW,  /* a larger picture, for those who may not download */
};

/* How access to a media is granted. */
enum delivery_way {
	BY_OWNER,
	BY_SHARE,
	BY_COLLECTION, /* its owner views what others added to it */
};

/* What a URL grants. */
struct delivery {
	enum delivery_kind kind;
	struct uuid media;
	const char *name; /* the name under which the file is sent */
	bool attachment;  /* download it rather than show it */
	int64_t expires;  /* seconds since 1970 */
	enum delivery_way way;
	struct uuid through; /* the share or collection */
	uint32_t generation; /* the share's */
	uint64_t account;    /* valid while it is the share's owner or
			      * recipient; 0: for anyone */
};

/* The owner's absolute URL of a media. It stays the same for six hours and is
 * valid for at least 24. */
const char *delivery_own_url(struct env *env, struct arena *a,
    const struct media *m, enum delivery_kind kind, bool attachment);

/* URLs of a media seen through a share or a collection, valid until a given
 * time (seconds). NULL: not allowed, or not available for this media. */
struct delivery_urls {
	const char
	    *view; /* the file if it may be downloaded, else a picture of it */
	const char *thumb;    /* pictures only */
	const char *download; /* the file as a download */
};

void delivery_share_urls(struct env *env, struct arena *a,
    const struct share *s, const struct share_item *item, int64_t until,
    struct delivery_urls *ret);
/* Only the URL for the download. */
const char *delivery_share_download(struct env *env, const struct share *s,
    const struct share_item *item, int64_t until);
void delivery_collection_urls(struct env *env, struct arena *a,
    const struct collection *k, const struct share_item *item,
    struct delivery_urls *ret);

/* The absolute signed URL of a grant. */
const char *delivery_url(struct env *env, struct arena *a,
    const struct delivery *grants);

/* The parts of a requested URL; NULL: missing. */
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

/* The file to send. */
struct delivered {
	int fd; /* closed with the arena */
	struct store_info st;
	const char *path; /* below the storage root */
	const char *type; /* sniffed from the content */
	bool attachment;  /* requested, or a type never to be shown */
	int64_t expires;
	uint64_t share_id; /* that grants access; 0: none */
	uint64_t account;  /* that the URL was made for; 0: none */
};

/* Checks a URL and opens its file. ERR_NOT_FOUND: forged, expired, revoked or
 * gone; the client cannot tell which. */
enum err delivery_open(struct env *env, enum delivery_kind kind,
    const struct delivery_request *r, struct delivered *ret) MUST_CHECK;

/* Opens the thumbnail of an item that the link's gate (core/share/gate.h) has
 * allowed. */
enum err delivery_open_preview(struct env *env, const struct share_item *item,
    struct delivered *ret) MUST_CHECK;

/* Logs in the share that its file was downloaded. */
void delivery_note_download(struct env *env, const struct delivered *d,
    const char *name);

#endif
