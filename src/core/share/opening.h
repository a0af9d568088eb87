/* The result of opening a link. */
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
	uint64_t before; /* of a collection: start of the next page; 0: none */
	int64_t until;	 /* its media's URLs expire then; seconds */
	bool closed;	 /* the link works, but shows nothing to this visitor */
	const char *cookie; /* to set; NULL: none */
	int64_t cookie_age; /* seconds */
};

#endif
