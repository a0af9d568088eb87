/* What a link opens. */
#ifndef CORE_SHARE_OPENING_H
#define CORE_SHARE_OPENING_H

#include "model/share.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct opening {
	struct share share;
	struct share_item *items;
	size_t nitems;
	uint64_t before;    /* of a collection: where the rest begins; 0: all */
	int64_t until;	    /* what it shows is signed until then; seconds */
	bool closed;	    /* the link is good, but nothing is shown */
	const char *cookie; /* to be set; NULL: none */
	int64_t cookie_age; /* seconds */
};

#endif
