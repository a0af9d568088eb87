/* The watermark: scales it to a picture, rotates it by the picture's
 * orientation, and puts it on a region. */
#ifndef IMAGE_MARK_H
#define IMAGE_MARK_H

#include "image/op.h"

struct mark {
	uint32_t x, y; /* its position in the picture as stored */
	uint32_t width, height;
	unsigned char *rgba; /* with the opacity in the alpha */
};

struct region {
	uint32_t x, y, width, height; /* within the picture as stored */
};

/* Reads the rendered mark from IMAGE_FD_MARK and fits it to the picture. gray:
 * for a picture in shades of grey. */
enum err mark_fit(struct op *op, bool gray, struct mark *ret) MUST_CHECK;

/*
 * Composites the mark on the pixels of the region that contains it. map is
 * MagickWand's name for a pixel's samples ("RGB", "RGBA"); depth is 8 or 16
 * bits (native order). Pixels below fully transparent parts of the mark do not
 * change.
 */
enum err mark_blend(struct op *op, const struct mark *m, const struct region *r,
    const char *map, unsigned depth, void *pixels) MUST_CHECK;

/* Makes the mark a white shape, for the black channel of CMYK. */
void mark_whiten(struct mark *m);

#endif
