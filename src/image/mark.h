/* The watermark: scaled for a picture, turned as the picture is, and put on
 * a region of it. */
#ifndef IMAGE_MARK_H
#define IMAGE_MARK_H

#include "image/op.h"

struct mark {
	uint32_t x, y; /* its place in the picture as stored */
	uint32_t width, height;
	unsigned char *rgba; /* the opacity is in the alpha */
};

struct region {
	uint32_t x, y, width, height; /* within the picture as stored */
};

/* Reads the rendered mark of IMAGE_FD_MARK and fits it to the picture.
 * gray: for a picture without colours. */
enum err mark_fit(struct op *op, bool gray, struct mark *ret) MUST_CHECK;

/*
 * Composites the mark on the pixels of a region that it lies in. map is
 * MagickWand's word for a pixel's samples ("RGB", "RGBA"); depth is 8 or 16
 * (native). Where the mark is fully transparent no pixel changes.
 */
enum err mark_blend(struct op *op, const struct mark *m, const struct region *r,
    const char *map, unsigned depth, void *pixels) MUST_CHECK;

/* The same mark as a white shape: for the black of CMYK. */
void mark_whiten(struct mark *m);

#endif
