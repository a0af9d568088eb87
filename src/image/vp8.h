/* The quality that a lossy WebP was written at. */
#ifndef IMAGE_VP8_H
#define IMAGE_VP8_H

#include "image/op.h"

/* 0 to 100, as cwebp and MagickWand count it, from the quantiser in the
 * header of a VP8 frame (RFC 6386, 9.3 to 9.6); 75 when it cannot be read. */
unsigned vp8_quality(struct slice frame);

#endif
