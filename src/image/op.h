/*
 * The helper's state: one picture and one request. Only vitrine-image links
 * this.
 *
 * A function that fails reports the reason with op_fail() or one of its kind
 * and returns the error. Memory is not freed: the process ends after one
 * picture.
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

/* What a picture's headers say, before anything is decoded. */
struct picture {
	uint32_t width, height; /* as stored */
	unsigned orientation;	/* EXIF, 1 to 8 */
	bool animated;
	bool lossless;	   /* WebP: VP8L */
	unsigned quality;  /* WebP: estimated, 0 to 100 */
	unsigned depth;	   /* PNG: bits per sample */
	unsigned color;	   /* PNG: colour type */
	struct slice exif; /* the TIFF structure */
	struct slice xmp;
	struct slice iptc; /* IIM records */
	struct slice icc; /* WebP only; JPEG's and PNG's are copied elsewhere */
};

struct op {
	const struct image_request *req;
	struct image_reply *rep;
	struct slice in; /* the whole file, mapped; empty for a video */
	struct picture pic;
};

/* Sets the reply's text for the client, or with ERR_INTERNAL the one for the
 * log, and returns e. */
enum err op_fail(struct op *op, enum err e, const char *fmt, ...) PRINTF(3, 4);

/* op_fail() for a lack of memory: the picture is too large. */
enum err op_no_memory(struct op *op);

/* n bytes, not zeroed; NULL, after calling op_no_memory(), on failure. */
void *op_alloc(struct op *op, size_t n);

/* Checks the size against the limits; ERR_INVALID if it is empty. */
enum err op_check_size(struct op *op, uint64_t width,
    uint64_t height) MUST_CHECK;

#endif
