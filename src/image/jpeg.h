/* JPEG by libjpeg: whole coefficient arrays, regions of them, pixels. */
#ifndef IMAGE_JPEG_H
#define IMAGE_JPEG_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "image/mark.h"
#include "image/op.h"
#include "image/out.h"

/* State of one run. All libjpeg objects use work->err as their error manager,
 * so an error of any of them ends the run. */
struct jpeg_work {
	struct jpeg_error_mgr err;
	jmp_buf jump;
	enum err failed;
	struct op *op;
	struct jpeg_progress_mgr progress;
};

/* Calls fn and turns libjpeg's errors into results. */
enum err jpeg_run(struct op *op, enum err (*fn)(struct jpeg_work *, void *),
    void *arg) MUST_CHECK;

/* Opens a decompressor for the bytes that fails for too many scans. */
void jpeg_open(struct jpeg_work *w, struct jpeg_decompress_struct *d,
    struct slice s);

/* Directs compressed data to o; check for errors with out_end(). */
void jpeg_to_out(j_compress_ptr c, struct out *o);

/* jpeg_region.c: puts the mark on the coefficient arrays. Make the plan between
 * jpeg_read_header() and jpeg_read_coefficients(): libjpeg needs to know all
 * arrays by then. */
struct jpeg_region {
	struct mark mark;
	struct region r;
	jvirt_barray_ptr arrays[MAX_COMPONENTS];
};

enum err jpeg_region_plan(struct jpeg_work *w, j_decompress_ptr d,
    struct jpeg_region *ret) MUST_CHECK;
enum err jpeg_region_mark(struct jpeg_work *w, j_decompress_ptr d,
    jvirt_barray_ptr *arrays, struct jpeg_region *jr) MUST_CHECK;

/* Writes the copy to be published, with or without the mark. */
enum err jpeg_publish(struct op *op, struct out *o) MUST_CHECK;

/* Decodes at the scale by eighths that leaves the longer side at least side
 * pixels. map is "RGB" or "CMYK"; icc is the profile, if any. */
struct jpeg_pixels {
	unsigned char *p;
	uint32_t width, height;
	const char *map;
	struct slice icc;
	unsigned side;
};
enum err jpeg_decode(struct op *op, struct jpeg_pixels *jp) MUST_CHECK;

/* Encodes RGB pixels, without any metadata. */
enum err jpeg_encode(struct op *op, const struct jpeg_pixels *jp,
    struct out *o) MUST_CHECK;

#endif
