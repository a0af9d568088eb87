/* Shares by link, and what the community sees. */
#ifndef MODEL_SHARE_H
#define MODEL_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"

/* What a link opens: the share with the media that it shows. */
struct share_link {
	uint64_t id;
	struct uuid uuid;
	struct uuid token;
	uint64_t media_id;
	struct uuid media_uuid;
	uint32_t generation;
	int64_t created_at;
	const char *name;	/* title, else file name */
	const char *caption;	/* NULL: none */
	const char *path;
	const char *mime;
	int64_t size;
	int64_t mtime;
	uint32_t width, height;
	const char *shared_by;
};

/* The lock and the state of a media's community record. */
struct community_row {
	uint64_t id;
	uint64_t media_id;	/* 0: the original is gone */
	uint64_t user_id;
	const char *state;	/* making, ready or hidden */
	const char *object_name; /* NULL while making */
	const char *thumb_name;	/* NULL: none */
	bool held;		/* making, and its holder's time is not up */
};

/* One entry of the feed. */
struct community_item {
	uint64_t id;
	const char *object_name;
	const char *thumb_name;	/* NULL: none */
	const char *mime;
	uint32_t width, height;
	int64_t created_at;
	const char *shared_by;
	const char *tags;	/* slugs with commas, NULL: none */
};

struct tag {
	uint32_t id;
	const char *slug;
	const char *name;
};

#endif
