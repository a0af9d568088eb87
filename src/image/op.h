/*
 * The helper's own: one picture and what is asked of it. Nothing here is
 * linked into any other program.
 *
 * A function that fails has said why by op_fail() and friends and returns the
 * error. Memory is not given back: the process ends with its one picture.
 */
#ifndef IMAGE_OP_H
#define IMAGE_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "image/protocol.h"
#include "model/media.h"

struct slice {
	const unsigned char *p;
	size_t n;
};

/* What a picture's container tells before anything is decoded. */
struct picture {
	uint32_t width, height; /* as stored */
	unsigned orientation;	/* EXIF, 1 to 8 */
	bool animated;
	bool lossless;	   /* WebP: VP8L */
	unsigned quality;  /* WebP: as estimated, 0 to 100 */
	unsigned depth;	   /* PNG: bits of a sample */
	unsigned color;	   /* PNG: colour type */
	struct slice exif; /* the TIFF structure */
	struct slice xmp;
	struct slice iptc; /* IIM records */
	struct slice icc;  /* WebP; JPEG and PNG keep theirs elsewhere */
};

struct op {
	const struct image_request *req;
	struct image_reply *rep;
	struct slice in; /* the whole file; empty for a video */
	struct picture pic;
};

/* Sets the reply's text for the client, or for ERR_INTERNAL for the log. */
enum err op_fail(struct op *op, enum err e, const char *fmt, ...) PRINTF(3, 4);

/* op_fail() for want of memory: the picture is too large for its limit. */
enum err op_no_memory(struct op *op);

/* n bytes, not zeroed, or NULL after op_no_memory(). */
void *op_alloc(struct op *op, size_t n);

/* Whether the size is within the limits; ERR_INVALID for an empty one. */
enum err op_check_size(struct op *op, uint64_t width,
    uint64_t height) MUST_CHECK;

#endif
