/* Request and result of seed 000's share call. */
#ifndef CORE_COMMUNITY_REQUEST_H
#define CORE_COMMUNITY_REQUEST_H

#include "base/id.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum share_community {
	COMMUNITY_AS_IS, /* leave as it is */
	COMMUNITY_YES,
	COMMUNITY_NO,
};

struct share_request {
	enum share_community community;
	bool consent;
	size_t ntags;
	const char **tags; /* slugs */
};

struct share_result {
	struct uuid token; /* the share code */
	bool in_community;
	uint64_t community_id;	 /* if in_community */
	const char *object_name; /* if in_community: its name in general/ */
};

#endif
