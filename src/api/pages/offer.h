/* What is about to be shared or added to a collection, as named by a query or
 * form: media= (a media's id, repeatable), collection= (a collection's UUID),
 * or share= (the UUID of a share to reshare). */
#ifndef API_PAGES_OFFER_H
#define API_PAGES_OFFER_H

#include "api/call.h"
#include "model/share.h"

struct offer {
	enum share_target_type type; /* 0 until it is known */
	struct uuid *targets;
	struct share_item *items; /* NULL for a collection */
	size_t n;		  /* of targets and items; a collection: 1 */
	const char *name; /* of a single media or a collection; or NULL */
	unsigned may;	  /* the permissions that the caller can give */
	const struct http_pair *pairs; /* the query or form */
	size_t npairs;
};

/*
 * Reads and checks what the pairs name. ERR_INVALID: nothing is named;
 * ERR_NOT_FOUND, ERR_FORBIDDEN: the caller cannot see it. A collection is
 * opened only if `look` is set, since opening counts as a visit; otherwise
 * `name` and `may` are not set.
 */
enum err offer_read(struct call *c, const struct http_pair *pairs, size_t n,
    bool look, struct offer *ret) MUST_CHECK;

/* Appends the same fields as hidden inputs, for the next form. */
void offer_fields(struct buf *b, const struct offer *o);

/* Appends its name and thumbnails. */
void offer_show(struct call *c, struct buf *b, const struct offer *o);

#endif
