/* Estimates the quality setting a lossy WebP was written with. */
#ifndef IMAGE_VP8_H
#define IMAGE_VP8_H

#include "image/op.h"

/* The quality from 0 to 100 as in cwebp and MagickWand, from the quantizer in
 * the header of a VP8 frame (RFC 6386, 9.3 to 9.6); 75 if it cannot be read. */
unsigned vp8_quality(struct slice frame);

#endif
