/* What somebody is about to share, or to put into a collection, as a query or
 * a form names it: media=, a media's id, as often as you like; collection=, a
 * collection's UUID; or share=, that of a share that is passed on. */
#ifndef API_PAGES_OFFER_H
#define API_PAGES_OFFER_H

#include "api/call.h"
#include "model/share.h"

struct offer {
	const char *type; /* media, set or collection */
	struct uuid *targets;
	struct share_item *items; /* NULL: a collection's are not looked at */
	size_t n;		  /* of both; a collection: 1 */
	const char *name;	  /* of one media or collection; NULL: none */
	unsigned may;		  /* the permissions that he holds */
	const struct http_pair *pairs; /* it was read from them */
	size_t npairs;
};

/* ERR_INVALID: nothing was named; ERR_NOT_FOUND, ERR_FORBIDDEN: he does not
 * see it. Unless he is to look at it, a collection is not opened, which would
 * count as a visit: its name is not known then, nor what he may. */
enum err offer_read(struct call *c, const struct http_pair *pairs, size_t n,
    bool look, struct offer *ret) MUST_CHECK;

/* The same fields again, for the form that follows. */
void offer_fields(struct buf *b, const struct offer *o);

/* Small pictures of what it is, and its name. */
void offer_show(struct call *c, struct buf *b, const struct offer *o);

#endif
