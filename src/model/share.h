/* Shares, what they show, and the community's feed. */
#ifndef MODEL_SHARE_H
#define MODEL_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "model/words.h"

/* What a share lets its recipient do. */
enum permission {
	CAN_VIEW = 1 << 0,
	CAN_DOWNLOAD = 1 << 1,
	CAN_EDIT = 1 << 2,
	CAN_RESHARE = 1 << 3,
	CAN_ALL = (1 << 4) - 1,
};

/* A share's state: the lowest of its own and its ancestors'. The numbers are
 * macros because statements contain them as text. */
#define SHARE_REVOKED_NUMBER 1
#define SHARE_EXPIRED_NUMBER 2
#define SHARE_EXHAUSTED_NUMBER 3
#define SHARE_ACTIVE_NUMBER 4

enum share_status {
	SHARE_REVOKED = SHARE_REVOKED_NUMBER,
	SHARE_EXPIRED = SHARE_EXPIRED_NUMBER,
	SHARE_EXHAUSTED = SHARE_EXHAUSTED_NUMBER,
	SHARE_ACTIVE = SHARE_ACTIVE_NUMBER,
};

/* "active", "expired", "exhausted" or "revoked" (seed 002). */
const char *share_status_name(enum share_status s);

/* The API that made a share. */
enum share_origin {
	ORIGIN_CODE = 1, /* seed 000 */
	ORIGIN_SHARE,	 /* seed 002 */
	ORIGIN_LINK,	 /* seed 003 */
	ORIGIN_ASSET,	 /* seed 004 */
};

enum recipient_type { RECIPIENT_LINK = 1, RECIPIENT_USER };

enum share_target_type { SHARE_MEDIA = 1, SHARE_SET, SHARE_COLLECTION };

extern const struct words share_origins, recipient_types, share_target_types;

#define SHARE_ITEMS_MOST 500 /* in a set */
#define SHARE_LINE_MOST 8    /* how many times a share can be reshared */

struct share {
	uint64_t id;
	struct uuid uuid;
	enum share_origin origin;
	uint64_t owner_id;
	struct uuid owner_uuid;
	const char *owner_name; /* the display name */
	enum share_target_type target_type;
	struct uuid target_uuid; /* nil: a set */
	const char *target_name; /* of a collection, else NULL */
	uint64_t collection_id;	 /* 0: none */
	enum recipient_type recipient_type;
	struct uuid recipient_uuid; /* nil: a link */
	const char *recipient_name; /* NULL: a link */
	struct uuid token;	    /* of a link; nil: none */
	uint64_t parent_id;    /* the share that this one reshares; 0: none */
	const char *name;      /* NULL: none */
	const char *note;      /* NULL: none */
	const char *file_name; /* NULL: none */
	bool can_view, can_download, can_edit, can_reshare;
	const char *password_hash; /* NULL: none */
	uint32_t generation;
	int64_t expires_at; /* CLOCK_NONE: never */
	uint64_t max_uses;  /* 0: no limit */
	uint64_t uses;
	uint32_t limits; /* the number of its ancestors with a limit */
	int64_t last_accessed;
	int64_t created_at, updated_at;
	uint32_t own_state;   /* an enum share_status */
	uint32_t chain_state; /* the lowest of its ancestors' */
	int64_t shown_until;  /* in seconds; when signed URLs made for shown_to
			       * expire (set by access.h) */
	uint64_t shown_to;    /* the account that views it; 0: none */
};

enum share_status share_status(const struct share *s);
unsigned share_permissions(const struct share *s);
bool share_is_link(const struct share *s);

/* Whether it or a share that it reshares has a limit. */
bool share_has_limit(const struct share *s);

/* Whether it can be viewed: it is active, or its limit is reached but the
 * visitor is within a visit that was counted. */
bool share_is_open(const struct share *s, bool visiting);

/* Its name, else its collection's; NULL: it has neither. */
const char *share_name(const struct share *s);

/* One media that a share or a collection shows. */
struct share_item {
	uint64_t media_id; /* 0: no row */
	struct uuid uuid;
	uint64_t owner_id;
	const char *title; /* NULL: none */
	const char *file_name;
	const char *caption; /* NULL: none */
	const char *path;
	const char *mime;
	int64_t size;
	int64_t mtime;
	uint32_t width, height; /* 0: not known yet */
};

/* The title, or the file name if there is none. */
const char *share_item_name(const struct share_item *i);

/* An account that a share is made to. */
struct share_recipient {
	uint64_t id;
	struct uuid uuid;
	const char *name;
};

/* One entry of a share's activity (seed 002). */
struct share_activity {
	uint64_t id;
	struct uuid uuid;
	struct uuid share_uuid;
	struct uuid actor_uuid; /* nil: an anonymous visitor */
	const char *actor_ip;	/* as [activity] address keeps it; NULL: none */
	const char *action;
	const char *details; /* NULL: none */
	int64_t created_at;
};

struct notification {
	uint64_t id;
	struct uuid uuid;
	const char *kind;
	bool is_read;
	int64_t created_at;
	/* Of the share. */
	struct uuid share_uuid;
	enum share_target_type target_type;
	const char *share_name; /* at that time: the share's own name, or its
				 * collection's or media's */
	struct uuid owner_uuid;
	const char *owner_name;
};

struct collection {
	uint64_t id;
	struct uuid uuid;
	uint64_t owner_id;
	struct uuid owner_uuid;
	const char *owner_name;
	const char *name;
	const char *description; /* NULL: none */
	uint64_t item_count;
	int64_t created_at, updated_at;
};

enum community_state {
	COMMUNITY_MAKING = 1,
	COMMUNITY_READY,
	COMMUNITY_HIDDEN, /* a moderator took it down */
};

extern const struct words community_states;

/* The lock and the state of a media's community record. */
struct community_row {
	uint64_t id;
	uint64_t media_id; /* 0: the original is gone */
	uint64_t user_id;
	enum community_state state;
	const char *object_name; /* NULL while making */
	const char *thumb_name;	 /* NULL: none */
	bool held;		 /* making, and the holder's lease is valid */
};

/* One entry of the feed. */
struct community_item {
	uint64_t id;
	const char *object_name;
	const char *thumb_name; /* NULL: none */
	const char *mime;
	uint32_t width, height;
	int64_t created_at;
	const char *shared_by;
	const char *tags; /* slugs with commas, NULL: none */
};

struct tag {
	uint32_t id;
	const char *slug;
	const char *name;
};

#endif
