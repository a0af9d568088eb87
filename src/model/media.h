/* A media file in a user's vault. */
#ifndef MODEL_MEDIA_H
#define MODEL_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/sec.h"

/* What the bytes of a file are, not what its name says. */
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

/* The type of a MIME text, MEDIA_UNKNOWN for any other. */
enum media_type media_type_of_mime(const char *mime);

/* "jpg", …; MEDIA_UNKNOWN: "bin". */
const char *media_type_extension(enum media_type type);

/* JPEG, PNG, WebP or GIF. */
bool media_type_is_image(enum media_type type);

/* Those that the watermark goes on (seed 000): JPEG, PNG and WebP. */
bool media_type_is_watermarkable(enum media_type type);

/* Whether the vault lists a file of that name (seed 001: jpg, jpeg, png, gif,
 * webp, mp4, mov, webm; any case). */
bool media_name_is_listed(const char *name);

/* "photo.jpg" for 1, then "photo-2.jpg" and so on; the stem is cut between
 * characters to keep within 255 bytes. */
const char *media_numbered_name(struct arena *a, const char *name,
    unsigned number);

/* The type that a name's extension stands for. */
enum media_type media_type_of_name(const char *name);

/* How many of their bits two perceptual hashes differ in: 0 to 64. */
unsigned perceptual_distance(uint64_t a, uint64_t b);

struct media {
	uint64_t id;
	struct uuid uuid;
	uint64_t user_id;
	const char *source; /* the category, "upload" and so on */
	const char *path;   /* users/{id}/{Folder}/{file name} */
	const char *file_name;
	const char *original_name;
	const char *title;	    /* NULL: none */
	const char *caption;	    /* NULL: none */
	const char *subreddit;	    /* NULL: none */
	const char *character_name; /* NULL: none */
	const char *mime;
	const char *state;	/* live, missing, trashed */
	const char *enrichment; /* pending, processing, completed, failed */
	const char *enrichment_error; /* NULL: none */
	int64_t size;
	int64_t mtime;		/* ns, of the file as last seen */
	uint32_t width, height; /* 0: not known yet */
	int64_t duration_ms;
	int64_t taken_at;
	int64_t enriched_at;
	int64_t created_at;
	bool is_shared;		 /* by a share code (seed 000) */
	struct uuid share_token; /* the share code, if is_shared */
	bool in_community;
};

#endif
