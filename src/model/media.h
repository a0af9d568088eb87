/* A media file in a user's vault. */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/sec.h"
#include "model/words.h"

/* A file's type by its content, whatever its name says. */
enum media_type {
	MEDIA_UNKNOWN,
	MEDIA_JPEG,
	MEDIA_PNG,
	MEDIA_WEBP,
	MEDIA_GIF,
	MEDIA_MP4,
	MEDIA_MOV,
	MEDIA_WEBM,
	MEDIA__MAX
};

/* "image/jpeg", …; MEDIA_UNKNOWN: "application/octet-stream". */
const char *media_type_mime(enum media_type type);

/* The type with this MIME type, or MEDIA_UNKNOWN. */
enum media_type media_type_of_mime(const char *mime);

/* "jpg", …; MEDIA_UNKNOWN: "bin". */
const char *media_type_extension(enum media_type type);

/* JPEG, PNG, WebP or GIF. */
bool media_type_is_image(enum media_type type);

/* JPEG, PNG or WebP: the types that get a watermark (seed 000). */
bool media_type_is_watermarkable(enum media_type type);

/* Whether the vault lists files with this name (seed 001: jpg, jpeg, png, gif,
 * webp, mp4, mov, webm; any case). */
bool media_name_is_listed(const char *name);

/* "photo.jpg" for 1, "photo-2.jpg" for 2 and so on. The stem is cut between
 * characters where the name would exceed 255 bytes. */
const char *media_numbered_name(struct arena *a, const char *name,
    unsigned number);

/* The type by the name's extension, or MEDIA_UNKNOWN. */
enum media_type media_type_of_name(const char *name);

/* The number of bits in which two perceptual hashes differ: 0 to 64. */
unsigned perceptual_distance(uint64_t a, uint64_t b);

enum media_state {
	MEDIA_LIVE = 1,
	MEDIA_MISSING, /* its file is not there */
	MEDIA_TRASHED,
};

/* How far reading the file has come (seed 001). */
enum enrichment_state {
	ENRICHMENT_PENDING = 1,
	ENRICHMENT_PROCESSING,
	ENRICHMENT_COMPLETED,
	ENRICHMENT_FAILED,
};

extern const struct words media_states, enrichment_states;

/* Whether reading the file has ended, well or not. */
bool enrichment_has_ended(enum enrichment_state state);

struct media {
	uint64_t id;
	struct uuid uuid;
	uint64_t user_id;
	const char *source; /* the category: "upload" or another of [vault] */
	const char *path;   /* users/{id}/{Folder}/{file name} */
	const char *file_name;
	const char *original_name;
	const char *title;	    /* NULL: none */
	const char *caption;	    /* NULL: none */
	const char *subreddit;	    /* NULL: none */
	const char *character_name; /* NULL: none */
	const char *mime;
	enum media_state state;
	enum enrichment_state enrichment;
	const char *enrichment_error; /* NULL: none */
	int64_t size;
	int64_t mtime;		/* ns, of the file when last seen */
	uint32_t width, height; /* 0: not known yet */
	int64_t duration_ms;
	int64_t taken_at;
	int64_t enriched_at;
	int64_t created_at;
	bool is_shared;		 /* has a share code (seed 000) */
	struct uuid share_token; /* the share code, if is_shared */
	bool in_community;
};

#endif
